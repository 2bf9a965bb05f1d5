// AssemblyScript, compiled by `npm run wasm` into src/read/scan-module.ts. It knows nothing of logs: it compares bytes.
//
// Memory: words that are known, layouts, what was found of a line, and the lines. Behind the lines there are 16 bytes
// more, so that vectors may be read across their end.

/**
 * Of a layout: how many values, then for each, and for what follows the last one, six numbers: where the constant in
 * front of it lies, its length, that of its vectors; what the value is, where its minute lies, how long it was last; then
 * constants. A constant ends with a vector; a first vector says which of the bytes in the next one belong to it.
 */
const PART: i32 = 32;
const HEAD: i32 = 16;

/** What a value is read as; 0: as a text, and 3: as a port in one. */
const NUMBER: i32 = 1;
const QUAD: i32 = 2;
const PORT_NUMBER: i32 = 4;
const STAMP: i32 = 5;
const WORD: i32 = 6;

/** Words that are known, each in a line of the processor's cache: its code and one more, its length, its bytes. */
const SLOTS: i32 = 1 << 17;
const SLOT: i32 = 64;
const WORDS: i32 = SLOTS / 2;
const LONGEST_WORD: i32 = SLOT - 8;
const slots: i32 = 1 << 16;
/** Where layouts may be put, and 1,024 values of a line, each with start, end and what it was read as. */
export const layouts: i32 = slots + SLOTS * SLOT;
export const LAYOUT_BYTES: i32 = 1 << 15;
export const LAYOUTS: i32 = 16;
export const found: i32 = layouts + LAYOUT_BYTES * LAYOUTS;
export const VALUES: i32 = 1024;
/** What the values of so many lines were read as: of the first one in each line, of the second, and so on. */
export const ROWS: i32 = 512;
export const CELLS: i32 = 16;
export const cells: i32 = found + VALUES * 12;
/** Of words that are not looked up yet, the end and the slot lie so far behind the start; and where lines begin. */
const ENDS: i32 = CELLS * ROWS * 4;
const SLOTS_OF: i32 = ENDS * 2;
const starts: i32 = cells + ENDS * 3;
export const lines: i32 = starts + ROWS * 4 + 64;

/** How many lines were read; and where the next one ends, if it is laid out like them and has a value that is not plain. */
export let rows: i32 = 0;
export let stop: i32 = -1;

let count: i32 = 0;
/** Whether all values of a line could be read as what they are. */
let isPlain: bool = false;

/** Sixteen bytes of ones, then of zeros: from the byte `16 - length` on, it is a mask for so many. */
const MASKS: usize = memory.data<u8>([
  255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
  0, 0, 0,
]);

/**
 * Words of so many lines are looked up together: then the processor need not wait for the memory of each. Of lines with a
 * word that is new those behind it are compared in vain, so it is one where many are.
 */
const MOST_AHEAD: i32 = 128;
let ahead: i32 = 1;
/** What nobody reads: it keeps what is fetched early from being left out. */
export let touched: i32 = 0;

/**
 * Reads lines into `cells`, from the place `from` on, as long as they are laid out so, and all of their values are plain.
 *
 * @returns where the first begins that was not read; `rows` and `stop` say more, and `found` has its values
 */
export function scan(layout: i32, from: i32, end: i32, limit: i32): i32 {
  const most = min(limit, ROWS);
  let at = from;
  rows = 0;
  stop = -1;
  while (rows < most && at < end) {
    const count = min(ahead, most - rows);
    const first = rows;
    at = count === 1 ? at : compareAhead(layout, at, end, count);
    // The first line that was not compared with others, or not read.
    if (count > 1 && rows === first + count) {
      ahead = min(MOST_AHEAD, ahead * 2);
      continue;
    }
    if (rows === most || at >= end) break;
    const lineEnd = match(layout, at, end, cells + rows * 4, true);
    if (lineEnd < 0 || (lineEnd < end && load<u8>(lineEnd) !== 10)) break;
    if (!isPlain) {
      ahead = max(1, rows - first);
      stop = lineEnd;
      break;
    }
    ahead = min(MOST_AHEAD, ahead * 2);
    at = lineEnd + 1;
    rows++;
  }
  return at;
}

/** Reads up to so many lines. @returns where the first begins that was not read */
function compareAhead(layout: i32, from: i32, end: i32, count: i32): i32 {
  let at = from;
  let row = rows;
  while (row < rows + count && at < end) {
    store<i32>(starts + row * 4, at);
    const lineEnd = match(layout, at, end, cells + row * 4, false);
    if (lineEnd < 0 || (lineEnd < end && load<u8>(lineEnd) !== 10) || !isPlain) break;
    at = lineEnd + 1;
    row++;
  }
  const known = lookUp(layout, rows, row);
  rows = known;
  return known < row ? load<i32>(starts + known * 4) : at;
}

/** Looks up the words of lines. @returns the first line that has one that is not known; `to`: none */
function lookUp(layout: i32, from: i32, to: i32): i32 {
  const behind = layout + HEAD + load<i32>(layout) * PART;
  let known = to;
  let column = cells;
  for (let part = layout + HEAD; part < behind; part += PART) {
    const kind = load<i32>(part, 12);
    if (kind === WORD) {
      touch(column + from * 4, column + known * 4);
      for (let cell = column + from * 4; cell < column + known * 4; cell += 4) {
        const start = load<i32>(cell);
        const code = codeFrom(load<i32>(cell + SLOTS_OF), start, load<i32>(cell + ENDS) - start);
        store<i32>(cell, code);
        if (code < 0) known = (cell - column) >> 2;
      }
    }
    if (kind > NUMBER) column += ROWS * 4;
  }
  return known;
}

/** Finds the slots where looking for words begins, and has their memory fetched. */
function touch(from: i32, to: i32): void {
  let all = 0;
  for (let cell = from; cell < to; cell += 4) {
    const start = load<i32>(cell);
    const slot = firstSlot(start, min(load<i32>(cell + ENDS) - start, LONGEST_WORD));
    store<i32>(cell + SLOTS_OF, slot);
    all |= load<i32>(slot);
  }
  touched = all;
}

/**
 * @param withWords they are looked up
 * @returns where the record ends that begins at `from`, and fills `found`; -1: it is laid out in another way
 */
function match(layout: i32, from: i32, end: i32, firstCell: i32, withWords: bool): i32 {
  const values = load<i32>(layout);
  let part = layout + HEAD;
  let out = found;
  let cell = firstCell;
  let plain = true;
  let at = from;
  for (let index = 0; index < values; index++) {
    const start = at + load<i32>(part, 4);
    if (start > end) return -1;
    if (isOther(part, start)) return -1;
    const kind = load<i32>(part, 12);
    const stop = kind === NUMBER || kind === PORT_NUMBER ? numberEnd(start, end) : textEnd(start, end);
    if (stop < 0) return -1;
    // Most values are as long as the one before: the processor goes on there, and need not wait for where this one ends.
    at = start + load<i32>(part, 20);
    if (at !== stop) {
      at = stop;
      store<i32>(part, stop - start, 20);
    }
    store<i32>(out, start);
    store<i32>(out, at, 4);
    if (kind > NUMBER) {
      let value: i32;
      if (kind === QUAD) {
        value = quadIn(start, at);
        plain = plain && value !== 0;
      } else if (kind === STAMP) {
        value = stampIn(start, at, load<i32>(part, 16));
        plain = plain && value >= 0;
      } else if (kind === WORD) {
        value = start;
        if (withWords) {
          value = codeOf(start, at);
          plain = plain && value >= 0;
        } else store<i32>(cell + ENDS, at);
      } else {
        value = portIn(start, at);
        plain = plain && value >= 0;
      }
      store<i32>(out, value, 8);
      store<i32>(cell, value);
      cell += ROWS * 4;
    }
    out += 12;
    part += PART;
  }
  isPlain = plain;
  at += load<i32>(part, 4);
  if (at > end) return -1;
  if (isOther(part, at)) return -1;
  return at;
}

/** Whether a constant is not what ends at a place. */
function isOther(part: i32, behind: i32): bool {
  const constant = load<i32>(part);
  const bytes = load<i32>(part, 8);
  const first = behind - bytes;
  let differs = v128.and(v128.xor(v128.load(first), v128.load(constant, 16)), v128.load(constant));
  for (let index = 16; index < bytes; index += 16)
    differs = v128.or(differs, v128.xor(v128.load(first + index), v128.load(constant + index, 16)));
  return v128.any_true(differs);
}

/**
 * Where a plain text ends: one without escapes, and without what JSON forbids in one. That a quote stands there, the
 * constant behind it says.
 */
function textEnd(from: i32, end: i32): i32 {
  for (let at = from; at < end; at += 16) {
    const part = v128.load(at);
    // A quote and a space trade places: then whatever is not above 32 ends the text.
    const turned = v128.xor(part, i8x16.splat(2));
    const isLow = i8x16.eq(i8x16.min_u(turned, i8x16.splat(32)), turned);
    const mask = i8x16.bitmask(v128.or(isLow, i8x16.eq(part, i8x16.splat(92))));
    if (mask !== 0) return at + ctz(mask);
  }
  return -1;
}

/** The same byte eight times. */
const EACH: u64 = ((<u64>0x01010101) << 32) | 0x01010101;
const ZEROS: u64 = EACH * 0x30;
const TO_TOP: u64 = EACH * 0x76;
const TOP: u64 = EACH * 0x80;

/** The top bit of each byte that is no digit, up to the first at least; of bytes whose zero is 0. */
function noDigits(bytes: u64): u64 {
  return ((bytes + TO_TOP) | bytes) & TOP;
}

/** Eight digits as a number, the first in the lowest byte. */
function numberOf(digits: u64): u32 {
  const pairs = ((digits * (10 * 256 + 1)) >> 8) & (((<u64>0x00ff00ff) << 32) | 0x00ff00ff);
  const fours = ((pairs * (100 * 65536 + 1)) >> 16) & (((<u64>0xffff) << 32) | 0xffff);
  return <u32>((fours * (((<u64>10000) << 32) | 1)) >> 32);
}

/** Where a whole number ends, as JSON writes it. */
function numberEnd(from: i32, end: i32): i32 {
  const digits = load<u64>(from) ^ ZEROS;
  const others = noDigits(digits);
  let at = from + 8;
  if (others !== 0) at = from + (<i32>ctz(others) >> 3);
  else while (at < end && <u32>(<i32>load<u8>(at) - 48) < 10) at++;
  const isPadded = at > from + 1 && (digits & 255) === 0;
  return at === from || isPadded ? -1 : at;
}

/** A dotted quad as 32 bits; a zero in front of another digit makes it none. 0 is none, too: it is left to the parser. */
function quadIn(start: i32, end: i32): i32 {
  const length = end - start;
  if (length > 15) return 0;
  const part = v128.load(start);
  const all = (1 << length) - 1;
  let dots = i8x16.bitmask(i8x16.eq(part, i8x16.splat(46))) & all;
  const digits = i8x16.bitmask(i8x16.lt_u(i8x16.sub(part, i8x16.splat(48)), i8x16.splat(10))) & all;
  if ((dots | digits) !== all || popcnt(dots) !== 3) return 0;
  const first = ctz(dots);
  dots &= dots - 1;
  const second = ctz(dots);
  dots &= dots - 1;
  const third = ctz(dots);
  const one = octetIn(start, first);
  const two = octetIn(start + first + 1, second - first - 1);
  const three = octetIn(start + second + 1, third - second - 1);
  const four = octetIn(start + third + 1, length - third - 1);
  return (one | two | three | four) > 255 ? 0 : (one << 24) | (two << 16) | (three << 8) | four;
}

/** More than 255: it is none. */
function octetIn(at: i32, length: i32): u32 {
  const digits = load<u32>(at) ^ <u32>ZEROS;
  const right = digits << ((4 - length) << 3);
  const value = ((right >> 8) & 255) * 100 + ((right >> 16) & 255) * 10 + (right >> 24);
  const isNone = i32(<u32>(length - 1) > 2) | (i32((digits & 255) === 0) & i32(length > 1));
  return value | (isNone << 8);
}

/** A port; -2: it is none. */
function portIn(start: i32, end: i32): i32 {
  const length = end - start;
  if (<u32>(length - 1) > 4) return -2;
  const digits = (load<u64>(start) ^ ZEROS) << ((8 - length) << 3);
  if (noDigits(digits) !== 0) return -2;
  const value = numberOf(digits);
  return value < 65536 ? value : -2;
}

/** Microseconds of `:44.400950463Z` in the minute whose 16 letters stand at `minute`; -1: another, or written otherwise. */
function stampIn(start: i32, end: i32, minute: i32): i32 {
  const length = end - start;
  if (length < 20 || length > 30 || load<u8>(end - 1) !== 90) return -1;
  if (v128.any_true(v128.xor(v128.load(start), v128.load(minute)))) return -1;
  const tens = <i32>load<u8>(start, 17) - 48;
  const ones = <i32>load<u8>(start, 18) - 48;
  if (load<u8>(start, 16) !== 58 || <u32>tens > 5 || <u32>ones > 9) return -1;
  const us = (tens * 10 + ones) * 1000000;
  if (length === 20) return us;
  if (load<u8>(start, 19) !== 46 || length === 21) return -1;
  // Of the fraction eight digits, with zeros behind those that are there; of them six.
  const count = length - 21;
  let digits = load<u64>(start, 20) ^ ZEROS;
  if (count < 8) digits &= ((<u64>1) << (count << 3)) - 1;
  if (noDigits(digits) !== 0 || (count === 9 && <u32>(<i32>load<u8>(start, 28) - 48) > 9)) return -1;
  return us + numberOf(digits << 16);
}

/** The code of a word that is known; -1: it is not. */
function codeOf(start: i32, end: i32): i32 {
  const length = end - start;
  return length > LONGEST_WORD ? -1 : codeFrom(firstSlot(start, length), start, length);
}

/** The same, from the slot on where looking for it begins. */
function codeFrom(slot: i32, start: i32, length: i32): i32 {
  return length > LONGEST_WORD ? -1 : load<i32>(slotFrom(slot, start, length)) - 1;
}

/** Sixteen bytes of a word, or as many as there are left of it. */
function partOf(start: i32, at: i32, length: i32): v128 {
  const part = v128.load(start + at);
  return length - at >= 16 ? part : v128.and(part, v128.load(<i32>MASKS + 16 - (length - at)));
}

/** Where looking for a word begins. */
function firstSlot(start: i32, length: i32): i32 {
  let hash: u64 = length;
  for (let at = 0; at < length; at += 16) {
    const part = partOf(start, at, length);
    hash = mixed(mixed(hash ^ i64x2.extract_lane(part, 0)) ^ i64x2.extract_lane(part, 1));
  }
  return slots + (<i32>(hash >> 47) & (SLOTS - 1)) * SLOT;
}

/** The slot of a word, or an empty one. */
function slotFrom(first: i32, start: i32, length: i32): i32 {
  let place = first;
  while (true) {
    if (load<i32>(place) === 0) return place;
    if (load<i32>(place, 4) === length && isSame(place + 8, start, length)) return place;
    place += SLOT;
    if (place === slots + SLOTS * SLOT) place = slots;
  }
}

function mixed(value: u64): u64 {
  const product = value * (((<u64>0x9e3779b9) << 32) | 0x7f4a7c15);
  return product ^ (product >> 29);
}

/** @param known with zeros behind it */
function isSame(known: i32, start: i32, length: i32): bool {
  for (let at = 0; at < length; at += 16) {
    const other = v128.load(known + at);
    const own = partOf(start, at, length);
    // What stands behind the slot is another word.
    const differs = at < 48 ? v128.xor(own, other) : v128.xor(own, v128.and(other, v128.load(<i32>MASKS + 8)));
    if (v128.any_true(differs)) return false;
  }
  return true;
}

/** Makes a word known, if there is room: of so many as there is not, the same ones hardly come again. */
export function addWord(start: i32, end: i32, code: i32): void {
  const length = end - start;
  if (count === WORDS || length > LONGEST_WORD) return;
  const slot = slotFrom(firstSlot(start, length), start, length);
  if (load<i32>(slot) !== 0) return;
  store<i32>(slot, code + 1);
  store<i32>(slot, length, 4);
  memory.copy(slot + 8, start, length);
  count++;
}
