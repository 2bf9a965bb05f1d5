import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../bin/seenas.js", import.meta.url));
const lab = (...words: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [cli, "lab", ...words], { encoding: "utf8", env: { ...process.env, LC_ALL: "C" } });

const tools = ["ip", "nft", "nsenter", "setpriv"].filter(
  (tool) => spawnSync("sh", ["-c", `command -v ${tool}`]).status !== 0,
);
const reason =
  process.getuid?.() !== 0
    ? "not root"
    : tools.length > 0
      ? `not installed: ${tools.join(", ")}`
      : spawnSync("unshare", ["--mount", "--net", "--pid", "--fork", "true"]).status === 0
        ? null
        : "no namespaces here";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-lab-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What runs in the process group of a lab, and so was started by it. */
const processesOf = (group: number | undefined): number =>
  spawnSync("ps", ["-eo", "pgid="], { encoding: "utf8" })
    .stdout.split("\n")
    .filter((line) => Number(line) === group).length;

describe("lab, without a network", () => {
  test("an unknown scenario is told", () => {
    const { status, stderr } = lab("run", "no-such-scenario");
    expect(status).toBe(2);
    expect(stderr).toContain("no-such-scenario");
  });
  test("a number is a number", () => expect(lab("fuzz", "--count", "many").status).toBe(2));
  test("a worker is nothing that a user starts", () => expect(lab("worker", "sender").status).toBe(2));
});

describe("lab, with real packets", () => {
  test.for(["gcp", "azure", "aws", "guest"])("%s: predicted is observed", { timeout: 240_000 }, (name, { skip }) => {
    if (reason !== null) skip(`scenarios not checked: ${reason}`);
    const { status, stdout, stderr } = lab("run", name, "--quiet");
    expect(`${stdout}${stderr}`).toMatch(/ 0 differ, 0 failed/);
    expect(status).toBe(0);
  });

  test("twins: the same routers answer, and the far end sees another source", { timeout: 60_000 }, ({ skip }) => {
    if (reason !== null) skip(`scenarios not checked: ${reason}`);
    const { stdout } = lab("run", "twins", "--keep", folder);
    expect(stdout).toContain("predicted preserved 10.72.2.222  |  observed 10.72.2.222");
    expect(stdout).toContain("predicted translated 203.0.113.10  |  observed 203.0.113.10");
    // The routers that may answer, hop by hop; which of several branches a probe takes is chance.
    const routers = [
      [],
      ["10.118.4.1"],
      ["10.118.4.9", "10.118.4.13"],
      ["192.0.2.33", "192.0.2.37", "192.0.2.41"],
      [],
      ["192.0.2.65"],
    ];
    const hops = (twin: string): readonly (readonly string[])[] =>
      readFileSync(join(folder, `twins-${twin}-1/traceroute.txt`), "utf8")
        .split("\n")
        .filter((line) => /^ *\d/.test(line))
        .map((line) => [...new Set(line.match(/\d+(?:\.\d+){3}/g))]);
    if (!readdirSync(join(folder, "twins-kept-1")).includes("traceroute.txt")) return;
    expect(hops("kept")).toHaveLength(hops("translated").length);
    for (const twin of ["kept", "translated"])
      for (const [index, expected] of routers.entries()) {
        const answered = hops(twin)[index] ?? [];
        expect(answered.length === 0).toBe(expected.length === 0);
        expect(expected).toEqual(expect.arrayContaining([...answered]));
      }
  });

  test("500 generated networks", { timeout: 600_000 }, ({ skip }) => {
    if (reason !== null) skip(`500 generated networks not checked: ${reason}`);
    const { status, stdout, stderr } = lab("fuzz", "--seed", "1", "--count", "500", "--keep", folder);
    expect(`${stdout}${stderr}`).toMatch(/500 networks, 0 differ, 0 failed/);
    expect(status).toBe(0);
  });

  test("an address that drains stays with the connections that have it", { timeout: 60_000 }, ({ skip }) => {
    if (reason !== null) skip(`not checked: ${reason}`);
    const { stdout } = lab("run", "gcp/T11");
    expect(stdout).toContain("observed 203.0.113.10, 203.0.113.12 (a connection from before)");
  });

  test("runs side by side do not meet", { timeout: 120_000 }, async ({ skip }) => {
    if (reason !== null) skip(`not checked: ${reason}`);
    const words = [cli, "lab", "run", "twins", "gcp/T06"];
    const statuses = [1, 2].map(
      () =>
        new Promise((resolve) =>
          spawn(process.execPath, words, { stdio: "ignore" }).once("close", (status) => resolve(status)),
        ),
    );
    expect(await Promise.all(statuses)).toEqual([0, 0]);
  });

  test.for(["SIGKILL", "SIGINT", "SIGTERM"] as const)(
    "nothing is left after %s",
    { timeout: 60_000 },
    async (signal, { skip }) => {
      if (reason !== null) skip(`not checked: ${reason}`);
      const words = [cli, "lab", "run", "gcp", "--jobs", "1"];
      const child = spawn(process.execPath, words, { stdio: "ignore", detached: true });
      // The command, what holds the namespaces, the lab inside, a worker at each end.
      await expect.poll(() => processesOf(child.pid), { timeout: 20_000 }).toBeGreaterThanOrEqual(5);
      child.kill(signal);
      await expect.poll(() => processesOf(child.pid), { timeout: 20_000 }).toBe(0);
      expect(spawnSync("ip", ["netns", "list"], { encoding: "utf8" }).stdout).not.toContain("seenas-");
    },
  );
});
