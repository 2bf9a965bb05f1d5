// What reads lines of logs by vectors: packages/store/wasm/scan.ts, compiled into a module that holds its bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const SOURCE = fileURLToPath(new URL("../packages/store/wasm/scan.ts", import.meta.url));
const MODULE = fileURLToPath(new URL("../packages/store/src/read/scan-module.ts", import.meta.url));
const OPTIONS = ["--outFile", "scan.wasm", "--runtime", "stub", "--enable", "simd", "--initialMemory", "160"];

/** The text of the module that belongs to the source as it stands. */
export async function scanModule() {
  const built = new Map();
  const { error, stderr } = await asc.main(["scan.ts", ...OPTIONS, "-O3", "--noAssert"], {
    readFile: (name) => (name === "scan.ts" ? readFileSync(SOURCE, "utf8") : null),
    writeFile: (name, content) => built.set(name, content),
    listFiles: () => [],
  });
  if (error !== null) throw new Error(`${error.message}\n${stderr.toString()}`);
  const bytes = Buffer.from(built.get("scan.wasm")).toString("base64");
  const lines = bytes.match(/.{1,110}/g).map((line) => `  "${line}",`);
  return `// Written by \`npm run wasm\` from packages/store/wasm/scan.ts.\n\n/** WebAssembly, in base64. */\nexport const SCAN_MODULE: string = [\n${lines.join("\n")}\n].join("");\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(MODULE, await scanModule());
