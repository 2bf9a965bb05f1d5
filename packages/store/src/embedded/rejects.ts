import { closeSync, fsyncSync, openSync, readdirSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { REJECTS } from "./format.ts";

/** A row that was not understood, and where it stands. */
export interface Rejected {
  readonly file: string;
  readonly line: number | null;
  readonly reason: string;
  /** How it begins. */
  readonly text: string;
}

/**
 * One file for each commit that had any. What a commit left that never happened is replaced or removed by the next of its
 * number.
 */
export function writeRejects(folder: string, generation: number, rejected: readonly Rejected[]): void {
  const path = join(folder, REJECTS, `${String(generation).padStart(9, "0")}.jsonl`);
  if (rejected.length === 0) {
    rmSync(path, { force: true });
    return;
  }
  const descriptor = openSync(path, "w");
  try {
    writeSync(descriptor, rejected.map((one) => `${JSON.stringify(one)}\n`).join(""));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Those of commits before a time. */
export function removeRejects(folder: string, beforeMs: number): void {
  for (const name of readdirSync(join(folder, REJECTS))) {
    const path = join(folder, REJECTS, name);
    if (statSync(path).mtimeMs < beforeMs) rmSync(path);
  }
}
