import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeCapture } from "./capture-file.mjs";
import { paired, rounded } from "./statistics.mjs";

const SEENAS = fileURLToPath(new URL("../packages/cli/bin/seenas.js", import.meta.url));
const SEED = 20241220;
const WANTED_BYTES = 1e9;
/** Both formats, and room for everything else on the machine. */
const SPARE = 4;

// Node 20 reads these certificates before anything else, which takes longer than a small capture.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

/** What each peer is run as; slow ones fewer times. */
const PEERS = {
  capinfos: { args: ["-c"], runs: 11, pipe: true },
  tcpdump: { args: ["-nnq", "-r"], runs: 3, pipe: false },
  tshark: {
    args: ["-n", "-T", "fields", "-e", "ip.src", "-e", "ip.dst", "-e", "tcp.dstport", "-r"],
    runs: 1,
    pipe: false,
  },
};

/**
 * `seenas read` of a capture in memory: every distinct (source, destination, port) with what it proves, from a file and
 * from a pipe, beside a peer that reads the same bytes. Whole processes; `rssMB` is ours at its largest.
 */
export function captures(name, peer) {
  const { args, runs, pipe } = PEERS[peer];
  if (spawnSync(peer, ["--version"], { stdio: "ignore" }).error !== undefined)
    return [{ name, value: null, unit: "s", against: peer, ratio: null, runs: 0, missing: peer }];
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "seenas-bench-"));
  try {
    return ["pcap", "pcapng"].flatMap((format) => {
      const bytes = roomIn(folder, WANTED_BYTES);
      const file = join(folder, `bench.${format}`);
      const packets = writeCapture(file, { bytes, seed: SEED, format });
      const about = { name, format, bytes, packets, wanted: WANTED_BYTES };
      const against = `${peer} ${args.join(" ")}`;
      const lines = [figure({ ...about, from: "file" }, ours(file), theirs(peer, [...args, file]), against, runs)];
      if (pipe)
        lines.push(
          figure({ ...about, from: "pipe" }, ours("-", file), theirs(peer, [...args, "-"], file), against, runs),
        );
      rmSync(file);
      return lines;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function roomIn(folder, wanted) {
  const { bavail, bsize } = statfsSync(folder);
  return Math.min(wanted, Math.floor((bavail * bsize) / SPARE));
}

function figure(about, mine, peer, against, runs) {
  // Once, so that both are read from memory; not of a peer that takes a minute.
  if (runs > 1) peer();
  const { distinct, rssMB } = mine.look();
  const { value, ratio } = paired(mine.time, peer, runs);
  return { ...about, value: rounded(value, 3), unit: "s", against, ratio: rounded(ratio, 3), runs, distinct, rssMB };
}

const REPORT = `process.on("exit",()=>process.stderr.write("rss "+process.resourceUsage().maxRSS))`;

function ours(file, piped = null) {
  const read = ["read", file, "--json"];
  return {
    time: timer(process.execPath, [SEENAS, ...read], piped),
    look: () => {
      const args = ["--import", `data:text/javascript,${encodeURIComponent(REPORT)}`, SEENAS, ...read];
      const { stdout, stderr } = run(process.execPath, args, piped, "pipe");
      const distinct = JSON.parse(stdout).files[0].observations.length;
      return { distinct, rssMB: Math.round(Number(/rss (\d+)/.exec(stderr)?.[1]) / 1000) };
    },
  };
}

const theirs = (peer, args, piped = null) => timer(peer, args, piped);

const timer = (command, args, piped) => () => {
  const start = process.hrtime.bigint();
  run(command, args, piped, "ignore");
  return Number(process.hrtime.bigint() - start) / 1e9;
};

/** @param piped a file that `cat` writes to standard input */
function run(command, args, piped, stdout) {
  const options = { env, encoding: "utf8", maxBuffer: 2 ** 30, stdio: ["ignore", stdout, "pipe"] };
  const result =
    piped === null
      ? spawnSync(command, args, options)
      : spawnSync("sh", ["-c", 'file=$1; shift; cat "$file" | "$@"', "sh", piped, command, ...args], options);
  if (result.error !== undefined || result.status !== 0)
    throw new Error(`${[command, ...args].join(" ")} failed: ${result.error ?? result.stderr}`);
  return result;
}
