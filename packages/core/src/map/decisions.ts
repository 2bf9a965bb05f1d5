import type { Cidr } from "../address/cidr.ts";
import type { Family, Ip } from "../address/ip.ts";
import type { Nested, Position } from "../address/nested.ts";
import {
  constantSteps,
  coverSteps,
  joinSteps,
  type Layer,
  layered,
  type StepFunction,
  stepsOf,
} from "../address/step-function.ts";
import type { Filter, Gap, Internet, NextHop, Offer, Route, RouteStage, RouteTable } from "../model/egress.ts";
import { type Match, matchesSource } from "../model/flow.ts";
import { routeIndexOf } from "../resolve/select-route.ts";
import { Interned } from "./interned.ts";
import { alternativesKey, assumptionKey, filterKey, fitKey, hopKey, offerKey } from "./keys.ts";
import type { MapSource } from "./own.ts";
import { reachableFrom } from "./reachable.ts";

/**
 * Where in destination space decisions differ, by what they rest on: two addresses with one id meet filters, routes,
 * gaps and offers that read alike, in this egress or in two, so that one of them speaks for both.
 */
export class Decisions {
  readonly #ids = new Interned();
  readonly #hops = new WeakMap<NextHop, number>();
  readonly #routes = new WeakMap<NextHop, Numbered>();
  readonly #preferences = new WeakMap<readonly number[], number>();
  readonly #tables: Record<Family, WeakMap<RouteTable, StepFunction>> = { 4: new WeakMap(), 6: new WeakMap() };
  readonly #stages: Record<Family, WeakMap<RouteStage, StepFunction>> = { 4: new WeakMap(), 6: new WeakMap() };
  readonly #insides: Record<Family, WeakMap<Match, StepFunction>> = { 4: new WeakMap(), 6: new WeakMap() };
  readonly #lists: Record<Family, WeakMap<object, StepFunction>> = { 4: new WeakMap(), 6: new WeakMap() };

  /**
   * All that decides for what one sender sends.
   *
   * @param keyOf how an offer reads; those of the sender's own without what is its own
   * @param answer what a decision comes to, given a place where it is met
   */
  of(
    { family, source, interface: { egress } }: Pick<MapSource, "family" | "source" | "interface">,
    keyOf: (offer: Offer) => string,
    answer: (decision: number, first: Position) => number,
  ): StepFunction {
    const { filters, routes, internet } = egress;
    const denials = this.#both(
      this.#ofFilters(filters, family, source),
      this.#ofFilters(internet.filters, family, source),
    );
    const others = this.#both(denials, this.#ofOffers(internet, family, source, keyOf));
    return joinSteps(this.#ofTable(routes, family), others, (a, b, first) => answer(this.#ids.pairOf(a, b), first));
  }

  #both(one: StepFunction, other: StepFunction): StepFunction {
    return joinSteps(one, other, (a, b) => this.#ids.pairOf(a, b));
  }

  /** Of a route table and everything that its next hops lead to. */
  #ofTable(table: RouteTable, family: Family): StepFunction {
    return remembered(this.#tables[family], table, () => {
      const { tables, matches } = reachableFrom(table);
      const head = [...tables].map(({ none, stages }) => [none.rule.id, ...stages.map(stageKey)].join("\t")).join("\n");
      const stages = new Set([...tables].flatMap((one) => one.stages));
      // What is joined last is gone through once: that is the stage with the routes that somebody made.
      const parts = [...this.#within(matches, family), ...[...stages].map((stage) => this.#ofStage(stage, family))];
      return parts.reduce((all, part) => this.#both(all, part), constantSteps(family, this.#ids.idOf(head)));
    });
  }

  /** Of filters, for packets from one source. The first that means a packet decides. */
  #ofFilters(filters: readonly Filter[], family: Family, source: Ip): StepFunction {
    const make = (): StepFunction => {
      const meant = filters.filter(({ match }) => matchesSource(match, source));
      const readings = meant.map((filter) => readFilter(filter, filters.at(-1)));
      return this.#layered(family, "passes", readings);
    };
    const isShared = filters.every(({ match }) => match.sources === undefined);
    return isShared ? remembered(this.#lists[family], filters, make) : make();
  }

  /** Of the ways to the internet, for packets from one source. */
  #ofOffers(internet: Internet, family: Family, source: Ip, keyOf: (offer: Offer) => string): StepFunction {
    const meant = internet.offers.filter(({ match }) => matchesSource(match, source));
    const readings = meant.map((offer) => ({
      match: offer.match,
      key: keyOf(offer),
      isFinal: isWhole(offer.match) && offer.fallsThrough === undefined,
    }));
    return this.#layered(family, `none ${alternativesKey(internet.none)}`, readings);
  }

  /** What comes first where it means the destination; the rest counts where it may not decide alone. */
  #layered(family: Family, rest: string, readings: readonly Reading[]): StepFunction {
    const layers = readings.toReversed().map(({ match, key, isFinal }): Layer => {
      const id = this.#ids.idOf(key);
      const over = isFinal ? () => id : (below: number) => this.#ids.pairOf(id, below);
      return { where: this.#insideOf(match, family), over };
    });
    return layered(family, this.#ids.idOf(rest), layers);
  }

  /** Many senders share an offer, or a filter. */
  #insideOf(match: Match, family: Family): StepFunction {
    return remembered(this.#insides[family], match, () => insideOf(match, family));
  }

  #ofStage(stage: RouteStage, family: Family): StepFunction {
    return remembered(this.#stages[family], stage, () => {
      const gaps = stage.gaps.map((gap) => ({ match: destinationsOf(gap), key: gapKey(gap), isFinal: false }));
      const routes = this.#ofRoutes(stage, routeIndexOf(stage).tableOf(family), family);
      return gaps.length === 0 ? routes : this.#both(this.#layered(family, "no gap", gaps), routes);
    });
  }

  /** The routes of the longest prefix; with those around it where a packet may not fit them. */
  #ofRoutes({ kind, routes }: RouteStage, table: Nested, family: Family): StepFunction {
    const { heads, order } = table;
    const ids = new Int32Array(routes.length);
    const isWhole = new Uint8Array(routes.length);
    // In the order in which they were given, which is how they lie in memory.
    for (let index = 0; index < routes.length; index += 1) {
      const route = routes[index] as Route;
      ids[index] = this.#routeId(route);
      isWhole[index] = route.match === undefined ? 1 : 0;
    }
    return stepsOf(family, table, this.#ids.idOf("no route"), (prefix, around) => {
      let own = NO_ID;
      let isFinal = false;
      for (let at = heads[prefix] ?? 0; at < (heads[prefix + 1] ?? 0); at += 1) {
        const index = order[at] ?? 0;
        const id = ids[index] ?? NO_ID;
        own = own === NO_ID ? id : this.#ids.pairOf(own, id);
        isFinal ||= kind === "longest-prefix" && isWhole[index] === 1;
      }
      return isFinal ? own : this.#ids.pairOf(own, around);
    });
  }

  /** Of many routes by one next hop, nearly all are alike in everything but their prefix. */
  #routeId({ hop, preference, usable, match }: Route): number {
    const last = this.#routes.get(hop);
    if (last !== undefined && last.preference === preference && last.usable === usable && last.match === match)
      return last.id;
    const leads = this.#ids.pairOf(this.#hopId(hop), this.#preferenceId(preference));
    const id = this.#ids.pairOf(leads, this.#ids.idOf(fitKey(usable, match)));
    this.#routes.set(hop, { preference, usable, match, id });
    return id;
  }

  #hopId(hop: NextHop): number {
    return remembered(this.#hops, hop, () => this.#ids.idOf(hopKey(hop)));
  }

  #preferenceId(preference: readonly number[]): number {
    return remembered(this.#preferences, preference, () => this.#ids.idOf(preference.join()));
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

const NO_ID = -1;

/** What of a stage counts beside its routes and gaps. */
const stageKey = ({ kind, ties, orders }: RouteStage): string => {
  const compared = orders.map((order) => order.map(({ position, rule }) => `${position} ${rule.id}`).join());
  return [kind, ties.kind, ties.rule.id, ...compared].join("|");
};

/** The last route by a next hop that was given a number. */
interface Numbered extends Pick<Route, "preference" | "usable"> {
  readonly match: Match | undefined;
  readonly id: number;
}

function remembered<K extends object, T>(known: WeakMap<K, T>, key: K, make: () => T): T {
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = make();
  known.set(key, made);
  return made;
}

const isWhole = ({ protocols, ports }: Match): boolean => protocols === undefined && ports === undefined;

const destinationsOf = ({ destinations }: Gap): Match => (destinations === undefined ? {} : { destinations });

const gapKey = ({ harmless, otherwise }: Gap): string => `${assumptionKey(harmless)} ${alternativesKey(otherwise)}`;

/** What comes first where it means a destination. */
interface Reading {
  readonly match: Match;
  readonly key: string;
  /** What comes after it does not count. */
  readonly isFinal: boolean;
}

/** @param last of all: what an earlier list allows goes on to the next ones, past all that follows in its own */
function readFilter(filter: Filter, last: Filter | undefined): Reading {
  const { match, action, unless, perhaps, list } = filter;
  const { sources: _, destinations: __, exceptDestinations: ___, ...traffic } = match;
  const isSure = isWhole(match) && unless === undefined && perhaps === undefined;
  return {
    match,
    key: filterKey(filter, traffic),
    isFinal: isSure && (action === "always-allow" || list === last?.list),
  };
}

/** 1 where a match means the destination. */
function insideOf({ destinations, exceptDestinations }: Match, family: Family): StepFunction {
  const inside = destinations === undefined ? constantSteps(family, 1) : coverSteps(family, destinations);
  if (exceptDestinations === undefined) return inside;
  return joinSteps(inside, coverSteps(family, exceptDestinations), (one, except) => (except === 1 ? 0 : one));
}

/** How an offer reads, wherever it applies. */
export function offerReading(offer: Offer): string {
  const { sources: _, destinations: __, exceptDestinations: ___, ...traffic } = offer.match;
  return offerKey(offer, traffic);
}
