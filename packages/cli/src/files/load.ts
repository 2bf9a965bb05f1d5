import { readFileSync } from "node:fs";
import {
  archiveLimits,
  gathering,
  isCapture,
  type Loaded,
  type LoadedFile,
  loadArchive,
  loadedFrom,
  only,
  PACKING_HEAD_BYTES,
  type Packing,
  type Pieces,
  type Problem,
  packingOf,
  type Read,
  type Reading,
  withHead,
} from "@seenas/core";
import { compileLate } from "./compile-late.ts";
import { errnoOf, type ListedFile, listFiles } from "./list.ts";
import { piecesOf } from "./pieces.ts";
import * as problem from "./problems.ts";
import { texts } from "./texts.ts";

export interface Progress {
  readonly file: string;
  readonly readBytes: number;
  /** null where nobody knows: standard input. */
  readonly totalBytes: number | null;
}

export interface LoadOptions extends Pick<Reading, "vantageOf" | "wanted"> {
  readonly stdin?: Pieces;
  /** Called only when loading takes more than a second, and then five times a second at most. */
  readonly onProgress?: (progress: Progress) => void;
  readonly maxBytes?: number;
  /** Long exports of resources are read element by element: for what is given as configuration. */
  readonly lists?: boolean;
}

/** No string of V8 can be longer than 2²⁹ characters. */
const MAX_BYTES = 512_000_000;

const SILENT_MS = 1000;
const BETWEEN_MS = 200;

/** Smaller files are read in one go, which for a handful of them is faster than taking turns with anything. */
const AT_ONCE_BYTES = 4_000_000;

/**
 * Reads files, folders (recursively, in order of names), archives and standard input as text. Never throws: what cannot be
 * read is a problem that names the file, and the rest is read.
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
    files.push(...loaded.files);
    problems.push(...loaded.problems);
  }
  return { value: files, problems };
}

async function loadFile(file: ListedFile, options: LoadOptions, tell: Tell): Promise<Loaded> {
  try {
    // A size of zero says nothing: files under /proc have none.
    if (file.kind === "file" && file.sizeBytes > 0 && file.sizeBytes <= AT_ONCE_BYTES)
      return await loadAtOnce(file, options);
    const list = options.lists === true && file.kind === "file" ? await longListOf(file, tell) : null;
    return list ?? (await loadPieces(file, options, tell));
  } catch (error) {
    return { files: [], problems: [problem.unreadable(file.name, errnoOf(error))] };
  }
}

async function loadAtOnce({ name }: ListedFile, options: LoadOptions): Promise<Loaded> {
  const bytes = readFileSync(name);
  const packing = packingOf(bytes);
  if (packing !== null) return unpack(name, packing, only(bytes), options);
  if (!isCapture(bytes)) return loadedFrom({ kind: "bytes", bytes }, name, limitOf(options), texts);
  return loadWhole({ name, sizeBytes: bytes.length, kind: "file" }, only(bytes), options);
}

const limitOf = ({ maxBytes = MAX_BYTES }: LoadOptions): number => maxBytes;

const readingOf = ({ vantageOf, wanted }: LoadOptions): Reading => ({
  texts,
  mayCompile: true,
  onMuchToTell: saveMemory,
  ...(vantageOf === undefined ? {} : { vantageOf }),
  ...(wanted === undefined ? {} : { wanted }),
});

/**
 * From here on V8 collects what is left over before it asks for more memory: thousands of connections are told, each with
 * much that is thrown away at once. Not while packets or lines are read, which it would slow down.
 */
const saveMemory = (): void => process.getBuiltinModule?.("node:v8").setFlagsFromString("--optimize-for-size");

async function unpack(name: string, packing: Packing, pieces: Pieces, options: LoadOptions): Promise<Loaded> {
  // A chunk of its own, as what unpacks is: zlib is not loaded for anything else.
  const { gunzip } = await import("./gunzip.ts");
  const limits = archiveLimits(limitOf(options));
  return loadArchive(name, packing, pieces, { limits, reading: readingOf(options), gunzip });
}

/** Of a text all pieces are kept, up to the limit; of a capture and a long log none, whatever its size. */
async function loadWhole(file: ListedFile, pieces: Pieces, options: LoadOptions): Promise<Loaded> {
  const { name, sizeBytes } = file;
  const limit = limitOf(options);
  const whole = gathering(name, limit, readingOf(options), sizeBytes);
  for await (const piece of pieces) {
    await whole.push(piece);
    if (whole.isOver()) break;
  }
  const gathered = await whole.end();
  // A file is read once more as a whole, a pipe cannot be.
  if (gathered.kind === "not-in-parts" && file.kind === "file") {
    const { vantageOf: _, ...others } = options;
    return loadWhole(file, piecesOf(file), others);
  }
  return loadedFrom(gathered, name, limit, texts);
}

async function longListOf(file: ListedFile, tell: Tell): Promise<Loaded | null> {
  // A chunk of its own: most exports are small.
  const { loadList } = await import("./long-list.ts");
  const documents = await loadList(file, (readBytes) =>
    tell({ file: file.name, readBytes, totalBytes: file.sizeBytes }),
  );
  return documents === null ? null : { files: [{ name: file.name, documents }], problems: [] };
}

async function loadPieces(file: ListedFile, options: LoadOptions, tell: Tell): Promise<Loaded> {
  const { head, pieces } = await withHead(metered(file, options, tell), PACKING_HEAD_BYTES);
  const packing = packingOf(head);
  if (packing !== null) return unpack(file.name, packing, pieces, options);
  if (isCapture(head)) compileLate();
  return loadWhole(file, pieces, options);
}

async function* metered(file: ListedFile, { stdin }: LoadOptions, tell: Tell): AsyncGenerator<Uint8Array> {
  let readBytes = 0;
  for await (const piece of piecesOf(file, stdin)) {
    yield piece;
    readBytes += piece.length;
    tell({ file: file.name, readBytes, totalBytes: file.sizeBytes > 0 ? file.sizeBytes : null });
  }
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
