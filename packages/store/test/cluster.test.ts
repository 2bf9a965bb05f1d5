import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openClickHouse } from "../src/clickhouse/open.ts";
import { StoreFailure } from "../src/failure.ts";
import type { LogRow } from "../src/row.ts";
import type { LogStore } from "../src/store.ts";
import { at, end, ip, natRow } from "../src/testing/rows.ts";
import { CLUSTER_NAME, type Cluster, missingForCluster, type ServerNode, startCluster } from "./engines/cluster.mjs";

// Servers that are killed while they work. The servers' own profile would leave a dead shard out in silence.

const missing = missingForCluster({ replicated: true });
const why = missing === null ? "" : ` (${missing})`;

const ALL = 10_000;
const ALWAYS = { sinceUs: null, untilUs: null };

/** Rows of one workload, over as many addresses as it takes to have some on every shard. */
const rowsOf = (count: number, offset = 0): readonly LogRow[] =>
  Array.from({ length: count }, (_, index) =>
    natRow({
      atUs: at("09:00:00") + (offset + index) * 10,
      seen: end(`203.0.113.${index % 50}`, 1024 + (index % 60_000)),
    }),
  );

const question = {
  question: "used",
  from: { names: ["l3-proxy"], addresses: [] },
  to: [],
  port: null,
  protocol: null,
  period: ALWAYS,
} as const;

const counted = async (store: LogStore): Promise<number> => {
  const { rows, missing: parts } = await store.used(question, ALL);
  expect(parts).toEqual([]);
  return rows.reduce((sum, { count }) => sum + count, 0);
};

const codeOf = (failure: unknown): string =>
  failure instanceof StoreFailure
    ? failure.problem.code === "store/engine"
      ? failure.message
      : failure.problem.code
    : `not a failure of the store: ${failure}`;

/** The number, or the code of why there is none. */
const outcome = <T>(promise: Promise<T>): Promise<T | string> => promise.catch(codeOf);

/** Half a minute: the machine may have other work. */
const TRIES = 300;

/** A server that has just started is not asked before it knows that it has all that its replicas have. */
async function settled<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      return await ask();
    } catch (failure) {
      if (codeOf(failure) !== "store/shard-missing") throw failure;
    }
    await pause(100);
  }
  throw new Error("the shard does not come back");
}

function nodeAt(cluster: Cluster, index: number): ServerNode {
  const node = cluster.nodes[index];
  if (node === undefined) throw new Error(`no server ${index}`);
  return node;
}

/** Says something to a server past the store. @returns what it answers */
async function tell(node: ServerNode, statement: string): Promise<string> {
  const body = statement.replace("{database}", `killed_${databases}`);
  const response = await fetch(`http://127.0.0.1:${node.http}/`, { method: "POST", body });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return text.trim();
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    if (await isSo()) return;
    await pause(100);
  }
  throw new Error("it does not come about");
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

let databases = 0;

describe.skipIf(missing !== null)(`two shards, one of them killed${why}`, { timeout: 120_000 }, () => {
  let cluster: Cluster;
  let url: string;
  let store: LogStore;

  beforeAll(async () => {
    cluster = await startCluster({ shape: [1, 1] });
  }, 60_000);
  afterAll(() => cluster?.stop(), 60_000);
  beforeEach(async () => {
    for (const node of cluster.nodes) await node.start();
    databases += 1;
    url = nodeAt(cluster, 0).url(`?cluster=${CLUSTER_NAME}`, `killed_${databases}`);
    store = await openClickHouse(url);
  }, 60_000);
  afterEach(() => store.close());

  test("a question is an error that names the shard, and the whole answer when it is back", async () => {
    await store.ingest({ id: "a", rows: rowsOf(5000) });
    const shard = nodeAt(cluster, 1);
    await shard.kill();
    const failure = await store.used(question, ALL).catch((error: unknown) => error);
    expect(codeOf(failure)).toBe("store/shard-missing");
    expect(failure).toMatchObject({ message: expect.stringContaining(`127.0.0.1:${shard.tcp}`) });
    const who = { question: "who", address: ip("203.0.113.7"), port: null, atUs: 0, toleranceUs: 0, to: null } as const;
    expect(await outcome(store.who(who, ALL))).toBe("store/shard-missing");
    expect(await outcome(store.seen({ question: "seen", address: who.address, period: ALWAYS }, ALL))).toBe(
      "store/shard-missing",
    );
    await shard.start();
    expect(await settled(() => counted(store))).toBe(5000);
  });

  test("a block that a dead shard should have a part of is an error, and counts once when it is sent again", async () => {
    await nodeAt(cluster, 1).kill();
    const block = { id: "a", rows: rowsOf(5000) };
    expect(await outcome(store.ingest(block))).toBe("store/shard-missing");
    await nodeAt(cluster, 1).start();
    expect(await settled(() => store.ingest(block))).toMatchObject({ added: expect.any(Number) });
    expect(await counted(store)).toBe(5000);
    expect((await store.coverage())?.rows).toBe(5000);
  });

  test("a block of which only one shard has its half, as a kill leaves it, counts once when it is sent again", async () => {
    const block = { id: "half", rows: rowsOf(5000) };
    await store.ingest(block);
    // The other half was never written, and nothing was acknowledged.
    await tell(nodeAt(cluster, 1), "ALTER TABLE {database}.log_rows_local DELETE WHERE 1");
    await tell(nodeAt(cluster, 0), "ALTER TABLE {database}.log_blocks DELETE WHERE state = 1");
    await until(async () => (await counted(store)) < 5000 && (await store.coverage()) === null);
    const half = await counted(store);
    expect(half).toBeGreaterThan(0);
    expect(await store.ingest(block)).toEqual({ added: 5000 - half, duplicates: half });
    expect(await counted(store)).toBe(5000);
    expect((await store.coverage())?.rows).toBe(5000);
    expect(await store.ingest(block)).toEqual({ added: 0, duplicates: 5000 });
    expect(await counted(store)).toBe(5000);
  });

  test.each([5, 150, 400])("killed %i ms into an ingest, sent again until it is taken", async (delayMs) => {
    const blocks = [0, 1, 2].map((index) => ({ id: `block-${index}`, rows: rowsOf(100_000, index * 100_000) }));
    const all = (async () => {
      for (const block of blocks) await store.ingest(block);
    })();
    const first = outcome(all);
    await pause(delayMs);
    await nodeAt(cluster, 1).kill();
    await first;
    await nodeAt(cluster, 1).start();
    for (const block of blocks) await settled(() => store.ingest(block));
    expect(await settled(() => counted(store))).toBe(300_000);
    expect((await store.coverage())?.rows).toBe(300_000);
  });

  test("killed while questions are under way: each is answered whole, or not at all", async () => {
    await store.ingest({ id: "a", rows: rowsOf(200_000) });
    const answers: Promise<number | string>[] = [];
    for (let index = 0; index < 30; index += 1) {
      answers.push(outcome(counted(store)));
      if (index === 15) await nodeAt(cluster, 1).kill();
      await pause(10);
    }
    const seen = new Set(await Promise.all(answers));
    await nodeAt(cluster, 1).start();
    expect([...seen].filter((answer) => answer !== 200_000 && answer !== "store/shard-missing")).toEqual([]);
    expect(seen.has("store/shard-missing")).toBe(true);
    expect(await settled(() => counted(store))).toBe(200_000);
  });

  test("the server that is spoken to does not answer: an error that names it", async () => {
    await nodeAt(cluster, 0).kill();
    expect(await outcome(counted(store))).toBe("store/unreachable");
    expect(await outcome(store.ingest({ id: "a", rows: rowsOf(10) }))).toBe("store/unreachable");
    expect(await outcome(openClickHouse(url))).toBe("store/unreachable");
    await nodeAt(cluster, 0).start();
    expect(await store.ingest({ id: "a", rows: rowsOf(10) })).toEqual({ added: 10, duplicates: 0 });
  });

  test("opened again while a shard is down: there is nothing to create", async () => {
    await nodeAt(cluster, 1).kill();
    const again = await openClickHouse(url);
    expect(await outcome(counted(again))).toBe("store/shard-missing");
    await again.close();
    await nodeAt(cluster, 1).start();
  });
});

describe.skipIf(missing !== null)(`a shard of two replicas${why}`, { timeout: 120_000 }, () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ shape: [2, 1] });
  }, 60_000);
  afterAll(() => cluster?.stop(), 60_000);

  test("the other replica answers for the one that took the rows, or the question is refused: never less", async () => {
    const url = (index: number): string => nodeAt(cluster, index).url(`?cluster=${CLUSTER_NAME}`, "replicas");
    const [store, other] = [await openClickHouse(url(0)), await openClickHouse(url(2))];
    for (let index = 0; index < 4; index += 1)
      await store.ingest({ id: `block-${index}`, rows: rowsOf(10_000, index * 10_000) });
    const rowsAt = (index: number): Promise<string> =>
      tell(nodeAt(cluster, index), "SELECT count() FROM replicas.log_rows_local");
    await until(async () => (await rowsAt(1)) === (await rowsAt(0)));
    await nodeAt(cluster, 0).kill();
    expect(await outcome(counted(store))).toBe("store/unreachable");
    // Refused as long as the replica does not know whether it has everything.
    expect(await settled(() => counted(other))).toBe(40_000);
    await nodeAt(cluster, 0).start();
    expect(await settled(() => store.ingest({ id: "block-3", rows: rowsOf(10_000, 30_000) }))).toEqual({
      added: 0,
      duplicates: 10_000,
    });
    expect(await settled(() => counted(store))).toBe(40_000);
    await Promise.all([store.close(), other.close()]);
  });
});
