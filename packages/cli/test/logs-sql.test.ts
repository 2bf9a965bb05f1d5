import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

function run(words: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["packages/cli/bin/seenas.js", ...words], {
    cwd: root,
    encoding: "utf8",
    input,
    env: { ...process.env, LC_ALL: "C", NO_COLOR: "1" },
  });
  return { status, stdout, stderr };
}

const words = (text: string): readonly string[] => text.split(" ");

describe("logs sql", { timeout: 60_000 }, () => {
  test("the query alone on standard output, what it cannot show beside it", () => {
    const asked = "logs sql who 203.0.113.7:1024 --at 2026-11-22T09:00:00Z --dialect log-analytics";
    const { status, stdout, stderr } = run(words(`${asked} --table p-1.global._Default._AllLogs`));
    expect([status, stdout.split("\n")[0]]).toEqual([0, "WITH records AS ("]);
    expect(stdout).toContain("timestamp >= TIMESTAMP '2026-11-22T08:59:58.000000Z'");
    expect(stderr).toContain("Cloud NAT");
    expect(run(words(`${asked} --table p-1.global._Default._AllLogs --quiet`)).stderr).toBe("");
  });

  test("a name is a text, whatever it is", () => {
    const asked = words("logs sql used --since 2026-11-22T00:00:00Z --dialect duckdb --table log_rows --from");
    const { status, stdout } = run([...asked, "x'; DROP TABLE y; --"]);
    expect([status, stdout.includes("workload IN ('x''; DROP TABLE y; --')")]).toEqual([0, true]);
  });

  test.each([
    ["logs sql used --from vm --since 2026-11-22T00:00:00Z", "--dialect"],
    ["logs sql used --from vm --since 2026-11-22T00:00:00Z --dialect oracle", "bigquery, log-analytics"],
    ["logs sql used --from vm --dialect kusto --log flow", "--since"],
    ["logs sql used --from vm --since 2026-11-22T00:00:00Z --dialect bigquery", "--table"],
    ["logs sql used --from vm --since 2026-11-22T00:00:00Z --dialect athena", "--from 10.0.0.5"],
    ["logs sql nothing --dialect kusto", "used, who or seen"],
  ])("%s: refused, and says how", (asked, says) => {
    const { status, stdout, stderr } = run(words(asked));
    expect([status, stdout]).toEqual([2, ""]);
    expect(stderr).toContain(says);
  });
});

const HEAD =
  "seenas,address,workload,before_address,destination_address,destination_port,protocol,evidence_kind,strength,first_seen,last_seen,row_count";

/** Of the proxy of the examples, towards a partner. */
const line = (address: string, at: string): string =>
  `used@1,${address},l3-proxy,10.72.2.222,192.0.2.80,443,tcp,cloud-nat-log,translator-logged,${at},${at},3`;

describe("what an engine answered", { timeout: 60_000 }, () => {
  const pool = ["203.0.113.10", "203.0.113.11", "203.0.113.12"];
  let folder = "";
  let file = "";
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "seenas-result-"));
    file = join(folder, "result.csv");
    const lines = pool.map((address, index) => line(address, `2026-11-22T09:00:0${index}.000000Z`));
    writeFileSync(file, `${[HEAD, ...lines].join("\n")}\n`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("as the log store would say it", () => {
    const { status, stdout } = run(["logs", "answer", "--from-result", file, "--csv"]);
    expect(status).toBe(0);
    expect(stdout.split("\n").slice(0, 2)).toEqual([
      "address,first,last,count,kinds,strength",
      "203.0.113.12,2026-11-22T09:00:02Z,2026-11-22T09:00:02Z,3,cloud-nat-log,translator-logged",
    ]);
    const { question, rows } = JSON.parse(run(["logs", "answer", "--from-result", file, "--json"]).stdout);
    expect([question, rows.length]).toEqual(["used", 3]);
  });

  test("a row that is none is named, and the rest is no whole answer", () => {
    const { status, stdout, stderr } = run(
      words("logs answer --from-result - --csv"),
      `${HEAD}\n${line("203.0.113.999", "2026-11-22T09:00:00Z")}\n${line("203.0.113.10", "2026-11-22T09:00:00Z")}\n`,
    );
    expect([status, stdout.split("\n").length]).toEqual([3, 3]);
    expect(stderr).toContain("address");
  });

  test("no rows: nothing was found, which proves nothing", () => {
    const { status, stdout, stderr } = run(words("logs answer --from-result -"), `${HEAD}\n`);
    expect([status, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("proves nothing");
  });

  test("explain takes it as evidence: a set that was predicted is logged where all of it was", () => {
    const asked = words("explain --from l3-proxy --config examples/gcp-cloud-nat-manual/export --json");
    const before = JSON.parse(run([...asked, "--to", "192.0.2.80:443"]).stdout);
    const after = JSON.parse(run([...asked, "--to", "192.0.2.80:443", "--evidence", file]).stdout);
    expect([before.certainty, before.answer.addresses]).toEqual(["predicted", pool]);
    expect([after.certainty, after.answer.addresses]).toEqual(["logged", pool]);
    const elsewhere = JSON.parse(run([...asked, "--to", "192.0.2.81:443", "--evidence", file]).stdout);
    expect(elsewhere.certainty).toBe("predicted");
  });
});

test("a store in ClickHouse that nobody serves is told, not a crash", { timeout: 60_000 }, () => {
  const { status, stderr } = run(words("logs seen 203.0.113.7 --store clickhouse://user:sesame@127.0.0.1:1/seenas"));
  expect([status, stderr.includes("does not answer"), stderr.includes("sesame")]).toEqual([2, true, false]);
});
