// One measurement in a process of its own, told on standard output as JSON: `map FILE`, `diff BEFORE AFTER`, `parse FILE`
// or `probes FILE COMPANY COUNT`.
import { closeSync, openSync, readFileSync, readSync, statSync } from "node:fs";
import { setFlagsFromString } from "node:v8";
import { diffOf, mapEstate, openList, takeIn } from "@seenas/core";
import { answersOf } from "./answers.mjs";
import { company } from "./company.mjs";
import { randomNumbers } from "./estate.mjs";
import { oracleOf, wrongProbes } from "./oracle.mjs";

// What the command sets before it reads a long list (packages/cli/src/files/compile-late.ts), and while it does.
const flags = JSON.parse(readFileSync(new URL("../packages/cli/src/files/compile-late.json", import.meta.url), "utf8"));
const flag = flags[Number.parseInt(process.versions.v8, 10)];
if (flag !== undefined) setFlagsFromString(flag);
const LARGE_BYTES = 500_000_000;
const growBy = (percent) => flag !== undefined && setFlagsFromString(`--heap-growing-percent=${percent}`);

const PIECE_BYTES = 2 ** 20;
const LINE_END = 10;
const seconds = (from) => (performance.now() - from) / 1000;

/** What this thread has computed, in seconds, which a busy machine hardly changes; zero where the system does not tell. */
function ownCpu() {
  try {
    return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e9;
  } catch {
    return 0;
  }
}

/** Whole lines of an ASCII file, one piece after the other. */
function* piecesOf(file) {
  const descriptor = openSync(file, "r");
  const memory = Buffer.alloc(2 * PIECE_BYTES);
  let filled = 0;
  for (;;) {
    const length = readSync(descriptor, memory, filled, PIECE_BYTES);
    const all = filled + length;
    const end = length === 0 ? all : memory.lastIndexOf(LINE_END, all - 1) + 1;
    if (end > 0) yield memory.subarray(0, end);
    if (length === 0) break;
    memory.copyWithin(0, end, all);
    filled = all - end;
  }
  closeSync(descriptor);
}

function textsOf(bytes) {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return (from, to) => buffer.latin1Slice(from, to);
}

async function mapped(file) {
  const start = performance.now();
  const { estate, read } = await readFrom(file, start);
  const compiled = seconds(start);
  const before = ownCpu();
  const map = mapEstate(estate, { spoiled: false });
  const all = seconds(start);
  return { map, read, compile: compiled - read, partition: all - compiled, cpu: ownCpu() - before, seconds: all };
}

/** As in the command, nothing of the export is kept but what was made of it. */
async function readFrom(file, start) {
  let list = null;
  if (statSync(file).size < LARGE_BYTES) growBy(400);
  for (const piece of piecesOf(file)) {
    list ??= await openList(piece.latin1Slice(0, 4096), file, textsOf);
    list.push(piece);
  }
  const documents = list.end();
  growBy(0);
  if (documents === null) throw new Error(`${file} was not read as a list`);
  const read = seconds(start);
  const { estate } = await takeIn([{ name: file, role: "config", documents }], () => null);
  return { estate, read };
}

async function told(mode, files) {
  if (mode === "parse") {
    const start = performance.now();
    let parsed = 0;
    for (const piece of piecesOf(files[0]))
      for (const line of piece.latin1Slice().split("\n"))
        if (line.startsWith("{"))
          parsed += Object.keys(JSON.parse(line.endsWith(",") ? line.slice(0, -1) : line)).length;
    return { seconds: seconds(start), parsed };
  }
  if (mode === "probes") return await probed(...files);
  const before = await mapped(files[0]);
  const { map, ...times } = before;
  const about = { ...times, computed: map.computed, classes: map.classes, interfaces: map.interfaces.length };
  if (mode === "map") return { ...about, rssMB: process.resourceUsage().maxRSS / 1000 };
  const after = await mapped(files[1]);
  const start = performance.now();
  let pieces = 0;
  for (const _ of diffOf(map, after.map, null)) pieces += 1;
  return { ...about, maps: before.seconds + after.seconds, diff: seconds(start), pieces };
}

/** @param options of the company that the file holds, as JSON */
async function probed(file, options, count) {
  const { map } = await mapped(file);
  const { seed, ...shape } = JSON.parse(options);
  const oracle = oracleOf(company({ seed, ...shape }));
  const wrong = [...wrongProbes(oracle, answersOf(map), randomNumbers(seed), Number(count))];
  return { wrong: wrong.length, examples: wrong.slice(0, 5) };
}

const [mode, ...files] = process.argv.slice(2);
process.stdout.write(JSON.stringify(await told(mode, files)));
