// Where dist/seenas.mjs begins: bin/seenas.js with everything in it.
import failure from "../packages/cli/bin/fail.js";
import { carry } from "../packages/cli/src/carried.ts";
import { main } from "../packages/cli/src/main.ts";

const argv = process.argv.slice(2);
process.on("uncaughtException", failure.fail);
try {
  if (argv.length === 1 && (argv[0] === "--version" || argv[0] === "-V")) {
    process.stdout.write(`${__SEENAS_VERSION__}\n`);
  } else {
    carry(__SEENAS_CARRIED__);
    process.exit(await main(argv));
  }
} catch (error) {
  failure.fail(error);
}
