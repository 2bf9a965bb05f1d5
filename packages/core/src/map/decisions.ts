import type { Family, Ip } from "../address/ip.ts";
import { joinSteps, type Position, type StepFunction } from "../address/step-function.ts";
import type { Filter, Internet, Offer } from "../model/egress.ts";
import { type Match, matchesSource } from "../model/flow.ts";
import { Interned } from "./interned.ts";
import { alternativesKey, filterKey, offerKey } from "./keys.ts";
import { Layers, type Reading } from "./layers.ts";
import type { MapSource } from "./own.ts";
import { ofFamilies, remembered } from "./remembered.ts";
import { Tables } from "./tables.ts";

/**
 * Where in destination space decisions differ, by what they rest on: two addresses with one id meet filters, routes,
 * gaps and offers that read alike, in this egress or in two, so that one of them speaks for both.
 */
export class Decisions {
  readonly #ids = new Interned();
  readonly #layers = new Layers(this.#ids);
  readonly #tables = new Tables(this.#ids, this.#layers);
  readonly #lists = ofFamilies<object, StepFunction>();
  /** Ids of filters past which nothing goes. */
  readonly #denials = new Set<number>();
  /** The filters in what decides beside a route table; of a denial there is no more. */
  readonly #filtersOf = new Map<number, number>();

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
    const outside = this.#ofFilters(internet.filters, family, source);
    const offers = this.#ofOffers(internet, family, source, keyOf);
    const out = joinSteps(outside, offers, (a, b) => (this.#denials.has(a) ? a : this.#ids.pairOf(a, b)));
    const others = joinSteps(this.#ofFilters(filters, family, source), out, (a, b) => this.#othersOf(a, b));
    return joinSteps(this.#tables.of(routes, family), others, (a, b, start) => answer(this.#decision(a, b), start));
  }

  /** @param out what the way to the internet does */
  #othersOf(filters: number, out: number): number {
    if (this.#denials.has(filters)) return filters;
    const id = this.#ids.pairOf(filters, out);
    this.#filtersOf.set(id, filters);
    return id;
  }

  /** What is not met does not count. */
  #decision(table: number, others: number): number {
    const filters = this.#filtersOf.get(others);
    if (filters === undefined) return others;
    return this.#ids.pairOf(table, this.#tables.meetsInternet(table) ? others : filters);
  }

  /** Of filters, for packets from one source. The first that means a packet decides. */
  #ofFilters(filters: readonly Filter[], family: Family, source: Ip): StepFunction {
    const make = (): StepFunction => {
      const meant = filters.filter(({ match }) => matchesSource(match, source));
      const readings = meant.map((filter) => readFilter(filter, filters.at(-1)));
      for (const [index, { key, isFinal }] of readings.entries())
        if (isFinal && meant[index]?.action === "deny") this.#denials.add(this.#ids.idOf(key));
      return this.#layers.of(family, "passes", readings);
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
    return this.#layers.of(family, `none ${alternativesKey(internet.none)}`, readings);
  }
}

const isWhole = ({ protocols, ports }: Match): boolean => protocols === undefined && ports === undefined;

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

/** How an offer reads, wherever it applies. */
export function offerReading(offer: Offer): string {
  const { sources: _, destinations: __, exceptDestinations: ___, ...traffic } = offer.match;
  return offerKey(offer, traffic);
}
