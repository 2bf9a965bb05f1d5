import { giveBack, roomFor } from "./room.ts";

/** Fewer than these are put in order one by one. */
const FEW = 48;
const DIGIT = 11;
const DIGITS = 2 ** DIGIT;
/** Where a digit of the first address begins; the highest has ten bits. */
const SHIFTS = [0, DIGIT, 2 * DIGIT];

/**
 * The indexes of prefixes of IPv4 in order: by first address, those of one first address by length, the shorter first, and
 * equal ones as they were given.
 *
 * @param count how many there are; the lists may be longer
 */
export function prefixOrder(firsts: Uint32Array, lengths: Uint32Array, count: number): Uint32Array {
  const order = roomFor(count);
  for (let index = 0; index < count; index += 1) order[index] = index;
  if (count < FEW) {
    insert(order, firsts, lengths, count);
    return cutOff(order, count);
  }
  // Each pass leaves those of one digit as it found them, so the last pass is of what counts most.
  const places = new Uint32Array(DIGITS);
  let [from, to] = [order, roomFor(count)];
  const pass = (keys: Uint32Array, shift: number): void => {
    if (byDigit({ from, to, keys, shift, count, places })) [from, to] = [to, from];
  };
  pass(lengths, 0);
  for (const shift of SHIFTS) pass(firsts, shift);
  giveBack(to);
  return cutOff(from, count);
}

function cutOff(room: Uint32Array, count: number): Uint32Array {
  const own = room.slice(0, count);
  giveBack(room);
  return own;
}

interface Pass {
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  readonly keys: Uint32Array;
  readonly shift: number;
  readonly count: number;
  readonly places: Uint32Array;
}

/** False: all have the same digit, nothing was moved. */
function byDigit({ from, to, keys, shift, count, places }: Pass): boolean {
  places.fill(0);
  for (let index = 0; index < count; index += 1) {
    const digit = ((keys[index] ?? 0) >>> shift) & (DIGITS - 1);
    places[digit] = (places[digit] ?? 0) + 1;
  }
  let place = 0;
  for (let digit = 0; digit < DIGITS; digit += 1) {
    const here = places[digit] ?? 0;
    if (here === count) return false;
    places[digit] = place;
    place += here;
  }
  for (let index = 0; index < count; index += 1) {
    const at = from[index] ?? 0;
    const digit = ((keys[at] ?? 0) >>> shift) & (DIGITS - 1);
    const next = places[digit] ?? 0;
    to[next] = at;
    places[digit] = next + 1;
  }
  return true;
}

function insert(order: Uint32Array, firsts: Uint32Array, lengths: Uint32Array, count: number): void {
  for (let index = 1; index < count; index += 1) {
    const first = firsts[index] ?? 0;
    const length = lengths[index] ?? 0;
    let to = index;
    for (; to > 0; to -= 1) {
      const before = order[to - 1] ?? 0;
      const difference = (firsts[before] ?? 0) - first || (lengths[before] ?? 0) - length;
      if (difference <= 0) break;
      order[to] = before;
    }
    order[to] = index;
  }
}
