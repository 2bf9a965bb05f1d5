import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { joinConfig, type Scenario } from "@seenas/core";
import type { Lane } from "./lane.ts";
import { mailLog } from "./mail.ts";
import { DESTINATION, type Plan, type Probe, SENDER } from "./plan.ts";

/** Keeps what tools show of a network while it stands; what is not installed is left out. */
export async function record(lane: Lane, plan: Plan, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "network.json"), `${JSON.stringify(plan, null, 2)}\n`);
  const { probe, nodes } = plan;
  const show = (file: string, node: string, ...words: readonly string[]): void => {
    const text = output([...lane.enter(node), ...words]);
    if (text !== null && text.trim() !== "") writeFileSync(join(folder, file), text);
  };
  show("guest.txt", SENDER, "sh", "-c", GUEST);
  await captured(lane, probe, folder, () => talk(lane, probe, folder));
  for (const { name } of nodes) {
    show(`${name}-conntrack.txt`, name, "conntrack", "-L");
    show(`${name}-ruleset.txt`, name, "nft", "list", "ruleset");
  }
  show("traceroute.txt", SENDER, ...TRACEROUTE, ...boundTo(probe, "-s"), probe.to);
}

/** Enough probes a hop to see every branch of equal cost. */
const TRACEROUTE = ["traceroute", "-n", "-w", "0.3", "-q", "10", "-m", "9"];

const boundTo = ({ bind }: Probe, flag: string): readonly string[] => (bind === null ? [] : [flag, bind]);

/** The commands with their outputs, as a user would paste them. */
const GUEST = ["ip addr", "ip rule", "ip -6 rule", "ip -4 route show table all", "ip -6 route show table all"]
  .map((command) => `echo '$ ${command}'; ${command}`)
  .join("; ");

/** One more connection: to the mail server where there is one, to the lab's own otherwise. */
async function talk(lane: Lane, probe: Probe, folder: string): Promise<void> {
  if (lane.mail === null || probe.protocol !== "tcp") return void (await lane.send([probe]));
  const before = mailLog().length;
  lane.switchMail(true);
  const place = probe.to.includes(":") ? `[${probe.to}]` : probe.to;
  const letter = join(folder, "letter.txt");
  writeFileSync(letter, "From: a@client.example\nTo: b@partner.example\nSubject: hello\n\nhello\n");
  const url = `smtp://${place}:${probe.port}/client.example`;
  const words = ["curl", "-sv", "--max-time", "10", ...boundTo(probe, "--interface"), url, "-T", letter, ...ENVELOPE];
  const text = output(["sh", "-c", '"$@" 2>&1; true', "sh", ...lane.enter(SENDER), ...words]);
  lane.switchMail(false);
  if (text?.includes("< 220 ")) writeFileSync(join(folder, "smtp.txt"), text);
  // The last words of a connection are logged after it is closed.
  await sleep(200);
  const logged = mailLog().slice(before);
  if (logged.trim() !== "") writeFileSync(join(folder, "server.log"), logged);
}

const ENVELOPE = ["--mail-from", "a@client.example", "--mail-rcpt", "b@partner.example"];

/** Everything that comes to the destination meanwhile, as packets and as lines. */
async function captured(lane: Lane, { to }: Probe, folder: string, during: () => Promise<void>): Promise<void> {
  const file = join(folder, "capture.pcap");
  const [command = "", ...words] = [
    ...lane.enter(DESTINATION),
    ...["tcpdump", "-Z", "root", "--immediate-mode", "-U", "-n", "-i", "any", "-w", file, "host", to],
  ];
  const child = spawn(command, words, { stdio: ["ignore", "ignore", "pipe"] });
  let isThere = true;
  child.once("error", () => {
    isThere = false;
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  await new Promise<void>((resolve) => {
    child.stderr.once("data", () => resolve());
    child.once("close", () => resolve());
    child.once("error", () => resolve());
  });
  await during();
  if (!isThere) return;
  child.kill("SIGINT");
  await ended;
  const text = output(["tcpdump", "-n", "-tttt", "-r", file]);
  if (text !== null && text.trim() !== "") writeFileSync(join(folder, "tcpdump.txt"), text);
}

/** The scenario's export and its question, so that what was kept can be explained as a user would. */
export function recordQuestion(scenario: Scenario, base: readonly unknown[], folder: string): void {
  mkdirSync(join(folder, "export"), { recursive: true });
  for (const [index, document] of joinConfig(base, scenario).entries())
    writeFileSync(
      join(folder, `export/${`${index + 1}`.padStart(3, "0")}.json`),
      `${JSON.stringify(document, null, 2)}\n`,
    );
  const { from, to, port, protocol = "tcp", source } = scenario.flow;
  const place = to.includes(":") ? `[${to}]` : to;
  const asked = `${place}${port === undefined ? "" : `:${port}`}/${protocol}`;
  const note = source === undefined ? "" : `# the program binds to ${source}\n`;
  writeFileSync(join(folder, "question.txt"), `${note}--from ${from} --to ${asked} --config export\n`);
}

/** What a command printed; null: it failed, or is not installed. */
function output([command = "", ...words]: readonly string[]): string | null {
  try {
    return execFileSync(command, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
}
