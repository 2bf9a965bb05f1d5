import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// What a user installs: both packages packed, and installed without a registry in a folder outside the checkout.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const TIMEOUT_MS = 120_000;

let folder = "";
let tarballs: Readonly<Record<string, string>> = {};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-pack-"));
  const core: { dependencies: Record<string, string> } = readJson(join(root, "packages/core/package.json"));
  buildIfStale();
  tarballs = {
    cli: pack(join(root, "packages/cli")),
    core: pack(join(root, "packages/core")),
    ...Object.fromEntries(Object.keys(core.dependencies).map((name) => [name, pack(join(root, "node_modules", name))])),
  };
}, TIMEOUT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** `npm test` has just built; a run of this file alone may not have. */
function buildIfStale(): void {
  const check = `import { isStale } from ${JSON.stringify(`${root}scripts/stale.mjs`)}; process.exitCode = isStale() ? 1 : 0;`;
  const { status } = spawnSync(process.execPath, ["--input-type=module", "-e", check]);
  if (status !== 0) npm(root, "run", "build");
}

/** As a user runs it: nothing of the npm run that this test is part of. */
function npm(cwd: string, ...args: readonly string[]): string {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return execFileSync("npm", args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** The published form of a library is already built; only ours are prepared. */
function pack(path: string): string {
  const isOurs = path.includes("packages");
  const printed = npm(path, "pack", "--json", "--pack-destination", folder, ...(isOurs ? [] : ["--ignore-scripts"]));
  // Scripts print before it.
  const [packed]: { filename: string }[] = JSON.parse(printed.slice(printed.lastIndexOf("\n[") + 1));
  return join(folder, packed?.filename ?? "");
}

const contentsOf = (tarball: string): readonly string[] =>
  execFileSync("tar", ["tzf", tarball], { encoding: "utf8" })
    .trim()
    .split("\n")
    .map((path) => path.replace(/^package\//, ""));

function install(name: string, packed: readonly string[]): string {
  const project = join(folder, name);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "name": "empty", "private": true, "type": "module" }');
  npm(project, "install", "--offline", "--no-audit", "--no-fund", ...packed.map((key) => tarballs[key] ?? ""));
  return project;
}

describe("the tarballs", () => {
  test("cli: the entry, the bundle, the example; no sources, no tests, no dependency", () => {
    const contents = contentsOf(tarballs["cli"] ?? "");
    for (const path of ["LICENSE", "README.md", "package.json", "bin/seenas.js", "bin/package.json", "dist/main.cjs"])
      expect(contents).toContain(path);
    expect(contents.some((path) => path.startsWith("example/"))).toBe(true);
    expect(contents.filter((path) => /\.ts$|\.test\.|tsbuildinfo|^test\/|^src\//.test(path))).toEqual([]);
    expect(readJson(join(root, "packages/cli/package.json"))).not.toHaveProperty("dependencies");
  });

  test("core: modules and their types; no sources, no tests", () => {
    const contents = contentsOf(tarballs["core"] ?? "");
    for (const path of ["LICENSE", "README.md", "package.json", "dist/index.js", "dist/index.d.ts"])
      expect(contents).toContain(path);
    expect(contents.filter((path) => /(?<!\.d)\.ts$|\.test\.|testing|tsbuildinfo|^src\//.test(path))).toEqual([]);
  });
});

test(
  "the command, installed in an empty folder",
  () => {
    const project = install("command", ["cli"]);
    expect(readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["seenas"]);
    const command = join(project, "node_modules/.bin/seenas");
    const { version } = readJson<{ version: string }>(join(root, "packages/cli/package.json"));
    expect(execFileSync(command, ["--version"], { encoding: "utf8" })).toBe(`${version}\n`);
    const { status, stdout, stderr } = spawnSync(command, ["explain", "--example", "--json"], {
      cwd: project,
      encoding: "utf8",
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ schema: "seenas/verdict@1" });
  },
  TIMEOUT_MS,
);

test(
  "the engine, imported in an empty folder",
  () => {
    const project = install(
      "engine",
      Object.keys(tarballs).filter((key) => key !== "cli"),
    );
    const program =
      'import { parseIp, readJsonDocuments } from "@seenas/core";' +
      'console.log(parseIp("2001:DB8::0001"), readJsonDocuments("[{}]", "f").value.length);';
    const printed = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
      cwd: project,
      encoding: "utf8",
    });
    expect(printed).toBe("2001:db8::1 1\n");
  },
  TIMEOUT_MS,
);
