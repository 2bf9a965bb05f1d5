// What rows are sorted by: numbers of 32 bits, one of each row.

/** In place of a port: the record does not show this end. */
export const NO_END: i32 = -2;

/** Spans of time since the first one of all rows. */
export function spanKeys(times: i32, count: i32, span: f64, out: i32): void {
  let first = f64.POSITIVE_INFINITY;
  for (let at = 0; at < count; at++) first = min(first, load<f64>(times + at * 8));
  const from = floor(first / span);
  for (let at = 0; at < count; at++) store<u32>(out + at * 4, <u32>(floor(load<f64>(times + at * 8) / span) - from));
}

/** Numbers with another added, so that the least is none below 0. */
export function shifted(numbers: i32, count: i32, by: i32, out: i32): void {
  for (let at = 0; at < count; at++) store<i32>(out + at * 4, load<i32>(numbers + at * 4) + by);
}

/**
 * Addresses of one end as two keys: 0 where it is not shown, 1 where it is; and which within those, of rows without it
 * one that is within the range of the others, so that it takes no bits of its own.
 */
export function endKeys(v4: i32, ports: i32, count: i32, family: i32, value: i32): void {
  let least = u32.MAX_VALUE;
  for (let at = 0; at < count; at++) {
    const isShown = i32(load<i32>(ports + at * 4) !== NO_END);
    const own = load<u32>(v4 + at * 4);
    store<i32>(family + at * 4, isShown);
    store<u32>(value + at * 4, own);
    least = isShown ? min(least, own) : least;
  }
  for (let at = 0; at < count; at++) if (load<i32>(family + at * 4) === 0) store<u32>(value + at * 4, least);
}
