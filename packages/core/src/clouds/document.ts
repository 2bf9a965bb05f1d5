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

export type Members = Readonly<Record<string, unknown>>;

/** What is left of the elements of a long list, member by member. */
export interface Reducer {
  /** What is left of an element; the element itself where nobody knows what of it is read. */
  readonly reduce: (element: Members) => Members;
  /** The member that says of what kind an element is, so what of it is left. */
  readonly decidedBy: string;
  /** Members of which what is left depends on what they say. */
  readonly readAnew: ReadonlySet<string>;
  /** Where what is read of a text begins: nothing else of it is kept. */
  readonly startOf: (member: string, text: string) => number;
  /** One text for all that are alike, unless the member's are each its own. */
  readonly shared: (member: string, text: string) => string;
}
