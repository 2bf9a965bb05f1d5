import { type CloudRoute, type Config, type Draft, type DraftInterface, PLACES } from "./draft.ts";

const PROJECT = "https://www.googleapis.com/compute/v1/projects/net-lab";
const global = (kind: string, name: string): string => `${PROJECT}/global/${kind}/${name}`;
const regional = (kind: string, name: string): string => `${PROJECT}/regions/europe-west1/${kind}/${name}`;
const zonal = (kind: string, name: string): string => `${PROJECT}/zones/europe-west1-b/${kind}/${name}`;
const network = (net: number): string => global("networks", `net-${net}`);
const subnetwork = (net: number): string => regional("subnetworks", `sub-${net}`);

/** What is not shown does not exist. */
const LISTS = [
  { kind: "compute#routeList", id: "projects/net-lab/global/routes" },
  { kind: "compute#subnetworkList", id: "projects/net-lab/aggregated/subnetworks" },
  { kind: "compute#routerList", id: "projects/net-lab/aggregated/routers" },
  { kind: "compute#firewallList", id: "projects/net-lab/global/firewalls" },
  { kind: "compute#addressList", id: "projects/net-lab/aggregated/addresses" },
  { kind: "compute#vpnTunnelList", id: "projects/net-lab/aggregated/vpnTunnels" },
  { kind: "networkconnectivity#policyBasedRouteList", id: "projects/net-lab/locations/global/policyBasedRoutes" },
];

/** A network of its own for each interface, as Google wants it. */
export function gcpConfig({ interfaces }: Draft): Config {
  const checks = interfaces.every(({ checksSource }) => checksSource);
  return [
    ...interfaces.flatMap((one, net) => networkConfig(one, net)),
    {
      kind: "compute#instance",
      name: "h",
      selfLink: zonal("instances", "h"),
      zone: `${PROJECT}/zones/europe-west1-b`,
      status: "RUNNING",
      canIpForward: !checks,
      networkInterfaces: interfaces.map((one, net) => interfaceOf(one, net)),
    },
    ...LISTS,
  ];
}

const interfaceOf = ({ addresses, publics: [own] }: DraftInterface, net: number) => ({
  name: `nic${net}`,
  network: network(net),
  subnetwork: subnetwork(net),
  networkIP: addresses[0],
  aliasIpRanges: addresses.slice(1).map((address) => ({ ipCidrRange: `${address}/32` })),
  ...(typeof own === "string" && {
    accessConfigs: [{ name: "external-nat", type: "ONE_TO_ONE_NAT", natIP: own, networkTier: "PREMIUM" }],
  }),
});

function networkConfig(one: DraftInterface, net: number): Config {
  const { publics, routes, gateway, denied } = one;
  const [own] = publics;
  return [
    { kind: "compute#network", name: `net-${net}`, selfLink: network(net), autoCreateSubnetworks: false },
    {
      kind: "compute#subnetwork",
      name: `sub-${net}`,
      selfLink: subnetwork(net),
      network: network(net),
      region: `${PROJECT}/regions/europe-west1`,
      ipCidrRange: PLACES[4].subnet(net),
      secondaryIpRanges: [],
    },
    ...routes.map((route, index) => routeOf(route, net, index)),
    forwarder(net),
    tunnel(net),
    ...(typeof own === "string" ? [addressOf(`own-${net}`, own)] : []),
    ...(denied === null ? [] : [firewall(denied, net)]),
    ...(gateway > 0 ? routerOf(one, net) : []),
  ];
}

const addressOf = (name: string, address: string) => ({
  kind: "compute#address",
  name,
  selfLink: regional("addresses", name),
  region: `${PROJECT}/regions/europe-west1`,
  address,
  addressType: "EXTERNAL",
  status: "IN_USE",
});

/** A VM with an external address that may forward what is not its own. */
const forwarder = (net: number) => ({
  kind: "compute#instance",
  name: `forwarder-${net}`,
  selfLink: zonal("instances", `forwarder-${net}`),
  zone: `${PROJECT}/zones/europe-west1-b`,
  status: "RUNNING",
  canIpForward: true,
  networkInterfaces: [
    {
      name: "nic0",
      network: network(net),
      subnetwork: subnetwork(net),
      networkIP: `10.${net}.0.90`,
      accessConfigs: [{ name: "external-nat", type: "ONE_TO_ONE_NAT", natIP: `192.0.2.${240 + net}` }],
    },
  ],
});

const tunnel = (net: number) => ({
  kind: "compute#vpnTunnel",
  name: `tunnel-${net}`,
  selfLink: regional("vpnTunnels", `tunnel-${net}`),
  region: `${PROJECT}/regions/europe-west1`,
  status: "ESTABLISHED",
  targetVpnGateway: regional("targetVpnGateways", `gw-${net}`),
});

function routeOf({ prefix, priority, target }: CloudRoute, net: number, index: number) {
  const hops = {
    internet: { nextHopGateway: global("gateways", "default-internet-gateway") },
    peering: { nextHopVpnTunnel: regional("vpnTunnels", `tunnel-${net}`) },
    appliance: { nextHopInstance: zonal("instances", `forwarder-${net}`) },
    dead: { nextHopIp: `10.${net}.0.80` },
  };
  const hop = target === "internet" || target === "peering" || target === "appliance" ? hops[target] : hops.dead;
  const name = `route-${net}-${index}`;
  return {
    kind: "compute#route",
    name,
    selfLink: global("routes", name),
    network: network(net),
    destRange: prefix,
    priority,
    ...hop,
  };
}

const firewall = ({ prefix, port }: NonNullable<DraftInterface["denied"]>, net: number) => ({
  kind: "compute#firewall",
  name: `deny-${net}`,
  selfLink: global("firewalls", `deny-${net}`),
  network: network(net),
  direction: "EGRESS",
  priority: 900,
  denied: ["tcp", "udp"].map((IPProtocol) => ({ IPProtocol, ports: [`${port}`] })),
  destinationRanges: [prefix],
});

function routerOf({ gateway, gatewayRules, gatewayTakes }: DraftInterface, net: number): Config {
  const names = Array.from({ length: gateway }, (_, index) => `nat-${net}-${index}`);
  const apart = gatewayRules.map((_, index) => `nat-rule-${net}-${index}`);
  const rules = gatewayRules.map((prefix, index) => ({
    ruleNumber: 100 + index,
    match: `inIpRange(destination.ip, '${prefix}')`,
    action: { sourceNatActiveIps: [regional("addresses", `nat-rule-${net}-${index}`)] },
  }));
  const taken = gatewayTakes === "all" ? "ALL_IP_RANGES" : "PRIMARY_IP_RANGE";
  return [
    ...names.map((name, index) => addressOf(name, `192.0.2.${100 + net * 10 + index}`)),
    ...apart.map((name, index) => addressOf(name, `192.0.2.${150 + net * 10 + index}`)),
    {
      kind: "compute#router",
      name: `router-${net}`,
      selfLink: regional("routers", `router-${net}`),
      network: network(net),
      region: `${PROJECT}/regions/europe-west1`,
      nats: [
        {
          name: `nat-${net}`,
          type: "PUBLIC",
          natIpAllocateOption: "MANUAL_ONLY",
          natIps: names.map((name) => regional("addresses", name)),
          sourceSubnetworkIpRangesToNat: "LIST_OF_SUBNETWORKS",
          subnetworks: [{ name: subnetwork(net), sourceIpRangesToNat: [taken] }],
          ...(rules.length > 0 && { rules }),
        },
      ],
    },
  ];
}
