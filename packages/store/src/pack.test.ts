import fc from "fast-check";
import { expect, test } from "vitest";
import { Workspace } from "./pack.ts";

const space = new Workspace();

test("as comparing key after key sorts, and rows that are alike stay in their sequence", () => {
  const key = fc.oneof(
    fc.nat(3),
    fc.nat(0xffff),
    fc.nat(0xffff_ffff),
    fc.constantFrom(0, 0xffff, 0x10000, 0xffff_ffff),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(key, key), { maxLength: 200 }), (pairs) => {
      const keys = [0, 1].map((part) => Uint32Array.from(pairs, (pair) => pair[part] ?? 0));
      const rows = Uint32Array.from(pairs, (_, index) => pairs.length - 1 - index);
      const difference = (part: number, a: number, b: number): number =>
        (keys[part]?.[a] ?? 0) - (keys[part]?.[b] ?? 0);
      const expected = [...rows].sort((a, b) => difference(0, a, b) || difference(1, a, b));
      const placed = keys.map((key) => space.put(key));
      expect([...space.sort(rows, rows.length, placed)]).toEqual(expected);
    }),
  );
});
