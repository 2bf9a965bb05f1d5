/**
 * Numbers 0, 1, 2 … for keys of four 32-bit words, in the order they came. Open addressing in typed arrays: a `Map` would
 * make an object and a text for each key.
 */
export interface HashTable {
  size: number;
  /** `ROW` words for each: the key, and four that belong to whoever keeps the table, side by side as both are looked at. */
  words: Int32Array;
  /**
   * `SLOT` words for each: the hash of a key and its number plus one; 0 is free. The hash spares a look at the words of
   * another key, which nobody may have looked at for long. Always a power of two of them, at most half full.
   */
  slots: Int32Array;
}

const FIRST_SLOTS = 4096;
export const SLOT = 2;

export const ROW = 8;
/** Where the words begin that are the keeper's, zeros at first. */
export const OWN = 4;

/** @param keys how many there may be, where that is known: a table that need not grow is filled faster */
export function newHashTable(keys = 0): HashTable {
  const { words, slots } = tableSizes(keys);
  return { size: 0, words: new Int32Array(words), slots: new Int32Array(slots) };
}

/** How many numbers a table has that need not grow. */
export function tableSizes(keys: number): { readonly words: number; readonly slots: number } {
  let slots = FIRST_SLOTS;
  while (slots < keys * 2) slots *= 2;
  return { words: (slots / 2) * ROW, slots: slots * SLOT };
}

/** To other memory, zeros all of it and no less than it has: there is where it goes on. */
export function moveTable(table: HashTable, words: Int32Array, slots: Int32Array): void {
  words.set(table.words);
  moveSlots(table.slots, slots);
  table.words = words;
  table.slots = slots;
}

/** @returns the key's number; -1 when it is not there */
export function find(table: HashTable, a: number, b: number, c: number, d: number): number {
  const { words, slots } = table;
  const mask = slots.length - SLOT;
  const hashed = hash(a, b, c, d);
  let slot = (hashed * SLOT) & mask;
  for (;;) {
    const found = (slots[slot + 1] ?? 0) - 1;
    if (found < 0) return -1;
    const at = found * ROW;
    if (slots[slot] === hashed && words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d)
      return found;
    slot = (slot + SLOT) & mask;
  }
}

/** @returns the number of a key that is known not to be there */
export function add(table: HashTable, a: number, b: number, c: number, d: number): number {
  if ((table.size + 1) * 2 * SLOT > table.slots.length) grow(table);
  place(table.slots, hash(a, b, c, d), table.size + 1);
  return addWords(table, a, b, c, d);
}

/** For keys of which most are new: one look. @returns the key's number, which is the last one when it was not there */
export function findOrAdd(table: HashTable, a: number, b: number, c: number, d: number): number {
  if ((table.size + 1) * 2 * SLOT > table.slots.length) grow(table);
  const { words, slots } = table;
  const mask = slots.length - SLOT;
  const hashed = hash(a, b, c, d);
  let slot = (hashed * SLOT) & mask;
  for (;;) {
    const found = (slots[slot + 1] ?? 0) - 1;
    if (found < 0) break;
    const at = found * ROW;
    if (slots[slot] === hashed && words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d)
      return found;
    slot = (slot + SLOT) & mask;
  }
  slots[slot] = hashed;
  slots[slot + 1] = table.size + 1;
  return addWords(table, a, b, c, d);
}

function addWords(table: HashTable, a: number, b: number, c: number, d: number): number {
  const { words } = table;
  const at = table.size * ROW;
  words[at] = a;
  words[at + 1] = b;
  words[at + 2] = c;
  words[at + 3] = d;
  table.size += 1;
  return table.size - 1;
}

function grow(table: HashTable): void {
  const words = new Int32Array(table.words.length * 2);
  words.set(table.words);
  table.words = words;
  const { slots } = table;
  table.slots = new Int32Array(slots.length * 2);
  moveSlots(slots, table.slots);
}

function moveSlots(from: Int32Array, to: Int32Array): void {
  for (let slot = 0; slot < from.length; slot += SLOT) {
    const number = from[slot + 1] ?? 0;
    if (number !== 0) place(to, from[slot] ?? 0, number);
  }
}

function place(slots: Int32Array, hashed: number, number: number): void {
  const mask = slots.length - SLOT;
  let slot = (hashed * SLOT) & mask;
  while (slots[slot + 1] !== 0) slot = (slot + SLOT) & mask;
  slots[slot] = hashed;
  slots[slot + 1] = number;
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
