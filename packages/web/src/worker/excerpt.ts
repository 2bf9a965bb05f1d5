import type { Excerpt } from "../protocol.ts";
import { linesOf } from "./reading.ts";

const BEFORE = 2;
const MOST = 60;
const LONGEST = 400;

/** The lines around a fact: an element of JSON from its opening bracket to its closing one. */
export async function excerptOf(
  content: Blob | undefined,
  line: number | null,
  read: string | null = null,
): Promise<Excerpt> {
  const empty = { first: 1, lines: [], from: 1, until: 1 };
  if (content === undefined) return { ...empty, problem: { en: "this file is not here", zh: "此处没有该文件" } };
  const from = line ?? 1;
  const first = Math.max(1, from - BEFORE);
  try {
    const lines = (await linesOf(content, first, MOST + BEFORE, read)).map((text) =>
      text.length > LONGEST ? `${text.slice(0, LONGEST)} …` : text,
    );
    const until = line === null ? from : elementEnd(lines, from - first) + first;
    return { first, lines: lines.slice(0, until - first + 1 + BEFORE), from, until, problem: null };
  } catch {
    const problem = {
      en: "the file has changed or is gone since it was read",
      zh: "文件在读取之后已被更改或删除",
    };
    return { ...empty, problem };
  }
}

/** The index of the line on which the brackets opened on line `start` are closed; the line itself where none is. */
function elementEnd(lines: readonly string[], start: number): number {
  let depth = 0;
  let inText = false;
  for (let index = start; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    for (let at = 0; at < line.length; at += 1) {
      const letter = line[at];
      if (inText) {
        if (letter === "\\") at += 1;
        else if (letter === '"') inText = false;
      } else if (letter === '"') inText = true;
      else if (letter === "{" || letter === "[") depth += 1;
      else if (letter === "}" || letter === "]") depth -= 1;
    }
    if (depth <= 0) return index;
  }
  return lines.length - 1;
}
