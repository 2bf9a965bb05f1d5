import fc from "fast-check";
import { expect, test } from "vitest";
import type { Cidr } from "./cidr.ts";
import { cidrContains, cidrOf, lengthOf, rangeOf } from "./cidr.ts";
import { bitsOf, type Family, type Ip, ipFromNumber } from "./ip.ts";
import { lookupTable4, lookupTable6 } from "./lookup-table.ts";
import { nested } from "./nested.ts";
import { stepsOf } from "./step-function.ts";

/** Crowded, so that prefixes nest and touch; and the ends of the space. */
const numbers = (family: Family) =>
  fc.oneof(
    fc.bigInt({ min: 0n, max: (1n << BigInt(bitsOf(family))) - 1n }),
    fc.integer({ min: 0, max: 0xffff }).map((low) => (0x2400n << BigInt(bitsOf(family) - 16)) + BigInt(low)),
    fc.constantFrom(0n, (1n << BigInt(bitsOf(family))) - 1n),
  );

const prefixes = (family: Family) =>
  fc.array(
    fc
      .tuple(numbers(family), fc.integer({ min: 0, max: bitsOf(family) }))
      .map(([value, length]) => cidrOf(ipFromNumber(family, value), length)),
    { maxLength: 60 },
  );

/** The longest that holds it, by looking at each. */
function scanned(table: readonly Cidr[], ip: Ip): number {
  let best = -1;
  for (const [index, cidr] of table.entries())
    if (cidrContains(cidr, ip) && (best < 0 || lengthOf(cidr) > lengthOf(table[best] as Cidr))) best = index;
  return best;
}

const wordsOf = (value: bigint): [number, number, number, number] => {
  const word = (shift: bigint): number => Number((value >> shift) & 0xffffffffn);
  return [word(96n), word(64n), word(32n), word(0n)];
};

test.each([4, 6] as const)("IPv%i: the table says what a scan of all prefixes says", (family) =>
  fc.assert(
    fc.property(prefixes(family), fc.array(numbers(family), { maxLength: 10 }), (all, more) => {
      const table = [...new Set(all)];
      const sorted = nested(table, (cidr) => cidr, family);
      const first = Array.from({ length: sorted.count }, (_, prefix) => sorted.order[sorted.heads[prefix] ?? 0] ?? -1);
      const steps = stepsOf(family, sorted, -1, first);
      const end = (1n << BigInt(bitsOf(family))) - 1n;
      const edges = table.flatMap((cidr) => {
        const { first, last } = rangeOf(cidr);
        return [first, last, first - 1n, last + 1n].filter((at) => at >= 0n && at <= end);
      });
      const at = family === 4 ? lookupTable4(steps).at : null;
      const at6 = family === 6 ? lookupTable6(steps).at : null;
      for (const value of [...edges, ...more]) {
        const found = at?.(Number(value)) ?? at6?.(...wordsOf(value));
        expect(found).toBe(scanned(table, ipFromNumber(family, value)));
      }
    }),
    { numRuns: 100 },
  ),
);
