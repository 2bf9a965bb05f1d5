import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ALLOW_FORMATS } from "@seenas/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../../../", import.meta.url));

function allow(words: string) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["packages/cli/bin/seenas.js", "allow", ...words.split(" ")],
    { cwd: root, encoding: "utf8", env: { ...process.env, LC_ALL: "C", NO_COLOR: "1" } },
  );
  return { status, stdout, stderr };
}

const GCP = "--config examples/estate-gcp-shared-vpc/export";
const BANK = `${GCP} --to 203.0.113.10:443`;
const MAIL = "examples/gcp-mail-config-and-evidence";
const SMTP = `--from l3-proxy --to mail.partner.example:25 --config ${MAIL}/export --evidence ${MAIL}/evidence`;

const rangesIn = (text: string): readonly string[] =>
  text.split("\n").flatMap((line) => /^([0-9a-f.:]+\/\d+)/.exec(line)?.[1] ?? []);

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-allow-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("what is answered", () => {
  // The README of the example says who shows what to the bank.
  test("the estate towards a partner: the union of all that reach it, the others counted", () => {
    const { status, stdout } = allow(`${BANK} --at 2026-11-20T08:00:00Z`);
    expect(status).toBe(0);
    expect(rangesIn(stdout)).toEqual(["192.0.2.20/32", "192.0.2.30/32", "198.51.100.20/32"]);
    expect(stdout).toContain("# As of 2026-11-20T08:00:00Z\n# Left out: 3 of 7 senders");
  });

  test("a list of flows", () => {
    const { stdout } = allow(`${BANK} --to 198.51.100.200:443 --from web-1 --from batch-1`);
    expect(rangesIn(stdout)).toEqual(["192.0.2.10/31", "192.0.2.20/32", "192.0.2.30/32"]);
  });

  describe("a file of flows: each sender with its own target alone", () => {
    const flows = (text: string, more = "") => {
      writeFileSync(join(folder, "flows.txt"), text);
      return allow(`${GCP} --flows ${join(folder, "flows.txt")}${more === "" ? "" : ` ${more}`}`);
    };
    const both = "web-1 203.0.113.10:443 Bank\nbatch-1,198.51.100.200:443 # at night\n";

    test("the union of them, and of no other pair", () => {
      const alone = (from: string, to: string) =>
        rangesIn(allow(`${GCP} --from ${from} --to ${to} --allow-unstable`).stdout);
      const wanted = [...alone("web-1", "203.0.113.10:443"), ...alone("batch-1", "198.51.100.200:443")];
      expect(rangesIn(flows(both, "--allow-unstable").stdout)).toEqual([...new Set(wanted)].sort());
    });

    test("names of targets are on the page", () =>
      expect(flows(both, "--format markdown --allow-unstable").stdout).toContain("Bank (203.0.113.10:443)"));

    test.each([
      ["", "holds no flow"],
      ["web-1", "expected a sender and an address or prefix"],
      ["web-1 mail.partner.example:25", "expected a sender and an address or prefix"],
      ["nobody 203.0.113.10:443", "nobody"],
    ])("%j is refused", (text, says) => {
      const { status, stderr } = flows(text);
      expect(status).toBe(2);
      expect(stderr).toContain(says);
    });

    test("beside other flags that say who and where", () =>
      expect(flows(both, "--from web-1")).toMatchObject({ status: 2, stdout: "" }));
  });

  test("one flow", () => expect(rangesIn(allow(`${BANK} --from web-1`).stdout)).toEqual(["192.0.2.20/32"]));

  test("a file of partners, and a name", () => {
    const file = "examples/estate-azure-hub-spoke";
    const { status, stdout } = allow(
      `--config ${file}/export --partners ${file}/partners.yaml --format nftables --name estate`,
    );
    expect(status).toBe(0);
    expect(stdout).toContain("add element inet seenas estate_v4 {");
  });

  test("--json is --format json", () =>
    expect(JSON.parse(allow(`${BANK} --json`).stdout)).toMatchObject({
      schema: "seenas/allow@1",
      certain: true,
      blocked: 3,
    }));

  test("nothing is told beside a list that is certain", () => expect(allow(BANK).stderr).toBe(""));
});

describe("what is refused", () => {
  test("an address that does not last, though it was observed", () => {
    const refused = allow(SMTP);
    expect(refused).toMatchObject({ status: 3, stdout: "" });
    expect(refused.stderr).toContain("10.72.2.222 lasts only until the resource stops or is replaced");
    const printed = allow(`${SMTP} --allow-unstable --quiet`);
    expect(printed).toMatchObject({ status: 0, stderr: "" });
    expect(printed.stdout).toContain("# NOT CERTAIN: l3-proxy/nic0");
    expect(printed.stdout).toMatch(/10\.72\.2\.222\/32 {2}# UNSTABLE, ephemeral, observed, private source/);
  });

  test("one partner of several is enough", () => {
    const partners = `${GCP} --partners examples/estate-gcp-shared-vpc/partners.yaml`;
    expect(allow(partners)).toMatchObject({ status: 3, stdout: "" });
    expect(rangesIn(allow(`${partners} --allow-unstable`).stdout)).toContain("192.0.2.20/32");
  });

  test("what is not known yet says what would decide it, and is no list either way", () => {
    const auto = "--from l3-proxy --to 192.0.2.80:443 --config examples/gcp-cloud-nat-auto/export";
    for (const words of [auto, `${auto} --allow-unstable`]) {
      const { status, stdout, stderr } = allow(words);
      expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
      expect(stderr.replace(/\s+/g, " ")).toContain("gcloud compute routers get-nat-ip-info router-1");
    }
  });

  test("a contradiction, with --allow-unstable, too", () => {
    const folder = "examples/contradiction-mail-log";
    const words = `--from l3-proxy --to 198.51.100.25:587 --config ${folder}/export --evidence ${folder}/evidence/mail.log`;
    for (const flag of ["", " --allow-unstable"]) expect(allow(words + flag)).toMatchObject({ status: 4, stdout: "" });
  });

  test("a list from half of an export", () => {
    const folder = mkdtempSync(join(tmpdir(), "seenas-half-"));
    cpSync(join(root, "examples/estate-gcp-shared-vpc/export"), folder, { recursive: true });
    const file = join(folder, "svc-web/instances.json");
    writeFileSync(file, readFileSync(file, "utf8").slice(0, 300));
    const words = `--config ${folder} --to 203.0.113.10:443`;
    expect(allow(words)).toMatchObject({ status: 3, stdout: "" });
    const printed = allow(`${words} --allow-unstable`);
    rmSync(folder, { recursive: true });
    expect(printed.status).toBe(3);
    expect(printed.stdout).toContain("# NOT CERTAIN: a part of the input could not be used");
  });

  test("an empty list", () => {
    const { status, stdout, stderr } = allow(
      "--config examples/estate-azure-hub-spoke/export --from job1 --to 10.1.1.4:443",
    );
    expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
    expect(stderr).toContain("nothing of 1 sender reaches it");
  });

  test("--json says why", () => {
    const { status, stdout } = allow(`${SMTP} --json`);
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ schema: "seenas/problems@1", problems: [{ code: "allow/unstable" }] });
  });
});

describe("bad usage", () => {
  test.each([
    ["nobody to hand it to", GCP, "towards whom?"],
    ["a format there is not", `${BANK} --format pf`, '"pf"'],
    ["a time that is none", `${BANK} --at yesterday`, "RFC 3339"],
    [
      "evidence of many flows",
      `${BANK} --evidence ${MAIL}/evidence/smtp.txt --from web-1 --from web-2`,
      "several are asked for",
    ],
    ["a sender there is not", `${BANK} --from web-9 --from web-1`, "web-9"],
    ["a place that is none", `${GCP} --to nowhere:x`, "expected an address"],
    ["a flag there is not", `${BANK} --dts x`, "--dts"],
  ])("%s", (_, words, said) => {
    const { status, stdout, stderr } = allow(words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toContain(said);
  });

  test("the usage names every format", () => {
    const { stdout } = allow("--help");
    const [, named = ""] = /--format FORMAT +(.+?)\n +--name/s.exec(stdout) ?? [];
    expect(named.split(/,\s+/)).toEqual(Object.keys(ALLOW_FORMATS));
  });

  test("without anything: how it is used", () => {
    const { status, stdout } = allow("--lang en");
    expect(status).toBe(2);
    expect(stdout).toContain("seenas allow:");
  });
});

describe("docs/allow.md", () => {
  const page = `${root}docs/allow.md`;
  const BLOCK = /^```console\n\$ npx seenas allow (.*)\n([\s\S]*?)^```$/gm;

  test.each(
    [...readFileSync(page, "utf8").matchAll(BLOCK)].map(([, words = "", printed = ""]) => ({ words, printed })),
  )("$words", ({ words, printed }) => {
    const { stdout } = allow(words);
    if (process.env["UPDATE"] === "1")
      writeFileSync(
        page,
        readFileSync(page, "utf8").replace(BLOCK, (block, found) =>
          found === words ? `\`\`\`console\n$ npx seenas allow ${words}\n${stdout}\`\`\`` : block,
        ),
      );
    else expect(stdout).toBe(printed);
  });
});
