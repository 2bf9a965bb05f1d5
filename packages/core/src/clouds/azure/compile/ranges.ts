import { setOfCidrs } from "../../../address/address-set.ts";
import {
  type Cidr,
  cidrCovers,
  cidrs,
  cidrsOfRange,
  EVERY_IPV4,
  EVERY_IPV6,
  familyOfCidr,
  RFC1918,
  RFC6598,
  rangeOf,
  UNIQUE_LOCAL,
} from "../../../address/cidr.ts";
import type { Family } from "../../../address/ip.ts";

/** Everything of both families but these. */
export const allBut = (left: readonly Cidr[]): readonly Cidr[] => [...familyBut(left, 4), ...familyBut(left, 6)];

function familyBut(left: readonly Cidr[], family: Family): readonly Cidr[] {
  const whole = rangeOf(family === 4 ? EVERY_IPV4 : EVERY_IPV6);
  const result: Cidr[] = [];
  let first = whole.first;
  for (const cidr of setOfCidrs(left.filter((one) => familyOfCidr(one) === family))) {
    const hole = rangeOf(cidr);
    if (hole.first > first) result.push(...cidrsOfRange({ family, first, last: hole.first - 1n }));
    first = hole.last + 1n;
  }
  if (first <= whole.last) result.push(...cidrsOfRange({ family, first, last: whole.last }));
  return result;
}

/** The parts of `a` that are also in `b`. */
export const common = (a: readonly Cidr[], b: readonly Cidr[]): readonly Cidr[] =>
  a.flatMap((one) => b.flatMap((other) => (cidrCovers(one, other) ? [other] : cidrCovers(other, one) ? [one] : [])));

export const coveredBy = (list: readonly Cidr[], cidr: Cidr): boolean => list.some((outer) => cidrCovers(outer, cidr));

/** The private ranges that system routes drop; https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview */
export const DROPPED = [...RFC1918, ...RFC6598];

export const PRIVATE_DESTINATIONS = [...RFC1918, ...RFC6598, ...UNIQUE_LOCAL];

/** Where a forced tunnel comes out at the other side's own internet edge. */
export const PUBLIC_DESTINATIONS = allBut([...PRIVATE_DESTINATIONS, ...cidrs("169.254.0.0/16", "fe80::/10")]);
