import { parseIp } from "../../address/ip.ts";
import type { Line } from "../lines.ts";
import { parseObserved } from "../masked.ts";
import type { Hop, HopReply, PathTrace } from "../observation.ts";
import { hintsOf } from "./hints.ts";

/** One trace and the line it begins on: its header, or the first hop of a fragment. */
export interface TraceOnLine {
  readonly trace: PathTrace;
  readonly line: Line;
}

export interface ParsedTrace extends TraceOnLine {
  readonly maxHops: number | null;
  readonly probeBytes: number | null;
}

interface Header {
  readonly name: string | null;
  readonly address: string | null;
  readonly maxHops: number | null;
  readonly probeBytes: number | null;
  /** What follows on the same line: the hops, when a chat tool turned line ends into blanks. */
  readonly rest: string;
}

interface OpenHop {
  readonly ttl: number;
  readonly replies: HopReply[];
  lost: number;
  readonly annotations: string[];
}

interface OpenTrace {
  readonly header: Header | null;
  readonly line: Line;
  readonly hops: OpenHop[];
  /** Whoever answered last on this TTL: a second time by the same router is printed without its address. */
  responder: { readonly address: string; readonly name: string | null } | null;
}

/** Linux, BSD, macOS, BusyBox, inetutils: https://man7.org/linux/man-pages/man8/traceroute.8.html */
const HEADER =
  /traceroute6? to ([^\s()]+) \(([^\s()]+)\)(?: from [^\s,]+)?, ?(\d{1,3}) hops max(?:, ?(\d{1,5}) byte packets)?/;
/** https://linux.die.net/man/1/tcptraceroute */
const TCP_HEADER = /Tracing the path to ([^\s()]+)(?: \(([^\s()]+)\))? on TCP port [^,]{1,40}, ?(\d{1,3}) hops max/;
/** paris-traceroute, https://paris-traceroute.net */
const PARIS_HEADER =
  /^traceroute \[\(([^\s():]{2,45}|\[?[0-9A-Fa-f:]{2,45}\]?):\d{1,5}\) -> \(\[?([^\s()\]]{2,45}?)\]?:\d{1,5}\)/;
/** scamper -o text, https://www.caida.org/catalog/software/scamper/ */
const SCAMPER_HEADER = /^traceroute from ([^\s()]+) to ([^\s()]+)$/;

const NUMBER = /^\d{1,6}(?:\.\d{1,6})?$/;
const GLUED_TIME = /^(\d{1,6}(?:\.\d{1,6})?)ms$/;
const TTL = /^\d{1,3}$/;
const ANNOTATION = /^!(?:[A-Z](?:-\d{1,5})?|<?\d{1,3}>?)?$/;
/** `[AS64500]`, `[open]`, `<rst,ack>`: about the responder, not an address. */
const REMARK = /^(?:\[[^\]\s]{1,40}\]|<[a-z,]{1,30}>)$/i;

/** Every trace in these lines, in order. Lines that are no part of a trace are passed over. */
export function parseTraceroutes(lines: readonly Line[]): readonly ParsedTrace[] {
  const traces: OpenTrace[] = [];
  for (const line of lines) {
    const header = headerIn(line.text);
    if (header !== null) {
      const trace: OpenTrace = { header, line, hops: [], responder: null };
      traces.push(trace);
      readWords(wordsOf(header.rest), trace);
    } else readHopLine(line, traces);
  }
  return traces.filter((trace) => trace.header !== null || trace.hops.length > 0).map(closed);
}

export const isTracerouteHeader = (text: string): boolean =>
  HEADER.test(text) || TCP_HEADER.test(text) || PARIS_HEADER.test(text);
export const isScamperHeader = (text: string): boolean => SCAMPER_HEADER.test(text);

/** True for a whole hop line on which somebody answered: sure enough without a header. */
export function isHopLine(text: string): boolean {
  const words = wordsOf(text);
  if (!startsHop(words, 0, 0)) return false;
  const trace: OpenTrace = { header: null, line: { number: 1, text }, hops: [], responder: null };
  return readWords(words, trace) === words.length && trace.hops.some((hop) => hop.replies.length > 0);
}

function headerIn(text: string): Header | null {
  const found = HEADER.exec(text) ?? TCP_HEADER.exec(text);
  if (found !== null) {
    const [whole, name = "", address = name, maxHops, probeBytes] = found;
    return {
      name: name === address ? null : name,
      address: canonical(address),
      maxHops: numberOrNull(maxHops),
      probeBytes: numberOrNull(probeBytes),
      rest: text.slice(found.index + whole.length),
    };
  }
  const both = SCAMPER_HEADER.exec(text) ?? PARIS_HEADER.exec(text);
  if (both === null) return null;
  return { name: null, address: canonical(both[2] ?? ""), maxHops: null, probeBytes: null, rest: "" };
}

function readHopLine(line: Line, traces: OpenTrace[]): void {
  const words = wordsOf(line.text);
  const current = traces.at(-1);
  const reached = current?.hops.at(-1)?.ttl ?? 0;
  if (startsHop(words, 0, 0)) {
    const continues = current !== undefined && Number(words[0]) > reached;
    const trace = continues ? current : { header: null, line, hops: [], responder: null };
    if (!continues) traces.push(trace);
    readWords(words, trace);
  } else if (current !== undefined && reached > 0 && continuesHop(words)) readWords(words, current);
}

const wordsOf = (text: string): readonly string[] => {
  const trimmed = text.trim();
  return trimmed === "" ? [] : trimmed.split(/\s+/);
};

/** A TTL above the last one, followed by a star or by somebody who answers. A time is followed by `ms`. */
function startsHop(words: readonly string[], at: number, above: number): boolean {
  const word = words[at] ?? "";
  const next = words[at + 1] ?? "";
  const ttl = Number(word);
  if (!TTL.test(word) || ttl <= above || ttl > 255 || next === "ms") return false;
  return isStars(next) || responderAt(words, at + 1) !== null;
}

/** BSD prints each further responder of a TTL, and Junos the labels, on a line of its own. */
function continuesHop(words: readonly string[]): boolean {
  const [first = "", second = ""] = words;
  if (first === "MPLS" || first.startsWith("<MPLS:")) return true;
  return (
    responderAt(words, 0) !== null && words.some((word) => word === "ms" || GLUED_TIME.test(word)) && second !== ""
  );
}

const isStars = (word: string): boolean => /^\*{1,10}$/.test(word);

/** Reads as far as the words belong to a trace; returns how many it took. */
function readWords(words: readonly string[], trace: OpenTrace): number {
  let at = 0;
  while (at < words.length) {
    const taken = readWord(words, at, trace);
    if (taken === 0) break;
    at += taken;
  }
  return at;
}

function readWord(words: readonly string[], at: number, trace: OpenTrace): number {
  const word = words[at] ?? "";
  const hop = trace.hops.at(-1);
  if (startsHop(words, at, hop?.ttl ?? 0)) {
    trace.hops.push({ ttl: Number(word), replies: [], lost: 0, annotations: [] });
    trace.responder = null;
    return 1;
  }
  if (hop === undefined) return 0;
  if (isStars(word)) {
    hop.lost += word.length;
    return 1;
  }
  return readTime(words, at, hop, trace) || readRemark(words, at, hop) || readResponder(words, at, trace);
}

function readTime(words: readonly string[], at: number, hop: OpenHop, trace: OpenTrace): number {
  const word = words[at] ?? "";
  const glued = GLUED_TIME.exec(word)?.[1];
  const apart = NUMBER.test(word) && words[at + 1] === "ms" ? word : undefined;
  const rtt = glued ?? apart;
  if (rtt === undefined || trace.responder === null) return 0;
  hop.replies.push({ ...trace.responder, rttMs: Number(rtt) });
  return glued === undefined ? 2 : 1;
}

function readRemark(words: readonly string[], at: number, hop: OpenHop): number {
  const word = words[at] ?? "";
  if (ANNOTATION.test(word) || word.startsWith("<MPLS:")) {
    hop.annotations.push(word);
    return 1;
  }
  if (word === "MPLS") {
    let end = at + 1;
    while (words[end]?.includes("=")) end += 1;
    hop.annotations.push(words.slice(at, end).join(" "));
    return end - at;
  }
  return REMARK.test(word) ? 1 : 0;
}

function readResponder(words: readonly string[], at: number, trace: OpenTrace): number {
  const found = responderAt(words, at);
  if (found === null) return 0;
  trace.responder = found.responder;
  return found.taken;
}

/** `name (address)`, `address (name)` as inetutils prints it, or an address alone. */
function responderAt(words: readonly string[], at: number) {
  const word = words[at] ?? "";
  const next = words[at + 1] ?? "";
  const inside = next.startsWith("(") && next.endsWith(")") ? next.slice(1, -1) : null;
  if (inside !== null && looksLikeAddress(inside)) {
    const address = canonical(inside);
    return { responder: { address, name: canonical(word) === address ? null : word }, taken: 2 };
  }
  if (!looksLikeAddress(word)) return null;
  return { responder: { address: canonical(word), name: inside }, taken: inside === null ? 1 : 2 };
}

const looksLikeAddress = (text: string): boolean => {
  const observed = parseObserved(text);
  return observed.ip !== null || (observed.masked && /[.:]/.test(text));
};

const canonical = (text: string): string => parseIp(text) ?? text;

const numberOrNull = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

function closed(open: OpenTrace): ParsedTrace {
  const { header, line } = open;
  const hops: readonly Hop[] = open.hops;
  const destination = header?.address ?? null;
  // Only a whole address can be told to have answered: two hidden ones that are written alike need not be one.
  const target = destination === null ? undefined : parseIp(destination);
  const reached = target !== undefined && hops.some((hop) => hop.replies.some((reply) => reply.address === target));
  const trace = {
    destination,
    destinationName: header?.name ?? null,
    hops,
    reached,
    hints: hintsOf(hops),
    line: line.number,
  };
  return { trace, line, maxHops: header?.maxHops ?? null, probeBytes: header?.probeBytes ?? null };
}
