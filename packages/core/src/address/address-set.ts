import { addressOf, type Cidr, cidrsOfRange, hostCidr, isHost, type Range, rangeOf } from "./cidr.ts";
import { familyOf, type Ip, ipFromNumber, ipToNumber } from "./ip.ts";

/** Source addresses: the fewest prefixes that hold exactly these, sorted, IPv4 first. Equal sets are equal lists. */
export type AddressSet = readonly Cidr[];

export const NO_ADDRESSES: AddressSet = [];

/** Every member of a pool this small is listed by itself; larger ones are listed as prefixes. */
const LISTED_ONE_BY_ONE = 256n;

export const setOf = (...ips: readonly Ip[]): AddressSet =>
  ips.length < 2 ? ips.map(hostCidr) : setOfRanges(ips.map((ip) => hostRange(ip)));

export const setOfCidrs = (cidrs: readonly Cidr[]): AddressSet =>
  cidrs.length < 2 ? cidrs : setOfRanges(cidrs.map((cidr) => rangeOf(cidr)));

export const unionOf = (sets: readonly AddressSet[]): AddressSet => setOfCidrs(sets.flat());

export const setHas = (set: AddressSet, ip: Ip): boolean => {
  const value = ipToNumber(ip);
  const family = familyOf(ip);
  return set.some((cidr) => {
    const range = rangeOf(cidr);
    return range.family === family && range.first <= value && value <= range.last;
  });
};

export const setsEqual = (a: AddressSet, b: AddressSet): boolean => a.join() === b.join();

export const setCovers = (outer: AddressSet, inner: AddressSet): boolean => setsEqual(unionOf([outer, inner]), outer);

/** How many addresses; a bigint since one IPv6 prefix holds more than a number can count. */
export const setSize = (set: AddressSet): bigint =>
  set.reduce((sum, cidr) => sum + rangeOf(cidr).last - rangeOf(cidr).first + 1n, 0n);

/** Addresses as a user reads them: each by itself up to 256 per set, else the prefixes. */
export function listOf(set: AddressSet): readonly string[] {
  if (setSize(set) > LISTED_ONE_BY_ONE) return set.map((cidr) => (isHost(cidr) ? addressOf(cidr) : cidr));
  return set.flatMap((cidr) => {
    const { family, first, last } = rangeOf(cidr);
    return Array.from({ length: Number(last - first) + 1 }, (_, index) => ipFromNumber(family, first + BigInt(index)));
  });
}

const hostRange = (ip: Ip): Range => {
  const value = ipToNumber(ip);
  return { family: familyOf(ip), first: value, last: value };
};

function setOfRanges(ranges: readonly Range[]): AddressSet {
  const sorted = [...ranges].sort((a, b) => a.family - b.family || compareBigints(a.first, b.first));
  const merged: Range[] = [];
  for (const range of sorted) {
    const previous = merged.at(-1);
    if (previous !== undefined && previous.family === range.family && range.first <= previous.last + 1n) {
      const last = range.last > previous.last ? range.last : previous.last;
      merged[merged.length - 1] = { ...previous, last };
    } else merged.push(range);
  }
  return merged.flatMap((range) => cidrsOfRange(range));
}

const compareBigints = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
