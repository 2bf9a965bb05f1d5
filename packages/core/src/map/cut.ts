import { type Cidr, lengthOf } from "../address/cidr.ts";
import { prefixesWhere, type StepFunction } from "../address/step-function.ts";
import { shownTraffic, type TrafficClass, type TrafficShown } from "./traffic.ts";

/** What holds for every destination and every class of traffic, as numbers. */
export interface Profiled {
  readonly traffic: readonly TrafficClass[];
  /** Ids are indexes into `profiles`; a negative one is left out. */
  readonly steps: StepFunction;
  /** For each class of traffic the number of an answer. */
  readonly profiles: readonly (readonly number[])[];
}

export interface Cut extends TrafficShown {
  readonly destinations: readonly Cidr[];
  /** The answers that read alike here, the one for most of the destinations first. */
  readonly answers: readonly number[];
}

/**
 * The fewest pieces that each read alike, the largest first.
 *
 * @param asked which classes of traffic are looked at
 * @param readsAs how an answer reads; null: it is left out
 * @param prefixes which of the destinations of a piece are told, the largest among them
 */
export function cut(
  { traffic, steps, profiles }: Profiled,
  asked: (one: TrafficClass) => boolean,
  readsAs: (answer: number) => string | null,
  prefixes: (steps: StepFunction, isWanted: (id: number) => boolean) => readonly Cidr[] = prefixesWhere,
): readonly Cut[] {
  const indexes = traffic.flatMap((one, index) => (asked(one) ? [index] : []));
  const looked = traffic.filter(asked);
  const weights = weightsOf(steps);
  const groups = new Map<string, Group>();
  for (const profile of weights.keys()) {
    const answers = profiles[profile];
    if (answers === undefined) continue;
    const ids = indexes.map((index) => answers[index] ?? -1);
    for (const [key, mask] of masksOf(ids, readsAs)) {
      const group = groups.get(key) ?? { has: mask.has, profiles: new Map() };
      groups.set(key, group);
      group.profiles.set(profile, mask.answers);
    }
  }
  const pieces = [...groups.values()].flatMap((group) => {
    const destinations = prefixes(steps, (id) => group.profiles.has(id));
    const answers = byWeight(group, weights);
    return shownTraffic(looked, (index) => group.has[index] === true).map((shown) => ({
      ...shown,
      destinations,
      answers,
    }));
  });
  return pieces.sort((a, b) => shortest(a) - shortest(b));
}

interface Mask {
  readonly has: readonly boolean[];
  readonly answers: readonly number[];
}

interface Group {
  /** Of the classes that are looked at. */
  readonly has: readonly boolean[];
  /** With the answers of each that read alike. */
  readonly profiles: Map<number, readonly number[]>;
}

function masksOf(ids: readonly number[], readsAs: (answer: number) => string | null): ReadonlyMap<string, Mask> {
  const alike = new Map<string, number[]>();
  for (const id of new Set(ids)) {
    const key = readsAs(id);
    if (key !== null) alike.set(key, [...(alike.get(key) ?? []), id]);
  }
  return new Map(
    [...alike].map(([key, answers]) => {
      const has = ids.map((id) => answers.includes(id));
      return [`${key} ${has.map(Number).join("")}`, { has, answers }];
    }),
  );
}

function byWeight({ profiles }: Group, weights: ReadonlyMap<number, number>): readonly number[] {
  const sums = new Map<number, number>();
  for (const [profile, answers] of profiles)
    for (const answer of answers) sums.set(answer, (sums.get(answer) ?? 0) + (weights.get(profile) ?? 0));
  return [...sums].sort((a, b) => b[1] - a[1]).map(([answer]) => answer);
}

/** How much of the space has each id; rounded, only to compare. */
function weightsOf({ family, starts, ids }: StepFunction): ReadonlyMap<number, number> {
  const weights = new Map<number, number>();
  const end = 2 ** (family === 4 ? 32 : 128);
  for (let index = 0; index < starts.length; index += 1) {
    const id = ids[index] ?? -1;
    const size = Number(starts[index + 1] ?? end) - Number(starts[index]);
    if (id >= 0) weights.set(id, (weights.get(id) ?? 0) + size);
  }
  return weights;
}

const shortest = ({ destinations }: Cut): number =>
  destinations.reduce((least, cidr) => Math.min(least, lengthOf(cidr)), 129);
