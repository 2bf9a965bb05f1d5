import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import type { Sighting } from "./lane.ts";
import type { Probe } from "./plan.ts";

export const hasPing = (): boolean => ["/usr/bin/ping", "/bin/ping"].some((path) => existsSync(path));

const execute = promisify(execFile);

/** Asks for echoes one after the other: the destination's kernel remembers who asked, and by which way it came. */
export async function sendEchoes(
  sender: readonly string[],
  destination: readonly string[],
  probes: readonly Probe[],
): Promise<readonly Sighting[]> {
  const sightings: Sighting[] = [];
  for (const probe of probes) {
    let sighting = await askOnce(sender, destination, probe);
    // Nobody sends an echo again but the lab.
    for (let again = 1; again < TRIES && probe.isAwaited && sighting.arrived === null; again += 1)
      sighting = await askOnce(sender, destination, probe);
    sightings.push(sighting);
  }
  return sightings;
}

const TRIES = 4;

async function askOnce(
  sender: readonly string[],
  destination: readonly string[],
  { to, bind }: Probe,
): Promise<Sighting> {
  const set = to.includes(":") ? "echo6" : "echo4";
  await run(destination, "nft", "flush", "set", "inet", "lab", set);
  const from = bind === null ? [] : ["-I", bind];
  const result = await run(sender, "ping", "-n", "-c", "1", "-W", "1", ...from, to);
  const listed = await run(destination, "nft", "-j", "list", "set", "inet", "lab", set);
  return { result: result === null ? "no echo" : "ok", arrived: listed === null ? null : firstIn(listed) };
}

async function run(enter: readonly string[], ...words: readonly string[]): Promise<string | null> {
  const [command = "", ...rest] = [...enter, ...words];
  try {
    return (await execute(command, rest)).stdout;
  } catch {
    return null;
  }
}

/** nftables prints pairs of address and mark; the mark is one more than the way. */
function firstIn(listed: string): Sighting["arrived"] {
  const found = /"concat":\s*\["([^"]+)",\s*(\d+)\]/.exec(listed);
  return found === null ? null : { source: found[1] ?? "", way: Number(found[2]) - 1 };
}
