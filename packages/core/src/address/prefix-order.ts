/** Fewer than these are put in order one by one. */
const FEW = 48;
const DIGIT = 11;
const DIGITS = 2 ** DIGIT;
/** Where a digit of the first address begins; the highest has ten bits. */
const SHIFTS = [0, DIGIT, 2 * DIGIT];

/**
 * The indexes of prefixes of IPv4 in order: by first address, those of one first address by length, the shorter first, and
 * equal ones as they were given.
 */
export function prefixOrder(firsts: Uint32Array, lengths: Uint8Array): Uint32Array {
  const order = new Uint32Array(firsts.length);
  for (let index = 0; index < order.length; index += 1) order[index] = index;
  if (order.length < FEW) return inserted(order, firsts, lengths);
  // Each pass leaves those of one digit as it found them, so the last pass is of what counts most.
  let sorted = byDigit(order, lengths, 0);
  for (const shift of SHIFTS) sorted = byDigit(sorted, firsts, shift);
  return sorted;
}

function byDigit(order: Uint32Array, keys: Uint32Array | Uint8Array, shift: number): Uint32Array {
  const places = new Uint32Array(DIGITS);
  for (let index = 0; index < keys.length; index += 1) {
    const digit = ((keys[index] ?? 0) >>> shift) & (DIGITS - 1);
    places[digit] = (places[digit] ?? 0) + 1;
  }
  let place = 0;
  for (let digit = 0; digit < DIGITS; digit += 1) {
    const count = places[digit] ?? 0;
    if (count === keys.length) return order;
    places[digit] = place;
    place += count;
  }
  const sorted = new Uint32Array(order.length);
  for (let index = 0; index < order.length; index += 1) {
    const at = order[index] ?? 0;
    const digit = ((keys[at] ?? 0) >>> shift) & (DIGITS - 1);
    const to = places[digit] ?? 0;
    sorted[to] = at;
    places[digit] = to + 1;
  }
  return sorted;
}

function inserted(order: Uint32Array, firsts: Uint32Array, lengths: Uint8Array): Uint32Array {
  for (let index = 1; index < order.length; index += 1) {
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
  return order;
}
