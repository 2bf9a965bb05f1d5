// One folder that runs by itself: the command line with the engine and every library in it, cut where a command or a
// cloud is loaded on demand. Then V8's compiled form of what an `explain` uses, so that a cold start need not compile it.
import { execFileSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { readScenarios } from "./docs/case-files.mjs";

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const dist = path("packages/cli/dist");

await build({
  configFile: false,
  logLevel: "warn",
  root: path("packages/cli"),
  resolve: {
    alias: {
      "@seenas/core/address": path("packages/core/src/address/door.ts"),
      "@seenas/core": path("packages/core/src/index.ts"),
      "@seenas/store/sql": path("packages/store/src/sql/index.ts"),
    },
  },
  ssr: { noExternal: true },
  build: {
    ssr: path("packages/cli/src/main.ts"),
    outDir: dist,
    emptyOutDir: true,
    target: "node20",
    minify: true,
    // Not ESM, and few files: each that is loaded costs more than reading all of them at once. What most answers do not
    // need, and is large, stands by itself.
    rolldownOptions: {
      output: {
        format: "cjs",
        entryFileNames: "main.cjs",
        chunkFileNames: "[name].cjs",
        codeSplitting: {
          // What they share with the rest stays there.
          includeDependenciesRecursively: false,
          groups: [
            { name: "usage", test: /cli\/src\/commands\/(?:[a-z]+-)?usage\.ts/, priority: 3 },
            { name: "terraform", test: /clouds\/terraform\/(?!recognise)/, priority: 2 },
            { name: "azure", test: /clouds\/azure\/(?!recognise)/, priority: 2 },
            { name: "gcp-workloads", test: /clouds\/gcp\/workloads\//, priority: 2 },
            { name: "capture", test: /evidence\/capture\/(?!magic)|tcpdump\/payload/, priority: 2 },
            { name: "evidence", test: /evidence\/on-demand\//, priority: 2 },
            { name: "long-log", test: /evidence\/long\/|capture\/hash-table/, priority: 3 },
            {
              name: "long-list",
              test: /long-list|documents\/(?:list-reader|alike|moulds|branch|former|formed)|clouds\/reduce|gcp\/read\/reduce/,
              priority: 3,
            },
            { name: "aws", test: /clouds\/aws\/(?!recognise)/, priority: 2 },
            { name: "guest", test: /src\/guests\//, priority: 2 },
            {
              name: "map",
              test: /core\/src\/map\/|output\/(?:map-|diff-|alike)|address\/(?:step-function|largest)|commands\/(?:map|diff|estates)\.ts/,
              priority: 2,
            },
            {
              name: "allow",
              test: /core\/src\/(?:output\/)?allow\/|address\/merge|commands\/(?:allow|flows)\.ts/,
              priority: 2,
            },
            {
              name: "archive",
              test: /core\/src\/files\/(?:archive(?!-limits)|gunzip|unpack|tar|zip)|cli\/src\/files\/gunzip|node_modules\/fflate\//,
              priority: 2,
            },
            { name: "collect", test: /cli\/src\/(?:collect\/|commands\/collect\.ts)/, priority: 2 },
            {
              name: "serve",
              test: /cli\/src\/serve\/|commands\/serve\.ts|node_modules\/(?:hono|@hono)\//,
              priority: 2,
            },
            { name: "lab", test: /cli\/src\/lab\/|commands\/lab\.ts|core\/src\/scenario\//, priority: 2 },
            {
              name: "hello",
              test: /core\/src\/witness\/|on-demand\/marks/,
              priority: 3,
            },
            // Node sets up OpenSSL for it, which no capture needs.
            { name: "crypto", test: /cli\/src\/witness\/crypto/, priority: 3 },
            { name: "probe", test: /cli\/src\/(?:probe\/|commands\/probe\.ts)/, priority: 2 },
            { name: "witness", test: /cli\/src\/(?:witness\/|commands\/witness\.ts)/, priority: 2 },
            { name: "logs", test: /cli\/src\/(?:logs\/|commands\/logs\.ts)|store\/src\//, priority: 2 },
            { name: "yaml", test: /node_modules\/yaml\/|documents\/yaml/, priority: 2 },
            { name: "program", test: /./, priority: 1 },
          ],
        },
      },
    },
  },
});
// `--example` reads it beside the program, in a checkout and in the package alike.
rmSync(path("packages/cli/example"), { recursive: true, force: true });
for (const part of ["export", "evidence"])
  cpSync(path(`examples/gcp-mail-config-and-evidence/${part}`), path(`packages/cli/example/${part}`), {
    recursive: true,
  });
for (const file of readdirSync(dist)) {
  const code = inAscii(readFileSync(join(dist, file), "utf8"));
  // bin/load.js compiles a file as a script; one that V8 takes from its cache cannot `import`.
  if (/\bimport\(/.test(code)) throw new Error(`${file} imports at run time; use process.getBuiltinModule`);
  writeFileSync(join(dist, file), code);
}
// `rules ID` names the cases that hold a rule.
const titles = [...readScenarios().values()].map(({ id, title }) => [id, title]);
writeFileSync(join(dist, "cases.json"), JSON.stringify(Object.fromEntries(titles)));
execFileSync(process.execPath, [path("scripts/code-cache.mjs"), dist], { stdio: ["ignore", "ignore", "inherit"] });

/** V8 keeps a text with one letter beyond Latin-1 as two bytes a letter, and reads it half as fast. */
function inAscii(code) {
  return code.replace(/(\\*)([^\p{ASCII}])/gu, (_, backslashes, letter) => {
    if (backslashes.length % 2 === 1) throw new Error(`an escaped ${letter} cannot be rewritten`);
    const units = Array.from({ length: letter.length }, (_, index) => letter.charCodeAt(index));
    return backslashes + units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
  });
}
