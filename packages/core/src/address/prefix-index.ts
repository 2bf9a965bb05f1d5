import type { Cidr } from "./cidr.ts";
import { type Family, familyOf, type Ip, ipToNumber, ipv4ToNumber } from "./ip.ts";
import { inNumbers, type Nested, nested, type Position } from "./nested.ts";
import type { KnownOrders } from "./ordered.ts";

/**
 * Longest-prefix look-up over any values that have a prefix. Prefixes nest, so one sweep over them in order leaves the
 * address space as disjoint intervals, each with the values of its longest prefix; a look-up is a binary search.
 */
export interface PrefixIndex<T> {
  /** All values that stand at the longest prefix holding the address; empty when none does. */
  longest(ip: Ip): readonly T[];
  /** The same for the next shorter prefix that holds `cidr`; used when a longest match hands on. */
  covering(ip: Ip): readonly (readonly T[])[];
  /** All of a family, as the intervals that it searches; its values are told by their indexes. */
  tableOf(family: Family): Nested;
}

/** @param known what was read of lists before, so that one which begins as another does is not read again */
export function prefixIndex<T>(
  values: readonly T[],
  prefixOf: (value: T) => Cidr,
  known: KnownOrders<T> | null = null,
): PrefixIndex<T> {
  const made: { 4?: Made; 6?: Made } = {};
  // One flow is of one family: the other is not prepared for nothing.
  const ofFamily = (family: Family): Made => {
    made[family] ??= makeFamily(nested(values, prefixOf, family, known), family);
    return made[family];
  };
  const valuesAt = ({ heads, order }: Nested, prefix: number): readonly T[] => {
    const found: T[] = [];
    const end = heads[prefix + 1] ?? 0;
    for (let at = heads[prefix] ?? 0; at < end; at += 1) found.push(values[order[at] ?? 0] as T);
    return found;
  };
  return {
    longest: (ip) => {
      const { table, prefixAt } = ofFamily(familyOf(ip));
      const prefix = prefixAt(ip);
      return prefix < 0 ? [] : valuesAt(table, prefix);
    },
    covering: (ip) => {
      const { table, prefixAt } = ofFamily(familyOf(ip));
      const chain: (readonly T[])[] = [];
      for (let prefix = prefixAt(ip); prefix >= 0; prefix = table.around[prefix] ?? -1)
        chain.push(valuesAt(table, prefix));
      return chain;
    },
    tableOf: (family) => ofFamily(family).table,
  };
}

interface Made {
  readonly table: Nested;
  /** -1: no prefix holds it. */
  readonly prefixAt: (ip: Ip) => number;
}

function makeFamily(table: Nested, family: Family): Made {
  const { starts, owners } = table;
  if (family === 6) return { table, prefixAt: (ip) => owners[lastAtMost6(starts, ipToNumber(ip))] ?? -1 };
  const starts4 = inNumbers(starts);
  return { table, prefixAt: (ip) => owners[lastAtMost4(starts4, ipv4ToNumber(ip))] ?? -1 };
}

/** The index of the last start that is not above the position; starts ascend and begin at zero. */
function lastAtMost4(starts: Uint32Array, position: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

function lastAtMost6(starts: ArrayLike<Position>, position: bigint): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] ?? 0n) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
