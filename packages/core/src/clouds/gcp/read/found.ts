import type { Origin } from "../../../problem.ts";

/** One resource as it stands in the export. */
export interface Found<T> {
  readonly value: T;
  /** `projects/P/…`; for statuses and mappings, which have no name of their own, the empty text. */
  readonly path: string;
  readonly project: string;
  readonly name: string;
  readonly origin: Origin;
  readonly updateTime: string | null;
}
