import type { Cidr } from "../address/cidr.ts";
import type { Family } from "../address/ip.ts";
import type { Nested } from "../address/nested.ts";
import { constantSteps, coverSteps, joinSteps, type StepFunction, stepsOf } from "../address/step-function.ts";
import type { Gap, NextHop, Route, RouteStage, RouteTable } from "../model/egress.ts";
import type { Match } from "../model/flow.ts";
import { routeIndexOf } from "../resolve/select-route.ts";
import { type Interned, Marks } from "./interned.ts";
import type { Keys } from "./keys.ts";
import type { Layers } from "./layers.ts";
import { asksAgain, asksForDestination, type Reachable, reachableFrom } from "./reachable.ts";
import { ofFamilies, remembered } from "./remembered.ts";

/** No later stage counts. */
const ENDS = 1;
/** A packet may come to the way to the internet. */
const INTERNET = 2;
/** A packet may come to what looks at its destination once more. */
const FURTHER = 4;

/** Where in destination space route tables decide differently, by the routes and gaps that compete. */
export class Tables {
  readonly #keys: Keys;
  readonly #ids: Interned;
  readonly #layers: Layers;
  /** Where an id leads. */
  readonly #leads = new Marks();
  readonly #hops = new WeakMap<NextHop, number>();
  readonly #routes = new WeakMap<NextHop, Numbered>();
  readonly #preferences = new WeakMap<readonly number[], number>();
  readonly #tables = ofFamilies<RouteTable, StepFunction>();
  readonly #own = ofFamilies<RouteTable, StepFunction>();
  readonly #stages = ofFamilies<RouteStage, StepFunction>();
  readonly #noRoute: number;
  readonly #around: number;
  readonly #noGap: number;

  constructor(keys: Keys, layers: Layers) {
    const { ids } = keys;
    this.#keys = keys;
    this.#ids = ids;
    this.#layers = layers;
    this.#noRoute = ids.idOf("no route");
    this.#around = ids.idOf("around");
    this.#noGap = ids.idOf("no gap");
  }

  /** Of a route table and everything that its next hops lead to. */
  of(table: RouteTable, family: Family): StepFunction {
    return remembered(this.#tables[family], table, () => {
      const own = this.#ofStages(table, family);
      const reached = reachableFrom(table);
      return reached.asksAgain ? this.#withFurther(own, this.#further(table, reached, family)) : own;
    });
  }

  /** Whether packets that meet what such an id stands for may come to the way to the internet. */
  meetsInternet(id: number): boolean {
    return (this.#leads.of(id) & INTERNET) !== 0;
  }

  #withFurther(own: StepFunction, further: StepFunction): StepFunction {
    return joinSteps(own, further, (id, beyond) => {
      const leads = this.#leads.of(id);
      return (leads & FURTHER) === 0 ? id : this.#marked(this.#ids.pairOf(id, beyond), leads);
    });
  }

  /** What counts where a next hop leads on: the other tables, and which matches mean an address. */
  #further(table: RouteTable, { tables, matches }: Reachable, family: Family): StepFunction {
    const others = [...tables].filter((one) => one !== table).map((one) => this.#ofStages(one, family));
    const all = [...this.#within(matches, family), ...others];
    return all.reduce(
      (before, one) => joinSteps(before, one, (a, b) => this.#ids.pairOf(a, b)),
      constantSteps(family, this.#ids.idOf("further")),
    );
  }

  /** Of a table's own stages, as far as each is asked. */
  #ofStages(table: RouteTable, family: Family): StepFunction {
    return remembered(this.#own[family], table, () => {
      const head = [table.none.rule.id, ...table.stages.map(stageKey)].join("\t");
      // What is joined last is gone through once: that is the stage with the routes that somebody made.
      return table.stages.reduce(
        (before, stage) => joinSteps(before, this.#ofStage(stage, family), (a, b) => this.#handedOn(a, b)),
        constantSteps(family, this.#ids.idOf(head)),
      );
    });
  }

  #handedOn(before: number, stage: number): number {
    const leads = this.#leads.of(before);
    return (leads & ENDS) !== 0 ? before : this.#marked(this.#ids.pairOf(before, stage), leads | this.#leads.of(stage));
  }

  #ofStage(stage: RouteStage, family: Family): StepFunction {
    return remembered(this.#stages[family], stage, () => {
      const gaps = stage.gaps.map((gap) => ({ match: destinationsOf(gap), key: this.#keys.gap(gap), isFinal: false }));
      const routes = this.#ofRoutes(stage, routeIndexOf(stage).tableOf(family), family);
      if (gaps.length === 0) return routes;
      const open = this.#layers.of(family, this.#noGap, gaps);
      return joinSteps(open, routes, (a, b) => this.#marked(this.#ids.pairOf(a, b), this.#leads.of(b)));
    });
  }

  /** The routes of the longest prefix; with those around it where a packet may not fit them. */
  #ofRoutes({ kind, routes }: RouteStage, table: Nested, family: Family): StepFunction {
    const { heads, order, around, count } = table;
    const read = this.#read(routes, kind === "longest-prefix");
    const { ids, isWhole } = read;
    const inside = new Int32Array(count);
    for (let prefix = 0; prefix < count; prefix += 1) {
      const from = heads[prefix] ?? 0;
      const end = heads[prefix + 1] ?? 0;
      const only = order[from] ?? 0;
      inside[prefix] =
        end === from + 1 && isWhole[only] === 1
          ? (ids[only] ?? 0)
          : this.#several(read, order.slice(from, end), inside[around[prefix] ?? NONE] ?? this.#noRoute);
    }
    return stepsOf(family, table, this.#noRoute, inside);
  }

  /** In the order in which they were given, which is how they lie in memory. */
  #read(routes: readonly Route[], isByPrefix: boolean): RoutesRead {
    const ids = new Int32Array(routes.length);
    const isWhole = new Uint8Array(routes.length);
    for (let index = 0; index < routes.length; index += 1) {
      const route = routes[index] as Route;
      ids[index] = this.#routeId(route);
      isWhole[index] = isByPrefix && route.match === undefined ? 1 : 0;
    }
    return { ids, isWhole };
  }

  /** Routes of one prefix that compete, and if none of them takes every packet, with what is around it. */
  #several({ ids, isWhole }: RoutesRead, indexes: ArrayLike<number>, around: number): number {
    let own = ids[indexes[0] ?? 0] ?? 0;
    let isFinal = isWhole[indexes[0] ?? 0] === 1;
    for (let at = 1; at < indexes.length; at += 1) {
      const index = indexes[at] ?? 0;
      own = this.#both(own, ids[index] ?? 0);
      isFinal ||= isWhole[index] === 1;
    }
    return isFinal ? own : this.#orAround(own, around);
  }

  /** Two that compete. */
  #both(one: number, other: number): number {
    const [a, b] = [this.#leads.of(one), this.#leads.of(other)];
    return this.#marked(this.#ids.pairOf(one, other), ((a | b) & ~ENDS) | (a & b & ENDS));
  }

  #orAround(own: number, around: number): number {
    const leads = this.#leads.of(own) | this.#leads.of(around);
    return this.#marked(this.#ids.pairOf(own, this.#ids.pairOf(this.#around, around)), leads & ~ENDS);
  }

  #marked(id: number, leads: number): number {
    this.#leads.set(id, leads);
    return id;
  }

  /** Of many routes by one next hop, nearly all are alike in everything but their prefix. */
  #routeId(route: Route): number {
    const { hop, preference, usable, match } = route;
    const last = this.#routes.get(hop);
    return last?.preference === preference && last.usable === usable && last.match === match
      ? last.id
      : this.#numbered(route);
  }

  #numbered(route: Route): number {
    const { hop, preference, usable, match } = route;
    const way = this.#ids.pairOf(this.#hopId(hop), this.#preferenceId(preference));
    const id = this.#marked(this.#ids.pairOf(way, this.#keys.fit(usable, match)), leadsOf(route));
    this.#routes.set(hop, { preference, usable, match, id });
    return id;
  }

  #hopId(hop: NextHop): number {
    return remembered(this.#hops, hop, () => this.#keys.hop(hop));
  }

  #preferenceId(preference: readonly number[]): number {
    return remembered(this.#preferences, preference, () => this.#ids.idOf(`prefers ${preference.join()}`));
  }

  /** Which of the matches mean an address, destination alone considered. */
  #within(matches: readonly Match[], family: Family): readonly StepFunction[] {
    const lists = new Map<string, readonly Cidr[]>();
    for (const { destinations, exceptDestinations } of matches) {
      if (destinations !== undefined) lists.set(destinations.join(), destinations);
      if (exceptDestinations !== undefined) lists.set(exceptDestinations.join(), exceptDestinations);
    }
    return [...lists].map(([text, list]) => {
      const inside = this.#ids.idOf(`in ${text}`);
      const outside = this.#ids.idOf(`not in ${text}`);
      return coverSteps(family, list, inside, outside);
    });
  }
}

/** What of a stage counts beside its routes and gaps. */
const stageKey = ({ kind, ties, orders }: RouteStage): string => {
  const compared = orders.map((order) => order.map(({ position, rule }) => `${position} ${rule.id}`).join());
  return [kind, ties.kind, ties.rule.id, ...compared].join("|");
};

const NONE = -1;

/** Of a list of routes, by their indexes. */
interface RoutesRead {
  readonly ids: Int32Array;
  /** 1: every packet for its prefix fits it, and it keeps the shorter ones from being asked. */
  readonly isWhole: Uint8Array;
}

/** The last route by a next hop that was given a number. */
interface Numbered extends Pick<Route, "preference" | "usable"> {
  readonly match: Match | undefined;
  readonly id: number;
}

/** Where a route leads if it is the only one of its prefix that may be taken. */
const leadsOf = ({ hop, match }: Route): number =>
  (hop.kind === "next-stage" ? 0 : ENDS) |
  (hop.kind === "internet" ? INTERNET : 0) |
  (asksAgain(hop) || (match !== undefined && asksForDestination(match)) ? FURTHER : 0);

const destinationsOf = ({ destinations }: Gap): Match => (destinations === undefined ? {} : { destinations });
