import { inNumbers, type Position } from "./nested.ts";
import type { StepFunction } from "./step-function.ts";

/** A step function as tables that answer in nanoseconds; nothing is allocated by a look-up. */
export interface LookupTable4 {
  /** @param address an unsigned 32-bit number */
  at(address: number): number;
}

export interface LookupTable6 {
  /** The four words of an address, the highest first, each an unsigned 32-bit number. */
  at(a: number, b: number, c: number, d: number): number;
}

const SLOTS = 2 ** 16;

/** Indexed by the upper half of the address: what is left to search is small. */
export function lookupTable4({ starts, ids }: StepFunction): LookupTable4 {
  const firsts = inNumbers(starts);
  const found = Int32Array.from({ length: ids.length }, (_, index) => ids[index] ?? 0);
  const index = new Uint32Array(SLOTS + 1);
  let last = 0;
  for (let slot = 0; slot < SLOTS; slot += 1) {
    while (last + 1 < firsts.length && (firsts[last + 1] as number) <= slot * SLOTS) last += 1;
    index[slot] = last;
  }
  index[SLOTS] = firsts.length - 1;
  return {
    at: (address) => {
      const slot = address >>> 16;
      let low = index[slot] as number;
      let high = index[slot + 1] as number;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if ((firsts[middle] as number) <= address) low = middle;
        else high = middle - 1;
      }
      return found[low] as number;
    },
  };
}

/** Four words a start; indexed by the bits of the first word in which the starts differ. */
export function lookupTable6({ starts, ids }: StepFunction): LookupTable6 {
  const words = wordsOf(starts);
  const found = Int32Array.from({ length: ids.length }, (_, index) => ids[index] ?? 0);
  const count = ids.length;
  const base = count > 1 ? (words[4] as number) : 0;
  const top = words[4 * (count - 1)] as number;
  let shift = 0;
  while ((top - base) / 2 ** shift >= SLOTS) shift += 1;
  const slots = Math.floor((top - base) / 2 ** shift) + 1;
  const index = new Uint32Array(slots + 1);
  let last = 0;
  for (let slot = 0; slot < slots; slot += 1) {
    while (last + 1 < count && isAtMost(words, last + 1, base + slot * 2 ** shift, 0, 0, 0)) last += 1;
    index[slot] = last;
  }
  index[slots] = count - 1;
  const below = index[0] as number;
  return {
    at: (a, b, c, d) => {
      if (a > top) return found[count - 1] as number;
      const slot = a < base ? -1 : (a - base) >>> shift;
      let low = slot < 0 ? 0 : (index[slot] as number);
      let high = slot < 0 ? below : (index[slot + 1] as number);
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if (isAtMost(words, middle, a, b, c, d)) low = middle;
        else high = middle - 1;
      }
      return found[low] as number;
    },
  };
}

function isAtMost(words: Uint32Array, index: number, a: number, b: number, c: number, d: number): boolean {
  const at = index * 4;
  const first = words[at] as number;
  if (first !== a) return first < a;
  const second = words[at + 1] as number;
  if (second !== b) return second < b;
  const third = words[at + 2] as number;
  return third !== c ? third < c : (words[at + 3] as number) <= d;
}

function wordsOf(starts: ArrayLike<Position>): Uint32Array {
  const words = new Uint32Array(starts.length * 4);
  for (let index = 0; index < starts.length; index += 1) {
    const start = BigInt(starts[index] ?? 0);
    for (let word = 0; word < 4; word += 1)
      words[index * 4 + word] = Number((start >> BigInt(96 - 32 * word)) & 0xffffffffn);
  }
  return words;
}
