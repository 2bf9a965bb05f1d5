// What works by vectors and on bits: packages/*/wasm/, each compiled into a module that holds its bytes.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const path = (from) => fileURLToPath(new URL(`../packages/${from}`, import.meta.url));

/** A source, and the module that holds it. */
const MODULES = {
  scan: { name: "SCAN_MODULE", in: "store", file: path("store/src/read/scan-module.ts"), pages: 160 },
  pack: { name: "PACK_MODULE", in: "store", file: path("store/src/pack-module.ts"), pages: 16 },
  walk: { name: "WALK_MODULE", in: "core", file: path("core/src/evidence/capture/walk-module.ts"), pages: 1536 },
};

/** The text of the module that belongs to the source as it stands. */
export async function moduleOf(source) {
  const { name, in: owner, pages } = MODULES[source];
  const options = ["--outFile", "out.wasm", "--runtime", "stub", "--enable", "simd", "--initialMemory", `${pages}`];
  const built = new Map();
  const { error, stderr } = await asc.main([`${source}.ts`, ...options, "-O3", "--noAssert"], {
    readFile: (file) => {
      const from = path(`${owner}/wasm/${file}`);
      return existsSync(from) ? readFileSync(from, "utf8") : null;
    },
    writeFile: (file, content) => built.set(file, content),
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
  const bytes = Buffer.from(built.get("out.wasm")).toString("base64");
  const lines = bytes.match(/.{1,110}/g).map((line) => `  "${line}",`);
  return `// Written by \`npm run wasm\` from packages/${owner}/wasm/${source}.ts.\n\n/** WebAssembly, in base64. */\nexport const ${name}: string = [\n${lines.join("\n")}\n].join("");\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [source, { file }] of Object.entries(MODULES)) writeFileSync(file, await moduleOf(source));
