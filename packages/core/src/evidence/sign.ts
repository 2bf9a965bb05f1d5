import type { EvidenceKind } from "./observation.ts";

/** What tells a line of one kind. */
export interface Sign {
  readonly kind: EvidenceKind;
  /** Words without one of which it cannot be: looked for before a pattern is even compiled. */
  readonly has?: readonly string[];
  /** Lines of it begin with a digit, after blanks. */
  readonly digit?: true;
  readonly is: (text: string) => boolean;
}

export const matches = (pattern: RegExp) => (text: string) => pattern.test(text);
