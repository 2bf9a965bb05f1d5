import { addressOf, type Cidr, hostCidr } from "../address/cidr.ts";
import { type Family, familyOf, type Ip } from "../address/ip.ts";
import type { Offer } from "../model/egress.ts";
import type { Host, Interface, InterfaceAddress } from "../model/estate.ts";
import { matches } from "../model/flow.ts";
import type { EgressIdentity } from "../model/identity.ts";
import { alternativesKey, filterKey, offerKey } from "./keys.ts";
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
 * addresses, and the resources that hold them.
 */
export interface Own {
  /** As they stand in identities when the map is computed. */
  readonly computed: readonly string[];
  /** As they are shown: a block instead of its first address. */
  readonly shown: readonly string[];
}

/** Two senders with one key have maps that differ in what is their own alone. */
export interface Kind {
  readonly key: string;
  readonly own: Own;
}

const objectIds = new WeakMap<object, number>();
let objects = 0;

function objectId(thing: object): number {
  const known = objectIds.get(thing);
  if (known !== undefined) return known;
  objects += 1;
  objectIds.set(thing, objects);
  return objects;
}

export function kindOf(from: MapSource): Kind {
  const { source, interface: by, stability, role } = from;
  const { filters, internet, routes } = by.egress;
  const own = new Tokens(hostCidr(source), from.cidr);
  const fits = (sources: readonly Cidr[] | undefined): boolean =>
    sources === undefined || matches({ sources }, { source, protocol: "tcp", port: null }, source);
  const filterPart = [...filters, ...internet.filters].flatMap((filter) => {
    const { sources, ...match } = filter.match;
    return fits(sources) ? [filterKey(filter, match)] : [];
  });
  const offerPart = internet.offers.flatMap((offer) => (fits(offer.match.sources) ? [ownOfferKey(offer, own)] : []));
  const reached = reachableFrom(routes);
  const bySource = reached.matches.map(({ sources }) => (fits(sources) ? 1 : 0));
  const key = [
    objectId(routes),
    from.family,
    role === "range" ? from.cidr.slice(from.cidr.indexOf("/")) : "",
    stability ?? "ephemeral",
    by.foreignSources.allowed,
    bySource.join(""),
    filterPart.join("\n"),
    offerPart.join("\n"),
    alternativesKey(internet.none),
  ].join("\n\n");
  // What is its own must not also stand somewhere as everybody's: then nothing could tell the two apart.
  return { key: own.isAmbiguousIn(key, reached.literals) ? `${key} ${by.id} ${source}` : key, own: own.done() };
}

/** A public address of its own is a token; every other translator's addresses are everybody's. */
function ownOfferKey(offer: Offer, own: Tokens): string {
  const { sources: _, ...match } = offer.match;
  if (offer.translator !== "instance-public-ip") return offerKey(offer, match);
  const alternatives = offer.alternatives.map((alternative) =>
    alternative.identity.kind === "keeps-source"
      ? alternative
      : { ...alternative, identity: own.hidden(alternative.identity) },
  );
  return offerKey({ ...offer, alternatives }, match);
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
    const hide = <T extends string>(text: T): T => `$${this.#indexOf(text)}` as T;
    return {
      ...identity,
      addresses: identity.addresses.map(hide),
      draining: identity.draining.map(hide),
      resource: identity.resource === null ? null : hide(identity.resource),
    };
  }

  #indexOf(text: string): number {
    const known = this.#computed.indexOf(text);
    if (known >= 0) return known;
    this.#computed.push(text);
    this.#shown.push(text);
    return this.#computed.length - 1;
  }

  isAmbiguousIn(key: string, literals: ReadonlySet<string>): boolean {
    return this.#computed.some((text) => literals.has(text) || key.includes(text));
  }

  done(): Own {
    return { computed: this.#computed, shown: this.#shown };
  }
}

/** An identity computed for one sender as it is for another of the same kind. */
export function shownFor(identity: EgressIdentity, computed: Own, member: Own): EgressIdentity {
  const swap = <T extends string>(text: T): T => (member.shown[computed.computed.indexOf(text)] ?? text) as T;
  return {
    ...identity,
    addresses: identity.addresses.map(swap),
    draining: identity.draining.map(swap),
    resource: identity.resource === null ? null : swap(identity.resource),
  };
}
