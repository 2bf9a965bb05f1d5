import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { median, rounded } from "./statistics.mjs";

const SEENAS = fileURLToPath(new URL("../packages/cli/bin/seenas.js", import.meta.url));
const CLIENT = fileURLToPath(new URL("witness-client.mjs", import.meta.url));
const TICK_MS = 10;

/** A server on the first core, so that the callers on the second take nothing from it. */
const pinned = (core, words) => (cpus().length > 1 ? ["taskset", "-c", String(core), ...words] : words);

/** A connection is a file to the system; where that may not be raised, fewer are held. */
const MORE_FILES = 'ulimit -n 65536 2>/dev/null; exec "$@"';
const filesOf = (pid) =>
  Number(/^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, "latin1"))?.[1] ?? 0);

const started = new Set();
process.on("exit", () => {
  for (const child of started) child.kill("SIGKILL");
});

function start(words, folder, stdio = ["ignore", "pipe", "inherit"]) {
  const [command, ...rest] = pinned(0, ["sh", "-c", MORE_FILES, "sh", ...words]);
  return keep(spawn(command, rest, { cwd: folder, stdio }));
}

/** Whatever goes wrong, nothing stays behind. */
function keep(child) {
  started.add(child);
  child.once("close", () => started.delete(child));
  return child;
}

/** Time that all threads of a process took, user and system, in microseconds. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS * 1000;
}

const residentOf = (pid) =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? 0) * 1024;

async function call(port, count, says, concurrent = 32) {
  const [command, ...rest] = pinned(1, [process.execPath, CLIENT, port, count, concurrent, says].map(String));
  const child = spawn(command, rest, { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  for await (const bytes of child.stdout) out += bytes;
  return JSON.parse(out);
}

async function startWitness(folder, more = []) {
  const child = start(
    [
      process.execPath,
      SEENAS,
      "witness",
      "--listen",
      "tcp:127.0.0.1:0",
      "--listen",
      "smtp:127.0.0.1:0",
      "--json",
      "--quiet",
      ...more,
    ],
    folder,
  );
  const [first] = await child.stdout[Symbol.asyncIterator]()
    .next()
    .then(({ value }) => [String(value)]);
  const { listeners } = JSON.parse(first);
  const portOf = (kind) => listeners.find((one) => one.as === kind).port;
  return { child, tcp: portOf("tcp"), smtp: portOf("smtp"), log: join(folder, "seenas-witness.jsonl") };
}

async function stop({ child }) {
  const ended = new Promise((resolve) => child.once("close", resolve));
  child.kill("SIGTERM");
  await ended;
}

const withFolder = async (work) => {
  const folder = mkdtempSync(join(tmpdir(), "seenas-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const missing = (name, unit, what) => [{ name, value: null, unit, against: null, ratio: null, runs: 0, missing: what }];

/** What nginx's stream module needs to say who calls, and nothing more. https://nginx.org/en/docs/stream/ngx_stream_return_module.html */
const nginxConf = (folder, port) => `
daemon off;
master_process off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
include /etc/nginx/modules-enabled/*stream*.conf;
events { worker_connections 4096; }
stream { server { listen 127.0.0.1:${port} backlog=4096; return "$remote_addr\\n"; } }
`;

async function startNginx(folder, port) {
  writeFileSync(join(folder, "nginx.conf"), nginxConf(folder, port));
  const child = start(["nginx", "-p", "/usr/share/nginx", "-c", join(folder, "nginx.conf")], folder, [
    "ignore",
    "ignore",
    "inherit",
  ]);
  for (let wait = 0; wait < 50; wait += 1) {
    const isThere = await new Promise((resolve) => {
      const socket = connect({ port, host: "127.0.0.1" }, () => resolve(true));
      socket.on("error", () => resolve(false));
      socket.on("data", () => socket.destroy());
    });
    if (isThere) return { child };
    await sleep(100);
  }
  throw new Error("nginx does not listen");
}

const CALLS = 8000;
const PAIRS = 9;
const WARM_UP = 4;

/** Server CPU for one caller who is told his address, and whose line is safe on the disk; nginx tells, and keeps nothing. */
export async function cpuAgainstNginx(name) {
  if (process.platform !== "linux") return missing(name, "us", "Linux");
  if (spawnSync("nginx", ["-v"]).status !== 0) return missing(name, "us", "nginx (nginx-light, libnginx-mod-stream)");
  return withFolder(async (folder) => {
    const port = 20_000 + (process.pid % 10_000);
    const nginx = await startNginx(folder, port);
    const witness = await startWitness(folder);
    const each = async (pid, to, says) => {
      const before = cpuOf(pid);
      const { answered } = await call(to, CALLS, says);
      if (answered !== CALLS) throw new Error(`${says}: ${answered} of ${CALLS} answered`);
      return (cpuOf(pid) - before) / CALLS;
    };
    const ours = [];
    const ratios = [];
    // Compiling and caches are not what is measured; what runs once for many callers is compiled late.
    for (let round = 0; round < WARM_UP; round += 1) await each(witness.child.pid, witness.tcp, "mark");
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const theirs = await each(nginx.child.pid, port, "nothing");
      const own = await each(witness.child.pid, witness.tcp, "mark");
      ours.push(own);
      ratios.push(own / theirs);
    }
    await stop(witness);
    nginx.child.kill("SIGTERM");
    return [
      {
        name,
        value: rounded(median(ours), 1),
        unit: "us",
        against: "nginx stream",
        ratio: rounded(median(ratios), 2),
        runs: PAIRS,
      },
    ];
  });
}

const IDLE = 20_000;

/** Memory for one mail client that connected and says nothing, with 20,000 of them; and somebody else is served meanwhile. */
export async function idleBytes(name) {
  if (process.platform !== "linux") return missing(name, "B", "Linux");
  return withFolder(async (folder) => {
    const witness = await startWitness(folder, ["--per-source", "5000", "--patience", "600"]);
    await call(witness.tcp, 2000, "mark");
    const before = residentOf(witness.child.pid);
    const holders = [];
    const each = Math.floor(Math.min(IDLE, filesOf(witness.child.pid) - 500) / 8);
    for (let at = 0; at < 8; at += 1) holders.push(await hold(witness.smtp, each, at + 1));
    const held = residentOf(witness.child.pid) - before;
    const { answered } = await call(witness.tcp, 200, "mark");
    for (const holder of holders) holder.kill("SIGKILL");
    await stop(witness);
    if (answered !== 200) throw new Error(`while ${IDLE} were idle, ${answered} of 200 were served`);
    return [
      { name, value: Math.round(held / (each * 8)), unit: "B", against: null, ratio: null, runs: 1, idle: each * 8 },
    ];
  });
}

const HOLDER = `
const { connect } = require("node:net");
const [port, count, source] = process.argv.slice(1).map(Number);
let open = 0;
const one = () => connect({ port, host: "127.0.0.1", localAddress: "127.0.2." + source }).on("error", () => process.exit(1)).once("data", () => {
  open += 1;
  if (open === count) console.log("held");
  else if (open + 63 < count + 64 && begun < count) begin();
});
let begun = 0;
const begin = () => { begun += 1; one(); };
for (let at = 0; at < 64; at += 1) begin();
`;

async function hold(port, count, source) {
  const child = keep(
    spawn(process.execPath, ["-e", HOLDER, String(port), String(count), String(source)], {
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  await new Promise((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", (status) => reject(new Error(`only some were held: ${status}`)));
  });
  return child;
}

const RECORDS = 150_000;

/** Connections a second, each answered when its line is safe; every receipt's number is in the log, once. */
export async function records(name) {
  return withFolder(async (folder) => {
    const witness = await startWitness(folder);
    const begun = performance.now();
    const { answered, receipts } = await call(witness.tcp, RECORDS, "mark", 64);
    const seconds = (performance.now() - begun) / 1000;
    await stop(witness);
    const lines = readFileSync(witness.log, "latin1").trimEnd().split("\n");
    const numbers = new Set(lines.map((line) => JSON.parse(line).n));
    const isWhole =
      answered === RECORDS && receipts === RECORDS && lines.length === RECORDS && numbers.size === RECORDS;
    if (!isWhole) throw new Error(`answered ${answered}, receipts ${receipts}, lines ${lines.length}, of ${RECORDS}`);
    return [{ name, value: Math.round(RECORDS / seconds), unit: "1/s", against: null, ratio: null, runs: 1, lost: 0 }];
  });
}
