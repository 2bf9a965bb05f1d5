// Two shards of ClickHouse on this machine, as the tests start them: how fast rows get in, how fast one is found.
import { openClickHouse } from "../packages/store/dist/clickhouse/open.js";
import { CLUSTER_NAME, missingForCluster, startCluster } from "../packages/store/test/engines/cluster.mjs";
import { median } from "./statistics.mjs";

const ROWS = 5_000_000;
const BLOCK = 500_000;
const LOOKUPS = 300;

/** One cluster for both figures: the rows that are sent are the rows that are asked for. */
export async function clickHouse(names) {
  const missing = missingForCluster({ replicated: true });
  if (missing !== null) return names.map((name) => ({ name, missing }));
  const cluster = await startCluster({ shape: [1, 1], parent: "/dev/shm" });
  try {
    const store = await openClickHouse(cluster.nodes[0].url(`?cluster=${CLUSTER_NAME}`, "bench"));
    const lines = [await ingestRate(store), await whoTime(store)];
    await store.close();
    return lines.filter(({ name }) => names.includes(name));
  } finally {
    await cluster.stop();
  }
}

async function ingestRate(store) {
  const rates = [];
  for (let start = 0; start < ROWS; start += BLOCK) {
    const rows = rowsFrom(start, BLOCK);
    const began = performance.now();
    await store.ingest({ id: `block-${start}`, rows });
    rates.push(BLOCK / ((performance.now() - began) / 1000));
  }
  const rowsPerSecond = Math.round(median(rates));
  return { name: "clickhouse/ingest-rate", value: rowsPerSecond, unit: "rows/s", against: null, ratio: null, runs: rates.length };
}

async function whoTime(store) {
  const times = [];
  for (let index = 0; index < LOOKUPS; index += 1) {
    const [row] = rowsFrom((index * 15_485_863) % ROWS, 1);
    const question = { question: "who", address: row.seen.address, port: row.seen.port, atUs: row.atUs, toleranceUs: 300e6, to: null };
    const began = performance.now();
    const { rows } = await store.who(question, 100);
    times.push(performance.now() - began);
    if (!rows.some(({ workload }) => workload === row.workload)) throw new Error("a row that was sent is not found");
  }
  return { name: "clickhouse/who", value: Number(median(times).toFixed(2)), unit: "ms", against: null, ratio: null, runs: times.length };
}

const DAY_US = 86_400_000_000;
const START_US = 1_790_000_000_000_000;

/** 20,000 workloads behind 900 addresses, in the order of their times over a day; the same for the same places. */
export function rowsFrom(start, count) {
  return Array.from({ length: count }, (_, index) => {
    const place = start + index;
    const mixed = Math.imul(place + 1, 0x9e3779b1) >>> 0;
    const vm = mixed % 20_000;
    const port = 1024 + (Math.imul(place, 0x85ebca6b) >>> 0) % 64_000;
    const atUs = START_US + Math.floor((place / ROWS) * DAY_US);
    return {
      atUs,
      untilUs: atUs,
      kind: "cloud-nat-log",
      strength: "translator-logged",
      event: "allocated",
      workload: `vm-${vm}`,
      reporter: `router-${vm % 200}/nat`,
      protocol: "tcp",
      before: { address: `10.${vm >> 12}.${(vm >> 6) & 63}.${vm & 63}`, port: 32_768 + (mixed >>> 18) },
      seen: { address: `203.0.${(vm % 900) >> 7}.${(vm % 900) & 127}`, port },
      destination: { address: `198.51.100.${(mixed >>> 8) & 127}`, port: 443 },
    };
  });
}
