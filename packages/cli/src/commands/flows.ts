import { readFileSync } from "node:fs";
import { type Partner, type Problem, parsePartnerTarget, type Read } from "@seenas/core";
import { flowsUnread, wrongFlowLine } from "./usage-problems.ts";

/** Who sends, and to whom. */
export interface AskedFlow {
  readonly from: string;
  readonly partner: Partner;
}

/** A file of flows: lines of a sender, a target and what the target is called, if anything; `#` begins a comment. */
export function flowsIn(file: string): Read<readonly AskedFlow[]> {
  const text = readOrNull(file);
  if (text === null) return { value: [], problems: [flowsUnread(file)] };
  const value: AskedFlow[] = [];
  const problems: Problem[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [from = "", to = "", ...name] = line
      .replace(/(^|\s)#.*$/, "")
      .split(/[\s,;]+/)
      .filter((word) => word !== "");
    if (from === "") continue;
    const target = parsePartnerTarget(to);
    if (target === undefined) problems.push(wrongFlowLine(file, index + 1, line));
    else value.push({ from, partner: { name: name.length === 0 ? to : name.join(" "), targets: [target] } });
  }
  if (value.length === 0 && problems.length === 0) problems.push(flowsUnread(file));
  return { value, problems };
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
