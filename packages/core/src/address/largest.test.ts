import fc from "fast-check";
import { expect, test } from "vitest";
import { type Cidr, cidrs } from "./cidr.ts";
import { largestOf, largestWhere } from "./largest.ts";
import { prefixesWhere, type StepFunction } from "./step-function.ts";

test("the largest first; of equally large ones IPv4, and the lower address", () => {
  const list = cidrs("2001:db8::/24", "176.0.0.0/4", "16.0.0.0/4", "2.0.0.0/24", "128.0.0.0/3", "9.0.0.0/24");
  expect(largestOf(list, 9)).toEqual(
    cidrs("128.0.0.0/3", "16.0.0.0/4", "176.0.0.0/4", "2.0.0.0/24", "9.0.0.0/24", "2001:db8::/24"),
  );
  expect(largestOf(list, 2)).toEqual(cidrs("128.0.0.0/3", "16.0.0.0/4"));
});

const starts4 = fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 32 - 1 }), { maxLength: 40 });
const starts6 = fc.uniqueArray(fc.bigInt({ min: 1n, max: (1n << 128n) - 1n }), { maxLength: 40 });
const stepsOf = (family: 4 | 6, starts: readonly (number | bigint)[]): StepFunction => {
  const sorted = [family === 4 ? 0 : 0n, ...starts].sort((a, b) => (a < b ? -1 : 1));
  return { family, starts: sorted, ids: sorted.map((_, index) => index % 3) };
};

test("those of a step function are those of all its prefixes", () => {
  const steps = fc.oneof(
    starts4.map((starts) => stepsOf(4, starts)),
    starts6.map((starts) => stepsOf(6, starts)),
  );
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 8 }), (one, count) => {
      const isWanted = (id: number): boolean => id !== 1;
      const all: readonly Cidr[] = prefixesWhere(one, isWanted);
      expect(largestWhere(one, isWanted, count)).toEqual(largestOf(all, count));
    }),
  );
});
