import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** @returns why the builds are not of the source as it stands; undefined when they are. */
export function isStale() {
  const core = newest(`${root}packages/core/src`);
  const commands = Math.max(core, newest(`${root}packages/cli/src`));
  const page = Math.max(core, newest(`${root}packages/web/src`));
  for (const [built, source] of [
    ["packages/core/dist/index.js", commands],
    ["packages/cli/dist/main.cjs", commands],
    ["packages/cli/dist/page/seenas.html", page],
  ]) {
    if (!existsSync(root + built)) return `${built} is missing`;
    if (statSync(root + built).mtimeMs < source) return `${built} is older than the source`;
  }
  return undefined;
}

function newest(folder) {
  const times = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(?:tsx?|css)$/.test(name) && !name.endsWith(".test.ts"))
    .map((name) => statSync(`${folder}/${name}`).mtimeMs);
  return Math.max(0, ...times);
}
