import { DuckDBInstance } from "@duckdb/node-api";
import { readLogResult } from "@seenas/core";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { numberOf } from "../src/address-number.ts";
import { openClickHouse } from "../src/clickhouse/open.ts";
import type { Question, SeenQuestion, UsedQuestion, WhoQuestion } from "../src/questions.ts";
import type { Endpoint, LogRow } from "../src/row.ts";
import { clickHouseText } from "../src/sql/clickhouse-words.ts";
import { standardText } from "../src/sql/duckdb.ts";
import { googleText } from "../src/sql/google.ts";
import { kustoText } from "../src/sql/kusto.ts";
import { renderQuestion, type SqlOptions } from "../src/sql/render.ts";
import { DIALECTS, type Dialect, type LogName } from "../src/sql/request.ts";
import { distinct, seenOf, usedOf, whoOf } from "../src/testing/oracle.ts";
import { at, cidr, end, ip, logRow, seenQuestion, usedQuestion, whoQuestion } from "../src/testing/rows.ts";
import { type Engine, missingForChdb, startChdb } from "./engines/chdb.mjs";
import { parseKusto, parseSql } from "./engines/parsers.ts";

const period = { sinceUs: at("00:00:00"), untilUs: at("12:00:00") };

const QUESTIONS: readonly Question[] = [
  {
    question: "used",
    from: { names: ["l3-proxy"], addresses: [ip("10.72.2.222"), ip("2001:db8::5")] },
    to: [cidr("198.51.100.0/24"), cidr("2001:db8::/32")],
    port: 25,
    protocol: "tcp",
    period,
  },
  {
    question: "who",
    address: ip("203.0.113.7"),
    port: 1024,
    atUs: at("09:00:00") + 123_456,
    toleranceUs: 2e6,
    to: end("198.51.100.25", 25),
  },
  { question: "seen", address: ip("2001:db8::7"), period: { ...period, untilUs: null } },
];

const TABLES: Readonly<Record<Dialect, string | null>> = {
  bigquery: "my-project.my_dataset.compute_googleapis_com_nat_flows_*",
  "log-analytics": "my-project.global._Default._AllLogs",
  kusto: null,
  athena: null,
  clickhouse: null,
  duckdb: "log_rows",
};

const LOGS_OF: Readonly<Record<Dialect, readonly LogName[]>> = {
  bigquery: ["nat", "flow"],
  "log-analytics": ["nat", "flow"],
  kusto: ["nat", "flow"],
  athena: ["flow"],
  clickhouse: ["nat"],
  duckdb: ["nat"],
};

const optionsOf = (dialect: Dialect, log: LogName | null = null): SqlOptions => ({
  dialect,
  table: TABLES[dialect],
  log,
  partition: null,
});

function written(question: Question, options: SqlOptions): string {
  const rendered = renderQuestion(question, options);
  if (rendered.kind === "refused") throw new Error(rendered.problems.map(({ code }) => code).join(", "));
  return rendered.text;
}

const CASES = DIALECTS.flatMap((dialect) =>
  LOGS_OF[dialect].flatMap((log) => QUESTIONS.map((question) => ({ dialect, log, question, what: question.question }))),
);

describe.each(CASES)("$dialect, $log: $what", ({ dialect, log, question, what }) => {
  const text = written(question, optionsOf(dialect, log));

  test("as it was read and found right", () =>
    expect(text).toMatchFileSnapshot(`sql/${dialect}-${log}-${what}.${dialect === "kusto" ? "kql" : "sql"}`));

  test("the engine's own grammar takes it", { timeout: 60_000 }, () => {
    if (dialect === "kusto") expect(parseKusto(text)).toEqual([]);
    else if (dialect !== "clickhouse" && dialect !== "duckdb") expect(parseSql(dialect, text)).toBeNull();
  });
});

describe("what is cut by time is always asked for by time", () => {
  const PARTITION = {
    bigquery: /_TABLE_SUFFIX >= '20261121'/,
    "log-analytics": /timestamp >= TIMESTAMP '2026-11-22T00:00:00\.000000Z'/,
    kusto: /TimeGenerated >= datetime\(2026-11-22T00:00:00\.000000Z\)/,
    athena: /"date" BETWEEN DATE '2026-11-21' AND DATE '2026-11-23'/,
    clickhouse: /until_us >= 1795305600000000/,
    duckdb: /at_us \+ lasted_us >= 1795305600000000/,
  } as const;

  test.each(DIALECTS)("%s", (dialect) => {
    const [question] = QUESTIONS;
    if (question === undefined) throw new Error("no question");
    expect(written(question, optionsOf(dialect))).toMatch(PARTITION[dialect]);
  });

  test.each(DIALECTS)("%s refuses a question of the whole log", (dialect) => {
    const question: Question = {
      question: "seen",
      address: ip("203.0.113.7"),
      period: { sinceUs: null, untilUs: period.untilUs },
    };
    expect(renderQuestion(question, optionsOf(dialect))).toMatchObject({
      kind: "refused",
      problems: [{ code: "sql/no-period" }],
    });
  });

  test("Athena's tables are cut in three ways", () => {
    const [question] = QUESTIONS;
    if (question === undefined) throw new Error("no question");
    const cut = (partition: SqlOptions["partition"]) => written(question, { ...optionsOf("athena"), partition });
    expect(cut("day")).toContain(`"day" BETWEEN '2026/11/21' AND '2026/11/23'`);
    expect(cut("year-month-day")).toContain(`concat("year", '-', "month", '-', "day") BETWEEN '2026-11-21'`);
  });
});

describe("what cannot be asked is refused", () => {
  const who: Question = {
    question: "who",
    address: ip("203.0.113.7"),
    port: 1,
    atUs: at("09:00:00"),
    toleranceUs: 0,
    to: null,
  };
  test.each<readonly [string, Question, Partial<SqlOptions>]>([
    ["sql/no-table", who, { dialect: "bigquery", table: null }],
    ["sql/wrong-table", who, { dialect: "bigquery", table: "p.d.t` WHERE 1=1 --" }],
    ["sql/wrong-table", who, { dialect: "kusto", table: "T | take 1" }],
    ["sql/wrong-table", who, { dialect: "clickhouse", table: "a.b; DROP TABLE c" }],
    ["sql/wrong-table", who, { dialect: "athena", table: 'a"b' }],
    ["sql/no-such-log", who, { dialect: "athena", log: "nat", table: "a" }],
    [
      "sql/no-names",
      {
        ...QUESTIONS[0],
        question: "used",
        from: { names: ["vm"], addresses: [] },
        to: [],
        port: null,
        protocol: null,
        period,
      },
      { dialect: "athena" },
    ],
  ])("%s", (code, question, options) => {
    const rendered = renderQuestion(question, {
      table: null,
      log: null,
      partition: null,
      dialect: "duckdb",
      ...options,
    });
    expect(rendered).toMatchObject({ kind: "refused", problems: [{ code }] });
  });

  test("a path for DuckDB is a text, whatever it is called", () => {
    const text = written(who, { ...optionsOf("duckdb"), table: "a'); DROP TABLE x; --.parquet" });
    expect(text).toContain("FROM read_parquet('a''); DROP TABLE x; --.parquet')");
  });
});

const names = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({
    unit: fc.constantFrom(
      "'",
      '"',
      "\\",
      "`",
      "\n",
      "\r",
      "\0",
      "%",
      "_",
      ";",
      "--",
      "/*",
      "*/",
      "$",
      "{",
      "a",
      "é",
      "中",
    ),
  }),
);

describe("a name is a text and nothing else", () => {
  const plain = (literal: string) => literal.slice(1, -1);
  const byNumber = (text: string) =>
    text.replace(/\\x([0-9a-f]{2})|\\u([0-9a-f]{4})/g, (_, short?: string, long?: string) =>
      String.fromCharCode(Number.parseInt(short ?? long ?? "", 16)),
    );

  test.each([
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left.
    ["GoogleSQL", googleText, /^'(?:[^\\'"`\u0000-\u001f\u007f]|\\x[0-9a-f]{2})*'$/u],
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left.
    ["Kusto", kustoText, /^'(?:[^\\'"\u0000-\u001f\u007f]|\\u[0-9a-f]{4})*'$/u],
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left.
    ["ClickHouse", clickHouseText, /^'(?:[^\\'\u0000-\u001f\u007f]|\\x[0-9a-f]{2})*'$/u],
  ] as const)("%s", (_, write, form) =>
    fc.assert(
      fc.property(names, (name) => {
        expect(write(name)).toMatch(form);
        expect(byNumber(plain(write(name)))).toBe(name);
      }),
    ),
  );

  test("standard SQL", () =>
    fc.assert(
      fc.property(names, (name) => {
        expect(standardText(name)).toMatch(/^'(?:[^']|'')*'$/u);
        expect(plain(standardText(name)).replaceAll("''", "'")).toBe(name);
      }),
    ));

  test("no name changes what is asked: the grammars still take it", { timeout: 60_000 }, () =>
    fc.assert(
      fc.property(names, (name) => {
        const question: Question = {
          ...QUESTIONS[0],
          question: "used",
          from: { names: [name], addresses: [] },
          to: [],
          port: null,
          protocol: null,
          period,
        };
        expect(parseKusto(written(question, optionsOf("kusto", "flow")))).toEqual([]);
        expect(parseSql("bigquery", written(question, optionsOf("bigquery")))).toBeNull();
      }),
      { numRuns: 20 },
    ),
  );
});

/** Rows that an engine answered, as this program reads them back. */
async function readBack(json: unknown) {
  const { value, problems } = await readLogResult(JSON.stringify(json), "result.json");
  expect(problems.filter(({ level }) => level === "error")).toEqual([]);
  return value;
}

const asUs = (text: string): number =>
  Date.parse(`${text.slice(0, 19)}Z`) * 1000 + Number(text.slice(20, 26).padEnd(6, "0"));

type Run = (sql: string) => Promise<unknown>;

/** A question with a beginning, which is what can be written. */
const since = <Q extends UsedQuestion | SeenQuestion>(question: Q): Q => ({
  ...question,
  period: { ...question.period, sinceUs: question.period.sinceUs ?? at("00:00:00") },
});

async function sameUsed(run: Run, dialect: Dialect, table: string, rows: readonly LogRow[], question: UsedQuestion) {
  const found = await readBack(await run(written(question, { ...optionsOf(dialect), table })));
  const times = new Map<string, [number, number, number]>();
  for (const row of found) {
    const [first, last, count] = times.get(row.address) ?? [Number.POSITIVE_INFINITY, 0, 0];
    times.set(row.address, [Math.min(first, asUs(row.first)), Math.max(last, asUs(row.last)), count + row.count]);
  }
  const expected = usedOf(rows, question).map(({ address, firstUs, lastUs, count }) => [
    address,
    [firstUs, lastUs, count],
  ]);
  expect(new Map(times)).toEqual(new Map(expected as [string, [number, number, number]][]));
}

async function sameWho(run: Run, dialect: Dialect, table: string, rows: readonly LogRow[], question: WhoQuestion) {
  const found = await readBack(await run(written(question, { ...optionsOf(dialect), table })));
  const key = (...parts: readonly unknown[]) => JSON.stringify(parts);
  const shown = found.map((row) =>
    key(
      asUs(row.first),
      asUs(row.last),
      row.workload ?? "",
      row.before,
      row.beforePort,
      row.port,
      row.destination,
      row.destinationPort,
      row.protocol,
      row.kind,
      row.strength,
    ),
  );
  const expected = whoOf(rows, question).map((row) =>
    key(
      row.atUs,
      row.untilUs,
      row.workload,
      row.before?.address ?? null,
      row.before?.port ?? null,
      row.seen.port,
      row.destination?.address ?? null,
      row.destination?.port ?? null,
      row.protocol,
      row.kind,
      row.strength,
    ),
  );
  expect([...new Set(shown)].sort()).toEqual([...new Set(expected)].sort());
}

async function sameSeen(run: Run, dialect: Dialect, table: string, rows: readonly LogRow[], question: SeenQuestion) {
  const found = await readBack(await run(written(question, { ...optionsOf(dialect), table })));
  const total = (all: readonly { readonly count: number }[]) => all.reduce((sum, { count }) => sum + count, 0);
  const key = (...parts: readonly unknown[]) => JSON.stringify(parts);
  const expected = seenOf(rows, question);
  expect(total(found)).toBe(total(expected));
  expect(
    [...new Set(found.map((row) => key(row.workload ?? "", row.before, row.destination, row.destinationPort)))].sort(),
  ).toEqual(
    [...new Set(expected.map((row) => key(row.workload, row.before, row.destination, row.destinationPort)))].sort(),
  );
}

const asked = fc.record({
  rows: fc.array(logRow, { minLength: 1, maxLength: 25 }),
  used: fc.array(usedQuestion.map(since), { minLength: 1, maxLength: 3 }),
  who: fc.array(whoQuestion, { minLength: 1, maxLength: 3 }),
  seen: fc.array(seenQuestion.map(since), { minLength: 1, maxLength: 2 }),
});

test("DuckDB answers what every row looked at answers", { timeout: 120_000 }, async () => {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  const run: Run = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  await fc.assert(
    fc.asyncProperty(asked, async ({ rows: sent, used, who, seen }) => {
      const rows = distinct(sent);
      await connection.run(`CREATE OR REPLACE TABLE log_rows AS ${valuesOf(rows)}`);
      for (const question of used) await sameUsed(run, "duckdb", "log_rows", rows, question);
      for (const question of who) await sameWho(run, "duckdb", "log_rows", rows, question);
      for (const question of seen) await sameSeen(run, "duckdb", "log_rows", rows, question);
    }),
    { numRuns: 40 },
  );
  connection.closeSync();
});

/** The columns of a segment of a store that is a folder. */
function valuesOf(rows: readonly LogRow[]): string {
  const ends = (end: Endpoint | null) => {
    const { hi, lo } = end === null ? { hi: 0n, lo: 0n } : numberOf(end.address);
    return `${hi}::UBIGINT, ${lo}::UBIGINT, ${end === null ? -2 : (end.port ?? -1)}`;
  };
  const tuples = rows.map(
    (row) =>
      `(${ends(row.seen)}, ${row.atUs}, ${row.untilUs - row.atUs}, ${ends(row.before)}, ${ends(row.destination)}, ${[row.workload, row.reporter, row.protocol ?? "", row.kind, row.strength, row.event].map(standardText).join(", ")})`,
  );
  const columns =
    "seen_hi, seen_lo, seen_port, at_us, lasted_us, before_hi, before_lo, before_port, destination_hi, destination_lo, destination_port, workload, reporter, protocol, kind, strength, event";
  return `SELECT * FROM (VALUES ${tuples.join(", ")}) AS t(${columns})`;
}

const noChdb = missingForChdb();
describe.skipIf(noChdb !== null)(`ClickHouse${noChdb === null ? "" : ` (${noChdb})`}`, () => {
  let engine: Engine;
  let databases = 0;
  beforeAll(async () => {
    engine = await startChdb();
  }, 60_000);
  afterAll(() => engine?.stop(), 60_000);

  const run: Run = async (sql) => {
    const { port } = new URL(engine.url());
    const response = await fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: `${sql}\nFORMAT JSON` });
    const text = await response.text();
    if (!response.ok) throw new Error(text);
    return JSON.parse(text);
  };

  test("answers what every row looked at answers", { timeout: 120_000 }, () =>
    fc.assert(
      fc.asyncProperty(asked, async ({ rows: sent, used, who, seen }) => {
        const rows = distinct(sent);
        databases += 1;
        const store = await openClickHouse(engine.url(`sql_${databases}`));
        await store.ingest({ id: "a", rows });
        await store.close();
        const table = `sql_${databases}.log_rows`;
        for (const question of used) await sameUsed(run, "clickhouse", table, rows, question);
        for (const question of who) await sameWho(run, "clickhouse", table, rows, question);
        for (const question of seen) await sameSeen(run, "clickhouse", table, rows, question);
      }),
      { numRuns: 15 },
    ),
  );
});
