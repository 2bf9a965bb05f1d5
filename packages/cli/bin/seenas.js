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
  process.stderr.write(
    say("seenas is not built yet; run: npm run build\n", "seenas 尚未构建，请运行：npm run build\n"),
  );
  process.exit(1);
}

/** A bug, a full disk: the contract's status 1. @param {unknown} error */
function fail(error) {
  // Whoever closes the pipe has read enough (`seenas map | head`): no message, and the status as far as it is known.
  if (error?.code === "EPIPE") process.exit();
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    say(
      `seenas failed; nothing it printed is an answer. Please report this:\n${reason}\n`,
      `seenas 运行失败，已输出的内容不能作为答案。请报告以下信息：\n${reason}\n`,
    ),
  );
  process.exit(1);
}

function say(english, chinese) {
  const { LC_ALL, LC_MESSAGES, LANG } = process.env;
  return /^zh/i.test(LC_ALL || LC_MESSAGES || LANG || "") ? chinese : english;
}
