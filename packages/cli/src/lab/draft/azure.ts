import { type CloudRoute, type Config, type Draft, type DraftInterface, PLACES } from "./draft.ts";

const GROUP = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-lab/providers";
const network = (kind: string, name: string): string => `${GROUP}/Microsoft.Network/${kind}/${name}`;
const subnetId = (name: string): string => `${network("virtualNetworks", "vnet-lab")}/subnets/${name}`;
const part = (of: string, kind: string, name: string) => ({ id: `${of}/${kind}/${name}`, name });
const FIREWALL = "10.9.0.4";

const resource = (kind: string, name: string, members: object) => ({
  type: `Microsoft.Network/${kind}`,
  id: network(kind, name),
  name,
  location: "westeurope",
  ...members,
});

const publicAddress = (name: string, ipAddress: string) =>
  resource("publicIPAddresses", name, {
    sku: { name: "Standard", tier: "Regional" },
    ipAddress,
    publicIPAllocationMethod: "Static",
    publicIPAddressVersion: "IPv4",
  });

const addressRef = (name: string) => ({ id: network("publicIPAddresses", name) });

/** One network: a subnet for each interface, and a firewall in its own. */
export function azureConfig({ interfaces, hasPeer }: Draft): Config {
  const { subnet } = PLACES[4];
  return [
    resource("virtualNetworks", "vnet-lab", {
      addressSpace: { addressPrefixes: [...interfaces.map((_, net) => subnet(net)), subnet(9)] },
    }),
    {
      type: "Microsoft.Compute/virtualMachines",
      id: `${GROUP}/Microsoft.Compute/virtualMachines/h`,
      name: "h",
      location: "westeurope",
      networkProfile: {
        networkInterfaces: interfaces.map((_, net) => ({
          id: network("networkInterfaces", `nic${net}`),
          primary: net === 0,
        })),
      },
    },
    ...(hasPeer ? [PEERING] : []),
    ...firewallConfig(),
    ...interfaces.flatMap((one, net) => interfaceConfig(one, net)),
  ];
}

const PEERING = {
  type: "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
  id: `${network("virtualNetworks", "vnet-lab")}/virtualNetworkPeerings/to-far`,
  name: "to-far",
  peeringState: "Connected",
  remoteVirtualNetwork: { id: network("virtualNetworks", "vnet-far") },
  remoteAddressSpace: { addressPrefixes: ["198.51.100.0/25"] },
  useRemoteGateways: false,
};

function firewallConfig(): Config {
  const policy = network("firewallPolicies", "fwp");
  const group = `${policy}/ruleCollectionGroups/g1`;
  const rule = {
    name: "all",
    ruleType: "NetworkRule",
    ipProtocols: ["Any"],
    sourceAddresses: ["*"],
    destinationAddresses: ["*"],
    destinationPorts: ["*"],
  };
  return [
    publicAddress("pip-fw1", "192.0.2.201"),
    publicAddress("pip-fw2", "192.0.2.202"),
    subnetOf("AzureFirewallSubnet", PLACES[4].subnet(9), {}),
    resource("azureFirewalls", "fw", {
      sku: { name: "AZFW_VNet", tier: "Standard" },
      ipConfigurations: [
        {
          name: "c1",
          privateIPAddress: FIREWALL,
          subnet: { id: subnetId("AzureFirewallSubnet") },
          publicIPAddress: addressRef("pip-fw1"),
        },
        { name: "c2", publicIPAddress: addressRef("pip-fw2") },
      ],
      firewallPolicy: { id: policy },
    }),
    resource("firewallPolicies", "fwp", { ruleCollectionGroups: [{ id: group }] }),
    {
      type: "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
      id: group,
      name: "g1",
      ruleCollections: [
        {
          name: "net",
          ruleCollectionType: "FirewallPolicyFilterRuleCollection",
          action: { type: "Allow" },
          rules: [rule],
        },
      ],
    },
  ];
}

const subnetOf = (name: string, addressPrefix: string, members: object) => ({
  type: "Microsoft.Network/virtualNetworks/subnets",
  id: subnetId(name),
  name,
  addressPrefix,
  ...members,
});

function interfaceConfig(one: DraftInterface, net: number): Config {
  const { addresses, publics, checksSource, routes, gateway, frontends, denied } = one;
  const nic = network("networkInterfaces", `nic${net}`);
  const pool = part(network("loadBalancers", `lb-${net}`), "backendAddressPools", "pool");
  const configurations = addresses.map((privateIPAddress, index) => ({
    ...part(nic, "ipConfigurations", `config${index}`),
    primary: index === 0,
    privateIPAddress,
    privateIPAddressVersion: "IPv4",
    privateIPAllocationMethod: "Static",
    subnet: { id: subnetId(`sn-${net}`) },
    publicIPAddress: (publics[index] ?? null) === null ? null : addressRef(`pip-${net}-${index}`),
    loadBalancerBackendAddressPools: frontends > 0 && index === 0 ? [{ id: pool.id }] : null,
  }));
  return [
    subnetOf(`sn-${net}`, PLACES[4].subnet(net), {
      defaultOutboundAccess: false,
      routeTable: { id: network("routeTables", `rt-${net}`) },
      ...(gateway > 0 && { natGateway: { id: network("natGateways", `nat-${net}`) } }),
    }),
    resource("routeTables", `rt-${net}`, {
      disableBgpRoutePropagation: false,
      routes: routes.map((route, index) => routeOf(route, net, index)),
    }),
    resource("networkInterfaces", `nic${net}`, {
      primary: net === 0,
      enableIPForwarding: !checksSource,
      virtualMachine: { id: `${GROUP}/Microsoft.Compute/virtualMachines/h` },
      defaultOutboundConnectivityEnabled: false,
      ipConfigurations: configurations,
      ...(denied !== null && { networkSecurityGroup: { id: network("networkSecurityGroups", `nsg-${net}`) } }),
    }),
    ...publics.flatMap((address, index) => (address === null ? [] : [publicAddress(`pip-${net}-${index}`, address)])),
    ...(denied === null ? [] : [securityGroup(denied, net)]),
    ...(gateway > 0 ? gatewayOf(gateway, net) : []),
    ...(frontends > 0 ? balancerOf(one, net, pool) : []),
  ];
}

const HOPS = {
  internet: { nextHopType: "Internet" },
  appliance: { nextHopType: "VirtualAppliance", nextHopIpAddress: FIREWALL },
  dead: { nextHopType: "None" },
} as const;

const routeOf = ({ prefix, target }: CloudRoute, net: number, index: number) => ({
  ...part(network("routeTables", `rt-${net}`), "routes", `route-${index}`),
  addressPrefix: prefix,
  ...(target === "internet" || target === "appliance" ? HOPS[target] : HOPS.dead),
});

function gatewayOf(count: number, net: number): Config {
  const names = Array.from({ length: count }, (_, index) => `pip-nat-${net}-${index}`);
  return [
    ...names.map((name, index) => publicAddress(name, `192.0.2.${100 + net * 10 + index}`)),
    resource("natGateways", `nat-${net}`, {
      sku: { name: "Standard" },
      publicIpAddresses: names.map(addressRef),
      publicIpPrefixes: [],
    }),
  ];
}

function balancerOf({ frontends, frontendProtocol }: DraftInterface, net: number, pool: { id: string }): Config {
  const id = network("loadBalancers", `lb-${net}`);
  const all = Array.from({ length: frontends }, (_, index) => ({
    ...part(id, "frontendIPConfigurations", `fe${index}`),
    publicIPAddress: addressRef(`pip-lb-${net}-${index}`),
  }));
  return [
    ...all.map((_, index) => publicAddress(`pip-lb-${net}-${index}`, `192.0.2.${150 + net * 10 + index}`)),
    resource("loadBalancers", `lb-${net}`, {
      sku: { name: "Standard", tier: "Regional" },
      frontendIPConfigurations: all,
      backendAddressPools: [pool],
      loadBalancingRules: [],
      outboundRules: [
        {
          ...part(id, "outboundRules", "out"),
          frontendIPConfigurations: all.map((one) => ({ id: one.id })),
          backendAddressPool: { id: pool.id },
          protocol: frontendProtocol,
        },
      ],
    }),
  ];
}

const securityGroup = ({ prefix, port }: NonNullable<DraftInterface["denied"]>, net: number) => {
  const id = network("networkSecurityGroups", `nsg-${net}`);
  return resource("networkSecurityGroups", `nsg-${net}`, {
    securityRules: [
      {
        ...part(id, "securityRules", "deny"),
        direction: "Outbound",
        access: "Deny",
        priority: 200,
        protocol: "*",
        sourceAddressPrefix: "*",
        sourcePortRange: "*",
        destinationAddressPrefix: prefix,
        destinationPortRange: `${port}`,
      },
    ],
    defaultSecurityRules: [],
  });
};
