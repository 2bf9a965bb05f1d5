import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { missingHere } from "../src/lab/sandbox.ts";

// The whole way in namespaces: the kit and the probe on a guest, through a translator with a pool of three, a witness at the
// far side, its log and receipts back into an answer, and the list that the far side's own nftables and Postfix load.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const path = (relative: string): string => join(root, relative);
const there = (program: string): boolean => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

function whyNot(): string {
  if (process.getuid?.() !== 0) return "not root";
  const missing = [...missingHere(), ...["postmap", "curl"].filter((program) => !there(program))];
  return missing.length === 0 ? "" : `missing here: ${missing.join(", ")}`;
}

const reason = whyNot();
const folder = mkdtempSync(join(tmpdir(), "seenas-round-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ISOLATED = ["--mount", "--net", "--pid", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc"];
const SCRIPT = path("packages/cli/test/round-trip/run.sh");
const POOL = ["203.0.113.10", "203.0.113.11", "203.0.113.12"];

test(`kit, probe, witness, explain, allow, and the next connection${reason === "" ? "" : ` (skipped: ${reason})`}`, {
  timeout: 180_000,
}, ({ skip }) => {
  if (reason !== "") skip(reason);
  const words = ["sh", SCRIPT, path("packages/cli/bin/seenas.js"), path("examples/gcp-cloud-nat-manual/export")];
  const ran = spawnSync("unshare", [...ISOLATED, "--propagation", "private", ...words, process.execPath], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], LC_ALL: "C", HOME: folder },
    timeout: 170_000,
  });
  const told = `${ran.stdout}${ran.stderr}`;
  expect(ran.status, told).toBe(0);
  const written = (name: string): string => readFileSync(join(folder, name), "utf8");
  const json = (name: string): unknown => JSON.parse(written(name));

  // The kit alone shows one member of the pool, and the witness's log ties it to this host.
  const kit = written("seenas-host-l3-proxy.txt");
  const mark = /^# seenas mark ([0-9a-f]{24}) to 198\.51\.100\.25:587 at /m.exec(kit)?.[1] ?? "";
  expect(written("seenas-witness.jsonl")).toContain(`"mark":"${mark}"`);
  expect(json("explained-kit.json")).toMatchObject({
    observations: expect.arrayContaining([
      expect.objectContaining({ kind: "witness-log", mark, effect: "supports", strength: "destination-observed" }),
    ]),
  });

  // Fifteen hellos see all three, each receipt is sound, and the verdict is observed.
  expect(written("verified.txt").match(/this witness signed every word of it/g)).toHaveLength(15);
  expect(json("explained.json")).toMatchObject({
    certainty: "observed",
    answer: { kind: "translated", addresses: POOL, complete: true, stability: "static" },
    problems: [],
  });

  // What the far side's own programs make of the lists.
  for (const address of POOL) expect(told).toContain(`postmap -q ${address} cidr:allowed.postfix\nOK\n`);
  expect(told).toContain("postmap -q 203.0.113.99 cidr:allowed.postfix\n(not in it)\n");
  expect(told).toMatch(/guest\$ seenas probe --to 198\.51\.100\.25:587 --from system\n.*\n {2}it answered/);
  expect(told).toMatch(
    /nat\$ seenas probe --to 198\.51\.100\.25:587 --from 203\.0\.113\.99\n.*\n {2}refused.*\n\(exit status 3\)/,
  );
  expect(told).toContain("the witness stopped with status 0");
});

test("the page in docs shows the commands that the test runs", () => {
  const script = readFileSync(SCRIPT, "utf8");
  const page = readFileSync(path("docs/witness.md"), "utf8");
  for (const command of ["sh kit.sh", "--repeat 15 --rate 20", "nft -f allowed.nftables", "cidr:allowed.postfix"]) {
    expect(script).toContain(command);
    expect(page).toContain(command);
  }
});
