import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));

/** @returns why the builds are not of the source as it stands; undefined when they are. */
export function isStale() {
  const source = Math.max(newest(`${root}packages/core/src`), newest(`${root}packages/cli/src`));
  for (const built of ["packages/core/dist/index.js", "packages/cli/dist/main.cjs"]) {
    if (!existsSync(root + built)) return `${built} is missing`;
    if (statSync(root + built).mtimeMs < source) return `${built} is older than the source`;
  }
  return undefined;
}

function newest(folder) {
  const times = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
    .map((name) => statSync(`${folder}/${name}`).mtimeMs);
  return Math.max(0, ...times);
}
