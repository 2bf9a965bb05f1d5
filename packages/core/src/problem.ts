/** A sentence a user reads. A missing language does not compile. */
export interface Text {
  readonly en: string;
  readonly zh: string;
}

/**
 * Something that was wrong with an input. `error`: part of the input could not be used, so no answer that rests on
 * that file may be given without saying so. `warning`: everything was used, but the reader should know.
 */
export interface Problem {
  readonly level: "error" | "warning";
  /** Stable, `area/what`, for example `json/truncated`. */
  readonly code: string;
  /** As the user named it; null when it is not about one file. */
  readonly file: string | null;
  /** 1-based; null when unknown. */
  readonly line: number | null;
  /** Expected, found. */
  readonly text: Text;
  /** What to do. */
  readonly fix: Text;
}

/** What every reader and parser returns: as much as could be read, and what could not. */
export interface Read<T> {
  readonly value: T;
  readonly problems: readonly Problem[];
}

/** Where in the input a fact stands. */
export interface Origin {
  readonly file: string;
  /** 1-based; null when the format has no lines worth naming. */
  readonly line: number | null;
}

/** The same words in every language: names, addresses, commands. */
export const same = (words: string): Text => ({ en: words, zh: words });
