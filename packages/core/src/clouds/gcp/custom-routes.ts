import { type Cidr, EVERY_IPV4, EVERY_IPV6, parseCidr } from "../../address/cidr.ts";
import type { Gap, NextHop, Offer, Route, RouteStage } from "../../model/egress.ts";
import type { Rule } from "../../model/rule.ts";
import type { Origin } from "../../problem.ts";
import { assumed, blocked, stepOf, unknown, unpredictable } from "./alternatives.ts";
import { askHostProject, askPeeringRoutes, askRouterStatus, askRouters, askRoutes } from "./asks.ts";
import type { Facts } from "./facts.ts";
import { nameOf, projectOf, regionOf, UNKNOWN_PROJECT } from "./links.ts";
import { type HopContext, type Resolved, resolveNextHop } from "./next-hops.ts";
import {
  type ActivePeering,
  hasImportedList,
  importedPeeringRoutes,
  type PeeringRoute,
  peeringsOf,
} from "./peerings.ts";
import type { Found } from "./read/export.ts";
import { notAnAddress } from "./read/problems.ts";
import type { RawRoute } from "./read/raw.ts";
import type { Router } from "./routers.ts";
import {
  bestRoutesAreTheSelection,
  customLearnedRoutes,
  equalRoutesShare,
  hybridSubnetHandsOn,
  instanceNextHopPreferred,
  localBeforePeering,
  lowestPriorityNumber,
  otherPreferences,
  peeringCustomRoutes,
  taggedRoutes,
  untaggedRoutes,
} from "./rules/routing.ts";
import { sharedVpcHostProject } from "./rules/vm.ts";

/** https://docs.cloud.google.com/vpc/docs/routes and, for learned ranges, the API definition. */
const DEFAULT_PRIORITY = 1000;
const DEFAULT_LEARNED_PRIORITY = 100;

/** Whose route it is: RT-6. */
const OWN = 0;
const HUB = 1;
const PEER = 2;

const NETWORK = { position: 0, rule: localBeforePeering } as const;
const PRIORITY = { position: 1, rule: lowestPriorityNumber } as const;
const PREFERRED = { position: 2, rule: instanceNextHopPreferred } as const;
const CATEGORY = { position: 3, rule: otherPreferences } as const;

/** Two readings of one page put the network before and after the priority: both are followed. */
const ORDERS = [
  [NETWORK, PRIORITY, PREFERRED, CATEGORY],
  [PRIORITY, NETWORK, PREFERRED, CATEGORY],
] as const;

/** The static and dynamic routes that senders of one network and region can meet, before tags choose among them. */
export interface CustomRoutes {
  readonly everyone: readonly Route[];
  readonly tagged: readonly { readonly tags: readonly string[]; readonly route: Route }[];
  readonly gaps: readonly Gap[];
  /** Present when the static routes were not exported: nothing can be said of what the others do not take. */
  readonly unexported: RouteStage | null;
}

export interface Sender {
  readonly network: string;
  readonly region: string | null;
  readonly hybridOffers: readonly Offer[];
}

export function customRoutesFor(facts: Facts, sender: Sender): CustomRoutes {
  const project = projectOf(sender.network) ?? UNKNOWN_PROJECT;
  const context = { facts, network: sender.network, project, region: sender.region, hybridOffers: sender.hybridOffers };
  const statics = staticRoutes(facts, { ...context, dynamic: false });
  const dynamic = dynamicRoutes({ ...context, dynamic: true });
  const imported = importedRoutes(context);
  const everyone = [
    ...statics.filter(({ tags }) => tags.length === 0).map(({ route }) => route),
    ...dynamic,
    ...imported,
  ];
  const unexported = unexportedStage(facts, sender.network, project);
  const doubt = unexported === null || everyone.length === 0 ? [] : [unexportedGap(sender.network, project)];
  const gaps = [
    ...doubt,
    ...partGaps(facts, sender.network, project),
    ...dynamicGaps(facts, sender, project),
    ...peeringGaps(facts, sender),
    ...hybridGaps(
      facts,
      sender,
      statics.map(({ route, region }) => ({ route, region })),
    ),
  ];
  return { everyone, tagged: statics.filter(({ tags }) => tags.length > 0), gaps, unexported };
}

export const customStage = (routes: readonly Route[], gaps: readonly Gap[]): RouteStage => ({
  kind: "longest-prefix",
  routes,
  orders: ORDERS,
  ties: { kind: "together", rule: equalRoutesShare },
  gaps,
});

interface StaticRoute {
  readonly tags: readonly string[];
  readonly route: Route;
  readonly region: string | null;
}

function staticRoutes(facts: Facts, context: HopContext): readonly StaticRoute[] {
  return (facts.routes.get(context.network) ?? []).flatMap((found) => {
    const { value } = found;
    if (value.nextHopNetwork || value.nextHopPeering) return [];
    if (value.nextHopHub && value.routeType !== "BGP") return [];
    const tags = value.tags ?? [];
    const resolved = resolveNextHop(value, { ...context, dynamic: value.routeType === "BGP" });
    const route = toRoute(
      found,
      resolved,
      value.nextHopHub ? HUB : OWN,
      tags.length > 0 ? taggedRoutes : untaggedRoutes,
      facts,
    );
    return route === undefined ? [] : [{ tags, route, region: resolved.region }];
  });
}

function toRoute(
  { value, name, path, origin }: Pick<Found<RawRoute>, "value" | "name" | "path" | "origin">,
  { hop, usable, preferred, category }: Resolved,
  network: number,
  rule: Rule,
  facts: Facts,
): Route | undefined {
  const prefix = parseCidr(value.destRange ?? "", true);
  if (prefix === undefined) {
    facts.problems.push(notAnAddress(`route ${name}`, value.destRange ?? "", origin));
    return undefined;
  }
  const preference = [network, value.priority ?? DEFAULT_PRIORITY, preferred, category];
  return { prefix, hop, preference, usable, name: name || `${value.destRange}`, resource: path || null, rule, origin };
}

/** Learned routes: the best routes of a status for this network and region, else ranges entered by hand on the peers. */
function dynamicRoutes(context: HopContext): readonly Route[] {
  const { facts, network, region } = context;
  const here = facts.routers.filter((router) => router.network === network && router.region === region);
  const statuses = here.flatMap(({ status }) => (status === null ? [] : [status]));
  if (statuses.length === 0) return customLearned(context);
  const byKey = new Map<string, Route>();
  for (const status of statuses)
    for (const value of status.value.bestRoutes ?? []) {
      const route = bestRoute(value, status.origin, context);
      if (route !== undefined) byKey.set(`${route.prefix} ${route.name} ${route.preference.join()}`, route);
    }
  return [...byKey.values()];
}

function bestRoute(value: RawRoute, origin: Origin, context: HopContext): Route | undefined {
  if ((value.routeStatus ?? "ACTIVE") !== "ACTIVE" || value.routeType === "SUBNET") return undefined;
  const name = value.name ?? `learned ${value.destRange ?? ""} via ${hopName(value)}`;
  const resolved = resolveNextHop(value, context);
  const network = value.nextHopHub ? HUB : value.nextHopPeering ? PEER : OWN;
  return toRoute({ value, name, path: "", origin }, resolved, network, bestRoutesAreTheSelection, context.facts);
}

const hopName = (value: RawRoute): string =>
  nameOf(
    value.nextHopVpnTunnel ?? value.nextHopInterconnectAttachment ?? value.nextHopInstance ?? value.nextHopIp ?? "?",
  );

function customLearned(context: HopContext): readonly Route[] {
  const { facts, network, region } = context;
  const mode = facts.networks.get(network)?.value.routingConfig?.routingMode;
  const routers = facts.routers.filter(
    (router) => router.network === network && (router.region === region || mode === "GLOBAL"),
  );
  return routers.flatMap(({ found }) =>
    (found.value.bgpPeers ?? []).flatMap((peer) =>
      (peer.customLearnedIpRanges ?? []).flatMap(({ range }) => {
        const value: RawRoute = {
          name: `${peer.name ?? "peer"} ${range ?? ""}`,
          destRange: range,
          priority: peer.customLearnedRoutePriority ?? DEFAULT_LEARNED_PRIORITY,
          nextHopIp: peer.peerIpAddress,
        };
        const where = { value, name: value.name ?? "", path: "", origin: found.origin };
        return toRoute(where, resolveNextHop(value, context), OWN, customLearnedRoutes, facts) ?? [];
      }),
    ),
  );
}

/** What a peer exports and this network imports. Tagged routes and internet gateways are never exchanged. */
function importedRoutes(context: Omit<HopContext, "dynamic">): readonly Route[] {
  const { facts, network } = context;
  const known = peeringsOf(facts, network).filter(
    ({ peering, back }) => peering.importCustomRoutes === true && back?.exportCustomRoutes === true,
  );
  const listed = [
    ...importedPeeringRoutes(facts, network, "STATIC_PEERING_ROUTE"),
    ...importedPeeringRoutes(facts, network, "DYNAMIC_PEERING_ROUTE"),
  ];
  const own = known.flatMap((peering) => routesOfPeer(peering, context));
  const prefixes = new Set(own.map(({ prefix }) => prefix));
  return [...own, ...listed.filter(({ prefix }) => !prefixes.has(prefix)).map(listedRoute)];
}

function routesOfPeer({ peer, peering }: ActivePeering, context: Omit<HopContext, "dynamic">): readonly Route[] {
  const { facts } = context;
  const there = { ...context, network: peer, project: projectOf(peer) ?? UNKNOWN_PROJECT, hybridOffers: [] };
  const label = (name: string): string => `${peering.name ?? nameOf(peer)}/${name}`;
  const statics = (facts.routes.get(peer) ?? []).flatMap((found) => {
    const { value } = found;
    if (
      (value.tags ?? []).length > 0 ||
      value.nextHopGateway ||
      value.nextHopNetwork ||
      value.nextHopPeering ||
      value.nextHopHub
    )
      return [];
    const resolved = resolveNextHop(value, { ...there, dynamic: false });
    return toRoute({ ...found, name: label(found.name) }, resolved, PEER, peeringCustomRoutes, facts) ?? [];
  });
  const dynamic = dynamicRoutes({ ...there, dynamic: true }).map((route) => ({
    ...route,
    name: label(route.name),
    rule: peeringCustomRoutes,
    preference: [PEER, ...route.preference.slice(1)],
  }));
  return [...statics, ...dynamic];
}

function listedRoute({ prefix, raw, origin }: PeeringRoute): Route {
  const text = { en: "a next hop in the peered network", zh: "对等网络中的下一跳" };
  const doubt = assumed(
    "open",
    "peer-next-hop",
    "what the peered network's next hop does with the source is not known",
    "对等网络的下一跳如何处理源地址未知",
  );
  const hop: NextHop = {
    kind: "alternatives",
    text,
    alternatives: [unpredictable("appliance", null, stepOf(peeringCustomRoutes, text, null, origin), doubt)],
  };
  return {
    prefix,
    hop,
    preference: [PEER, raw.priority ?? DEFAULT_PRIORITY, 1, raw.type === "DYNAMIC_PEERING_ROUTE" ? 1 : 0],
    usable: { kind: "yes" },
    name: `imported ${prefix}`,
    resource: null,
    rule: peeringCustomRoutes,
    origin,
  };
}

/** The routes were not exported at all. With Shared VPC they are in the host project, which then is to be asked. */
function unexportedStage(facts: Facts, network: string, project: string): RouteStage | null {
  if (facts.exported.coverage.seen(project, "route") !== "none") return null;
  const alternative = unknown(unexportedStep(network, project), unexportedRoutes(facts, network, project));
  const text = { en: "routes that the export does not show", zh: "导出中没有的路由" };
  const routes = [EVERY_IPV4, EVERY_IPV6].map(
    (prefix): Route => ({
      prefix,
      hop: { kind: "alternatives", text, alternatives: [alternative] },
      preference: [],
      usable: { kind: "yes" },
      name: `routes of ${nameOf(network)}`,
      resource: network,
      rule: sharedVpcHostProject,
      origin: null,
    }),
  );
  return { kind: "longest-prefix", routes, orders: [[]], ties: { kind: "together", rule: equalRoutesShare }, gaps: [] };
}

const unexportedStep = (network: string, project: string) =>
  stepOf(
    sharedVpcHostProject,
    {
      en: `network ${nameOf(network)} belongs to project ${project}, whose routes are not in the export`,
      zh: `网络 ${nameOf(network)} 属于项目 ${project}，导出中没有该项目的路由`,
    },
    network,
  );

function unexportedRoutes(facts: Facts, network: string, project: string) {
  const hostAbsent = !facts.exported.coverage.projects.has(project);
  return assumed(
    "open",
    hostAbsent ? `no-host-access:${project}` : `routes-missing:${nameOf(network)}`,
    hostAbsent
      ? `nothing of project ${project}, which owns network ${nameOf(network)}, is in the export`
      : `the routes of network ${nameOf(network)} in project ${project} are not in the export`,
    hostAbsent
      ? `导出中没有网络 ${nameOf(network)} 所属项目 ${project} 的任何内容`
      : `导出中没有项目 ${project} 中网络 ${nameOf(network)} 的路由`,
    hostAbsent ? askHostProject(project) : askRoutes(project),
  );
}

const unexportedGap = (network: string, project: string): Gap => ({
  harmless: assumed(
    "open",
    `no-longer-static-route:${nameOf(network)}`,
    `no static route of ${nameOf(network)} is more specific`,
    `${nameOf(network)} 没有更具体的静态路由`,
    askRoutes(project),
  ),
  otherwise: [],
});

/** Single routes, or a list with an error: others may exist. */
function partGaps(facts: Facts, network: string, project: string): readonly Gap[] {
  if (facts.exported.coverage.seen(project, "route") !== "part") return [];
  const ask = askRoutes(project);
  const name = nameOf(network);
  const step = stepOf(
    sharedVpcHostProject,
    { en: `only some routes of ${name} are in the export`, zh: `导出中只有 ${name} 的部分路由` },
    network,
  );
  return [
    {
      harmless: assumed(
        "open",
        `routes-complete:${name}`,
        `no other route of ${name} takes it`,
        `${name} 没有其他路由命中`,
        ask,
      ),
      otherwise: [
        unknown(
          step,
          assumed(
            "open",
            `routes-incomplete:${name}`,
            `a route of ${name} that the export does not show takes it`,
            `导出中没有的 ${name} 的某条路由命中`,
            ask,
          ),
        ),
      ],
    },
  ];
}

/** Learned routes are in no configuration: without a router's status they may take anything. */
function dynamicGaps(facts: Facts, { network, region }: Sender, project: string): readonly Gap[] {
  const { coverage } = facts.exported;
  const routers = facts.routers.filter((router) => router.network === network);
  const here = routers.filter((router) => router.region === region);
  if (here.some(({ status }) => status !== null)) return [];
  const speaking = routers.filter(({ hasPeers }) => hasPeers);
  const localSpeakers = speaking.filter((router) => router.region === region);
  const mode = facts.networks.get(network)?.value.routingConfig?.routingMode;
  if (localSpeakers.length > 0) return [missingGap(localSpeakers)];
  const remote = mode === "REGIONAL" ? [] : speaking;
  const gaps = remote.length > 0 ? remoteGaps(remote) : [];
  const unread = coverage.damaged(project, "router");
  if (unread) return [...gaps, unreadRouterGap(project)];
  return coverage.seen(project, "router", region ?? undefined) === "whole" ? gaps : [...gaps, noRoutersGap(project)];
}

function missingGap(routers: readonly Router[], destinations?: readonly Cidr[]): Gap {
  const names = routers.map(({ found }) => found.name).join(", ");
  const [first] = routers;
  const ask = first === undefined ? null : askRouterStatus(first.found.path);
  const step = stepOf(
    bestRoutesAreTheSelection,
    {
      en: `router ${names} has BGP peers, and its learned routes are not in the export`,
      zh: `路由器 ${names} 有 BGP 对等端，但导出中没有其学到的路由`,
    },
    first?.found.path ?? null,
    first?.found.origin ?? null,
  );
  const gap: Gap = {
    harmless: assumed(
      "open",
      `no-learned-route:${names}`,
      `no route learned by ${names} takes it`,
      `${names} 学到的路由都不命中`,
      ask,
    ),
    otherwise: [
      unknown(
        step,
        assumed(
          "open",
          `learned-route:${names}`,
          `a route learned by ${names} takes it`,
          `${names} 学到的某条路由命中`,
          ask,
        ),
      ),
    ],
  };
  return destinations === undefined ? gap : { ...gap, destinations };
}

/** With global routing, what other regions learned counts here too; their statuses then tell which ranges those are. */
function remoteGaps(routers: readonly Router[]): readonly Gap[] {
  const silent = routers.filter(({ status }) => status === null);
  if (silent.length > 0) return [missingGap(silent)];
  const ranges = routers.flatMap(({ status }) =>
    (status?.value.bestRoutes ?? []).flatMap(({ destRange }) => parseCidr(destRange ?? "", true) ?? []),
  );
  return ranges.length === 0 ? [] : [missingGap(routers, [...new Set(ranges)])];
}

const unreadRouterGap = (project: string): Gap => ({
  harmless: assumed(
    "open",
    "router-unread-harmless",
    "no route learned by the router that could not be read takes it",
    "无法读取的路由器没有学到命中的路由",
    askRouters(project),
  ),
  otherwise: [
    unknown(
      stepOf(bestRoutesAreTheSelection, { en: "a router could not be read", zh: "有一个路由器无法读取" }),
      assumed(
        "open",
        "router-unread",
        "a route learned by the router that could not be read takes it",
        "无法读取的路由器学到的路由命中",
        askRouters(project),
      ),
    ),
  ],
});

const noRoutersGap = (project: string): Gap => ({
  harmless: assumed(
    "default",
    "no-learned-routes",
    `no router of project ${project} has learned a route for it (routers were not exported)`,
    `项目 ${project} 的路由器没有为其学到路由（未导出路由器）`,
    askRouters(project),
  ),
  otherwise: [],
});

/** The network imports from a peer that the export does not show. */
function peeringGaps(facts: Facts, { network, region }: Sender): readonly Gap[] {
  if (hasImportedList(facts, network)) return [];
  return peeringsOf(facts, network).flatMap(({ peering, peer, peerKnown }) => {
    const routesKnown = peerKnown && facts.exported.coverage.seen(projectOf(peer) ?? "", "route") === "whole";
    if (peering.importCustomRoutes !== true || routesKnown) return [];
    const name = peering.name ?? nameOf(peer);
    const ask = askPeeringRoutes(name, network, region);
    const step = stepOf(
      peeringCustomRoutes,
      { en: `what peering ${name} imports is not in the export`, zh: `导出中没有对等连接 ${name} 导入的路由` },
      peer,
    );
    return [
      {
        harmless: assumed(
          "open",
          `no-imported-route:${name}`,
          `no route imported over ${name} takes it`,
          `经 ${name} 导入的路由都不命中`,
          ask,
        ),
        otherwise: [
          unknown(
            step,
            assumed(
              "open",
              `imported-route:${name}`,
              `a route imported over ${name} takes it`,
              `经 ${name} 导入的某条路由命中`,
              ask,
            ),
          ),
        ],
      },
    ];
  });
}

/** A hybrid subnet hands on only inside its own region: https://docs.cloud.google.com/vpc/docs/routes */
function hybridGaps(
  facts: Facts,
  { network }: Sender,
  statics: readonly { readonly route: Route; readonly region: string | null }[],
): readonly Gap[] {
  return (facts.subnets.get(network) ?? []).flatMap((subnet) => {
    const elsewhere = statics.some(({ region }) => region !== null && regionOf(region) !== subnet.region);
    if (!subnet.hybrid || !elsewhere) return [];
    const step = stepOf(
      hybridSubnetHandsOn,
      {
        en: `next hops outside region ${subnet.region} drop what hybrid subnet ${subnet.name} hands on`,
        zh: `${subnet.region} 以外的下一跳会丢弃混合子网 ${subnet.name} 交出的流量`,
      },
      subnet.path,
      subnet.origin,
    );
    return [
      {
        destinations: [...subnet.primary, ...subnet.secondary.map(({ cidr }) => cidr)],
        harmless: assumed(
          "open",
          `hybrid-same-region:${subnet.name}`,
          `the next hop is in region ${subnet.region}`,
          `下一跳位于区域 ${subnet.region}`,
        ),
        otherwise: [
          blocked(
            step,
            assumed(
              "open",
              `hybrid-other-region:${subnet.name}`,
              `the next hop is outside region ${subnet.region}`,
              `下一跳不在区域 ${subnet.region}`,
            ),
          ),
        ],
      },
    ];
  });
}
