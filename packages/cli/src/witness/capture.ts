import { generateKeyPairSync } from "node:crypto";
import { type Ip, type Observation, type Problem, parseMark, takeIn } from "@seenas/core";
import { loadInputs } from "../inputs.ts";
import { identityOf } from "./crypto.ts";
import { SightingLog, type Unnumbered } from "./log.ts";
import * as problem from "./problems.ts";

export interface FromCapture {
  readonly recorded: number;
  readonly problems: readonly Problem[];
}

/** Appends who called, by a capture that was taken at the destination. Nobody is told anything, so nothing is signed. */
export async function recordCapture(
  file: string,
  logPath: string,
  flags: { readonly quiet: boolean; readonly language: "en" | "zh" },
): Promise<FromCapture> {
  const loaded = await loadInputs([], [file], flags.quiet, flags.language);
  if (loaded.fatal.length > 0) return { recorded: 0, problems: loaded.fatal };
  if (!loaded.files.every((one) => "capture" in one)) return { recorded: 0, problems: [problem.notACapture(file)] };
  const { evidence } = await takeIn(loaded.files, () => "destination");
  const problems: Problem[] = evidence.flatMap((one) => one.problems);
  const log = SightingLog.open(logPath, identityOf(generateKeyPairSync("ed25519").privateKey), (one) => {
    problems.push(one);
  });
  if (!(log instanceof SightingLog)) return { recorded: 0, problems: [log] };
  for (const observation of evidence.flatMap((one) => one.observations)) {
    const seen = sightingOf(observation);
    if (seen !== null) log.record(seen, () => {});
  }
  await log.close();
  return { recorded: log.recorded, problems };
}

function sightingOf({ strength, seen, mark }: Observation): Unnumbered | null {
  const { source, destination, protocol, at } = seen;
  const isWhole = source?.ip != null && destination?.ip != null && (protocol === "tcp" || protocol === "udp");
  if (strength !== "destination-observed" || !isWhole || at === null) return null;
  return {
    at: utc(at),
    listener: protocol,
    protocol,
    source: { address: source.ip as Ip, port: seen.sourcePort ?? 0 },
    via: null,
    local: { address: destination.ip as Ip, port: seen.destinationPort ?? 0 },
    mark: parseMark(mark ?? ""),
  };
}

const utc = (at: string): string => new Date(at).toISOString();
