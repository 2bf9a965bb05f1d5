import { type Explained, explain, type Intake, parseTarget, type Verdict } from "@seenas/core";
import type { Asked, ObservationView, Question } from "../protocol.ts";
import * as problem from "./problems.ts";
import { observationView, verdictView } from "./verdict-view.ts";

/** What was asked, what came of it, and as the page shows it. */
export interface Answered {
  readonly explained: Explained | null;
  readonly asked:
    | Exclude<Asked, { readonly kind: "verdict" }>
    | Omit<Extract<Asked, { readonly kind: "verdict" }>, "tookMs">;
  readonly judged: readonly ObservationView[];
}

export function answer({ from, to, at }: Question, taken: Intake): Answered {
  const target = to.trim() === "" ? null : parseTarget(to.trim());
  const wrong = [
    ...(target === undefined ? [problem.wrongTarget(to.trim())] : []),
    ...(at.trim() !== "" && !isTime(at.trim()) ? [problem.wrongTime(at.trim())] : []),
  ];
  if (wrong.length > 0 || target === undefined) return refused(null, wrong);
  const explained = explain({
    estate: taken.estate,
    guests: taken.guests,
    evidence: taken.evidence,
    from: from.trim() === "" ? null : from.trim(),
    source: null,
    to: target,
    at: at.trim() === "" ? null : at.trim(),
    // A page asks no resolver.
    resolved: [],
    problems: taken.problems,
  });
  if (explained.kind === "refused") return refused(explained, explained.problems);
  const verdict: Verdict = explained.verdict;
  return {
    explained,
    asked: {
      kind: "verdict",
      verdict: verdictView(explained, taken.estate),
    },
    judged: verdict.observations.map(observationView),
  };
}

const refused = (explained: Explained | null, problems: Extract<Asked, { kind: "refused" }>["problems"]): Answered => ({
  explained,
  asked: { kind: "refused", problems },
  judged: [],
});

/** RFC 3339, with a date that exists. */
const isTime = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})$/.test(text) &&
  !Number.isNaN(Date.parse(text.replace(" ", "T")));
