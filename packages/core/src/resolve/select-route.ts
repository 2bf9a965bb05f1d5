import type { KnownOrders } from "../address/ordered.ts";
import { type PrefixIndex, prefixIndex } from "../address/prefix-index.ts";
import type { Comparison, Route, RouteStage } from "../model/egress.ts";
import { matches } from "../model/flow.ts";
import type { Assumption } from "../model/outcome.ts";
import { hopText } from "./hop-text.ts";
import type { Packet } from "./packet.ts";

/** One way a stage may decide, under assumptions. */
export interface Decision {
  readonly assumptions: readonly Assumption[];
  /** They share the traffic; empty: all candidates are unusable, and `dead` names them. */
  readonly winners: readonly Route[];
  readonly dead: readonly Route[];
  readonly losers: readonly Route[];
}

const indexes = new WeakMap<RouteStage, PrefixIndex<Route>>();
/** Stages for hosts with and without a tag begin with the same routes. */
const orders: KnownOrders<Route> = new WeakMap();

/** The routes of a stage by their prefixes, sorted once. */
export function routeIndexOf(stage: RouteStage): PrefixIndex<Route> {
  let index = indexes.get(stage);
  if (index === undefined) {
    index = prefixIndex(stage.routes, (route) => route.prefix, orders);
    indexes.set(stage, index);
  }
  return index;
}

/** The ways this stage may decide for a packet; undefined when it has no route for it at all. */
export function decide(stage: RouteStage, packet: Packet): readonly Decision[] | undefined {
  const candidates = candidatesOf(stage, packet);
  if (candidates.length === 0) return undefined;
  return worldsOf(candidates).flatMap(({ alive, dead, assumptions }) =>
    alive.length === 0 ? [{ assumptions, winners: [], dead, losers: [] }] : compete(stage, alive, dead, assumptions),
  );
}

function candidatesOf(stage: RouteStage, packet: Packet): readonly Route[] {
  const fits = (route: Route): boolean => route.match === undefined || matches(route.match, packet, packet.destination);
  const levels = routeIndexOf(stage).covering(packet.destination);
  if (stage.kind === "first-match") return levels.flat().filter(fits);
  for (const level of levels) {
    const fitting = level.filter(fits);
    if (fitting.length > 0) return fitting;
  }
  return [];
}

interface World {
  readonly alive: readonly Route[];
  readonly dead: readonly Route[];
  readonly assumptions: readonly Assumption[];
}

/** A next hop whose state is not known is up in one world and down in another. */
function worldsOf(candidates: readonly Route[]): readonly World[] {
  let worlds: readonly World[] = [{ alive: [], dead: [], assumptions: [] }];
  for (const route of candidates) {
    const { usable } = route;
    const alive = (world: World): World => ({ ...world, alive: [...world.alive, route] });
    const dead = (world: World): World => ({ ...world, dead: [...world.dead, route] });
    if (usable.kind === "yes") worlds = worlds.map(alive);
    else if (usable.kind === "no") worlds = worlds.map(dead);
    else
      worlds = worlds.flatMap((world) => [
        alive({ ...world, assumptions: [...world.assumptions, usable.up] }),
        dead({ ...world, assumptions: [...world.assumptions, usable.down] }),
      ]);
  }
  return worlds;
}

function compete(
  stage: RouteStage,
  alive: readonly Route[],
  dead: readonly Route[],
  assumptions: readonly Assumption[],
): readonly Decision[] {
  const results = (stage.orders.length === 0 ? [[]] : stage.orders).map((order) => winnersBy(order, alive));
  const [first, ...others] = results;
  if (first === undefined) return [];
  const decisions: Decision[] = [];
  const add = (winners: readonly Route[], ...added: readonly Assumption[]): void => {
    if (decisions.some((decision) => sameRoutes(decision.winners, winners))) return;
    const losers = alive.filter((route) => !winners.includes(route));
    decisions.push({ assumptions: [...assumptions, ...added], winners, dead, losers });
  };
  const disagree = others.some((other) => !sameRoutes(other.winners, first.winners));
  for (const { winners, contested } of results) {
    const doubts = disagree ? [sourcesDisagree(winners)] : [];
    if (contested.length === 0) spread(stage, winners, (routes, ...more) => add(routes, ...doubts, ...more));
    else for (const route of [...winners, ...contested]) add([route], ...doubts, undocumentedOrder(route));
  }
  return decisions;
}

/** Equal routes either share the traffic or one of them takes it, and nobody says which. */
function spread(
  stage: RouteStage,
  winners: readonly Route[],
  add: (routes: readonly Route[], ...assumptions: readonly Assumption[]) => void,
): void {
  if (winners.length === 1 || stage.ties.kind === "together") add(winners);
  else for (const route of winners) add([route], tieTaken(route, winners));
}

const sameRoutes = (a: readonly Route[], b: readonly Route[]): boolean =>
  a.length === b.length && a.every((route) => b.includes(route));

interface Result {
  readonly winners: readonly Route[];
  /** Lost only by a rule without a source. */
  readonly contested: readonly Route[];
}

function winnersBy(order: readonly Comparison[], routes: readonly Route[]): Result {
  let winners = routes;
  const contested: Route[] = [];
  for (const { position, rule } of order) {
    const best = Math.min(...winners.map((route) => route.preference[position] ?? 0));
    const lost = winners.filter((route) => (route.preference[position] ?? 0) !== best);
    if (rule.mark === "unsourced") contested.push(...lost);
    winners = winners.filter((route) => (route.preference[position] ?? 0) === best);
  }
  return { winners, contested };
}

const named = (routes: readonly Route[]): string => routes.map((route) => route.name).join(", ");

const sourcesDisagree = (winners: readonly Route[]): Assumption => ({
  id: `route-order:${named(winners)}`,
  basis: "open",
  text: {
    en: `the provider's pages disagree on the order of comparison; by this reading ${named(winners)} wins`,
    zh: `厂商文档对比较顺序的说法不一；按此种解读，${named(winners)} 胜出`,
  },
  ask: null,
});

const undocumentedOrder = (route: Route): Assumption => ({
  id: `route-preference:${route.name}`,
  basis: "open",
  text: {
    en: `${route.name} wins; no public page says which of the equal routes is preferred`,
    zh: `${route.name} 胜出；没有公开文档说明同级路由中优先哪一条`,
  },
  ask: null,
});

/** Routes of one table may share its name (AWS): then where each leads tells them apart. */
function tieTaken(route: Route, winners: readonly Route[]): Assumption {
  const isNamedAlike = winners.some((other) => other !== route && other.name === route.name);
  const to = isNamedAlike ? hopText(route.hop) : null;
  const called = {
    en: to === null ? route.name : `${route.name} to ${to.en}`,
    zh: to === null ? route.name : `${route.name}（下一跳为 ${to.zh}）`,
  };
  return {
    id: `route-tie:${called.en}`,
    basis: "open",
    text: {
      en: `${called.en} is the one used of several with equal priority; the provider picks one and does not say which`,
      zh: `在优先级相同的多条中采用的是 ${called.zh}；厂商会选定一条，但不公布是哪一条`,
    },
    ask: null,
  };
}
