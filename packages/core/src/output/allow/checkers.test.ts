import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { allowlistFrom } from "../../allow/allowlist.ts";
import { BANK, BASIS, HOSTILE, INSIDE, LIST, OUTSIDE, RANGES, SOURCES } from "../../testing/allow.ts";
import { ALLOW_FORMATS, type AllowFormat } from "./formats.ts";

// Programs are run once for every address.
vi.setConfig({ testTimeout: 60_000 });

// What a receiver's own program makes of the output. One that is missing is named; netfilter is asked in a network
// namespace of our own, never on this host.

const env = { ...process.env, PATH: `${process.env["PATH"]}:/usr/sbin:/sbin`, LC_ALL: "C" };

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-allow-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(command: readonly string[], input = "") {
  const [program = "", ...args] = command;
  const { status, stdout, stderr, error } = spawnSync(program, args, { env, input, encoding: "utf8" });
  return { status, output: stdout, errors: error === undefined ? stderr : String(error) };
}

const isThere = (program: string): boolean =>
  (env.PATH ?? "").split(":").some((path) => existsSync(join(path, program)));

/** How a network namespace of one's own is had here: as root, or as root of a user namespace; null: not at all. */
const ALONE =
  [
    ["unshare", "-n"],
    ["unshare", "-rn"],
  ].find((command) => run([...command, "true"]).status === 0) ?? null;

/** The names of resource, rule, partner and object all try to break out. */
const hostile = allowlistFrom(SOURCES, { ...BANK, towards: [HOSTILE] }, BASIS);

const written = (format: AllowFormat, name = "bank_in", list = LIST): string =>
  `${[...ALLOW_FORMATS[format](list, { name, language: "zh", isInternal: true })].join("\n")}\n`;

/** The same for the plain list and for the hostile one. */
const BOTH = [
  ["plain names", "bank_in", LIST],
  ["hostile names", HOSTILE, hostile],
] as const;

function checkedBy(program: string, reason: string | null, cases: () => void): void {
  const why = reason ?? (isThere(program) ? null : `${program} is not installed`);
  if (why !== null) console.warn(`skipped: ${why}; nothing checks that format here`);
  describe.skipIf(why !== null)(why === null ? program : `${program} (skipped: ${why})`, cases);
}

const needsAlone = ALONE === null ? "no network namespace can be made" : null;
const alone = (...command: readonly string[]): readonly string[] => [...(ALONE ?? []), ...command];

const bare = (ranges: readonly string[]): readonly string[] => ranges.map((range) => range.replace(/\/(32|128)$/, ""));

/** Elements of sets as `nft -j` prints them. */
function elementsOf(json: string): readonly string[] {
  const { nftables } = JSON.parse(json) as {
    nftables: readonly { set?: { elem?: readonly (string | { prefix: { addr: string; len: number } })[] } }[];
  };
  return nftables.flatMap(({ set }) =>
    (set?.elem ?? []).map((one) => (typeof one === "string" ? one : `${one.prefix.addr}/${one.prefix.len}`)),
  );
}

checkedBy("nft", needsAlone, () => {
  test.each(BOTH)("loads, twice, and holds exactly the list: %s", (_, name, list) => {
    const file = join(folder, "list.nft");
    writeFileSync(file, written("nftables", name, list));
    expect(run(alone("nft", "-c", "-f", file))).toMatchObject({ status: 0, errors: "" });
    const script =
      'nft add table inet kept && nft -f "$0" && nft -f "$0" && nft list table inet kept >&2 && nft -j list ruleset';
    const { status, output } = run(alone("sh", "-c", script, file));
    expect(status).toBe(0);
    expect([...elementsOf(output)].sort()).toEqual([...bare(RANGES)].sort());
  });

  test("what is no longer in the list goes", () => {
    const [first, second] = ["a.nft", "b.nft"].map((name) => join(folder, name));
    writeFileSync(first ?? "", written("nftables"));
    writeFileSync(second ?? "", written("nftables", "bank_in", { ...LIST, entries: LIST.entries.slice(0, 1) }));
    const { output } = run(
      alone("sh", "-c", 'nft -f "$0" && nft -f "$1" && nft -j list ruleset', first ?? "", second ?? ""),
    );
    expect(elementsOf(output)).toEqual(["10.20.0.5"]);
  });
});

describe.each([
  ["iptables", "-4"],
  ["ip6tables", "-6"],
] as const)("one file for both families", (tool, own) => {
  checkedBy(`${tool}-restore`, needsAlone, () => {
    test.each(BOTH)("%s", (_, name, list) => {
      const file = join(folder, `${tool}.rules`);
      writeFileSync(file, written("iptables", name, list));
      expect(run(alone("sh", "-c", `${tool}-restore --test --noflush < "$0"`, file))).toMatchObject({ status: 0 });
      const { output } = run(
        alone("sh", "-c", `${tool} -N kept && ${tool}-restore --noflush < "$0" && ${tool} -S`, file),
      );
      const sources = output.split("\n").flatMap((line) => /-s (\S+) -j ACCEPT/.exec(line)?.[1] ?? []);
      expect(sources).toEqual(RANGES.filter((range) => range.includes(":") === (own === "-6")));
      expect(output).toContain("-N kept");
      expect(output).not.toContain("-A INPUT");
    });
  });
});

checkedBy("ipset", needsAlone, () => {
  test.each(BOTH)("%s", (_, name, list) => {
    const file = join(folder, "list.ipset");
    writeFileSync(file, written("ipset", name, list));
    const { status, output, errors } = run(
      alone("sh", "-c", 'ipset restore < "$0" && ipset restore < "$0" && ipset save', file),
    );
    expect({ status, errors }).toEqual({ status: 0, errors: "" });
    const added = output.split("\n").flatMap((line) => /^add \S+ (\S+)/.exec(line)?.[1] ?? []);
    expect(added.sort()).toEqual([...bare(RANGES)].sort());
  });
});

checkedBy("postmap", null, () => {
  test.each(BOTH)("%s", (_, name, list) => {
    // What a package puts there may not be set up.
    mkdirSync(join(folder, "postfix"), { recursive: true });
    writeFileSync(
      join(folder, "postfix/main.cf"),
      "compatibility_level = 3.6\nmail_owner = nobody\nsetgid_group = daemon\ndefault_privs = bin\n",
    );
    const file = join(folder, "clients.cidr");
    writeFileSync(file, written("postfix", name, list));
    const ask = (address: string) => run(["postmap", "-c", join(folder, "postfix"), "-q", address, `cidr:${file}`]);
    for (const address of INSIDE) expect(ask(address)).toEqual({ status: 0, output: "OK\n", errors: "" });
    for (const address of OUTSIDE) expect(ask(address)).toEqual({ status: 1, output: "", errors: "" });
  });
});

const eximWorks = isThere("exim4")
  ? run(["exim4", "-C", "/dev/null", "-be", "works"]).output.trim() === "works"
  : false;
checkedBy("exim4", isThere("exim4") && !eximWorks ? "exim4 does not run here" : null, () => {
  test.each(BOTH)("%s", (_, name, list) => {
    const file = join(folder, "hosts");
    writeFileSync(file, written("exim", name, list));
    const ask = (address: string): string =>
      run(["exim4", "-C", "/dev/null", "-be", `\${if match_ip{${address}}{${file}}{yes}{no}}`]).output.trim();
    expect(INSIDE.map(ask)).toEqual(INSIDE.map(() => "yes"));
    expect(OUTSIDE.map(ask)).toEqual(OUTSIDE.map(() => "no"));
  });
});

checkedBy("terraform", null, () => {
  test.each(BOTH)("%s", (_, name, list) => {
    const place = mkdtempSync(join(folder, "terraform-"));
    const local = /^ {2}(\w+)_ipv4 = /m.exec(written("terraform", name, list))?.[1];
    writeFileSync(join(place, "list.tf"), written("terraform", name, list));
    expect(run(["terraform", `-chdir=${place}`, "fmt", "-check", "-diff"])).toMatchObject({ status: 0, output: "" });
    expect(run(["terraform", `-chdir=${place}`, "validate", "-no-color"])).toMatchObject({ status: 0 });
    const { output } = run(
      ["terraform", `-chdir=${place}`, "console"],
      `jsonencode(concat(local.${local}_ipv4, local.${local}_ipv6))\n`,
    );
    expect(JSON.parse(JSON.parse(output))).toEqual(RANGES);
  });
});

checkedBy("kubectl", null, () => {
  test.each(BOTH)("reads the policy, without a cluster: %s", (_, name, list) => {
    const { status, output } = run(
      ["kubectl", "label", "--local", "-f", "-", "-o", "json", "a=b"],
      written("networkpolicy", name, list),
    );
    expect(status).toBe(0);
    const { spec } = JSON.parse(output);
    expect(spec.ingress[0].from.map((from: { ipBlock: { cidr: string } }) => from.ipBlock.cidr)).toEqual(RANGES);
    expect(spec.ingress[0].ports).toEqual([{ port: 443, protocol: "TCP" }]);
  });
});

/** Where Debian keeps a server's programs. */
function postgresPrograms(): string | null {
  const versions = existsSync("/usr/lib/postgresql") ? readdirSync("/usr/lib/postgresql").sort() : [];
  const found = versions
    .map((version) => `/usr/lib/postgresql/${version}/bin`)
    .filter((path) => existsSync(`${path}/initdb`));
  return found.at(-1) ?? null;
}

const NOBODY = 65_534;

const HOST4 = "255.255.255.255";
/** `RANGES` as the server understands them. */
const MASKED = [
  `10.20.0.5 ${HOST4}`,
  `198.51.100.4 ${HOST4}`,
  `203.0.113.7 ${HOST4}`,
  "203.0.113.8 255.255.255.254",
  `203.0.113.20 ${HOST4}`,
  "2001:db8:7:: ffff:ffff:ffff:ffff::",
  "2001:db8:8:: ffff:ffff:ffff:ffff::",
];

describe.skipIf(postgresPrograms() === null)("postgres", () => {
  test("reads each record, and the range of each", { timeout: 60_000 }, () => {
    const programs = postgresPrograms() ?? "";
    const place = mkdtempSync(join(tmpdir(), "seenas-pg-"));
    const isRoot = process.getuid?.() === 0;
    // The server refuses to be root.
    if (isRoot) chownSync(place, NOBODY, NOBODY);
    const as = isRoot ? ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups"] : [];
    const data = join(place, "data");
    const done = (command: readonly string[]) => {
      const { status, output, errors } = run([...as, ...command]);
      expect({ command, status, errors: status === 0 ? "" : errors }).toEqual({ command, status: 0, errors: "" });
      return output;
    };
    done([`${programs}/initdb`, "-D", data, "-A", "trust", "-U", "test", "--no-sync"]);
    writeFileSync(join(data, "pg_hba.conf"), `local all all trust\n${written("pg-hba", HOSTILE, hostile)}`);
    const options = `-c listen_addresses= -c unix_socket_directories=${place} -c fsync=off`;
    done([`${programs}/pg_ctl`, "-D", data, "-o", options, "-l", join(place, "log"), "-w", "start"]);
    try {
      const query =
        "select concat_ws(' ', (database || user_name)::text, address, netmask, error) from pg_hba_file_rules where type <> 'local'";
      const asked = [`${programs}/psql`, "-h", place, "-U", "test", "-d", "postgres", "-Atc", query];
      const records = done(asked).trim().split("\n");
      // SSL is not set up here: nothing else may be wrong.
      const expected = MASKED.map(
        (range) => `{DATABASE,USER} ${range} hostssl record cannot match because SSL is disabled`,
      );
      expect(records).toEqual(expected);
    } finally {
      done([`${programs}/pg_ctl`, "-D", data, "-m", "immediate", "-w", "stop"]);
      rmSync(place, { recursive: true, force: true });
    }
  });
});
if (postgresPrograms() === null) console.warn("skipped: postgres is not installed; nothing checks pg-hba here");

describe("a shell reads the commands", () => {
  const tools = { gcp: "gcloud", aws: "aws", azure: "az" } as const;
  test.each((["gcp", "aws", "azure"] as const).flatMap((format) => BOTH.map((one) => [format, ...one] as const)))(
    "%s: runs the one tool and nothing else: %s",
    (format, _, name, list) => {
      const script = join(folder, `${format}.sh`);
      const called = join(folder, `${format}.called`);
      // Instead of the tool: what words it was given.
      const stand = `${tools[format]}() { printf '%s\\n' "$@" '--next--' >> '${called}'; }\n`;
      writeFileSync(script, stand + written(format, name, list));
      rmSync(called, { force: true });
      const limits = ["env", "-i", "NETWORK=n", "RESOURCE_GROUP=g", "NSG=s", "PRIORITY=100", "PATH=/nowhere"];
      const { status, errors } = run([...limits, "/bin/sh", script]);
      expect({ status, errors }).toEqual({ status: 0, errors: "" });
      const words = run(["cat", called]).output;
      for (const range of RANGES) expect(words).toContain(range);
      expect(words.match(/^--next--$/gm)?.length).toBe(2);
    },
  );

  test("a port that nobody named must be given", () => {
    const script = written("gcp", "x", { ...LIST, services: null });
    expect(run(["env", "-i", "NETWORK=n", "/bin/sh"], script).errors).toContain("PORT");
  });
});
