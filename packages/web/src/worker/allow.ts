import {
  type AllowFormat,
  type AllowWriter,
  allowlistFrom,
  allowText,
  destinationOfFlow,
  nothingToAllow,
  type Problem,
  refusalsOf,
  sourcesOfVerdicts,
  type Verdict,
} from "@seenas/core";
import type { AllowRequest, AllowView } from "../protocol.ts";
import type { Answered } from "./answer.ts";

/** The allowlist of the verdict that is shown, or why it may not be handed over: as the command decides. */
export async function allow(answered: Answered | null, request: AllowRequest): Promise<AllowView> {
  const explained = answered?.explained;
  if (explained === null || explained === undefined || explained.kind === "refused")
    return { text: null, refusals: [], canOverride: false, entries: 0 };
  const { verdict } = explained;
  // No list is made of what cannot be: nobody may override that.
  if (verdict.conflicts.length > 0)
    return { text: null, refusals: contradictions(verdict), canOverride: false, entries: 0 };
  const verdicts = explained.kind === "group" ? explained.verdict.members : [verdict];
  const list = allowlistFrom(sourcesOfVerdicts(verdicts), destinationOfFlow(verdict.flow), {
    asOf: verdict.flow.at,
    isHalfRead: false,
  });
  const refusals = refusalsOf(list.doubts);
  if (list.entries.length === 0)
    return { text: null, refusals: [...refusals, nothingToAllow(list)], canOverride: false, entries: 0 };
  if (refusals.length > 0 && !request.unstable)
    return { text: null, refusals, canOverride: true, entries: list.entries.length };
  const options = { name: "seenas", language: request.language, isInternal: request.internal };
  const write = await writerOf(request.format);
  const lines = [...write(list, options)];
  return { text: `${lines.join("\n")}\n`, refusals, canOverride: true, entries: list.entries.length };
}

/** The plain list stands beside every verdict; the other formats are loaded when one is asked for. */
const writerOf = async (format: AllowFormat): Promise<AllowWriter> =>
  format === "text" ? allowText : (await import("./formats.ts")).ALLOW_FORMATS[format];

const contradictions = ({ conflicts }: Verdict): readonly Problem[] =>
  conflicts.map(({ text, likely }) => ({
    level: "error",
    code: "allow/contradiction",
    file: null,
    line: null,
    text,
    fix: { en: `likely wrong: ${likely.en}`, zh: `较可能有误的是：${likely.zh}` },
  }));
