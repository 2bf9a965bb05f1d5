// npm run bench [-- NAME…]: one JSON line a figure, the machine first. Ratios are medians of pairs from one run, since a
// machine's own speed drifts more than what is measured.
import { cpus, release, totalmem, type } from "node:os";
import { curve, diff, fromJson, partition, probes, rss } from "./bulk.mjs";
import { captures } from "./capture.mjs";
import { clickHouse } from "./clickhouse.mjs";
import { coldStart } from "./cold-start.mjs";
import { labRate } from "./lab.mjs";
import { logRate } from "./log-rate.mjs";
import { ingestAgainstDuckdb, ingestRate, ingestRss, rowBytes, usedMany, who, whoCold } from "./logs.mjs";
import { lookups } from "./lookup.mjs";
import { tableLookups } from "./lookup-table.mjs";
import { merges } from "./merge.mjs";
import { firstLoad, firstVerdict } from "./page.mjs";
import { cpuAgainstNginx, idleBytes, records } from "./witness.mjs";

const FIGURES = {
  "cli/version": () => coldStart("cli/version", ["--version"]),
  "cli/explain": () => coldStart("cli/explain", ["explain", "--example"]),
  "lookup/v4-5k": () => tableLookups("lookup/v4-5k", 4),
  "lookup/answer-v4-5k": () => lookups("lookup/answer-v4-5k", 4),
  "lookup/v6-5k": () => tableLookups("lookup/v6-5k", 6),
  "lookup/answer-v6-5k": () => lookups("lookup/answer-v6-5k", 6),
  "allow/merge-1m": () => merges("allow/merge-1m", 1_000_000),
  "estate/partition-100k": () => partition("estate/partition-100k"),
  "estate/from-json-100k": () => fromJson("estate/from-json-100k"),
  "estate/rss-100k": () => rss("estate/rss-100k"),
  "estate/diff-100k": () => diff("estate/diff-100k"),
  "estate/probes-100k": () => probes("estate/probes-100k"),
  "estate/curve": () => curve("estate/curve"),
  "capture/capinfos": () => captures("capture/capinfos", "capinfos"),
  "capture/tcpdump": () => captures("capture/tcpdump", "tcpdump"),
  "capture/tshark": () => captures("capture/tshark", "tshark"),
  "evidence/mail-log-rate": () => logRate("evidence/mail-log-rate", "mail"),
  "evidence/web-log-rate": () => logRate("evidence/web-log-rate", "web"),
  "witness/cpu-nginx": () => cpuAgainstNginx("witness/cpu-nginx"),
  "witness/idle-bytes": () => idleBytes("witness/idle-bytes"),
  "witness/records-150k": () => records("witness/records-150k"),
  "logs/ingest-rate": () => ingestRate("logs/ingest-rate"),
  "logs/ingest-duckdb": () => ingestAgainstDuckdb("logs/ingest-duckdb"),
  "logs/row-bytes": () => rowBytes("logs/row-bytes"),
  "logs/rss": () => ingestRss("logs/rss"),
  "logs/who": () => who("logs/who"),
  "logs/who-cold": () => whoCold("logs/who-cold"),
  "logs/used-50m": () => usedMany("logs/used-50m"),
  "clickhouse/ingest-rate": () => clickHouse("clickhouse/ingest-rate"),
  "clickhouse/who": () => clickHouse("clickhouse/who"),
  "page/first-verdict": () => firstVerdict("page/first-verdict"),
  "page/first-load": () => firstLoad("page/first-load"),
  "lab/run-rate": () => labRate("lab/run-rate", ["run", "--quiet"]),
  "lab/fuzz-rate": () => labRate("lab/fuzz-rate", ["fuzz", "--seed", "1", "--count", "300"]),
};

const names = process.argv.slice(2);
const unknown = names.filter((name) => !Object.hasOwn(FIGURES, name));
if (unknown.length > 0) {
  process.stderr.write(`no such figure: ${unknown.join(", ")}. There are: ${Object.keys(FIGURES).join(", ")}\n`);
  process.exit(2);
}

const print = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

print({
  machine: cpus()[0]?.model.trim() ?? "unknown",
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  system: `${type()} ${release()}`,
  node: process.version,
});
for (const name of names.length > 0 ? names : Object.keys(FIGURES))
  for (const line of await FIGURES[name]()) print(line);
