import type { Reducer } from "./document.ts";
import { gcpReducer } from "./gcp/read/reduce.ts";

/** What is left of the elements of a long export while it is read; those that no cloud's reader reduces stay whole. */
export const reducer = (): Reducer => gcpReducer();
