import type { Line } from "../../lines.ts";
import type { Evidence, Hop } from "../../observation.ts";
import { hintsOf } from "../../traceroute/hints.ts";
import type { TraceOnLine } from "../../traceroute/parse.ts";
import { pathEvidence } from "../../traceroute/read.ts";
import { addressIn } from "../words.ts";

const HOP = /^\s{0,4}(\d{1,3})(\??): +(\S{1,255})(?: +\(([^()\s]{2,45})\))?(.{0,200})$/;
const TIME = /(\d{1,7}(?:\.\d{1,6})?) ?ms\b/;

interface OpenHop {
  readonly ttl: number;
  readonly replies: Hop["replies"][number][];
  lost: number;
  readonly annotations: string[];
}

/** A trace and what each probe took, also those of responders that were printed without an address. */
export interface TracepathTrace extends TraceOnLine {
  readonly rttsMs: ReadonlyMap<number, readonly number[]>;
}

/**
 * Every `tracepath` in these lines. It prints no header: the destination is named on the line it answers on, and
 * nowhere when it does not.
 *
 * @see https://man7.org/linux/man-pages/man8/tracepath.8.html
 */
export function parseTracepath(lines: readonly Line[]): readonly TracepathTrace[] {
  const traces: {
    line: Line;
    hops: OpenHop[];
    rtts: Map<number, number[]>;
    end: string | null;
    name: string | null;
  }[] = [];
  for (const line of lines) {
    const found = HOP.exec(line.text);
    if (found === null) continue;
    const [, ttlText, guessed, who = "", inside, rest = ""] = found;
    const ttl = Number(ttlText);
    const above = traces.at(-1)?.hops.at(-1)?.ttl ?? Number.POSITIVE_INFINITY;
    if (traces.length === 0 || (ttl < above && above < 256))
      traces.push({ line, hops: [], rtts: new Map(), end: null, name: null });
    const trace = traces.at(-1);
    if (trace === undefined || guessed === "?") continue;
    const hop = hopOf(trace.hops, ttl);
    const address = addressIn(inside ?? who);
    const name = inside === undefined && address !== null ? null : who === "???" ? null : who;
    const time = TIME.exec(rest)?.[1];
    if (who === "no" || time === undefined) hop.lost += 1;
    else {
      trace.rtts.set(ttl, [...(trace.rtts.get(ttl) ?? []), Number(time)]);
      if (address !== null || name !== null)
        hop.replies.push({ address: address?.ip ?? address?.text ?? null, name, rttMs: Number(time) });
    }
    hop.annotations.push(...(/ (![A-Z]{1,2})\b/.exec(rest)?.slice(1) ?? []));
    if (!/\breached$/.test(rest.trimEnd())) continue;
    trace.end = address?.ip ?? address?.text ?? "";
    trace.name = name;
  }
  return traces.map(({ line, hops, rtts, end, name }) => ({
    line,
    rttsMs: rtts,
    trace: {
      destination: end === "" ? null : end,
      destinationName: name,
      hops,
      reached: end !== null,
      hints: hintsOf(hops),
      line: line.number,
    },
  }));
}

/** A TTL is often probed twice, on two lines. */
function hopOf(hops: OpenHop[], ttl: number): OpenHop {
  const last = hops.at(-1);
  if (last?.ttl === ttl) return last;
  const hop: OpenHop = { ttl, replies: [], lost: 0, annotations: [] };
  hops.push(hop);
  return hop;
}

export const readTracepath = (lines: readonly Line[], file: string): Evidence =>
  pathEvidence(parseTracepath(lines), file, "tracepath");
