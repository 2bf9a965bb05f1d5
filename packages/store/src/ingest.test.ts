import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { EmbeddedStore } from "./embedded/store.ts";
import { type Input, ingestInputs, type Tally } from "./ingest.ts";
import { openStore } from "./open.ts";
import { at, end, ip } from "./testing/rows.ts";

// Each commit waits for the disk.
vi.setConfig({ testTimeout: 60_000 });

let folder = "";
let store = new EmbeddedStore("");

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-ingest-"));
  store = new EmbeddedStore(join(folder, "store"));
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const path = (name: string): string => join(folder, name);

function file(name: string, content: string | Uint8Array): Input {
  writeFileSync(path(name), content);
  return { kind: "file", name: path(name) };
}

const pipe = (...pieces: readonly (string | Uint8Array)[]): Input => ({
  kind: "pipe",
  name: "-",
  pieces: (async function* () {
    for (const piece of pieces) yield Buffer.from(piece);
  })(),
});

const take = (...inputs: readonly Input[]): Promise<Tally> => ingestInputs(store, inputs);

/** One entry of Cloud NAT, as `gcloud logging read` exports it. */
const nat = (clock: string, more: object = {}, connection: object = {}): object => ({
  insertId: clock,
  jsonPayload: {
    allocation_status: "OK",
    connection: {
      dest_ip: "198.51.100.25",
      dest_port: 25,
      nat_ip: "203.0.113.7",
      nat_port: 1024,
      protocol: 6,
      src_ip: "10.72.2.222",
      src_port: 48_678,
      ...connection,
    },
    endpoint: { project_id: "app", region: "europe-west1", vm_name: "l3-proxy", zone: "europe-west1-b" },
    gateway_identifiers: { gateway_name: "nat-1", region: "europe-west1", router_name: "router-1" },
  },
  logName: "projects/app/logs/compute.googleapis.com%2Fnat_flows",
  timestamp: `2026-11-22T${clock}Z`,
  ...more,
});

const lines = (...entries: readonly object[]): string => entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");

const rowsAt = async (clock: string) =>
  (
    await store.who(
      { question: "who", address: ip("203.0.113.7"), port: null, atUs: at(clock), toleranceUs: 0, to: null },
      100,
    )
  ).rows;

const rejects = (): readonly { readonly line: number | null; readonly reason: string }[] =>
  readdirSync(path("store/rejects")).flatMap((name) =>
    readFileSync(path(`store/rejects/${name}`), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );

describe("what a file is", () => {
  const three = [nat("09:00:00"), nat("09:00:01"), nat("09:00:02.5")];

  test.each<readonly [string, () => Input]>([
    ["a record a line", () => file("a.jsonl", lines(...three))],
    ["a last line without an end", () => file("a.jsonl", lines(...three).trimEnd())],
    ["blank lines, ends as on Windows", () => file("a.jsonl", `\r\n${lines(...three).replaceAll("\n", "\r\n\r\n")}`)],
    ["one list", () => file("a.json", JSON.stringify(three))],
    ["one list, indented", () => file("a.json", JSON.stringify(three, null, 2))],
    ["objects over several lines", () => file("a.json", three.map((one) => JSON.stringify(one, null, 2)).join("\n"))],
    ["gzip", () => file("a.bin", gzipSync(lines(...three)))],
    [
      "gzip in two parts",
      () => file("a.bin", Buffer.concat([gzipSync(lines(...three.slice(0, 1))), gzipSync(lines(...three.slice(1)))])),
    ],
    ["a pipe", () => pipe(lines(...three))],
    ["a pipe, byte after byte", () => pipe(...lines(...three))],
    ["a pipe of gzip", () => pipe(...[...gzipSync(lines(...three))].map((byte) => Uint8Array.of(byte)))],
  ])("%s", async (_, input) => {
    expect(await take(input())).toMatchObject({ rows: 3, added: 3, duplicates: 0, rejected: 0 });
    expect(await rowsAt("09:00:02.500")).toEqual([
      {
        atUs: at("09:00:02.500"),
        untilUs: at("09:00:02.500"),
        kind: "cloud-nat-log",
        strength: "translator-logged",
        workload: "l3-proxy",
        reporter: "router-1/nat-1",
        protocol: "tcp",
        before: end("10.72.2.222", 48_678),
        seen: end("203.0.113.7", 1024),
        destination: end("198.51.100.25", 25),
      },
    ]);
  });

  test("zstd", async () => {
    // Made by the program `zstd`; Node 20 cannot.
    const packed = readFileSync(new URL("./testdata/nat.jsonl.zst", import.meta.url));
    expect(await take(file("a.bin", packed))).toMatchObject({ rows: 3, added: 3, rejected: 0 });
    expect(await take(file("b.bin", packed.subarray(0, -40)))).toMatchObject({
      added: 0,
      reasons: new Map([["cut-short", 1]]),
    });
  });

  test("several kinds of logs in one file, and lines of none", async () => {
    const aws = "2 123456789012 eni-1 203.0.113.7 10.0.0.5 40000 443 6 1 40 1795338000 1795338060 ACCEPT OK";
    const nothing = "2 123456789012 eni-1 - - - - - - - 1795338000 1795338060 - NODATA";
    const azure = {
      time: "2026-11-22T09:00:00Z",
      properties: { NatGatewayIp: "203.0.113.9", SourceIp: "10.1.0.4", DestinationIp: "198.51.100.25" },
    };
    const text = `${lines(nat("09:00:00"))}${aws}\n${nothing}\n${lines(azure)}{"half":\nnever heard of\n`;
    expect(await take(file("mixed", text))).toMatchObject({ rows: 3, added: 3, empty: 1, rejected: 2 });
    expect((await store.coverage())?.kinds).toEqual(["aws-flow-log", "azure-nat-log", "cloud-nat-log"]);
    expect(rejects().map(({ line, reason }) => [line, reason])).toEqual([
      [5, "not-json"],
      [6, "not-evidence"],
    ]);
  });
});

describe("each row once", () => {
  const some = lines(nat("09:00:00"), nat("09:00:01"));
  const more = lines(nat("09:00:02"));

  test("a file again: it is not even read", async () => {
    const input = file("a", some);
    await take(input);
    expect(await take(input)).toMatchObject({ known: 1, rows: 0 });
    expect(await ingestInputs(store, [input], { again: true })).toMatchObject({ rows: 2, added: 0, duplicates: 2 });
  });

  test("a file that was renamed", async () => {
    await take(file("a", some));
    renameSync(path("a"), path("b"));
    expect(await take({ kind: "file", name: path("b") })).toMatchObject({ known: 1, rows: 0 });
  });

  test("a copy, packed or not, and the same from a pipe", async () => {
    await take(file("a", some));
    copyFileSync(path("a"), path("b"));
    const inputs: readonly Input[] = [{ kind: "file", name: path("b") }, file("c.gz", gzipSync(some)), pipe(some)];
    expect(await take(...inputs)).toMatchObject({ rows: 6, added: 0, duplicates: 6 });
  });

  test("a file that grew: only what is new is read, with the lines it has", async () => {
    const input = file("a", some);
    await take(input);
    appendFileSync(path("a"), `${more}{"cut`);
    expect(await take(input)).toMatchObject({ rows: 1, added: 1, duplicates: 0, rejected: 1 });
    expect(rejects()).toMatchObject([{ line: 4, reason: "cut-short" }]);
  });

  test("a file that grew, whose first line names the fields of all others", async () => {
    const flow = (second: number): string =>
      `${second} ${second + 1} 10.0.0.5 198.51.100.7 40000 443 6 eni-1 ACCEPT OK\n`;
    const heading = "start end srcaddr dstaddr srcport dstport protocol interface-id action log-status\n";
    const input = file("a", heading + flow(1_795_338_000));
    expect(await take(input)).toMatchObject({ rows: 1, added: 1, rejected: 0 });
    appendFileSync(path("a"), flow(1_795_338_007));
    expect(await take(input)).toMatchObject({ rows: 1, added: 1, rejected: 0 });
  });

  test("a last line that was still being written", async () => {
    const input = file("a", some + more.slice(0, 100));
    expect(await take(input)).toMatchObject({ added: 2, rejected: 1 });
    appendFileSync(path("a"), more.slice(100));
    expect(await take(input)).toMatchObject({ added: 1, rejected: 0 });
    expect((await store.coverage())?.rows).toBe(3);
  });

  test("rotated: another file under the old name, the old one under another, packed", async () => {
    await take(file("a", some));
    renameSync(path("a"), path("a.1"));
    const packed = file("a.2.gz", gzipSync(some));
    expect(await take(file("a", more), { kind: "file", name: path("a.1") }, packed)).toMatchObject({
      added: 1,
      known: 1,
      duplicates: 2,
    });
  });

  test("emptied and written again under the same name", async () => {
    const input = file("a", some);
    await take(input);
    writeFileSync(path("a"), more);
    expect(await take(input)).toMatchObject({ rows: 1, added: 1 });
  });

  test("exports that overlap", async () => {
    const entries = Array.from({ length: 10 }, (_, index) => nat(`09:00:0${index}`));
    const parts = [entries.slice(0, 6), entries.slice(3, 9), entries.slice(5)].map((part, index) =>
      file(`p${index}`, lines(...part)),
    );
    expect(await take(...parts)).toMatchObject({ rows: 17, added: 10, duplicates: 7 });
  });
});

describe("bad input", () => {
  test("a gzip that was cut: what came before the cut, and that it was cut", async () => {
    const entries = Array.from({ length: 3000 }, (_, index) =>
      nat(`09:${String(Math.floor(index / 60)).padStart(2, "0")}:${String(index % 60).padStart(2, "0")}`),
    );
    const packed = gzipSync(lines(...entries));
    const { rows, reasons } = await take(file("a.gz", packed.subarray(0, packed.length / 2)));
    expect(rows).toBeGreaterThan(500);
    expect(reasons.get("cut-short")).toBeGreaterThan(0);
  });

  test("times in seconds, milliseconds and microseconds are the same moment", async () => {
    const tuple = (time: string) => ({
      flowRecords: {
        flows: [{ flowGroups: [{ flowTuples: [`${time},203.0.113.7,10.0.0.5,40000,443,6,I,B,NX,1,1,1,1`] }] }],
      },
    });
    const times = ["1795338000", "1795338000000", "1795338000000000"];
    expect(await take(file("a", lines(...times.map(tuple))))).toMatchObject({ rows: 3, added: 1, duplicates: 2 });
    expect(await rowsAt("09:00:00")).toMatchObject([{ kind: "azure-flow-log", strength: "destination-observed" }]);
  });

  test("rows out of order by days, in any sequence of files", async () => {
    const days = [20, 25, 21, 22, 25, 20].map((day, index) =>
      nat("09:00:00", { timestamp: `2026-11-${day}T0${index}:00:00Z` }),
    );
    expect(await take(file("a", lines(...days)), file("b", lines(...days.toReversed())))).toMatchObject({
      added: 6,
      duplicates: 6,
    });
    expect(await store.coverage()).toMatchObject({ sinceUs: Date.parse("2026-11-20T00:00:00Z") * 1000, rows: 6 });
  });

  test.each<readonly [string, object, string]>([
    ["without a time", nat("09:00:00", { timestamp: undefined }), "no-time"],
    ["with a time that does not exist", nat("09:00:00", { timestamp: "2026-13-45T09:00:00Z" }), "no-time"],
    ["without an address of the translator", nat("09:00:00", {}, { nat_ip: "" }), "no-address"],
    ["with an address that is none", nat("09:00:00", {}, { src_ip: "010.0.0.1" }), "no-address"],
    [
      "of another log",
      nat("09:00:00", { logName: "projects/app/logs/syslog", jsonPayload: { message: "x" } }),
      "another-log",
    ],
  ])("a record %s is rejected, with its place", async (_, entry, reason) => {
    expect(await take(file("a", lines(nat("09:00:01"), entry)))).toMatchObject({ added: 1, rejected: 1 });
    expect(rejects()).toMatchObject([{ file: path("a"), line: 2, reason }]);
  });

  test("names with a zero and half a surrogate pair, and one of a thousand letters", async () => {
    const named = (clock: string, vm_name: string) =>
      nat(clock, { jsonPayload: { ...Object(nat(clock)).jsonPayload, endpoint: { vm_name } } });
    const names = ["a\u0000b", "a\ud800b", "a\ufffdb", "'; DROP TABLE x; --", "x".repeat(1000)];
    const text = lines(...names.map((name, index) => named(`09:00:0${index}`, name)));
    expect(await take(file("a", text))).toMatchObject({ added: 5, rejected: 0 });
    expect((await rowsAt("09:00:03")).map(({ workload }) => workload)).toEqual(["'; DROP TABLE x; --"]);
    expect((await rowsAt("09:00:00")).map(({ workload }) => workload)).toEqual(["a\ufffdb"]);
  });

  test("a dropped packet is kept, and answers no question", async () => {
    const dropped = nat("09:00:00", {
      jsonPayload: { ...Object(nat("09:00:00")).jsonPayload, allocation_status: "DROPPED" },
    });
    expect(await take(file("a", lines(dropped)))).toMatchObject({ added: 1, rejected: 0 });
    expect(await rowsAt("09:00:00")).toEqual([]);
  });
});

test("batches that are much smaller than a file: each row once, in both orders", async () => {
  const entries = Array.from({ length: 100 }, (_, index) =>
    nat(`${String(index % 24).padStart(2, "0")}:00:00`, {}, { nat_port: 1024 + index }),
  );
  const input = file("a", lines(...entries, ...entries.slice(20, 60)));
  expect(await ingestInputs(store, [input], { rowsAtOnce: 7 })).toMatchObject({
    rows: 140,
    added: 100,
    duplicates: 40,
  });
  const question = { question: "seen", address: ip("203.0.113.7"), period: { sinceUs: null, untilUs: null } } as const;
  expect((await store.seen(question, 9)).rows).toMatchObject([{ count: 100 }]);
  const from = { names: ["l3-proxy"], addresses: [] };
  const used = { ...question, question: "used", from, to: [], port: null, protocol: null } as const;
  expect((await store.used(used, 9)).rows).toMatchObject([{ address: "203.0.113.7", count: 100 }]);
});

test("mail logs: whom the server was connected to from, where it tells the whole time", async () => {
  const log = `2026-11-22T01:10:01.000000+00:00 mail postfix/smtpd[119]: connect from unknown[203.0.113.7]
Nov 22 01:10:34 mail postfix/smtpd[119]: connect from unknown[203.0.113.8]
`;
  expect(await take(file("mail.log", log))).toMatchObject({ added: 1, reasons: new Map([["no-time", 1]]) });
  expect(await rowsAt("01:10:01")).toMatchObject([
    { kind: "postfix-log", strength: "destination-observed", seen: { address: "203.0.113.7" } },
  ]);
});

test("a store with ports is not made one without", async () => {
  await take(file("a", lines(nat("09:00:00"))));
  const opened = await openStore(path("store"), { withoutPorts: true });
  expect(opened).toMatchObject({ kind: "refused", problem: { code: "store/has-ports" } });
});

test("what is forgotten is off the disk", async () => {
  await take(file("a", lines(nat("09:00:00"), nat("10:30:00"))));
  expect(await store.forget(at("10:00:00"))).toBe(1);
  expect(readdirSync(path("store/segments")).sort()).toEqual([
    "2026-11-22-2-0.used.parquet",
    "2026-11-22T10-1.seen.parquet",
  ]);
});

test("a store without ports keeps none", async () => {
  const limited = new EmbeddedStore(path("limited"), { withoutPorts: true });
  mkdirSync(path("limited"));
  await ingestInputs(limited, [file("a", lines(nat("09:00:00"), nat("09:00:00", {}, { nat_port: 9 })))]);
  await limited.close();
  const again = new EmbeddedStore(path("limited"));
  const question = {
    question: "who",
    address: ip("203.0.113.7"),
    port: 1024,
    atUs: at("09:00:00"),
    toleranceUs: 0,
    to: null,
  } as const;
  expect((await again.who(question, 9)).rows).toMatchObject([
    { reporter: "", before: { port: null }, seen: { port: null }, destination: { port: null } },
  ]);
  await again.close();
});
