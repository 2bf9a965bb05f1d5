import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EvidenceKind } from "@seenas/core";
import type { Coverage } from "../questions.ts";
import { writeDurably } from "./files.ts";
import { FORMAT, MANIFEST } from "./format.ts";

/** Rows of one hour that became durable together, in both orders. */
export interface Segment {
  /** Hours since 1970 (UTC) of the first moment of every row in it. */
  readonly hour: number;
  /** File names in the folder of segments. `used` is null where no row of it shows a source. */
  readonly seen: string;
  readonly used: string | null;
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
  readonly segments: readonly Segment[];
  readonly sources: readonly DoneSource[];
  readonly rejected: number;
  readonly retired: readonly Retired[];
}

export const EMPTY: Manifest = {
  format: FORMAT,
  generation: 0,
  withoutPorts: false,
  segments: [],
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
  "generation" in value && "segments" in value && Array.isArray(value.segments) && "sources" in value;

export const writeManifest = (folder: string, manifest: Manifest): void =>
  writeDurably(join(folder, MANIFEST), `${JSON.stringify(manifest)}\n`);

export function coverageOf({ segments }: Manifest): Coverage | null {
  if (segments.length === 0) return null;
  return {
    sinceUs: segments.reduce((least, { sinceUs }) => Math.min(least, sinceUs), Number.POSITIVE_INFINITY),
    untilUs: segments.reduce((most, { untilUs }) => Math.max(most, untilUs), Number.NEGATIVE_INFINITY),
    kinds: [...new Set(segments.flatMap(({ kinds }) => kinds))].sort(),
    rows: segments.reduce((sum, { rows }) => sum + rows, 0),
  };
}
