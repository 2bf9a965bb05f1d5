import type { Answer } from "./answer.ts";

/** `part`: kept aside, where no reader takes it for everything. `left-out`: this way of collecting does not ask for it. */
export type Result =
  | "written"
  | "part"
  | "left-out"
  | Exclude<Answer["kind"], "whole" | "part" | "missing">
  | "not-run";

export interface Entry {
  readonly file: string;
  readonly command: string;
  readonly scope: string;
  /** RFC 3339. */
  readonly at: string;
  readonly result: Result;
  readonly elements: number | null;
  readonly attempts: number;
  readonly reason: string | null;
  /** What nobody can know without it; null: it was written. */
  readonly unknown: string | null;
  /** What one must be allowed to run it; empty where it was written. */
  readonly rights: readonly string[];
}

export interface Manifest {
  readonly schema: "seenas/collected@1";
  readonly provider: string;
  readonly scopes: readonly string[];
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly entries: readonly Entry[];
}
