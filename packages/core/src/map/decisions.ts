import type { Family, Ip } from "../address/ip.ts";
import { joinSteps, type Position, type StepFunction } from "../address/step-function.ts";
import type { Filter, Internet, Offer } from "../model/egress.ts";
import { type Match, matchesSource } from "../model/flow.ts";
import type { Interned } from "./interned.ts";
import type { Keys } from "./keys.ts";
import { Layers, type Reading } from "./layers.ts";
import type { MapSource } from "./own.ts";
import { ofFamilies, remembered } from "./remembered.ts";
import { Tables } from "./tables.ts";

/**
 * Where in destination space decisions differ, by what they rest on: two addresses with one id meet filters, routes,
 * gaps and offers that read alike, in this egress or in two, so that one of them speaks for both.
 */
export class Decisions {
  readonly #keys: Keys;
  readonly #ids: Interned;
  readonly #layers: Layers;
  readonly #tables: Tables;
  readonly #lists = ofFamilies<object, StepFunction>();
  /** Ids of filters past which nothing goes. */
  readonly #denials = new Set<number>();
  /** The filters in what decides beside a route table; of a denial there is no more. */
  readonly #filtersOf = new Map<number, number>();
  readonly #passes: number;
  readonly #none: number;
  readonly #beside: number;

  constructor(keys: Keys) {
    this.#keys = keys;
    this.#ids = keys.ids;
    this.#layers = new Layers(keys);
    this.#tables = new Tables(keys, this.#layers);
    this.#passes = keys.ids.idOf("passes");
    this.#none = keys.ids.idOf("no offer");
    this.#beside = keys.ids.idOf("beside");
  }

  /**
   * All that decides for what one sender sends.
   *
   * @param keyOf how an offer reads; those of the sender's own without what is its own
   * @param answer what a decision comes to, given a place where it is met and whether packets may go out to the internet
   */
  of(
    { family, source, interface: { egress } }: Pick<MapSource, "family" | "source" | "interface">,
    keyOf: (offer: Offer) => number,
    answer: (decision: number, first: Position, isOut: boolean) => number,
  ): StepFunction {
    const { filters, routes, internet } = egress;
    const outside = this.#ofFilters(internet.filters, family, source);
    const offers = this.#ofOffers(internet, family, source, keyOf);
    const out = joinSteps(outside, offers, (a, b) => (this.#denials.has(a) ? a : this.#ids.pairOf(a, b)));
    const others = joinSteps(this.#ofFilters(filters, family, source), out, (a, b) => this.#othersOf(a, b));
    return joinSteps(this.#tables.of(routes, family), others, (table, beside, start) => {
      const isOut = this.#tables.meetsInternet(table);
      return answer(this.#decision(table, beside, isOut), start, isOut);
    });
  }

  /** @param out what the way to the internet does */
  #othersOf(filters: number, out: number): number {
    if (this.#denials.has(filters)) return filters;
    const id = this.#ids.pairOf(this.#beside, this.#ids.pairOf(filters, out));
    this.#filtersOf.set(id, filters);
    return id;
  }

  /** What is not met does not count. */
  #decision(table: number, others: number, isOut: boolean): number {
    const filters = this.#filtersOf.get(others);
    return filters === undefined ? others : this.#ids.pairOf(table, isOut ? others : filters);
  }

  /** Of filters, for packets from one source. The first that means a packet decides. */
  #ofFilters(filters: readonly Filter[], family: Family, source: Ip): StepFunction {
    const make = (): StepFunction => {
      const meant = filters.filter(({ match }) => matchesSource(match, source));
      return this.#layers.of(
        family,
        this.#passes,
        meant.map((filter) => this.#readFilter(filter, filters.at(-1))),
      );
    };
    const isShared = filters.every(({ match }) => match.sources === undefined);
    return isShared ? remembered(this.#lists[family], filters, make) : make();
  }

  /** @param last of all: what an earlier list allows goes on to the next ones, past all that follows in its own */
  #readFilter(filter: Filter, last: Filter | undefined): Reading {
    const { match, unless, perhaps, list, action } = filter;
    const isSure = isWhole(match) && unless === undefined && perhaps === undefined;
    const isFinal = isSure && (action === "always-allow" || list === last?.list);
    const key = this.#keys.filter(filter);
    if (isFinal && action === "deny") this.#denials.add(key);
    return { match, key, isFinal };
  }

  /** Of the ways to the internet, for packets from one source. */
  #ofOffers(internet: Internet, family: Family, source: Ip, keyOf: (offer: Offer) => number): StepFunction {
    const meant = internet.offers.filter(({ match }) => matchesSource(match, source));
    const readings = meant.map((offer) => ({
      match: offer.match,
      key: keyOf(offer),
      isFinal: isWhole(offer.match) && offer.fallsThrough === undefined,
    }));
    return this.#layers.of(family, this.#ids.pairOf(this.#none, this.#keys.alternatives(internet.none)), readings);
  }
}

const isWhole = ({ protocols, ports }: Match): boolean => protocols === undefined && ports === undefined;
