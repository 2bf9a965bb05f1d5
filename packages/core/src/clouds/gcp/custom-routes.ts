import { type Cidr, parseCidr } from "../../address/cidr.ts";
import type { Gap, NextHop, Offer, Route, RouteStage } from "../../model/egress.ts";
import type { Rule } from "../../model/rule.ts";
import type { Origin } from "../../problem.ts";
import { assumed, stepOf, unpredictable } from "./alternatives.ts";
import { customGaps, unexportedStage } from "./custom-gaps.ts";
import type { Facts } from "./facts.ts";
import { FormedRoute, type RouteLike } from "./formed-route.ts";
import { nameOf, projectOf, UNKNOWN_PROJECT } from "./links.ts";
import { type HopContext, isForced, type Resolved, resolveNextHop } from "./next-hops.ts";
import { type ActivePeering, importedPeeringRoutes, type PeeringRoute, peeringsOf } from "./peerings.ts";
import { commonOf, type Found, textOf } from "./read/found.ts";
import { notAnAddress } from "./read/problems.ts";
import type { RawRoute } from "./read/raw.ts";
import {
  bestRoutesAreTheSelection,
  customLearnedRoutes,
  equalRoutesShare,
  instanceNextHopPreferred,
  localBeforePeering,
  lowestPriorityNumber,
  otherPreferences,
  peeringCustomRoutes,
  taggedRoutes,
  untaggedRoutes,
} from "./rules/routing.ts";

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
  const everyone = [...statics.everyone, ...dynamic, ...imported];
  const unexported = unexportedStage(facts, sender.network, project);
  // With nothing else to find, the stage of what was not exported says it alone.
  const gaps =
    unexported !== null && everyone.length === 0 ? [] : customGaps(facts, sender, statics.regions, unexported === null);
  return { everyone, tagged: statics.tagged, gaps, unexported };
}

export const customStage = (routes: readonly Route[], gaps: readonly Gap[]): RouteStage => ({
  kind: "longest-prefix",
  routes,
  orders: ORDERS,
  ties: { kind: "together", rule: equalRoutesShare },
  gaps,
});

interface StaticRoutes extends Pick<CustomRoutes, "everyone" | "tagged"> {
  /** Where their next hops are. */
  readonly regions: ReadonlySet<string | null>;
}

/** What static routes that are alike have in common; null: they are none. */
type StaticLike = (RouteLike & Pick<Resolved, "region"> & { readonly tags: readonly string[] }) | null;

function staticRoutes(facts: Facts, context: HopContext): StaticRoutes {
  const resolve = sharedHops(context);
  const known: StaticLike[] = [];
  const likeOf = (found: Found<RawRoute>): StaticLike => {
    const before = found.like === undefined ? undefined : known[found.like.number];
    if (before !== undefined) return before;
    const made = staticLike(commonOf(found), resolve);
    if (found.like !== undefined) known[found.like.number] = made;
    return made;
  };
  const everyone: Route[] = [];
  const tagged: { readonly tags: readonly string[]; readonly route: Route }[] = [];
  const regions = new Set<string | null>();
  for (const found of facts.routes.get(context.network) ?? []) {
    const like = likeOf(found);
    const prefix = like === null ? undefined : prefixOf(found, facts);
    if (like === null || prefix === undefined) continue;
    const { tags, region } = like;
    const route = found.like === undefined ? routeOf(found, prefix, like) : new FormedRoute(prefix, like, found);
    regions.add(region);
    if (tags.length === 0) everyone.push(route);
    else tagged.push({ tags, route });
  }
  return { everyone, tagged, regions };
}

function staticLike(value: RawRoute, resolve: (value: RawRoute) => Resolved): StaticLike {
  if (value.nextHopNetwork || value.nextHopPeering) return null;
  if (value.nextHopHub && value.routeType !== "BGP") return null;
  const tags = value.tags ?? [];
  const resolved = resolve(value);
  const rule = tags.length > 0 ? taggedRoutes : untaggedRoutes;
  return { ...likeOfRoutes(value, resolved, value.nextHopHub ? HUB : OWN, rule), region: resolved.region, tags };
}

/** Many routes lead to one tunnel: they share what that means, so that whatever reads it does it once. */
function sharedHops(context: HopContext): (value: RawRoute) => Resolved {
  const own = { context: { ...context, dynamic: false }, known: new Map<string, Resolved>() };
  const learned = { context: { ...context, dynamic: true }, known: new Map<string, Resolved>() };
  return (value) => {
    const { context: from, known } = value.routeType === "BGP" ? learned : own;
    const link = value.nextHopGateway ?? value.nextHopVpnTunnel ?? value.nextHopInterconnectAttachment;
    const key = `${link} ${isForced(value)}`;
    const before = link ? known.get(key) : undefined;
    if (before !== undefined) return before;
    const resolved = resolveNextHop(value, from);
    if (link) known.set(key, resolved);
    return resolved;
  };
}

const preferences = new WeakMap<Resolved, Map<number, (readonly number[])[]>>();

/** Few are different: routes by one next hop mostly share their priority too. */
function preferenceOf(resolved: Resolved, network: number, priority: number): readonly number[] {
  const known = preferences.get(resolved) ?? new Map<number, (readonly number[])[]>();
  preferences.set(resolved, known);
  const byNetwork = known.get(priority) ?? [];
  known.set(priority, byNetwork);
  byNetwork[network] ??= [network, priority, resolved.preferred, resolved.category];
  return byNetwork[network];
}

/** A route as it was read, or as a router says. */
type Read = Pick<Found<RawRoute>, "value" | "name" | "path" | "origin">;

function toRoute(read: Read, resolved: Resolved, network: number, rule: Rule, facts: Facts): Route | undefined {
  const prefix = prefixOf(read, facts);
  return prefix === undefined ? undefined : routeOf(read, prefix, likeOfRoutes(read.value, resolved, network, rule));
}

function prefixOf(read: Read & Pick<Found<RawRoute>, "like" | "document">, facts: Facts): Cidr | undefined {
  const text = textOf(read, "destRange") ?? "";
  const prefix = parseCidr(text, true);
  if (prefix === undefined) facts.problems.push(notAnAddress(`route ${read.name}`, text, read.origin));
  return prefix;
}

const likeOfRoutes = (value: RawRoute, resolved: Resolved, network: number, rule: Rule): RouteLike => ({
  hop: resolved.hop,
  preference: preferenceOf(resolved, network, value.priority ?? DEFAULT_PRIORITY),
  usable: resolved.usable,
  rule,
});

const routeOf = ({ value, name, path, origin }: Read, prefix: Cidr, like: RouteLike): Route => ({
  prefix,
  hop: like.hop,
  preference: like.preference,
  usable: like.usable,
  name: name || `${value.destRange}`,
  resource: path || null,
  rule: like.rule,
  origin,
});

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
  const name = value.name ?? `learned via ${hopName(value)}`;
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
    const value = commonOf(found);
    if (
      (value.tags ?? []).length > 0 ||
      value.nextHopGateway ||
      value.nextHopNetwork ||
      value.nextHopPeering ||
      value.nextHopHub
    )
      return [];
    const resolved = resolveNextHop(value, { ...there, dynamic: false });
    const read = { value: found.value, name: label(found.name), path: found.path, origin: found.origin };
    return toRoute(read, resolved, PEER, peeringCustomRoutes, facts) ?? [];
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
