// One file that runs by itself where nothing can be installed: dist/seenas.mjs, for any Node that the package runs on.
import { chmodSync, existsSync, readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const read = (relative) => readFileSync(path(relative), "utf8");

/** By the path that the program asks for; the page as soon as it is built. */
const carried = Object.fromEntries(
  ["cases.json", "page/seenas.html"]
    .filter((name) => existsSync(path(`packages/cli/dist/${name}`)))
    .map((name) => [name, read(`packages/cli/dist/${name}`)]),
);

const { version } = JSON.parse(read("packages/cli/package.json"));

await build({
  configFile: false,
  logLevel: "warn",
  root: path("packages/cli"),
  resolve: {
    alias: {
      "@seenas/core/address": path("packages/core/src/address/door.ts"),
      "@seenas/core": path("packages/core/src/index.ts"),
    },
  },
  define: { __SEENAS_VERSION__: JSON.stringify(version), __SEENAS_CARRIED__: JSON.stringify(carried) },
  ssr: { noExternal: true },
  build: {
    ssr: path("scripts/single-file-entry.mjs"),
    outDir: path("dist"),
    emptyOutDir: true,
    target: "node20",
    minify: true,
    rolldownOptions: {
      output: {
        format: "es",
        entryFileNames: "seenas.mjs",
        codeSplitting: false,
        banner: "#!/usr/bin/env node",
      },
    },
  },
});
const file = path("dist/seenas.mjs");
chmodSync(file, 0o755);
if (statSync(file).size < 500_000) throw new Error(`${file} is too small to hold everything`);
