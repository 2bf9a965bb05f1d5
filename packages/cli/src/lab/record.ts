import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Lane } from "./lane.ts";
import { type Plan, SENDER } from "./plan.ts";

/** Keeps what tools show of a network while it stands; what is not installed is left out. */
export async function record(lane: Lane, plan: Plan, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "network.json"), `${JSON.stringify(plan, null, 2)}\n`);
  const { to } = plan.probe;
  const show = (file: string, node: string, ...words: readonly string[]): void => {
    const text = output([...lane.enter(node), ...words]);
    if (text !== null) writeFileSync(join(folder, file), text);
  };
  show("guest.txt", SENDER, "sh", "-c", GUEST);
  show("traceroute.txt", SENDER, "traceroute", "-n", "-w", "0.3", "-q", "1", "-m", "9", to);
  for (const { name } of plan.nodes) {
    show(`${name}-conntrack.txt`, name, "conntrack", "-L");
    show(`${name}-ruleset.txt`, name, "nft", "list", "ruleset");
  }
}

/** The commands with their outputs, as a user would paste them. */
const GUEST = ["ip addr", "ip rule", "ip -6 rule", "ip -4 route show table all", "ip -6 route show table all"]
  .map((command) => `echo '$ ${command}'; ${command}`)
  .join("; ");

function output([command = "", ...words]: readonly string[]): string | null {
  try {
    return execFileSync(command, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  } catch {
    return null;
  }
}
