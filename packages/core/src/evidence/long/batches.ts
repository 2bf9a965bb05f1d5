import { joined } from "../../documents/bytes.ts";
import { markIn } from "../../witness/mark.ts";
import { type Line, linesOf } from "../lines.ts";
import { readAnyEvidence } from "../read.ts";
import type { LongLog, LongLogOptions, ReadLog } from "./index.ts";
import { lineBytesOf } from "./line-bytes.ts";
import { MOST_MARKED, nextMark } from "./mark-bytes.ts";
import { Merged } from "./merge.ts";
import * as problem from "./problems.ts";

const LINE_END = 10;
const PART_BYTES = 4_000_000;
const LONGEST_LINE = 1_000_000;

/** A long log of lines, read a few megabytes at a time. The line that names the fields stands before each part. */
export class Batches implements LongLog {
  readonly #options: LongLogOptions;
  readonly #merged = new Merged();
  readonly #marked: Line[] = [];
  readonly #parts: Uint8Array[] = [];
  #bytes = 0;
  #linesBefore = 0;
  #fields: string | null = null;
  #unread = 0;

  constructor(options: LongLogOptions) {
    this.#options = options;
  }

  readonly push = async (chunk: Uint8Array): Promise<boolean> => {
    const end = this.#bytes + chunk.length >= PART_BYTES ? chunk.lastIndexOf(LINE_END) + 1 : 0;
    if (end > 0) {
      this.#parts.push(chunk.slice(0, end));
      await this.#read();
    }
    if (end < chunk.length) this.#parts.push(chunk.slice(end));
    this.#bytes = this.#parts.reduce((sum, { length }) => sum + length, 0);
    return this.#bytes < PART_BYTES + LONGEST_LINE;
  };

  readonly end = async (): Promise<ReadLog> => {
    await this.#read();
    const { file } = this.#options;
    const evidence = this.#merged.of(file);
    const leftOut = this.#merged.leftOut + this.#unread;
    const problems = [
      ...evidence.problems,
      problem.inParts(file),
      ...(leftOut === 0 ? [] : [problem.leftOut(file, leftOut, this.#linesBefore)]),
    ];
    return { evidence: { ...evidence, problems }, marked: this.#marked };
  };

  async #read(): Promise<void> {
    const bytes = joined(this.#parts);
    this.#parts.length = 0;
    const text = this.#options.textOf(bytes);
    const lines = countLines(bytes);
    const first = this.#linesBefore + 1;
    this.#linesBefore += lines;
    if (text === null) {
      this.#unread += lines;
      return;
    }
    const head = this.#fields === null ? "" : `${this.#fields}\n`;
    const { file, hint } = this.#options;
    const shift = first - 1 - (head === "" ? 0 : 1);
    this.#merged.add(await readAnyEvidence(head + text, file, { vantage: hint }), (line) =>
      Math.max(line + shift, first),
    );
    if (nextMark(lineBytesOf(bytes), 0, bytes.length) >= 0) this.#keepMarked(head + text, shift);
    this.#fields = fieldsIn(text) ?? this.#fields;
  }

  /** With the lines that name the fields, by which others are read. */
  #keepMarked(text: string, shift: number): void {
    const marked = linesOf(text).filter((line) => line.text.startsWith("#Fields:") || markIn(line.text) !== null);
    const room = MOST_MARKED - this.#marked.length;
    this.#unread += Math.max(marked.length - room, 0);
    for (const line of marked.slice(0, room)) this.#marked.push({ ...line, number: Math.max(line.number + shift, 1) });
  }
}

/** The last line that says which field is which (W3C, Exchange, flow logs with a heading). */
function fieldsIn(text: string): string | null {
  const at = Math.max(text.lastIndexOf("#Fields: "), text.lastIndexOf("srcaddr"));
  if (at < 0) return null;
  const end = text.indexOf("\n", at);
  return text.slice(text.lastIndexOf("\n", at) + 1, end < 0 ? text.length : end).trimEnd();
}

export function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(LINE_END); at >= 0; at = bytes.indexOf(LINE_END, at + 1)) lines += 1;
  return bytes.length > 0 && bytes.at(-1) !== LINE_END ? lines + 1 : lines;
}
