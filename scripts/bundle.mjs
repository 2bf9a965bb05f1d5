// One file that runs by itself: the command line with the engine and every library in it. Then V8's compiled form of
// what an `explain` uses, so that a cold start need not compile it.
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const program = path("packages/cli/dist/main.cjs");

await build({
  configFile: false,
  logLevel: "warn",
  root: path("packages/cli"),
  resolve: { alias: { "@seenas/core": path("packages/core/src/index.ts") } },
  ssr: { noExternal: true },
  build: {
    ssr: path("packages/cli/src/main.ts"),
    outDir: path("packages/cli/dist"),
    emptyOutDir: true,
    target: "node20",
    minify: true,
    // One file, and not ESM: each module that Node's ESM loader resolves costs more than reading all of them at once.
    rolldownOptions: { output: { format: "cjs", entryFileNames: "main.cjs", codeSplitting: false } },
  },
});
// `--example` reads it beside the program, in a checkout and in the package alike.
rmSync(path("packages/cli/example"), { recursive: true, force: true });
for (const part of ["export", "evidence"])
  cpSync(path(`examples/gcp-mail-config-and-evidence/${part}`), path(`packages/cli/example/${part}`), {
    recursive: true,
  });
writeFileSync(program, inAscii(readFileSync(program, "utf8")));
execFileSync(process.execPath, [path("scripts/code-cache.mjs"), program], { stdio: ["ignore", "ignore", "inherit"] });

/** V8 keeps a text with one letter beyond Latin-1 as two bytes a letter, and reads it half as fast. */
function inAscii(code) {
  return code.replace(/(\\*)([^\p{ASCII}])/gu, (_, backslashes, letter) => {
    if (backslashes.length % 2 === 1) throw new Error(`an escaped ${letter} cannot be rewritten`);
    const units = Array.from({ length: letter.length }, (_, index) => letter.charCodeAt(index));
    return backslashes + units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}
