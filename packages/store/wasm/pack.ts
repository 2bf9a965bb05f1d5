// AssemblyScript, compiled by `npm run wasm` into src/pack-module.ts. It knows nothing of logs or files: it sorts
// places by keys, and makes differences of numbers. https://github.com/apache/parquet-format/blob/master/Encodings.md

const BLOCK: i32 = 128;
const MINIBLOCK: i32 = 32;
/** Of one block, the differences. */
const block: i32 = 1 << 10;
/** Of each key, most significant first, its least value and which bits it takes of all; how often each digit occurs. */
const ranges: i32 = 1 << 11;
const counts: i32 = 1 << 13;
const DIGIT_BITS: i32 = 12;
/**
 * Where what is worked on is put. Whole numbers, as doubles: what they become lies behind the last. Or places of rows,
 * room for as many, and keys of all rows, most significant first, with room for half a key in front.
 */
export const values: i32 = 1 << 15;

export let least: f64 = 0;
export let most: f64 = 0;

let low: i64 = 0;
let high: i64 = 0;

/** Whole numbers as differences from one to the next, each 32 of them as narrow as they can be. @returns where that ends */
export function packDeltas(length: i32): i32 {
  const first = <i64>load<f64>(values);
  low = first;
  high = first;
  let out = values + length * 8;
  out = varint(out, BLOCK);
  out = varint(out, BLOCK / MINIBLOCK);
  out = varint(out, length);
  out = zigzag(out, first);
  for (let from = 1; from < length; from += BLOCK) out = packBlock(out, from, min(from + BLOCK, length));
  least = <f64>low;
  most = <f64>high;
  return out;
}

function packBlock(start: i32, from: i32, to: i32): i32 {
  let last = <i64>load<f64>(values + (from - 1) * 8);
  let lowest = i64.MAX_VALUE;
  let lowHere = low;
  let highHere = high;
  let delta = block;
  for (let at = from; at < to; at++) {
    const value = <i64>load<f64>(values + at * 8);
    lowHere = min(lowHere, value);
    highHere = max(highHere, value);
    store<i64>(delta, value - last);
    lowest = min(lowest, value - last);
    last = value;
    delta += 8;
  }
  low = lowHere;
  high = highHere;
  for (; delta < block + BLOCK * 8; delta += 8) store<i64>(delta, lowest);
  let out = zigzag(start, lowest);
  const widths = out;
  out += BLOCK / MINIBLOCK;
  for (let mini = 0; mini < BLOCK / MINIBLOCK; mini++) {
    const width = widthOf(block + mini * MINIBLOCK * 8, lowest);
    store<u8>(widths + mini, width);
    // The widths of those that hold nothing are there, too, and are 0.
    if (width > 0) out = packBits(out, block + mini * MINIBLOCK * 8, lowest, width);
  }
  return out;
}

/** How many bits the greatest of these takes, above the least of the block. */
function widthOf(from: i32, lowest: i64): i32 {
  let bits: u64 = 0;
  for (let at = from; at < from + MINIBLOCK * 8; at += 8) bits |= load<u64>(at) - <u64>lowest;
  return 64 - <i32>clz(bits);
}

/** Bits of 32 numbers, the least significant first: whole words of 32, so a half of 64 may be left. */
function packBits(start: i32, from: i32, lowest: i64, width: i32): i32 {
  let out = start;
  let word: u64 = 0;
  let filled = 0;
  for (let at = from; at < from + MINIBLOCK * 8; at += 8) {
    const value = load<u64>(at) - <u64>lowest;
    word |= value << filled;
    filled += width;
    if (filled < 64) continue;
    store<u64>(out, word);
    out += 8;
    filled -= 64;
    // A shift by 64 would be one by nothing.
    word = filled === 0 ? 0 : value >> (width - filled);
  }
  if (filled === 0) return out;
  store<u32>(out, <u32>word);
  return out + 4;
}

/** A whole number from 0 on, in groups of seven bits. */
function varint(start: i32, value: u64): i32 {
  let out = start;
  let rest = value;
  for (; rest > 127; rest >>= 7) store<u8>(out++, <u8>(rest | 128));
  store<u8>(out, <u8>rest);
  return out + 1;
}

/** A whole number of either sign. */
function zigzag(start: i32, value: i64): i32 {
  return varint(start, (value << 1) ^ (value >> 63));
}

/**
 * Sorts places of rows by keys, a few bits at a time from the least significant on: as many passes over the rows as the
 * ranges of all keys together need, and no comparison.
 *
 * @param rows how many are sorted, of `all` that have keys
 * @returns where they are
 */
export function sortRows(rows: i32, all: i32, keys: i32): i32 {
  const digits = values + rows * 8;
  const firstKey = digits + ((all * 2 + 3) & ~3);
  let bits = 0;
  for (let key = keys - 1; key >= 0; key--) bits = setRange(ranges + key * 12, firstKey + key * all * 4, rows, bits);
  const passes = (bits + DIGIT_BITS - 1) / DIGIT_BITS;
  let from = values;
  let to = values + rows * 4;
  for (let pass = 0; pass < passes; pass++) {
    const width = (bits + passes - 1) / passes;
    memory.fill(digits, 0, all * 2);
    for (let key = 0; key < keys; key++)
      addBits(digits, firstKey + key * all * 4, all, ranges + key * 12, pass * width, width);
    sortByDigit(from, to, rows, digits, 1 << width);
    const other = from;
    from = to;
    to = other;
  }
  return from;
}

/** @returns where the bits of the next key begin */
function setRange(range: i32, key: i32, rows: i32, bits: i32): i32 {
  let least = u32.MAX_VALUE;
  let most: u32 = 0;
  for (let at = 0; at < rows; at++) {
    const value = load<u32>(key + load<u32>(values + at * 4) * 4);
    least = min(least, value);
    most = max(most, value);
  }
  const end = rows === 0 ? bits : bits + 32 - <i32>clz(most - least);
  store<u32>(range, least);
  store<i32>(range, bits, 4);
  store<i32>(range, end, 8);
  return end;
}

/** Of a key, the bits that a digit has of it. */
function addBits(digits: i32, key: i32, all: i32, range: i32, from: i32, width: i32): void {
  const least = load<u32>(range);
  const shift = load<i32>(range, 4) - from;
  const end = min(width, load<i32>(range, 8) - from);
  if (shift >= width || end <= 0) return;
  const left = max(0, shift);
  const right = max(0, -shift);
  const mask: u32 = (1 << end) - 1;
  for (let row = 0; row < all; row++) {
    const digit = ((((load<u32>(key + row * 4) - least) >> right) << left) & mask) | load<u16>(digits + row * 2);
    store<u16>(digits + row * 2, digit);
  }
}

/** Rows that agree in a digit stay in their sequence. */
function sortByDigit(from: i32, to: i32, rows: i32, digits: i32, most: i32): void {
  memory.fill(counts, 0, most * 4);
  for (let at = from; at < from + rows * 4; at += 4) {
    const count = counts + <i32>load<u16>(digits + load<i32>(at) * 2) * 4;
    store<i32>(count, load<i32>(count) + 1);
  }
  let place = to;
  for (let count = counts; count < counts + most * 4; count += 4) {
    const here = load<i32>(count);
    store<i32>(count, place);
    place += here * 4;
  }
  for (let at = from; at < from + rows * 4; at += 4) {
    const row = load<i32>(at);
    const count = counts + <i32>load<u16>(digits + row * 2) * 4;
    const free = load<i32>(count);
    store<i32>(free, row);
    store<i32>(count, free + 4);
  }
}
