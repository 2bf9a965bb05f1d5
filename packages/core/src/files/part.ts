import type { Fault } from "./runtime.ts";

/** An archive in the order it is written. A `fault` is the last of it, or of one member. */
export type Part =
  | { readonly kind: "member"; readonly path: string }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** Expanded, and nobody's content. */
  | { readonly kind: "passed"; readonly length: number }
  | { readonly kind: "fault"; readonly fault: Fault };
