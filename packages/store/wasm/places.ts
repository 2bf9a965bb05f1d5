// Places in a dictionary: https://github.com/apache/parquet-format/blob/master/Encodings.md

import { varint } from "./deltas";

/** Slots of numbers that were found: a number, its place and one more. */
const SLOTS: i32 = 1 << 10;
const SLOT: i32 = 16;
const slots: i32 = 1 << 15;

/** From so many alike on, a count of them is shorter than they are. */
const RUN: i32 = 8;

/**
 * The few numbers that there are, and the place of each row's among them. A slot is half of `most` at least.
 *
 * @returns how many; -1: there are more than `most`
 */
export function fewOf(numbers: i32, count: i32, most: i32, places: i32, few: i32): i32 {
  memory.fill(slots, 0, SLOTS * SLOT);
  let found = 0;
  let last: i64 = 0;
  let place = -1;
  for (let at = 0; at < count; at++) {
    const value = load<i64>(numbers + at * 8);
    if (value !== last || place < 0) {
      last = value;
      const slot = slotOf(value);
      place = load<i32>(slot, 8) - 1;
      if (place < 0) {
        if (found === most) return -1;
        place = found++;
        store<i64>(slot, value);
        store<i32>(slot, found, 8);
        store<i64>(few + place * 8, value);
      }
    }
    store<i32>(places + at * 4, place);
  }
  return found;
}

/** The slot of a number, or an empty one. */
function slotOf(value: i64): i32 {
  let slot = <i32>((<u64>value * (((<u64>0x9e3779b9) << 32) | 0x7f4a7c15)) >> 54);
  while (true) {
    const place = slots + slot * SLOT;
    if (load<i32>(place, 8) === 0 || load<i64>(place) === value) return place;
    slot = (slot + 1) & (SLOTS - 1);
  }
}

/**
 * Runs of one place as a count, what is between in groups of eight. The width of a place stands in front.
 *
 * @param places with room for a group behind the last
 * @returns where it ends
 */
export function writePlaces(places: i32, count: i32, most: i32, start: i32): i32 {
  const width = max(1, 32 - <i32>clz(most));
  const end = places + count * 4;
  let out = start;
  store<u8>(out++, <u8>width);
  memory.fill(end, 0, RUN * 4);
  let plain = places;
  let at = places;
  while (at < end) {
    const value = i32x4.splat(load<i32>(at));
    const isRun =
      at + RUN * 4 <= end &&
      i32x4.all_true(v128.and(i32x4.eq(v128.load(at), value), i32x4.eq(v128.load(at, 16), value)));
    if (!isRun) {
      at += RUN * 4;
      continue;
    }
    out = writeGroups(out, plain, at, width);
    let to = at + RUN * 4;
    while (to < end && load<i32>(to) === load<i32>(at)) to += 4;
    out = varint(out, ((to - at) >> 2) * 2);
    for (let shift = 0; shift < width; shift += 8) store<u8>(out++, <u8>(load<u32>(at) >> shift));
    at = to;
    plain = at;
  }
  return writeGroups(out, plain, end, width);
}

/** The last group is filled up with what stands behind: nobody reads it. */
function writeGroups(start: i32, from: i32, to: i32, width: i32): i32 {
  if (from === to) return start;
  const groups = (((to - from) >> 2) + 7) >> 3;
  let out = varint(start, groups * 2 + 1);
  let word: u64 = 0;
  let filled = 0;
  for (let at = from; at < from + groups * 32; at += 4) {
    const value = <u64>load<u32>(at);
    word |= value << filled;
    filled += width;
    if (filled < 32) continue;
    store<u32>(out, <u32>word);
    out += 4;
    filled -= 32;
    word >>= 32;
  }
  for (; filled > 0; filled -= 8) {
    store<u8>(out++, <u8>word);
    word >>= 8;
  }
  return out;
}
