// Numbers of rows in the sequence in which they are written.

import { NO_END } from "./keys";

/** ::ffff:0:0/96 */
const MAPPED: i64 = (<i64>0xffff) << 32;

/** Whole numbers that lie as doubles. */
export function gatherTimes(times: i32, rows: i32, count: i32, out: i32): void {
  for (let at = 0; at < count; at++) store<i64>(out + at * 8, <i64>load<f64>(times + load<i32>(rows + at * 4) * 8));
}

export function gatherNumbers(numbers: i32, rows: i32, count: i32, out: i32): void {
  for (let at = 0; at < count; at++) store<i64>(out + at * 8, <i64>load<i32>(numbers + load<i32>(rows + at * 4) * 4));
}

/** IPv4 as the lower half of sixteen bytes. */
export function gatherShown(v4: i32, rows: i32, count: i32, out: i32): void {
  for (let at = 0; at < count; at++)
    store<i64>(out + at * 8, MAPPED + <i64>load<u32>(v4 + load<i32>(rows + at * 4) * 4));
}

/** IPv4 as the lower half of sixteen bytes: of one end, or of another where that is not shown; 0: neither is. */
export function gatherAddresses(
  v4: i32,
  ports: i32,
  other: i32,
  otherPorts: i32,
  rows: i32,
  count: i32,
  out: i32,
): void {
  for (let at = 0; at < count; at++) {
    const place = load<i32>(rows + at * 4) * 4;
    let value = MAPPED + <i64>load<u32>(v4 + place);
    if (load<i32>(ports + place) === NO_END)
      value = load<i32>(otherPorts + place) === NO_END ? 0 : MAPPED + <i64>load<u32>(other + place);
    store<i64>(out + at * 8, value);
  }
}

export function gatherWords(codes: i32, rows: i32, count: i32, out: i32): void {
  for (let at = 0; at < count; at++) store<i32>(out + at * 4, load<i32>(codes + load<i32>(rows + at * 4) * 4));
}

export function gatherBytes(codes: i32, rows: i32, count: i32, out: i32): void {
  for (let at = 0; at < count; at++) store<i32>(out + at * 4, <i32>load<u8>(codes + load<i32>(rows + at * 4)));
}

/** Leaves out rows that do not show an end, or of which a byte says so. @returns how many are left */
export function shownRows(ports: i32, bytes: i32, without: i32, rows: i32, count: i32): i32 {
  let out = rows;
  for (let at = rows; at < rows + count * 4; at += 4) {
    const row = load<i32>(at);
    store<i32>(out, row);
    out += i32(load<i32>(ports + row * 4) !== NO_END && <i32>load<u8>(bytes + row) !== without) << 2;
  }
  return (out - rows) >> 2;
}

/** Whether bytes are all the same. */
export function agree(bytes: i32, count: i32): bool {
  let at = 0;
  const first = i8x16.splat(load<u8>(bytes));
  for (; at + 16 <= count; at += 16) if (!i8x16.all_true(i8x16.eq(v128.load(bytes + at), first))) return false;
  for (; at < count; at++) if (load<u8>(bytes + at) !== load<u8>(bytes)) return false;
  return true;
}

/** Whether all rows show an end. */
export function areShown(ports: i32, count: i32): bool {
  for (let at = 0; at < count; at++) if (load<i32>(ports + at * 4) === NO_END) return false;
  return true;
}

/** Of rows, a bit for each byte below 64 that one has. */
export function bytesIn(bytes: i32, rows: i32, count: i32): i64 {
  let found: i64 = 0;
  for (let at = 0; at < count; at++) found |= (<i64>1) << (<i64>load<u8>(bytes + load<i32>(rows + at * 4)));
  return found;
}

/** The least and the greatest time of rows, the greatest end, and the longest time that one took, as four doubles. */
export function boundsOf(times: i32, lasted: i32, rows: i32, count: i32, out: i32): void {
  let least = f64.POSITIVE_INFINITY;
  let most = f64.NEGATIVE_INFINITY;
  let until = f64.NEGATIVE_INFINITY;
  let longest: f64 = 0;
  for (let at = 0; at < count; at++) {
    const place = load<i32>(rows + at * 4) * 8;
    const value = load<f64>(times + place);
    least = min(least, value);
    most = max(most, value);
    const took = load<f64>(lasted + place);
    until = max(until, value + took);
    longest = max(longest, took);
  }
  store<f64>(out, least);
  store<f64>(out, most, 8);
  store<f64>(out, until, 16);
  store<f64>(out, longest, 24);
}
