import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

function run(words: string, input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["packages/cli/bin/seenas.js", ...words.split(" ")], {
    cwd: root,
    encoding: "utf8",
    input,
    env: { ...process.env, LC_ALL: "C", NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

/** An entry of Cloud NAT for the proxy of the examples. */
const nat = (at: string, seen: string, port: number, destination = "192.0.2.80", vm = "l3-proxy"): string =>
  `${JSON.stringify({
    jsonPayload: {
      allocation_status: "OK",
      connection: {
        src_ip: "10.72.2.222",
        src_port: 48_678,
        nat_ip: seen,
        nat_port: port,
        dest_ip: destination,
        dest_port: 443,
        protocol: 6,
      },
      endpoint: { vm_name: vm },
      gateway_identifiers: { gateway_name: "nat-1", router_name: "router-1" },
    },
    logName: "projects/net-host/logs/compute.googleapis.com%2Fnat_flows",
    timestamp: at,
  })}\n`;

let folder = "";
let store = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-logs-"));
  store = join(folder, "store");
  const lines = [
    nat("2026-11-22T09:00:00.5Z", "203.0.113.11", 1024),
    nat("2026-11-22T09:00:01Z", "203.0.113.12", 1024),
    nat("2026-11-22T09:00:02Z", "203.0.113.11", 1025, "192.0.2.99", "=worker"),
  ];
  writeFileSync(join(folder, "a.jsonl.gz"), gzipSync(lines.join("")));
  run(`logs ingest ${folder} --store ${store}`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("ingest", { timeout: 60_000 }, () => {
  test("a folder, then a pipe of the same: each row once", () => {
    const fresh = join(folder, "fresh");
    expect(run(`logs ingest ${folder}/a.jsonl.gz --store ${fresh}`)).toEqual({
      status: 0,
      stdout:
        "3 rows read: 3 new, 0 known already.\nThe store holds 3 rows, 2026-11-22T09:00:00.5Z – 2026-11-22T09:00:02Z.\n",
      stderr: "",
    });
    const again = run(`logs ingest - --store ${fresh} --json`, nat("2026-11-22T09:00:01Z", "203.0.113.12", 1024));
    expect(again.status).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ schema: "seenas/log-ingest@1", rows: 1, added: 0, duplicates: 1 });
  });

  test("what is not understood is counted, and kept with its place", () => {
    const { status, stdout } = run(`logs ingest - --store ${store}`, "{broken}\n");
    expect(status).toBe(3);
    expect(stdout).toContain(`1 were not understood (1 not JSON); with their places they are in ${store}/rejects.`);
  });

  test("--keep forgets", () => {
    const other = join(folder, "kept");
    const now = new Date().toISOString();
    run(`logs ingest - --store ${other}`, nat("2001-01-01T00:00:00Z", "203.0.113.7", 1) + nat(now, "203.0.113.7", 1));
    expect(run(`logs ingest --keep 30d --store ${other}`).stdout).toContain("1 rows were older than what is kept");
  });
});

describe("questions", { timeout: 60_000 }, () => {
  test("used: a table, and what the logs cannot show", () => {
    const { status, stdout } = run(`logs used --from l3-proxy --to 192.0.2.80:443 --store ${store}`);
    expect(status).toBe(0);
    expect(stdout).toContain(`ADDRESS       FIRST                   LAST                    COUNT  BY
203.0.113.12  2026-11-22T09:00:01Z    2026-11-22T09:00:01Z    1      cloud-nat-log
203.0.113.11  2026-11-22T09:00:00.5Z  2026-11-22T09:00:00.5Z  1      cloud-nat-log
`);
    expect(stdout).toContain("only TCP and UDP");
  });

  test("who: the destination tells holders apart; the tolerance is stated", () => {
    const { stdout } = run(`logs who 203.0.113.11:1024 --at 2026-11-22T09:00:00Z --store ${store} --json`);
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({
      schema: "seenas/log-answer@1",
      question: "who",
      rows: [{ workload: "l3-proxy", before: "10.72.2.222", at: "2026-11-22T09:00:00.5Z" }],
      truncated: false,
      missing: [],
      coverage: { since: "2026-11-22T09:00:00.5Z", rows: 3 },
    });
    expect(JSON.stringify(answer.limits)).toContain("up to 2 s");
    const strict = run(`logs who 203.0.113.11:1024 --at 2026-11-22T09:00:00Z --tolerance 100ms --store ${store}`);
    expect([strict.status, strict.stdout.startsWith('None in the log is not "was not"')]).toEqual([3, true]);
  });

  test("a store without ports says so in every answer", () => {
    const limited = join(folder, "limited");
    run(`logs ingest - --store ${limited} --without-ports`, nat("2026-11-22T09:00:00Z", "203.0.113.7", 1024));
    const who = `logs who 203.0.113.7:9 --at 2026-11-22T09:00:00Z --store ${limited}`;
    expect(run(who).stdout).toContain("The store keeps no ports");
    expect(run(`${who} --lang zh`).stdout).toContain("该存储不保存端口");
    const { limits } = JSON.parse(run(`logs seen 203.0.113.7 --store ${limited} --json`).stdout);
    expect(limits).toContainEqual(expect.objectContaining({ id: "without-ports" }));
    expect(run(`logs seen 203.0.113.11 --store ${store}`).stdout).not.toContain("--without-ports");
  });

  test("seen: as CSV, where a name is no formula", () => {
    const { stdout } = run(`logs seen 203.0.113.11 --csv --store ${store}`);
    expect(stdout).toBe(`workload,before,destination,destinationPort,first,last,count
'=worker,10.72.2.222,192.0.2.99,443,2026-11-22T09:00:02Z,2026-11-22T09:00:02Z,1
l3-proxy,10.72.2.222,192.0.2.80,443,2026-11-22T09:00:00.5Z,2026-11-22T09:00:00.5Z,1
`);
  });

  test.each([
    ["logs used --store x", "expected --from"],
    ["logs used --from a", "expected --store"],
    ["logs used --from a --store /nowhere/at/all", "there is no log store"],
    ["logs who 203.0.113.7:1", "expected --at"],
    ["logs who example --at 2026-11-22T09:00:00Z", "expected ADDRESS:PORT after who"],
    ["logs who 203.0.113.7 --at yesterday", "expected an RFC 3339 time after --at"],
    ["logs seen 203.0.113.7 203.0.113.8 --store x", "unexpected"],
    ["logs seen 203.0.113.7 --format xml --store x", "expected one of table, json, csv"],
    ["logs forget", "unexpected"],
    ["logs used --from a --since 1 --store x", "after --since"],
  ])("%s is refused", (words, reason) => {
    const { status, stderr } = run(words);
    expect(status).toBe(2);
    expect(stderr).toContain(reason);
  });
});

describe("explain --store", { timeout: 60_000 }, () => {
  const asked = "explain --from l3-proxy --config examples/gcp-cloud-nat-manual/export --json";
  const pool = ["203.0.113.10", "203.0.113.11", "203.0.113.12"];

  test("two of a pool of three are logged: both support the prediction, and the third still belongs to it", () => {
    const before = JSON.parse(run(`${asked} --to 192.0.2.80:443`).stdout);
    const after = JSON.parse(run(`${asked} --to 192.0.2.80:443 --store ${store}`).stdout);
    expect([before.certainty, before.answer.addresses, before.observations]).toEqual(["predicted", pool, []]);
    expect([after.certainty, after.answer.addresses]).toEqual(["predicted", pool]);
    expect(after.observations).toMatchObject([
      { kind: "cloud-nat-log", strength: "translator-logged", effect: "supports", seen: { source: "203.0.113.12" } },
      { kind: "cloud-nat-log", strength: "translator-logged", effect: "supports", seen: { source: "203.0.113.11" } },
    ]);
  });

  test("a set that was predicted is logged where the NAT log names all of it", () => {
    const whole = join(folder, "whole");
    const lines = pool.map((address, index) => nat(`2026-11-22T09:00:0${index}Z`, address, 1024));
    run(`logs ingest - --store ${whole}`, lines.join(""));
    const { certainty, answer } = JSON.parse(run(`${asked} --to 192.0.2.80:443 --store ${whole}`).stdout);
    expect([certainty, answer.addresses, answer.complete]).toEqual(["logged", pool, true]);
  });

  test.each(["192.0.2.80:8443", "192.0.2.81:443", "192.0.2.80:443/udp"])(
    "towards %s the log is silent: nothing changes",
    (to) => {
      const before = run(`${asked} --to ${to}`);
      expect(run(`${asked} --to ${to} --store ${store}`)).toEqual(before);
    },
  );

  test("at another time the log is silent, too", () => {
    const at = `${asked} --to 192.0.2.80:443 --at 2026-11-20T09:00:00Z`;
    expect(run(`${at} --store ${store}`)).toEqual(run(at));
  });

  test("a store that is not there is said to be none", () => {
    const { status, stdout } = run(`${asked} --to 192.0.2.80:443 --store ${join(folder, "nothing")}`);
    expect(status).toBe(2);
    expect(stdout).toContain("no-such-store");
  });
});
