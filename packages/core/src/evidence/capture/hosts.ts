import { ipFromNumber } from "../../address/ip.ts";
import type { ObservedAddress } from "../observation.ts";
import { i32 } from "./bytes.ts";
import type { HashTable } from "./hash-table.ts";

/** The address that stands in a packet. */
export const hostAt = (bytes: Uint8Array, at: number, family: 4 | 6): ObservedAddress =>
  family === 4
    ? hostV4(i32(bytes, at))
    : hostOf(6, numberOf([i32(bytes, at), i32(bytes, at + 4), i32(bytes, at + 8), i32(bytes, at + 12)]));

export const hostV4 = (address: number): ObservedAddress => hostOf(4, BigInt(address >>> 0));

/** @param number of the address among those that were kept */
export const hostV6 = ({ words }: HashTable, number: number): ObservedAddress =>
  hostOf(6, numberOf(words.subarray(number * 4, number * 4 + 4)));

const numberOf = (words: Iterable<number>): bigint => {
  let value = 0n;
  for (const word of words) value = (value << 32n) | BigInt(word >>> 0);
  return value;
};

function hostOf(family: 4 | 6, value: bigint): ObservedAddress {
  const ip = ipFromNumber(family, value);
  return { text: ip, ip, masked: false };
}
