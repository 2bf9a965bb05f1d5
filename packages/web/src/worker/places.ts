import { type Cidr, lengthOf, type Text } from "@seenas/core";
import { fewOf } from "./few.ts";

/** Of IPv4 half of the space, of IPv6 as much as is given out at all: nobody means so many by their names. */
const MOST_OF_IPV4 = 0.5;
const MOST_OF_IPV6 = 1 / 16;

export const EVERYWHERE: Text = { en: "everywhere else", zh: "其他所有目的地" };
export const EVERYWHERE_IPV6: Text = { en: "everywhere else (IPv6)", zh: "其他所有目的地（IPv6）" };

/** Of the largest few of many, as a summary has them. */
export function largestText(towards: readonly Cidr[]): Text {
  const [first] = towards;
  const few = fewOf(towards, 4);
  if (first === undefined || lengthOf(first) > 3) return { en: few, zh: few };
  return first.includes(":") ? EVERYWHERE_IPV6 : EVERYWHERE;
}

const known = new WeakMap<readonly Cidr[], Text>();

/** The first few, or that it is nearly everything. Interfaces that share a map share its lists. */
export function placesText(destinations: readonly Cidr[], count: number): Text {
  const before = known.get(destinations);
  if (before !== undefined) return before;
  const share = destinations.reduce((sum, cidr) => sum + 2 ** -lengthOf(cidr), 0);
  const isIpv6 = destinations[0]?.includes(":") === true;
  const few = fewOf(destinations, count);
  const found =
    share < (isIpv6 ? MOST_OF_IPV6 : MOST_OF_IPV4) ? { en: few, zh: few } : isIpv6 ? EVERYWHERE_IPV6 : EVERYWHERE;
  known.set(destinations, found);
  return found;
}
