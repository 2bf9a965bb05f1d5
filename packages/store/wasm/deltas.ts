// Numbers as differences: https://github.com/apache/parquet-format/blob/master/Encodings.md

const BLOCK: i32 = 128;
const MINIBLOCK: i32 = 32;
/** Of one block, the differences. */
const block: i32 = 1 << 10;

/** Of the numbers that were packed last. */
export let least: i64 = 0;
export let most: i64 = 0;

/** Whole numbers as differences from one to the next, each 32 of them as narrow as they can be. @returns where that ends */
export function packDeltas(values: i32, length: i32, start: i32): i32 {
  const first = load<i64>(values);
  let out = start;
  least = first;
  most = first;
  out = varint(out, BLOCK);
  out = varint(out, BLOCK / MINIBLOCK);
  out = varint(out, length);
  out = zigzag(out, first);
  for (let from = 1; from < length; from += BLOCK) out = packBlock(out, values, from, min(from + BLOCK, length));
  return out;
}

function packBlock(start: i32, values: i32, from: i32, to: i32): i32 {
  let last = load<i64>(values + (from - 1) * 8);
  let lowest = i64.MAX_VALUE;
  let low = least;
  let high = most;
  let delta = block;
  for (let at = from; at < to; at++) {
    const value = load<i64>(values + at * 8);
    low = min(low, value);
    high = max(high, value);
    store<i64>(delta, value - last);
    lowest = min(lowest, value - last);
    last = value;
    delta += 8;
  }
  least = low;
  most = high;
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
export function varint(start: i32, value: u64): i32 {
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
