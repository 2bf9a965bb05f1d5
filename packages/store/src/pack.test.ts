import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnsOf, NO_END } from "./columns.ts";
import { Workspace } from "./pack.ts";
import { logRow } from "./testing/rows.ts";

// Each routine of the module is held to a few lines of plain code that say the same.

const space = new Workspace();
const { pack } = space;

/** Addresses given out by work that has ended are given out again. */
function holds<T>(value: fc.Arbitrary<T>, check: (one: T) => void): void {
  const { mark } = space;
  fc.assert(
    fc.property(value, (one) => {
      check(one);
      space.release(mark);
    }),
  );
}

test("rows are sorted as comparing key after key sorts, and rows that are alike stay in their sequence", () => {
  const key = fc.oneof(
    fc.nat(3),
    fc.nat(0xffff),
    fc.nat(0xffff_ffff),
    fc.constantFrom(0, 0xffff, 0x10000, 0xffff_ffff),
  );
  holds(fc.array(fc.tuple(key, key), { maxLength: 200 }), (pairs) => {
    const keys = [0, 1].map((part) => Uint32Array.from(pairs, (pair) => pair[part] ?? 0));
    const rows = Uint32Array.from(pairs, (_, index) => pairs.length - 1 - index);
    const difference = (part: number, a: number, b: number): number => (keys[part]?.[a] ?? 0) - (keys[part]?.[b] ?? 0);
    const expected = [...rows].sort((a, b) => difference(0, a, b) || difference(1, a, b));
    const placed = keys.map((one) => space.put(one));
    expect([...space.sort(rows, rows.length, placed)]).toEqual(expected);
  });
});

/** Rows of a batch, and places of some of them in any sequence. */
const batch = fc
  .array(logRow, { minLength: 1, maxLength: 70 })
  .chain((rows) =>
    fc.record({ rows: fc.constant(rows), places: fc.array(fc.nat(rows.length - 1), { minLength: 1, maxLength: 90 }) }),
  )
  .map(({ rows, places }) => ({ columns: columnsOf(rows), places }));

describe("columns are gathered", () => {
  test("times, ports, codes", () => {
    holds(batch, ({ columns, places }) => {
      const rows = space.put(Uint32Array.from(places));
      const count = places.length;
      const [wide, narrow] = [space.room(count * 8), space.room(count * 4)];
      pack.gatherTimes(space.put(columns.atUs), rows, count, wide);
      expect([...space.numbers(wide, count)]).toEqual(places.map((row) => BigInt(columns.atUs[row] ?? 0)));
      pack.gatherNumbers(space.put(columns.seen.port), rows, count, wide);
      expect([...space.numbers(wide, count)]).toEqual(places.map((row) => BigInt(columns.seen.port[row] ?? 0)));
      pack.gatherWords(space.put(columns.workload), rows, count, narrow);
      expect([...space.words(narrow, count)]).toEqual(places.map((row) => columns.workload[row]));
      pack.gatherBytes(space.put(columns.protocol), rows, count, narrow);
      expect([...space.words(narrow, count)]).toEqual(places.map((row) => columns.protocol[row]));
    });
  });

  test("addresses of one end, or of another where that is not shown", () => {
    holds(batch, ({ columns: { before, seen }, places }) => {
      const [v4, port, otherV4, otherPort] = [before.v4, before.port, seen.v4, seen.port].map((all) => space.put(all));
      const out = space.room(places.length * 8);
      const rows = space.put(Uint32Array.from(places));
      pack.gatherAddresses(v4 ?? 0, port ?? 0, otherV4 ?? 0, otherPort ?? 0, rows, places.length, out);
      const plain = places.map((row) => {
        const end = before.port[row] === NO_END ? seen : before;
        return end.port[row] === NO_END ? 0n : 0xffff_0000_0000n + BigInt(end.v4[row] ?? 0);
      });
      expect([...space.numbers(out, places.length)]).toEqual(plain);
      pack.gatherShown(v4 ?? 0, rows, places.length, out);
      const shown = places.map((row) => 0xffff_0000_0000n + BigInt(before.v4[row] ?? 0));
      expect([...space.numbers(out, places.length)]).toEqual(shown);
    });
  });

  test("what some rows have in common", () => {
    holds(batch, ({ columns: { atUs, lastedUs, kind, event, seen }, places }) => {
      const rows = space.put(Uint32Array.from(places));
      const out = space.room(32);
      pack.boundsOf(space.put(atUs), space.put(lastedUs), rows, places.length, out);
      const [at, took] = [atUs, lastedUs].map((all) => places.map((row) => all[row] ?? 0));
      const until = places.map((row) => (atUs[row] ?? 0) + (lastedUs[row] ?? 0));
      const bounds = [Math.min(...(at ?? [])), Math.max(...(at ?? [])), Math.max(...until), Math.max(...(took ?? []))];
      expect([...space.doubles(out, 4)]).toEqual(bounds);
      const kinds = new Set(places.map((row) => kind[row] ?? 0));
      const bits = [...kinds].reduce((sum, code) => sum | (1n << BigInt(code)), 0n);
      expect(pack.bytesIn(space.put(kind), rows, places.length)).toBe(bits);
      expect(pack.agree(space.put(kind), kind.length) !== 0).toBe(new Set(kind).size === 1);
      const without = event[0] ?? 0;
      const shown = places.filter((row) => seen.port[row] !== NO_END && event[row] !== without);
      const count = pack.shownRows(space.put(seen.port), space.put(event), without, rows, places.length);
      expect([...space.words(rows, count)]).toEqual(shown);
    });
  });
});

describe("keys", () => {
  test("of spans of time", () => {
    const HOUR = 3600e6;
    holds(batch, ({ columns: { atUs, length } }) => {
      const out = space.room(length * 4);
      pack.spanKeys(space.put(atUs), length, HOUR, out);
      const first = Math.floor(Math.min(...atUs) / HOUR);
      expect([...space.words(out, length)]).toEqual([...atUs].map((us) => Math.floor(us / HOUR) - first));
    });
  });

  test("of ports and addresses of an end", () => {
    holds(batch, ({ columns: { seen, length } }) => {
      const [v4, port] = [space.put(seen.v4), space.put(seen.port)];
      const [family, value] = [space.room(length * 4), space.room(length * 4)];
      pack.shifted(port, length, -NO_END, value);
      expect([...space.words(value, length)]).toEqual([...seen.port].map((one) => one - NO_END));
      pack.endKeys(v4, port, length, family, value);
      const shown = [...seen.port].map((one) => one !== NO_END);
      const least = Math.min(0xffff_ffff, ...[...seen.v4].filter((_, row) => shown[row]));
      expect(pack.areShown(port, length) !== 0).toBe(shown.every((one) => one));
      expect([...space.words(family, length)]).toEqual(shown.map(Number));
      expect([...space.words(value, length)]).toEqual([...seen.v4].map((one, row) => (shown[row] ? one : least)));
    });
  });
});
