// node scripts/code-cache.mjs dist: runs the example once and keeps what V8 compiled for it beside each file it used; then
// reads a capture, and keeps what that takes beyond the example.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeCapture } from "../bench/capture-file.mjs";

/** More than is read at once, and long enough to be walked. */
const CAPTURE_BYTES = 8_000_000;

const [, , folder, ...asked] = process.argv;
const { cacheOf, loadProgram, programIn } = createRequire(import.meta.url)("../packages/cli/bin/load.js");

const program = programIn(folder, () => null);
const status = await program
  .take("main.cjs")
  .main(asked.length === 0 ? ["explain", "--example"] : asked)
  .catch((error) => fail(error.message));
if (status === 1 || status === 2) fail(`${asked.join(" ")} ended with status ${status}`);

// What a file of the example holds for others would only be read in vain.
for (const [file, script] of program.scripts)
  if (asked.length === 0 || !existsSync(join(folder, cacheOf(file))))
    writeFileSync(join(folder, cacheOf(file)), script.createCachedData());
if (asked.length === 0) readCapture();
if (loadProgram(folder) === null) fail("the program is not there");
process.exitCode = 0;

/** In a process of its own: what is compiled here already would be kept with the rest. */
function readCapture() {
  const own = mkdtempSync(join(tmpdir(), "seenas-cache-"));
  try {
    const capture = join(own, "capture");
    writeCapture(capture, { bytes: CAPTURE_BYTES, seed: 1, format: "pcap" });
    const options = { stdio: ["ignore", "ignore", "inherit"] };
    execFileSync(process.execPath, [fileURLToPath(import.meta.url), folder, "read", capture, "--json"], options);
  } finally {
    rmSync(own, { recursive: true });
  }
}

/** Everything works without it, only slower: no reason to fail an installation. */
function fail(reason) {
  process.stderr.write(`no code cache was made: ${reason}\n`);
  process.exit(0);
}
