import type { AddressSet } from "../address/address-set.ts";
import { type Cidr, lengthOf } from "../address/cidr.ts";
import { mergeCidrs } from "../address/merge.ts";
import type { EgressIdentity } from "../model/identity.ts";
import { identityKey } from "../resolve/combine.ts";
import type { EgressMap, MapAnswer } from "./egress-map.ts";
import type { EstateMap, InterfaceMap } from "./estate-map.ts";
import { holdsOwn, type Own, shownFor } from "./own.ts";
import type { Partner } from "./partners.ts";
import { piecesOfMap } from "./pieces.ts";

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
  /** The place in the estate of the first that shows it. */
  first: number;
  readonly users: Set<string>;
  readonly towards: Set<Cidr>;
}

/** One of those that share a map. */
interface Sender {
  readonly index: number;
  readonly name: string;
  readonly network: string;
  readonly own: Own;
}

/** "These addresses are everything this estate can be seen as." */
export function summaryOf(map: EstateMap, partners: readonly Partner[] | null = null): Summary {
  const seen = new Map<string, Open>();
  const kept = new Map<string, { addresses: Set<string>; towards: Set<Cidr> }>();
  const leaving = new Set<number>();
  for (const [egress, senders] of sendersByMap(map)) {
    const pieces = piecesOfMap(egress, partners).filter(({ answer: { identity } }) => identity.kind !== "blocked");
    if (pieces.length > 0) for (const { index } of senders) leaving.add(index);
    for (const { answer, destinations } of pieces) {
      const { kind, translator, resource } = answer.identity;
      const isKept = kind === "preserved" && translator === null && resource === null;
      const towards = largestOf(destinations);
      for (const group of holdsOwn(answer.identity) ? senders.map((one) => [one]) : [senders])
        if (isKept) addKept(kept, group, answer, towards);
        else add(seen, group, answer, towards);
    }
  }
  const all = [...seen.values()]
    .sort((a, b) => b.users.size - a.users.size || a.first - b.first)
    .map((one) => closed(one));
  const isNamed = ({ answer }: SeenAs): boolean => answer.kind === "translated" || answer.kind === "preserved";
  return {
    named: all.filter(isNamed),
    preserved: [...kept].map(([network, { addresses, towards }]) => ({
      network,
      addresses: [...addresses].sort(),
      towards: largest(towards),
    })),
    uncertain: byPlace(all.filter((one) => !isNamed(one))),
    silent: map.interfaces.flatMap((one, index) => (leaving.has(index) ? [] : [nameOf(one)])).sort(),
  };
}

const nameOf = ({ host, interface: one }: InterfaceMap): string => `${host.name}/${one.name}`;

/** What most senders show they show alike, so it is looked at once for all that share a map. */
function sendersByMap({ interfaces }: EstateMap): ReadonlyMap<EgressMap, readonly Sender[]> {
  const senders = new Map<EgressMap, Sender[]>();
  for (const [index, one] of interfaces.entries())
    for (const { map, own } of one.sources) {
      const alike = senders.get(map) ?? [];
      senders.set(map, alike);
      alike.push({ index, name: nameOf(one), network: one.interface.network, own });
    }
  return senders;
}

/** @param senders what belongs to one of them stands in the answer only if it is the only one */
function add(
  seen: Map<string, Open>,
  senders: readonly Sender[],
  { identity, certainty }: MapAnswer,
  towards: readonly Cidr[],
): void {
  const [first] = senders;
  if (first === undefined) return;
  const answer = shownFor(identity, first.own);
  const key = identityKey(answer);
  const open = seen.get(key) ?? { answer, certainty, first: first.index, users: new Set(), towards: new Set<Cidr>() };
  seen.set(key, open);
  open.first = Math.min(open.first, first.index);
  if (ORDER.indexOf(certainty) > ORDER.indexOf(open.certainty)) open.certainty = certainty;
  for (const { name } of senders) open.users.add(name);
  for (const cidr of towards) open.towards.add(cidr);
}

function addKept(
  kept: Map<string, { addresses: Set<string>; towards: Set<Cidr> }>,
  senders: readonly Sender[],
  { identity }: MapAnswer,
  towards: readonly Cidr[],
): void {
  for (const { network, own } of senders) {
    const known = kept.get(network) ?? { addresses: new Set(), towards: new Set() };
    kept.set(network, known);
    for (const cidr of shownFor(identity, own).addresses) known.addresses.add(cidr);
    for (const cidr of towards) known.towards.add(cidr);
  }
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
    const there = places.get(key);
    if (there === undefined) places.set(key, [one]);
    else there.push(one);
  }
  return [...places.values()].map((there) => ({
    towards: there[0]?.towards ?? [],
    users: [...new Set(there.flatMap(({ users }) => users))].sort(),
    addresses: mergeCidrs(there.flatMap(({ answer }) => answer.addresses)),
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
