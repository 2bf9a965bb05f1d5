// node scripts/mutate.mjs [COUNT] [SEED] [FOLDER…]: damages every text of evidence in the folders (by default the samples
// beside the checkout and the readers' own test data) by flips, cuts, splices and repetitions, and reads what is left. No
// input may crash a reader, hold it for a second, or make it name an address that does not stand in it.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseIp, takeIn } from "../packages/core/dist/index.js";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const [count = "100000", seed = "1", ...folders] = process.argv.slice(2);
const places =
  folders.length > 0 ? folders : [path("../../shared/samples"), path("../packages/core/src/evidence/testdata")];
const LARGEST = 64 * 1024;
const SLOW_MS = 1000;

/** mulberry32: small, and equal everywhere. */
let state = Number(seed) >>> 0;
function random(below) {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
}

function fail(index, done, why) {
  failures.push(`${files[index]} (mutation ${done}, seed ${seed}): ${why}`);
}

function filesIn(place) {
  try {
    return readdirSync(place, { recursive: true, encoding: "utf8" })
      .map((name) => join(place, name))
      .filter((file) => statSync(file).isFile() && !/\.(?:expect\.json|md|pcap|pcapng|gz)$/.test(file));
  } catch {
    return [];
  }
}

/** One to four kinds of damage, one after the other. */
function mutated(bytes) {
  let left = Buffer.from(bytes);
  for (let round = random(4); round >= 0; round -= 1) left = DAMAGE[random(DAMAGE.length)](left);
  return left.subarray(0, LARGEST * 2);
}

const DAMAGE = [
  (bytes) => {
    const copy = Buffer.from(bytes);
    for (let flips = 1 + random(8); flips > 0 && copy.length > 0; flips -= 1)
      copy[random(copy.length)] ^= 1 << random(8);
    return copy;
  },
  (bytes) => bytes.subarray(0, random(bytes.length + 1)),
  (bytes) => bytes.subarray(random(bytes.length + 1)),
  (bytes) => {
    const other = texts[random(texts.length)];
    return Buffer.concat([bytes.subarray(0, random(bytes.length + 1)), other.subarray(random(other.length + 1))]);
  },
  (bytes) => {
    const from = random(bytes.length + 1);
    const piece = bytes.subarray(from, from + random(200));
    return Buffer.concat([bytes.subarray(0, from), ...Array(1 + random(20)).fill(piece), bytes.subarray(from)]);
  },
  (bytes) => {
    const copy = Buffer.from(bytes);
    for (let changes = 1 + random(4); changes > 0 && copy.length > 0; changes -= 1)
      copy[random(copy.length)] = ODD[random(ODD.length)];
    return copy;
  },
];

/** What readers tend to stumble over: quotes, brackets, blanks, control characters, halves of letters. */
const ODD = Buffer.from("\"'[]{}()<>:;,.%$\\/\t\r\n\0\u001b \u00ff\u2028", "utf8");

/** The first address an observation or a hop names that stands nowhere in the text; null: none. */
function inventedIn(evidence, text) {
  const inside = new Set();
  for (const [word] of text.matchAll(/[0-9A-Fa-f:.]{2,45}/g)) for (const part of partsOf(word)) inside.add(part);
  const named = evidence.flatMap(({ observations, paths }) => [
    ...observations.flatMap(({ seen, before }) => [seen.source?.ip, seen.destination?.ip, before?.ip]),
    ...paths.flatMap(({ hops }) => hops.flatMap(({ replies }) => replies.map(({ address }) => address?.ip))),
  ]);
  return named.find((ip) => ip !== null && ip !== undefined && !inside.has(ip)) ?? null;
}

/** Addresses stand among other signs: `10.0.0.1.25`, `::ffff:10.0.0.1`, `10.0.0.1:443`, `fe80::1.25`. */
function partsOf(word) {
  const tries = [word];
  for (let end = word.length; end > 1 && tries.length < 80; end -= 1) tries.push(word.slice(0, end));
  for (let start = 1; start < word.length && tries.length < 160; start += 1) tries.push(word.slice(start));
  for (const match of word.matchAll(/(?:\d{1,3}\.){3}\d{1,3}/g)) tries.push(match[0]);
  return tries.flatMap((one) => parseIp(one) ?? []);
}

const files = places.flatMap(filesIn);
if (files.length === 0) {
  process.stderr.write(`skipped: no text of evidence in ${places.join(", ")}\n`);
  process.exit(1);
}
const texts = files.map((file) => readFileSync(file).subarray(0, LARGEST));
const failures = [];
let slowest = 0;
let named = 0;
const total = Number(count);
for (let done = 0; done < total && failures.length < 20; done += 1) {
  const index = random(texts.length);
  const text = mutated(texts[index]).toString("utf8");
  // Of the processor, not of the clock: what neighbours on the machine take is not the reader's.
  const started = process.cpuUsage();
  try {
    const taken = await takeIn([{ name: "mutated.txt", text, role: "evidence" }], () => null);
    named += taken.evidence.reduce((sum, { observations }) => sum + observations.length, 0);
    const invented = inventedIn(taken.evidence, text);
    if (invented !== null) fail(index, done, `names ${invented}, which the input does not hold`);
  } catch (error) {
    fail(index, done, error instanceof Error ? error.stack : String(error));
  }
  const used = process.cpuUsage(started);
  const took = (used.user + used.system) / 1000;
  slowest = Math.max(slowest, took);
  if (took > SLOW_MS) fail(index, done, `took ${Math.round(took)} ms`);
  if (process.stderr.isTTY && done % 1000 === 0) process.stderr.write(`\r${done} of ${total}`);
}
if (process.stderr.isTTY) process.stderr.write("\r\u001b[K");
for (const failure of failures) process.stdout.write(`${failure}\n`);
process.stdout.write(
  `${total} mutations of ${files.length} files: ${named} observations, ${failures.length} failures, slowest ${Math.round(slowest)} ms\n`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
