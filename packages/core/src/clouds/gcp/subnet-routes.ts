import {
  type Cidr,
  cidrCovers,
  cidrs,
  familyOfCidr,
  hostCidr,
  parseCidr,
  RFC1918,
  RFC6598,
  UNIQUE_LOCAL,
} from "../../address/cidr.ts";
import { parseIp } from "../../address/ip.ts";
import type { Gap, NextHop, Offer, Route, RouteStage } from "../../model/egress.ts";
import type { Rule } from "../../model/rule.ts";
import type { Origin, Text } from "../../problem.ts";
import { assumed, stepOf, unknown } from "./alternatives.ts";
import { askSubnets } from "./asks.ts";
import { type Facts, ipv4RangesOf, networkPath, type Subnet } from "./facts.ts";
import { nameOf, projectOf, UNKNOWN_PROJECT } from "./links.ts";
import { type ActivePeering, exchangesIpv6, importedPeeringRoutes, peeringsOf } from "./peerings.ts";
import { commonOf } from "./read/found.ts";
import type { RawRoute } from "./read/raw.ts";
import { nccSpokes, sameNetworkAndPeers } from "./rules/keep.ts";
import { privateNatNotInside } from "./rules/nat.ts";
import { hybridSubnetHandsOn, peeringCustomRoutes, peeringStackType, subnetRoutesWin } from "./rules/routing.ts";

const ALWAYS = { kind: "yes" } as const;

/** Inside a network nothing is decided by preference: ranges of subnets do not overlap. */
const routeTo = (
  prefix: Cidr,
  hop: NextHop,
  name: string,
  rule: Rule,
  resource: string | null,
  origin: Origin | null,
): Route => ({
  prefix,
  hop,
  preference: [],
  usable: ALWAYS,
  name,
  resource,
  rule,
  origin,
});

const localHop = (text: Text, resource: string | null): NextHop => ({
  kind: "local",
  text,
  rule: sameNetworkAndPeers,
  resource,
});

/** What forwarding rules show; read by code that is loaded only when some were given. */
export interface Endpoints {
  endpoints(network: string, region: string | null): readonly Route[];
  endpointsOfPeer(peer: string): readonly Route[];
}

/** Destinations inside the network, its peers and the other spokes of its hubs. No custom route can take them. */
export function subnetStage(
  facts: Facts,
  { network, region }: { readonly network: string; readonly region: string | null },
  endpoints: Endpoints,
  hubOffers: (hub: string) => readonly Offer[],
): RouteStage {
  const routes = [
    ...(facts.subnets.get(network) ?? []).flatMap((subnet) => ownSubnet(facts, subnet)),
    ...endpoints.endpoints(network, region),
  ];
  const taken = new Set(routes.map(({ prefix }) => prefix));
  const add = (more: readonly Route[]): void => {
    for (const route of more) {
      if (taken.has(route.prefix)) continue;
      taken.add(route.prefix);
      routes.push(route);
    }
  };
  add(listedSubnetRoutes(facts, network, hubOffers));
  for (const peering of peeringsOf(facts, network)) {
    add(endpoints.endpointsOfPeer(peering.peer));
    add(peerSubnets(facts, peering));
  }
  add(
    importedPeeringRoutes(facts, network, "SUBNET_PEERING_ROUTE").flatMap(({ prefix, origin }) => [
      peerRoute(prefix, "peer", origin),
    ]),
  );
  return {
    kind: "longest-prefix",
    routes,
    orders: [[]],
    ties: { kind: "together", rule: subnetRoutesWin },
    gaps: [...subnetGaps(facts, network), ...peeringsOf(facts, network).flatMap((one) => peerIpv6Gaps(facts, one))],
  };
}

function ownSubnet(facts: Facts, subnet: Subnet): readonly Route[] {
  const { path, name, origin } = subnet;
  const ranges = [...ipv4RangesOf(subnet), ...subnet.v6];
  if (subnet.purpose === "PRIVATE_NAT") {
    const text = {
      en: `the range of Private NAT ${name}, where nothing answers`,
      zh: `专用 NAT 范围 ${name}，其中没有应答者`,
    };
    const hop: NextHop = { kind: "drop", text, rule: privateNatNotInside };
    return ranges.map((prefix) => routeTo(prefix, hop, name, privateNatNotInside, path, origin));
  }
  const local = localHop({ en: `subnet ${name}`, zh: `子网 ${name}` }, path);
  if (!subnet.hybrid) return ranges.map((prefix) => routeTo(prefix, local, name, subnetRoutesWin, path, origin));
  const text = { en: `hybrid subnet ${name}, which hands it on`, zh: `混合子网 ${name}，交由后续路由处理` };
  return [
    ...ranges.map((prefix) => routeTo(prefix, { kind: "next-stage", text }, name, hybridSubnetHandsOn, path, origin)),
    ...resourcesIn(facts, subnet).map((prefix) => routeTo(prefix, local, name, hybridSubnetHandsOn, path, origin)),
  ];
}

/** A hybrid subnet keeps only what one of its resources has. */
function resourcesIn(facts: Facts, subnet: Subnet): readonly Cidr[] {
  const ranges = ipv4RangesOf(subnet);
  const inside = (cidr: Cidr): boolean => ranges.some((range) => cidrCovers(range, cidr));
  const own = facts.nics
    .filter((nic) => nic.subnet === subnet.path)
    .flatMap((nic) => [
      ...(nic.primary === null ? [] : [hostCidr(nic.primary)]),
      ...nic.aliases.map(({ cidr }) => cidr),
    ]);
  const listeners = facts.exported.forwardingRules.flatMap(({ value, project }) => {
    const ip = parseIp(value.IPAddress ?? value.ipAddress ?? "");
    return ip !== undefined && networkPath(value.network, project) === subnet.network ? [hostCidr(ip)] : [];
  });
  return [...new Set([...own, ...listeners])].filter((cidr) => inside(cidr) && !ranges.includes(cidr));
}

/** `routes list` also shows the subnets of the network, of its peers and of the spokes of its hubs. */
function listedSubnetRoutes(
  facts: Facts,
  network: string,
  hubOffers: (hub: string) => readonly Offer[],
): readonly Route[] {
  const listed = (facts.routes.get(network) ?? []).filter((found) => leadsInside(commonOf(found)));
  return listed.flatMap(({ value, name, path, origin }) => {
    const prefix = parseCidr(value.destRange ?? "", true);
    if (prefix === undefined) return [];
    if (value.nextHopPeering) return [peerRoute(prefix, nameOf(value.nextHopPeering), origin)];
    if (value.nextHopHub && value.routeType !== "BGP")
      return [routeTo(prefix, hubHop(value.nextHopHub, hubOffers), name, nccSpokes, value.nextHopHub, origin)];
    if (!value.nextHopNetwork) return [];
    const hop = localHop({ en: "the network's own subnet", zh: "本网络的子网" }, path);
    return [routeTo(prefix, hop, name, subnetRoutesWin, path, origin)];
  });
}

const leadsInside = ({ nextHopPeering, nextHopHub, nextHopNetwork }: RawRoute): boolean =>
  Boolean(nextHopPeering) || Boolean(nextHopHub) || Boolean(nextHopNetwork);

const hubHop = (hub: string, hubOffers: (hub: string) => readonly Offer[]): NextHop => ({
  kind: "link",
  link: {
    name: nameOf(hub),
    resource: hub,
    text: { en: `another spoke of hub ${nameOf(hub)}`, zh: `NCC 中心 ${nameOf(hub)} 的另一分支` },
    keeps: nccSpokes,
    offers: hubOffers(hub),
    beyond: [],
  },
});

const peerRoute = (prefix: Cidr, peering: string, origin: Origin | null): Route =>
  routeTo(
    prefix,
    localHop({ en: `the peered network (${peering})`, zh: `对等网络（${peering}）` }, null),
    `${peering} ${prefix}`,
    peeringCustomRoutes,
    null,
    origin,
  );

/** Private ranges that hardly anything but a subnet uses. */
const INSIDE_RANGES = [...RFC1918, ...RFC6598, ...cidrs("240.0.0.0/4", "198.18.0.0/15"), ...UNIQUE_LOCAL];

/** What Google Cloud counts as private for subnets: https://docs.cloud.google.com/vpc/docs/subnets#valid-ranges */
const PRIVATE_SUBNET_RANGES = [
  ...INSIDE_RANGES,
  ...cidrs("192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.51.100.0/24", "203.0.113.0/24"),
];

/** Private ranges are always exchanged; public ones only if this side imports and the other exports them. */
function peerRanges(facts: Facts, { peering, peer, back }: ActivePeering): readonly PeerRange[] {
  const publicToo = peering.importSubnetRoutesWithPublicIp === true && back?.exportSubnetRoutesWithPublicIp !== false;
  const isPrivateRange = (cidr: Cidr): boolean => PRIVATE_SUBNET_RANGES.some((range) => cidrCovers(range, cidr));
  return (facts.subnets.get(peer) ?? [])
    .filter(({ purpose }) => purpose !== "PRIVATE_NAT")
    .flatMap((subnet) =>
      [...ipv4RangesOf(subnet), ...subnet.v6]
        .filter((cidr) => publicToo || isPrivateRange(cidr))
        .map((cidr) => ({ cidr, origin: subnet.origin })),
    );
}

interface PeerRange {
  readonly cidr: Cidr;
  readonly origin: Origin;
}

const peerSubnets = (facts: Facts, active: ActivePeering): readonly Route[] =>
  peerRanges(facts, active)
    .filter(({ cidr }) => familyOfCidr(cidr) === 4 || exchangesIpv6(active) === true)
    .map(({ cidr, origin }) => peerRoute(cidr, peeringName(active), origin));

const peeringName = ({ peering, peer }: ActivePeering): string => peering.name ?? nameOf(peer);

/** The API's default is IPv4 alone, but an export that shows no stack type may only leave it out. */
function peerIpv6Gaps(facts: Facts, active: ActivePeering): readonly Gap[] {
  const destinations = peerRanges(facts, active).flatMap(({ cidr }) => (familyOfCidr(cidr) === 6 ? [cidr] : []));
  if (destinations.length === 0 || exchangesIpv6(active) !== null) return [];
  const name = peeringName(active);
  const step = stepOf(peeringStackType, {
    en: `the export does not show whether peering ${name} exchanges IPv6 ranges`,
    zh: `导出未说明对等连接 ${name} 是否交换 IPv6 地址段`,
  });
  const carries = assumed(
    "open",
    `peering-ipv6:${name}`,
    `peering ${name} exchanges IPv6 ranges`,
    `对等连接 ${name} 交换 IPv6 地址段`,
  );
  return [
    {
      destinations,
      harmless: assumed(
        "open",
        `peering-ipv4-only:${name}`,
        `peering ${name} exchanges IPv4 ranges alone`,
        `对等连接 ${name} 只交换 IPv4 地址段`,
      ),
      otherwise: [unknown(step, carries)],
    },
  ];
}

/** Without the subnets nobody can say which private destinations are inside. */
function subnetGaps(facts: Facts, network: string): readonly Gap[] {
  const project = projectOf(network) ?? UNKNOWN_PROJECT;
  const { coverage } = facts.exported;
  const listed = (facts.routes.get(network) ?? []).some((found) => commonOf(found).nextHopNetwork);
  const known =
    (coverage.seen(project, "subnetwork") === "whole" && !facts.lacksSubnets.has(network)) ||
    (listed && coverage.seen(project, "route") === "whole");
  if (known) return [];
  const ask = askSubnets(project);
  const missing = assumed(
    "open",
    `subnets-missing:${nameOf(network)}`,
    `a subnet of ${nameOf(network)} that the export does not show holds the destination`,
    `导出中未出现的 ${nameOf(network)} 的某个子网包含该目的地`,
    ask,
  );
  const step = stepOf(subnetRoutesWin, {
    en: `the subnets of ${nameOf(network)} are not in the export`,
    zh: `导出中没有 ${nameOf(network)} 的子网`,
  });
  return [
    {
      destinations: INSIDE_RANGES,
      harmless: assumed(
        "open",
        `not-in-a-missing-subnet:${nameOf(network)}`,
        `the destination is in no other subnet of ${nameOf(network)}`,
        `目的地不在 ${nameOf(network)} 的其他子网中`,
        ask,
      ),
      otherwise: [unknown(step, missing)],
    },
  ];
}
