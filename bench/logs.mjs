import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeNatLog } from "./nat-log.mjs";
import { median, rounded } from "./statistics.mjs";

const CHILD = fileURLToPath(new URL("logs-child.mjs", import.meta.url));
const COMMAND = fileURLToPath(new URL("../packages/cli/bin/seenas.js", import.meta.url));
const SEED = 20_261_122;
const ROWS = Number(process.env.SEENAS_BENCH_ROWS ?? 5_000_000);
const LINE_BYTES = 1200;
const RUNS = 3;
const MANY = { rows: ROWS * 10, days: 10 };
/** A hundred hours. */
const HUNDRED = { rows: Math.floor(ROWS / 5), days: 100 / 24 };

/** The project's own limits. */
const LIMITS = { rate: 1_000_000, ratio: 0.5, rssMB: 400, rowBytes: 16, who: 5, cold: 250, used: 100 };

// Node 20 reads these certificates before anything else.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

const child = (...args) =>
  JSON.parse(
    execFileSync(process.execPath, [CHILD, ...args.map(String)], { env, encoding: "utf8", maxBuffer: 1 << 20 }),
  );

/** In memory where there is room: a disk that is shared measures its other users. */
function placeFor(bytes) {
  const memory = "/dev/shm";
  const isRoomy = existsSync(memory) && statfsSync(memory).bavail * statfsSync(memory).bsize > bytes;
  return mkdtempSync(join(isRoomy ? memory : tmpdir(), "seenas-bench-"));
}

function withPlace(bytes, work) {
  const place = placeFor(bytes);
  try {
    return work(place);
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

let ingests = null;

/** Pairs of runs, ours and DuckDB's own; all figures of an ingest come from the same ones. */
function ingestRuns() {
  ingests ??= withPlace(ROWS * LINE_BYTES * 1.2, (place) => {
    const file = join(place, "nat.jsonl");
    writeNatLog(file, SEED, ROWS);
    return Array.from({ length: RUNS }, (_, run) => {
      const theirs = child("duckdb", file, join(place, `${run}.duckdb`));
      const ours = child("ingest", file, join(place, `store-${run}`));
      rmSync(join(place, `${run}.duckdb`), { force: true });
      rmSync(join(place, `store-${run}`), { recursive: true });
      return { ours, theirs };
    });
  });
  return ingests;
}

const middle = (of) => median(ingestRuns().map(of));

export const ingestRate = (name) => [
  {
    name,
    value: Math.round(middle(({ ours }) => ours.rows / ours.seconds)),
    unit: "rows/s",
    against: null,
    ratio: null,
    runs: RUNS,
    limit: LIMITS.rate,
    cpuSecondsPerMillion: rounded(
      middle(({ ours }) => (ours.cpuSeconds / ours.rows) * 1e6),
      2,
    ),
  },
];

export const ingestAgainstDuckdb = (name) => [
  {
    name,
    value: rounded(
      middle(({ ours }) => ours.seconds),
      2,
    ),
    unit: "s",
    against: "DuckDB, read_ndjson to an ordered table",
    ratio: rounded(
      middle(({ ours, theirs }) => ours.seconds / theirs.seconds),
      2,
    ),
    runs: RUNS,
    limit: LIMITS.ratio,
  },
];

export const rowBytes = (name) => [
  {
    name,
    value: rounded(
      middle(({ ours }) => ours.bytes / ours.rows / 2),
      1,
    ),
    unit: "bytes a row and order",
    against: null,
    ratio: null,
    runs: RUNS,
    limit: LIMITS.rowBytes,
  },
];

export const ingestRss = (name) => [
  {
    name,
    value: Math.round(middle(({ ours }) => ours.rssMB)),
    unit: "MB",
    against: null,
    ratio: null,
    runs: RUNS,
    limit: LIMITS.rssMB,
  },
];

const plain = (name, value, limit, more) => ({
  name,
  value: rounded(value, 1),
  unit: "ms",
  against: null,
  ratio: null,
  limit,
  ...more,
});

export const who = (name) =>
  withPlace(HUNDRED.rows * 60, (place) => {
    child("fill", join(place, "store"), HUNDRED.rows, HUNDRED.days);
    const { ms, segments } = child("who", join(place, "store"), HUNDRED.rows, HUNDRED.days, 50);
    return [plain(name, ms, LIMITS.who, { runs: 48, segments })];
  });

export const whoCold = (name) =>
  withPlace(HUNDRED.rows * 60, (place) => {
    const store = join(place, "store");
    child("fill", store, HUNDRED.rows, HUNDRED.days);
    const { ask, atUs } = child("who", store, HUNDRED.rows, HUNDRED.days, 2);
    const at = new Date(Math.round(atUs / 1000)).toISOString();
    const took = Array.from({ length: 11 }, () => {
      const begun = performance.now();
      const { status } = spawnSync(process.execPath, [COMMAND, "logs", "who", ask, "--at", at, "--store", store], {
        env,
      });
      if (status !== 0) throw new Error(`logs who ended with ${status}`);
      return performance.now() - begun;
    });
    return [plain(name, median(took), LIMITS.cold, { runs: took.length })];
  });

export const usedMany = (name) =>
  withPlace(MANY.rows * 60, (place) => {
    child("fill", join(place, "store"), MANY.rows, MANY.days);
    const { ms, rows } = child("used", join(place, "store"), 12);
    return [plain(name, ms, LIMITS.used, { runs: 11, rows })];
  });
