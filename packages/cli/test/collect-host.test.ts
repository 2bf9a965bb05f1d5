import { spawnSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

// The kit runs in a network namespace of its own, with a mail server that names the source it claims to see, and what it
// wrote is read by the command that users have.

const root = fileURLToPath(new URL("../../../", import.meta.url));
const seenas = join(root, "packages/cli/bin/seenas.js");

const command = (...words: readonly string[]) =>
  spawnSync(process.execPath, [seenas, ...words], {
    encoding: "utf8",
    cwd: root,
    env: { ...process.env, LC_ALL: "C" },
  });

const there = (program: string, ...words: readonly string[]): boolean => spawnSync(program, words).status === 0;

const NAMESPACE = there("unshare", "-n", "-u", "true") && there("ip", "-V");

const SERVER = `
require("node:net").createServer((socket) => {
  socket.write("220 mx1.partner.example Microsoft ESMTP MAIL Service ready\\r\\n");
  socket.on("error", () => {});
  socket.on("data", (data) => {
    const words = String(data);
    if (words.startsWith("EHLO")) socket.write("250-mx1.partner.example Hello [10.72.2.222]\\r\\n250 SIZE\\r\\n");
    else if (words.startsWith("QUIT")) socket.end("221 bye\\r\\n");
    else socket.write("500 no\\r\\n");
  });
}).listen(25, "198.51.100.25", () => console.log("ready"));
setTimeout(() => process.exit(), 60000);
`;

const listens = (talk: string): string => `
require("node:net").createServer((socket) => { socket.on("error", () => {}); ${talk} })
  .listen(25, "198.51.100.25", () => console.log("ready"));
setTimeout(() => process.exit(), 60000);
`;
const SILENT = listens("");
const ENDLESS = listens(
  'const line = "220-" + "x".repeat(500) + "\\r\\n"; const talk = () => { while (socket.write(line)); }; socket.on("drain", talk); talk();',
);

const PATH = process.env["PATH"] ?? "";

let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-kit-"));
  const kit = command("collect", "host", "--print", "sh", "--to", "198.51.100.25:25");
  expect([kit.status, kit.stderr]).toEqual([0, ""]);
  writeFileSync(join(folder, "kit.sh"), kit.stdout);
  writeFileSync(join(folder, "server.cjs"), SERVER);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with every program of BusyBox and nothing else. */
function busyboxPath(): string {
  const path = join(folder, "busybox-bin");
  mkdirSync(path, { recursive: true });
  const where = spawnSync("sh", ["-c", "command -v busybox"], { encoding: "utf8" }).stdout.trim();
  for (const name of spawnSync("busybox", ["--list"], { encoding: "utf8" }).stdout.trim().split("\n"))
    if (name !== "busybox") symlinkSync(where, join(path, name));
  return path;
}

interface Run {
  readonly path?: string;
  /** A program that runs the rest as somebody else. */
  readonly as?: string;
  readonly server?: string;
}

/** @returns where the kit wrote its one file */
function runKit(name: string, shell: string, { path = PATH, as = "", server = "server.cjs" }: Run = {}): string {
  const where = join(folder, name);
  const home = join(folder, `${name}-home`);
  for (const made of [where, home]) {
    mkdirSync(made);
    chmodSync(made, 0o777);
  }
  const script = `
hostname l3-proxy
ip link set lo up
ip addr add 10.72.2.222/24 dev lo
ip addr add 198.51.100.25/32 dev lo
ip route add default dev lo src 10.72.2.222
nft add table ip kit
nft 'add chain ip kit out { type nat hook postrouting priority 100; }'
nft add rule ip kit out ip saddr 10.99.0.0/24 masquerade
cd '${where}'
'${process.execPath}' '${join(folder, server)}' >'${folder}/${name}.ready' &
server=$!
until [ -s '${folder}/${name}.ready' ]; do sleep 0.1; done
export HOME='${home}' TMPDIR='${home}'
https_proxy=http://me:hunter2@proxy.example:8080 NO_PROXY=10.0.0.0/8 PATH='${path}' ${as} ${shell} '${join(folder, "kit.sh")}'
kill $server`;
  const ran = spawnSync("unshare", ["-n", "-u", "sh", "-c", script], { encoding: "utf8", timeout: 100_000 });
  expect(ran.stderr).toContain("send back seenas-host-l3-proxy.txt");
  expect(readdirSync(where)).toEqual(["seenas-host-l3-proxy.txt"]);
  expect(readdirSync(home)).toEqual([]);
  return join(where, "seenas-host-l3-proxy.txt");
}

const SHELLS = [
  { shell: "dash", found: there("dash", "-c", ":"), run: () => runKit("dash", "dash") },
  { shell: "bash", found: there("bash", "-c", ":"), run: () => runKit("bash", "bash --posix") },
  {
    shell: "busybox",
    found: there("busybox", "true"),
    run: () => {
      const path = busyboxPath();
      return runKit("busybox", join(path, "sh"), { path });
    },
  },
];

describe.each(SHELLS)("the kit under $shell", ({ shell, found, run }) => {
  const why = [NAMESPACE ? "" : "no network namespaces here", found ? "" : `no ${shell} here`]
    .filter(Boolean)
    .join(", ");
  const skipped = why === "" ? "" : ` (skipped: ${why})`;

  test.skipIf(why !== "")(
    `its one file is tables and evidence${skipped}`,
    () => {
      const file = run();
      const text = readFileSync(file, "utf8");
      expect(text).not.toContain("hunter2");
      expect(text).toContain("https_proxy=http://(removed)@proxy.example:8080");
      expect(text).toContain("NO_PROXY=10.0.0.0/8");
      // BusyBox has no nft, and its traceroute no TCP.
      if (shell !== "busybox" && there("nft", "--version"))
        expect(text).toMatch(/ip saddr 10\.99\.0\.0\/24 .*masquerade/);
      if (shell !== "busybox" && there("traceroute", "--version")) expect(text).toContain("$ traceroute -n -T -p 25 ");
      const read = command("read", file, "--json");
      expect(read.status).toBe(0);
      const said: unknown = JSON.parse(read.stdout);
      expect(said).toMatchObject({
        files: [
          { kind: "guest-routes", problems: [] },
          { kind: "mixed", problems: [] },
        ],
      });
      expect(read.stdout).toContain("table main: 0.0.0.0/0 goes to on-link (lo)");
      const words = ["--from", "l3-proxy", "--to", "198.51.100.25:25", "--json"];
      for (const flag of ["--config", "--evidence"]) {
        const explained = command("explain", ...words, "--config", "packages/cli/example/export", flag, file);
        const verdict: unknown = JSON.parse(explained.stdout);
        expect(verdict).toMatchObject({ certainty: "observed", answer: { addresses: ["10.72.2.222"] } });
      }
    },
    120_000,
  );
});

const SETPRIV = "setpriv --reuid=65534 --regid=65534 --clear-groups";
const noSetpriv =
  NAMESPACE && there("setpriv", "--version") ? "" : " (skipped: no network namespaces or no setpriv here)";

test.skipIf(noSetpriv !== "")(
  `without root less is seen, and what is not seen is said${noSetpriv}`,
  () => {
    chmodSync(folder, 0o755);
    const text = readFileSync(runKit("nobody", "sh", { as: SETPRIV }), "utf8");
    expect(text).toContain("# NAT rules: not shown, only root may");
    expect(text).not.toContain("masquerade");
    expect(text).toContain("Hello [10.72.2.222]");
  },
  120_000,
);

describe.each([
  { kind: "never says anything", program: SILENT },
  { kind: "never stops talking", program: ENDLESS },
])("a destination that $kind", ({ kind, program }) => {
  test.skipIf(!NAMESPACE)(
    `is waited for no longer than a minute${NAMESPACE ? "" : " (skipped: no network namespaces here)"}`,
    () => {
      const name = kind.replaceAll(" ", "-");
      writeFileSync(join(folder, `${name}.cjs`), program);
      const text = readFileSync(runKit(name, "sh", { server: `${name}.cjs` }), "utf8");
      expect(text.length).toBeLessThan(200_000);
      expect(text).toContain("$ ip -4 route show table all");
    },
    60_000,
  );
});

test("the kit says nothing that another shell would not understand", () => {
  for (const { shell, found } of SHELLS) {
    if (!found) continue;
    const words = shell === "busybox" ? ["sh", "-n"] : ["-n"];
    expect(spawnSync(shell, [...words, join(folder, "kit.sh")], { encoding: "utf8" }).stderr).toBe("");
  }
});

test.each([
  [["host"], "seenas collect host prints a script"],
  [["host", "--print", "fish"], "--print fish"],
  [["host", "--print", "sh", "--to", "x;reboot:25"], "x;reboot:25"],
  [["gcp", "--region", "r"], "--region is not for gcp"],
  [["gcp", "--project", "-x"], "--project"],
  [["gcp", "--project=a b"], "a b"],
  [["oracle"], "gcp, azure, aws or host"],
] as const)("wrong words %j are refused", (words, says) => {
  const { status, stderr } = command("collect", ...words);
  expect(status).toBe(2);
  expect(stderr).toContain(says);
});

test("PowerShell: the same parts; its lines end as Windows has them", () => {
  const { stdout } = command("collect", "host", "--print", "powershell", "--to", "[2001:db8::25]:25");
  expect(stdout).toContain("$target = '2001:db8::25'\r\n$port = 25\r\n");
  for (const part of ["route print", "ipconfig /all", "winhttp show proxy", "tracert", "EHLO"])
    expect(stdout).toContain(part);
  expect(stdout).not.toMatch(/[^\r]\n/);
});
