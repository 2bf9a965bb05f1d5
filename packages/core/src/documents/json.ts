import type { ConfigDocument } from "../clouds/document.ts";
import type { Problem, Read } from "../problem.ts";
import { withoutAnsi } from "./chatter.ts";
import { linesInside, memberOf } from "./json-members.ts";
import * as problem from "./json-problems.ts";
import { type Scan, scanValue, skipSpace } from "./json-scan.ts";
import { lineCounter } from "./lines.ts";
import { looksLikeJson } from "./recognise.ts";

/** Members in which REST lists and command lines put the elements of a list. */
const ENVELOPES = [
  "items",
  "value",
  "data",
  "result",
  "Reservations",
  "NetworkInterfaces",
  "RouteTables",
  "NatGateways",
  "Subnets",
];

const MAX_ERRORS = 20;

/** Several lists joined into one are read through; deeper nesting stays one value. */
const MAX_LISTS_IN_LISTS = 4;

interface Reader {
  readonly text: string;
  readonly file: string;
  readonly lineAt: (position: number) => number;
  readonly documents: ConfigDocument[];
  readonly problems: Problem[];
}

/**
 * Splits a JSON text into its elements and parses each by itself: a list, objects one after another (NDJSON or not),
 * or one object. An element with an error is left out and the others are kept; of a file that was cut short, the
 * elements before the cut. An empty list is one document that holds an empty list.
 *
 * Problems: `json/truncated`, `json/malformed`, `json/too-deep`, `json/not-json`, `json/other-text`,
 * `json/rest-unread`, `json/too-many-errors`.
 */
export function readJsonDocuments(text: string, file: string): Read<readonly ConfigDocument[]> {
  const plain = withoutAnsi(text);
  const reader: Reader = { text: plain, file, lineAt: lineCounter(plain), documents: [], problems: [] };
  readTopLevel(reader);
  return { value: reader.documents, problems: reader.problems };
}

function readTopLevel(reader: Reader): void {
  const { text } = reader;
  let at = skipSpace(text, 0);
  let values = 0;
  while (at < text.length && !gaveUp(reader, at)) {
    const start = nextStart(text, at);
    if (start !== at) reportOtherText(reader, at, start ?? text.length, values > 0 || start !== undefined);
    if (start === undefined) return;
    values += 1;
    const end = text.charAt(start) === "[" ? readList(reader, start, 1) : readObject(reader, start);
    at = skipSpace(text, end);
  }
  if (values === 0) reader.problems.push(problem.notJson(where(reader, 0), ""));
}

/** Of talk between the values only the first is reported: it tends to be the same again. */
function reportOtherText(reader: Reader, from: number, to: number, besideJson: boolean): void {
  const { text, problems } = reader;
  const found = text.slice(from, Math.min(to, from + 200));
  if (!besideJson) problems.push(problem.notJson(where(reader, from), found));
  else if (!problems.some(({ code }) => code === "json/other-text"))
    problems.push(problem.skippedText(where(reader, from), found));
}

const where = (reader: Reader, position: number): { file: string; line: number } => ({
  file: reader.file,
  line: reader.lineAt(position),
});

function gaveUp(reader: Reader, position: number): boolean {
  if (reader.problems.length < MAX_ERRORS) return false;
  if (reader.problems.at(-1)?.code !== "json/too-many-errors")
    reader.problems.push(problem.tooManyErrors(where(reader, position), MAX_ERRORS));
  return true;
}

/** Right here, or at the beginning of a later line: what stands before is a command line's own talk. */
function nextStart(text: string, from: number): number | undefined {
  if (startsAt(text, from)) return from;
  const lines = /[\r\n][ \t]*(?=[{[])/g;
  lines.lastIndex = from;
  for (let line = lines.exec(text); line !== null; line = lines.exec(text))
    if (startsAt(text, lines.lastIndex)) return lines.lastIndex;
  return undefined;
}

const startsAt = (text: string, at: number): boolean => looksLikeJson(text.slice(at, at + 200));

/** @returns where to go on. */
function readObject(reader: Reader, start: number): number {
  const scan = scanValue(reader.text, start);
  const value = scan.kind === "complete" ? parse(reader.text, start, scan.end) : undefined;
  if (scan.kind !== "complete" || value === undefined) return readDamagedObject(reader, start, scan);
  const linesOf = (key: string): readonly number[] => linesInside(reader.text, start, key);
  reader.documents.push({ origin: where(reader, start), value, linesOf });
  return scan.end;
}

/** An object with an error may still be the envelope of a list whose other elements are sound. */
function readDamagedObject(reader: Reader, start: number, scan: Scan): number {
  const list = envelopeOf(reader.text, start);
  if (list === undefined) return damaged(reader, start, scan);
  const before = reader.problems.length;
  const end = readList(reader, list, 1);
  if (reader.problems.length === before) reportDamage(reader, start, scan);
  if (scan.kind === "complete") return scan.end;
  return scan.kind === "cut" ? reader.text.length : (nextAlike(reader.text, start, end) ?? reader.text.length);
}

function envelopeOf(text: string, start: number): number | undefined {
  return ENVELOPES.map((key) => memberOf(text, start, key)).find((at) => at !== undefined && text.charAt(at) === "[");
}

/** @returns past the closing bracket, or the end of the text where that could not be found. */
function readList(reader: Reader, open: number, depth: number): number {
  const { text, problems } = reader;
  let at = skipSpace(text, open + 1);
  if (text.charAt(at) === "]") {
    reader.documents.push({ origin: where(reader, open), value: [], linesOf: noLines });
    return at + 1;
  }
  while (!gaveUp(reader, at)) {
    const before = problems.length;
    at = skipSpace(text, readElement(reader, at, depth));
    const sound = problems.length === before;
    if (text.charAt(at) === "]") return at + 1;
    if (text.charAt(at) === ",") at = skipSpace(text, at + 1);
    else if (sound && at < text.length) at = afterMissingComma(reader, at);
    if (at >= text.length) {
      if (sound) problems.push(problem.truncated(where(reader, open), reader.documents.length));
      return at;
    }
  }
  return text.length;
}

function afterMissingComma(reader: Reader, at: number): number {
  const expected = { en: '"," or "]"', zh: "“,”或“]”" };
  const scan: Scan = { kind: "malformed", at, expected };
  if (!"{[".includes(reader.text.charAt(at))) return damaged(reader, at, scan);
  reportDamage(reader, at, scan);
  return at;
}

/** @returns past the element, or after an error where the next one begins. */
function readElement(reader: Reader, start: number, depth: number): number {
  const { text } = reader;
  if (text.charAt(start) === "[" && depth < MAX_LISTS_IN_LISTS) return readList(reader, start, depth + 1);
  const scan = scanValue(text, start);
  const value = scan.kind === "complete" ? parse(text, start, scan.end) : undefined;
  if (scan.kind !== "complete" || value === undefined) return damaged(reader, start, scan);
  reader.documents.push({ origin: where(reader, start), value, linesOf: noLines });
  return scan.end;
}

const noLines = (): readonly number[] => [];

function parse(text: string, start: number, end: number): unknown {
  try {
    return JSON.parse(text.slice(start, end));
  } catch {
    return undefined;
  }
}

/** Reports it. @returns where the next value begins; the end of the text when that cannot be told. */
function damaged(reader: Reader, start: number, scan: Scan): number {
  const { text, problems } = reader;
  const unfinished = scan.kind === "cut" ? unfinishedLine(text, start) : undefined;
  if (unfinished !== undefined) return damaged(reader, start, unfinished);
  reportDamage(reader, start, scan);
  if (scan.kind === "complete") return scan.end;
  if (scan.kind === "cut") return text.length;
  const next = nextAlike(text, start, scan.at);
  if (next === undefined && text.includes("{", scan.at + 1)) problems.push(problem.restUnread(where(reader, scan.at)));
  return next ?? text.length;
}

function reportDamage(reader: Reader, start: number, scan: Scan): void {
  const { text, problems, documents } = reader;
  if (scan.kind === "cut") problems.push(problem.truncated(where(reader, start), documents.length));
  else if (scan.kind === "malformed")
    problems.push(problem.malformed(where(reader, scan.at), scan.expected, text.slice(scan.at, scan.at + 80)));
  else if (scan.kind === "too-deep") problems.push(problem.tooDeep(where(reader, scan.at)));
  else problems.push(problem.badString(where(reader, start)));
}

/** A value that swallows the following line, which begins just as it does: it was cut, not the file. */
function unfinishedLine(text: string, start: number): Scan | undefined {
  const at = nextAlike(text, start, start);
  if (at === undefined || text.slice(start, at).trim().includes("\n")) return undefined;
  return { kind: "malformed", at, expected: { en: "the end of the line before", zh: "上一行的结尾" } };
}

/**
 * The next line that begins as the damaged value did: equally far in, with the same bracket. Values that share a line
 * cannot be told apart after an error, and neither can the parts of one that spans lines without being indented.
 */
function nextAlike(text: string, start: number, damage: number): number | undefined {
  const indent = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const flat = /^.[ \t]*\r?\n([ \t]*)/.exec(text.slice(start, start + 200))?.[1];
  if (indent.trim() !== "" || (flat !== undefined && flat.length <= indent.length)) return undefined;
  const from = Math.max(start, text.lastIndexOf("\n", damage));
  const next = text.indexOf(`\n${indent}${text.charAt(start)}`, from);
  return next === -1 ? undefined : next + 1 + indent.length;
}
