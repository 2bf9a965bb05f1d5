import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readLogResult } from "../../log-result.ts";
import { readAnyEvidence } from "../../read.ts";

const HEAD =
  "seenas,address,workload,before_address,destination_address,destination_port,protocol,evidence_kind,strength,first_seen,last_seen,row_count";
const LINE =
  "used@1,203.0.113.7,l3-proxy,10.72.2.222,198.51.100.25,25,tcp,cloud-nat-log,translator-logged,2026-11-22T09:00:00.000000Z,2026-11-22T09:10:00.000000Z,12";

const NAMES = HEAD.split(",");
const VALUES = LINE.split(",");
const OBJECT = Object.fromEntries(NAMES.map((name, index) => [name, VALUES[index]]));

const ROW = {
  question: "used",
  address: "203.0.113.7",
  port: null,
  workload: "l3-proxy",
  before: "10.72.2.222",
  destination: "198.51.100.25",
  destinationPort: 25,
  protocol: "tcp",
  kind: "cloud-nat-log",
  strength: "translator-logged",
  first: "2026-11-22T09:00:00.000000Z",
  last: "2026-11-22T09:10:00.000000Z",
  count: 12,
};

const read = (text: string) => readLogResult(text, "result");
const rowsOf = async (text: string) => (await read(text)).value;
const codes = async (text: string) => (await read(text)).problems.map(({ code }) => code);

describe("found, as each engine exports it", () => {
  test.each([
    ["CSV", `${HEAD}\n${LINE}\n`],
    ["CSV with every field quoted", `\ufeff"${NAMES.join('","')}"\r\n"${VALUES.join('","')}"\r\n`],
    ["TSV", `${NAMES.join("\t")}\n${VALUES.join("\t")}\n`],
    ["JSON: a list", JSON.stringify([OBJECT])],
    ["JSON: a line each", `${JSON.stringify(OBJECT)}\n`],
    ["ClickHouse", JSON.stringify({ meta: [], data: [{ ...OBJECT, row_count: 12 }], rows: 1 })],
    ["Log Analytics", JSON.stringify({ tables: [{ columns: NAMES.map((name) => ({ name })), rows: [VALUES] }] })],
    [
      "Athena",
      JSON.stringify({
        ResultSet: { Rows: [NAMES, VALUES].map((all) => ({ Data: all.map((value) => ({ VarCharValue: value })) })) },
      }),
    ],
  ])("%s", async (_, text) => {
    expect(await rowsOf(text)).toMatchObject([ROW]);
    expect(await codes(text)).toEqual([]);
  });

  test.each([
    ["microseconds", "1795338000123456", "2026-11-22T09:00:00.123456Z"],
    ["Kusto, seven digits", "2026-11-22T09:00:00.1234567Z", "2026-11-22T09:00:00.1234567Z"],
    ["BigQuery's own", "2026-11-22 09:00:00.123456 UTC", "2026-11-22T09:00:00.123456Z"],
  ])("a time: %s", async (_, written, expected) => {
    const text = `${HEAD}\n${LINE.replace("2026-11-22T09:00:00.000000Z", written)}\n`;
    expect(await rowsOf(text)).toMatchObject([{ first: expected }]);
  });

  test("what a log does not show is null, however it is written", async () => {
    const nothing = LINE.replace("198.51.100.25,25,tcp", "::,-1,none").replace("10.72.2.222", "\\N");
    expect(await rowsOf(`${HEAD}\n${nothing}\n`)).toMatchObject([
      { before: null, destination: null, destinationPort: null, protocol: null },
    ]);
  });

  test("a name with separators, quotes and line ends", async () => {
    const text = `${HEAD}\n${LINE.replace("l3-proxy", '"a ""b"", c\nd"')}\n${LINE}\n`;
    expect((await rowsOf(text)).map(({ workload, line }) => [workload, line])).toEqual([
      ['a "b", c\nd', 2],
      ["l3-proxy", 4],
    ]);
  });
});

test("not found: the log is silent, which is said", async () => {
  expect(await codes(`${HEAD}\n`)).toEqual(["log-result/no-rows"]);
  const evidence = await readAnyEvidence(`${HEAD}\n`, "r.csv", { vantage: null });
  expect([evidence.kind, evidence.observations]).toEqual(["mixed", []]);
});

test.each([
  ["an address", LINE.replace("203.0.113.7", "203.0.113.999")],
  ["a strength", LINE.replace("translator-logged", "certain")],
  ["a kind", LINE.replace("cloud-nat-log", "rumour")],
  ["a count", LINE.replace(/12$/, "many")],
  ["a port", LINE.replace(",25,", ",99999,")],
  ["a time", LINE.replace("2026-11-22T09:00:00.000000Z", "yesterday")],
  ["a time elsewhere is no time in UTC", LINE.replace("2026-11-22T09:00:00.000000Z", "2026-11-22 09:00:00 CET")],
  ["the first column", LINE.replace("used@1", "used@2")],
])("malformed: %s leaves the row out, and says so; the others are read", async (_, line) => {
  const text = `${HEAD}\n${line}\n${LINE}\n`;
  expect(await rowsOf(text)).toMatchObject([ROW]);
  expect(await read(text)).toMatchObject({
    problems: [{ level: "error", code: "log-result/unreadable-row", line: 2 }],
  });
});

test("truncated: what came before is read, and that it was cut is an error", async () => {
  expect(await rowsOf(`${HEAD}\n${LINE}\n${LINE.slice(0, 60)}`)).toMatchObject([ROW]);
  expect(await codes(`${HEAD}\n${LINE}\n${LINE.slice(0, 60)}`)).toEqual(["log-result/unreadable-row"]);
  const json = JSON.stringify([OBJECT, OBJECT]);
  expect(await rowsOf(json.slice(0, -40))).toMatchObject([ROW]);
  expect(await codes(json.slice(0, -40))).toContain("json/truncated");
});

test("as evidence: who saw what, of which flow, and where it stands", async () => {
  const evidence = await readAnyEvidence(`${HEAD}\n${LINE}\n`, "r.csv", { vantage: null });
  expect(evidence).toMatchObject({
    kind: "cloud-nat-log",
    observations: [
      {
        line: 2,
        kind: "cloud-nat-log",
        strength: "translator-logged",
        vantage: "translator",
        seen: { source: { ip: "203.0.113.7" }, destination: { ip: "198.51.100.25" }, destinationPort: 25 },
        before: { ip: "10.72.2.222" },
      },
    ],
  });
});

test("no text makes it throw, or name an address that is not there", () =>
  fc.assert(
    fc.asyncProperty(
      fc.nat({ max: LINE.length }),
      fc.string({ unit: fc.constantFrom('"', ",", "\n", "\t", "{", "[", "]", "}", "7", ":", "::", "\\N", "x") }),
      async (at, noise) => {
        const text = `${HEAD}\n${LINE.slice(0, at)}${noise}${LINE.slice(at)}\n`;
        for (const { address } of await rowsOf(text)) expect(text).toContain(address);
      },
    ),
  ));
