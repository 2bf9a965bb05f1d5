/**
 * Numbers 0, 1, 2 … for keys of four 32-bit words, in the order they came. Open addressing in typed arrays: a `Map` would
 * make an object and a text for each key.
 */
export interface HashTable {
  size: number;
  /** `ROW` words for each: the key, and four that belong to whoever keeps the table, side by side as both are looked at. */
  words: Int32Array;
  /** Number of the key plus one; 0 is free. Always a power of two, at most half full. */
  slots: Int32Array;
}

const FIRST_SLOTS = 4096;

export const ROW = 8;
/** Where the words begin that are the keeper's, zeros at first. */
export const OWN = 4;

export const newHashTable = (): HashTable => ({
  size: 0,
  words: new Int32Array((FIRST_SLOTS / 2) * ROW),
  slots: new Int32Array(FIRST_SLOTS),
});

/** @returns the key's number; -1 when it is not there */
export function find(table: HashTable, a: number, b: number, c: number, d: number): number {
  const { words, slots } = table;
  const mask = slots.length - 1;
  let slot = hash(a, b, c, d) & mask;
  for (;;) {
    const found = (slots[slot] ?? 0) - 1;
    if (found < 0) return -1;
    const at = found * ROW;
    if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return found;
    slot = (slot + 1) & mask;
  }
}

/** @returns the number of a key that is known not to be there */
export function add(table: HashTable, a: number, b: number, c: number, d: number): number {
  if ((table.size + 1) * 2 > table.slots.length) grow(table);
  const at = table.size * ROW;
  table.words[at] = a;
  table.words[at + 1] = b;
  table.words[at + 2] = c;
  table.words[at + 3] = d;
  place(table, table.size);
  table.size += 1;
  return table.size - 1;
}

function grow(table: HashTable): void {
  const words = new Int32Array(table.words.length * 2);
  words.set(table.words);
  table.words = words;
  table.slots = new Int32Array(table.slots.length * 2);
  for (let key = 0; key < table.size; key += 1) place(table, key);
}

function place({ words, slots }: HashTable, key: number): void {
  const mask = slots.length - 1;
  const at = key * ROW;
  let slot = hash(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0) & mask;
  while (slots[slot] !== 0) slot = (slot + 1) & mask;
  slots[slot] = key + 1;
}

/** The rounds of MurmurHash3, which leave no pattern of neighbouring addresses and ports. */
function hash(a: number, b: number, c: number, d: number): number {
  let mixed = Math.imul(a, 0xcc9e2d51 | 0);
  mixed = Math.imul((mixed << 13) | (mixed >>> 19), 5) ^ b;
  mixed = Math.imul(mixed, 0x1b873593);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 5) ^ c;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b | 0) ^ d;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35 | 0);
  return mixed ^ (mixed >>> 16);
}
