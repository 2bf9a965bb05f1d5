import type { Ip } from "../address/ip.ts";
import type { Protocol } from "../model/flow.ts";
import type { Read } from "../problem.ts";
import type { EvidenceKind, Strength } from "./observation.ts";

/** A row that an engine answered to a question of `seenas logs sql`. */
export interface LogResultRow {
  readonly line: number | null;
  readonly question: "used" | "who" | "seen";
  /** What the destination saw. */
  readonly address: Ip;
  readonly port: number | null;
  /** As the log names the sender; null: it names none. */
  readonly workload: string | null;
  readonly before: Ip | null;
  readonly beforePort: number | null;
  readonly destination: Ip | null;
  readonly destinationPort: number | null;
  readonly protocol: Protocol | null;
  readonly reporter: string | null;
  readonly kind: EvidenceKind;
  readonly strength: Strength;
  /** RFC 3339 in UTC. */
  readonly first: string;
  readonly last: string;
  readonly count: number;
}

const MARKS = ["used@1", "who@1", "seen@1"];

/** The first page tells: the first column says what the file is, and so does its heading where there are no rows. */
export function isLogResult(text: string): boolean {
  const head = text.slice(0, 8192);
  if (/^\ufeff?"?seenas"?[,\t]/.test(head)) return true;
  return head.includes("seenas") && MARKS.some((mark) => head.includes(mark));
}

/**
 * Reads the result that an engine exported, CSV or JSON. Never throws.
 *
 * Problems: `log-result/unreadable-row`, `log-result/no-rows`, and those of JSON.
 */
export const readLogResult = async (text: string, file: string): Promise<Read<readonly LogResultRow[]>> =>
  (await import("./on-demand/results/read.ts")).rowsOfResult(text, file);
