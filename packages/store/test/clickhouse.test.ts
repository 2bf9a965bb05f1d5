import { afterAll, beforeAll, describe } from "vitest";
import { openClickHouse } from "../src/clickhouse/open.ts";
import { type OpenedStore, storeConformance } from "../src/testing/conformance.ts";
import { type Engine, missingForChdb, startChdb } from "./engines/chdb.mjs";
import { CLUSTER_NAME, type Cluster, missingForCluster, startCluster } from "./engines/cluster.mjs";

// One suite, three engines: a server of 18.16, two shards of it with their ZooKeeper, and 26.

let databases = 0;

async function opened(url: (database: string) => string): Promise<OpenedStore> {
  databases += 1;
  const place = url(`seenas_${databases}`);
  let store = await openClickHouse(place);
  return {
    store,
    async reopen() {
      await store.close();
      store = await openClickHouse(place);
      return store;
    },
    remove: () => store.close(),
  };
}

const noChdb = missingForChdb();
describe.skipIf(noChdb !== null)(`ClickHouse 26${noChdb === null ? "" : ` (${noChdb})`}`, () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await startChdb();
  }, 60_000);
  afterAll(() => engine?.stop(), 60_000);
  storeConformance("26", () => opened((database) => engine.url(database)), { runs: 5 });
});

const noServer = missingForCluster({ replicated: false });
describe.skipIf(noServer !== null)(`ClickHouse 18.16${noServer === null ? "" : ` (${noServer})`}`, () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ shape: [1], replicated: false });
  }, 60_000);
  afterAll(() => cluster?.stop(), 60_000);
  storeConformance("18.16", () => opened((database) => cluster.nodes[0]?.url("", database) ?? ""), { runs: 5 });
});

const noCluster = missingForCluster({ replicated: true });
describe.skipIf(noCluster !== null)(`two shards${noCluster === null ? "" : ` (${noCluster})`}`, () => {
  let cluster: Cluster;
  beforeAll(async () => {
    cluster = await startCluster({ shape: [1, 1] });
  }, 60_000);
  afterAll(() => cluster?.stop(), 60_000);
  const url = (database: string): string => cluster.nodes[0]?.url(`?cluster=${CLUSTER_NAME}`, database) ?? "";
  storeConformance("two shards", () => opened(url), { runs: 2 });
});
