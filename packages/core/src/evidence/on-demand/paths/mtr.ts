import type { Line } from "../../lines.ts";
import type { LogEntry } from "../../logs/entry.ts";
import { member, textAt } from "../../logs/entry.ts";
import type { Evidence, Hop, HopReply } from "../../observation.ts";
import { hintsOf } from "../../traceroute/hints.ts";
import type { TraceOnLine } from "../../traceroute/parse.ts";
import { pathEvidence } from "../../traceroute/read.ts";
import { addressIn, csvFields } from "../words.ts";
import { parseMtrRaw } from "./mtr-raw.ts";

/** What mtr counted at one hop. */
export interface MtrHop {
  readonly ttl: number;
  readonly hosts: readonly Omit<HopReply, "rttMs">[];
  readonly lossPct: number;
  readonly sent: number;
  readonly lastMs: number;
  readonly avgMs: number;
  readonly bestMs: number;
  readonly worstMs: number;
}

export interface MtrTrace extends TraceOnLine {
  readonly counted: readonly MtrHop[];
}

interface OpenTrace {
  readonly line: Line;
  readonly destination: string | null;
  readonly counted: (MtrHop & { readonly hosts: Omit<HopReply, "rttMs">[] })[];
}

const ROW =
  /^\s{0,8}(\d{1,3})\.\|--\s+(?:AS\S{1,10}\s+)?(.{1,300}?)\s+(\d{1,3}(?:\.\d{1,2})?)%?\s+(\d{1,7})\s+([\d.]{1,9})\s+([\d.]{1,9})\s+([\d.]{1,9})\s+([\d.]{1,9})\s+[\d.]{1,9}$/;
/** Unless told otherwise, mtr goes no farther: it stops earlier only where the destination answers. */
const MAX_HOPS = 30;

/**
 * Reports and CSV of mtr. A report does not name its destination; where it ends with a host that answers, before the
 * thirtieth hop, that host is it.
 *
 * @see https://github.com/traviscross/mtr
 */
export function parseMtr(lines: readonly Line[]): readonly MtrTrace[] {
  const traces: OpenTrace[] = [];
  for (const line of lines) {
    const row = reportRow(line.text) ?? csvRow(line.text);
    if (row === null) addHost(line.text, traces.at(-1));
    else {
      const current = traces.at(-1);
      const above = current?.counted.at(-1)?.ttl ?? Number.POSITIVE_INFINITY;
      const goesOn = row.hop.ttl > above && current?.destination === row.destination;
      if (!goesOn) traces.push({ line, destination: row.destination, counted: [row.hop] });
      else current?.counted.push(row.hop);
    }
  }
  return traces.map(closed);
}

export function readMtr(lines: readonly Line[], file: string): Evidence {
  const traces = parseMtr(lines);
  const raw = traces.length > 0 ? null : parseMtrRaw(lines);
  return pathEvidence(raw === null ? traces : [raw], file, "mtr");
}

function reportRow(text: string) {
  const found = text.includes(".|--") ? ROW.exec(text) : null;
  if (found === null) return null;
  const [, ttl, host = "", ...numbers] = found;
  return { destination: null, hop: hopOf(Number(ttl), host, numbers.map(Number)) };
}

/** `MTR.0.95,START,OK,DESTINATION,HOP,IP,LOSS,SENT,,LAST,AVG,BEST,WORST,STDEV` */
function csvRow(text: string) {
  if (!text.startsWith("MTR.")) return null;
  const fields = csvFields(text);
  const [, , , destination = "", ttl = "", host = "", loss, sent, , last, average, best, worst] = fields;
  if (!/^\d{1,3}$/.test(ttl)) return null;
  const numbers = [loss, sent, last, average, best, worst].map((field) => Number.parseFloat(field ?? ""));
  return {
    destination,
    hop: hopOf(
      Number(ttl),
      host,
      numbers.map((number) => (Number.isFinite(number) ? number : 0)),
    ),
  };
}

/** @param numbers loss in percent, sent, last, average, best, worst. */
function hopOf(ttl: number, host: string, numbers: readonly number[]) {
  const [lossPct = 0, sent = 0, lastMs = 0, avgMs = 0, bestMs = 0, worstMs = 0] = numbers;
  const who = hostIn(host);
  return { ttl, hosts: who === null ? [] : [who], lossPct, sent, lastMs, avgMs, bestMs, worstMs };
}

/** `name (address)` with -b, an address, or a name; `???` is nobody. */
function hostIn(text: string): Omit<HopReply, "rttMs"> | null {
  const host = text.trim();
  if (host === "" || host === "???" || host.startsWith("(waiting")) return null;
  const [, name, inside] = /^(\S{1,255}) \(([^()\s]{2,45})\)$/.exec(host) ?? [];
  const address = addressIn(inside ?? host);
  if (address === null) return { address: null, name: host.slice(0, 255) };
  return { address: address.ip ?? address.text, name: name === undefined || name === inside ? null : name };
}

/** Further responders of a hop stand on lines of their own. */
function addHost(text: string, trace: OpenTrace | undefined): void {
  const words = text.trim().replace(/^\|\s{0,4}(?:`\|--|\|)\s{0,4}/, "");
  const host = /^\s{2}/.test(text) && words !== "" && !words.includes("  ") ? hostIn(words) : null;
  if (host?.address !== null && host?.address !== undefined) trace?.counted.at(-1)?.hosts.push(host);
}

function closed({ line, destination, counted }: OpenTrace): MtrTrace {
  const hops = counted.map(pathHop);
  const last = counted.at(-1);
  const ends = last !== undefined && last.hosts.length === 1 && last.lossPct < 100 && last.ttl < MAX_HOPS;
  const host = ends ? (last.hosts[0] ?? null) : null;
  const named = destination === null ? null : addressIn(destination);
  const isDestination =
    destination === null || host?.address === (named?.ip ?? destination) || host?.name === destination;
  return {
    line,
    counted,
    trace: {
      destination: named?.ip ?? named?.text ?? (isDestination ? (host?.address ?? null) : null),
      destinationName:
        named === null && destination !== null ? destination : isDestination ? (host?.name ?? null) : null,
      hops,
      reached: host !== null && isDestination,
      hints: hintsOf(hops),
      line: line.number,
    },
  };
}

/** mtr keeps no single times: of each responder the average stands for all. */
const pathHop = ({ ttl, hosts, lossPct, sent, avgMs }: MtrHop): Hop => ({
  ttl,
  replies: hosts.map((host) => ({ ...host, rttMs: avgMs })),
  lost: Math.round((sent * Math.min(lossPct, 100)) / 100),
  annotations: [],
});

/** `mtr --json`; before 0.94 the numbers are texts, and forks name the members differently. */
export function parseMtrJson(documents: readonly LogEntry[]): readonly MtrTrace[] {
  return documents.flatMap(({ value, origin }) => {
    const hubs = member(value, "report", "hubs");
    if (!Array.isArray(hubs)) return [];
    const destination = textAt(value, "report", "mtr", "dst");
    const counted = hubs.flatMap((hub: unknown, index) => jsonHop(hub, index) ?? []);
    return [closed({ line: { number: origin.line ?? 1, text: `mtr ${destination ?? ""}` }, destination, counted })];
  });
}

function jsonHop(hub: unknown, index: number) {
  const host = textAt(hub, "host");
  const count = Number(member(hub, "count") ?? index + 1);
  if (host === null || !Number.isInteger(count) || count < 1 || count > 255) return null;
  const numbers = ["Loss%", "Snt", "Last", "Avg", "Best", "Wrst"].map((key) => Number(member(hub, key) ?? 0));
  return hopOf(
    count,
    host,
    numbers.map((number) => (Number.isFinite(number) ? number : 0)),
  );
}
