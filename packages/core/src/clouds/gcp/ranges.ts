import { type Cidr, cidrCovers, cidrsOfRange, familyOfCidr, type Range, rangeOf } from "../../address/cidr.ts";
import { bitsOf } from "../../address/ip.ts";

/** What of `from` is in none of `without`, as the fewest prefixes. */
export function subtract(from: readonly Cidr[], without: readonly Cidr[]): readonly Cidr[] {
  let left: readonly Range[] = from.map((cidr) => rangeOf(cidr));
  for (const cidr of without) left = left.flatMap((range) => cut(range, rangeOf(cidr)));
  return left.flatMap((range) => cidrsOfRange(range));
}

function cut(range: Range, hole: Range): readonly Range[] {
  if (range.family !== hole.family || hole.last < range.first || range.last < hole.first) return [range];
  const pieces: Range[] = [];
  if (range.first < hole.first) pieces.push({ ...range, last: hole.first - 1n });
  if (hole.last < range.last) pieces.push({ ...range, first: hole.last + 1n });
  return pieces;
}

/** Prefixes nest or are apart, so an intersection is always one of the two. */
export const intersect = (a: readonly Cidr[], b: readonly Cidr[]): readonly Cidr[] => [
  ...new Set(
    a.flatMap((one) => b.flatMap((other) => (cidrCovers(one, other) ? [other] : cidrCovers(other, one) ? [one] : []))),
  ),
];

/** Everything of a family outside these. */
export const complement = (family: 4 | 6, cidrs: readonly Cidr[]): readonly Cidr[] => {
  const all: Range = { family, first: 0n, last: (1n << BigInt(bitsOf(family))) - 1n };
  return subtract(
    cidrsOfRange(all),
    cidrs.filter((cidr) => familyOfCidr(cidr) === family),
  );
};
