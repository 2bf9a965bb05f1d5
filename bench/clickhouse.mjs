// Two shards of ClickHouse on this machine, as the tests start them: how fast rows get in, how fast one is found.
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { openClickHouse } from "../packages/store/dist/clickhouse/open.js";
import { CLUSTER_NAME, missingForCluster, startCluster } from "../packages/store/test/engines/cluster.mjs";
import { median, rounded } from "./statistics.mjs";

const ROWS = 5_000_000;
const BLOCK = 500_000;
const LOOKUPS = 300;

/** One cluster for both figures: the rows that are sent are the rows that are asked for. */
let measured = null;

export async function clickHouse(name) {
  const missing = missingForCluster({ replicated: true });
  if (missing !== null) return [{ name, value: null, unit: null, against: null, ratio: null, runs: 0, missing }];
  measured ??= measure();
  return (await measured).filter((line) => line.name === name);
}

async function measure() {
  const cluster = await startCluster({ shape: [1, 1], parent: existsSync("/dev/shm") ? "/dev/shm" : tmpdir() });
  try {
    const store = await openClickHouse(cluster.nodes[0].url(`?cluster=${CLUSTER_NAME}`, "bench"));
    const lines = [await ingestRate(store, cluster), await whoTime(store)];
    await store.close();
    return lines;
  } finally {
    await cluster.stop();
  }
}

const figure = (name, value, unit, runs, more = {}) => ({
  name,
  value,
  unit,
  against: null,
  ratio: null,
  runs,
  ...more,
});

/**
 * Rows as the program has them, until both shards have acknowledged them. `cpuSeconds`: of this process and of both
 * servers for a million rows; on a machine with other work to do it says more than the time on the clock.
 */
async function ingestRate(store, { nodes }) {
  const rates = [];
  let cpu = 0;
  for (let start = 0; start < ROWS; start += BLOCK) {
    const rows = rowsFrom(start, BLOCK);
    const [began, ours, theirs] = [performance.now(), process.cpuUsage(), cpuOf(nodes)];
    await store.ingest({ id: `block-${start}`, rows });
    rates.push(BLOCK / ((performance.now() - began) / 1000));
    const { user, system } = process.cpuUsage(ours);
    cpu += (user + system) / 1e6 + cpuOf(nodes) - theirs;
  }
  const more = { best: Math.round(Math.max(...rates)), cpuSeconds: rounded((cpu / ROWS) * 1e6, 2) };
  return figure("clickhouse/ingest-rate", Math.round(median(rates)), "rows/s", rates.length, more);
}

/** Seconds that the servers have worked. https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const cpuOf = (nodes) =>
  nodes.reduce((sum, { pid }) => {
    const fields = readFileSync(`/proc/${pid()}/stat`, "utf8").split(") ")[1].split(" ");
    return sum + (Number(fields[11]) + Number(fields[12])) / 100;
  }, 0);

async function whoTime(store) {
  const times = [];
  for (let index = 0; index < LOOKUPS; index += 1) {
    const [row] = rowsFrom((index * 15_485_863) % ROWS, 1);
    const { address, port } = row.seen;
    const question = { question: "who", address, port, atUs: row.atUs, toleranceUs: 300e6, to: null };
    const began = performance.now();
    const { rows } = await store.who(question, 100);
    times.push(performance.now() - began);
    if (!rows.some(({ workload }) => workload === row.workload)) throw new Error("a row that was sent is not found");
  }
  return figure("clickhouse/who", rounded(median(times), 2), "ms", times.length, {
    best: rounded(Math.min(...times), 2),
  });
}

const DAY_US = 86_400_000_000;
const START_US = 1_790_000_000_000_000;

/** 20,000 workloads behind 900 addresses, in the order of their times over a day; the same for the same places. */
function rowsFrom(start, count) {
  return Array.from({ length: count }, (_, index) => {
    const place = start + index;
    const mixed = Math.imul(place + 1, 0x9e3779b1) >>> 0;
    const vm = mixed % 20_000;
    const port = 1024 + ((Math.imul(place, 0x85ebca6b) >>> 0) % 64_000);
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
