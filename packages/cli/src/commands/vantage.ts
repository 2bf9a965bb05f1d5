import { basename } from "node:path";
import type { Problem, VantageHint } from "@seenas/core";
import { strayVantage, wrongVantage } from "./usage-problems.ts";

export interface Vantages {
  readonly of: (file: string) => VantageHint | null;
  readonly problems: readonly Problem[];
  /** Files that a vantage was given for and that are not among these. */
  readonly strays: (files: readonly string[]) => readonly Problem[];
}

const isHint = (word: string): word is VantageHint =>
  word === "client" || word === "translator" || word === "destination";

/** `--vantage destination` for every file, `--vantage FILE=destination` for one. */
export function vantagesOf(words: readonly string[]): Vantages {
  const byFile = new Map<string, VantageHint>();
  const problems: Problem[] = [];
  let everywhere: VantageHint | null = null;
  for (const word of words) {
    const equals = word.lastIndexOf("=");
    const hint = word.slice(equals + 1);
    if (!isHint(hint)) problems.push(wrongVantage(word));
    else if (equals < 0) everywhere = hint;
    else byFile.set(word.slice(0, equals), hint);
  }
  const strays = (files: readonly string[]): readonly Problem[] => {
    const known = new Set(files.flatMap(namesOf));
    return [...byFile.keys()].flatMap((file) => (known.has(file) ? [] : [strayVantage(file)]));
  };
  const of = (file: string): VantageHint | null => {
    const name = namesOf(file).find((one) => byFile.has(one));
    return (name === undefined ? undefined : byFile.get(name)) ?? everywhere;
  };
  return { of, problems, strays };
}

/** Its own name, its last part, and the same of the archives that it stands in: `cases.zip!mx/1.pcap`. */
function namesOf(file: string): readonly string[] {
  const inside = file.lastIndexOf("!");
  return [file, basename(file), ...(inside < 0 ? [] : [file.slice(inside + 1), ...namesOf(file.slice(0, inside))])];
}
