import type { AddressSet } from "../address/address-set.ts";
import type { Cidr } from "../address/cidr.ts";
import { largestOf } from "../address/largest.ts";
import { mergeCidrs } from "../address/merge.ts";
import type { EgressIdentity } from "../model/identity.ts";
import { identityKey } from "../resolve/combine.ts";
import type { EgressMap, MapAnswer } from "./egress-map.ts";
import type { EstateMap, InterfaceMap } from "./estate-map.ts";
import { holdsOwn, type Own, shownFor } from "./own.ts";
import type { Partner } from "./partners.ts";
import { outlineOf } from "./pieces.ts";

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

/** How many destinations are told. */
const SHOWN = 6;

/** One of those that share a map. */
interface Sender {
  /** The place of its interface in the estate. */
  readonly index: number;
  readonly of: InterfaceMap;
  readonly own: Own;
}

interface Open {
  /** As it is for the first of its senders. */
  readonly answer: EgressIdentity;
  certainty: MapAnswer["certainty"];
  /** The place in the estate of the first that shows it. */
  first: number;
  /** In groups, as they share maps. */
  readonly senders: Set<readonly Sender[]>;
  readonly towards: Set<Cidr>;
}

interface Kept {
  readonly addresses: Set<string>;
  readonly towards: Set<Cidr>;
}

/** "These addresses are everything this estate can be seen as." */
export function summaryOf(map: EstateMap, partners: readonly Partner[] | null = null): Summary {
  const named = new Map<string, Open>();
  const uncertain = new Map<string, Open>();
  const kept = new Map<string, Kept>();
  const leaving = new Set<number>();
  let maps = 0;
  for (const [egress, senders] of sendersByMap(map)) {
    maps += 1;
    const alone = senders.map((one) => [one]);
    const outline = outlineOf(egress, partners, SHOWN).filter(({ answer }) => answer.identity.kind !== "blocked");
    if (outline.length > 0) for (const { index } of senders) leaving.add(index);
    for (const { answer, towards } of outline) {
      const { identity } = answer;
      const isOwn = holdsOwn(identity);
      if (isKept(identity)) addKept(kept, senders, identity, towards);
      else if (!isNamed(identity))
        add(uncertain, `${identityKey(identity)}${isOwn ? ` ${maps}` : ""}`, answer, identity, senders, towards);
      else
        for (const group of isOwn ? alone : [senders]) {
          const shown = group[0] === undefined ? identity : shownFor(identity, group[0].own);
          add(named, identityKey(shown), answer, shown, group, towards);
        }
    }
  }
  return {
    named: ordered(named).map(closed),
    preserved: [...kept].map(([network, { addresses, towards }]) => ({
      network,
      addresses: [...addresses].sort(),
      towards: largestOf(towards, SHOWN),
    })),
    uncertain: byPlace(ordered(uncertain)),
    silent: map.interfaces.flatMap((one, index) => (leaving.has(index) ? [] : [nameOf(one)])).sort(),
  };
}

const isKept = ({ kind, translator, resource }: EgressIdentity): boolean =>
  kind === "preserved" && translator === null && resource === null;

const isNamed = ({ kind }: EgressIdentity): boolean => kind === "translated" || kind === "preserved";

const nameOf = ({ host, interface: one }: InterfaceMap): string => `${host.name}/${one.name}`;

/** What most senders show they show alike, so it is looked at once for all that share a map. */
function sendersByMap({ interfaces }: EstateMap): ReadonlyMap<EgressMap, readonly Sender[]> {
  const senders = new Map<EgressMap, Sender[]>();
  for (const [index, of] of interfaces.entries())
    for (const { map, own } of of.sources) {
      const alike = senders.get(map) ?? [];
      senders.set(map, alike);
      alike.push({ index, of, own });
    }
  return senders;
}

/** @param key of what reads alike, whoever shows it */
function add(
  seen: Map<string, Open>,
  key: string,
  { certainty }: MapAnswer,
  answer: EgressIdentity,
  senders: readonly Sender[],
  towards: readonly Cidr[],
): void {
  const first = senders[0]?.index ?? 0;
  const open = seen.get(key) ?? { answer, certainty, first, senders: new Set(), towards: new Set() };
  seen.set(key, open);
  open.first = Math.min(open.first, first);
  if (ORDER.indexOf(certainty) > ORDER.indexOf(open.certainty)) open.certainty = certainty;
  open.senders.add(senders);
  for (const cidr of towards) open.towards.add(cidr);
}

function addKept(
  kept: Map<string, Kept>,
  senders: readonly Sender[],
  identity: EgressIdentity,
  towards: readonly Cidr[],
): void {
  const networks = new Set<Kept>();
  for (const { of, own } of senders) {
    const { network } = of.interface;
    const known = kept.get(network) ?? { addresses: new Set(), towards: new Set() };
    kept.set(network, known);
    networks.add(known);
    for (const cidr of shownFor(identity, own).addresses) known.addresses.add(cidr);
  }
  for (const known of networks) for (const cidr of towards) known.towards.add(cidr);
}

/** What most show stands first. */
function ordered(seen: ReadonlyMap<string, Open>): readonly Open[] {
  const counts = new Map([...seen.values()].map((one) => [one, countOf(one)]));
  return [...counts].sort(([a, many], [b, others]) => others - many || a.first - b.first).map(([one]) => one);
}

const countOf = ({ senders }: Open): number => {
  const [only, ...others] = senders;
  if (others.length === 0) return only?.length ?? 0;
  const shown = new Set<number>();
  for (const group of senders) for (const { index } of group) shown.add(index);
  return shown.size;
};

/** Once each, sorted. In an export they stand sorted nearly always, and a sort of what is sorted is soon done. */
const namesOf = (all: readonly Open[]): readonly string[] => {
  const shown = new Map<number, InterfaceMap>();
  for (const { senders } of all) for (const group of senders) for (const { index, of } of group) shown.set(index, of);
  const names = new Set<string>();
  for (const index of Uint32Array.from(shown.keys()).sort()) {
    const of = shown.get(index);
    if (of !== undefined) names.add(nameOf(of));
  }
  return [...names].sort();
};

const closed = (one: Open): SeenAs => ({
  answer: one.answer,
  certainty: one.certainty,
  users: namesOf([one]),
  towards: largestOf(one.towards, SHOWN),
});

/** Who shows what to one place differs from sender to sender; that nobody can tell is the same for all. */
function byPlace(all: readonly Open[]): readonly Uncertain[] {
  const places = new Map<string, { readonly towards: readonly Cidr[]; readonly there: Open[] }>();
  for (const one of all) {
    const towards = largestOf(one.towards, SHOWN);
    const key = towards.join();
    const known = places.get(key) ?? { towards, there: [] };
    places.set(key, known);
    known.there.push(one);
  }
  return [...places.values()].map(({ towards, there }) => ({
    towards,
    users: namesOf(there),
    addresses: mergeCidrs(there.flatMap(addressesOf)),
    kinds: new Set(there.map(({ answer }) => answer.kind)),
  }));
}

/** Of every sender its own. */
function addressesOf({ answer, senders }: Open): readonly Cidr[] {
  if (!holdsOwn(answer)) return answer.addresses;
  return [...senders].flatMap((group) => group.flatMap(({ own }) => shownFor(answer, own).addresses));
}
