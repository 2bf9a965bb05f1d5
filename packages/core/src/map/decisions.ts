import type { Cidr } from "../address/cidr.ts";
import type { Family } from "../address/ip.ts";
import { constantSteps, coverSteps, joinSteps, nestedSteps, type StepFunction } from "../address/step-function.ts";
import type { Egress, Route, RouteStage, RouteTable } from "../model/egress.ts";
import type { Match } from "../model/flow.ts";
import { routeKey } from "./keys.ts";
import { reachableFrom } from "./reachable.ts";

/** One for each family. */
type ByFamily<K extends object> = Readonly<Record<Family, WeakMap<K, StepFunction>>>;

const tables: ByFamily<RouteTable> = { 4: new WeakMap(), 6: new WeakMap() };
const stages: ByFamily<RouteStage> = { 4: new WeakMap(), 6: new WeakMap() };

/**
 * Where in destination space an egress may decide differently. Two addresses with one id meet the same filters, routes,
 * gaps and offers, so one of them speaks for both. An id says nothing else.
 */
export function decisionsOf({ filters, routes, internet }: Egress, family: Family): StepFunction {
  const own = [...filters, ...internet.filters, ...internet.offers].map(({ match }) => match);
  return product(family, [tableDecisions(routes, family), matchDecisions(own, family)]);
}

/** Of the table and everything that its next hops lead to. */
const tableDecisions = (table: RouteTable, family: Family): StepFunction =>
  remembered(tables[family], table, () => {
    const reached = reachableFrom(table);
    const all = [...reached.tables].flatMap((one) => one.stages);
    return product(family, [
      ...[...new Set(all)].map((stage) => stageDecisions(stage, family)),
      matchDecisions(reached.matches, family),
    ]);
  });

const stageDecisions = (stage: RouteStage, family: Family): StepFunction =>
  remembered(stages[family], stage, () => routeDecisions(stage, family));

function remembered<K extends object>(known: WeakMap<K, StepFunction>, key: K, make: () => StepFunction): StepFunction {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}

/** Equal ids: the same routes compete there, as far as the answer goes. */
function routeDecisions(stage: RouteStage, family: Family): StepFunction {
  const routes = new Interned();
  const chains = new Interned();
  const byPrefix = new Map<Cidr, Route[]>();
  for (const route of stage.routes) {
    const list = byPrefix.get(route.prefix);
    if (list === undefined) byPrefix.set(route.prefix, [route]);
    else list.push(route);
  }
  return nestedSteps(family, byPrefix, chains.idOf(""), (here, around) => {
    const own = here.map((route) => routes.idOf(routeKey(route))).join();
    const isFinal = stage.kind === "longest-prefix" && here.some(({ match }) => match === undefined);
    return chains.idOf(isFinal ? own : `${own} ${around}`);
  });
}

/** Numbers for texts: equal texts, equal numbers. */
class Interned {
  readonly #ids = new Map<string, number>();

  idOf(text: string): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(text, id);
    return id;
  }
}

/** Which of the matches mean an address, destination alone considered. */
function matchDecisions(matches: readonly Match[], family: Family): StepFunction {
  const lists = new Map<string, readonly Cidr[]>();
  for (const { destinations, exceptDestinations } of matches) {
    if (destinations !== undefined) lists.set(destinations.join(), destinations);
    if (exceptDestinations !== undefined) lists.set(exceptDestinations.join(), exceptDestinations);
  }
  return product(
    family,
    [...lists.values()].map((list) => coverSteps(family, list)),
  );
}

/** Ids stay below this: a pair of two is one number. */
const PAIRED = 2 ** 26;

function product(family: Family, parts: readonly StepFunction[]): StepFunction {
  const [first = constantSteps(family, 0), ...rest] = parts.filter(({ starts }) => starts.length > 1);
  return rest.reduce((a, b) => {
    const pairs = new Map<number, number>();
    return joinSteps(a, b, (one, other) => {
      const pair = one * PAIRED + other;
      const known = pairs.get(pair) ?? pairs.size;
      pairs.set(pair, known);
      return known;
    });
  }, first);
}
