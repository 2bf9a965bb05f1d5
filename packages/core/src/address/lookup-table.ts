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

/** The upper half of an IPv4 address, or of the first word of an IPv6 one. */
const BLOCKS = 2 ** 16;
/** So many slots that hardly two starts share one. */
const SLOTS_A_START = 8;

/** Starts in one block that are looked at one after the other, which no processor guesses wrong. */
const FEW_STARTS = 16;

/** Indexed by the upper half of the address: what is left to search is small. */
export function lookupTable4({ starts, ids }: StepFunction): LookupTable4 {
  const firsts = inNumbers(starts);
  const found = Int32Array.from(ids);
  // Half the size stays in the cache twice as long.
  const index = firsts.length < 2 ** 16 ? new Uint16Array(BLOCKS + 1) : new Uint32Array(BLOCKS + 1);
  let crowd = 0;
  let last = 0;
  for (let block = 0; block < BLOCKS; block += 1) {
    while (last + 1 < firsts.length && (firsts[last + 1] as number) <= block * BLOCKS) last += 1;
    index[block] = last;
    if (block > 0) crowd = Math.max(crowd, last - (index[block - 1] as number));
  }
  index[BLOCKS] = firsts.length - 1;
  crowd = Math.max(crowd, firsts.length - 1 - last);
  return { at: crowd <= FEW_STARTS ? stepping(firsts, found, index) : searching(firsts, found, index) };
}

function stepping(firsts: Uint32Array, found: Int32Array, index: Uint16Array | Uint32Array): LookupTable4["at"] {
  const ends = new Float64Array(firsts.length).fill(Number.POSITIVE_INFINITY);
  ends.set(firsts.subarray(1));
  return (address) => {
    let at = index[address >>> 16] as number;
    while ((ends[at] as number) <= address) at += 1;
    return found[at] as number;
  };
}

function searching(firsts: Uint32Array, found: Int32Array, index: Uint16Array | Uint32Array): LookupTable4["at"] {
  return (address) => {
    const block = address >>> 16;
    let low = index[block] as number;
    let high = index[block + 1] as number;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((firsts[middle] as number) <= address) low = middle;
      else high = middle - 1;
    }
    return found[low] as number;
  };
}

/**
 * Four words a start; indexed by the upper half of the first word, and where many starts share that, by as much of its
 * lower half as tells them apart: prefixes of IPv6 crowd in a few places.
 */
export function lookupTable6({ starts, ids }: StepFunction): LookupTable6 {
  const words = wordsOf(starts);
  const found = Int32Array.from(ids);
  const { offsets, shifts, begins } = slotsOf(words);
  const bounds = boundsOf(begins, found.length, (start, begin) =>
    isAtMost(words, start, begin, 0, 0, 0) ? (words[start * 4] as number) - begin : 1,
  );
  return {
    at: (a, b, c, d) => {
      const block = a >>> 16;
      const slot = ((offsets[block] as number) + ((a & 0xffff) >>> (shifts[block] as number))) * 2;
      let low = bounds[slot] as number;
      let high = bounds[slot + 1] as number;
      while (low < high) {
        const middle = (low + high + 1) >>> 1;
        if (isAtMost(words, middle, a, b, c, d)) low = middle;
        else high = middle - 1;
      }
      return found[low] as number;
    },
  };
}

interface Slots {
  /** Of each block: its first slot, and how many bits of its lower half do not count. */
  readonly offsets: Uint32Array;
  readonly shifts: Uint8Array;
  /** The first word at which each slot begins. */
  readonly begins: Float64Array;
}

function slotsOf(words: Uint32Array): Slots {
  const crowds = new Uint32Array(BLOCKS);
  for (let at = 0; at < words.length; at += 4) {
    const block = (words[at] as number) >>> 16;
    crowds[block] = (crowds[block] as number) + 1;
  }
  const shifts = Uint8Array.from(crowds, (starts) =>
    starts < 2 ? 16 : Math.max(0, 16 - Math.ceil(Math.log2(starts * SLOTS_A_START))),
  );
  const offsets = new Uint32Array(BLOCKS);
  const begins: number[] = [];
  for (let block = 0; block < BLOCKS; block += 1) {
    offsets[block] = begins.length;
    for (let low = 0; low < 2 ** 16; low += 2 ** (shifts[block] as number)) begins.push(block * BLOCKS + low);
  }
  return { offsets, shifts, begins: Float64Array.from(begins) };
}

/**
 * Two for each slot: the last start up to where it begins, and the last before the next one begins.
 *
 * @param compare a start with where a slot begins: below zero, zero or above
 */
function boundsOf(
  begins: Float64Array,
  starts: number,
  compare: (start: number, begin: number) => number,
): Uint32Array {
  const bounds = new Uint32Array(begins.length * 2);
  let last = 0;
  for (let slot = 0; slot < begins.length; slot += 1) {
    const next = begins[slot + 1] ?? Number.POSITIVE_INFINITY;
    while (last + 1 < starts && compare(last + 1, begins[slot] as number) <= 0) last += 1;
    bounds[slot * 2] = last;
    while (last + 1 < starts && compare(last + 1, next) < 0) last += 1;
    bounds[slot * 2 + 1] = last;
  }
  return bounds;
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
