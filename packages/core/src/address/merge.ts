import { setOfCidrs } from "./address-set.ts";
import { addressOf, type Cidr, familyOfCidr, lengthOf } from "./cidr.ts";
import { ipv4ToNumber } from "./ip.ts";

/**
 * The fewest prefixes that hold exactly these, sorted, IPv4 first: the same list as `setOfCidrs`, for a million of them.
 */
export function mergeCidrs(cidrs: readonly Cidr[]): readonly Cidr[] {
  const wide = cidrs.filter((cidr) => familyOfCidr(cidr) === 6);
  return [
    ...mergeIpv4(wide.length === 0 ? cidrs : cidrs.filter((cidr) => familyOfCidr(cidr) === 4)),
    ...setOfCidrs(wide),
  ];
}

/** First address and length in one number, so that a sort of numbers is a sort of prefixes: 32 + 6 bits, exact. */
const LENGTHS = 64;

function mergeIpv4(cidrs: readonly Cidr[]): Cidr[] {
  const keys = new Float64Array(cidrs.length);
  for (const [index, cidr] of cidrs.entries()) keys[index] = ipv4ToNumber(addressOf(cidr)) * LENGTHS + lengthOf(cidr);
  keys.sort();
  const merged: Cidr[] = [];
  let first = 0;
  let end = -1;
  for (const key of keys) {
    const start = Math.floor(key / LENGTHS);
    const after = start + 2 ** (32 - (key % LENGTHS));
    if (start > end) {
      if (end >= 0) pushRange(merged, first, end);
      first = start;
      end = after;
    } else if (after > end) end = after;
  }
  if (end >= 0) pushRange(merged, first, end);
  return merged;
}

/** @param end the address after the last one */
function pushRange(into: Cidr[], first: number, end: number): void {
  let start = first;
  while (start < end) {
    let length = 32;
    let size = 1;
    while (length > 0 && start % (size * 2) === 0 && start + size * 2 <= end) {
      size *= 2;
      length -= 1;
    }
    into.push(`${start >>> 24}.${(start >>> 16) & 255}.${(start >>> 8) & 255}.${start & 255}/${length}` as Cidr);
    start += size;
  }
}
