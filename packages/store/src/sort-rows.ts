import type { EndColumn } from "./columns.ts";

/** What rows are sorted by, most significant first: a number of 32 bits for each row. */
export type Key = Uint32Array;

const DIGITS = 1 << 16;
const MASK = DIGITS - 1;

/**
 * Sorts places of rows by keys, each 16 bits at a time from the least significant on: as many passes over the rows as
 * there are digits that differ at all, and no comparison.
 */
export function sortRows(rows: Uint32Array, keys: readonly Key[]): Uint32Array {
  let sorted = new Uint32Array(rows);
  let other = new Uint32Array(rows.length);
  for (const key of [...keys].reverse()) {
    const [low, high] = countsOf(key, rows);
    for (const [counts, shift] of [
      [low, 0],
      [high, 16],
    ] as const) {
      // All alike: a pass would change nothing.
      if (counts[((key[rows[0] ?? 0] ?? 0) >>> shift) & MASK] === rows.length) continue;
      startsOf(counts);
      for (let at = 0; at < sorted.length; at += 1) {
        const row = sorted[at] ?? 0;
        const digit = ((key[row] ?? 0) >>> shift) & MASK;
        const place = counts[digit] ?? 0;
        counts[digit] = place + 1;
        other[place] = row;
      }
      [sorted, other] = [other, sorted];
    }
  }
  return sorted;
}

/** How often each digit occurs, the low ones and the high ones: that does not depend on the order. */
function countsOf(key: Key, rows: Uint32Array): readonly [Uint32Array, Uint32Array] {
  const low = new Uint32Array(DIGITS);
  const high = new Uint32Array(DIGITS);
  for (let at = 0; at < rows.length; at += 1) {
    const value = key[rows[at] ?? 0] ?? 0;
    low[value & MASK] = (low[value & MASK] ?? 0) + 1;
    high[value >>> 16] = (high[value >>> 16] ?? 0) + 1;
  }
  return [low, high];
}

/** From how often each digit occurs to where its rows begin. */
function startsOf(counts: Uint32Array): void {
  let sum = 0;
  for (let digit = 0; digit < DIGITS; digit += 1) {
    const count = counts[digit] ?? 0;
    counts[digit] = sum;
    sum += count;
  }
}

/** Addresses as two keys: which family, and in which order within it. */
export function addressKeys({ v4, port, six }: EndColumn, length: number): readonly [Key, Key] {
  const family = new Uint32Array(length);
  const value = new Uint32Array(length);
  value.set(v4.subarray(0, length));
  for (let row = 0; row < length; row += 1) family[row] = (port[row] ?? 0) < -1 ? 0 : 1;
  const ranks = ranksOf(six);
  for (const [row, { hi, lo }] of six) {
    family[row] = 2;
    value[row] = ranks.get(`${hi} ${lo}`) ?? 0;
  }
  return [family, value];
}

function ranksOf(six: EndColumn["six"]): ReadonlyMap<string, number> {
  const all = new Map([...six.values()].map((address) => [`${address.hi} ${address.lo}`, address]));
  const sorted = [...all].sort(([, a], [, b]) => (a.hi === b.hi ? Number(a.lo > b.lo) * 2 - 1 : a.hi > b.hi ? 1 : -1));
  return new Map(sorted.map(([text], rank) => [text, rank]));
}

/** Ports, of which `NO_END` is the least. */
export function portKey({ port }: EndColumn, length: number): Key {
  const key = new Uint32Array(length);
  for (let row = 0; row < length; row += 1) key[row] = (port[row] ?? 0) + 2;
  return key;
}
