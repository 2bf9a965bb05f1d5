import { EVERY_IPV4, EVERY_IPV6, familyOfCidr, lengthOf } from "../address/cidr.ts";
import type { Family, Ip } from "../address/ip.ts";
import type { Alternative, Egress, Filter, Offer } from "../model/egress.ts";
import { matchesSource } from "../model/flow.ts";
import type { EgressIdentity } from "../model/identity.ts";
import { offerReading } from "./decisions.ts";
import { Interned } from "./interned.ts";
import { alternativesKey, filterKey } from "./keys.ts";
import { computedOf, hiddenIn, type MapSource } from "./own.ts";
import { literalsOf, reachableFrom } from "./reachable.ts";

/** How a sender is told from others. */
export interface Kind {
  /** Equal numbers: maps that differ in what is their own alone. */
  readonly id: number;
  /** What of it decides beside filters, routes and offers, as a number. */
  readonly context: number;
  /** What of its offers is its own, beside its source. */
  readonly more: readonly string[];
  readonly keyOf: (offer: Offer) => string;
}

/** What an egress reads as, for one sender or, where it asks for no source and nothing in it is anybody's own, for all. */
interface Reading {
  readonly id: number;
  readonly more: readonly string[];
  readonly keyOf: (offer: Offer) => string;
  /** Which of the matches that ask for a source mean this one. */
  readonly bySource: string;
  /** Of all that share it, by their context. */
  readonly kinds: Map<number, Kind>;
}

/** A list of offers that are everybody's, as a number. */
interface OffersRead {
  readonly id: number;
  readonly isShared: boolean;
}

/** An offer that is nobody's own: where it applies and how it reads, as a number. */
interface Placed {
  readonly id: number;
  /** Of any source of a family. */
  readonly isEverybodys: boolean;
  /** The families of its sources. */
  readonly families: readonly Family[];
}

const NOTHING: readonly string[] = [];

/** Numbers for senders that are alike. What many of them share is read once. */
export class Kinds {
  readonly #texts = new Interned();
  readonly #contexts = new Interned();
  readonly #plain = this.#contexts.idOf("plain");
  readonly #ids = new Interned();
  readonly #tables = new WeakMap<object, number>();
  #tableCount = 0;
  readonly #readings = new WeakMap<Offer, string>();
  readonly #placed = new WeakMap<Offer, Placed>();
  readonly #filters = new WeakMap<Filter, number>();
  readonly #nones = new WeakMap<readonly Alternative[], number>();
  /** Of those that ask for no source. */
  readonly #filterLists = new WeakMap<readonly Filter[], string>();
  readonly #egresses: Record<Family, WeakMap<Egress, Reading | null>> = { 4: new WeakMap(), 6: new WeakMap() };
  readonly #offerLists: Record<Family, WeakMap<readonly Offer[], OffersRead>> = {
    4: new WeakMap(),
    6: new WeakMap(),
  };
  /** Addresses and resources that are everybody's, wherever: one that is not among them is in no list. */
  readonly #literals = new Set<string>();
  readonly #isLiteral = (text: string): boolean => this.#literals.has(text);
  readonly #literalsOf = new WeakMap<object, ReadonlySet<string>>();
  readonly #everybodys = (offer: Offer): string => this.#readingOf(offer);

  kindOf(from: MapSource): Kind {
    const reading = this.#read(from);
    const context = this.#contextOf(from, reading);
    const known = reading.kinds.get(context);
    if (known !== undefined) return known;
    const { more, keyOf } = reading;
    const kind = { id: this.#ids.pairOf(context, reading.id), context, more, keyOf };
    reading.kinds.set(context, kind);
    return kind;
  }

  /** What of a sender decides beside its egress. */
  #contextOf(from: MapSource, { more, bySource }: Reading): number {
    const { family, role, cidr, stability, among, interface: by } = from;
    const computed = computedOf(from);
    const isAmbiguous = this.#isAmbiguous(by.egress, computed, more);
    const usual =
      (family * 2 + (by.foreignSources.allowed ? 1 : 0)) * STABILITIES + STABILITY[stability ?? "ephemeral"];
    const isPlain = role !== "range" && among === undefined && by.pending === undefined && by.premises === undefined;
    if (isPlain && bySource === "" && !isAmbiguous) return this.#contexts.pairOf(usual, this.#plain);
    const further = [
      role === "range" ? cidr.slice(cidr.indexOf("/")) : "",
      among?.join(),
      awaitedIn([computed, ...more], from),
      bySource,
      isAmbiguous ? `${by.id} ${from.source}` : "",
    ];
    return this.#contexts.pairOf(usual, this.#contexts.idOf(further.join(" ")));
  }

  /** What is its own must not also stand somewhere as everybody's: then nothing could tell the two apart. */
  #isAmbiguous({ internet, routes }: Egress, computed: string, more: readonly string[]): boolean {
    if (!this.#isLiteral(computed) && !more.some(this.#isLiteral)) return false;
    const literals = [this.#literalsIn(internet.offers), reachableFrom(routes).literals];
    return [computed, ...more].some((text) => literals.some((one) => one.has(text)));
  }

  #literalsIn(offers: readonly Offer[]): ReadonlySet<string> {
    const known = this.#literalsOf.get(offers);
    if (known !== undefined) return known;
    const others = offers.filter(({ translator }) => translator !== OWN_TRANSLATOR);
    const literals = new Set(others.flatMap(({ alternatives }) => literalsOf(alternatives)));
    this.#literalsOf.set(offers, literals);
    return literals;
  }

  #read(from: MapSource): Reading {
    const { egress } = from.interface;
    const shared = this.#egresses[from.family];
    const known = shared.get(egress);
    if (known !== undefined && known !== null) return known;
    const { reading, isShared } = this.#readEgress(from);
    if (known === undefined) shared.set(egress, isShared ? reading : null);
    return reading;
  }

  #readEgress(from: MapSource): { readonly reading: Reading; readonly isShared: boolean } {
    const { source, interface: by } = from;
    const { filters, internet, routes } = by.egress;
    const places = new Places(computedOf(from));
    const offers = this.#offersRead(internet.offers, from, places);
    const reached = reachableFrom(routes);
    const table = this.#tableId(routes);
    const bySource = reached.bySource.map((match) => (matchesSource(match, source) ? 1 : 0)).join("");
    const none = this.#noneId(internet.none);
    const lists = [filters, internet.filters].map((list) => this.#filtersRead(list, source));
    const more = places.more();
    const reading = {
      id: this.#texts.idOf([table, ...lists, offers.id, none].join("|")),
      more,
      keyOf: offers.isShared ? this.#everybodys : (offer: Offer) => this.#readingFor(offer, places),
      bySource: bySource === "" ? "" : `${table} ${bySource}`,
      kinds: new Map(),
    };
    const asks = [...filters, ...internet.filters].some(({ match }) => match.sources !== undefined);
    return { reading, isShared: offers.isShared && reached.bySource.length === 0 && !asks };
  }

  #filtersRead(filters: readonly Filter[], source: Ip): string {
    const known = this.#filterLists.get(filters);
    if (known !== undefined) return known;
    const reading = filters.flatMap((one) => (matchesSource(one.match, source) ? [this.#filterId(one)] : [])).join();
    if (filters.every(({ match }) => match.sources === undefined)) this.#filterLists.set(filters, reading);
    return reading;
  }

  #filterId(filter: Filter): number {
    const known = this.#filters.get(filter) ?? this.#texts.idOf(filterKey(filter));
    this.#filters.set(filter, known);
    return known;
  }

  #offersRead(offers: readonly Offer[], { family, source }: MapSource, places: Places): OffersRead {
    const known = this.#offerLists[family].get(offers);
    if (known?.isShared === true) return known;
    let isShared = true;
    let id = this.#texts.idOf("offers");
    for (const offer of offers) {
      const isOwn = offer.translator === OWN_TRANSLATOR;
      const placed = isOwn ? null : this.#placedOf(offer);
      isShared &&= placed?.isEverybodys === true;
      const isMeant = placed?.isEverybodys ? placed.families.includes(family) : matchesSource(offer.match, source);
      if (!isMeant) continue;
      const one = placed?.id ?? this.#texts.idOf(`${placeOf(offer)} ${places.readingOf(offer)}`);
      id = this.#texts.pairOf(id, one);
    }
    const read = { id, isShared };
    this.#offerLists[family].set(offers, read);
    return read;
  }

  /** Most offers stand in the lists of many senders. */
  #placedOf(offer: Offer): Placed {
    const known = this.#placed.get(offer);
    if (known !== undefined) return known;
    const { sources = EVERY_SOURCE } = offer.match;
    const placed = {
      id: this.#texts.idOf(`${placeOf(offer)} ${this.#readingOf(offer)}`),
      isEverybodys: sources.every((cidr) => lengthOf(cidr) === 0),
      families: sources.map(familyOfCidr),
    };
    for (const text of literalsOf(offer.alternatives)) this.#literals.add(text);
    this.#placed.set(offer, placed);
    return placed;
  }

  #readingFor(offer: Offer, places: Places): string {
    return offer.translator === OWN_TRANSLATOR ? places.readingOf(offer) : this.#readingOf(offer);
  }

  #readingOf(offer: Offer): string {
    const known = this.#readings.get(offer) ?? offerReading(offer);
    this.#readings.set(offer, known);
    return known;
  }

  #noneId(none: readonly Alternative[]): number {
    const known = this.#nones.get(none) ?? this.#texts.idOf(alternativesKey(none));
    this.#nones.set(none, known);
    return known;
  }

  #tableId(table: Egress["routes"]): number {
    const known = this.#tables.get(table);
    if (known !== undefined) return known;
    for (const text of reachableFrom(table).literals) this.#literals.add(text);
    this.#tableCount += 1;
    this.#tables.set(table, this.#tableCount);
    return this.#tableCount;
  }
}

const STABILITY = { static: 0, ephemeral: 1, changing: 2, unknown: 3 } as const;
const STABILITIES = 4;

/** An address that nobody has given yet is not like one that is known, so they share no map. */
function awaitedIn(own: readonly string[], { interface: { pending, premises } }: MapSource): string {
  if (pending === undefined && premises === undefined) return "";
  const taken = (premises ?? []).map(({ id }) => id);
  if (pending === undefined) return taken.join();
  const awaited: ReadonlyMap<string, unknown> = pending;
  return [...taken, ...own.filter((text) => awaited.has(text.replace(/\/(?:32|128)$/, "")))].join();
}

const EVERY_SOURCE = [EVERY_IPV4, EVERY_IPV6];

const OWN_TRANSLATOR = "instance-public-ip";

const placeOf = ({ match: { destinations, exceptDestinations } }: Offer): string =>
  `${destinations?.join()} ${exceptDestinations?.join()}`;

/** The numbered places of one sender, in the order in which its offers are read. */
class Places {
  readonly #texts: string[];

  constructor(source: string) {
    this.#texts = [source];
  }

  more(): readonly string[] {
    return this.#texts.length === 1 ? NOTHING : this.#texts.slice(1);
  }

  /** A public address of its own is a place; every other translator's addresses are everybody's. */
  readingOf(offer: Offer): string {
    const alternatives = offer.alternatives.map((alternative) =>
      alternative.identity.kind === "keeps-source"
        ? alternative
        : { ...alternative, identity: this.#hidden(alternative.identity) },
    );
    return offerReading({ ...offer, alternatives });
  }

  #hidden(identity: EgressIdentity): EgressIdentity {
    for (const text of [...identity.addresses, ...identity.draining, identity.resource])
      if (text !== null && !this.#texts.includes(text)) this.#texts.push(text);
    return hiddenIn(identity, this.#texts);
  }
}
