import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import { isWantedName, type Problem, type Read } from "@seenas/core";
import * as problem from "./problems.ts";

export interface ListedFile {
  /** As the user named it, or named the folder it stands in. `-` is standard input. */
  readonly name: string;
  readonly sizeBytes: number;
  /** A pipe that the shell opened, `<(command)`, has no size. */
  readonly kind: "file" | "pipe" | "stdin";
}

export const STDIN = "-";

const MAX_FILES = 10_000;

/** The system's own: Node's asks for each folder on the way by itself. */
const realpathOf = realpathSync.native;

interface Listing {
  readonly files: ListedFile[];
  readonly problems: Problem[];
  /** Real paths, so that a file reached by two names is read once. */
  readonly seen: Set<string>;
}

/** The files that paths stand for, folders walked through in order of names. Nothing is opened yet. */
export function listFiles(paths: readonly string[]): Read<readonly ListedFile[]> {
  const listing: Listing = { files: [], problems: [], seen: new Set() };
  for (const path of paths) listPath(listing, path);
  return { value: listing.files, problems: listing.problems };
}

function listPath(listing: Listing, path: string): void {
  try {
    if (path === STDIN || path === "/dev/stdin") {
      addOnce(listing, STDIN, { name: STDIN, sizeBytes: 0, kind: "stdin" });
      return;
    }
    const stats = statSync(path);
    if (stats.isDirectory()) listNamedFolder(listing, path);
    else if (stats.isFile()) addFile(listing, path, stats);
    else if (stats.isFIFO() && /^\/(?:dev|proc\/self)\/fd\//.test(path))
      addOnce(listing, path, { name: path, sizeBytes: 0, kind: "pipe" });
    else listing.problems.push(problem.notAFile(path, "error"));
  } catch (error) {
    listing.problems.push(problem.unreadable(path, errnoOf(error)));
  }
}

function listNamedFolder(listing: Listing, path: string): void {
  const before = listing.files.length + listing.problems.length;
  listFolder(listing, path, []);
  if (listing.files.length + listing.problems.length === before) listing.problems.push(problem.emptyFolder(path));
}

/** @param above real paths of the folders that this one stands in */
function listFolder(listing: Listing, folder: string, above: readonly string[], real = realpathOf(folder)): void {
  if (above.includes(real)) listing.problems.push(problem.linkLoop(folder));
  if (listing.seen.has(real)) return;
  listing.seen.add(real);
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (listing.files.length < MAX_FILES && isWantedName(entry.name))
      listEntry(listing, join(folder, entry.name), entry, [...above, real]);
  }
  if (listing.files.length >= MAX_FILES) reportTooMany(listing, folder);
}

function reportTooMany(listing: Listing, folder: string): void {
  if (!listing.problems.some(({ code }) => code === "files/too-many-files"))
    listing.problems.push(problem.tooManyFiles(folder, MAX_FILES));
}

function listEntry(listing: Listing, path: string, entry: Dirent, above: readonly string[]): void {
  try {
    // What is no link has the name it stands under: the system need not be asked for its real one.
    const real = entry.isSymbolicLink() ? undefined : join(above.at(-1) ?? "", entry.name);
    if (entry.isDirectory()) {
      listFolder(listing, path, above, real);
      return;
    }
    const stats = statSync(path);
    if (stats.isDirectory()) listFolder(listing, path, above);
    else if (stats.isFile()) addFile(listing, path, stats, real);
    else listing.problems.push(problem.notAFile(path, "warning"));
  } catch (error) {
    const errno = errnoOf(error);
    const isBroken = entry.isSymbolicLink() && errno === "ENOENT";
    listing.problems.push(isBroken ? problem.brokenLink(path) : problem.unreadable(path, errno));
  }
}

const addFile = (listing: Listing, path: string, stats: Stats, real = realpathOf(path)): void =>
  addOnce(listing, real, { name: path, sizeBytes: stats.size, kind: "file" });

function addOnce(listing: Listing, identity: string, file: ListedFile): void {
  if (listing.seen.has(identity)) return;
  listing.seen.add(identity);
  listing.files.push(file);
}

export const errnoOf = (error: unknown): string =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : String(error);
