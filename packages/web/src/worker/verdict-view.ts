import {
  type Estate,
  type Explained,
  type Flow,
  headline,
  type JudgedOutcome,
  type Observation,
  STRENGTH,
  seenWords,
  shortly,
  type Verdict,
} from "@seenas/core";
import type { MemberView, ObservationView, OutcomeView, VerdictView } from "../protocol.ts";
import { pictureOf } from "./picture.ts";
import { answerView, placeOf, standingOf, stepView } from "./views.ts";

const MOST_MEMBERS = 200;
const MOST_OUTCOMES = 200;
const MOST_OBSERVATIONS = 2000;
const LONGEST_QUOTE = 400;

/** A verdict as the page shows it: without the estate that it points into. */
export function verdictView(explained: Exclude<Explained, { kind: "refused" }>, estate: Estate | null): VerdictView {
  const { verdict } = explained;
  const members = explained.kind === "group" ? explained.verdict.members : [];
  return {
    flow: verdict.flow,
    group: explained.kind === "group" ? explained.name : null,
    members: members.slice(0, MOST_MEMBERS).map(memberView),
    memberCount: members.length,
    place: placeOf(verdict.flow),
    headline: headline(verdict),
    answer: answerView(verdict.answer),
    certainty: verdict.certainty,
    steps: verdict.steps.map(stepView),
    assumptions: verdict.assumptions.map(({ id, text, basis }) => ({ id, text, basis })),
    outcomes: verdict.outcomes.slice(0, MOST_OUTCOMES).map((outcome) => outcomeView(outcome, verdict)),
    observations: verdict.observations.slice(0, MOST_OBSERVATIONS).map(observationView),
    conflicts: verdict.conflicts.map(({ text, likely, observations }) => ({ text, likely, observations })),
    next: verdict.next,
    picture: pictureOf(members.length > 0 ? members : [verdict], estate),
  };
}

export const senderName = ({ from }: Flow): string =>
  [from.host, from.interface].filter((part) => part !== null).join("/") || (from.address ?? "");

const memberView = (member: Verdict): MemberView => ({
  from: senderName(member.flow),
  words: seenWords(member.answer),
  certainty: member.certainty,
});

function outcomeView(outcome: JudgedOutcome, { assumptions, outcomes }: Verdict): OutcomeView {
  const standing = standingOf(outcome);
  const answering = outcomes.filter(({ answers }) => answers);
  // What all of the answer rests on is told once, beside it.
  const shared = new Set(
    assumptions.flatMap(({ id }) =>
      standing !== "answer" || answering.every((one) => one.assumptions.some((other) => other.id === id)) ? [id] : [],
    ),
  );
  return {
    words: shortly(outcome),
    standing,
    conditions: outcome.assumptions.filter(({ id }) => !shared.has(id)).map(({ text, basis }) => ({ text, basis })),
    eliminatedBy: outcome.eliminatedBy,
    steps: outcome.steps.map(stepView),
  };
}

type Judged = Verdict["observations"][number];

export const observationView = (one: Judged | Observation): ObservationView => ({
  file: one.file,
  line: one.line,
  kind: one.kind,
  quote: one.quote.trim().slice(0, LONGEST_QUOTE),
  says: one.says,
  proves: one.proves,
  strength: STRENGTH[one.strength],
  effect: "effect" in one ? one.effect : "none",
  because: "because" in one ? one.because : null,
  source: one.seen.source?.text ?? null,
  destination: one.seen.destination?.text ?? one.seen.destinationName,
  at: one.seen.at,
});
