import { setOfCidrs } from "../address/address-set.ts";
import { addressOf, type Cidr, hostCidr, isHost, lengthOf } from "../address/cidr.ts";
import { type Family, familyOf, type Ip } from "../address/ip.ts";
import type { Egress, Filter, Offer } from "../model/egress.ts";
import type { Host, Interface, InterfaceAddress } from "../model/estate.ts";
import { matchesSource } from "../model/flow.ts";
import type { EgressIdentity } from "../model/identity.ts";
import { standIn } from "../resolve/sender.ts";
import { offerReading } from "./decisions.ts";
import { Interned } from "./interned.ts";
import { alternativesKey, filterKey } from "./keys.ts";
import { literalsOf, reachableFrom } from "./reachable.ts";

/** One address, or block of addresses, that an interface sends from. */
export interface MapSource {
  readonly host: Host;
  readonly interface: Interface;
  readonly family: Family;
  /** The address itself, or the first of the block. */
  readonly source: Ip;
  /** `source` only stands for these, of which the platform picks one; absent: it is the source. */
  readonly among?: readonly Cidr[];
  readonly cidr: Cidr;
  readonly role: InterfaceAddress["role"];
  readonly stability: InterfaceAddress["stability"];
}

export function sourcesOf(host: Host, one: Interface): readonly MapSource[] {
  const { sendsFromAny } = one;
  if (sendsFromAny !== undefined)
    return ([4, 6] as const).map((family) => {
      const stands = standIn(sendsFromAny, family);
      const cidr = hostCidr(stands.source);
      return { host, interface: one, family, ...stands, cidr, role: "primary", stability: "changing" };
    });
  return one.addresses.map(({ cidr, role, stability }) => ({
    host,
    interface: one,
    family: familyOf(addressOf(cidr)),
    source: addressOf(cidr),
    cidr,
    role,
    stability,
  }));
}

/**
 * What belongs to one sender alone, so that senders which differ in nothing else share a map: its source, its public
 * addresses, and the resources that hold them. In a map they are numbered places, `$0`, `$1`.
 */
export interface Own {
  /** As they stand in identities. */
  readonly computed: readonly string[];
  /** As they are shown: a block instead of its first address. */
  readonly shown: readonly string[];
}

/** How a sender is told from others. Equal keys: maps that differ in what is their own alone. */
export interface Kind {
  readonly key: string;
  /** What of it decides beside filters, routes and offers. */
  readonly context: string;
  readonly own: Own;
  readonly keyOf: (offer: Offer) => string;
}

/** What a list of offers reads as, for one sender. */
interface Reading {
  readonly text: string;
  /** Addresses and resources that are everybody's. */
  readonly literals: ReadonlySet<string>;
}

/** What an egress reads as, for one sender or, where it asks for no source, for all. */
interface EgressReading {
  readonly text: string;
  readonly literals: readonly ReadonlySet<string>[];
  /** Which of the matches that ask for a source mean this one. */
  readonly bySource: string;
}

/** An offer that is nobody's own: where it applies and how it reads, as a number. */
interface Placed {
  readonly id: number;
  readonly literals: readonly string[];
}

/** Numbers for objects and texts, and readings of lists that many senders share. */
export class Kinds {
  readonly #objects = new WeakMap<object, number>();
  readonly #offers = new WeakMap<Offer, string>();
  readonly #placed = new WeakMap<Offer, Placed>();
  readonly #filters = new WeakMap<Filter, number>();
  /** Of those that ask for no source. */
  readonly #filterLists = new WeakMap<readonly Filter[], string>();
  readonly #texts = new Interned();
  readonly #egresses: Record<Family, WeakMap<Egress, EgressReading | typeof OWN>> = {
    4: new WeakMap(),
    6: new WeakMap(),
  };
  readonly #shared: Record<Family, WeakMap<readonly Offer[], Reading | typeof OWN>> = {
    4: new WeakMap(),
    6: new WeakMap(),
  };
  #count = 0;

  kindOf(from: MapSource): Kind {
    const { source, cidr } = from;
    const own = new Tokens(isHost(cidr) ? cidr : hostCidr(source), cidr);
    const { text, literals, bySource } = this.#egressRead(from, own);
    const isAmbiguous = own.isAmbiguousIn(literals);
    const context = `${contextOf(from, own.done())} ${bySource} ${isAmbiguous ? `${from.interface.id} ${source}` : ""}`;
    return { key: `${context}|${text}`, context, own: own.done(), keyOf: (offer) => this.#readingOf(offer, own) };
  }

  /** Of an egress that asks for no source, once for all senders of a family. */
  #egressRead(from: MapSource, own: Tokens): EgressReading {
    const { egress } = from.interface;
    const shared = this.#egresses[from.family];
    const known = shared.get(egress);
    if (known !== undefined && known !== OWN) return known;
    const reading = this.#readEgress(from, own);
    if (known === undefined) shared.set(egress, asksForSource(egress) ? OWN : reading);
    return reading;
  }

  #readEgress(from: MapSource, own: Tokens): EgressReading {
    const { source, interface: by } = from;
    const { filters, internet, routes } = by.egress;
    // Places are numbered in the order in which they are met: the offers come first.
    const offers = this.#offersRead(internet.offers, from, own);
    const none = this.#texts.idOf(alternativesKey(internet.none));
    const reached = reachableFrom(routes);
    const bySource = reached.bySource.map((match) => (matchesSource(match, source) ? 1 : 0)).join("");
    const table = this.#idOf(routes);
    const text = [
      table,
      this.#filtersRead(filters, source),
      this.#filtersRead(internet.filters, source),
      offers.text,
      none,
    ].join("|");
    return {
      text: `${this.#texts.idOf(text)}`,
      literals: [offers.literals, reached.literals],
      bySource: bySource === "" ? "" : `${table} ${bySource}`,
    };
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

  #offersRead(offers: readonly Offer[], { family, source }: MapSource, own: Tokens): Reading {
    const shared = this.#shared[family];
    const known = shared.get(offers);
    if (known !== undefined && known !== OWN) return known;
    const isShared = known === undefined && offers.every(isEverybodys);
    const reading = this.#read(
      offers.filter(({ match }) => matchesSource(match, source)),
      own,
    );
    shared.set(offers, isShared ? reading : OWN);
    return reading;
  }

  #read(offers: readonly Offer[], own: Tokens): Reading {
    const literals = new Set<string>();
    const ids = offers.map((offer) => {
      if (offer.translator === OWN_TRANSLATOR) return this.#texts.idOf(`${placeOf(offer)} ${ownReading(offer, own)}`);
      const placed = this.#placedOf(offer);
      for (const text of placed.literals) literals.add(text);
      return placed.id;
    });
    return { text: ids.join(), literals };
  }

  /** Most offers stand in the lists of many senders. */
  #placedOf(offer: Offer): Placed {
    const known = this.#placed.get(offer);
    if (known !== undefined) return known;
    const id = this.#texts.idOf(`${placeOf(offer)} ${this.#everybodys(offer)}`);
    const placed = { id, literals: literalsOf(offer.alternatives) };
    this.#placed.set(offer, placed);
    return placed;
  }

  #readingOf(offer: Offer, own: Tokens): string {
    return offer.translator === OWN_TRANSLATOR ? ownReading(offer, own) : this.#everybodys(offer);
  }

  #everybodys(offer: Offer): string {
    const known = this.#offers.get(offer);
    if (known !== undefined) return known;
    const reading = offerReading(offer);
    this.#offers.set(offer, reading);
    return reading;
  }

  #idOf(thing: object): number {
    const known = this.#objects.get(thing);
    if (known !== undefined) return known;
    this.#count += 1;
    this.#objects.set(thing, this.#count);
    return this.#count;
  }
}

/** What of a sender decides beside its egress. */
const contextOf = ({ family, role, cidr, stability, among, interface: by }: MapSource, own: Own): string =>
  `${family} ${role === "range" ? cidr.slice(cidr.indexOf("/")) : ""} ${stability ?? "ephemeral"} ${
    among?.join() ?? ""
  } ${by.foreignSources.allowed} ${awaitedIn(own, by)}`;

const asksForSource = ({ filters, internet, routes }: Egress): boolean =>
  reachableFrom(routes).bySource.length > 0 ||
  [...filters, ...internet.filters].some(({ match }) => match.sources !== undefined) ||
  !internet.offers.every(isEverybodys);

/** An address that nobody has given yet is not like one that is known, so they share no map. */
function awaitedIn({ computed }: Own, { pending, premises }: Interface): string {
  if (pending === undefined && premises === undefined) return "";
  const taken = (premises ?? []).map(({ id }) => id);
  if (pending === undefined) return taken.join();
  const awaited: ReadonlyMap<string, unknown> = pending;
  return [...taken, ...computed.filter((text) => awaited.has(text.replace(/\/(?:32|128)$/, "")))].join();
}

const OWN = "own";
const OWN_TRANSLATOR = "instance-public-ip";

/** Of any source of its family, and of no sender's own. */
const isEverybodys = ({ translator, match: { sources } }: Offer): boolean =>
  translator !== OWN_TRANSLATOR && (sources === undefined || sources.every((cidr) => lengthOf(cidr) === 0));

const placeOf = ({ match: { destinations, exceptDestinations } }: Offer): string =>
  `${destinations?.join()} ${exceptDestinations?.join()}`;

/** A public address of its own is a place; every other translator's addresses are everybody's. */
function ownReading(offer: Offer, own: Tokens): string {
  const alternatives = offer.alternatives.map((alternative) =>
    alternative.identity.kind === "keeps-source"
      ? alternative
      : { ...alternative, identity: own.hidden(alternative.identity) },
  );
  return offerReading({ ...offer, alternatives });
}

class Tokens {
  readonly #computed: string[];
  readonly #shown: string[];

  constructor(computed: Cidr, shown: Cidr) {
    this.#computed = [computed];
    this.#shown = [shown];
  }

  /** The same identity with numbered places where the sender's own stands. */
  hidden(identity: EgressIdentity): EgressIdentity {
    for (const text of [...identity.addresses, ...identity.draining, identity.resource])
      if (text !== null && !this.#computed.includes(text)) {
        this.#computed.push(text);
        this.#shown.push(text);
      }
    return hiddenIn(identity, this.done());
  }

  /** What is its own must not also stand somewhere as everybody's: then nothing could tell the two apart. */
  isAmbiguousIn(literals: readonly ReadonlySet<string>[]): boolean {
    return this.#computed.some((text) => literals.some((one) => one.has(text)));
  }

  done(): Own {
    return { computed: this.#computed, shown: this.#shown };
  }
}

/** An identity computed for one sender, for all of its kind. */
export function hiddenIn(identity: EgressIdentity, own: Own): EgressIdentity {
  const hide = <T extends string>(text: T): T => {
    const index = own.computed.indexOf(text);
    return (index < 0 ? text : `$${index}`) as T;
  };
  return {
    ...identity,
    addresses: identity.addresses.map(hide),
    draining: identity.draining.map(hide),
    resource: identity.resource === null ? null : hide(identity.resource),
  };
}

/** Whether senders that share a map show something of their own here. */
export const holdsOwn = ({ addresses, draining, resource }: EgressIdentity): boolean =>
  resource?.startsWith("$") === true || [...addresses, ...draining].some((text) => text.startsWith("$"));

/** An identity of a map as it is for one sender. */
export function shownFor(identity: EgressIdentity, { shown }: Own): EgressIdentity {
  if (!holdsOwn(identity)) return identity;
  const show = <T extends string>(text: T): T => (text.startsWith("$") ? (shown[Number(text.slice(1))] as T) : text);
  const showAll = (cidrs: readonly Cidr[]): readonly Cidr[] => {
    if (!cidrs.some((cidr) => cidr.startsWith("$"))) return cidrs;
    return cidrs.length === 1 ? cidrs.map(show) : setOfCidrs(cidrs.map(show));
  };
  return {
    ...identity,
    addresses: showAll(identity.addresses),
    draining: showAll(identity.draining),
    resource: identity.resource === null ? null : show(identity.resource),
  };
}
