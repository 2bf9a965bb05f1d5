import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { columnsOf, RowColumns } from "../columns.ts";
import { recordOf } from "./entry.ts";
import { LogReader, type Sink } from "./log-reader.ts";

// The oracle is the parser: whatever a template makes of a line, JSON.parse must make of it.

const sink = (): Sink => ({ columns: new RowColumns(1000), rejected: [], empty: 0 });

function readByReader(lines: readonly string[]): Sink {
  const into = sink();
  const reader = new LogReader("f", into);
  const bytes = Buffer.from(`${lines.join("\n")}\n`);
  for (const _ of reader.read({ bytes, endBytes: bytes.length, isOpen: false, isPart: false })) throw new Error("full");
  return into;
}

function readByParser(lines: readonly string[]) {
  const rows = lines.flatMap((line) => {
    try {
      const record = recordOf(JSON.parse(line));
      return record?.kind === "rows" ? record.rows : [];
    } catch {
      return [];
    }
  });
  // Through the columns as well: what they do to a name is not what is compared.
  return columnsOf(rows).rows();
}

const address = fc.oneof(
  { weight: 8, arbitrary: fc.ipV4() },
  fc.constantFrom(
    "",
    "2001:db8::7",
    "010.0.0.1",
    "1.2.3",
    "1.2.3.4.5",
    "1.2.3.256",
    "1..2.3",
    "1.2.3.4 ",
    "::ffff:1.2.3.4",
  ),
);
const port = fc.oneof(
  { weight: 8, arbitrary: fc.nat(65_535) },
  fc.constantFrom<unknown>(65_536, -1, 1.5, "25", "025", "", null, true, 100_000),
);
const time = fc.oneof(
  { weight: 4, arbitrary: fc.nat(1e9).map((ms) => new Date(1_795_338_000_000 + ms).toISOString()) },
  {
    weight: 4,
    arbitrary: fc.nat(999_999_999).map((ns) => `2026-11-22T09:00:4${ns % 10}.${String(ns).padStart(9, "0")}Z`),
  },
  fc.constantFrom(
    "2026-11-22T09:00:59Z",
    "2026-11-22T09:00:60Z",
    "2026-11-22T09:00:5Z",
    "2026-11-22T09:00:07.Z",
    "2026-02-30T09:00:00Z",
  ),
  fc.constantFrom(
    "2026-11-22 09:00:01.5 UTC",
    "2026-11-22T09:00:01+08:00",
    "1795338000",
    "",
    "never",
    "2026-11-22T09:00:01.1234567890Z",
  ),
);
const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom("worker-1", "worker-2") },
  fc.string(),
  fc.string({ unit: "binary" }),
);

const connection = fc.record(
  {
    dest_ip: address,
    dest_port: port,
    nat_ip: address,
    nat_port: port,
    protocol: fc.constantFrom(6, 17, 1, 58, 50, "6", "TCP"),
    src_ip: address,
    src_port: port,
  },
  { requiredKeys: ["dest_ip", "src_ip", "nat_ip"] },
);
const natEntry = fc.record({
  insertId: name,
  jsonPayload: fc.record(
    {
      allocation_status: fc.constantFrom("OK", "OK", "OK", "DROPPED", "other"),
      connection,
      endpoint: fc.record(
        { vm_name: name, more: fc.constantFrom(1, "x", null, [1], 1.5, 1e30) },
        { requiredKeys: ["vm_name"] },
      ),
      gateway_identifiers: fc.record(
        { gateway_name: name, router_name: name, cloud_router: name },
        { requiredKeys: ["gateway_name"] },
      ),
    },
    { requiredKeys: ["allocation_status", "connection"] },
  ),
  logName: fc.constantFrom("projects/a/logs/compute.googleapis.com%2Fnat_flows", "projects/b/logs/other"),
  timestamp: time,
});
const flowEntry = fc.record({
  jsonPayload: fc.record(
    {
      connection,
      start_time: time,
      end_time: time,
      reporter: fc.constantFrom("SRC", "DEST", "DEST_GATEWAY", "other"),
      src_instance: fc.record({ vm_name: name }),
      src_gateway: fc.record({ name }),
    },
    { requiredKeys: ["connection", "reporter", "end_time"] },
  ),
  resource: fc.record({ labels: fc.record({ subnetwork_name: name }, { requiredKeys: [] }) }, { requiredKeys: [] }),
  timestamp: time,
});

/** Sound lines, and such as no serialiser writes: cut, with bytes changed, with blanks, with something behind. */
const line = fc.oneof(
  { weight: 8, arbitrary: fc.oneof(natEntry, flowEntry).map((entry) => JSON.stringify(entry)) },
  fc.tuple(natEntry, fc.nat(), fc.nat(255)).map(([entry, at, code]) => {
    const text = JSON.stringify(entry);
    const place = at % text.length;
    return text.slice(0, place) + String.fromCharCode(code) + text.slice(place + 1);
  }),
  fc
    .tuple(natEntry, fc.constantFrom(" ", "\r", "x", "{}", ",", "\u0000"))
    .map(([entry, behind]) => JSON.stringify(entry) + behind),
  fc.tuple(natEntry, fc.nat()).map(([entry, at]) => JSON.stringify(entry).slice(0, at % 900)),
);

describe("lines like those before", { timeout: 120_000 }, () => {
  test("are read as the parser reads them", () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (lines) => {
        const plain = lines
          .map((one) => Buffer.from(one).toString().replaceAll("\n", " "))
          .filter((one) => !one.trimStart().startsWith("["));
        // A first line that opens a text of several lines is another matter.
        const all = ["# a log", ...plain];
        expect(readByReader(all).columns.rows()).toEqual(readByParser(all));
      }),
      { numRuns: 500 },
    );
  });

  const one = fc.constantFrom;
  const longName = fc.string({ minLength: 40, maxLength: 70 });
  const alike = fc.record({
    jsonPayload: fc.record({
      allocation_status: one("OK"),
      connection: fc.record({
        dest_ip: address,
        dest_port: fc.oneof({ weight: 9, arbitrary: fc.nat(65_535) }, fc.nat(200_000)),
        nat_ip: address,
        nat_port: fc.nat(65_535),
        protocol: one(6, 17, 1, 58, 50, 0, 100_000),
        src_ip: address,
        src_port: fc.nat(65_535),
      }),
      endpoint: fc.record({ vm_name: fc.oneof(name, longName) }),
      gateway_identifiers: fc.record({ gateway_name: one("", "nat-1", "nat-2"), router_name: one("", "r-1", "r-2") }),
    }),
    logName: one("projects/a/logs/compute.googleapis.com%2Fnat_flows"),
    timestamp: time,
  });

  test("of one layout, with any values", () => {
    fc.assert(
      fc.property(fc.array(alike, { minLength: 2, maxLength: 100 }), (entries) => {
        const lines = entries.map((entry) => JSON.stringify(entry));
        expect(readByReader(lines).columns.rows()).toEqual(readByParser(lines));
      }),
      { numRuns: 300 },
    );
  });

  test("of one layout, with names that come again and again, and new ones between them", () => {
    const which = fc.oneof({ weight: 30, arbitrary: fc.nat(9) }, fc.nat(999));
    fc.assert(
      fc.property(fc.array(fc.tuple(which, which), { minLength: 50, maxLength: 400 }), (pairs) => {
        const lines = pairs.map(([vm, gateway], index) => {
          const connection = `"src_ip":"10.0.0.1","src_port":${index},"nat_ip":"203.0.113.7","nat_port":1024,"dest_ip":"198.51.100.1","dest_port":443,"protocol":6`;
          const names = `"endpoint":{"vm_name":"vm-${vm}"},"gateway_identifiers":{"gateway_name":"${"nat-".repeat(1 + (gateway % 15))}${gateway}","router_name":"r"}`;
          return `{"jsonPayload":{"allocation_status":"OK","connection":{${connection}},${names}},"timestamp":"2026-11-22T09:00:07Z"}`;
        });
        expect(readByReader(lines).columns.rows()).toEqual(readByParser(lines));
      }),
      { numRuns: 60 },
    );
  });

  test("of one layout, with plain values, need no parser but for the first", () => {
    const lines = Array.from({ length: 100 }, (_, index) => {
      const connection = `"src_ip":"10.0.0.${index}","src_port":${index * 600},"nat_ip":"203.0.113.7","nat_port":1024,"dest_ip":"198.51.100.1","dest_port":443,"protocol":6`;
      const minute = String(Math.floor(index / 10)).padStart(2, "0");
      return `{"jsonPayload":{"allocation_status":"OK","connection":{${connection}},"endpoint":{"vm_name":"vm-${index}"}},"timestamp":"2026-11-22T09:${minute}:07.${index}Z"}`;
    });
    const parse = vi.spyOn(JSON, "parse");
    const read = readByReader(lines);
    expect(parse).toHaveBeenCalledTimes(1);
    parse.mockRestore();
    expect(read.columns.rows()).toEqual(readByParser(lines));
  });

  test("a number in place of a name, a word in place of a protocol", () => {
    const lineOf = (vm: string, protocol: string): string =>
      `{"jsonPayload":{"allocation_status":"OK","connection":{"src_ip":"10.0.0.1","nat_ip":"203.0.113.7","dest_ip":"198.51.100.1","protocol":${protocol}},"endpoint":{"vm_name":${vm}}},"timestamp":"2026-11-22T09:00:00Z"}`;
    const lines = [lineOf("5", "6"), lineOf("7", "6"), lineOf('"a"', '"TCP"'), lineOf('"b"', '"UDP"')];
    expect(readByReader(lines).columns.rows()).toEqual(readByParser(lines));
  });

  test("a member twice counts as the parser counts it", () => {
    const twice = (first: string, second: string): string =>
      `{"jsonPayload":{"allocation_status":"OK","connection":{"src_ip":"${first}","src_ip":"${second}","nat_ip":"203.0.113.7","dest_ip":"198.51.100.1"}},"timestamp":"2026-11-22T09:00:00Z"}`;
    const lines = [twice("10.0.0.1", "10.0.0.2"), twice("10.0.0.3", "10.0.0.4")];
    expect(readByReader(lines).columns.rows()).toEqual(readByParser(lines));
    expect(readByReader(lines).columns.rowAt(1).before?.address).toBe("10.0.0.4");
  });
});
