import type { Ip } from "@seenas/core";
import { familyOf, ipFromNumber, ipToNumber, ipv4ToNumber } from "@seenas/core/address";

/** The upper half of what an IPv4 address is mapped into, ::ffff:0:0/96: https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2 */
const MAPPED = 0xffff_0000_0000n;
const LOW_64 = (1n << 64n) - 1n;

/**
 * Sixteen bytes of either family, as two numbers. Equal addresses are equal numbers, and no two are mixed up: an
 * `Ip` is never written as a mapped one.
 */
export interface AddressNumber {
  readonly hi: bigint;
  readonly lo: bigint;
}

export function numberOf(ip: Ip): AddressNumber {
  if (familyOf(ip) === 4) return { hi: 0n, lo: MAPPED | BigInt(ipv4ToNumber(ip)) };
  const value = ipToNumber(ip);
  return { hi: value >> 64n, lo: value & LOW_64 };
}

export function ipOf({ hi, lo }: AddressNumber): Ip {
  if (hi === 0n && lo >> 32n === 0xffffn) return ipFromNumber(4, lo & 0xffff_ffffn);
  return ipFromNumber(6, (hi << 64n) | lo);
}

/** Of an IPv4 address as 32 bits. */
export const ipOfV4 = (value: number): Ip =>
  `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}` as Ip;
