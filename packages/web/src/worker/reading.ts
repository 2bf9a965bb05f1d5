import {
  archiveLimits,
  decode,
  foreignOf,
  type InputFile,
  isCapture,
  joined,
  type LoadedFile,
  loadArchive,
  openCapture,
  openList,
  type Packing,
  type Problem,
  packingOf,
  type Read,
  type TextsOf,
} from "@seenas/core";
import { type GivenFile, UNREADABLE_TYPE } from "../protocol.ts";
import * as problem from "./problems.ts";
import { texts } from "./texts.ts";

/** No string of V8 can be longer than 2²⁹ characters. */
const MAX_TEXT_BYTES = 512_000_000;
/** Smaller files are read in one go. */
const AT_ONCE_BYTES = 4_000_000;
const PIECE_BYTES = 4 * 1024 * 1024;
const HEAD_BYTES = 4096;
/** A file that is one line is not read line by line. */
const LONGEST_LINE_BYTES = 64_000_000;

/** One file as it was read. */
export interface Loaded {
  readonly name: string;
  /** What can be looked at again; null: nothing was kept of it. */
  readonly content: Blob | null;
  readonly input: InputFile | null;
  readonly problems: readonly Problem[];
  /** Files that were read of an archive; null: it is none. */
  readonly members: number | null;
}

export type Tell = (readBytes: number) => void;

/**
 * Reads one file as what its content is: of an archive the members, behind the archive itself. A long list of resources
 * and a capture are never in memory as a whole.
 */
export async function load(file: GivenFile, tell: Tell): Promise<readonly Loaded[]> {
  const { name, content } = file;
  try {
    const head = new Uint8Array(await content.slice(0, HEAD_BYTES).arrayBuffer());
    const packing = packingOf(head);
    if (packing !== null) return await unpacked(name, content, packing, tell);
    const { value, problems } = await loadOne(file, head, tell);
    return [{ name, content, input: value, problems, members: null }];
  } catch {
    return [{ name, content, input: null, problems: [problem.unreadable(name)], members: null }];
  }
}

async function loadOne({ name, content }: GivenFile, head: Uint8Array, tell: Tell): Promise<Read<InputFile | null>> {
  const refused = (why: Problem): Read<null> => ({ value: null, problems: [why] });
  if (content.type === UNREADABLE_TYPE) return refused(problem.unreadable(name));
  if (isCapture(head)) return { value: await loadCapture(name, content, tell), problems: [] };
  const foreign = foreignOf(head, name);
  if (foreign !== null) return refused(foreign);
  const role = roleOf(texts.loosely("utf-8", head), name);
  if (content.size > AT_ONCE_BYTES && role === "config") {
    const list = await loadList(name, content, tell);
    if (list !== null) return { value: list, problems: [] };
  }
  if (content.size > MAX_TEXT_BYTES) return refused(problem.tooLarge(name, MAX_TEXT_BYTES));
  const read = decode(new Uint8Array(await content.arrayBuffer()), name, texts);
  tell(content.size);
  if (read.kind === "refused") return refused(read.problem);
  return { value: { name, role, text: read.text }, problems: read.problem === null ? [] : [read.problem] };
}

/** As the command reads it. A text can be looked at as it was unpacked; of a capture nothing is kept. */
async function unpacked(name: string, content: Blob, packing: Packing, tell: Tell): Promise<readonly Loaded[]> {
  const unpackers = { limits: archiveLimits(MAX_TEXT_BYTES), reading: { texts } };
  const { files, problems } = await loadArchive(name, packing, piecesOf(content, tell), unpackers);
  const inputs = new Map(files.map((file) => [file.name, memberOf(file)]));
  const names = new Set([name, ...problems.map(({ file }) => file ?? name), ...inputs.keys()]);
  return [...names].map((one) => {
    const input = inputs.get(one) ?? null;
    const members = files.filter((file) => file.name.startsWith(`${one}!`)).length;
    return {
      name: one,
      content: one === name ? content : input !== null && "text" in input ? new Blob([input.text]) : null,
      input,
      problems: problems.filter(({ file }) => (file ?? name) === one),
      members: members > 0 ? members : null,
    };
  });
}

const memberOf = (file: LoadedFile): InputFile =>
  "text" in file ? { ...file, role: roleOf(file.text.slice(0, HEAD_BYTES), file.name) } : { ...file, role: "evidence" };

/** Content decides what a file is; this only says which readers are tried first. */
function roleOf(head: string, name: string): InputFile["role"] {
  const start = head.slice(0, 400).replace(/[\uFEFF\0\s]+/g, "");
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
    list ??= await openList(texts.loosely("utf-8", lines.subarray(0, HEAD_BYTES)), name, textsOf);
    if (list === null || !list.push(lines)) return null;
  }
  const documents = list?.end() ?? null;
  return documents === null ? null : { name, role: "config", documents };
}

/** Of whole lines in UTF-8. */
const textsOf: TextsOf = (bytes) => {
  if (texts.strictly("utf-8", bytes) === null) return null;
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
    if (end > 0) yield joined([rest, piece.subarray(0, end)]);
    rest = end > 0 ? piece.slice(end) : joined([rest, piece]);
    if (rest.length > LONGEST_LINE_BYTES) break;
  }
  yield rest;
}

/**
 * The lines of a file from `first` on, wherever it is in it; without holding what comes before.
 *
 * @param read the text as it was read, where it is at hand. A browser may hand out what a file holds by now instead of
 * failing, as Firefox does; then this throws.
 */
export async function linesOf(
  content: Blob,
  first: number,
  count: number,
  read: string | null = null,
): Promise<readonly string[]> {
  if (content.size <= AT_ONCE_BYTES) {
    const text = await textOf(content);
    if (read !== null && text !== read) throw new Error("the file has changed since it was read");
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
  const text = await textOf(content);
  return text === null ? null : text.replace(/\r?\n$/, "").split("\n").length;
}

async function textOf(content: Blob): Promise<string | null> {
  const decoded = decode(new Uint8Array(await content.arrayBuffer()), "", texts);
  return decoded.kind === "text" ? decoded.text : null;
}
