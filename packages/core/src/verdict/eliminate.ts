import { setHas, setOf, unionOf } from "../address/address-set.ts";
import type { Ip } from "../address/ip.ts";
import { STRENGTHS } from "../evidence/observation.ts";
import type { FlowOutcome } from "../resolve/resolve.ts";
import { inTime } from "./moments.ts";
import {
  isOpenEnded,
  mayBeAnother,
  mayBeBetween,
  type Reading,
  rankOf,
  readingOf,
  tiesOf,
  wasSeen,
} from "./readings.ts";
import { isOwnAddress } from "./relevance.ts";
import type { JudgedObservation, JudgedOutcome, Question } from "./verdict.ts";

/** What the observations leave of the outcomes. */
export interface Elimination {
  readonly outcomes: readonly JudgedOutcome[];
  readonly observations: readonly JudgedObservation[];
}

/**
 * Every observation of this flow removes the outcomes it contradicts. An outcome that names the address is believed
 * before one that merely cannot exclude it; an outcome that another observation of the same time supports stays.
 * Absence removes nothing.
 *
 * @param fromEvidence the outcomes are what was seen: then nothing says that a later one took an earlier one's place
 */
export function eliminate(question: Question, fromEvidence: boolean): Elimination {
  const ties = tiesOf(question);
  const read = question.observations.map((observation) => readingOf(observation, question, ties));
  const readings = inTime(read, question, fromEvidence);
  const supportedBy = indexed(readings, ({ supports }) => supports);
  const suggestedBy = indexed(readings, ({ suggests }) => suggests);
  // A sighting that may or may not be this flow's may be what an open outcome shows: then that one stays, too.
  const keepsOpen = readings.some(({ because }) => because === mayBeAnother || because === mayBeBetween);
  /** The class of the best proof for an outcome, 0 the strongest. */
  const proofs = question.outcomes.map((_, index) =>
    (supportedBy.get(index) ?? []).reduce(
      (best, reading) => Math.min(best, rankOf(readings[reading])),
      STRENGTHS.length,
    ),
  );
  const eliminatedBy = new Map<number, number>();
  for (const [observationIndex, reading] of readings.entries())
    for (const index of reading.removes) {
      const outcome = question.outcomes[index];
      const kept =
        (proofs[index] ?? 0) <= Math.min(rankOf(reading), STRENGTHS.length - 1) ||
        suggestedBy.has(index) ||
        (keepsOpen && outcome !== undefined && isOpenEnded(outcome.identity));
      if (!kept && !eliminatedBy.has(index)) eliminatedBy.set(index, observationIndex);
    }
  return {
    observations: readings.map((reading, index) => judged(overruled(reading, eliminatedBy), index, eliminatedBy)),
    outcomes: question.outcomes.map((outcome, index) => ({
      ...withSightings(outcome, sightingsOf(readings, supportedBy.get(index), suggestedBy.get(index)), question),
      standing: !eliminatedBy.has(index),
      eliminatedBy: eliminatedBy.get(index) ?? null,
      supportedBy: supportedBy.get(index) ?? [],
      suggested: suggestedBy.has(index),
      answers: false,
    })),
  };
}

/** For each outcome, the readings that say so of it. */
function indexed(
  readings: readonly Reading[],
  outcomesOf: (reading: Reading) => readonly number[],
): ReadonlyMap<number, readonly number[]> {
  const all = new Map<number, number[]>();
  for (const [index, reading] of readings.entries())
    for (const outcome of outcomesOf(reading)) {
      const list = all.get(outcome);
      if (list === undefined) all.set(outcome, [index]);
      else list.push(index);
    }
  return all;
}

/** What stronger evidence removed cannot be supported any more: the weaker record contradicts what stands. */
const overruled = (reading: Reading, eliminatedBy: ReadonlyMap<number, number>): Reading =>
  reading.supports.length > 0 && reading.supports.every((index) => eliminatedBy.has(index))
    ? { ...reading, supports: [], contradicts: true }
    : reading;

const sightingsOf = (
  readings: readonly Reading[],
  ...lists: readonly (readonly number[] | undefined)[]
): readonly Ip[] =>
  lists
    .flatMap((list) => list ?? [])
    .flatMap((index) => readings[index] ?? [])
    // What was seen too long ago names no address of today.
    .flatMap(({ moment, observation }) =>
      moment === undefined && wasSeen(observation) ? (observation.seen.source?.ip ?? []) : [],
    );

/** An outcome that left its addresses open learns those that were seen. */
function withSightings(outcome: FlowOutcome, sightings: readonly Ip[], question: Question): FlowOutcome {
  const { identity } = outcome;
  const seen = sightings.filter((ip) => !setHas(identity.addresses, ip) && !setHas(identity.draining, ip));
  if (seen.length === 0) return outcome;
  const own = seen.every((ip) => ip === outcome.source || isOwnAddress(ip, question));
  return {
    ...outcome,
    identity: {
      ...identity,
      kind: own ? "preserved" : "translated",
      addresses: unionOf([identity.addresses, setOf(...seen)]),
      translator: own ? null : (identity.translator ?? "other"),
    },
  };
}

function judged(
  { observation, supports, removes, contradicts, because, moment }: Reading,
  index: number,
  eliminatedBy: ReadonlyMap<number, number>,
): JudgedObservation {
  const removed = removes.some((outcome) => eliminatedBy.get(outcome) === index);
  const effect = contradicts ? "contradicts" : supports.length > 0 ? "supports" : removed ? "eliminates" : "none";
  return { ...observation, effect, because, moment: moment ?? null };
}
