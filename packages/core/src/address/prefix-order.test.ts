import fc from "fast-check";
import { expect, test } from "vitest";
import { cidrOf } from "./cidr.ts";
import { ipFromNumber } from "./ip.ts";
import { nested } from "./nested.ts";
import { prefixOrder } from "./prefix-order.ts";
import { constantSteps, coverSteps, joinSteps, layered } from "./step-function.ts";

const prefixes = fc.array(fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 32 })), {
  maxLength: 200,
});
const crowded = fc.array(
  fc.tuple(fc.constantFrom(0, 1, 2048, 2 ** 22, 2 ** 31, 2 ** 32 - 1), fc.integer({ min: 0, max: 32 })),
  {
    minLength: 40,
    maxLength: 120,
  },
);

test("prefixes come in the order of a sort that compares them, few or many", () =>
  fc.assert(
    fc.property(fc.oneof(prefixes, crowded), (all) => {
      const firsts = Uint32Array.from(all, ([first]) => first);
      const lengths = Uint32Array.from(all, ([, length]) => length);
      const expected = all
        .map(([first, length], index) => ({ first, length, index }))
        .sort((a, b) => a.first - b.first || a.length - b.length || a.index - b.index)
        .map(({ index }) => index);
      expect([...prefixOrder(firsts, lengths, all.length)]).toEqual(expected);
    }),
  ));

test("a table keeps what it says when others are made after it", () => {
  const table = (first: number) =>
    nested([...Array(100).keys()], (index) => cidrOf(ipFromNumber(4, BigInt(first + index * 7)), 20 + (index % 13)), 4);
  const one = table(0x0a000000);
  const said = structuredClone({ ...one });
  for (let more = 1; more < 5; more += 1) table(more * 0x10000000);
  expect(one).toEqual(said);
});

test("a list that begins as another does is cut as if it stood alone", () => {
  const one = fc
    .tuple(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0, 1, 24, 28, 30, 32),
      fc.constantFrom(4 as const, 6 as const),
    )
    .map(([low, length, family]) => ({ prefix: cidrOf(ipFromNumber(family, BigInt(low) << 3n), length) }));
  const list = fc.array(one, { maxLength: 80 });
  fc.assert(
    fc.property(list, list, list, (alike, first, second) => {
      const known = new WeakMap();
      for (const values of [[...alike, ...first], [...alike, ...second], alike, [...alike.slice(1), ...first]])
        expect(nested(values, ({ prefix }) => prefix, 4, known)).toEqual(nested(values, ({ prefix }) => prefix, 4));
    }),
  );
});

const bits = { 4: 32, 6: 128 } as const;

test.each([4, 6] as const)("IPv%i: layers are joined one after the other", (family) =>
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 6 })), { maxLength: 4 }), {
        maxLength: 8,
      }),
      (lists) => {
        const covers = lists.map((list) =>
          coverSteps(
            family,
            list.map(([low, more]) => cidrOf(ipFromNumber(family, BigInt(low)), bits[family] - 6 + more)),
          ),
        );
        const over = (layer: number) => (below: number) => (below * 31 + layer) % 1_000_003;
        const expected = covers.reduce(
          (below, where, layer) => joinSteps(where, below, (inside, id) => (inside === 1 ? over(layer)(id) : id)),
          constantSteps(family, 7),
        );
        const found = layered(
          family,
          7,
          covers.map((where, layer) => ({ where, over: over(layer) })),
        );
        expect([Array.from(found.starts), Array.from(found.ids)]).toEqual([
          Array.from(expected.starts),
          Array.from(expected.ids),
        ]);
      },
    ),
  ),
);
