import { setOfCidrs } from "./address-set.ts";
import { type Cidr, familyOfCidr, pushCidrs4 } from "./cidr.ts";

/**
 * The fewest prefixes that hold exactly these, sorted, IPv4 first: the same list as `setOfCidrs`, for a million of them.
 */
export function mergeCidrs(cidrs: readonly Cidr[]): readonly Cidr[] {
  const keys = new Float64Array(cidrs.length);
  const wide: Cidr[] = [];
  let count = 0;
  for (const cidr of cidrs) {
    if (familyOfCidr(cidr) === 6) wide.push(cidr);
    else {
      keys[count] = keyOf(cidr);
      count += 1;
    }
  }
  const merged = mergeKeys(keys.subarray(0, count).sort());
  return wide.length === 0 ? merged : [...merged, ...setOfCidrs(wide)];
}

/** First address and length in one number, so that a sort of numbers is a sort of prefixes: 32 + 6 bits, exact. */
const LENGTHS = 64;

const DOT = 46;
const SLASH = 47;
const ZERO = 48;

/** Of an IPv4 prefix. The text is canonical, so no check is repeated here. */
function keyOf(cidr: Cidr): number {
  let key = 0;
  let part = 0;
  for (let index = 0; index < cidr.length; index += 1) {
    const code = cidr.charCodeAt(index);
    if (code === DOT || code === SLASH) {
      key = key * 256 + part;
      part = 0;
    } else part = part * 10 + code - ZERO;
  }
  return key * LENGTHS + part;
}

/** @param keys sorted */
function mergeKeys(keys: Float64Array): Cidr[] {
  const merged: Cidr[] = [];
  let first = 0;
  let end = -1;
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? 0;
    const start = Math.floor(key / LENGTHS);
    const after = start + 2 ** (32 - (key % LENGTHS));
    if (start > end) {
      if (end >= 0) pushCidrs4(merged, first, end - 1);
      first = start;
      end = after;
    } else if (after > end) end = after;
  }
  if (end >= 0) pushCidrs4(merged, first, end - 1);
  return merged;
}
