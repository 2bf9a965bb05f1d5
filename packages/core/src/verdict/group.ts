import type { Group } from "../model/estate.ts";
import type { EgressIdentity } from "../model/identity.ts";
import { unionOfIdentities, uniqueById } from "../resolve/combine.ts";
import { allowlistOf } from "./allowlist.ts";
import { judge } from "./judge.ts";
import type { Certainty, NextStep, Question, Verdict } from "./verdict.ts";

/** The answer for several senders at once: the union, and who has which. */
export interface GroupVerdict extends Verdict {
  readonly members: readonly Verdict[];
}

/**
 * What the destination may see of a group. Evidence of one member says nothing against another: a sighting that a
 * member cannot be is another member's.
 */
export function judgeGroup(group: Group, questions: readonly [Question, ...Question[]]): GroupVerdict {
  const [first, ...rest] = questions;
  const firstVerdict = judgeMember(first);
  const members = [firstVerdict, ...rest.map(judgeMember)];
  const answer = unionOfIdentities(
    firstVerdict.answer,
    members.slice(1).map((member) => member.answer),
  );
  return {
    flow: { ...first.flow, from: { host: null, interface: null, address: null, resource: group.id } },
    answer,
    certainty: weakest(members.map(({ certainty }) => certainty)),
    outcomes: members.flatMap(({ outcomes }) => outcomes),
    steps: [],
    assumptions: uniqueById(members.flatMap(({ assumptions }) => assumptions)),
    observations: firstVerdict.observations.map((observation, index) => supportedBy(members, index) ?? observation),
    // Different sources are different members'; who had which when, their own verdicts say.
    timeline: [],
    conflicts: members.flatMap(({ conflicts }) => conflicts),
    next: distinctAsks(members.flatMap(({ next }) => next)).map((step) => ({ ...step, results: [] })),
    allowlist: allowlistOfMembers(answer, members),
    problems: firstVerdict.problems,
    members,
  };
}

function judgeMember(question: Question): Verdict {
  const verdict = judge(question);
  if (verdict.conflicts.length === 0) return verdict;
  const others = new Set(
    verdict.observations.flatMap(({ effect }, index) => (effect === "contradicts" ? [index] : [])),
  );
  const quiet = question.observations.map((observation, index) =>
    others.has(index) ? { ...observation, strength: "none" as const, vantage: "unknown" as const } : observation,
  );
  return judge({ ...question, observations: quiet });
}

const supportedBy = (members: readonly Verdict[], index: number) =>
  members.map(({ observations }) => observations[index]).find((observation) => observation?.effect === "supports");

const ORDER: readonly Certainty[] = ["unknown", "possible", "predicted", "logged", "observed"];

const weakest = (certainties: readonly Certainty[]): Certainty =>
  ORDER.find((certainty) => certainties.includes(certainty)) ?? "unknown";

const distinctAsks = (asks: readonly NextStep[]): readonly NextStep[] => [
  ...new Map(asks.map((ask) => [ask.command ?? ask.text.en, ask])).values(),
];

/** Each entry as stable as the member that needs it says; shared ones once. */
function allowlistOfMembers(answer: EgressIdentity, members: readonly Verdict[]): Verdict["allowlist"] {
  const stabilities = new Set(members.map((member) => member.answer.stability));
  if (stabilities.size === 1) return allowlistOf(answer);
  return [...new Map(members.flatMap(({ allowlist }) => allowlist).map((entry) => [entry.cidr, entry])).values()];
}
