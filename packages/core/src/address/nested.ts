import { addressOf, type Cidr, familyOfCidr, lengthOf } from "./cidr.ts";
import { type Family, ipToNumber } from "./ip.ts";
import { prefixOrder } from "./prefix-order.ts";

/** A place in a family's space: a number below 2^32 for IPv4, a bigint for IPv6. */
export type Position = number | bigint;

/**
 * A table of prefixes as disjoint intervals: the prefix `owners[i]` is the longest from `starts[i]` up to the next
 * start. The first start is zero. Prefixes are numbered with those around before those inside; -1 is none.
 */
export interface Nested {
  readonly starts: ArrayLike<Position>;
  readonly owners: Int32Array;
  readonly count: number;
  /** The next shorter prefix that holds each. */
  readonly around: Int32Array;
  /**
   * Which of the given values stand at a prefix, in the order in which they were given: `order[heads[prefix]]` up to, and
   * without, `order[heads[prefix + 1]]`.
   */
  readonly heads: ArrayLike<number>;
  readonly order: ArrayLike<number>;
}

const NONE = -1;

/** Prefixes nest, so one sweep over them in order cuts the space by the longest prefix that holds each address. */
export function nested<T>(values: readonly T[], prefixOf: (value: T) => Cidr, family: Family): Nested {
  const { firsts, ends, heads, order } = family === 4 ? placed4(values, prefixOf) : placed6(values, prefixOf);
  const count = firsts.length;
  const around = new Int32Array(count);
  const starts: PositionList = family === 4 ? new Uint32Array(2 * count + 1) : [0n];
  const owners = new Int32Array(2 * count + 1);
  owners[0] = NONE;
  let last = 0;
  const begin = (start: Position, owner: number): void => {
    if (starts[last] !== start) last += 1;
    starts[last] = start;
    owners[last] = owner;
  };
  let open = NONE;
  const close = (): void => {
    const end = ends[open] ?? 0;
    open = around[open] ?? NONE;
    if (end !== END[family]) begin(end, open);
  };
  for (let prefix = 0; prefix < count; prefix += 1) {
    const first = firsts[prefix] ?? 0;
    while (open !== NONE && (ends[open] ?? 0) <= first) close();
    around[prefix] = open;
    open = prefix;
    begin(first, prefix);
  }
  while (open !== NONE) close();
  return { starts: starts.slice(0, last + 1), owners: owners.slice(0, last + 1), count, around, heads, order };
}

/** Where the space of a family ends. */
const END = { 4: 2 ** 32, 6: 2n ** 128n } as const;

/** Numbers of IPv4 or bigints of IPv6, to be written. */
export interface PositionList extends ArrayLike<Position> {
  [index: number]: Position;
  slice(from: number, to: number): ArrayLike<Position>;
}

/** Positions of IPv4. */
export function inNumbers(starts: ArrayLike<Position>): Uint32Array {
  if (starts instanceof Uint32Array) return starts;
  const numbers = new Uint32Array(starts.length);
  for (let index = 0; index < numbers.length; index += 1) numbers[index] = Number(starts[index]);
  return numbers;
}

/** Distinct prefixes in order: those that begin at one address with the shortest first. */
interface Placed {
  readonly firsts: ArrayLike<Position>;
  /** The position after the last. */
  readonly ends: ArrayLike<Position>;
  /** The values of a prefix are `order[heads[prefix]]` up to the next head. */
  readonly heads: ArrayLike<number>;
  readonly order: ArrayLike<number>;
}

function placed4<T>(values: readonly T[], prefixOf: (value: T) => Cidr): Placed {
  const { firsts, lengths, indexes } = read4(values, prefixOf);
  const order = prefixOrder(firsts, lengths);
  const heads = new Uint32Array(order.length + 1);
  const distinct = new Uint32Array(order.length);
  const ends = new Float64Array(order.length);
  let count = 0;
  let before = -1;
  for (let at = 0; at < order.length; at += 1) {
    const one = order[at] ?? 0;
    order[at] = indexes[one] ?? 0;
    const first = firsts[one] ?? 0;
    const length = lengths[one] ?? 0;
    if (before >= 0 && firsts[before] === first && lengths[before] === length) continue;
    before = one;
    heads[count] = at;
    distinct[count] = first;
    ends[count] = first + 2 ** (32 - length);
    count += 1;
  }
  heads[count] = order.length;
  return { firsts: distinct.subarray(0, count), ends, heads, order };
}

interface Read4 {
  readonly firsts: Uint32Array;
  readonly lengths: Uint8Array;
  /** Which of the values. */
  readonly indexes: Uint32Array;
}

/** Those of IPv4. The texts are canonical. */
function read4<T>(values: readonly T[], prefixOf: (value: T) => Cidr): Read4 {
  const firsts = new Uint32Array(values.length);
  const lengths = new Uint8Array(values.length);
  const indexes = new Uint32Array(values.length);
  let count = 0;
  for (let index = 0; index < values.length; index += 1) {
    const cidr = prefixOf(values[index] as T);
    let value = 0;
    let part = 0;
    let at = 0;
    for (; at < cidr.length; at += 1) {
      const code = cidr.charCodeAt(at);
      if (code >= 48 && code <= 57) part = part * 10 + code - 48;
      else if (code === 46 || code === 47) {
        value = (value << 8) | part;
        part = 0;
      } else break;
    }
    if (at < cidr.length) continue;
    firsts[count] = value;
    lengths[count] = part;
    indexes[count] = index;
    count += 1;
  }
  return {
    firsts: firsts.subarray(0, count),
    lengths: lengths.subarray(0, count),
    indexes: indexes.subarray(0, count),
  };
}

function placed6<T>(values: readonly T[], prefixOf: (value: T) => Cidr): Placed {
  const byPrefix = new Map<Cidr, number[]>();
  for (const [index, value] of values.entries()) {
    const prefix = prefixOf(value);
    if (familyOfCidr(prefix) !== 6) continue;
    const list = byPrefix.get(prefix);
    if (list === undefined) byPrefix.set(prefix, [index]);
    else list.push(index);
  }
  const sorted = [...byPrefix]
    .map(([prefix, group]) => ({ first: ipToNumber(addressOf(prefix)), length: lengthOf(prefix), group }))
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.length - b.length));
  const heads = [0];
  for (const { group } of sorted) heads.push((heads.at(-1) ?? 0) + group.length);
  return {
    firsts: sorted.map(({ first }) => first),
    ends: sorted.map(({ first, length }) => first + (1n << BigInt(128 - length))),
    heads,
    order: sorted.flatMap(({ group }) => group),
  };
}
