/** Of each key, its least value and which bits it takes of all; how often each digit occurs. */
const ranges: i32 = 1 << 11;
const counts: i32 = 1 << 13;
const DIGIT_BITS: i32 = 12;

/**
 * Sorts places of rows by keys, a few bits at a time from the least significant on: as many passes over the rows as the
 * ranges of all keys together need, and no comparison.
 *
 * @param places of `rows` rows, of `all` that have keys; behind them there is room for as many
 * @param digits room for half a key
 * @param keys where each key lies, the most significant first
 * @returns where they are
 */
export function sortRows(places: i32, rows: i32, all: i32, digits: i32, keys: i32, count: i32): i32 {
  let bits = 0;
  for (let key = count - 1; key >= 0; key--)
    bits = setRange(ranges + key * 12, load<i32>(keys + key * 4), places, rows, bits);
  const passes = (bits + DIGIT_BITS - 1) / DIGIT_BITS;
  let from = places;
  let to = places + rows * 4;
  for (let pass = 0; pass < passes; pass++) {
    const width = (bits + passes - 1) / passes;
    memory.fill(digits, 0, all * 2);
    for (let key = 0; key < count; key++)
      addBits(digits, load<i32>(keys + key * 4), all, ranges + key * 12, pass * width, width);
    sortByDigit(from, to, rows, digits, 1 << width);
    const other = from;
    from = to;
    to = other;
  }
  return from;
}

/** @returns where the bits of the next key begin */
function setRange(range: i32, key: i32, places: i32, rows: i32, bits: i32): i32 {
  let least = u32.MAX_VALUE;
  let most: u32 = 0;
  for (let at = 0; at < rows; at++) {
    const value = load<u32>(key + load<u32>(places + at * 4) * 4);
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
