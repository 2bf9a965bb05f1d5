import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

// Archives given to the built command, as a partner sends them back.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const example = join(root, "packages/cli/example");

// A busy machine starts a program, or writes a file, in seconds.
vi.setConfig({ testTimeout: 60_000 });

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-archives-"));
  for (const part of ["export", "evidence"]) {
    const packed = spawnSync("tar", ["-czf", join(folder, `${part}.tar.gz`), "-C", example, part]);
    expect(packed.status).toBe(0);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function seenas(words: readonly string[], input?: Uint8Array) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "packages/cli/bin/seenas.js"), ...words], {
    encoding: "utf8",
    cwd: folder,
    env: { ...process.env, LC_ALL: "C" },
    ...(input === undefined ? {} : { input }),
  });
  return { status, stdout, stderr };
}

const json = (words: readonly string[], input?: Uint8Array) => {
  const { stdout } = seenas([...words, "--json"], input);
  return JSON.parse(stdout);
};

const QUESTION = ["explain", "--from", "l3-proxy", "--to", "mail.partner.example:25"];

describe("an archive answers as the folder does", () => {
  const whole = () => json([...QUESTION, "--config", join(example, "export"), "--evidence", join(example, "evidence")]);

  test("--config and --evidence; what is in it is named", () => {
    const { answer, certainty, observations, problems } = json([
      ...QUESTION,
      "--config",
      "export.tar.gz",
      "--evidence",
      "evidence.tar.gz",
    ]);
    expect({ answer, certainty, problems }).toMatchObject({
      answer: whole().answer,
      certainty: "observed",
      problems: [],
    });
    expect(observations[0].file).toMatch(/^evidence\.tar\.gz!evidence\//);
  });

  test("where evidence was taken is said of the archive, or of one file in it", () => {
    const vantages = (word: string) => json(["read", "evidence.tar.gz", "--vantage", word]).files !== undefined;
    expect(vantages("evidence.tar.gz=destination")).toBe(true);
    expect(seenas(["read", "evidence.tar.gz", "--vantage", "other.gz=client"]).status).toBe(2);
  });

  test("from standard input", () => {
    const { answer } = json([...QUESTION, "--config", "-"], readFileSync(join(folder, "export.tar.gz")));
    expect(answer).toEqual(json([...QUESTION, "--config", join(example, "export")]).answer);
  });

  test("read, map, diff, allow", () => {
    expect(seenas(["read", "evidence.tar.gz"]).status).toBe(0);
    const mapped = (config: string) => seenas(["map", "--config", config, "--json"]).stdout;
    expect(mapped("export.tar.gz")).toBe(mapped(join(example, "export")));
    expect(seenas(["diff", "--before", join(example, "export"), "--after", "export.tar.gz"]).status).toBe(0);
    const allowed = (config: string) =>
      seenas(["allow", "--config", config, "--to", "203.0.113.10:443", "--format", "csv", "--allow-unstable"]);
    expect(allowed("export.tar.gz")).toEqual(allowed(join(example, "export")));
  });
});

describe("an archive that is cut short", () => {
  test("answers from what came before, never with certainty, and says so", () => {
    const bytes = readFileSync(join(folder, "export.tar.gz"));
    writeFileSync(join(folder, "cut.tar.gz"), bytes.subarray(0, bytes.length - 5));
    const { certainty, problems } = json([
      "explain",
      "--from",
      "l3-proxy",
      "--to",
      "198.51.100.25:25",
      "--config",
      "cut.tar.gz",
    ]);
    expect(["possible", "unknown"]).toContain(certainty);
    expect(problems).toContainEqual(expect.objectContaining({ level: "error", file: "cut.tar.gz" }));
  });

  test("with nothing in it is refused", () => {
    writeFileSync(join(folder, "stub.tar.gz"), readFileSync(join(folder, "export.tar.gz")).subarray(0, 12));
    const { status, stderr } = seenas([...QUESTION, "--config", "stub.tar.gz"]);
    expect(status).toBe(2);
    expect(stderr).toContain("the archive is cut short");
  });
});
