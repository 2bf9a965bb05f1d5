import { NO_ADDRESSES } from "../address/address-set.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Assumption, Outcome } from "../model/outcome.ts";
import { unionOfIdentities } from "../resolve/combine.ts";

/** What stands for an answer when no outcome does. */
export const NOTHING_KNOWN: EgressIdentity = {
  kind: "unknown",
  addresses: NO_ADDRESSES,
  complete: false,
  translator: null,
  resource: null,
  stability: "unknown",
  draining: NO_ADDRESSES,
};

export const isOpen = (assumption: Assumption): boolean => assumption.basis === "open";

export const restsOnOpen = (outcomes: readonly Outcome[]): boolean =>
  outcomes.some(({ assumptions }) => assumptions.some(isOpen));

/** Those that rest on defaults alone, if there are any, else all (contract, "From outcomes to the answer"). */
export function chosenOf<O extends Outcome>(
  standing: readonly O[],
  isSeen: (outcome: O) => boolean = () => false,
): readonly O[] {
  const defaults = standing.filter(({ assumptions }) => !assumptions.some(isOpen));
  // What was seen is no mere possibility any more, whatever it assumes.
  if (defaults.length > 0) return standing.filter((outcome) => defaults.includes(outcome) || isSeen(outcome));
  // What holds only if a default does not is an "unless" as long as anything else stands.
  const besideDefaults = standing.filter((outcome) => !outcome.againstDefault);
  return besideDefaults.length > 0 ? besideDefaults : standing;
}

export function unionOfOutcomes(outcomes: readonly Outcome[]): EgressIdentity {
  const [first, ...rest] = outcomes.map(({ identity }) => identity);
  return first === undefined ? NOTHING_KNOWN : unionOfIdentities(first, rest);
}

/** An answer from configuration alone. */
export interface Prediction<O extends Outcome> {
  readonly answer: EgressIdentity;
  readonly certainty: "predicted" | "possible" | "unknown";
  readonly chosen: readonly O[];
}

/** @param spoiled a configuration file had an error: nothing is more than possible */
export function predictionOf<O extends Outcome>(outcomes: readonly O[], spoiled: boolean): Prediction<O> {
  const chosen = chosenOf(outcomes);
  const answer = unionOfOutcomes(chosen);
  if (answer.kind === "unknown") return { answer, certainty: "unknown", chosen };
  const certain = !spoiled && chosen.length === 1 && !restsOnOpen(chosen);
  return { answer, certainty: certain ? "predicted" : "possible", chosen };
}
