// AssemblyScript, compiled by `npm run wasm` into src/read/scan-module.ts. It knows nothing of logs: it compares bytes.
//
// Memory: words that are known, layouts, what was found of a line, and the lines. Behind the lines there are 16 bytes
// more, so that vectors may be read across their end.

/** Of a layout: how many values, then for each, and for what follows the last one, four numbers; then constants. */
const PART: i32 = 16;
const HEAD: i32 = 16;

/** What a value is read as. */
const NUMBER: i32 = 1;
const QUAD: i32 = 2;
const PORT_TEXT: i32 = 3;
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
export const lines: i32 = found + VALUES * 12 + 64;

let count: i32 = 0;

/** @returns where the record ends that begins at `from`, and fills `found`; -1: it is laid out in another way */
export function match(layout: i32, from: i32, end: i32): i32 {
  const values = load<i32>(layout);
  let part = layout + HEAD;
  let out = found;
  let at = from;
  for (let index = 0; index < values; index++) {
    at = constantEnd(part, at, end);
    if (at < 0) return -1;
    const start = at;
    const kind = load<i32>(part, 8);
    at = kind === NUMBER || kind === PORT_NUMBER ? numberEnd(at, end) : textEnd(at, end);
    if (at < 0) return -1;
    store<i32>(out, start);
    store<i32>(out, at, 4);
    if (kind === QUAD) store<i32>(out, quadIn(start, at), 8);
    else if (kind === PORT_TEXT || kind === PORT_NUMBER) store<i32>(out, portIn(start, at), 8);
    else if (kind === STAMP) store<i32>(out, stampIn(start, at, load<i32>(part, 12)), 8);
    else if (kind === WORD) store<i32>(out, codeOf(start, at), 8);
    out += 12;
    part += PART;
  }
  return constantEnd(part, at, end);
}

function constantEnd(part: i32, from: i32, end: i32): i32 {
  let constant = load<i32>(part);
  const length = load<i32>(part, 4);
  const stop = from + length;
  if (stop > end) return -1;
  let at = from;
  for (; at + 16 <= stop; at += 16) {
    if (v128.any_true(v128.xor(v128.load(at), v128.load(constant)))) return -1;
    constant += 16;
  }
  if (at === stop) return stop;
  const alike = i8x16.bitmask(i8x16.eq(v128.load(at), v128.load(constant)));
  return (~alike & ((1 << (stop - at)) - 1)) === 0 ? stop : -1;
}

/** Where a plain text ends: one without escapes, and without what JSON forbids in one. */
function textEnd(from: i32, end: i32): i32 {
  const quote = i8x16.splat(34);
  const backslash = i8x16.splat(92);
  const space = i8x16.splat(32);
  for (let at = from; at < end; at += 16) {
    const part = v128.load(at);
    const special = v128.or(v128.or(i8x16.eq(part, quote), i8x16.eq(part, backslash)), i8x16.lt_u(part, space));
    const mask = i8x16.bitmask(special);
    if (mask === 0) continue;
    const stop = at + ctz(mask);
    return stop < end && load<u8>(stop) === 34 ? stop : -1;
  }
  return -1;
}

/** Where a whole number ends, as JSON writes it. */
function numberEnd(from: i32, end: i32): i32 {
  let at = from;
  while (at < end && <u32>(<i32>load<u8>(at) - 48) < 10) at++;
  const isPadded = at > from + 1 && load<u8>(from) === 48;
  return at === from || isPadded ? -1 : at;
}

/** A dotted quad as 32 bits; a zero in front of another digit makes it none. 0 is none, too: it is left to the parser. */
function quadIn(start: i32, end: i32): i32 {
  if (end - start > 15) return 0;
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let at = start; at < end; at++) {
    const digit = <i32>load<u8>(at) - 48;
    if (<u32>digit < 10) {
      if (octet === 0) return 0;
      octet = octet < 0 ? digit : octet * 10 + digit;
      if (octet > 255) return 0;
    } else {
      if (digit !== -2 || octet < 0) return 0;
      value = (value << 8) | octet;
      octet = -1;
      dots++;
    }
  }
  return dots === 3 && octet >= 0 ? (value << 8) | octet : 0;
}

/** A port; -2: it is none. */
function portIn(start: i32, end: i32): i32 {
  if (end === start || end - start > 5) return -2;
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = <i32>load<u8>(at) - 48;
    if (<u32>digit > 9) return -2;
    value = value * 10 + digit;
  }
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
  let us = (tens * 10 + ones) * 1000000;
  if (length === 20) return us;
  if (load<u8>(start, 19) !== 46 || length === 21) return -1;
  let scale = 100000;
  for (let at = start + 20; at < end - 1; at++) {
    const digit = <i32>load<u8>(at) - 48;
    if (<u32>digit > 9) return -1;
    us += digit * scale;
    scale /= 10;
  }
  return us;
}

/** The code of a word that is known; -1: it is not. */
function codeOf(start: i32, end: i32): i32 {
  return end - start > LONGEST_WORD ? -1 : load<i32>(slotOf(start, end)) - 1;
}

/** The slot of a word, or an empty one. */
function slotOf(start: i32, end: i32): i32 {
  const length = end - start;
  let hash: u64 = length;
  let at = start;
  for (; at + 8 <= end; at += 8) hash = mixed(hash ^ load<u64>(at));
  // Fewer than eight are left: what stands behind them is shifted out.
  if (at < end) hash = mixed(hash ^ (load<u64>(at) << (<u64>(8 - (end - at)) * 8)));
  let slot = <i32>(hash >> 47) & (SLOTS - 1);
  while (true) {
    const place = slots + slot * SLOT;
    if (load<i32>(place) === 0) return place;
    if (load<i32>(place, 4) === length && isSame(place + 8, start, length)) return place;
    slot = (slot + 1) & (SLOTS - 1);
  }
}

function mixed(value: u64): u64 {
  const product = value * (((<u64>0x9e3779b9) << 32) | 0x7f4a7c15);
  return product ^ (product >> 29);
}

function isSame(one: i32, other: i32, length: i32): bool {
  let at = 0;
  for (; at + 8 <= length; at += 8) if (load<u64>(one + at) !== load<u64>(other + at)) return false;
  for (; at < length; at++) if (load<u8>(one + at) !== load<u8>(other + at)) return false;
  return true;
}

/** Makes a word known, if there is room: of so many as there is not, the same ones hardly come again. */
export function addWord(start: i32, end: i32, code: i32): void {
  if (count === WORDS || end - start > LONGEST_WORD) return;
  const slot = slotOf(start, end);
  if (load<i32>(slot) !== 0) return;
  store<i32>(slot, code + 1);
  store<i32>(slot, end - start, 4);
  memory.copy(slot + 8, start, end - start);
  count++;
}
