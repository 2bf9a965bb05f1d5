import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EvidenceKind } from "@seenas/core";
import type { Coverage } from "../questions.ts";
import { writeDurably } from "./files.ts";
import { FORMAT, MANIFEST } from "./format.ts";

/** Rows of one hour or day in one order: one file. */
export interface Segment {
  /** Hours since 1970 (UTC), in the order `used` days, of the first moment of every row in it. */
  readonly span: number;
  /** Its name in the folder of segments. */
  readonly file: string;
  readonly rows: number;
  readonly bytes: number;
  /** The least and the greatest `atUs`, and the greatest `untilUs`. */
  readonly sinceUs: number;
  readonly lastAtUs: number;
  readonly untilUs: number;
  readonly kinds: readonly EvidenceKind[];
}

/** How far a file was read; `read/source.ts` says when another file is taken for the same one. */
export interface DoneSource {
  readonly device: string;
  readonly inode: string;
  readonly head: string;
  readonly tail: string;
  readonly doneBytes: number;
  readonly modifiedNs: string;
  /** The next line, from 1 on; 0: it can only be read whole. */
  readonly line: number;
  /** Nothing of it is left to read as it was then. */
  readonly whole: boolean;
}

/** No segment refers to it any more; readers that began before may still. */
export interface Retired {
  readonly file: string;
  readonly sinceMs: number;
}

export interface Manifest {
  readonly format: number;
  /** Grows by one with each commit. */
  readonly generation: number;
  /** Ports and the translator's own name are never kept in it. */
  readonly withoutPorts: boolean;
  /** Every row. */
  readonly seen: readonly Segment[];
  /** Those of them that show a source. */
  readonly used: readonly Segment[];
  readonly sources: readonly DoneSource[];
  readonly rejected: number;
  readonly retired: readonly Retired[];
}

export const EMPTY: Manifest = {
  format: FORMAT,
  generation: 0,
  withoutPorts: false,
  seen: [],
  used: [],
  sources: [],
  rejected: 0,
  retired: [],
};

export type ReadManifest =
  | { readonly kind: "manifest"; readonly manifest: Manifest }
  | { readonly kind: "none" }
  | { readonly kind: "newer"; readonly format: number }
  | { readonly kind: "damaged" };

/** Whoever reads sees one commit or the next, never a part: the file is replaced as a whole. */
export function readManifest(folder: string): ReadManifest {
  let text: string;
  try {
    text = readFileSync(join(folder, MANIFEST), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return { kind: "none" };
    throw error;
  }
  const value = parsed(text);
  if (typeof value !== "object" || value === null || !("format" in value) || typeof value.format !== "number")
    return { kind: "damaged" };
  if (value.format > FORMAT) return { kind: "newer", format: value.format };
  if (isFirst(value)) return { kind: "manifest", manifest: fromFirst(value) };
  return isManifest(value) ? { kind: "manifest", manifest: value } : { kind: "damaged" };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isManifest = (value: object): value is Manifest =>
  "generation" in value &&
  "seen" in value &&
  Array.isArray(value.seen) &&
  "used" in value &&
  Array.isArray(value.used) &&
  "sources" in value;

/** Format 1 had both orders of an hour in one entry. */
interface First extends Omit<Manifest, "seen" | "used"> {
  readonly segments: readonly (Omit<Segment, "span" | "file"> & {
    readonly hour: number;
    readonly seen: string;
    readonly used: string | null;
  })[];
}

const isFirst = (value: object): value is First =>
  "format" in value && value.format === 1 && "segments" in value && Array.isArray(value.segments) && "sources" in value;

function fromFirst({ segments, ...rest }: First): Manifest {
  const seen = segments.map(({ hour, seen, used: _, ...more }): Segment => ({ ...more, span: hour, file: seen }));
  const used = segments.flatMap(({ hour, seen: _, used, ...more }): readonly Segment[] =>
    used === null ? [] : [{ ...more, span: Math.floor(hour / 24), file: used }],
  );
  return { ...rest, format: FORMAT, seen, used };
}

export const writeManifest = (folder: string, manifest: Manifest): void =>
  writeDurably(join(folder, MANIFEST), `${JSON.stringify(manifest)}\n`);

export function coverageOf({ seen, withoutPorts }: Manifest): Coverage | null {
  if (seen.length === 0) return null;
  return {
    sinceUs: seen.reduce((least, { sinceUs }) => Math.min(least, sinceUs), Number.POSITIVE_INFINITY),
    untilUs: seen.reduce((most, { untilUs }) => Math.max(most, untilUs), Number.NEGATIVE_INFINITY),
    kinds: [...new Set(seen.flatMap(({ kinds }) => kinds))].sort(),
    rows: seen.reduce((sum, { rows }) => sum + rows, 0),
    withoutPorts,
  };
}
