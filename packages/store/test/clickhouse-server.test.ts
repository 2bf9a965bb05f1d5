import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openClickHouse } from "../src/clickhouse/open.ts";
import { StoreFailure } from "../src/failure.ts";
import { openStore } from "../src/open.ts";
import type { LogStore } from "../src/store.ts";
import { at, natRow } from "../src/testing/rows.ts";
import { type Cluster, missingForCluster, startCluster } from "./engines/cluster.mjs";

// What one server does beside answering: what it refuses, what it is told, what two of us do at once.

const missing = missingForCluster({ replicated: false });

const codeOf = (failure: unknown): string =>
  failure instanceof StoreFailure ? failure.problem.code : `not a failure of the store: ${failure}`;

const ALL = 10_000;
const used = (name: string) =>
  ({
    question: "used",
    from: { names: [name], addresses: [] },
    to: [],
    port: null,
    protocol: null,
    period: { sinceUs: null, untilUs: null },
  }) as const;

describe.skipIf(missing !== null)(
  `one server of 18.16${missing === null ? "" : ` (${missing})`}`,
  { timeout: 60_000 },
  () => {
    let cluster: Cluster;
    let databases = 0;
    let url: string;

    beforeAll(async () => {
      cluster = await startCluster({ shape: [1], replicated: false });
    }, 60_000);
    afterAll(() => cluster?.stop(), 60_000);
    beforeEach(() => {
      databases += 1;
      url = cluster.nodes[0]?.url("", `own_${databases}`) ?? "";
    });

    const tell = async (statement: string): Promise<string> => {
      const response = await fetch(`http://127.0.0.1:${cluster.nodes[0]?.http}/`, { method: "POST", body: statement });
      const text = await response.text();
      if (!response.ok) throw new Error(text);
      return text;
    };

    const counted = async (store: LogStore, name = "l3-proxy"): Promise<number> =>
      (await store.used(used(name), ALL)).rows.reduce((sum, { count }) => sum + count, 0);

    test("a store of a newer seenas is refused, and left as it is", async () => {
      await (await openClickHouse(url)).close();
      await tell(`INSERT INTO own_${databases}.log_schema VALUES (99, 0)`);
      expect(codeOf(await openClickHouse(url).catch((error: unknown) => error))).toBe("store/newer");
      expect(await openStore(url)).toMatchObject({ kind: "refused", problem: { code: "store/newer" } });
    });

    test("opened by two at once", async () => {
      const stores = await Promise.all([openClickHouse(url), openClickHouse(url)]);
      await Promise.all(stores.map((store, index) => store.ingest({ id: `${index}`, rows: [natRow()] })));
      for (const store of stores) expect(await counted(store)).toBe(1);
      await Promise.all(stores.map((store) => store.close()));
    });

    test("the same rows from two at once are counted once", async () => {
      const rows = Array.from({ length: 20_000 }, (_, index) => natRow({ atUs: at("09:00:00") + index }));
      const stores = await Promise.all([openClickHouse(url), openClickHouse(url)]);
      await Promise.all(stores.map((store, index) => store.ingest({ id: `${index}`, rows })));
      for (const store of stores) expect(await counted(store)).toBe(20_000);
      await Promise.all(stores.map((store) => store.close()));
    });

    test("a store without ports never has one, whoever opens it; one that has some stays", async () => {
      const store = await openClickHouse(url, { withoutPorts: true });
      await store.ingest({ id: "a", rows: [natRow(), natRow({ before: null })] });
      await store.close();
      const again = await openClickHouse(url);
      await again.ingest({ id: "b", rows: [natRow({ atUs: at("09:00:01") })] });
      expect(await counted(again)).toBe(3);
      await again.close();
      const ports = "max(seen_port), max(before_port), max(destination_port)";
      expect(await tell(`SELECT ${ports} FROM own_${databases}.log_rows`)).toBe("-1\t-1\t-1\n");
      databases += 1;
      const other = cluster.nodes[0]?.url("", `own_${databases}`) ?? "";
      await (await openClickHouse(other)).close();
      const refused = await openClickHouse(other, { withoutPorts: true }).catch((error: unknown) => error);
      expect(codeOf(refused)).toBe("store/with-ports");
    });

    test("rows of three years in one block", async () => {
      const store = await openClickHouse(url);
      const rows = Array.from({ length: 160 }, (_, week) => natRow({ atUs: at("09:00:00") - week * 604_800e6 }));
      expect(await store.ingest({ id: "a", rows })).toEqual({ added: 160, duplicates: 0 });
      expect(await counted(store)).toBe(160);
      await store.close();
    });

    test("any name is kept and found as it is", async () => {
      const store = await openClickHouse(url);
      const names = fc.string({
        unit: fc.constantFrom("'", '"', "\\", "\n", "\0", "%", "_", ";", "-", "a", "é", "中", "\u{1f600}"),
      });
      const kept = new Set<string>();
      await fc.assert(
        fc.asyncProperty(names, async (name) => {
          await store.ingest({ id: `name ${name}`, rows: [natRow({ workload: name })] });
          kept.add(name);
          expect(await counted(store, name)).toBe(1);
          expect(await counted(store, `${name}'`)).toBe(kept.has(`${name}'`) ? 1 : 0);
        }),
        { numRuns: 25 },
      );
      await store.close();
    });

    test("who may not, and where nobody is, is told without the password", async () => {
      const { http } = cluster.nodes[0] ?? { http: 0 };
      for (const place of [`127.0.0.1:${http}`, "127.0.0.1:1"]) {
        const failure = await openClickHouse(`clickhouse://nobody:sesame@${place}/x`).catch((error: unknown) => error);
        expect(["store/no-access", "store/unreachable"]).toContain(codeOf(failure));
        expect(JSON.stringify(failure)).not.toContain("sesame");
      }
    });
  },
);
