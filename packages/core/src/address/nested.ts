import { addressOf, type Cidr, familyOfCidr, lengthOf } from "./cidr.ts";
import { type Family, ipToNumber } from "./ip.ts";
import { type KnownOrders, type Ordered, ordered } from "./ordered.ts";
import { giveBack, roomFor, signed } from "./room.ts";

/** A list of numbers of either make. */
type Numbers = Uint32Array | readonly number[];

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
  readonly order: Numbers;
}

const NONE = -1;

/**
 * Prefixes nest, so one sweep over them in order cuts the space by the longest prefix that holds each address.
 *
 * @param known what was read of lists before; null: nothing, and nothing is kept
 */
export function nested<T>(
  values: readonly T[],
  prefixOf: (value: T) => Cidr,
  family: Family,
  known: KnownOrders<T> | null = null,
): Nested {
  if (family === 6) return nested6(placed6(values, prefixOf));
  const all = ordered(values, prefixOf, known);
  const made = nested4(all);
  if (known === null) giveBack(all.firsts, all.lengths, all.indexes);
  return made;
}

function nested4({ firsts, lengths, indexes, order: sorted }: Ordered): Nested {
  const all = sorted.length;
  const order = new Uint32Array(all);
  const [heads, lasts, around] = [roomFor(all + 1), roomFor(all), roomFor(all)];
  const [starts, owners] = [roomFor(2 * all + 1), roomFor(2 * all + 1)];
  starts[0] = 0;
  owners[0] = NONE;
  let last = 0;
  let count = 0;
  let open = NONE;
  let before = NONE;
  for (let at = 0; at <= all; at += 1) {
    const one = at < all ? (sorted[at] ?? 0) : NONE;
    const first = one === NONE ? END_OF_IPV4 : (firsts[one] ?? 0);
    const length = one === NONE ? 0 : (lengths[one] ?? 0);
    if (one !== NONE) {
      order[at] = indexes[one] ?? 0;
      if (before !== NONE && firsts[before] === first && lengths[before] === length) continue;
      before = one;
    }
    while (open !== NONE) {
      const next = (lasts[open] ?? 0) + 1;
      if (next > first) break;
      open = (around[open] ?? 0) | 0;
      if (next === END_OF_IPV4) continue;
      if (starts[last] !== next) last += 1;
      starts[last] = next;
      owners[last] = open;
    }
    heads[count] = at;
    if (one === NONE) break;
    lasts[count] = first | (length === 0 ? -1 : (1 << (32 - length)) - 1);
    around[count] = open;
    open = count;
    if (starts[last] !== first) last += 1;
    starts[last] = first;
    owners[last] = count;
    count += 1;
  }
  const made = {
    starts: starts.slice(0, last + 1),
    owners: signed(owners, last + 1),
    count,
    around: signed(around, count),
    heads: heads.slice(0, count + 1),
    order,
  };
  giveBack(heads, lasts, around, starts, owners);
  return made;
}

const END_OF_IPV4 = 2 ** 32;

function nested6({ count, firsts, lasts, heads, order }: Placed): Nested {
  const around = new Int32Array(count);
  const starts: bigint[] = [0n];
  const owners = [NONE];
  let last = 0;
  let open = NONE;
  for (let prefix = 0; prefix <= count; prefix += 1) {
    const first = firsts[prefix] ?? END_OF_IPV6;
    for (; open !== NONE && (lasts[open] ?? 0n) < first; open = around[open] ?? NONE) {
      const next = (lasts[open] ?? 0n) + 1n;
      if (next === END_OF_IPV6) continue;
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
  return { starts, owners: Int32Array.from(owners), count, around, heads, order };
}

const END_OF_IPV6 = 2n ** 128n;

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

/** Distinct prefixes of IPv6 in order: those that begin at one address with the shortest first. */
interface Placed {
  readonly count: number;
  readonly firsts: readonly bigint[];
  readonly lasts: readonly bigint[];
  /** The values of a prefix are `order[heads[prefix]]` up to the next head. */
  readonly heads: readonly number[];
  readonly order: readonly number[];
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
