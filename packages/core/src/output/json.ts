import { listOf } from "../address/address-set.ts";
import type { Evidence, Observation, PathTrace } from "../evidence/observation.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Assumption, Step } from "../model/outcome.ts";
import type { Problem, Text } from "../problem.ts";
import type { GroupVerdict } from "../verdict/group.ts";
import type { JudgedObservation, JudgedOutcome, NextStep, Verdict } from "../verdict/verdict.ts";

export type Language = "en" | "zh";

/** `explain --json`: the object of the contract. Members may be added, none renamed. */
export function verdictJson(verdict: Verdict, language: Language): object {
  const say = speaker(language);
  return {
    schema: "seenas/verdict@1",
    flow: verdict.flow,
    answer: answerJson(verdict.answer),
    certainty: verdict.certainty,
    outcomes: verdict.outcomes.map((outcome) => outcomeJson(outcome, say)),
    steps: verdict.steps.map((step) => stepJson(step, say)),
    observations: verdict.observations.map((observation) => judgedJson(observation, say)),
    timeline: verdict.timeline,
    conflicts: verdict.conflicts.map(({ text, observations, likely }) => ({
      text: say(text),
      observations,
      likely: say(likely),
    })),
    next: verdict.next.map((step) => stepToDoJson(step, say)),
    allowlist: verdict.allowlist.map(({ cidr, stability, text }) => ({ cidr, stability, text: say(text) })),
    problems: verdict.problems.map((problem) => problemJson(problem, say)),
  };
}

/** A group's answer: the same object for the union, and who has which. */
export function groupJson(name: string, verdict: GroupVerdict, language: Language): object {
  const members = verdict.members.map(({ flow, answer, certainty }) => ({
    from: flow.from,
    answer: answerJson(answer),
    certainty,
  }));
  return { ...verdictJson(verdict, language), group: name, members };
}

/** `read --json`. */
export function observationsJson(files: readonly Evidence[], language: Language): object {
  const say = speaker(language);
  return {
    schema: "seenas/observations@1",
    files: files.map((file) => ({
      file: file.file,
      kind: file.kind,
      observations: file.observations.map((observation) => observationJson(observation, say)),
      paths: file.paths.map((path) => pathJson(path, say)),
      problems: file.problems.map((problem) => problemJson(problem, say)),
    })),
  };
}

type Say = (text: Text) => string;

const speaker =
  (language: Language): Say =>
  (text) =>
    text[language];

export const answerJson = (identity: EgressIdentity): object => ({
  kind: identity.kind,
  addresses: listOf(identity.addresses),
  complete: identity.complete,
  translator: identity.translator,
  resource: identity.resource,
  stability: identity.stability,
  draining: listOf(identity.draining),
});

const outcomeJson = (outcome: JudgedOutcome, say: Say): object => ({
  answer: answerJson(outcome.identity),
  assumptions: outcome.assumptions.map((assumption) => assumptionJson(assumption, say)),
  standing: outcome.standing,
  eliminatedBy: outcome.eliminatedBy,
  inAnswer: outcome.answers,
  steps: outcome.steps.map((step) => stepJson(step, say)),
});

const assumptionJson = ({ id, basis, text }: Assumption, say: Say): object => ({ id, basis, text: say(text) });

const stepJson = ({ rule, resource, text, origin }: Step, say: Say): object => ({
  rule: rule.id,
  resource,
  text: say(text),
  source: rule.source,
  file: origin?.file ?? null,
  line: origin?.line ?? null,
});

const stepToDoJson = ({ text, command, settles, results }: NextStep, say: Say): object => ({
  text: say(text),
  command,
  settles: say(settles),
  results: results.map(({ when, means, outcomes }) => ({ when: say(when), means: say(means), outcomes })),
});

function observationJson(observation: Observation, say: Say): object {
  const { seen } = observation;
  return {
    file: observation.file,
    line: observation.line,
    kind: observation.kind,
    quote: observation.quote,
    says: say(observation.says),
    proves: say(observation.proves),
    strength: observation.strength,
    seen: {
      source: seen.source?.text ?? null,
      sourcePort: seen.sourcePort,
      destination: seen.destination?.text ?? seen.destinationName,
      destinationPort: seen.destinationPort,
      protocol: seen.protocol,
      at: seen.at,
      ...(seen.source?.masked === true ? { masked: true } : {}),
    },
    before: observation.before?.text ?? null,
    ...(observation.mark === undefined ? {} : { mark: observation.mark }),
    claimed: observation.claimed,
    vantage: observation.vantage,
  };
}

const judgedJson = (observation: JudgedObservation, say: Say): object => ({
  ...observationJson(observation, say),
  effect: observation.effect,
  because: observation.because === null ? null : say(observation.because),
  moment: observation.moment,
});

const pathJson = (path: PathTrace, say: Say): object => ({
  destination: path.destination,
  destinationName: path.destinationName,
  reached: path.reached,
  hops: path.hops.map(({ ttl, replies, lost, annotations }) => ({ ttl, replies, lost, annotations })),
  hints: path.hints.map(({ kind, ttls, text }) => ({ kind, ttls, text: say(text) })),
});

export const problemJson = ({ level, code, file, line, text, fix }: Problem, say: Say): object => ({
  level,
  code,
  file,
  line,
  text: say(text),
  fix: say(fix),
});

/** Problems alone, for a question that could not be understood. */
export const problemsJson = (problems: readonly Problem[], language: Language): object => ({
  schema: "seenas/problems@1",
  problems: problems.map((problem) => problemJson(problem, speaker(language))),
});
