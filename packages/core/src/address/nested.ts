import { addressOf, type Cidr, familyOfCidr, lengthOf } from "./cidr.ts";
import { type Family, ipToNumber } from "./ip.ts";
import { prefixOrder } from "./prefix-order.ts";
import { giveBack, roomFor, signed } from "./room.ts";

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
  const { count, firsts, lasts, heads, order } = family === 4 ? placed4(values, prefixOf) : placed6(values, prefixOf);
  const around = new Int32Array(count);
  const room = roomFor(2 * count + 1);
  const starts: PositionList = family === 4 ? room : [];
  const owners = roomFor(2 * count + 1);
  starts[0] = family === 4 ? 0 : 0n;
  owners[0] = NONE;
  let last = 0;
  let open = NONE;
  for (let prefix = 0; prefix <= count; prefix += 1) {
    const first = prefix < count ? (firsts[prefix] ?? 0) : END[family];
    for (; open !== NONE && (lasts[open] ?? 0) < first; open = around[open] ?? NONE) {
      const next = after(lasts[open] ?? 0);
      if (next === END[family]) continue;
      if (starts[last] !== next) last += 1;
      starts[last] = next;
      owners[last] = around[open] ?? NONE;
    }
    if (prefix === count) break;
    around[prefix] = open;
    open = prefix;
    if (starts[last] !== first) last += 1;
    starts[last] = first;
    owners[last] = prefix;
  }
  const made = { starts: starts.slice(0, last + 1), owners: signed(owners, last + 1), count, around, heads, order };
  giveBack(room, owners);
  if (family === 4) giveBack(firsts as Uint32Array, lasts as Uint32Array);
  return made;
}

/** Where the space of a family ends. */
const END = { 4: 2 ** 32, 6: 2n ** 128n } as const;

const after = (position: Position): Position => (typeof position === "number" ? position + 1 : position + 1n);

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
  readonly count: number;
  readonly firsts: ArrayLike<Position>;
  readonly lasts: ArrayLike<Position>;
  /** The values of a prefix are `order[heads[prefix]]` up to the next head. */
  readonly heads: ArrayLike<number>;
  readonly order: ArrayLike<number>;
}

/** The lists of positions are rooms. */
function placed4<T>(values: readonly T[], prefixOf: (value: T) => Cidr): Placed {
  const { firsts, lengths, indexes, count: all } = read4(values, prefixOf);
  const order = prefixOrder(firsts, lengths, all);
  const heads = new Uint32Array(all + 1);
  const distinct = roomFor(all);
  const lasts = roomFor(all);
  let count = 0;
  let before = -1;
  for (let at = 0; at < all; at += 1) {
    const one = order[at] ?? 0;
    order[at] = indexes[one] ?? 0;
    const first = firsts[one] ?? 0;
    const length = lengths[one] ?? 0;
    if (before >= 0 && firsts[before] === first && lengths[before] === length) continue;
    before = one;
    heads[count] = at;
    distinct[count] = first;
    lasts[count] = first + 2 ** (32 - length) - 1;
    count += 1;
  }
  heads[count] = all;
  giveBack(firsts, lengths, indexes);
  return { count, firsts: distinct, lasts, heads, order };
}

interface Read4 {
  readonly count: number;
  readonly firsts: Uint32Array;
  readonly lengths: Uint32Array;
  /** Which of the values. */
  readonly indexes: Uint32Array;
}

/** Those of IPv4, in rooms. The texts are canonical. */
function read4<T>(values: readonly T[], prefixOf: (value: T) => Cidr): Read4 {
  const firsts = roomFor(values.length);
  const lengths = roomFor(values.length);
  const indexes = roomFor(values.length);
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
  return { count, firsts, lengths, indexes };
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
    count: sorted.length,
    firsts: sorted.map(({ first }) => first),
    lasts: sorted.map(({ first, length }) => first + (1n << BigInt(128 - length)) - 1n),
    heads,
    order: sorted.flatMap(({ group }) => group),
  };
}
