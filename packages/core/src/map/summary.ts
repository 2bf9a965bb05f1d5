import { type AddressSet, unionOf } from "../address/address-set.ts";
import { type Cidr, lengthOf } from "../address/cidr.ts";
import type { EgressIdentity } from "../model/identity.ts";
import { identityKey } from "../resolve/combine.ts";
import type { MapAnswer } from "./egress-map.ts";
import type { EstateMap } from "./estate-map.ts";
import type { Partner } from "./partners.ts";
import { type MapPiece, piecesOf } from "./pieces.ts";

/** One identity that destinations may see of the estate, and of whom. */
export interface SeenAs {
  readonly answer: EgressIdentity;
  /** The least certain of its pieces. */
  readonly certainty: MapAnswer["certainty"];
  /** `vm1/nic0`, sorted. */
  readonly users: readonly string[];
  /** The largest prefixes it is shown to. */
  readonly towards: readonly Cidr[];
}

export interface Summary {
  /** What somebody sets, or a public address of one's own: what allowlists are made of. */
  readonly named: readonly SeenAs[];
  /** An address inside that arrives as it is; senders of the same network are one. */
  readonly preserved: readonly PreservedAs[];
  /** It depends, nobody can know before, or too little is known: by where it goes. */
  readonly uncertain: readonly Uncertain[];
  /** Interfaces from which nothing leaves for anywhere. */
  readonly silent: readonly string[];
}

export interface Uncertain {
  readonly towards: readonly Cidr[];
  /** `vm1/nic0`, sorted. */
  readonly users: readonly string[];
  /** All that may be seen, as far as it can be named. */
  readonly addresses: AddressSet;
  /** Nothing can be named, or there may be more. */
  readonly kinds: ReadonlySet<EgressIdentity["kind"]>;
}

export interface PreservedAs {
  readonly network: string;
  readonly addresses: readonly string[];
  readonly towards: readonly Cidr[];
}

const ORDER = ["predicted", "possible", "unknown"] as const;

interface Open {
  readonly answer: EgressIdentity;
  certainty: MapAnswer["certainty"];
  readonly users: Set<string>;
  readonly towards: Set<Cidr>;
}

/** "These addresses are everything this estate can be seen as." */
export function summaryOf(map: EstateMap, partners: readonly Partner[] | null = null): Summary {
  const seen = new Map<string, Open>();
  const kept = new Map<string, { addresses: Set<string>; towards: Set<Cidr> }>();
  const silent: string[] = [];
  for (const one of map.interfaces) {
    let leaves = false;
    for (const piece of piecesOf(one, partners)) {
      const { answer } = piece;
      if (answer.kind === "blocked") continue;
      leaves = true;
      if (answer.kind !== "preserved" || answer.translator !== null || answer.resource !== null) add(seen, piece);
      else addKept(kept, one.interface.network, piece);
    }
    if (!leaves) silent.push(`${one.host.name}/${one.interface.name}`);
  }
  const all = [...seen.values()].map(closed).sort((a, b) => b.users.length - a.users.length);
  const isNamed = ({ answer }: SeenAs): boolean => answer.kind === "translated" || answer.kind === "preserved";
  return {
    named: all.filter(isNamed),
    preserved: [...kept].map(([network, { addresses, towards }]) => ({
      network,
      addresses: [...addresses].sort(),
      towards: largest(towards),
    })),
    uncertain: byPlace(all.filter((one) => !isNamed(one))),
    silent: silent.sort(),
  };
}

function add(seen: Map<string, Open>, { answer, certainty, name, destinations }: MapPiece): void {
  const key = identityKey(answer);
  const open = seen.get(key) ?? { answer, certainty, users: new Set(), towards: new Set<Cidr>() };
  seen.set(key, open);
  if (ORDER.indexOf(certainty) > ORDER.indexOf(open.certainty)) open.certainty = certainty;
  open.users.add(name);
  for (const cidr of largestOf(destinations)) open.towards.add(cidr);
}

function addKept(
  kept: Map<string, { addresses: Set<string>; towards: Set<Cidr> }>,
  network: string,
  { answer, destinations }: MapPiece,
): void {
  const known = kept.get(network) ?? { addresses: new Set(), towards: new Set() };
  kept.set(network, known);
  for (const cidr of answer.addresses) known.addresses.add(cidr);
  for (const cidr of largestOf(destinations)) known.towards.add(cidr);
}

const closed = ({ answer, certainty, users, towards }: Open): SeenAs => ({
  answer,
  certainty,
  users: [...users].sort(),
  towards: largest(towards),
});

/** Who shows what to one place differs from sender to sender; that nobody can tell is the same for all. */
function byPlace(all: readonly SeenAs[]): readonly Uncertain[] {
  const places = new Map<string, SeenAs[]>();
  for (const one of all) {
    const key = one.towards.join();
    places.set(key, [...(places.get(key) ?? []), one]);
  }
  return [...places.values()].map((there) => ({
    towards: there[0]?.towards ?? [],
    users: [...new Set(there.flatMap(({ users }) => users))].sort(),
    addresses: unionOf(there.map(({ answer }) => answer.addresses)),
    kinds: new Set(there.map(({ answer }) => answer.kind)),
  }));
}

const SHOWN = 6;

const largest = (cidrs: Iterable<Cidr>): readonly Cidr[] => {
  const found: Placed[] = [];
  for (const cidr of cidrs) {
    const one = { cidr, length: lengthOf(cidr) };
    const last = found.at(-1);
    if (found.length === SHOWN && last !== undefined && !isLarger(one, last)) continue;
    const at = found.findIndex((other) => isLarger(one, other));
    found.splice(at < 0 ? found.length : at, 0, one);
    found.length = Math.min(found.length, SHOWN);
  }
  return found.map(({ cidr }) => cidr);
};

interface Placed {
  readonly cidr: Cidr;
  readonly length: number;
}

const isLarger = (one: Placed, other: Placed): boolean =>
  one.length === other.length ? one.cidr < other.cidr : one.length < other.length;

const sorted = new WeakMap<readonly Cidr[], readonly Cidr[]>();

/** Interfaces that share a map share its lists of destinations: each is looked through once. */
function largestOf(destinations: readonly Cidr[]): readonly Cidr[] {
  const known = sorted.get(destinations) ?? largest(destinations);
  sorted.set(destinations, known);
  return known;
}
