import type { LineBytes } from "./line-bytes.ts";

/** `seenas-` in front of 24 hexadecimal digits: see `witness/mark.ts`. */
const WORD = [115, 101, 101, 110, 97, 115, 45];
const DIGITS = 24;
const DASH = 45;

/** Lines with one that are kept of a log; a probe says a handful of hellos. */
export const MOST_MARKED = 10_000;

const isDigit = (byte: number): boolean => (byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 102);

/** Looked at together: among so many digits these always stand, and in a log four in a row are seldom digits. */
const TOGETHER = 4;
const STEP = DIGITS - TOGETHER + 1;

/** Where the next mark of a hello begins, in either case; -1: there is none before `end`. */
export function nextMark({ bytes, view }: LineBytes, from: number, end: number): number {
  const last = end - TOGETHER;
  for (let at = from + WORD.length + STEP - 1; at <= last; at += STEP) {
    if (!mayBeDigits(view.getInt32(at, true)) || !isDigit(bytes[at] ?? 0)) continue;
    const earliest = at - DIGITS;
    let first = at;
    while (first > earliest && isDigit(bytes[first - 1] ?? 0)) first -= 1;
    const word = first - WORD.length;
    if (word < from || first === earliest || bytes[first - 1] !== DASH || !isWord(bytes, word)) continue;
    let digits = at - first;
    while (digits < DIGITS && first + digits < end && isDigit(bytes[first + digits] ?? 0)) digits += 1;
    if (digits === DIGITS) return word;
  }
  return -1;
}

/**
 * Hexadecimal digits are 30 to 39, 41 to 46 and 61 to 66: beside the bit 40 neither 10 nor 08 is set, and without it 10
 * is. False tells that one of the four bytes is none.
 */
const mayBeDigits = (four: number): boolean =>
  ((four & ((four << 2) | (four << 3)) & 0x40404040) | (~four & ~(four >>> 2) & 0x10101010)) === 0;

/** A dash with the bit of lower case is a dash. */
const isWord = (bytes: Uint8Array, at: number): boolean =>
  WORD.every((letter, index) => ((bytes[at + index] ?? 0) | 32) === letter);
