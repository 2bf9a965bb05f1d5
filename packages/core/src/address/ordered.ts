import type { Cidr } from "./cidr.ts";
import { prefixOrder } from "./prefix-order.ts";
import { roomFor } from "./room.ts";

/** The prefixes of IPv4 among the values of a list; the lists may be longer than there are any. */
export interface Ordered {
  readonly firsts: Uint32Array;
  readonly lengths: Uint32Array;
  /** Which of the values. */
  readonly indexes: Uint32Array;
  /** In order by first address, then the shorter first, then as they were given; no longer than there are any. */
  readonly order: Uint32Array;
}

interface Known<T> extends Ordered {
  readonly values: readonly T[];
}

/** By its first value the list that was read first: others may begin with the same ones. */
export type KnownOrders<T> = WeakMap<object, Known<T>>;

/** @param orders null: the lists are rooms, to be given back */
export function ordered<T>(values: readonly T[], prefixOf: (value: T) => Cidr, orders: KnownOrders<T> | null): Ordered {
  const [first] = values;
  if (orders === null || typeof first !== "object" || first === null) return read(values, prefixOf, null);
  const known = orders.get(first) ?? null;
  const made = read(values, prefixOf, known);
  if (known === null) orders.set(first, { ...made, values });
  return made;
}

function read<T>(values: readonly T[], prefixOf: (value: T) => Cidr, known: Known<T> | null): Ordered {
  const list = { firsts: roomFor(values.length), lengths: roomFor(values.length), indexes: roomFor(values.length) };
  if (known !== null) return readMore(values, prefixOf, known, list);
  const count = readFrom(values, prefixOf, { ...list, from: 0, count: 0 });
  return { ...list, order: prefixOrder(list.firsts, list.lengths, count) };
}

/** Of a list that begins as another does only what follows. */
function readMore<T>(
  values: readonly T[],
  prefixOf: (value: T) => Cidr,
  known: Known<T>,
  list: Omit<Ordered, "order">,
): Ordered {
  const { firsts, lengths, indexes } = list;
  let from = 0;
  while (from < values.length && known.values[from] === values[from]) from += 1;
  let alike = 0;
  while (alike < known.order.length && (known.indexes[alike] ?? 0) < from) alike += 1;
  firsts.set(known.firsts.subarray(0, alike));
  lengths.set(known.lengths.subarray(0, alike));
  indexes.set(known.indexes.subarray(0, alike));
  const count = readFrom(values, prefixOf, { ...list, from, count: alike });
  const more = prefixOrder(firsts.subarray(alike), lengths.subarray(alike), count - alike);
  return { ...list, order: merged({ firsts, lengths, order: known.order }, alike, more) };
}

interface Begun extends Omit<Ordered, "order"> {
  /** The first value that is to be read. */
  readonly from: number;
  /** How many prefixes there are of those before it. */
  readonly count: number;
}

/** How many prefixes there are then. The texts are canonical. */
function readFrom<T>(values: readonly T[], prefixOf: (value: T) => Cidr, begun: Begun): number {
  const { firsts, lengths, indexes, from } = begun;
  let { count } = begun;
  for (let index = from; index < values.length; index += 1) {
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
  return count;
}

/**
 * @param known with the order of a list that begins with the same ones
 * @param alike how many these are
 * @param more the order of those that follow, counted from there
 */
function merged({ firsts, lengths, order }: Omit<Ordered, "indexes">, alike: number, more: Uint32Array): Uint32Array {
  const all = new Uint32Array(alike + more.length);
  let filled = 0;
  let next = 0;
  for (let at = 0; at < order.length; at += 1) {
    const one = order[at] ?? 0;
    if (one >= alike) continue;
    const first = firsts[one] ?? 0;
    for (; next < more.length; next += 1) {
      const other = alike + (more[next] ?? 0);
      const difference = (firsts[other] ?? 0) - first || (lengths[other] ?? 0) - (lengths[one] ?? 0);
      if (difference >= 0) break;
      all[filled] = other;
      filled += 1;
    }
    all[filled] = one;
    filled += 1;
  }
  for (; next < more.length; next += 1) {
    all[filled] = alike + (more[next] ?? 0);
    filled += 1;
  }
  return all;
}
