import { setOfCidrs } from "../address/address-set.ts";
import { addressOf, type Cidr, hostCidr } from "../address/cidr.ts";
import { type Family, familyOf, type Ip } from "../address/ip.ts";
import type { Offer } from "../model/egress.ts";
import type { Host, Interface, InterfaceAddress } from "../model/estate.ts";
import { matchesSource } from "../model/flow.ts";
import type { EgressIdentity } from "../model/identity.ts";
import { offerReading } from "./decisions.ts";
import { alternativesKey } from "./keys.ts";
import { reachableFrom } from "./reachable.ts";

/** One address, or block of addresses, that an interface sends from. */
export interface MapSource {
  readonly host: Host;
  readonly interface: Interface;
  readonly family: Family;
  /** The address itself, or the first of the block. */
  readonly source: Ip;
  readonly cidr: Cidr;
  readonly role: InterfaceAddress["role"];
  readonly stability: InterfaceAddress["stability"];
}

export const sourcesOf = (host: Host, one: Interface): readonly MapSource[] =>
  one.addresses.map(({ cidr, role, stability }) => ({
    host,
    interface: one,
    family: familyOf(addressOf(cidr)),
    source: addressOf(cidr),
    cidr,
    role,
    stability,
  }));

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

/** Numbers for objects, and readings of them that are asked for again and again. */
export class Kinds {
  readonly #objects = new WeakMap<object, number>();
  readonly #offers = new WeakMap<Offer, string>();
  #count = 0;

  kindOf(from: MapSource): Kind {
    const { source, interface: by, stability, role } = from;
    const { filters, internet, routes } = by.egress;
    const own = new Tokens(hostCidr(source), from.cidr);
    const fitting = internet.offers.filter(({ match }) => matchesSource(match, source));
    const keyOf = (offer: Offer): string =>
      offer.translator === "instance-public-ip" ? ownReading(offer, own) : this.#readingOf(offer);
    // Places are numbered in the order in which they are met: the offers come first.
    const offers = fitting.map((offer) => `${placeOf(offer)} ${keyOf(offer)}`);
    const reached = reachableFrom(routes);
    const bySource = reached.matches.flatMap((match) =>
      match.sources === undefined ? [] : [matchesSource(match, source) ? 1 : 0],
    );
    const isAmbiguous = own.isAmbiguousIn([...offers, alternativesKey(internet.none)], reached.literals);
    const context = [
      from.family,
      role === "range" ? from.cidr.slice(from.cidr.indexOf("/")) : "",
      stability ?? "ephemeral",
      by.foreignSources.allowed,
      bySource.length === 0 ? "" : `${this.#idOf(routes)} ${bySource.join("")}`,
      isAmbiguous ? `${by.id} ${source}` : "",
    ].join(" ");
    const shown = [...filters, ...internet.filters].filter(({ match }) => matchesSource(match, source));
    const key = [
      context,
      this.#idOf(routes),
      shown.map((filter) => this.#idOf(filter)).join(),
      offers.join("\n"),
      alternativesKey(internet.none),
    ].join("\n\n");
    return { key, context, own: own.done(), keyOf };
  }

  #readingOf(offer: Offer): string {
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
  isAmbiguousIn(keys: readonly string[], literals: ReadonlySet<string>): boolean {
    return this.#computed.some((text) => literals.has(text) || keys.some((key) => key.includes(text)));
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

/** An identity of a map as it is for one sender. */
export function shownFor(identity: EgressIdentity, { shown }: Own): EgressIdentity {
  const show = <T extends string>(text: T): T => (text.startsWith("$") ? (shown[Number(text.slice(1))] as T) : text);
  const showAll = (cidrs: readonly Cidr[]): readonly Cidr[] =>
    cidrs.some((cidr) => cidr.startsWith("$")) ? setOfCidrs(cidrs.map(show)) : cidrs;
  return {
    ...identity,
    addresses: showAll(identity.addresses),
    draining: showAll(identity.draining),
    resource: identity.resource === null ? null : show(identity.resource),
  };
}
