import { type InputFile, isCapture, openCapture, openList, type Problem, type TextsOf } from "@seenas/core";
import { type GivenFile, UNREADABLE_TYPE } from "../protocol.ts";
import { decode, foreignOf } from "./decode.ts";
import * as problem from "./problems.ts";

/** No string of V8 can be longer than 2²⁹ characters. */
const MAX_TEXT_BYTES = 512_000_000;
/** Smaller files are read in one go. */
const AT_ONCE_BYTES = 4_000_000;
const PIECE_BYTES = 4 * 1024 * 1024;
const HEAD_BYTES = 4096;
/** A file that is one line is not read line by line. */
const LONGEST_LINE_BYTES = 64_000_000;

export interface Loaded {
  readonly input: InputFile | null;
  readonly problem: Problem | null;
}

export type Tell = (readBytes: number) => void;

/** Reads one file as what its content is. A long list of resources and a capture are never in memory as a whole. */
export async function load({ name, content }: GivenFile, tell: Tell): Promise<Loaded> {
  if (content.type === UNREADABLE_TYPE) return { input: null, problem: problem.unreadable(name) };
  try {
    const head = new Uint8Array(await content.slice(0, HEAD_BYTES).arrayBuffer());
    if (isCapture(head)) return { input: await loadCapture(name, content, tell), problem: null };
    const foreign = foreignOf(head, name);
    if (foreign !== null) return { input: null, problem: foreign };
    const role = roleOf(head, name);
    if (content.size > AT_ONCE_BYTES && role === "config") {
      const list = await loadList(name, content, tell);
      if (list !== null) return { input: list, problem: null };
    }
    if (content.size > MAX_TEXT_BYTES) return { input: null, problem: problem.tooLarge(name, MAX_TEXT_BYTES) };
    const read = decode(new Uint8Array(await content.arrayBuffer()), name);
    tell(content.size);
    return { input: read.text === null ? null : { name, role, text: read.text }, problem: read.problem };
  } catch {
    return { input: null, problem: problem.unreadable(name) };
  }
}

/** Content decides what a file is; this only says which readers are tried first. */
function roleOf(head: Uint8Array, name: string): InputFile["role"] {
  const start = new TextDecoder().decode(head.subarray(0, 400)).replace(/[\uFEFF\0\s]+/g, "");
  if (start.startsWith("{") || start.startsWith("[")) return "config";
  return /\.(?:ya?ml|json|tfstate)$/i.test(name) ? "config" : "evidence";
}

async function loadCapture(name: string, content: Blob, tell: Tell): Promise<InputFile> {
  const capture = await openCapture();
  for await (const piece of piecesOf(content, tell)) capture.push(piece);
  return { name, role: "evidence", capture: capture.end() };
}

/** Null: it is anything else, or not sound from beginning to end; then the whole tells what it is. */
async function loadList(name: string, content: Blob, tell: Tell): Promise<InputFile | null> {
  let list: Awaited<ReturnType<typeof openList>> = null;
  for await (const lines of wholeLines(content, tell)) {
    list ??= await openList(new TextDecoder().decode(lines.subarray(0, HEAD_BYTES)), name, textsOf);
    if (list === null || !list.push(lines)) return null;
  }
  const documents = list?.end() ?? null;
  return documents === null ? null : { name, role: "config", documents };
}

/** Of whole lines in UTF-8. */
const textsOf: TextsOf = (bytes) => {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  return (from, to) => decoder.decode(bytes.subarray(from, to));
};

async function* piecesOf(content: Blob, tell: Tell): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.size; at += PIECE_BYTES) {
    yield new Uint8Array(await content.slice(at, at + PIECE_BYTES).arrayBuffer());
    tell(Math.min(at + PIECE_BYTES, content.size));
  }
}

const LINE_END = 10;

/** Pieces that end where a line does, where no letter is cut in two; the last as it is. */
async function* wholeLines(content: Blob, tell: Tell): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of piecesOf(content, tell)) {
    const end = piece.lastIndexOf(LINE_END) + 1;
    if (end > 0) yield joined(rest, piece.subarray(0, end));
    rest = end > 0 ? piece.slice(end) : joined(rest, piece);
    if (rest.length > LONGEST_LINE_BYTES) break;
  }
  yield rest;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  if (one.length === 0) return other;
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

/** The lines of a file from `first` on, wherever it is in it; without holding what comes before. */
export async function linesOf(content: Blob, first: number, count: number): Promise<readonly string[]> {
  if (content.size <= AT_ONCE_BYTES) {
    const { text } = decode(new Uint8Array(await content.arrayBuffer()), "");
    return (text ?? "").split(/\r?\n/).slice(first - 1, first - 1 + count);
  }
  const lines: string[] = [];
  const decoder = new TextDecoder();
  let number = 1;
  for await (const piece of wholeLines(content, () => undefined)) {
    const ends = countOf(piece);
    if (number + ends >= first) {
      const here = decoder.decode(piece).split(/\r?\n/);
      if (here.at(-1) === "") here.pop();
      lines.push(...here.slice(Math.max(0, first - number), Math.max(0, first - number) + count - lines.length));
    }
    number += ends;
    if (lines.length >= count) break;
  }
  return lines;
}

function countOf(bytes: Uint8Array): number {
  let count = 0;
  for (let at = bytes.indexOf(LINE_END); at >= 0; at = bytes.indexOf(LINE_END, at + 1)) count += 1;
  return count;
}

/** How many lines a text has; null: it is too long to be shown. */
export async function lineCount(content: Blob): Promise<number | null> {
  if (content.size > 64_000_000) return null;
  const bytes = new Uint8Array(await content.arrayBuffer());
  const text = decode(bytes, "").text;
  return text === null ? null : text.replace(/\r?\n$/, "").split("\n").length;
}
