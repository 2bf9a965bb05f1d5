import { spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { rounded } from "./statistics.mjs";

const SEENAS = fileURLToPath(new URL("../packages/cli/bin/seenas.js", import.meta.url));
const SEED = 20241220;
const WANTED_BYTES = 1e9;
const SPARE = 3;
const RUNS = 5;
const CLIENTS = 5000;

const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

/** A client that stands in one line of the whole log: whoever skips lines must not skip that one. */
const RARE = "203.0.113.7";

/**
 * `seenas read` of a server's log in memory, the whole process on one core. `rateMBs` counts the processor's time, which
 * neighbours on the machine change less; `rssMB` is the largest the process was.
 */
export function logRate(name, kind) {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "seenas-bench-"));
  try {
    const file = join(folder, "bench.log");
    const { bavail, bsize } = statfsSync(folder);
    const bytes = writeLog(file, LINES[kind], Math.min(WANTED_BYTES, Math.floor((bavail * bsize) / SPARE)));
    const runs = Array.from({ length: RUNS }, () => readOnce(file));
    const middle = (of) => runs.map(of).sort((a, b) => a - b)[Math.floor(RUNS / 2)];
    const wall = middle(({ seconds }) => bytes / 1e6 / seconds);
    return [
      {
        name,
        value: rounded(wall, 3),
        unit: "MB/s",
        against: null,
        ratio: null,
        runs: RUNS,
        bytes,
        perProcessorSecond: rounded(
          middle(({ processor }) => bytes / 1e6 / processor),
          3,
        ),
        clients: runs[0].clients,
        rssMB: Math.round(middle(({ rssMB }) => rssMB)),
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const REPORT = `process.on("exit",()=>{const u=process.resourceUsage();process.stderr.write("used "+(u.userCPUTime+u.systemCPUTime)/1e6+" "+u.maxRSS/1e3)})`;

function readOnce(file) {
  const start = process.hrtime.bigint();
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ["--import", `data:text/javascript,${encodeURIComponent(REPORT)}`, SEENAS, "read", file, "--json"],
    { env, encoding: "utf8", maxBuffer: 2 ** 30 },
  );
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 0) throw new Error(`seenas read failed: ${stderr}`);
  const sources = new Set(JSON.parse(stdout).files[0].observations.map(({ seen }) => seen.source));
  if (!sources.has(RARE)) throw new Error(`${RARE} stands in one line and was not read`);
  const [, processor, rssMB] = /used (\S+) (\S+)/.exec(stderr) ?? [];
  return { seconds, processor: Number(processor), rssMB: Number(rssMB), clients: sources.size };
}

let state = SEED;
function random(below) {
  state = (state + 0x6d2b79f5) >>> 0;
  let mixed = Math.imul(state ^ (state >>> 15), state | 1);
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
  return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below);
}

const two = (value) => String(value).padStart(2, "0");
const clock = (at) => `${two(Math.floor(at / 3600) % 24)}:${two(Math.floor(at / 60) % 60)}:${two(at % 60)}`;
const client = (number) => `198.51.${100 + Math.floor(number / 250)}.${number % 250}`;

const LINES = {
  mail: (at, address) => {
    const head = `Dec 20 ${clock(at)} mx1 postfix/smtpd[${1000 + random(60_000)}]: `;
    const peer = `host-${random(CLIENTS)}.client.example[${address}]`;
    const told = random(4);
    if (told === 0) return `${head}connect from ${peer}`;
    if (told === 1)
      return `${head}${random(2 ** 32)
        .toString(16)
        .toUpperCase()}: client=${peer}`;
    if (told === 2)
      return `${head}NOQUEUE: reject: RCPT from ${peer}: 554 5.7.1 <a@b.example>: Relay access denied; from=<c@d.example> to=<a@b.example> proto=ESMTP helo=<mail.d.example>`;
    return `${head}disconnect from ${peer} ehlo=1 mail=1 rcpt=1 data=1 quit=1 commands=5`;
  },
  web: (at, address) =>
    `${address} - - [20/Dec/2024:${clock(at)} +0000] "GET /a/${random(1000)}?q=${random(1e6)} HTTP/1.1" 200 ${random(50_000)} "https://web.example/" "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/12${random(9)}.0.0.0 Safari/537.36"`,
};

/** @returns bytes written; a block of lines again and again, since making each takes longer than reading it */
function writeLog(file, line, wanted) {
  const descriptor = openSync(file, "w");
  const lines = Array.from({ length: 100_000 }, (_unused, at) => line(at, client(random(CLIENTS))));
  const block = `${lines.join("\n")}\n`;
  let bytes = 0;
  while (bytes < wanted) {
    bytes += writeSync(descriptor, block);
    if (bytes < wanted && bytes + block.length >= wanted / 2 && bytes < wanted / 2 + block.length)
      bytes += writeSync(descriptor, `${line(0, RARE)}\n`);
  }
  closeSync(descriptor);
  return bytes;
}
