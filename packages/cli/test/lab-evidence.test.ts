import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const cli = fileURLToPath(new URL("../bin/seenas.js", import.meta.url));
const seenas = (words: readonly string[], cwd?: string): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [cli, ...words], { encoding: "utf8", cwd, env: { ...process.env, LC_ALL: "C" } });

// One of each: kept on a private link, a NAT gateway, an address of the VM's own, a load balancer, an appliance.
const SCENARIOS = ["twins/kept", "twins/translated", "gcp/T01", "azure/T-09", "azure/T-01", "aws/AW6", "aws/AW20"];

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seenas-lab-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Kept {
  readonly certainty: string;
  readonly addresses: readonly string[];
}

/** What `explain` makes of one kept file, asked as `question.txt` says. */
function explained(kept: string, file: string): Kept {
  const words = readFileSync(join(kept, "question.txt"), "utf8").trim().split(" ");
  const vantage = /^(capture|tcpdump)/.test(file) ? ["--vantage", `${file}=destination`] : [];
  const { stdout } = seenas(["explain", ...words, "--evidence", file, ...vantage, "--json"], kept);
  const { certainty, answer } = JSON.parse(stdout);
  return { certainty, addresses: answer.addresses };
}

const arrivedIn = (kept: string): readonly string[] => [
  ...new Set<string>(
    JSON.parse(readFileSync(join(kept, "seen.json"), "utf8")).map(
      (sighting: { arrived: { source: string } }) => sighting.arrived.source,
    ),
  ),
];

/** Files that name the source where each server stands; Postfix never names its peer to the client. */
const TELLING = {
  postfix: ["server.log", "tcpdump.txt", "capture.pcap"],
  exim: ["smtp.txt", "server.log", "tcpdump.txt", "capture.pcap"],
  opensmtpd: ["smtp.txt", "tcpdump.txt", "capture.pcap"],
} as const;

describe.each(["postfix", "exim", "opensmtpd"] as const)("lab, with %s at the destination", (server) => {
  test("what is kept is evidence of what arrived", { timeout: 300_000 }, ({ skip }) => {
    const keep = join(folder, server);
    const { status, stdout, stderr } = seenas(["lab", "run", ...SCENARIOS, "--mail", server, "--keep", keep]);
    if (status === 3) skip(`${SCENARIOS.length} scenarios not checked: ${stderr.trim()}`);
    expect(`${stdout}${stderr}`).toContain(`${SCENARIOS.length} scenarios agree, 0 differ, 0 failed`);
    for (const scenario of SCENARIOS) {
      const kept = join(keep, `${scenario.replaceAll("/", "-")}-1`);
      const addresses = arrivedIn(kept);
      for (const file of TELLING[server])
        expect({ scenario, file, ...explained(kept, file) }).toEqual({
          scenario,
          file,
          certainty: "observed",
          addresses,
        });
    }
  });

  test("a table of translations is a log", { timeout: 60_000 }, ({ skip }) => {
    const kept = join(folder, server, "twins-translated-1");
    const file = "r0-conntrack.txt";
    if (!existsSync(join(kept, file))) skip("no translations were kept");
    expect(explained(kept, file)).toEqual({ certainty: "logged", addresses: ["203.0.113.10"] });
  });
});
