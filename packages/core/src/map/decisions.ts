import type { Cidr } from "../address/cidr.ts";
import type { Family, Ip } from "../address/ip.ts";
import { constantSteps, coverSteps, joinSteps, type StepFunction, stepsOf } from "../address/step-function.ts";
import type { Filter, Gap, Internet, NextHop, Offer, Route, RouteStage, RouteTable } from "../model/egress.ts";
import { type Match, matchesSource } from "../model/flow.ts";
import { routeIndexOf } from "../resolve/select-route.ts";
import { Interned } from "./interned.ts";
import { alternativesKey, assumptionKey, filterKey, fitKey, hopKey, offerKey } from "./keys.ts";
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
  readonly #lists: Record<Family, WeakMap<object, StepFunction>> = { 4: new WeakMap(), 6: new WeakMap() };

  both(one: StepFunction, other: StepFunction): StepFunction {
    return joinSteps(one, other, (a, b) => this.#ids.pairOf(a, b));
  }

  /** Of a route table and everything that its next hops lead to. */
  ofTable(table: RouteTable, family: Family): StepFunction {
    return remembered(this.#tables[family], table, () => {
      const { tables, matches } = reachableFrom(table);
      const head = [...tables].map(({ none, stages }) => [none.rule.id, ...stages.map(stageKey)].join("\t")).join("\n");
      const stages = new Set([...tables].flatMap((one) => one.stages));
      // What is joined last is gone through once: that is the stage with the routes that somebody made.
      const parts = [...this.#insides(matches, family), ...[...stages].map((stage) => this.#ofStage(stage, family))];
      return parts.reduce((all, part) => this.both(all, part), constantSteps(family, this.#ids.idOf(head)));
    });
  }

  /** Of filters, for packets from one source. The first that means a packet decides. */
  ofFilters(filters: readonly Filter[], family: Family, source: Ip): StepFunction {
    const make = (): StepFunction =>
      filters.reduceRight(
        (rest, filter) => {
          const { match, key, isFinal } = readFilter(filter, filters.at(-1));
          return matchesSource(match, source) ? this.#before(match, key, isFinal, rest) : rest;
        },
        constantSteps(family, this.#ids.idOf("passes")),
      );
    const isShared = filters.every(({ match }) => match.sources === undefined);
    return isShared ? remembered(this.#lists[family], filters, make) : make();
  }

  /**
   * Of the ways to the internet, for packets from one source.
   *
   * @param keyOf how an offer reads; those of the sender's own without what is its own
   */
  ofOffers(internet: Internet, family: Family, source: Ip, keyOf: (offer: Offer) => string): StepFunction {
    const none = constantSteps(family, this.#ids.idOf(`none ${alternativesKey(internet.none)}`));
    return internet.offers.reduceRight((rest, offer) => {
      const { match, fallsThrough } = offer;
      if (!matchesSource(match, source)) return rest;
      return this.#before(match, keyOf(offer), isWhole(match) && fallsThrough === undefined, rest);
    }, none);
  }

  /** What comes first where it means the destination; the rest counts where it may not decide alone. */
  #before(match: Match, key: string, isFinal: boolean, rest: StepFunction): StepFunction {
    const first = this.#ids.idOf(key);
    return joinSteps(insideOf(match, rest.family), rest, (inside, after) =>
      inside === 0 ? after : isFinal ? first : this.#ids.pairOf(first, after),
    );
  }

  #ofStage(stage: RouteStage, family: Family): StepFunction {
    return remembered(this.#stages[family], stage, () =>
      stage.gaps.reduceRight(
        (rest, gap) => this.#before(destinationsOf(gap), gapKey(gap), false, rest),
        this.#ofRoutes(stage, family),
      ),
    );
  }

  /** The routes of the longest prefix; with those around it where a packet may not fit them. */
  #ofRoutes(stage: RouteStage, family: Family): StepFunction {
    const isLongest = stage.kind === "longest-prefix";
    return stepsOf(family, routeIndexOf(stage).tableOf(family), this.#ids.idOf("no route"), (here, around) => {
      let own = NO_ID;
      let isFinal = false;
      for (const route of here) {
        const id = this.#routeId(route);
        own = own === NO_ID ? id : this.#ids.pairOf(own, id);
        isFinal ||= isLongest && route.match === undefined;
      }
      return isFinal ? own : this.#ids.pairOf(own === NO_ID ? around : own, around);
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
  #insides(matches: readonly Match[], family: Family): readonly StepFunction[] {
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

/** @param last of all: what an earlier list allows goes on to the next ones, past all that follows in its own */
function readFilter(
  filter: Filter,
  last: Filter | undefined,
): { readonly match: Match; readonly key: string; readonly isFinal: boolean } {
  const { match, unless, perhaps, list } = filter;
  const { sources: _, destinations: __, exceptDestinations: ___, ...traffic } = match;
  const isSure = isWhole(match) && unless === undefined && perhaps === undefined;
  return { match, key: filterKey(filter, traffic), isFinal: isSure && list === last?.list };
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
