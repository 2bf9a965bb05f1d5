// node scripts/code-cache.mjs dist/main.cjs: runs the example once and keeps what V8 compiled for it in main.cache.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { constants, Script } from "node:vm";

const [, , program] = process.argv;

// Exactly as the entry, bin/seenas.js, compiles it: V8 takes its compiled form only for the same text.
const compile = (cachedData) =>
  new Script(`(function(exports,require,module,__filename,__dirname){${readFileSync(program, "latin1")}\n})`, {
    filename: program,
    cachedData,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
  });

const script = compile();
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(program), module, program, dirname(program));
const status = await module.exports.main(["explain", "--example"]).catch((error) => fail(error.message));
if (status === 1 || status === 2) fail(`explain --example ended with status ${status}`);

const cache = join(dirname(program), "main.cache");
writeFileSync(cache, script.createCachedData());
if (compile(readFileSync(cache)).cachedDataRejected) fail("V8 refuses its own cache");
process.exitCode = 0;

/** Everything works without it, only slower: no reason to fail an installation. */
function fail(reason) {
  process.stderr.write(`no code cache was made: ${reason}\n`);
  process.exit(0);
}
