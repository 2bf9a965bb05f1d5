import { EVERY_IPV4, EVERY_IPV6, familyOfCidr, lengthOf } from "../address/cidr.ts";
import type { Family, Ip } from "../address/ip.ts";
import type { Alternative, Egress, Filter, Offer } from "../model/egress.ts";
import { matchesSource } from "../model/flow.ts";
import type { EgressIdentity } from "../model/identity.ts";
import { Interned } from "./interned.ts";
import type { Keys } from "./keys.ts";
import { computedOf, hiddenIn, type MapSource } from "./own.ts";
import { literalsOf, reachableFrom } from "./reachable.ts";
import { ofFamilies, remembered } from "./remembered.ts";

/** How a sender is told from others. */
export interface Kind {
  /** Equal numbers: maps that differ in what is their own alone. */
  readonly id: number;
  /** What of it decides beside filters, routes and offers, as a number. */
  readonly context: number;
  /** What of its offers is its own, beside its source. */
  readonly more: readonly string[];
  readonly keyOf: (offer: Offer) => number;
}

/** What an egress reads as, for one sender or, where it asks for no source and nothing in it is anybody's own, for all. */
interface Reading {
  readonly id: number;
  readonly more: readonly string[];
  readonly keyOf: (offer: Offer) => number;
  /** Which of the matches that ask for a source mean this one. */
  readonly bySource: string;
  /** Of all that share it, by their contexts: few. */
  readonly kinds: Kind[];
}

/** A list of offers, as a number. */
interface OffersRead {
  readonly id: number;
  /** All are everybody's. */
  readonly isShared: boolean;
}

/** A list of offers that are everybody's. */
interface Tail {
  readonly offers: readonly Offer[];
  /** Of its last, of its last two, and so on. */
  readonly ids: readonly number[];
}

/** An offer that is nobody's own. */
interface Placed {
  /** How it reads. */
  readonly key: number;
  /** The same, and where it applies. */
  readonly id: number;
  /** Of any source of a family. */
  readonly isEverybodys: boolean;
  /** The families of its sources. */
  readonly families: readonly Family[];
}

const NOTHING: readonly string[] = [];

/** Numbers for senders that are alike. What many of them share is read once. */
export class Kinds {
  readonly #keys: Keys;
  readonly #texts: Interned;
  readonly #contexts = new Interned();
  readonly #plain = this.#contexts.idOf("plain");
  readonly #ids = new Interned();
  readonly #tables = new WeakMap<object, number>();
  #tableCount = 0;
  readonly #placed = new WeakMap<Offer, Placed>();
  readonly #nones = new WeakMap<readonly Alternative[], number>();
  /** Of those that ask for no source. */
  readonly #filterLists = new WeakMap<readonly Filter[], number>();
  readonly #egresses = ofFamilies<Egress, Reading | null>();
  readonly #offerLists = ofFamilies<readonly Offer[], OffersRead>();
  /** By the last of a list: what many end with is read once. */
  readonly #tails = ofFamilies<Offer, Tail>();
  /** Addresses and resources that are everybody's, wherever: one that is not among them is in no list. */
  readonly #literals = new Set<string>();
  readonly #isLiteral = (text: string): boolean => this.#literals.has(text);
  readonly #literalsOf = new WeakMap<object, ReadonlySet<string>>();
  readonly #everybodys = (offer: Offer): number => this.#placedOf(offer).key;
  readonly #end: number;

  constructor(keys: Keys) {
    this.#keys = keys;
    this.#texts = keys.ids;
    this.#end = keys.ids.idOf("end");
  }

  kindOf(from: MapSource): Kind {
    const reading = this.#read(from);
    const context = this.#contextOf(from, reading);
    const { kinds, more, keyOf } = reading;
    for (let index = 0; index < kinds.length; index += 1) {
      const known = kinds[index];
      if (known?.context === context) return known;
    }
    const kind = { id: this.#ids.pairOf(context, reading.id), context, more, keyOf };
    kinds.push(kind);
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
    const none = remembered(this.#nones, internet.none, () => this.#keys.alternatives(internet.none));
    const denials = this.#texts.pairOf(this.#filtersRead(filters, source), this.#filtersRead(internet.filters, source));
    const out = this.#texts.pairOf(this.#texts.pairOf(denials, none), offers.id);
    const reading = {
      id: this.#texts.pairOf(table, out),
      more: places.more(),
      keyOf: offers.isShared ? this.#everybodys : (offer: Offer) => this.#readingFor(offer, places),
      bySource: bySource === "" ? "" : `${table} ${bySource}`,
      kinds: [],
    };
    const asks = asksForSource(filters) || asksForSource(internet.filters);
    return { reading, isShared: offers.isShared && reached.bySource.length === 0 && !asks };
  }

  #filtersRead(filters: readonly Filter[], source: Ip): number {
    const known = this.#filterLists.get(filters);
    if (known !== undefined) return known;
    let id = this.#end;
    for (const filter of filters)
      if (matchesSource(filter.match, source))
        id = this.#texts.pairOf(id, this.#texts.pairOf(this.#keys.match(filter.match), this.#keys.filter(filter)));
    if (!asksForSource(filters)) this.#filterLists.set(filters, id);
    return id;
  }

  #offersRead(offers: readonly Offer[], from: MapSource, places: Places): OffersRead {
    const { family } = from;
    const known = this.#offerLists[family].get(offers);
    if (known?.isShared === true) return known;
    const last = offers.at(-1);
    const tail = last && this.#tails[family].get(last);
    let { index, id } = this.#afterTail(offers, tail);
    let isShared = true;
    const ids: number[] = [];
    for (; index >= 0; index -= 1) {
      const offer = offers[index] as Offer;
      const isOwn = offer.translator === OWN_TRANSLATOR;
      isShared &&= !isOwn && this.#placedOf(offer).isEverybodys;
      const one = isOwn ? this.#ownId(offer, from, places) : this.#idOf(offer, from);
      if (one !== null) id = this.#texts.pairOf(one, id);
      if (tail === undefined) ids.push(id);
    }
    const read = { id, isShared };
    this.#offerLists[family].set(offers, read);
    if (isShared && last !== undefined && tail === undefined) this.#tails[family].set(last, { offers, ids });
    return read;
  }

  /** The last of a list that is not in the tail of another, and the number of all that follow it. */
  #afterTail(offers: readonly Offer[], tail: Tail | undefined): { readonly index: number; readonly id: number } {
    let alike = 0;
    const most = Math.min(offers.length, tail?.offers.length ?? 0);
    while (alike < most && offers[offers.length - 1 - alike] === tail?.offers[tail.offers.length - 1 - alike])
      alike += 1;
    return { index: offers.length - 1 - alike, id: tail?.ids[alike - 1] ?? this.#end };
  }

  /** Null: it is not meant for this source. */
  #idOf(offer: Offer, { family, source }: MapSource): number | null {
    const { id, isEverybodys, families } = this.#placedOf(offer);
    const isMeant = isEverybodys ? families.includes(family) : matchesSource(offer.match, source);
    return isMeant ? id : null;
  }

  #ownId(offer: Offer, { source }: MapSource, places: Places): number | null {
    if (!matchesSource(offer.match, source)) return null;
    return this.#texts.pairOf(this.#keys.place(offer.match), this.#keys.offer(places.hiding(offer)));
  }

  /** Most offers stand in the lists of many senders. */
  #placedOf(offer: Offer): Placed {
    const known = this.#placed.get(offer);
    if (known !== undefined) return known;
    const { sources = EVERY_SOURCE } = offer.match;
    const key = this.#keys.offer(offer);
    const placed = {
      key,
      id: this.#texts.pairOf(this.#keys.place(offer.match), key),
      isEverybodys: sources.every((cidr) => lengthOf(cidr) === 0),
      families: sources.map(familyOfCidr),
    };
    for (const text of literalsOf(offer.alternatives)) this.#literals.add(text);
    this.#placed.set(offer, placed);
    return placed;
  }

  #readingFor(offer: Offer, places: Places): number {
    return offer.translator === OWN_TRANSLATOR ? this.#keys.offer(places.hiding(offer)) : this.#placedOf(offer).key;
  }

  #tableId(table: Egress["routes"]): number {
    const known = this.#tables.get(table);
    if (known !== undefined) return known;
    for (const text of reachableFrom(table).literals) this.#literals.add(text);
    this.#tableCount += 1;
    const id = this.#texts.idOf(`table ${this.#tableCount}`);
    this.#tables.set(table, id);
    return id;
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

const asksForSource = (filters: readonly Filter[]): boolean => filters.some(({ match }) => match.sources !== undefined);

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
  hiding(offer: Offer): Offer {
    const alternatives = offer.alternatives.map((alternative) =>
      alternative.identity.kind === "keeps-source"
        ? alternative
        : { ...alternative, identity: this.#hidden(alternative.identity) },
    );
    return { ...offer, alternatives };
  }

  #hidden(identity: EgressIdentity): EgressIdentity {
    for (const text of [...identity.addresses, ...identity.draining, identity.resource])
      if (text !== null && !this.#texts.includes(text)) this.#texts.push(text);
    return hiddenIn(identity, this.#texts);
  }
}
