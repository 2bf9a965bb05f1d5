import { instantOf } from "../evidence/time.ts";
import type { JudgedObservation, JudgedOutcome, Sightings } from "./verdict.ts";

/** One row a source that this flow was seen with. Empty unless there are two and some record tells its time. */
export function timelineOf(
  observations: readonly JudgedObservation[],
  outcomes: readonly JudgedOutcome[],
): readonly Sightings[] {
  const bySource = new Map<string, number[]>();
  for (const [index, observation] of observations.entries()) {
    const source = observation.seen.source?.text;
    if (source === undefined || !counts(observation, index, outcomes)) continue;
    const list = bySource.get(source);
    if (list === undefined) bySource.set(source, [index]);
    else list.push(index);
  }
  const rows = [...bySource].map(([source, indexes]) => rowOf(source, indexes, observations));
  const isOrdered = [...bySource.values()].flat().some((index) => startOf(observations[index]) !== UNKNOWN);
  if (rows.length < 2 || !isOrdered) return [];
  return rows.sort(
    (a, b) => startOf(observations[a.observations[0] ?? -1]) - startOf(observations[b.observations[0] ?? -1]),
  );
}

/** Where nothing ties a line to the flow, its time is another client's. */
function counts({ effect, moment }: JudgedObservation, index: number, outcomes: readonly JudgedOutcome[]): boolean {
  if (moment !== null || effect === "contradicts") return true;
  const supported = outcomes.filter(({ supportedBy }) => supportedBy.includes(index));
  return effect === "supports" && !supported.every(({ assumptions }) => assumptions.some(isAnyLine));
}

const isAnyLine = ({ id }: { readonly id: string }): boolean => id.startsWith("line-is-ours");

function rowOf(source: string, indexes: readonly number[], observations: readonly JudgedObservation[]): Sightings {
  const inOrder = [...indexes].sort((a, b) => startOf(observations[a]) - startOf(observations[b]));
  const seen = inOrder.flatMap((index) => observations[index] ?? []);
  const times = seen.flatMap(({ seen: { at } }) => at ?? []);
  return {
    source,
    first: times[0] ?? null,
    last: times.at(-1) ?? null,
    observations: inOrder,
    current: seen.some(({ moment }) => moment === null),
  };
}

/** What tells no time stands last. */
const UNKNOWN = Number.POSITIVE_INFINITY;

const startOf = (observation: JudgedObservation | undefined): number => {
  const { at, localMs } = observation?.seen ?? {};
  return (at == null ? null : instantOf(at)) ?? localMs ?? UNKNOWN;
};
