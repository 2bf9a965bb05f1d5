import { readFileSync } from "node:fs";
import {
  type CaptureReader,
  type ConfigDocument,
  type CountedCapture,
  type Evidence,
  isCapture,
  type LongLog,
  openCapture,
  openLongLog,
  type Problem,
  type Read,
  type VantageHint,
  type Wanted,
} from "@seenas/core";
import { decode } from "./decode.ts";
import { errnoOf, type ListedFile, listFiles } from "./list.ts";
import { piecesOf } from "./pieces.ts";
import * as problem from "./problems.ts";

export type LoadedFile = { readonly name: string } & Content;

/** A packet capture and a long log are read while they arrive, of a long export each element is; all else is text. */
export type Content =
  | { readonly text: string }
  | { readonly capture: CountedCapture }
  | { readonly documents: readonly ConfigDocument[] }
  | { readonly evidence: Evidence };

export interface Progress {
  readonly file: string;
  readonly readBytes: number;
  /** null where nobody knows: standard input. */
  readonly totalBytes: number | null;
}

export interface LoadOptions {
  readonly stdin?: AsyncIterable<Uint8Array>;
  /** Called only when loading takes more than a second, and then five times a second at most. */
  readonly onProgress?: (progress: Progress) => void;
  readonly maxBytes?: number;
  /** Long exports of resources are read element by element: for what is given as configuration. */
  readonly lists?: boolean;
  /** Given: long logs are read while they arrive, with what the user says of where each was taken. */
  readonly vantageOf?: (file: string) => VantageHint | null;
  /** The destination in question, which no limit of a capture may cut off. */
  readonly wanted?: Wanted | null;
}

/** No string of V8 can be longer than 2²⁹ characters. */
const MAX_BYTES = 512_000_000;

/** Enough to tell a capture from a text. */
const HEAD_BYTES = 4;

/** A log is not kept as a whole beyond this; of what begins it, this much tells what it is. */
const LONG_BYTES = 8_000_000;
const LOG_HEAD_BYTES = 65_536;

const SILENT_MS = 1000;
const BETWEEN_MS = 200;

/** Smaller files are read in one go, which for a handful of them is faster than taking turns with anything. */
const AT_ONCE_BYTES = 4_000_000;

/**
 * Reads files, folders (recursively, in order of names) and standard input as text. Never throws: what cannot be read is
 * a problem that names the file, and the rest is read.
 */
export async function loadFiles(
  paths: readonly string[],
  options: LoadOptions = {},
): Promise<Read<readonly LoadedFile[]>> {
  const listed = listFiles(paths);
  const problems: Problem[] = [...listed.problems];
  const files: LoadedFile[] = [];
  const tell = throttled(options.onProgress);
  for (const file of listed.value) {
    const loaded = await loadFile(file, options, tell);
    if (loaded.content !== null) files.push({ name: file.name, ...loaded.content });
    if (loaded.problem !== null) problems.push(loaded.problem);
  }
  return { value: files, problems };
}

interface Loaded {
  readonly content: Content | null;
  readonly problem: Problem | null;
}

async function loadFile(file: ListedFile, options: LoadOptions, tell: Tell): Promise<Loaded> {
  try {
    // A size of zero says nothing: files under /proc have none.
    if (file.kind === "file" && file.sizeBytes > 0 && file.sizeBytes <= AT_ONCE_BYTES)
      return await contentOf(readFileSync(file.name), file.name, options);
    const list = options.lists === true && file.kind === "file" ? await longListOf(file, tell) : null;
    return list ?? (await loadPieces(file, options, tell));
  } catch (error) {
    return { content: null, problem: problem.unreadable(file.name, errnoOf(error)) };
  }
}

async function longListOf(file: ListedFile, tell: Tell): Promise<Loaded | null> {
  // A chunk of its own: most exports are small.
  const { loadList } = await import("./long-list.ts");
  const documents = await loadList(file, (readBytes) =>
    tell({ file: file.name, readBytes, totalBytes: file.sizeBytes }),
  );
  return documents === null ? null : { content: { documents }, problem: null };
}

async function contentOf(bytes: Uint8Array, name: string, options: LoadOptions): Promise<Loaded> {
  const capture = await captureOf(bytes, options);
  if (capture === null) return decoded(bytes, name);
  capture.push(bytes);
  return { content: { capture: capture.end() }, problem: null };
}

function decoded(bytes: Uint8Array, name: string): Loaded {
  const text = decode(bytes, name);
  return { content: text.kind === "text" ? { text: text.text } : null, problem: text.problem };
}

/** Of a text all pieces are kept, up to the limit; of a capture and a long log none, whatever its size. */
async function loadPieces(file: ListedFile, options: LoadOptions, tell: Tell): Promise<Loaded> {
  const limit = options.maxBytes ?? MAX_BYTES;
  const kept: Uint8Array[] = [];
  let capture: CaptureReader | null = null;
  let log: LongLog | null = null;
  let readBytes = 0;
  for await (const piece of piecesOf(file, options.stdin)) {
    const before = readBytes;
    readBytes += piece.length;
    tell({ file: file.name, readBytes, totalBytes: file.sizeBytes > 0 ? file.sizeBytes : null });
    if (capture !== null) capture.push(piece);
    else if (log !== null) {
      if (!(await log.push(piece))) return await notInParts(file, options, tell);
    } else kept.push(new Uint8Array(piece));
    // A pipe may begin with a single byte.
    if (before < HEAD_BYTES && readBytes >= HEAD_BYTES) {
      const head = Buffer.concat(kept);
      capture = await captureOf(head, options);
      capture?.push(head);
    }
    if (capture === null && before < LONG_BYTES && readBytes >= LONG_BYTES) {
      log = await longLogOf(kept, file.name, options);
      if (log !== null && !(await log.push(Buffer.concat(kept)))) return await notInParts(file, options, tell);
      if (log !== null) kept.length = 0;
    }
    if (capture === null && log === null && Math.max(readBytes, file.sizeBytes) > limit && readBytes >= LONG_BYTES)
      return { content: null, problem: problem.tooLarge(file.name, limit) };
  }
  if (capture !== null) {
    saveMemory();
    return { content: { capture: capture.end() }, problem: null };
  }
  if (log === null) return decoded(Buffer.concat(kept), file.name);
  const evidence = await log.end();
  return evidence === null ? await notInParts(file, options, tell) : { content: { evidence }, problem: null };
}

/**
 * From here on V8 collects what is left over before it asks for more memory: thousands of connections are told, each with
 * much that is thrown away at once. Not while packets are read, which it would slow down.
 */
const saveMemory = (): void => process.getBuiltinModule?.("node:v8").setFlagsFromString("--optimize-for-size");

async function longLogOf(
  kept: readonly Uint8Array[],
  file: string,
  { vantageOf }: LoadOptions,
): Promise<LongLog | null> {
  if (vantageOf === undefined) return null;
  const head = Buffer.concat(kept, LOG_HEAD_BYTES).toString("utf8");
  // UTF-16, which has a zero in every letter of a log, is read as a whole.
  if (head.includes("\0")) return null;
  return await openLongLog(head, { file, hint: vantageOf(file), textOf });
}

/** Logs hold what clients sent: bytes that are no UTF-8 are replaced, and nothing that is read of a line rests on them. */
const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");

/** It began as a log and went on as something else: a file is read once more as a whole, a pipe cannot be. */
const notInParts = async (file: ListedFile, { vantageOf, ...options }: LoadOptions, tell: Tell): Promise<Loaded> =>
  file.kind === "file"
    ? await loadPieces(file, options, tell)
    : { content: null, problem: problem.notInParts(file.name) };

const captureOf = async (head: Uint8Array, { wanted }: LoadOptions): Promise<CaptureReader | null> =>
  isCapture(head) ? openCapture(wanted ?? null) : null;

type Tell = (progress: Progress) => void;

function throttled(tell: Tell | undefined): Tell {
  // Not `performance`: Node loads a module for it, which takes longer than reading a few files.
  let next = Date.now() + SILENT_MS;
  return (progress) => {
    const now = Date.now();
    if (tell === undefined || now < next) return;
    next = now + BETWEEN_MS;
    tell(progress);
  };
}
