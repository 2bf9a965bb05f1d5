import { setHas, setOf, setSize } from "../address/address-set.ts";
import type { Ip } from "../address/ip.ts";
import { STRENGTHS, type Strength } from "../evidence/observation.ts";
import type { EgressIdentity } from "../model/identity.ts";
import { unionOfIdentities, uniqueById } from "../resolve/combine.ts";
import { allowlistOf } from "./allowlist.ts";
import { conflictsOf } from "./conflicts.ts";
import { eliminate } from "./eliminate.ts";
import { outcomesFromEvidence } from "./from-evidence.ts";
import { nextOf } from "./next.ts";
import { chosenOf, NOTHING_KNOWN, restsOnOpen, unionOfOutcomes } from "./predict.ts";
import { wasSeen } from "./readings.ts";
import { isOwnAddress } from "./relevance.ts";
import { timelineOf } from "./timeline.ts";
import type { Certainty, JudgedObservation, JudgedOutcome, Question, Verdict } from "./verdict.ts";

/** Lets every observation have its say over the outcomes; what stands is the verdict. */
export function judge(asked: Question): Verdict {
  const fromEvidence = asked.outcomes.length === 0;
  const question = fromEvidence ? { ...asked, outcomes: outcomesFromEvidence(asked) } : asked;
  const { observations, outcomes } = eliminate(question, fromEvidence);
  const chosen = chosenOf(
    outcomes.filter(({ standing }) => standing),
    ({ supportedBy, suggested }) => supportedBy.length > 0 || suggested,
  );
  const predicted = unionOfOutcomes(chosen);
  // A sighting at the destination stands against any prediction: the observed answer is kept, and the conflict told.
  const seen = strongestOf(
    observations.filter((one) => wasSeen(one) && (one.effect === "contradicts" || one.effect === "supports")),
  );
  const isSeenOtherwise = seen.some(({ effect }) => effect === "contradicts");
  const answer = isSeenOtherwise ? observedInstead(seen, predicted, question) : predicted;
  const judgedOutcomes = outcomes.map((outcome) => ({
    ...outcome,
    answers: !isSeenOtherwise && chosen.includes(outcome),
  }));
  const conflicts = conflictsOf(question, { observations, outcomes, predicted, fromEvidence });
  const doubts = {
    conflicting: conflicts.length > 0,
    unsettled: observations.some(({ moment }) => moment === "unsettled"),
    spoiled: question.spoiled,
    fromEvidence,
  };
  const certainty = certaintyOf(answer, chosen, observations, doubts);
  const timeline = timelineOf(observations, judgedOutcomes);
  const partial = {
    flow: question.flow,
    answer,
    certainty,
    outcomes: judgedOutcomes,
    observations,
    timeline,
    conflicts,
  };
  return {
    ...partial,
    steps: chosen[0]?.steps ?? [],
    assumptions: uniqueById(chosen.flatMap((outcome) => outcome.assumptions)),
    next: nextOf(question, partial),
    allowlist: allowlistOf(answer),
    problems: question.problems,
  };
}

/** Those of the strongest class among them: what the destination saw goes before what a translator logged. */
function strongestOf(observations: readonly JudgedObservation[]): readonly JudgedObservation[] {
  const strongest = STRENGTHS.find((strength) => observations.some((one) => one.strength === strength));
  return observations.filter(({ strength }) => strength === strongest);
}

function observedInstead(
  sightings: readonly JudgedObservation[],
  predicted: EgressIdentity,
  question: Question,
): EgressIdentity {
  const [first, ...rest] = sightings.flatMap(({ seen: { source } }) =>
    source === null ? [] : sighted(source.ip, question),
  );
  return first === undefined ? predicted : unionOfIdentities(first, rest);
}

/** What a sighting alone says: who translated is not known, and whether others can be seen is not, either. */
function sighted(ip: Ip | null, question: Question): EgressIdentity {
  if (ip === null) return { ...NOTHING_KNOWN, kind: "translated", translator: "other" };
  const addresses = setOf(ip);
  return isOwnAddress(ip, question)
    ? { ...NOTHING_KNOWN, kind: "preserved", addresses }
    : { ...NOTHING_KNOWN, kind: "translated", addresses, translator: "other" };
}

interface Doubts {
  readonly conflicting: boolean;
  /** An earlier sighting was another, and nothing newer agrees with the configuration. */
  readonly unsettled: boolean;
  /** Half an input gives no certain answer: an error in a configuration file caps what may be predicted. */
  readonly spoiled: boolean;
  /** No configuration: the outcomes are only what was seen. */
  readonly fromEvidence: boolean;
}

function certaintyOf(
  answer: EgressIdentity,
  chosen: readonly JudgedOutcome[],
  observations: readonly JudgedObservation[],
  { conflicting, unsettled, spoiled, fromEvidence }: Doubts,
): Certainty {
  // The translator's own record stays what it is; a sighting is "observed" only when nothing contradicts it (contract).
  if (conflicting) return isContradictedByLogsAlone(observations) ? "logged" : "possible";
  if (answer.kind === "unknown") return "unknown";
  const open = restsOnOpen(chosen);
  // A sighting settles what a prediction left open, but not whether a line of somebody's log is this flow's.
  if (!(fromEvidence && open)) {
    if (isAllSeen(answer, chosen, observations, "destination-observed")) return "observed";
    if (isAllSeen(answer, chosen, observations, "translator-logged")) return "logged";
  }
  if (fromEvidence || spoiled || unsettled || chosen.length !== 1) return "possible";
  // A sighting settles what was open only where the outcome named what was seen; it may have taken it in unnamed.
  const settled =
    answer.complete && observations.some((one) => one.effect === "supports" && one.moment === null && wasSeen(one));
  return settled || !open ? "predicted" : "possible";
}

/** Only the translator's own record speaks, and it speaks against the configuration. */
const isContradictedByLogsAlone = (observations: readonly JudgedObservation[]): boolean =>
  observations.some(({ effect }) => effect === "contradicts") &&
  observations.every(
    ({ effect, strength }) => (effect !== "contradicts" && effect !== "supports") || strength === "translator-logged",
  );

/** True when every address of the answer was seen so: a pool of three of which one was seen stays a prediction. */
function isAllSeen(
  answer: EgressIdentity,
  chosen: readonly JudgedOutcome[],
  observations: readonly JudgedObservation[],
  strength: Strength,
): boolean {
  if (answer.kind === "blocked" || answer.addresses.length === 0) return false;
  const sightings = (outcome: JudgedOutcome) =>
    outcome.supportedBy.flatMap((index) =>
      observations[index]?.strength === strength && observations[index]?.moment === null
        ? (observations[index] ?? [])
        : [],
    );
  // An outcome that nobody saw may still be the one: then the addresses of the others are not the whole answer.
  if (chosen.some((outcome) => sightings(outcome).length === 0)) return false;
  const seen = chosen.flatMap(sightings).flatMap(({ seen: { source } }) => source?.ip ?? []);
  const inside = new Set(seen.filter((ip) => setHas(answer.addresses, ip)));
  return setSize(answer.addresses) === BigInt(inside.size);
}
