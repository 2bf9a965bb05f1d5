import type { EndColumn } from "./columns.ts";

/** What rows are sorted by, most significant first: a number of 32 bits for each row. */
export type Key = Uint32Array;

const DIGITS = 1 << 16;

/**
 * Sorts places of rows by keys, each 16 bits at a time from the least significant on: as many passes over the rows as
 * there are digits that differ at all, and no comparison.
 */
export function sortRows(rows: Uint32Array, keys: readonly Key[]): Uint32Array {
  let sorted = new Uint32Array(rows);
  let other = new Uint32Array(rows.length);
  const counts = new Uint32Array(DIGITS);
  for (const key of [...keys].reverse())
    for (const shift of [0, 16]) {
      counts.fill(0);
      for (let at = 0; at < sorted.length; at += 1) count(counts, digitOf(key, sorted[at] ?? 0, shift));
      // All alike: a pass would change nothing.
      if (counts[digitOf(key, sorted[0] ?? 0, shift)] === sorted.length) continue;
      let sum = 0;
      for (let digit = 0; digit < DIGITS; digit += 1) {
        const rowsOfIt = counts[digit] ?? 0;
        counts[digit] = sum;
        sum += rowsOfIt;
      }
      for (let at = 0; at < sorted.length; at += 1) {
        const row = sorted[at] ?? 0;
        const digit = digitOf(key, row, shift);
        other[counts[digit] ?? 0] = row;
        count(counts, digit);
      }
      [sorted, other] = [other, sorted];
    }
  return sorted;
}

function count(counts: Uint32Array, digit: number): void {
  counts[digit] = (counts[digit] ?? 0) + 1;
}

const digitOf = (key: Key, row: number, shift: number): number => ((key[row] ?? 0) >>> shift) & 0xffff;

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
