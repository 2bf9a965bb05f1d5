import { addressOf, type Cidr, familyOfCidr, lengthOf } from "./cidr.ts";
import { type Family, ipToNumber } from "./ip.ts";

/** A place in a family's space: a number below 2^32 for IPv4, a bigint for IPv6. */
export type Position = number | bigint;

/**
 * A table of prefixes as disjoint intervals: the prefix `owners[i]` is the longest from `starts[i]` up to the next
 * start. The first start is zero. Prefixes are numbered with those around before those inside; -1 is none.
 */
export interface Nested<T> {
  readonly starts: readonly Position[];
  readonly owners: readonly number[];
  readonly count: number;
  /** The next shorter prefix that holds this one. */
  aroundOf(prefix: number): number;
  /** All values that stand at the prefix, in the order in which they were given. */
  valuesOf(prefix: number): readonly T[];
}

const NONE = -1;

/** Prefixes nest, so one sweep over them in order cuts the space by the longest prefix that holds each address. */
export function nested<T>(values: readonly T[], prefixOf: (value: T) => Cidr, family: Family): Nested<T> {
  const { firsts, nexts, groups } = family === 4 ? placed4(values, prefixOf) : placed6(values, prefixOf);
  const around = new Int32Array(firsts.length);
  const starts: Position[] = [family === 4 ? 0 : 0n];
  const owners: number[] = [NONE];
  const begin = (start: Position, owner: number): void => {
    if (starts[starts.length - 1] === start) owners[owners.length - 1] = owner;
    else {
      starts.push(start);
      owners.push(owner);
    }
  };
  const isOpenAt = (prefix: number, position: Position | undefined): boolean => {
    const next = nexts[prefix];
    return next === null || (position !== undefined && next !== undefined && next > position);
  };
  let open = NONE;
  const closeBefore = (position: Position | undefined): void => {
    for (; open !== NONE && !isOpenAt(open, position); open = around[open] ?? NONE)
      begin(nexts[open] ?? 0, around[open] ?? NONE);
  };
  for (const [prefix, first] of firsts.entries()) {
    closeBefore(first);
    around[prefix] = open;
    open = prefix;
    begin(first, prefix);
  }
  closeBefore(undefined);
  return {
    starts,
    owners,
    count: firsts.length,
    aroundOf: (prefix) => around[prefix] ?? NONE,
    valuesOf: (prefix) => groups[prefix] ?? [],
  };
}

/** Positions of IPv4. */
export function inNumbers(starts: ArrayLike<Position>): Uint32Array {
  if (starts instanceof Uint32Array) return starts;
  const numbers = new Uint32Array(starts.length);
  for (let index = 0; index < numbers.length; index += 1) numbers[index] = Number(starts[index]);
  return numbers;
}

interface Placed<T> {
  readonly firsts: readonly Position[];
  /** The position after the last; null at the end of the space. */
  readonly nexts: readonly (Position | null)[];
  readonly groups: readonly (readonly T[])[];
}

/** A first address and a length are one number below 2^38; up to this many of them carry their index along. */
const CARRIED = 2 ** 15;

function placed4<T>(values: readonly T[], prefixOf: (value: T) => Cidr): Placed<T> {
  const keys: number[] = [];
  const own: T[] = [];
  for (const value of values) {
    const key = keyOf4(prefixOf(value));
    if (key < 0) continue;
    keys.push(key);
    own.push(value);
  }
  const firsts: number[] = [];
  const nexts: (number | null)[] = [];
  const groups: T[][] = [];
  let before = -1;
  for (const index of orderOf(keys)) {
    const key = keys[index] ?? 0;
    const value = own[index] as T;
    if (key === before) {
      groups[groups.length - 1]?.push(value);
      continue;
    }
    before = key;
    const length = key % 64;
    const first = (key - length) / 64;
    const next = first + 2 ** (32 - length);
    firsts.push(first);
    nexts.push(next === 2 ** 32 ? null : next);
    groups.push([value]);
  }
  return { firsts, nexts, groups };
}

/** Numbers sort ten times faster than whatever they stand for. */
function orderOf(keys: readonly number[]): Iterable<number> {
  if (keys.length > CARRIED)
    return keys.map((_, index) => index).sort((a, b) => (keys[a] ?? 0) - (keys[b] ?? 0) || a - b);
  const sorted = new Float64Array(keys.length);
  for (let index = 0; index < keys.length; index += 1) sorted[index] = (keys[index] ?? 0) * CARRIED + index;
  sorted.sort();
  const order = new Uint16Array(keys.length);
  for (let index = 0; index < keys.length; index += 1) order[index] = (sorted[index] ?? 0) % CARRIED;
  return order;
}

/** The text is canonical; -1 for IPv6. */
function keyOf4(cidr: Cidr): number {
  let value = 0;
  let part = 0;
  for (let at = 0; at < cidr.length; at += 1) {
    const code = cidr.charCodeAt(at);
    if (code >= 48 && code <= 57) part = part * 10 + code - 48;
    else if (code === 46 || code === 47) {
      value = value * 256 + part;
      part = 0;
    } else return -1;
  }
  return value * 64 + part;
}

function placed6<T>(values: readonly T[], prefixOf: (value: T) => Cidr): Placed<T> {
  const byPrefix = new Map<Cidr, T[]>();
  for (const value of values) {
    const prefix = prefixOf(value);
    if (familyOfCidr(prefix) !== 6) continue;
    const list = byPrefix.get(prefix);
    if (list === undefined) byPrefix.set(prefix, [value]);
    else list.push(value);
  }
  const sorted = [...byPrefix]
    .map(([prefix, group]) => ({ first: ipToNumber(addressOf(prefix)), length: lengthOf(prefix), group }))
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.length - b.length));
  return {
    firsts: sorted.map(({ first }) => first),
    nexts: sorted.map(({ first, length }) => {
      const next = first + (1n << BigInt(128 - length));
      return next >> 128n === 1n ? null : next;
    }),
    groups: sorted.map(({ group }) => group),
  };
}
