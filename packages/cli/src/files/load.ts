import { createReadStream, readFileSync } from "node:fs";
import type { Problem, Read } from "@seenas/core";
import { decode } from "./decode.ts";
import { errnoOf, type ListedFile, listFiles } from "./list.ts";
import * as problem from "./problems.ts";

export interface LoadedFile {
  /** As the user named it; `-` is standard input. */
  readonly name: string;
  readonly text: string;
}

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
}

/** No string of V8 can be longer than 2²⁹ characters. */
const MAX_BYTES = 512_000_000;

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
    if (loaded.text !== null) files.push({ name: file.name, text: loaded.text });
    if (loaded.problem !== null) problems.push(loaded.problem);
  }
  return { value: files, problems };
}

interface Loaded {
  readonly text: string | null;
  readonly problem: Problem | null;
}

async function loadFile(file: ListedFile, options: LoadOptions, tell: Tell): Promise<Loaded> {
  try {
    const bytes = await bytesOf(file, options, tell);
    if (bytes === undefined) return { text: null, problem: problem.tooLarge(file.name, options.maxBytes ?? MAX_BYTES) };
    const decoded = decode(bytes, file.name);
    return { text: decoded.kind === "text" ? decoded.text : null, problem: decoded.problem };
  } catch (error) {
    return { text: null, problem: problem.unreadable(file.name, errnoOf(error)) };
  }
}

/** undefined: more than the limit. */
async function bytesOf(file: ListedFile, options: LoadOptions, tell: Tell): Promise<Uint8Array | undefined> {
  const limit = options.maxBytes ?? MAX_BYTES;
  if (file.sizeBytes > limit) return undefined;
  // A size of zero says nothing: files under /proc have none.
  if (file.kind === "file" && file.sizeBytes > 0 && file.sizeBytes <= AT_ONCE_BYTES) return readFileSync(file.name);
  const stream = file.kind === "stdin" ? (options.stdin ?? process.stdin) : createReadStream(file.name);
  const chunks: Uint8Array[] = [];
  let readBytes = 0;
  for await (const chunk of stream) {
    readBytes += chunk.length;
    if (readBytes > limit) return undefined;
    chunks.push(chunk);
    tell({ file: file.name, readBytes, totalBytes: file.sizeBytes > 0 ? file.sizeBytes : null });
  }
  return Buffer.concat(chunks);
}

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
