#!/usr/bin/env node
// CommonJS on purpose: Node answers `--version` from here without starting its ESM loader, a quarter of a cold start.
const VERSION = "0.1.0";

const argv = process.argv.slice(2);
if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) printVersion();
else run();

function printVersion() {
  try {
    // Not process.stdout: setting that up takes longer than the answer.
    require("node:fs").writeSync(1, `${VERSION}\n`);
  } catch (error) {
    fail(error);
  }
}

async function run() {
  // Failed writes end here too: a handler on process.stdout would set that up before anybody writes.
  process.on("uncaughtException", fail);
  try {
    // Everything is written by now; winding the event loop down would only take time.
    process.exit(await load().main(argv));
  } catch (error) {
    fail(error);
  }
}

function load() {
  const program = require("./load.js").loadProgram(require("node:path").join(__dirname, "../dist"));
  return program ?? notBuilt();
}

function notBuilt() {
  const { say } = require("./fail.js");
  process.stderr.write(
    say("seenas is not built yet; run: npm run build\n", "seenas 尚未构建，请运行：npm run build\n"),
  );
  process.exit(1);
}

/** @param {unknown} error */
function fail(error) {
  require("./fail.js").fail(error);
}
