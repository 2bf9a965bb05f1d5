import { type Evidence, type Observation, takeIn } from "@seenas/core";
import type { Rejected } from "../embedded/rejects.ts";
import type { Endpoint, LogRow } from "../row.ts";
import { momentOf } from "./moment.ts";
import type { Reason } from "./record.ts";

/** The file that is read, and which of its lines the text consists of; null: all of them. */
interface Origin {
  readonly file: string;
  readonly numbers: readonly number[] | null;
}

/** What the readers of evidence see in a text: who saw which source, when. One row an observation. */
export async function sightingsOf(text: string, origin: Origin): Promise<Sightings> {
  const taken = await takeIn([{ name: origin.file, role: "evidence", text }], () => null);
  return rowsOf(taken.evidence, origin);
}

export interface Sightings {
  readonly rows: readonly LogRow[];
  readonly rejected: readonly Rejected[];
}

/** What was observed, as far as it has a source and a full time; what has not is rejected, with its place. */
export function rowsOf(evidence: readonly Evidence[], { file, numbers }: Origin): Sightings {
  const rows: LogRow[] = [];
  const rejected: Rejected[] = [];
  const lineOf = (line: number | null): number | null =>
    line === null || numbers === null ? line : (numbers[line - 1] ?? line);
  const reject = (reason: Reason, line: number | null, text: string): void => {
    rejected.push({ file, line: lineOf(line), reason, text: text.slice(0, 300) });
  };
  const observations = evidence.flatMap((one) => one.observations);
  if (observations.length === 0) reject("not-evidence", 1, "");
  for (const observation of observations) {
    const row = rowOf(observation);
    if (typeof row === "string") reject(row, observation.line, observation.quote);
    else rows.push(row);
  }
  return { rows, rejected };
}

function rowOf({ kind, strength, seen, before }: Observation): LogRow | Reason {
  const atUs = momentOf(seen.at);
  if (atUs === null) return "no-time";
  const source = endOf(seen.source?.ip, seen.sourcePort);
  if (source === null) return "no-address";
  const isSeen = strength !== "none";
  return {
    atUs,
    untilUs: atUs,
    kind,
    strength,
    event: "flow",
    workload: "",
    reporter: "",
    protocol: seen.protocol,
    before: isSeen ? endOf(before?.ip, null) : source,
    seen: isSeen ? source : null,
    destination: endOf(seen.destination?.ip, seen.destinationPort),
  };
}

const endOf = (address: Endpoint["address"] | null | undefined, port: number | null): Endpoint | null =>
  address === null || address === undefined ? null : { address, port };
