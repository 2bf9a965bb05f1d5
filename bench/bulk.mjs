import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statfsSync, statSync, writeSync } from "node:fs";
import { freemem, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { company } from "./company.mjs";
import { median, rounded } from "./statistics.mjs";

const CHILD = fileURLToPath(new URL("estate-child.mjs", import.meta.url));
const SHAPE = { subnets: 2000, networks: 40, routes: 5000, seed: 20241220 };
const RUNS = 3;
const FLUSH = 2000;
/** What one interface takes as JSON, and at most in memory while its estate is mapped. */
const JSON_BYTES = 3500;
const HELD_BYTES = 3000;
/** Files above this are on the disk: what is measured there is not how fast they are read. */
const IN_MEMORY_BYTES = 2 ** 30;

/** What each figure may be: the project's own limits. */
const LIMITS = { partition: 0.5, seconds: 2, rssMB: 500, diff: 2 };

// Node 20 reads these certificates before anything else.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

/**
 * 100,000 interfaces in 40 networks with 5,000 routes each. `parts` tells how the time is spent; the peer of the whole
 * is `JSON.parse` of the same elements and nothing else.
 */
export const partition = (name) =>
  withFiles([{ vms: 100_000 }], ([file]) => {
    const runs = repeated(() => run("map", [file]));
    const { computed, classes } = runs[0];
    return [{ ...limited(name, runs, "partition", "s"), computed, classes }];
  });

export const rss = (name) =>
  withFiles([{ vms: 100_000 }], ([file]) => [
    limited(
      name,
      repeated(() => run("map", [file])),
      "rssMB",
      "MB",
    ),
  ]);

export const fromJson = (name) =>
  withFiles([{ vms: 100_000 }], ([file]) => {
    const pairs = repeated(() => ({ theirs: run("parse", [file]), ours: run("map", [file]) }));
    const ours = pairs.map((pair) => pair.ours);
    const parts = Object.fromEntries(["read", "compile", "partition"].map((part) => [part, middle(ours, part)]));
    const value = middle(ours, "seconds");
    const ratio = rounded(median(pairs.map((pair) => pair.ours.seconds / pair.theirs.seconds)), 2);
    const bytes = statSync(file).size;
    return [
      { name, value, unit: "s", against: "JSON.parse of each element", ratio, runs: RUNS, bytes, parts },
      limited(name, ours, "seconds", "s"),
    ];
  });

/** What a diff of two estates takes beside their two maps. */
export const diff = (name) =>
  withFiles([{ vms: 100_000 }, { vms: 100_000, changed: true }], (files) => {
    const runs = repeated(() => run("diff", files));
    return [{ ...limited(name, runs, "diff", "s"), maps: middle(runs, "maps"), pieces: runs[0].pieces }];
  });

const PROBES = 100_000;

/** Senders, destinations and ports of which the map is asked, beside every route looked at for each. None may be wrong. */
export const probes = (name) =>
  withFiles([{ vms: 100_000 }], ([file]) => {
    const { wrong, examples } = run("probes", [file, JSON.stringify({ ...SHAPE, vms: 100_000 }), `${PROBES}`]);
    const line = { name, value: wrong, unit: "wrong", against: "every route, one by one", ratio: null, runs: 1 };
    return [{ ...line, probes: PROBES, ...(wrong === 0 ? {} : { examples }) }];
  });

/** The same networks and routes with more and more interfaces: what grows is the reading, not the map's classes. */
export function* curve(name) {
  for (const vms of [1000, 10_000, 100_000, 1_000_000]) {
    const about = { name: `${name}-${vms}`, unit: "s", against: null, ratio: null };
    const needs = vms * HELD_BYTES;
    if (needs > freemem()) yield { ...about, value: null, runs: 0, missing: `${needs} bytes of memory` };
    else
      yield* withFiles([{ vms }], ([file]) => {
        const heapMB = Math.max(1000, Math.round(needs / 2 ** 20));
        const { seconds, read, compile, partition: cut, cpu, rssMB, computed } = run("map", [file], heapMB);
        const parts = { read: rounded(read, 3), compile: rounded(compile, 3), partition: rounded(cut, 3) };
        parts.partitionCpu = rounded(cpu, 3);
        return [{ ...about, value: rounded(seconds, 3), runs: 1, parts, rssMB: Math.round(rssMB), computed }];
      });
  }
}

function limited(name, runs, part, unit) {
  const value = middle(runs, part);
  return {
    name,
    value,
    unit,
    against: `limit ${LIMITS[part]} ${unit}`,
    ratio: rounded(value / LIMITS[part], 2),
    runs: RUNS,
  };
}

const repeated = (once) => Array.from({ length: RUNS }, once);

const middle = (runs, part) => rounded(median(runs.map((one) => one[part])), 3);

function run(mode, files, heapMB = Math.round((freemem() * 0.9) / 2 ** 20)) {
  const heap = `--max-old-space-size=${heapMB}`;
  const { status, stdout, stderr } = spawnSync(process.execPath, [heap, CHILD, mode, ...files], { env });
  if (status !== 0) throw new Error(`${mode}: ${stderr}`);
  return JSON.parse(stdout);
}

function withFiles(wanted, measure) {
  const bytes = wanted.reduce((sum, { vms }) => sum + vms * JSON_BYTES, 0);
  const isSmall = bytes < IN_MEMORY_BYTES && existsSync("/dev/shm");
  const folder = mkdtempSync(join(isSmall ? "/dev/shm" : tmpdir(), "seenas-bench-"));
  try {
    const { bavail, bsize } = statfsSync(folder);
    if (bytes > bavail * bsize) throw new Error("no room for it");
    return measure(wanted.map((one, index) => written(join(folder, `${index}.json`), one)));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A list, one element a line. */
function written(file, options) {
  const descriptor = openSync(file, "w");
  let lines = [];
  let separator = "[\n";
  for (const resource of company({ ...SHAPE, ...options })) {
    lines.push(separator, JSON.stringify(resource));
    separator = ",\n";
    if (lines.length < FLUSH) continue;
    writeSync(descriptor, lines.join(""));
    lines = [];
  }
  writeSync(descriptor, `${lines.join("")}\n]\n`);
  closeSync(descriptor);
  return file;
}
