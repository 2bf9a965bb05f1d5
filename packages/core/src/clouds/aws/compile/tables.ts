import { type Cidr, cidrCovers, cidrs, EVERY_IPV4, EVERY_IPV6, LINK_LOCAL, LOOPBACK } from "../../../address/cidr.ts";
import type { Gap, NextHop, Route, RouteStage, RouteTable } from "../../../model/egress.ts";
import type { Rule } from "../../../model/rule.ts";
import type { Text } from "../../../problem.ts";
import type { Found } from "../read/inventory.ts";
import type { RawRoute, RawRouteTable } from "../read/raw.ts";
import {
  blackhole,
  implicitAssociation,
  latticeRanges,
  longestPrefix,
  missingIsUnknown,
  overlappingPrefixLists,
  prefixListsExpanded,
  reservedRanges,
  staticFirst,
  subnetTable,
  unicastOnly,
} from "../rules/routing.ts";
import { ask, askRouteTables, notExported } from "./ask.ts";
import { alternatives } from "./hops.ts";
import { networkAclGaps } from "./network-acl.ts";
import type { Place } from "./place.ts";
import { prefixListGap } from "./prefix-lists.ts";
import { providerRoutes } from "./private-link.ts";
import { fixed, STATIC } from "./route.ts";
import { byDefault, open, say, step, unknown } from "./say.ts";
import { waysTo } from "./targets.ts";
import { labelOf, type World } from "./world.ts";

/** The route table of a place: that of its subnet, else the main one of its VPC. */
export function tableAt(world: World, place: Place): RouteTable {
  const own = world.all.routeTables.get(place.table ?? "");
  const explicit = own ?? world.tableOfSubnet.get(place.subnet ?? "");
  if (explicit !== undefined) return tableOf(world, explicit, place);
  const main = world.mainTableOf.get(place.vpc);
  return main === undefined ? unknownTable(place) : tableOf(world, main, place, [implicitGap(world, main, place)]);
}

// https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html
const BY_PREFIX_LIST = 1;
const PROPAGATED = 2;

export function tableOf(
  world: World,
  found: Found<RawRouteTable>,
  place: Place,
  more: readonly Gap[] = [],
): RouteTable {
  const { Routes } = found.value;
  return {
    id: `aws/${found.id}/${place.subnet ?? place.zone ?? place.vpc}`,
    stages: [
      platformStage(networkAclGaps(world, place)),
      {
        kind: "longest-prefix",
        routes: [...Routes.flatMap((route) => routesFor(world, found, place, route)), ...providerRoutes(world, place)],
        orders: [[{ position: 0, rule: staticFirst }]],
        ties: { kind: "undecided", rule: overlappingPrefixLists },
        gaps: [...more, ...Routes.flatMap((route) => prefixListGap(world, found, place, route))],
      },
    ],
    none: step(
      longestPrefix,
      found,
      `the route table ${labelOf(found)} has no route for it`,
      `路由表 ${labelOf(found)} 没有对应的路由`,
    ),
  };
}

function routesFor(world: World, found: Found<RawRouteTable>, place: Place, route: RawRoute): readonly Route[] {
  const listed = route.DestinationPrefixListId ? (world.all.entries.get(route.DestinationPrefixListId) ?? []) : [];
  const written = [route.DestinationCidrBlock, route.DestinationIpv6CidrBlock].flatMap((cidr) => cidr || []);
  const rank = written.length === 0 ? BY_PREFIX_LIST : isStatic(route) ? STATIC : PROPAGATED;
  const counting = written.filter((prefix) => !isInsideLocal(found, route, prefix));
  return [...counting, ...listed].flatMap((prefix) =>
    hopsFor(world, place, route, prefix).map(({ match, hop }) => ({
      prefix,
      ...(match === undefined ? {} : { match }),
      hop,
      preference: [rank],
      usable: { kind: "yes" },
      name: found.name,
      resource: found.id,
      rule: ruleOf(route, rank),
      origin: found.origin,
    })),
  );
}

/** https://docs.aws.amazon.com/vpn/latest/s2svpn/vpn-route-priority.html */
const isInsideLocal = ({ value }: Found<RawRouteTable>, route: RawRoute, prefix: Cidr): boolean =>
  route.Origin === "EnableVgwRoutePropagation" &&
  value.Routes.some(
    ({ GatewayId, DestinationCidrBlock, DestinationIpv6CidrBlock }) =>
      GatewayId === "local" &&
      [DestinationCidrBlock, DestinationIpv6CidrBlock].some((local) => local && cidrCovers(local, prefix)),
  );

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html */
const isStatic = ({ Origin }: RawRoute): boolean =>
  Origin !== "EnableVgwRoutePropagation" && Origin !== "Advertisement";

const ruleOf = ({ GatewayId }: RawRoute, rank: number): Rule =>
  rank === BY_PREFIX_LIST ? prefixListsExpanded : GatewayId === "local" ? subnetTable : longestPrefix;

function hopsFor(world: World, place: Place, route: RawRoute, prefix: Cidr): ReturnType<typeof waysTo> {
  if (route.State !== "blackhole") return waysTo(world, place, route, prefix);
  const text = say("a target that is gone (blackhole): it is dropped", "已不存在的目标（黑洞）：流量被丢弃");
  return [{ hop: { kind: "drop", rule: blackhole, text } }];
}

/** No other table is associated with the subnet, as far as the export shows. */
function implicitGap(world: World, main: Found<RawRouteTable>, place: Place): Gap {
  const { subnet } = place;
  const name = subnet ?? place.vpc;
  const text = say(
    `no route table is associated with ${name}, so the main table ${labelOf(main)} of ${place.vpc} applies`,
    `没有路由表与 ${name} 关联，因此适用 ${place.vpc} 的主路由表 ${labelOf(main)}`,
  );
  const how = askRouteTables(place);
  const isWhole = !world.all.incomplete.has("RouteTables") && !namesUnseenTable(world, place.vpc);
  if (isWhole && subnet !== null) return { harmless: byDefault(`main-table:${name}`, text), otherwise: [] };
  const other = say(`another route table is associated with ${name}`, `${name} 关联了另一张路由表`);
  const why = step(implicitAssociation, main, other.en, other.zh);
  return {
    harmless: open(`main-table:${name}`, text, how),
    otherwise: [unknown([why], [open(`other-table:${name}`, other, how)])],
  };
}

/** A gateway endpoint names a table of the VPC that is not in the export: then those that are there are not all. */
const namesUnseenTable = ({ all }: World, vpc: string): boolean =>
  [...all.endpoints.values()].some(
    ({ value }) => value.VpcId === vpc && (value.RouteTableIds ?? []).some((id) => !all.routeTables.has(id)),
  );

/** Neither the subnet's table nor the main one is in the export. */
function unknownTable(place: Place): RouteTable {
  const how = askRouteTables(place);
  const name = `route tables of ${place.vpc}`;
  const en = `the route table of ${place.subnet ?? place.vpc} is not in the export`;
  const zh = `${place.subnet ?? place.vpc} 的路由表不在导出中`;
  const hop = alternatives(say(`something unknown: ${en}`, `未知：${zh}`), [
    unknown([step(missingIsUnknown, { id: place.vpc }, en, zh)], [notExported(name, how)]),
  ]);
  const routes = [EVERY_IPV4, EVERY_IPV6].map((prefix) => fixed(prefix, hop, missingIsUnknown, name));
  return {
    id: `aws/unknown/${place.vpc}/${place.subnet}`,
    stages: [
      platformStage([]),
      {
        kind: "longest-prefix",
        routes,
        orders: [[]],
        ties: { kind: "together", rule: missingIsUnknown },
        gaps: [],
      },
    ],
    none: step(missingIsUnknown, null, en, zh),
  };
}

/** Whoever is behind VPC Lattice sees Lattice; whether the network has part in it stands in no route table. */
const latticeHop = (): NextHop =>
  alternatives(say("VPC Lattice", "VPC Lattice"), [
    unknown(
      [
        step(
          latticeRanges,
          null,
          "VPC Lattice takes it, and its services see VPC Lattice",
          "由 VPC Lattice 接管，其服务看到的是 VPC Lattice",
        ),
      ],
      [
        open(
          "vpc-lattice",
          say(
            "whether VPC Lattice serves this network, and with which source, is not in the export",
            "VPC Lattice 是否为该网络服务、使用什么源地址，导出中没有",
          ),
          ask(
            "aws vpc-lattice list-service-network-vpc-associations --output json",
            say("see whether the VPC is associated with a service network", "查看该 VPC 是否关联了服务网络"),
            say("whether VPC Lattice takes it", "是否由 VPC Lattice 接管"),
          ),
        ),
      ],
    ),
  ]);

/** What never reaches a route table. */
function platformStage(gaps: readonly Gap[]): RouteStage {
  const nowhere = (prefixes: readonly Cidr[], rule: Rule, text: Text): readonly Route[] =>
    prefixes.map((prefix) => fixed(prefix, { kind: "drop", text, rule }, rule, "platform"));
  return {
    kind: "longest-prefix",
    routes: [
      ...cidrs("169.254.171.0/24", "fd00:ec2:80::/64").map((prefix) =>
        fixed(prefix, latticeHop(), latticeRanges, "platform"),
      ),
      ...nowhere(
        [...LINK_LOCAL, ...LOOPBACK, ...cidrs("fd00:ec2::/32")],
        reservedRanges,
        say(
          "nowhere: link-local addresses, metadata, DNS and time are answered beside the instance",
          "无：链路本地地址、元数据、DNS 和时间服务就近应答",
        ),
      ),
      ...nowhere(
        cidrs("224.0.0.0/4", "ff00::/8", "255.255.255.255/32", "0.0.0.0/8"),
        unicastOnly,
        say("nowhere: a VPC carries no multicast and no broadcast", "无：VPC 不承载组播和广播"),
      ),
    ],
    orders: [[]],
    ties: { kind: "together", rule: reservedRanges },
    gaps,
  };
}
