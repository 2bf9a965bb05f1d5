// node scripts/code-cache.mjs dist: runs the example once and keeps what V8 compiled for it beside each file it used.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [, , folder] = process.argv;
const { cacheOf, loadProgram, programIn } = createRequire(import.meta.url)("../packages/cli/bin/load.js");

const program = programIn(folder, () => null);
const status = await program
  .take("main.cjs")
  .main(["explain", "--example"])
  .catch((error) => fail(error.message));
if (status === 1 || status === 2) fail(`explain --example ended with status ${status}`);

for (const [file, script] of program.scripts) writeFileSync(join(folder, cacheOf(file)), script.createCachedData());
if (loadProgram(folder) === null) fail("the program is not there");
process.exitCode = 0;

/** Everything works without it, only slower: no reason to fail an installation. */
function fail(reason) {
  process.stderr.write(`no code cache was made: ${reason}\n`);
  process.exit(0);
}
