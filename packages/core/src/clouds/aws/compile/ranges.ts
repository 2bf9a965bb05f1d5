import { type Cidr, cidrs, lengthOf, RFC1918, RFC6598, UNIQUE_LOCAL } from "../../../address/cidr.ts";
import type { Match } from "../../../model/flow.ts";

const PRIVATE: readonly Cidr[] = [...RFC1918, ...RFC6598, ...UNIQUE_LOCAL];

export const TO_PRIVATE: Match = { destinations: PRIVATE };
export const TO_PUBLIC: Match = { exceptDestinations: PRIVATE };

/** The well-known prefix of https://www.rfc-editor.org/rfc/rfc6052 */
export const NAT64 = cidrs("64:ff9b::/96");

/** A route that stands for "everything else": all of a family, or its two halves. */
export const isDefaultRoute = (prefix: Cidr): boolean => lengthOf(prefix) <= 1;

/** All that is neither private (as above), multicast nor reserved; of IPv6 the global unicast space. */
export const PUBLIC: readonly Cidr[] = cidrs(
  "0.0.0.0/5",
  "8.0.0.0/7",
  "11.0.0.0/8",
  "12.0.0.0/6",
  "16.0.0.0/4",
  "32.0.0.0/3",
  "64.0.0.0/3",
  "96.0.0.0/6",
  "100.0.0.0/10",
  "100.128.0.0/9",
  "101.0.0.0/8",
  "102.0.0.0/7",
  "104.0.0.0/5",
  "112.0.0.0/4",
  "128.0.0.0/3",
  "160.0.0.0/5",
  "168.0.0.0/6",
  "172.0.0.0/12",
  "172.32.0.0/11",
  "172.64.0.0/10",
  "172.128.0.0/9",
  "173.0.0.0/8",
  "174.0.0.0/7",
  "176.0.0.0/4",
  "192.0.0.0/9",
  "192.128.0.0/11",
  "192.160.0.0/13",
  "192.169.0.0/16",
  "192.170.0.0/15",
  "192.172.0.0/14",
  "192.176.0.0/12",
  "192.192.0.0/10",
  "193.0.0.0/8",
  "194.0.0.0/7",
  "196.0.0.0/6",
  "200.0.0.0/5",
  "208.0.0.0/4",
  "2000::/3",
);
