import { type EgressIdentity, type Flow, type JudgedOutcome, listOf, type Rule, type Step } from "@seenas/core";
import type { AnswerView, RuleView, Standing, StepView } from "../protocol.ts";

const MOST_ADDRESSES = 64;

/** The destination as a person would say it. */
export function placeOf({ to }: Flow): string {
  const place = to.name ?? to.address ?? "?";
  const port = to.port === null ? "" : `:${to.port}`;
  const bracketed = port !== "" && place.includes(":") ? `[${place}]` : place;
  return `${bracketed}${port}${to.protocol === "tcp" ? "" : `/${to.protocol}`}`;
}

export const ruleView = ({ id, says, source, pageDate, mark }: Rule): RuleView => ({
  id,
  says,
  source,
  pageDate,
  mark,
});

export const stepView = ({ text, rule, resource, origin }: Step): StepView => ({
  text,
  rule: ruleView(rule),
  resource,
  place: origin === null ? null : { file: origin.file, line: origin.line },
});

export function answerView(answer: EgressIdentity): AnswerView {
  const addresses = listOf(answer.addresses);
  const { kind, complete, translator, resource, stability } = answer;
  return {
    kind,
    addresses: addresses.slice(0, MOST_ADDRESSES),
    size: addresses.length,
    complete,
    translator,
    resource,
    stability,
  };
}

export const standingOf = ({ standing, answers }: JudgedOutcome): Standing =>
  answers ? "answer" : standing ? "standing" : "eliminated";
