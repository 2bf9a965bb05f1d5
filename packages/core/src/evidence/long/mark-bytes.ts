/** `seenas-` in front of 24 hexadecimal digits: see `witness/mark.ts`. */
const WORD = [115, 101, 101, 110, 97, 115, 45];
const DIGITS = 24;

/** Lines with one that are kept of a log; a probe says a handful of hellos. */
export const MOST_MARKED = 10_000;

const isDigit = (byte: number): boolean => (byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 102);

/**
 * Where the next mark of a hello begins, in either case; -1: there is none before `end`. Of as many bytes as it has digits
 * only one is looked at, since one of them would have to be a digit.
 */
export function nextMark(bytes: Uint8Array, from: number, end: number): number {
  for (let at = from + WORD.length + DIGITS - 1; at < end; at += DIGITS) {
    if (!isDigit(bytes[at] ?? 0)) continue;
    const earliest = at - DIGITS;
    let first = at;
    while (first > earliest && isDigit(bytes[first - 1] ?? 0)) first -= 1;
    const word = first - WORD.length;
    if (word < from || first === earliest || !isWord(bytes, word)) continue;
    let digits = at - first;
    while (digits < DIGITS && first + digits < end && isDigit(bytes[first + digits] ?? 0)) digits += 1;
    if (digits === DIGITS) return word;
  }
  return -1;
}

/** A dash with the bit of lower case is a dash. */
const isWord = (bytes: Uint8Array, at: number): boolean =>
  WORD.every((letter, index) => ((bytes[at + index] ?? 0) | 32) === letter);
