import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { Answered, UsedQuestion } from "../questions.ts";
import type { LogRow } from "../row.ts";
import type { LogStore } from "../store.ts";
import { coverageOf, distinct, seenOf, usedOf, whoOf } from "./oracle.ts";
import { at, cidr, end, ip, logRow, natRow, seenQuestion, usedQuestion, whoQuestion } from "./rows.ts";

/** An empty store of the kind that is tested. */
export interface OpenedStore {
  readonly store: LogStore;
  /** Closes the store and opens it again, as another process would find it. */
  reopen(): Promise<LogStore>;
  /** Closes it, and removes what it left. */
  remove(): Promise<void>;
}

export interface ConformanceOptions {
  /** Of each property; a store behind a network takes fewer. */
  readonly runs?: number;
  readonly timeoutMs?: number;
}

const ALL = 10_000;
const ALWAYS = { sinceUs: null, untilUs: null };

const used = (more: Partial<UsedQuestion> = {}): UsedQuestion => ({
  question: "used",
  from: { names: ["l3-proxy"], addresses: [] },
  to: [],
  port: null,
  protocol: null,
  period: ALWAYS,
  ...more,
});

const who = { question: "who", address: ip("203.0.113.7"), port: 1024, toleranceUs: 0, to: null } as const;
const seen = { question: "seen", address: ip("203.0.113.7"), period: ALWAYS } as const;

/** What every store must do. Rows and answers by hand first, then any rows and any question against every row looked at. */
export function storeConformance(
  name: string,
  open: () => Promise<OpenedStore>,
  options: ConformanceOptions = {},
): void {
  const { runs = 25, timeoutMs = 60_000 } = options;
  const opened: OpenedStore[] = [];
  const fresh = async (): Promise<OpenedStore> => {
    const one = await open();
    opened.push(one);
    return one;
  };
  const holding = async (...rows: readonly LogRow[]): Promise<LogStore> => {
    const { store } = await fresh();
    await store.ingest({ id: "hand", rows });
    return store;
  };
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.remove();
  });

  describe(`${name}: what is kept`, { timeout: timeoutMs }, () => {
    test("an empty store has no coverage, and every answer is empty", async () => {
      const { store } = await fresh();
      const nothing = { rows: [], truncated: false, missing: [], coverage: null };
      expect(await store.coverage()).toBeNull();
      expect(await store.used(used(), ALL)).toEqual(nothing);
      expect(await store.who({ ...who, atUs: at("09:00:00") }, ALL)).toEqual(nothing);
      expect(await store.seen(seen, ALL)).toEqual(nothing);
      expect(await store.forget(at("09:00:00"))).toBe(0);
    });

    test("an empty block adds nothing", async () => {
      const { store } = await fresh();
      expect(await store.ingest({ id: "empty", rows: [] })).toEqual({ added: 0, duplicates: 0 });
      expect(await store.coverage()).toBeNull();
    });

    test("a block sent again, under its own or another id, and a row twice in one block count once", async () => {
      const { store } = await fresh();
      const rows = [natRow(), natRow({ atUs: at("09:00:01") }), natRow()];
      expect(await store.ingest({ id: "a", rows })).toEqual({ added: 2, duplicates: 1 });
      expect(await store.ingest({ id: "a", rows })).toEqual({ added: 0, duplicates: 3 });
      expect(await store.ingest({ id: "b", rows: [...rows, natRow({ atUs: at("09:00:02") })] })).toEqual({
        added: 1,
        duplicates: 3,
      });
      expect((await store.coverage())?.rows).toBe(3);
    });

    test.each<readonly [string, Partial<LogRow>]>([
      ["time", { atUs: at("09:00:00") + 1, untilUs: at("09:00:00") + 1 }],
      ["end", { untilUs: at("09:00:00") + 1 }],
      ["kind", { kind: "gcp-flow-log" }],
      ["strength", { strength: "none" }],
      ["event", { event: "flow" }],
      ["workload", { workload: "L3-proxy" }],
      ["reporter", { reporter: "" }],
      ["protocol", { protocol: null }],
      ["source before", { before: end("10.72.2.223", 48_678) }],
      ["port before", { before: end("10.72.2.222", null) }],
      ["no source before", { before: null }],
      ["source seen", { seen: end("::cb00:7107", 1024) }],
      ["port seen", { seen: end("203.0.113.7", 0) }],
      ["no source seen", { seen: null }],
      ["destination", { destination: end("2001:db8::25", 25) }],
      ["port of the destination", { destination: end("198.51.100.25", null) }],
      ["no destination", { destination: null }],
    ])("rows that differ in their %s alone are two", async (_, change) => {
      const { store } = await fresh();
      expect(await store.ingest({ id: "a", rows: [natRow(), { ...natRow(), ...change }] })).toEqual({
        added: 2,
        duplicates: 0,
      });
      expect(await store.ingest({ id: "b", rows: [{ ...natRow(), ...change }] })).toEqual({ added: 0, duplicates: 1 });
    });

    test("it is all there when the store is opened again", async () => {
      const one = await fresh();
      await one.store.ingest({ id: "a", rows: [natRow(), natRow({ seen: null, event: "dropped" })] });
      const again = await one.reopen();
      expect(await again.coverage()).toEqual({
        sinceUs: at("09:00:00"),
        untilUs: at("09:00:00"),
        kinds: ["cloud-nat-log"],
        rows: 2,
        withoutPorts: false,
      });
      expect(await again.ingest({ id: "a", rows: [natRow()] })).toEqual({ added: 0, duplicates: 1 });
    });

    test("what ends before a time is forgotten, and only that", async () => {
      const store = await holding(
        natRow({ atUs: at("08:00:00"), untilUs: at("08:59:59") }),
        natRow({ atUs: at("08:00:00"), untilUs: at("09:00:00") }),
        natRow({ atUs: at("09:00:00") - 1 }),
        natRow({ atUs: at("09:00:01") }),
      );
      expect(await store.forget(at("09:00:00"))).toBe(2);
      expect(await store.forget(at("09:00:00"))).toBe(0);
      expect(await store.coverage()).toMatchObject({ sinceUs: at("08:00:00"), untilUs: at("09:00:01"), rows: 2 });
      expect(await store.forget(at("23:00:00"))).toBe(2);
      expect(await store.coverage()).toBeNull();
    });
  });

  describe(`${name}: used`, { timeout: timeoutMs }, () => {
    test("every address, each with first, last and count; the last used first", async () => {
      const store = await holding(
        natRow({ atUs: at("09:00:00") }),
        natRow({ atUs: at("09:00:05"), seen: end("203.0.113.8", 2048) }),
        natRow({ atUs: at("09:00:09"), kind: "gcp-flow-log", strength: "destination-observed" }),
        natRow({ atUs: at("09:00:10"), workload: "other", before: end("10.72.2.9", 1) }),
      );
      expect(await store.used(used(), ALL)).toEqual({
        rows: [
          {
            address: "203.0.113.7",
            firstUs: at("09:00:00"),
            lastUs: at("09:00:09"),
            count: 2,
            kinds: ["cloud-nat-log", "gcp-flow-log"],
            strength: "destination-observed",
          },
          {
            address: "203.0.113.8",
            firstUs: at("09:00:05"),
            lastUs: at("09:00:05"),
            count: 1,
            kinds: ["cloud-nat-log"],
            strength: "translator-logged",
          },
        ],
        truncated: false,
        missing: [],
        coverage: {
          sinceUs: at("09:00:00"),
          untilUs: at("09:00:10"),
          kinds: ["cloud-nat-log", "gcp-flow-log"],
          rows: 4,
          withoutPorts: false,
        },
      });
    });

    test("a name is compared whole and as written", async () => {
      const store = await holding(
        natRow({ workload: "l3_proxy" }),
        natRow({ workload: "l3%" }),
        natRow({ workload: "" }),
      );
      expect((await store.used(used(), ALL)).rows).toEqual([]);
      expect((await store.used(used({ from: { names: [], addresses: [] } }), ALL)).rows).toEqual([]);
    });

    test("an address is the source before translation, or, where none is shown, the source that was seen", async () => {
      const store = await holding(
        natRow({ workload: "", before: null, seen: end("10.72.2.222", 1) }),
        natRow({ workload: "", before: end("10.72.2.222", 1) }),
        natRow({ workload: "", before: end("10.72.2.9", 1), seen: end("10.72.2.222", 2) }),
      );
      const from = { names: [], addresses: [ip("10.72.2.222")] };
      const { rows } = await store.used(used({ from }), ALL);
      expect(rows.map(({ address, count }) => [address, count]).sort()).toEqual([
        ["10.72.2.222", 1],
        ["203.0.113.7", 1],
      ]);
    });

    test.each<readonly [string, Partial<UsedQuestion>, number]>([
      ["the destination's own prefix", { to: [cidr("198.51.100.25")] }, 2],
      ["any of several prefixes", { to: [cidr("2001:db8::/32"), cidr("198.51.100.0/24")] }, 3],
      ["the same number in the other family", { to: [cidr("::c633:6419")] }, 1],
      ["a port", { port: 25 }, 4],
      ["another port", { port: 443 }, 2],
      ["a protocol", { protocol: "udp" }, 1],
      ["from a time on: a row that ends then is inside", { period: { sinceUs: at("09:00:00"), untilUs: null } }, 4],
      ["until a time: a row that begins then is outside", { period: { sinceUs: null, untilUs: at("09:00:00") } }, 0],
      ["one moment", { period: { sinceUs: at("09:00:00"), untilUs: at("09:00:00") + 1 } }, 4],
    ])("%s", async (_, question, expected) => {
      const store = await holding(
        natRow(),
        natRow({ destination: end("2001:db8::25", 25) }),
        natRow({ destination: end("192.0.2.1", null) }),
        // Shows neither destination nor protocol, and so may be any.
        natRow({ destination: null, protocol: null }),
      );
      const { rows } = await store.used(used(question), ALL);
      expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(expected);
    });

    test("more addresses than asked for: the last used, and it says so", async () => {
      const rows = Array.from({ length: 5 }, (_, index) =>
        natRow({ atUs: at(`09:00:0${index}`), seen: end(`203.0.113.${index}`, 1) }),
      );
      const store = await holding(...rows);
      const answer = await store.used(used(), 2);
      expect(answer.rows.map(({ address }) => address)).toEqual(["203.0.113.4", "203.0.113.3"]);
      expect(answer.truncated).toBe(true);
      expect((await store.used(used(), 5)).truncated).toBe(false);
    });
  });

  describe(`${name}: who`, { timeout: timeoutMs }, () => {
    test.each([
      { when: "before it begins", atUs: at("09:00:00") - 1, toleranceUs: 0, found: 0 },
      { when: "as it begins", atUs: at("09:00:00"), toleranceUs: 0, found: 1 },
      { when: "as it ends", atUs: at("09:01:00"), toleranceUs: 0, found: 1 },
      { when: "after it ended", atUs: at("09:01:00") + 1, toleranceUs: 0, found: 0 },
      { when: "before it, with clocks that differ", atUs: at("08:59:58"), toleranceUs: 2e6, found: 1 },
      { when: "after it, with clocks that differ", atUs: at("09:01:02"), toleranceUs: 2e6, found: 1 },
      { when: "after it, by more than clocks differ", atUs: at("09:01:02") + 1, toleranceUs: 2e6, found: 0 },
    ])("$when", async ({ atUs, toleranceUs, found }) => {
      const store = await holding(natRow({ atUs: at("09:00:00"), untilUs: at("09:01:00") }));
      expect((await store.who({ ...who, atUs, toleranceUs }, ALL)).rows).toHaveLength(found);
    });

    test("several hold it, the latest first; the destination tells them apart", async () => {
      const store = await holding(
        natRow({ atUs: at("09:00:00"), untilUs: at("09:02:00") }),
        natRow({
          atUs: at("09:00:01"),
          untilUs: at("09:02:00"),
          workload: "w2",
          destination: end("198.51.100.80", 80),
        }),
        natRow({ atUs: at("09:00:02"), untilUs: at("09:02:00"), workload: "w3", destination: null }),
        natRow({ atUs: at("09:00:03"), untilUs: at("09:02:00"), workload: "w4", seen: end("203.0.113.7", 1025) }),
        natRow({ atUs: at("09:00:04"), untilUs: at("09:02:00"), workload: "w5", seen: end("203.0.113.7") }),
        natRow({ atUs: at("09:00:05"), untilUs: at("09:02:00"), workload: "w6", event: "dropped" }),
      );
      const asked = { ...who, atUs: at("09:01:00") };
      const names = async (more: object): Promise<readonly string[]> =>
        (await store.who({ ...asked, ...more }, ALL)).rows.map(({ workload }) => workload);
      expect(await names({})).toEqual(["w5", "w3", "w2", "l3-proxy"]);
      expect(await names({ to: end("198.51.100.80") })).toEqual(["w3", "w2"]);
      expect(await names({ to: end("198.51.100.80", 443) })).toEqual(["w3"]);
      expect(await names({ port: null })).toEqual(["w5", "w4", "w3", "w2", "l3-proxy"]);
      const cut = await store.who(asked, 1);
      expect([cut.rows.map(({ workload }) => workload), cut.truncated]).toEqual([["w5"], true]);
    });

    test("the row as it was kept", async () => {
      const { event, ...row } = natRow();
      const store = await holding(natRow());
      expect((await store.who({ ...who, atUs: row.atUs }, ALL)).rows).toEqual([row]);
    });
  });

  describe(`${name}: seen`, { timeout: timeoutMs }, () => {
    test("each workload and destination once, the last seen first", async () => {
      const store = await holding(
        natRow({ atUs: at("09:00:00") }),
        natRow({ atUs: at("09:00:04"), before: end("10.72.2.222", 9), seen: end("203.0.113.7", 9) }),
        natRow({ atUs: at("09:00:09"), workload: "", before: null, destination: null }),
        natRow({ atUs: at("09:00:10"), seen: end("203.0.113.8", 9) }),
      );
      expect((await store.seen(seen, ALL)).rows).toEqual([
        {
          workload: "",
          before: null,
          destination: null,
          destinationPort: null,
          firstUs: at("09:00:09"),
          lastUs: at("09:00:09"),
          count: 1,
        },
        {
          workload: "l3-proxy",
          before: "10.72.2.222",
          destination: "198.51.100.25",
          destinationPort: 25,
          firstUs: at("09:00:00"),
          lastUs: at("09:00:04"),
          count: 2,
        },
      ]);
      expect(await store.seen(seen, 1)).toMatchObject({ truncated: true, rows: [{ workload: "" }] });
      const later = { sinceUs: at("09:00:05"), untilUs: null };
      expect((await store.seen({ ...seen, period: later }, ALL)).rows).toMatchObject([{ workload: "" }]);
    });
  });

  describe(`${name}: any rows, any question, as looking at every row says`, { timeout: timeoutMs }, () => {
    const blocks = fc.array(fc.array(logRow, { maxLength: 30 }), { minLength: 1, maxLength: 3 });
    const holdingBlocks = async (sent: readonly (readonly LogRow[])[]): Promise<LogStore> => {
      const { store } = await fresh();
      for (const [index, rows] of sent.entries()) await store.ingest({ id: `block ${index}`, rows });
      return store;
    };
    const questions = fc.record({
      used: fc.array(usedQuestion, { minLength: 6, maxLength: 6 }),
      who: fc.array(whoQuestion, { minLength: 6, maxLength: 6 }),
      seen: fc.array(seenQuestion, { minLength: 3, maxLength: 3 }),
    });

    test("used, who, seen and coverage", async () => {
      await fc.assert(
        fc.asyncProperty(blocks, questions, async (sent, asked) => {
          const rows = distinct(sent.flat());
          const store = await holdingBlocks(sent);
          expect(await store.coverage()).toEqual(coverageOf(rows));
          for (const question of asked.used)
            same(await store.used(question, ALL), usedOf(rows, question), ({ lastUs }) => lastUs);
          for (const question of asked.who)
            same(await store.who(question, ALL), whoOf(rows, question), ({ atUs }) => atUs);
          for (const question of asked.seen)
            same(await store.seen(question, ALL), seenOf(rows, question), ({ lastUs }) => lastUs);
          for (const one of opened.splice(0)) await one.remove();
        }),
        { numRuns: runs },
      );
    });

    test("what is added and what was there sum up", async () => {
      await fc.assert(
        fc.asyncProperty(blocks, async (sent) => {
          const { store } = await fresh();
          let kept: readonly LogRow[] = [];
          for (const [index, rows] of sent.entries()) {
            const next = distinct([...kept, ...rows]);
            const added = next.length - kept.length;
            expect(await store.ingest({ id: `${index}`, rows })).toEqual({ added, duplicates: rows.length - added });
            kept = next;
          }
          for (const one of opened.splice(0)) await one.remove();
        }),
        { numRuns: runs },
      );
    });
  });
}

/** The same rows, in the order of their times; rows of one time may come in any order. */
function same<Row extends object>(answer: Answered<Row>, expected: readonly Row[], timeOf: (row: Row) => number): void {
  const text = (row: Row): string => JSON.stringify(row, Object.keys(row).sort().concat("address", "port"));
  expect(answer.rows.map(text).sort()).toEqual(expected.map(text).sort());
  expect(answer.rows.map(timeOf)).toEqual(expected.map(timeOf));
  expect([answer.truncated, answer.missing]).toEqual([false, []]);
}
