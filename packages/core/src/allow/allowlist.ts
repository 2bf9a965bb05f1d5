import { setOfCidrs } from "../address/address-set.ts";
import {
  type Cidr,
  cidrCovers,
  cidrsOfRange,
  type Range,
  RFC1918,
  RFC6598,
  rangeOf,
  UNIQUE_LOCAL,
} from "../address/cidr.ts";
import { mergeCidrs } from "../address/merge.ts";
import type { Protocol } from "../model/flow.ts";
import type { EgressIdentity, Stability } from "../model/identity.ts";
import type { Ask } from "../model/outcome.ts";
import type { Text } from "../problem.ts";
import type { Certainty } from "../verdict/verdict.ts";
import { type Doubt, doubtsOf, HALF_READ } from "./doubts.ts";

/** One standing answer of somebody who may reach the partner. */
export interface AllowSource {
  /** As a person would name it: `vm1/nic0`; null when only evidence speaks. */
  readonly sender: string | null;
  readonly answer: EgressIdentity;
  readonly certainty: Certainty;
  /** The rules that decide. */
  readonly rules: readonly string[];
  /** Why it is not certain. */
  readonly open: readonly Text[];
  /** What to do to be certain, the most telling first. */
  readonly next: readonly Ask[];
}

/** For whom a list is made, as far as formats need it. */
export interface Destination {
  /** `Bank (203.0.113.10:443)`, `198.51.100.25:25` */
  readonly towards: readonly string[];
  /** What the partner opens; null where no port was named. */
  readonly services: readonly Service[] | null;
}

export interface Service {
  readonly protocol: Protocol;
  /** Null: the protocol has none. */
  readonly port: number | null;
}

/** current: seen of new connections · draining: of old ones alone · after-scaling: only once somebody scales it. */
export type Use = "current" | "draining" | "after-scaling";

/** One prefix of the list, and why it stands there. No two entries hold the same address. */
export interface AllowEntry {
  readonly cidr: Cidr;
  readonly use: Use;
  readonly stability: Stability;
  readonly certainty: Certainty;
  /** A private source: it arrives over a private link, never over the internet. */
  readonly isPrivate: boolean;
  readonly resources: readonly string[];
  readonly rules: readonly string[];
  readonly senders: readonly string[];
}

export interface Allowlist extends Destination {
  readonly entries: readonly AllowEntry[];
  readonly senders: number;
  /** Senders of which nothing reaches the partner. */
  readonly blocked: number;
  /** Why the list should not be handed over; empty when it may. */
  readonly doubts: readonly Doubt[];
  /** RFC 3339; null: nobody said. */
  readonly asOf: string | null;
}

/** When it holds, and whether everything was read that was given. */
export interface Basis {
  readonly asOf: string | null;
  readonly isHalfRead: boolean;
}

/** The union of all answers: exactly their addresses, in the fewest prefixes that keep what is marked differently apart. */
export function allowlistFrom(
  sources: readonly AllowSource[],
  to: Destination,
  { asOf, isHalfRead }: Basis,
): Allowlist {
  const names = new Set(sources.map(({ sender }) => sender));
  const reaching = sources.filter(({ answer }) => answer.kind !== "blocked");
  return {
    ...to,
    entries: entriesOf(reaching),
    senders: names.size,
    blocked: names.size - new Set(reaching.map(({ sender }) => sender)).size,
    doubts: [...(isHalfRead ? [HALF_READ] : []), ...doubtsOf(sources)],
    asOf,
  };
}

interface Marks {
  readonly use: Use;
  readonly stability: Stability;
  readonly certainty: Certainty;
}

interface Part {
  readonly marks: Marks;
  readonly cidrs: Cidr[];
}

const USES = ["current", "draining", "after-scaling"] as const satisfies readonly Use[];
/** The worst first: what is said of an address is what the least of its reasons allows. */
const STABILITIES = ["changing", "unknown", "ephemeral", "static"] as const satisfies readonly Stability[];
const CERTAINTIES = ["unknown", "possible", "predicted", "logged", "observed"] as const satisfies readonly Certainty[];

const rankOf = ({ use, stability, certainty }: Marks): number =>
  (USES.indexOf(use) * STABILITIES.length + STABILITIES.indexOf(stability)) * CERTAINTIES.length +
  CERTAINTIES.indexOf(certainty);

function entriesOf(sources: readonly AllowSource[]): readonly AllowEntry[] {
  const parts = new Map<number, Part>();
  for (const { answer, certainty } of sources) {
    const { stability } = answer;
    addTo(parts, { use: "current", stability, certainty }, answer.addresses);
    addTo(parts, { use: "draining", stability: "changing", certainty }, answer.draining);
    addTo(parts, { use: "after-scaling", stability, certainty }, answer.afterScaling ?? []);
  }
  const sorted = [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
  const marked: Omit<AllowEntry, "resources" | "rules" | "senders">[] = [];
  let taken: readonly Cidr[] = [];
  for (const { marks, cidrs } of sorted) {
    const own = mergeCidrs(cidrs);
    const left = taken.length === 0 ? own : without(own, taken);
    for (const cidr of left) marked.push({ cidr, ...marks, isPrivate: isPrivateCidr(cidr) });
    taken = sorted.length === 1 ? taken : setOfCidrs([...taken, ...left]);
  }
  return withReasons(marked, sources);
}

const isPrivateCidr = (cidr: Cidr): boolean =>
  [RFC1918, RFC6598, UNIQUE_LOCAL].some((list) => list.some((block) => cidrCovers(block, cidr)));

function addTo(parts: Map<number, Part>, marks: Marks, cidrs: readonly Cidr[]): void {
  if (cidrs.length === 0) return;
  const rank = rankOf(marks);
  const part = parts.get(rank) ?? { marks, cidrs: [] };
  parts.set(rank, part);
  for (const cidr of cidrs) part.cidrs.push(cidr);
}

/** What of the one set the other does not hold; both sorted. */
export function without(set: readonly Cidr[], taken: readonly Cidr[]): readonly Cidr[] {
  const holes = taken.map((cidr) => rangeOf(cidr));
  return set.flatMap((cidr) => {
    const range = rangeOf(cidr);
    const inside = holes.filter((hole) => meet(hole, range));
    if (inside.length === 0) return [cidr];
    const left: Cidr[] = [];
    let { first } = range;
    for (const hole of inside) {
      if (first < hole.first) left.push(...cidrsOfRange({ ...range, first, last: hole.first - 1n }));
      if (hole.last >= first) first = hole.last + 1n;
    }
    if (first <= range.last) left.push(...cidrsOfRange({ ...range, first }));
    return left;
  });
}

const meet = (a: Range, b: Range): boolean => a.family === b.family && a.first <= b.last && b.first <= a.last;

interface Reasons {
  readonly range: Range;
  readonly resources: Set<string>;
  readonly rules: Set<string>;
  readonly senders: Set<string>;
}

/** Who needs each prefix: all sources with an address inside. */
function withReasons(
  marked: readonly Omit<AllowEntry, "resources" | "rules" | "senders">[],
  sources: readonly AllowSource[],
): readonly AllowEntry[] {
  const entries = marked
    .map((entry) => {
      const range = rangeOf(entry.cidr);
      return { entry, range, resources: new Set<string>(), rules: new Set<string>(), senders: new Set<string>() };
    })
    .sort((a, b) => compareRanges(a.range, b.range));
  for (const { sender, answer, rules } of sources)
    for (const cidr of [...answer.addresses, ...answer.draining, ...(answer.afterScaling ?? [])])
      for (const reasons of meeting(entries, rangeOf(cidr))) {
        if (answer.resource !== null) reasons.resources.add(answer.resource);
        if (sender !== null) reasons.senders.add(sender);
        for (const rule of rules) reasons.rules.add(rule);
      }
  return entries.map(({ entry, resources, rules, senders }) => ({
    ...entry,
    resources: [...resources].sort(),
    rules: [...rules].sort(),
    senders: [...senders].sort(),
  }));
}

const compareRanges = (a: Range, b: Range): number => a.family - b.family || (a.first < b.first ? -1 : 1);

function* meeting<R extends Reasons>(sorted: readonly R[], range: Range): Generator<R> {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const there = sorted[middle]?.range;
    const isBefore =
      there !== undefined &&
      (there.family < range.family || (there.family === range.family && there.last < range.first));
    if (isBefore) low = middle + 1;
    else high = middle;
  }
  for (let index = low; index < sorted.length; index += 1) {
    const one = sorted[index];
    if (one === undefined || !meet(one.range, range)) return;
    yield one;
  }
}
