import { type Cidr, familyOfCidr, lengthOf, rangeOf } from "./cidr.ts";
import { type Family, familyOf, type Ip, ipToNumber, ipv4ToNumber } from "./ip.ts";

/**
 * Longest-prefix look-up over any values that have a prefix. Prefixes nest, so one sweep over them in order leaves the
 * address space as disjoint intervals, each with the values of its longest prefix; a look-up is a binary search.
 */
export interface PrefixIndex<T> {
  /** All values that stand at the longest prefix holding the address; empty when none does. */
  longest(ip: Ip): readonly T[];
  /** The same for the next shorter prefix that holds `cidr`; used when a longest match hands on. */
  covering(ip: Ip): readonly (readonly T[])[];
}

interface Entry<T> {
  readonly first: bigint;
  readonly last: bigint;
  readonly values: T[];
  readonly parent: Entry<T> | undefined;
}

export function prefixIndex<T>(values: readonly T[], prefixOf: (value: T) => Cidr): PrefixIndex<T> {
  // One flow is of one family: the other is not prepared for nothing.
  let at4: ((ip: Ip) => Entry<T> | undefined) | null = null;
  let at6: ((ip: Ip) => Entry<T> | undefined) | null = null;
  const entryAt = (ip: Ip): Entry<T> | undefined => {
    if (familyOf(ip) === 4) {
      at4 ??= lookUp4(buildFamily(values, prefixOf, 4));
      return at4(ip);
    }
    at6 ??= lookUp6(buildFamily(values, prefixOf, 6));
    return at6(ip);
  };
  return {
    longest: (ip) => entryAt(ip)?.values ?? [],
    covering: (ip) => {
      const chain: (readonly T[])[] = [];
      for (let entry = entryAt(ip); entry !== undefined; entry = entry.parent) chain.push(entry.values);
      return chain;
    },
  };
}

function lookUp4<T>({ starts, entries }: Intervals<T>): (ip: Ip) => Entry<T> | undefined {
  const numbers = Float64Array.from(starts, Number);
  return (ip) => entries[lastAtMost(numbers, ipv4ToNumber(ip))];
}

const lookUp6 =
  <T>({ starts, entries }: Intervals<T>): ((ip: Ip) => Entry<T> | undefined) =>
  (ip) =>
    entries[lastAtMost(starts, ipToNumber(ip))];

interface Intervals<T> {
  readonly starts: readonly bigint[];
  readonly entries: readonly (Entry<T> | undefined)[];
}

function buildFamily<T>(values: readonly T[], prefixOf: (value: T) => Cidr, family: Family): Intervals<T> {
  const byPrefix = new Map<Cidr, T[]>();
  for (const value of values) {
    const prefix = prefixOf(value);
    if (familyOfCidr(prefix) !== family) continue;
    const list = byPrefix.get(prefix);
    // Equal prefixes are one entry: the sweep's stack then never holds more than one entry per prefix length.
    if (list === undefined) byPrefix.set(prefix, [value]);
    else list.push(value);
  }
  const sorted = [...byPrefix]
    .map(([prefix, list]) => ({ ...rangeOf(prefix), length: lengthOf(prefix), values: list }))
    .sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : a.length - b.length));

  const starts: bigint[] = [0n];
  const entries: (Entry<T> | undefined)[] = [undefined];
  const stack: Entry<T>[] = [];
  const open = (start: bigint, entry: Entry<T> | undefined): void => {
    if (starts.at(-1) === start) entries[entries.length - 1] = entry;
    else {
      starts.push(start);
      entries.push(entry);
    }
  };
  const closeBefore = (position: bigint | undefined): void => {
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      if (position !== undefined && top.last >= position) return;
      stack.pop();
      open(top.last + 1n, stack.at(-1));
    }
  };
  for (const { first, last, values: list } of sorted) {
    closeBefore(first);
    const entry: Entry<T> = { first, last, values: list, parent: stack.at(-1) };
    stack.push(entry);
    open(first, entry);
  }
  closeBefore(undefined);
  return { starts, entries };
}

/** The index of the last start that is not above the position; starts ascend and begin at zero. */
function lastAtMost<N extends number | bigint>(starts: ArrayLike<N>, position: N): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if ((starts[middle] as N) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
