import type { Origin } from "../problem.ts";

/**
 * One value of a configuration file: an element of a JSON list, a line of NDJSON, a YAML document, or a whole file
 * that holds one object. `value` is an empty list for a file that holds an empty list (then only its name tells what
 * there is none of).
 */
export interface ConfigDocument {
  readonly origin: Origin;
  readonly value: unknown;
  /** 1-based lines of the elements of a list directly inside `value`, for example of `items`; empty when unknown. */
  readonly linesOf: (key: string) => readonly number[];
}
