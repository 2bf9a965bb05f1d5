import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { paired, rounded } from "./statistics.mjs";

const SEENAS = fileURLToPath(new URL("../packages/cli/bin/seenas.js", import.meta.url));

// Node 20 reads these certificates before anything else, which takes longer than all of what is measured.
const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;

/** Whole processes, from start to exit, beside `node -e 0` and beside a cloud's own command line. */
export function coldStart(name, args) {
  const ours = timer(process.execPath, [SEENAS, ...args]);
  const lines = [figure(name, ours, timer(process.execPath, ["-e", "0"]), "node -e 0", 25)];
  const isThere = spawnSync("gcloud", ["version"], { env, stdio: "ignore" }).status === 0;
  if (isThere) lines.push(figure(name, ours, timer("gcloud", ["version"]), "gcloud version", 5));
  else
    lines.push({ name, value: null, unit: "ms", against: "gcloud version", ratio: null, runs: 0, missing: "gcloud" });
  return lines;
}

function figure(name, ours, theirs, against, runs) {
  // Once each, so that both are read from memory.
  theirs();
  ours();
  const { value, ratio } = paired(ours, theirs, runs);
  return { name, value: rounded(value, 1), unit: "ms", against, ratio: rounded(ratio, 3), runs };
}

const timer = (command, args) => () => {
  const start = process.hrtime.bigint();
  const { status, stderr, error } = spawnSync(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  const took = Number(process.hrtime.bigint() - start) / 1e6;
  if (error !== undefined || status === 1 || status === 2 || status === null)
    throw new Error(`${[command, ...args].join(" ")} failed: ${error ?? stderr}`);
  return took;
};
