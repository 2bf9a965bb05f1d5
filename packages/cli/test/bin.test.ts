import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../", import.meta.url));
const version: unknown = JSON.parse(readFileSync(join(cli, "package.json"), "utf8")).version;

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-bin-"));
  cpSync(join(cli, "bin"), join(folder, "bin"), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The entry with a program of ours behind it. */
function run(main: string | null, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  rmSync(join(folder, "dist"), { recursive: true, force: true });
  if (main !== null) {
    mkdirSync(join(folder, "dist"));
    writeFileSync(join(folder, "dist/main.cjs"), main);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "bin/seenas.js"), ...args], {
    encoding: "utf8",
    env: { ...process.env, LC_ALL: "C", ...env },
  });
  return { status, stdout, stderr };
}

describe("the entry", () => {
  test.each(["--version", "-V"])("%s is the package's version, and needs no build", (flag) =>
    expect(run(null, [flag])).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" }),
  );

  test("not built: says what to run", () =>
    expect(run(null, ["explain"])).toEqual({
      status: 1,
      stdout: "",
      stderr: "seenas is not built yet; run: npm run build\n",
    }));

  test("the same in Chinese", () =>
    expect(run(null, [], { LC_ALL: "zh_CN.UTF-8" }).stderr).toBe("seenas 尚未构建，请运行：npm run build\n"));

  test("hands over the arguments and gives back the status", () =>
    expect(run("exports.main = async (argv) => (console.log(argv.join()), 3);", ["a", "--version"])).toEqual({
      status: 3,
      stdout: "a,--version\n",
      stderr: "",
    }));

  test.each([
    ["rejected", "exports.main = async () => { throw new Error('boom'); };"],
    ["thrown later", "exports.main = () => new Promise(() => setTimeout(() => { throw new Error('boom'); }, 1));"],
    ["an import that fails", "throw new Error('boom');"],
  ])("a bug is status 1 and a message: %s", (_, main) => {
    const { status, stderr } = run(main);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^seenas failed; nothing it printed is an answer.*\n.*boom/);
  });

  test("a reader that closes the pipe early gets no message", () => {
    run("exports.main = async () => { for (let i = 0; i < 1e5; i++) console.log('line'); return 0; };");
    const script = `"${process.execPath}" "${join(folder, "bin/seenas.js")}" | head -n 1; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({ stdout: "line\n0\n", stderr: "" });
  });

  test("a disk that is full is no answer", () => {
    run("exports.main = async () => { require('node:fs').writeSync(1, 'line'); return 0; };");
    const script = `"${process.execPath}" "${join(folder, "bin/seenas.js")}" > /dev/full`;
    const { status, stderr } = spawnSync("bash", ["-c", script], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    });
    expect(status).toBe(1);
    expect(stderr).toMatch("ENOSPC");
  });
});

describe("the built program", () => {
  // What it loads only when needed must be found from V8's cache, too.
  test("looks a name up", () => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [
        join(cli, "bin/seenas.js"),
        "explain",
        "--config",
        join(cli, "example/export"),
        "--to",
        "localhost:443",
        "--json",
      ],
      { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } },
    );
    expect({ stderr, status }).toMatchObject({ status: 0 });
    expect(JSON.parse(stdout).flow.to.name).toBe("localhost");
  });
});
