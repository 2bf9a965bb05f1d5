import { execFileSync, spawn } from "node:child_process";
import { mkdirSync } from "node:fs";

const INSIDE = "SEENAS_LAB_INSIDE";

export const isInside = (): boolean => process.env[INSIDE] === "1";

/**
 * Runs this command again inside mount, network and process namespaces of its own. When that process ends, however it
 * ends, the kernel ends what it started and frees what it made: there is nothing to clean up, and nothing to collide with.
 */
export function runInside(argv: readonly string[]): Promise<number> {
  const program = [process.execPath, process.argv[1] ?? "", "lab", ...argv];
  const child = spawn("setpriv", ["--pdeathsig", "KILL", "unshare", ...ISOLATION, ...program], {
    stdio: "inherit",
    env: { ...process.env, [INSIDE]: "1" },
  });
  const stop = (): void => void child.kill("SIGKILL");
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, stop);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => resolve(status ?? 130));
  });
}

const ISOLATION = [
  "--mount",
  "--net",
  "--pid",
  "--uts",
  "--ipc",
  "--fork",
  "--kill-child",
  "--mount-proc",
  "--propagation",
  "private",
];

/** What is missing to make namespaces and rulesets here; empty: nothing. */
export function missingHere(): readonly string[] {
  const missing = ["ip", "nft", "unshare", "setpriv", "nsenter"].filter(
    (tool) => !works("sh", ["-c", `command -v ${tool}`]),
  );
  if (missing.length > 0) return missing;
  return works("unshare", [...ISOLATION.slice(0, 3), "--fork", "true"]) ? [] : ["namespaces"];
}

function works(command: string, words: readonly string[]): boolean {
  try {
    execFileSync(command, words, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

/** Names of namespaces that no other program sees. Refuses to go on where it is not alone. */
export function settleInside(): void {
  execFileSync("mount", ["-t", "tmpfs", "tmpfs", "/run"]);
  const links = execFileSync("ip", ["-o", "link"], { encoding: "utf8" }).trim().split("\n");
  if (links.length !== 1 || !links[0]?.includes(" lo:")) throw new Error(`not alone: ${links.length} links`);
  mkdirSync("/run/netns", { recursive: true });
}
