import { readJsonDocuments } from "../../../documents/json.ts";
import { type LogEntry, member, textAt } from "../../logs/entry.ts";
import type { Evidence, EvidenceKind, Hop } from "../../observation.ts";
import { hintsOf } from "../../traceroute/hints.ts";
import type { TraceOnLine } from "../../traceroute/parse.ts";
import { pathEvidence } from "../../traceroute/read.ts";
import { addressIn } from "../words.ts";
import { parseMtrJson } from "./mtr.ts";
import { trippyTraces } from "./trippy.ts";

type Members = readonly unknown[];

const listAt = (value: unknown, ...path: readonly string[]): Members => {
  const found = member(value, ...path);
  return Array.isArray(found) ? found : [];
};

const numberAt = (value: unknown, ...path: readonly string[]): number | null => {
  const found = member(value, ...path);
  return typeof found === "number" && Number.isFinite(found) ? found : null;
};

/** The JSON of scamper, mtr, dublin-traceroute and trippy: paths, and never a source. */
export function readPathJson(kind: EvidenceKind, text: string, file: string): Evidence {
  const { value, problems } = readJsonDocuments(text, file);
  const traces = kind === "mtr" ? parseMtrJson(value) : value.flatMap(kind === "scamper" ? scamperTraces : otherTraces);
  return { ...pathEvidence(traces, file, kind), problems };
}

const otherTraces = (entry: LogEntry): readonly TraceOnLine[] => [...dublinTraces(entry), ...trippyTraces(entry)];

/** `trace` and `tracelb` records of `sc_warts2json`. https://www.caida.org/catalog/software/scamper/ */
export function scamperTraces({ value, origin }: LogEntry): readonly TraceOnLine[] {
  const type = textAt(value, "type");
  if (type !== "trace" && type !== "tracelb") return [];
  const replies = type === "trace" ? listAt(value, "hops").flatMap(hopReply) : linkReplies(value);
  return [traceOf(replies, textAt(value, "dst"), origin.line)];
}

interface Reply {
  readonly ttl: number;
  readonly address: string;
  readonly name: string | null;
  readonly rttMs: number | null;
}

function hopReply(hop: unknown): readonly Reply[] {
  const ttl = numberAt(hop, "probe_ttl");
  const address = addressIn(textAt(hop, "addr"))?.ip;
  if (ttl === null || address === undefined || address === null) return [];
  return [{ ttl, address, name: textAt(hop, "name"), rttMs: numberAt(hop, "rtt") }];
}

/** Of a graph: the first node at its own TTL, every other where a probe over a link reached it. */
function linkReplies(value: unknown): readonly Reply[] {
  const nodes = listAt(value, "nodes");
  const first = nodes[0];
  const start = addressIn(textAt(first, "addr"))?.ip;
  const ttl = numberAt(first, "q_ttl") === null ? null : (numberAt(value, "firsthop") ?? 1);
  const own =
    start === undefined || start === null || ttl === null ? [] : [{ ttl, address: start, name: null, rttMs: null }];
  const linked = nodes.flatMap((node) =>
    listAt(node, "links").flatMap((links) => (Array.isArray(links) ? links.flatMap(linkReply) : [])),
  );
  return [...own, ...linked];
}

function linkReply(link: unknown): readonly Reply[] {
  const address = addressIn(textAt(link, "addr"))?.ip;
  if (address === undefined || address === null) return [];
  return listAt(link, "probes").flatMap((probe) => {
    const ttl = numberAt(probe, "ttl");
    return ttl === null ? [] : [{ ttl, address, name: null, rttMs: numberAt(listAt(probe, "replies")[0], "rtt") }];
  });
}

/** One trace a flow. https://github.com/insomniacslk/dublin-traceroute */
export function dublinTraces({ value, origin }: LogEntry): readonly TraceOnLine[] {
  const flows = member(value, "flows");
  if (typeof flows !== "object" || flows === null) return [];
  return Object.values(flows).flatMap((probes: unknown) => {
    if (!Array.isArray(probes)) return [];
    const lost = probes.filter((probe) => textAt(probe, "received", "ip", "src") === null);
    const silent = lost.flatMap((probe) => numberAt(probe, "sent", "ip", "ttl") ?? []);
    const destination = probes.map((probe) => textAt(probe, "sent", "ip", "dst")).find((dst) => dst !== null);
    const traced = traceOf(probes.flatMap(dublinReply), destination ?? null, origin.line, silent);
    return [withChecksums(traced, probes)];
  });
}

/** `nat_id`: the checksum of the UDP header as the hop quotes it, less the one that was sent. */
function withChecksums(traced: TraceOnLine, probes: readonly unknown[]): TraceOnLine {
  const deltas = new Map<number, number>();
  for (const probe of probes) {
    const [ttl, delta] = [numberAt(probe, "sent", "ip", "ttl"), numberAt(probe, "nat_id")];
    if (ttl !== null && delta !== null && textAt(probe, "received", "ip", "src") !== null) deltas.set(ttl, delta);
  }
  const hops = traced.trace.hops.map((hop): Hop => {
    const checksumDelta = deltas.get(hop.ttl);
    return checksumDelta === undefined ? hop : { ...hop, checksumDelta };
  });
  const source = addressIn(probes.map((probe) => textAt(probe, "sent", "ip", "src")).find((src) => src !== null))?.ip;
  return {
    ...traced,
    trace: { ...traced.trace, ...(source == null ? {} : { source }), hops, hints: hintsOf(hops) },
  };
}

function dublinReply(probe: unknown): readonly Reply[] {
  const ttl = numberAt(probe, "sent", "ip", "ttl");
  const address = addressIn(textAt(probe, "received", "ip", "src"))?.ip;
  if (ttl === null || address === undefined || address === null) return [];
  const name = textAt(probe, "name");
  const rtt = numberAt(probe, "rtt_usec");
  return [
    { ttl, address, name: name === address || name === "" ? null : name, rttMs: rtt === null ? null : rtt / 1000 },
  ];
}

function traceOf(
  replies: readonly Reply[],
  written: string | null,
  line: number | null,
  silent: readonly number[] = [],
): TraceOnLine {
  const ttls = [...new Set([...replies.map(({ ttl }) => ttl), ...silent])]
    .filter((ttl) => Number.isInteger(ttl) && ttl > 0 && ttl < 256)
    .sort((a, b) => a - b);
  const hops: readonly Hop[] = ttls.map((ttl) => ({
    ttl,
    replies: replies.filter((reply) => reply.ttl === ttl).map(({ address, name, rttMs }) => ({ address, name, rttMs })),
    lost: silent.filter((one) => one === ttl).length,
    annotations: [],
  }));
  const destination = addressIn(written)?.ip ?? null;
  const reached = hops.some((hop) => hop.replies.some(({ address }) => address === destination));
  const first = line ?? 1;
  return {
    line: { number: first, text: `trace to ${destination ?? "?"}` },
    trace: { destination, destinationName: null, hops, reached, hints: hintsOf(hops), line: first },
  };
}
