import { ipFromNumber } from "../../address/ip.ts";
import type { ObservedAddress } from "../observation.ts";
import { i32 } from "./bytes.ts";
import { type HashTable, OWN, ROW } from "./hash-table.ts";

/** The address that stands in a packet. */
export const hostAt = (bytes: DataView, at: number, family: 4 | 6): ObservedAddress =>
  family === 4
    ? hostV4(i32(bytes, at))
    : hostOf(6, numberOf([i32(bytes, at), i32(bytes, at + 4), i32(bytes, at + 8), i32(bytes, at + 12)]));

const hostV4 = (address: number): ObservedAddress => hostOf(4, BigInt(address >>> 0));

export const hostNumbered = ({ words }: HashTable, number: number): ObservedAddress =>
  hostOf(6, numberOf(words.subarray(number * ROW, number * ROW + OWN)));

const MOST_KNOWN = 10_000;

/** One object for each address, however many connections it has. */
export class Hosts {
  readonly #addresses: HashTable;
  readonly #v4 = new Map<number, ObservedAddress>();
  readonly #v6 = new Map<number, ObservedAddress>();

  /** @param addresses of IPv6, whose numbers `of` is given */
  constructor(addresses: HashTable) {
    this.#addresses = addresses;
  }

  of(address: number, isV6: boolean): ObservedAddress {
    const known = isV6 ? this.#v6 : this.#v4;
    const found = known.get(address);
    if (found !== undefined) return found;
    // Of a flood none comes twice.
    if (known.size >= MOST_KNOWN) known.clear();
    const host = isV6 ? hostNumbered(this.#addresses, address) : hostV4(address);
    known.set(address, host);
    return host;
  }
}

const numberOf = (words: Iterable<number>): bigint => {
  let value = 0n;
  for (const word of words) value = (value << 32n) | BigInt(word >>> 0);
  return value;
};

function hostOf(family: 4 | 6, value: bigint): ObservedAddress {
  const ip = ipFromNumber(family, value);
  return { text: ip, ip, masked: false };
}
