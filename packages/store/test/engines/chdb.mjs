// The modern engine as a child process, so that what it does to memory and signals stays its own.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Why it cannot be started here; null: it can. */
export const missingForChdb = () =>
  existsSync(new URL("../chdb/node_modules/chdb/package.json", import.meta.url))
    ? null
    : "not installed: chdb (npm install --no-save --prefix packages/store/test/chdb)";

export async function startChdb() {
  const child = spawn(process.execPath, [fileURLToPath(new URL("chdb-server.mjs", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const port = await new Promise((resolve, reject) => {
    child.stdout.once("data", (data) => resolve(Number(data)));
    child.once("exit", (status) => reject(new Error(`the engine ended with ${status}`)));
  });
  return {
    url: (database = "seenas") => `clickhouse://127.0.0.1:${port}/${database}`,
    stop: () =>
      new Promise((resolve) => {
        child.once("exit", resolve);
        child.stdin.end();
      }),
  };
}
