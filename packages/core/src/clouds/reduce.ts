import { gcpReducer } from "./gcp/read/reduce.ts";
import { isFields } from "./gcp/recognise.ts";

/** What is left of the elements of a long export while it is read; those that no cloud's reader reduces stay whole. */
export function reducer(): (value: unknown) => unknown {
  const ofGcp = gcpReducer();
  return (value) => (isFields(value) ? ofGcp(value) : value);
}
