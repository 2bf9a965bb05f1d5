import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { columnsOf } from "./columns.ts";
import { distinctRows } from "./distinct.ts";
import type { LogRow } from "./row.ts";
import { logRow } from "./testing/rows.ts";

const textOf = (row: LogRow): string => JSON.stringify(row);

/** The first place of each row, as comparing texts finds it. */
function plain(rows: readonly LogRow[]): readonly number[] {
  const first = new Map<string, number>();
  for (const [place, row] of rows.entries()) if (!first.has(textOf(row))) first.set(textOf(row), place);
  return [...first.values()];
}

/** Rows, some of them again. */
const rows = fc
  .tuple(fc.array(logRow, { maxLength: 60 }), fc.array(fc.nat(59), { maxLength: 20 }))
  .map(([all, again]) => [...all, ...again.flatMap((place) => all[place] ?? [])]);

describe("rows that agree in every member are one", () => {
  test("in any order", () => {
    fc.assert(
      fc.property(rows, (all) => {
        expect([...distinctRows(columnsOf(all))]).toEqual(plain(all));
      }),
    );
  });

  test("in the order of time, with few or many of a moment", () => {
    fc.assert(
      fc.property(rows, fc.constantFrom(1, 1e9), (all, apart) => {
        const sorted = all
          .map((row, place) => ({ ...row, atUs: row.atUs + (place % 7) * apart, untilUs: row.untilUs + 7 * apart }))
          .sort((a, b) => a.atUs - b.atUs);
        expect([...distinctRows(columnsOf(sorted))]).toEqual(plain(sorted));
      }),
    );
  });
});
