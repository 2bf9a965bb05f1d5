import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

// dist/seenas.mjs, carried alone to a host where nothing can be installed.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const built = join(root, "dist/seenas.mjs");
const example = join(root, "packages/cli/example");

// A busy machine starts a program, or writes a file, in seconds.
vi.setConfig({ testTimeout: 60_000 });

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-single-"));
  if (existsSync(built)) cpSync(built, join(folder, "seenas.mjs"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...words: readonly string[]) {
  const env = { ...process.env, LC_ALL: "C", NODE_PATH: "" };
  const program = join(folder, "seenas.mjs");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: folder,
    encoding: "utf8",
    env,
  });
  return { status, stdout, stderr };
}

const inputs = ["--config", join(example, "export"), "--evidence", join(example, "evidence")];

describe("the single file", () => {
  test("is all there is, and starts by itself", () => {
    expect(readdirSync(folder)).toEqual(["seenas.mjs"]);
    expect(readFileSync(built, "utf8").startsWith("#!/usr/bin/env node\n")).toBe(true);
    const { version } = JSON.parse(readFileSync(join(root, "packages/cli/package.json"), "utf8"));
    expect(run("--version")).toEqual({ status: 0, stdout: `${version}\n`, stderr: "" });
  });

  test("a lab without scenarios beside it says so, and not that all agree", () => {
    const { status, stdout, stderr } = run("lab", "run");
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain("there are no scenarios");
  });

  test("explains as the package does", () => {
    const words = ["explain", "--from", "l3-proxy", "--to", "mail.partner.example:25", ...inputs, "--json"];
    const packaged = spawnSync(process.execPath, [join(root, "packages/cli/bin/seenas.js"), ...words], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
    });
    expect(run(...words)).toEqual({ status: 0, stdout: packaged.stdout, stderr: "" });
  });

  test.each([
    ["map", ["map", ...inputs.slice(0, 2)]],
    ["diff", ["diff", "--before", ...inputs.slice(1, 2), "--after", ...inputs.slice(1, 2)]],
    ["read", ["read", join(example, "evidence")]],
    ["rules, with the titles of its cases", ["rules", "gcp/nat/manual-pool"]],
    ["collect", ["collect", "gcp", "--project", "p", "--print"]],
    ["lab", ["lab", "--help"]],
    ["allow", ["allow", "--help"]],
  ])("%s", (_, words) => {
    const { status, stdout, stderr } = run(...words);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout.length).toBeGreaterThan(20);
    if (words[0] === "rules") expect(stdout).toContain("Cloud NAT with one manual address");
  });

  test("archives, and YAML", () => {
    spawnSync("tar", ["-czf", join(folder, "export.tar.gz"), "-C", example, "export"]);
    const { status } = run("explain", "--from", "l3-proxy", "--to", "198.51.100.25:25", "--config", "export.tar.gz");
    expect(status).toBe(0);
  });

  test("has no example, and says so", () => {
    expect(run("explain", "--example")).toMatchObject({ status: 2, stderr: expect.stringContaining("the example") });
  });
});
