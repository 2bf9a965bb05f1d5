import { readFileSync } from "node:fs";
import { isCapture, type Problem, type Read } from "@seenas/core";
import { gathering, type Loaded, type LoadedFile, loadedFrom, type Reading } from "./content.ts";
import { errnoOf, type ListedFile, listFiles } from "./list.ts";
import { type Packing, packingOf } from "./packing.ts";
import { only, type Pieces, piecesOf, withHead } from "./pieces.ts";
import * as problem from "./problems.ts";

export interface Progress {
  readonly file: string;
  readonly readBytes: number;
  /** null where nobody knows: standard input. */
  readonly totalBytes: number | null;
}

export interface LoadOptions extends Reading {
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
  if (!isCapture(bytes)) return loadedFrom({ kind: "bytes", bytes }, name, limitOf(options));
  return loadWhole({ name, sizeBytes: bytes.length, kind: "file" }, only(bytes), options);
}

const limitOf = ({ maxBytes = MAX_BYTES }: LoadOptions): number => maxBytes;

async function unpack(name: string, packing: Packing, pieces: Pieces, options: LoadOptions): Promise<Loaded> {
  // A chunk of its own, with the libraries that unpack.
  const { archiveLimits, loadArchive } = await import("./archive.ts");
  return loadArchive(name, packing, pieces, archiveLimits(limitOf(options)), options);
}

/** Of a text all pieces are kept, up to the limit; of a capture and a long log none, whatever its size. */
async function loadWhole(file: ListedFile, pieces: Pieces, options: LoadOptions): Promise<Loaded> {
  const { name, sizeBytes } = file;
  const limit = limitOf(options);
  const whole = gathering(name, limit, options, sizeBytes);
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
  return loadedFrom(gathered, name, limit);
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
  const { head, pieces } = await withHead(metered(file, options, tell));
  const packing = packingOf(head);
  if (packing !== null) return unpack(file.name, packing, pieces, options);
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
