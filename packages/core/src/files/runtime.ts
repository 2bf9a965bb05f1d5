import type { Pieces } from "./pieces.ts";

export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "gb18030";

/** Bytes to text, which every runtime has a fast way of its own for. A mark at the beginning is left out. */
export interface Texts {
  /** null: the bytes are not in that encoding. */
  strictly(encoding: Encoding, bytes: Uint8Array): string | null;
  /** What is not in that encoding is replaced. */
  loosely(encoding: Encoding, bytes: Uint8Array): string;
}

/** Why an archive, or a member of one, ended before its end. `damaged`: not what was packed, or locked with a password. */
export type Fault = "cut" | "damaged";

export type Tell = (fault: Fault) => void;

/** What was expanded before a fault is given all the same. Never throws for what the bytes are. */
export type Gunzip = (pieces: Pieces, tell: Tell) => AsyncIterable<Uint8Array>;
