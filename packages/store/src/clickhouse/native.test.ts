import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { distinct } from "../testing/oracle.ts";
import { end, logRow, natRow } from "../testing/rows.ts";
import { countDistinct } from "./count-distinct.ts";
import { NativeBlock } from "./native.ts";
import { TextColumn, textBytes } from "./text-column.ts";

describe("rows in the server's own format", () => {
  test("columns and rows first, then each column with its name, its type and its bytes", () => {
    const bytes = Buffer.concat(new NativeBlock().bytesOf([natRow({ seen: end("203.0.113.7", 1024) })]));
    expect([...bytes.subarray(0, 2)]).toEqual([14, 1]);
    expect(bytes.subarray(2, 24).toString("latin1")).toBe("\u0004seen\u000fFixedString(16)\0");
    expect(bytes.subarray(23, 39).toString("hex")).toBe("00000000000000000000ffffcb007107");
  });

  test("addresses as they are on the wire, none as `::`", () => {
    const addresses = ["203.0.113.7", "2001:db8::c:d", "255.254.253.252", "::1"].map((text) => end(text, 1));
    const rows = [...addresses, null].map((before) => natRow({ before }));
    const bytes = Buffer.concat(new NativeBlock().bytesOf(rows));
    const name = Buffer.from("\u0006before\u000fFixedString(16)", "latin1");
    const start = bytes.indexOf(name) + name.length;
    expect(
      bytes
        .subarray(start, start + 80)
        .toString("hex")
        .match(/.{32}/g),
    ).toEqual([
      "00000000000000000000ffffcb007107",
      "20010db80000000000000000000c000d",
      "00000000000000000000fffffffefdfc",
      "00000000000000000000000000000001",
      "00000000000000000000000000000000",
    ]);
  });

  test("nothing of a block is left in the next one", () => {
    const block = new NativeBlock();
    fc.assert(
      fc.property(fc.array(fc.array(logRow, { maxLength: 20 }), { maxLength: 5 }), (blocks) => {
        for (const rows of blocks)
          expect(Buffer.concat(block.bytesOf(rows)).equals(Buffer.concat(new NativeBlock().bytesOf(rows)))).toBe(true);
      }),
    );
  });

  test("texts, however long and of whatever letters, each after its length", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 300 }), { maxLength: 40 }), (texts) => {
        const column = new TextColumn(texts.length);
        for (const text of texts) column.push(text);
        expect(Buffer.from(column.bytes()).equals(Buffer.concat(texts.map(textBytes)))).toBe(true);
      }),
    );
  });
});

test("different rows are counted as they are, by their content alone", () => {
  fc.assert(
    fc.property(fc.array(logRow, { maxLength: 60 }), (rows) => {
      const twice = [...rows, ...rows.map((row) => ({ ...row }))];
      expect(countDistinct(twice, null)).toBe(distinct(rows).length);
    }),
  );
});
