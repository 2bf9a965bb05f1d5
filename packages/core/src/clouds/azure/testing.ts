import type { ConfigDocument } from "../document.ts";

// Small exports for the tests of this folder, in the shape of `az … -o json`.

const group = "/subscriptions/s/resourceGroups/rg/providers";
export const idOf = (type: string, name: string): string => `${group}/Microsoft.${type}/${name}`;
export const refTo = (type: string, name: string) => ({ id: idOf(type, name) });

export const documentOf = (value: unknown, file = "export.json", line: number | null = 1): ConfigDocument => ({
  origin: { file, line },
  value,
  linesOf: (key) => {
    const list = (value as Record<string, unknown> | null)?.[key];
    return Array.isArray(list) ? list.map((_, index) => 10 + index) : [];
  },
});

export const resource = <T extends object>(type: string, name: string, members: T) => ({
  id: idOf(type, name),
  name: name.split("/").at(-1),
  type: `Microsoft.${type}`,
  ...members,
});

export const network = (name: string, prefix: string, members: object = {}) =>
  resource("Network/virtualNetworks", name, {
    location: "westeurope",
    addressSpace: { addressPrefixes: [prefix] },
    ...members,
  });

export const subnet = (path: string, prefix: string, members: object = {}) => {
  const [vnet, name] = path.split("/");
  const id = `${idOf("Network/virtualNetworks", vnet ?? "")}/subnets/${name}`;
  return { id, name, addressPrefix: prefix, ...members };
};

export const nic = (name: string, address: string, path: string, members: object = {}, configuration: object = {}) => {
  const [vnet, subnetName] = path.split("/");
  return resource("Network/networkInterfaces", name, {
    location: "westeurope",
    primary: true,
    virtualMachine: refTo("Compute/virtualMachines", "vm1"),
    ipConfigurations: [
      {
        name: "ipconfig1",
        primary: true,
        privateIPAddress: address,
        subnet: { id: `${idOf("Network/virtualNetworks", vnet ?? "")}/subnets/${subnetName}` },
        ...configuration,
      },
    ],
    ...members,
  });
};

export const route = (
  prefix: string,
  nextHopType: string,
  source = "Default",
  state = "Active",
  hops: string[] = [],
) => ({
  addressPrefix: [prefix],
  nextHopType,
  nextHopIpAddress: hops,
  source,
  state,
});
