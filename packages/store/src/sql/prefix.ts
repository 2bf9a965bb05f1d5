import { type Cidr, familyOfCidr, parseIp, rangeOf } from "@seenas/core/address";

/** The last address of a prefix as text; IPv6 in full. */
export function lastOf(cidr: Cidr): string {
  const { last } = rangeOf(cidr);
  if (familyOfCidr(cidr) === 4) return [24n, 16n, 8n, 0n].map((shift) => (last >> shift) & 255n).join(".");
  const groups = Array.from({ length: 8 }, (_, index) => ((last >> BigInt(112 - index * 16)) & 0xffffn).toString(16));
  const full = groups.join(":");
  return parseIp(full) ?? full;
}
