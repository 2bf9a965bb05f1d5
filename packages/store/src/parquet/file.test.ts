import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Workspace } from "../pack.ts";
import { LARGEST } from "./column.ts";
import { ParquetFile } from "./file.ts";
import { WordBytes } from "./word-bytes.ts";

// The oracle is DuckDB: it reads back what was written, and finds it by the bounds that stand in the file.

const folder = mkdtempSync(join(tmpdir(), "seenas-parquet-"));
/** A name of its own for each file: DuckDB keeps what it read of a path whose size and time are the same. */
let path = "";
let written = 0;
let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:")).connect();
});
afterAll(() => {
  connection.closeSync();
  rmSync(folder, { recursive: true });
});

interface Row {
  readonly port: number;
  readonly time: number;
  readonly wide: bigint;
  readonly signed: bigint;
  readonly word: string;
}

const COLUMNS = [
  { name: "port", type: "INT32" },
  { name: "time", type: "INT64" },
  { name: "wide", type: "UINT64" },
  { name: "signed", type: "INT64" },
  { name: "word", type: "TEXT" },
] as const;

function write(groups: readonly (readonly Row[])[]): void {
  const space = new Workspace();
  const file = new ParquetFile(COLUMNS, space);
  const list = [...new Set(groups.flat().map(({ word }) => word))];
  const words = new WordBytes().follow(list);
  for (const rows of groups)
    file.addGroup(rows.length, ({ name }) => {
      if (name === "wide") return { kind: "wide", values: BigUint64Array.from(rows, (row) => row.wide) };
      if (name === "signed") return { kind: "wide", values: BigInt64Array.from(rows, (row) => row.signed) };
      const all = name === "word" ? Uint32Array.from(rows, ({ word }) => list.indexOf(word)) : bigs(rows, name);
      const putAt = (address: number): void => space.set(address, all);
      return name === "word" ? { kind: "words", putAt, words } : { kind: "numbers", putAt };
    });
  rmSync(path, { force: true });
  path = join(folder, `${++written}.parquet`);
  writeFileSync(path, Buffer.concat(file.end()));
}

const bigs = (rows: readonly Row[], name: "port" | "time"): BigInt64Array =>
  BigInt64Array.from(rows, (row) => BigInt(row[name]));

async function query(sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await connection.runAndReadAll(sql)).getRows();
}

/** Runs of one value, few values and many: what decides how a column is written. */
const column = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
  fc
    .array(fc.tuple(value, fc.oneof(fc.constant(1), fc.nat(40))), { minLength: 1, maxLength: 400 })
    .map((runs) => runs.flatMap(([one, count]) => Array.from({ length: count }, () => one)))
    .filter((all) => all.length > 0);

const group = fc
  .tuple(
    column(fc.oneof(fc.integer({ min: -2, max: 65_535 }), fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }))),
    column(fc.oneof(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -LARGEST, max: LARGEST }))),
    column(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
    column(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    column(fc.string({ unit: "grapheme", maxLength: 300 }).map((text) => text.replaceAll("\0", ""))),
  )
  .map(([ports, times, wides, signed, words]): readonly Row[] =>
    Array.from({ length: Math.min(...[ports, times, wides, signed, words].map((all) => all.length)) }, (_, at) => ({
      port: ports[at] ?? 0,
      time: times[at] ?? 0,
      wide: wides[at] ?? 0n,
      signed: signed[at] ?? 0n,
      word: words[at] ?? "",
    })),
  );

describe("a Parquet file", () => {
  test("is read back as it was written, and its bounds hide nothing", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(group, { minLength: 1, maxLength: 3 }), fc.nat(), async (groups, which) => {
        write(groups);
        const rows = groups.flat();
        const read = await query(`SELECT port, "time", wide, signed, word FROM read_parquet('${path}')`);
        expect(read.length).toBe(rows.length);
        const plain = rows.map(({ port, time, wide, signed, word }) => [port, BigInt(time), wide, signed, word]);
        expect(read).toEqual(plain);
        const one = rows[which % rows.length];
        if (one === undefined) return;
        const where = `port = ${one.port} AND "time" = ${one.time} AND wide = ${one.wide} AND signed = (${one.signed})::BIGINT AND word = '${one.word.replaceAll("'", "''")}'`;
        const [[found] = []] = await query(`SELECT count(*) FROM read_parquet('${path}') WHERE ${where}`);
        expect(Number(found)).toBeGreaterThan(0);
      }),
      { numRuns: 100 },
    );
  });

  test("of no rows", async () => {
    write([]);
    expect(await query(`SELECT count(*) FROM read_parquet('${path}')`)).toEqual([[0n]]);
  });

  test("says the least and the most of each group", async () => {
    const row = { port: 7, time: 1_795_305_600_000_054, wide: 2n ** 63n, signed: -1n, word: "b" };
    write([[row, { ...row, port: -2, wide: 3n, word: "a" }], [row]]);
    const bounds = await query(
      `SELECT path_in_schema, stats_min_value, stats_max_value FROM parquet_metadata('${path}') WHERE row_group_id = 0`,
    );
    expect(bounds).toEqual([
      ["port", "-2", "7"],
      ["time", "1795305600000054", "1795305600000054"],
      ["wide", "3", "9223372036854775808"],
      ["signed", "-1", "-1"],
      ["word", "a", "b"],
    ]);
  });
});
