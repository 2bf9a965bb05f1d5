import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const SEENAS = fileURLToPath(new URL("../packages/cli/bin/seenas.js", import.meta.url));

/** Networks that are built, sent through and compared, a minute. */
export function labRate(name, args) {
  const { status, stdout } = spawnSync(process.execPath, [SEENAS, "lab", ...args, "--lang", "en"], {
    encoding: "utf8",
  });
  const rate = /(\d+) a minute/.exec(stdout)?.[1];
  const figure = {
    name,
    value: rate === undefined ? null : Number(rate),
    unit: "1/min",
    against: null,
    ratio: null,
    runs: 1,
  };
  if (rate === undefined)
    return [{ ...figure, runs: 0, missing: status === 3 ? "root, namespaces or nftables" : `status ${status}` }];
  return [figure];
}
