import { type Cidr, cidrCovers, EVERY_IPV4, EVERY_IPV6, hostCidr, lengthOf } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { Gap, NextHop, Route, RouteTable } from "../../../model/egress.ts";
import type { Rule } from "../../../model/rule.ts";
import type { Peering, Resource, Subnet, UserRoute, VirtualNetwork } from "../read/resource.ts";
import { type Key, keyOf, nameOf, parentOf } from "../read/resource-id.ts";
import { missingIsUnknown, severalNextHops } from "../rules/export.ts";
import {
  internetHop,
  peeringKeepsSource,
  privateEndpoint,
  routeOrder,
  serviceEndpoint,
  serviceTagRoutes,
  subnetPeering,
  systemRoutes,
  userRoutes,
} from "../rules/routing.ts";
import { applianceHopTo } from "./appliance.ts";
import { askFor, lookAtDestination, notExported } from "./ask.ts";
import { connectionsOf, gatewayHops, gatewaysOf, hopBy, prefixesBehind } from "./gateway.ts";
import { platformStage } from "./platform.ts";
import { endpointHops, hiddenEndpointGaps } from "./private-endpoint.ts";
import { coveredBy, DROPPED, PRIVATE_DESTINATIONS } from "./ranges.ts";
import { endpointGap, learnedRouteGaps, tagGap } from "./route-gaps.ts";
import { open, say, step, unknown } from "./say.ts";
import { prefixesOfEndpoint, prefixesOfTag } from "./service-tags.ts";
import { placeOf, type World } from "./world.ts";

// Ranks by https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview: user-defined, BGP, system.
const USER = 0;
const LEARNED = 1;
const SYSTEM = 2;

/** The routes of a subnet as configuration gives them, for NICs whose effective routes were not exported. */
export function computedTable(world: World, subnetId: string): RouteTable {
  const { subnet, network } = placeOf(world, subnetId);
  if (subnet === undefined) return unknownTable(subnetId, subnetId);
  const { routeTable } = subnet;
  if (routeTable !== null && !world.all.routeTables.has(keyOf(routeTable))) return unknownTable(subnetId, routeTable);
  const user = userRoutesOf(world, subnet);
  const { system, inside } = systemRoutesOf(world, subnet, network, user.routes);
  const propagates = routeTable === null || world.all.routeTables.get(keyOf(routeTable))?.propagates !== false;
  const learned = propagates ? learnedRoutes(world, subnet, inside) : [];
  const gaps = [
    ...user.gaps,
    ...endpointGaps(world, subnet, network),
    ...hiddenEndpointGaps(world, [
      subnet.network,
      ...peeringsOfSubnet(world, subnet).flatMap(({ remote }) => (remote === null ? [] : [keyOf(remote)])),
    ]),
    ...(propagates ? learnedRouteGaps(world, subnet, inside) : []),
  ];
  return tableOf(`azure/routes/${subnet.key}`, [...user.routes, ...learned, ...system], gaps);
}

export const tableOf = (id: string, routes: readonly Route[], gaps: readonly Gap[]): RouteTable => ({
  id,
  stages: [
    platformStage,
    {
      kind: "longest-prefix",
      routes,
      orders: [
        [
          { position: 0, rule: routeOrder },
          { position: 1, rule: serviceTagRoutes },
        ],
      ],
      ties: { kind: "together", rule: severalNextHops },
      gaps,
    },
  ],
  none: step(systemRoutes, null, "no route holds the destination", "没有路由包含该目的地址"),
});

/** The subnet or its route table is not in the export: every destination is in doubt (T-60). */
export function unknownTable(subnetId: string, missing: string): RouteTable {
  const hop = unknownHop(missing, `${nameOf(missing)} is not in the export`, `${nameOf(missing)} 不在导出中`);
  const at = { id: missing, name: nameOf(missing) };
  const routes = [EVERY_IPV4, EVERY_IPV6].map((prefix) =>
    routeOf(prefix, hop, [SYSTEM, 0], nameOf(missing), missingIsUnknown, at),
  );
  return tableOf(`azure/routes/${keyOf(subnetId)}`, routes, []);
}

export const unknownHop = (missing: string, en: string, zh: string): NextHop => ({
  kind: "alternatives",
  text: say(`something unknown: ${en}`, `未知：${zh}`),
  alternatives: [
    unknown([step(missingIsUnknown, { id: missing, name: nameOf(missing) }, en, zh)], [notExported(missing)]),
  ],
});

export const routeOf = (
  prefix: Cidr,
  hop: NextHop,
  preference: readonly number[],
  name: string,
  rule: Rule,
  at: { readonly id: string; readonly origin?: Resource["origin"] } | null,
): Route => ({
  prefix,
  hop,
  preference,
  usable: { kind: "yes" },
  name,
  resource: at?.id ?? null,
  rule,
  origin: at?.origin ?? null,
});

export const INTERNET: NextHop = { kind: "internet", text: say("the internet", "互联网") };

export const localHop = (rule: Rule, resource: string | null, en: string, zh: string): NextHop => ({
  kind: "local",
  rule,
  resource,
  text: say(en, zh),
});

export const dropHop = (rule: Rule): NextHop => ({
  kind: "drop",
  rule,
  text: say("nowhere: next hop None drops it", "无处：下一跳为 None，被丢弃"),
});

function userRoutesOf(
  world: World,
  subnet: Subnet,
): { readonly routes: readonly Route[]; readonly gaps: readonly Gap[] } {
  const all = subnet.routeTable === null ? [] : (world.routesOf.get(keyOf(subnet.routeTable)) ?? []);
  const routes: Route[] = [];
  const gaps: Gap[] = [];
  for (const one of all) {
    const prefixes = one.prefix === null ? prefixesOfTag(world, one.tag ?? "") : [one.prefix];
    if (prefixes === undefined) gaps.push(tagGap(one, placeOf(world, subnet.id).network?.location ?? null));
    for (const prefix of prefixes ?? [])
      for (const hop of hopsOfUser(world, subnet, one, prefix))
        routes.push(
          routeOf(
            prefix,
            hop,
            [USER, tagRank(one.tag)],
            one.name,
            one.tag === null ? userRoutes : serviceTagRoutes,
            one,
          ),
        );
  }
  return { routes, gaps };
}

/** An explicit prefix, then a regional service, a service, a regional AzureCloud, AzureCloud. */
function tagRank(tag: string | null): number {
  if (tag === null) return 0;
  const isCloud = /^azurecloud/i.test(tag);
  return (isCloud ? 3 : 1) + (tag.includes(".") ? 0 : 1);
}

function hopsOfUser(world: World, subnet: Subnet, one: UserRoute, prefix: Cidr): readonly NextHop[] {
  switch (one.hopType) {
    case "internet":
      return [INTERNET];
    case "none":
      return [dropHop(userRoutes)];
    case "vnetlocal":
    case "virtualnetwork":
      return [localHop(userRoutes, subnet.network, "the virtual network", "虚拟网络")];
    case "virtualnetworkgateway":
      return gatewayHops(world, subnet.network, prefix);
    case "virtualappliance":
    case "virtualapplianceecmp":
      return [
        one.hopAddresses.length === 0 ? unknownType(one) : applianceHopTo(world, subnet.network, one.hopAddresses),
      ];
    default:
      return [unknownType(one)];
  }
}

const unknownType = (one: UserRoute): NextHop => unknownNextHop(one.name, one.hopType);

/** Newer next hop types than the documentation read here; never an answer. */
export function unknownNextHop(name: string, hopType: string): NextHop {
  const en = `the next hop type ${hopType || "(none)"} of ${name} is not known here`;
  const zh = `${name} 的下一跳类型 ${hopType || "（无）"} 未知`;
  const assumed = open(`unknown-next-hop:${name}`, say(en, zh), lookAtDestination);
  return {
    kind: "alternatives",
    text: say(`a next hop of unknown type ${hopType}`, `未知类型 ${hopType} 的下一跳`),
    alternatives: [unknown([step(userRoutes, null, en, zh)], [assumed])],
  };
}

function systemRoutesOf(world: World, subnet: Subnet, network: VirtualNetwork | undefined, user: readonly Route[]) {
  const own = network?.prefixes ?? subnet.prefixes;
  const local = own.map((prefix) =>
    routeOf(
      prefix,
      localHop(systemRoutes, subnet.network, "the virtual network", "虚拟网络"),
      [SYSTEM, 0],
      "VnetLocal",
      systemRoutes,
      network ?? subnet,
    ),
  );
  const peered = peeringRoutes(world, subnet);
  const endpoints = endpointRoutes(world, subnet, network);
  const inside = [...own, ...peered.map(({ prefix }) => prefix), ...endpoints.map(({ prefix }) => prefix)];
  const ends = privateEndpointRoutes(world, subnet, own, user);
  const defaults = [EVERY_IPV4, EVERY_IPV6].map((prefix) =>
    routeOf(prefix, INTERNET, [SYSTEM, 0], "system default", internetHop, null),
  );
  const system = [...local, ...peered, ...endpoints, ...ends, ...defaults, ...privateRanges(network, subnet, user)];
  return { system, inside };
}

/** Private ranges that nobody uses are dropped, unless another default route takes them along. */
function privateRanges(network: VirtualNetwork | undefined, subnet: Subnet, user: readonly Route[]): readonly Route[] {
  if (network === undefined) {
    const missing = parentOf(subnet.id);
    const hop = unknownHop(
      missing,
      `${nameOf(missing)} is not in the export, so what else is inside is not known`,
      `${nameOf(missing)} 不在导出中，不知道内部还有哪些网段`,
    );
    return PRIVATE_DESTINATIONS.map((prefix) =>
      routeOf(prefix, hop, [SYSTEM, 0], nameOf(missing), missingIsUnknown, { id: missing }),
    );
  }
  const overridden = user.some(
    ({ prefix, hop }) => lengthOf(prefix) === 0 && hop.kind !== "internet" && hop.kind !== "drop",
  );
  if (overridden) return [];
  return DROPPED.map((prefix) =>
    routeOf(prefix, dropHop(systemRoutes), [SYSTEM, 0], `system ${prefix}`, systemRoutes, null),
  );
}

/** The peerings that this subnet has part in: all of its network, but those between chosen subnets only where named. */
const peeringsOfSubnet = (world: World, subnet: Subnet): readonly Peering[] =>
  (world.peeringsOf.get(subnet.network) ?? [])
    .filter(({ connected, remote }) => connected && (remote === null || keyOf(remote) !== subnet.network))
    .filter(({ bySubnet }) => bySubnet?.localSubnets?.includes(nameOf(subnet.key)) !== false);

function peeringRoutes(world: World, subnet: Subnet): readonly Route[] {
  return peeringsOfSubnet(world, subnet).flatMap((peering) => {
    const remote = peering.remote === null ? undefined : world.all.networks.get(keyOf(peering.remote));
    const prefixes = peering.remotePrefixes.length > 0 ? peering.remotePrefixes : (remote?.prefixes ?? []);
    const { bySubnet } = peering;
    const rule = bySubnet === null ? peeringKeepsSource : subnetPeering;
    const hop =
      bySubnet === null || (bySubnet.localSubnets !== null && bySubnet.remoteKnown)
        ? localHop(rule, peering.id, `the peering ${peering.name}`, `对等互连 ${peering.name}`)
        : unknownSubnets(peering);
    return prefixes.map((prefix) => routeOf(prefix, hop, [SYSTEM, 0], peering.name, rule, peering));
  });
}

/** Chosen subnets are peered, and the export does not say which. */
function unknownSubnets(peering: Peering): NextHop {
  const en = `which subnets the peering ${peering.name} connects is not in the export`;
  const zh = `导出未说明对等互连 ${peering.name} 连接哪些子网`;
  const ask = askFor(peering.id, say("which subnets it connects", "它连接哪些子网"));
  return {
    kind: "alternatives",
    text: say(`something unknown: ${en}`, `未知：${zh}`),
    alternatives: [
      unknown([step(subnetPeering, peering, en, zh)], [open(`subnets-of-peering:${peering.name}`, say(en, zh), ask)]),
    ],
  };
}

function endpointRoutes(world: World, subnet: Subnet, network: VirtualNetwork | undefined): readonly Route[] {
  return subnet.serviceEndpoints.flatMap(({ service, locations }) => {
    const hop = localHop(serviceEndpoint, subnet.id, `the service endpoint for ${service}`, `${service} 的服务终结点`);
    const prefixes = prefixesOfEndpoint(world, service, locations, network?.location ?? null) ?? [];
    return prefixes.map((prefix) => routeOf(prefix, hop, [SYSTEM, 0], service, serviceEndpoint, subnet));
  });
}

const endpointGaps = (world: World, subnet: Subnet, network: VirtualNetwork | undefined): readonly Gap[] =>
  subnet.serviceEndpoints.flatMap(({ service, locations }) =>
    prefixesOfEndpoint(world, service, locations, network?.location ?? null) === undefined
      ? [endpointGap(subnet, service, network?.location ?? null)]
      : [],
  );

/** Private endpoints of the network and its direct peers, as far as the export shows them. */
function privateEndpointRoutes(
  world: World,
  subnet: Subnet,
  own: readonly Cidr[],
  user: readonly Route[],
): readonly Route[] {
  const peerings = peeringsOfSubnet(world, subnet);
  const reaches = (network: Key, address: Ip): boolean =>
    network === subnet.network ||
    peerings.some(
      ({ remote, bySubnet, remotePrefixes }) =>
        remote !== null &&
        keyOf(remote) === network &&
        (bySubnet === null || coveredBy(remotePrefixes, hostCidr(address))),
    );
  return world.privateEndpoints
    .filter(({ subnetId, address }) => reaches(parentOf(keyOf(subnetId)), address))
    .filter(({ address, subnetId }) => !overriddenByUser(world, address, subnetId, own, user))
    .flatMap((end) =>
      endpointHops(world, [end]).map((hop) =>
        routeOf(hostCidr(end.address), hop, [SYSTEM, 0], end.at.name, privateEndpoint, end.at),
      ),
    );
}

/** A route at least as long as the network's prefix wins where the endpoint's subnet says so. https://learn.microsoft.com/azure/private-link/disable-private-endpoint-network-policy */
function overriddenByUser(
  world: World,
  address: Ip,
  subnetId: string,
  own: readonly Cidr[],
  user: readonly Route[],
): boolean {
  if (world.all.subnets.get(keyOf(subnetId))?.endpointsFollowRoutes !== true) return false;
  const target = hostCidr(address);
  const network = placeOf(world, subnetId).network?.prefixes ?? own;
  const shortest = Math.max(...network.filter((prefix) => cidrCovers(prefix, target)).map(lengthOf), 0);
  return user.some(({ prefix }) => cidrCovers(prefix, target) && lengthOf(prefix) >= shortest);
}

/** Prefixes that configuration puts behind the gateway. Those inside the network lose to system routes. */
function learnedRoutes(world: World, subnet: Subnet, inside: readonly Cidr[]): readonly Route[] {
  const { gateways } = gatewaysOf(world, subnet.network);
  return gateways.flatMap((gateway) => {
    const clients = gateway.clientPrefixes.map((prefix) =>
      routeOf(
        prefix,
        hopBy(world, gateway, null, prefix),
        [LEARNED, 0],
        `${gateway.name} clients`,
        routeOrder,
        gateway,
      ),
    );
    const sites = connectionsOf(world, gateway).flatMap((connection) =>
      (prefixesBehind(world, gateway, connection) ?? []).map((prefix) =>
        routeOf(
          prefix,
          hopBy(world, gateway, connection, prefix),
          [LEARNED, 0],
          connection.name,
          routeOrder,
          connection,
        ),
      ),
    );
    return [...clients, ...sites].filter(({ prefix }) => !coveredBy(inside, prefix));
  });
}
