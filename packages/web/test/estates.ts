/** Estates of any size in the shape of an export: machines behind a NAT gateway, or with addresses of their own. */
const API = "https://www.googleapis.com/compute/v1/projects/big";
const REGION = `${API}/regions/europe-west4`;

export interface Size {
  readonly vms: number;
  readonly networks?: number;
  readonly names?: readonly string[];
  /** Each has a public address of its own. */
  readonly external?: boolean;
}

export function estateOf({ vms, networks = 1, names = [], external = false }: Size): string {
  const parts = Array.from({ length: networks }, (_, index) => networkOf(index)).flat();
  for (let index = 0; index < vms; index += 1)
    parts.push(machine(index, index % networks, names[index] ?? `vm-${String(index).padStart(7, "0")}`, external));
  return `[\n${parts.map((part) => JSON.stringify(part)).join(",\n")}\n]\n`;
}

const networkOf = (n: number): object[] => [
  { kind: "compute#network", name: `n${n}`, selfLink: `${API}/global/networks/n${n}` },
  {
    kind: "compute#subnetwork",
    name: `s${n}`,
    selfLink: `${REGION}/subnetworks/s${n}`,
    network: `${API}/global/networks/n${n}`,
    region: REGION,
    ipCidrRange: "10.0.0.0/12",
    stackType: "IPV4_ONLY",
  },
  {
    kind: "compute#route",
    name: `default-${n}`,
    selfLink: `${API}/global/routes/default-${n}`,
    network: `${API}/global/networks/n${n}`,
    destRange: "0.0.0.0/0",
    priority: 1000,
    nextHopGateway: `${API}/global/gateways/default-internet-gateway`,
  },
  {
    kind: "compute#address",
    name: `a${n}`,
    selfLink: `${REGION}/addresses/a${n}`,
    region: REGION,
    address: `203.0.113.${n + 1}`,
    addressType: "EXTERNAL",
    status: "IN_USE",
  },
  {
    kind: "compute#router",
    name: `r${n}`,
    selfLink: `${REGION}/routers/r${n}`,
    network: `${API}/global/networks/n${n}`,
    region: REGION,
    nats: [
      {
        name: "nat",
        type: "PUBLIC",
        natIpAllocateOption: "MANUAL_ONLY",
        natIps: [`${REGION}/addresses/a${n}`],
        sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
      },
    ],
  },
];

function machine(index: number, network: number, name: string, external: boolean): object {
  return {
    kind: "compute#instance",
    id: String(index),
    name,
    selfLink: `${API}/zones/europe-west4-a/instances/${name}`,
    zone: `${API}/zones/europe-west4-a`,
    status: "RUNNING",
    canIpForward: false,
    networkInterfaces: [
      {
        name: "nic0",
        network: `${API}/global/networks/n${network}`,
        subnetwork: `${REGION}/subnetworks/s${network}`,
        networkIP: `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`,
        stackType: "IPV4_ONLY",
        ...(external
          ? { accessConfigs: [{ type: "ONE_TO_ONE_NAT", natIP: `198.18.${index >> 8}.${index & 255}` }] }
          : {}),
      },
    ],
  };
}
