import type { Line } from "../../lines.ts";
import type { Evidence, Hop, HopReply } from "../../observation.ts";
import { hintsOf } from "../../traceroute/hints.ts";
import type { TraceOnLine } from "../../traceroute/parse.ts";
import { pathEvidence } from "../../traceroute/read.ts";
import { addressIn } from "../words.ts";

/** `<1 ms`, `<1 毫秒`, `12 мс` or `*`, up to three of them, before the address. */
const PROBE = /^\s{0,12}(?:(<?)(\d{1,5}) (?!code)([^\s\d[]{1,4})(?=\s)|(\*))/;
const TTL = /^\s{0,4}(\d{1,3})(?=\s)/;
const BRACKETED = /^(\S{1,255}) \[([^\]\s]{2,45})\]/;

interface OpenTrace {
  line: Line;
  name: string | null;
  address: string | null;
  maxHops: number | null;
  readonly hops: Hop[];
}

export interface TracertTrace extends TraceOnLine {
  readonly maxHops: number | null;
}

/**
 * Every `tracert` in these lines, in any language of Windows: only the shape of its lines is looked at. A probe that
 * took less than a millisecond counts as 1.
 *
 * @see https://learn.microsoft.com/windows-server/administration/windows-commands/tracert
 */
export function parseTracert(lines: readonly Line[]): readonly TracertTrace[] {
  const traces: OpenTrace[] = [];
  /** The lines since the last hop: where the sentence that names the destination stands. */
  let talk: Line[] = [];
  for (const line of lines) {
    const above = traces.at(-1)?.hops.at(-1)?.ttl ?? 0;
    const hop = hopIn(line.text, talk.some(isSentence) ? 0 : above);
    if (hop === null) {
      talk.push(line);
      continue;
    }
    if (traces.length === 0 || hop.ttl <= above || talk.some(isSentence)) traces.push(opened(talk, line));
    traces.at(-1)?.hops.push(hop);
    talk = [];
  }
  if (traces.length === 0 && talk.some(isSentence)) traces.push(opened(talk, talk[0] ?? { number: 1, text: "" }));
  return traces.map(closed);
}

export const readTracert = (lines: readonly Line[], file: string): Evidence =>
  pathEvidence(parseTracert(lines), file, "tracert");

/** A command line, or a sentence with an address or a host in brackets. */
const isSentence = ({ text }: Line): boolean =>
  /tracert(?:\.exe)? \S/i.test(text) || /\[[0-9A-Fa-f.:xX*]{2,45}\]/.test(text) || destinationIn(text) !== null;

function opened(talk: readonly Line[], first: Line): OpenTrace {
  const sentence = talk.filter(({ text }) => text.trim() !== "" && !/[>$#] ?tracert|^tracert/i.test(text));
  const named = sentence.findLast(({ text }) => destinationIn(text) !== null);
  const { name = null, address = null } = destinationIn(named?.text ?? "") ?? {};
  const said = sentence.map(({ text }) => (address === null ? text : text.replaceAll(address, ""))).join(" ");
  const maxHops = / (\d{1,3}) /.exec(` ${said.replace(/[^\d ]+/g, " ")} `)?.[1];
  return { line: named ?? first, name, address, maxHops: maxHops === undefined ? null : Number(maxHops), hops: [] };
}

/** `name [address]`, else the one word that is an address. */
function destinationIn(text: string): { readonly name: string | null; readonly address: string } | null {
  const found = /([^\s[\]]{1,255}) \[([^\]\s]{2,45})\]/.exec(text);
  const inside = addressIn(found?.[2]);
  if (found !== null && inside !== null) return { name: found[1] ?? null, address: inside.ip ?? inside.text };
  for (const word of text.split(/[\s,;:]+(?=\D)|\s+/)) {
    const alone = addressIn(word.replace(/[.:,]$/, ""));
    if (alone !== null && /[.:].*[.:]/.test(word)) return { name: null, address: alone.ip ?? alone.text };
  }
  return null;
}

function hopIn(text: string, above: number): Hop | null {
  const ttl = TTL.exec(text);
  if (ttl === null || Number(ttl[1]) <= above || Number(ttl[1]) > 255) return null;
  let rest = text.slice(ttl[0].length);
  const times: number[] = [];
  let lost = 0;
  for (let probe = PROBE.exec(rest); probe !== null && times.length + lost < 3; probe = PROBE.exec(rest)) {
    if (probe[4] === undefined) times.push(Number(probe[2]));
    else lost += 1;
    rest = rest.slice(probe[0].length);
  }
  const said = rest.trim();
  const hop = { ttl: Number(ttl[1]), lost };
  if (times.length + lost === 3) return answered(hop, times, said);
  return refused(hop, said);
}

function answered(
  hop: { readonly ttl: number; readonly lost: number },
  times: readonly number[],
  said: string,
): Hop | null {
  if (times.length === 0) return said === "" ? null : { ...hop, replies: [], annotations: [] };
  const responder = responderIn(said);
  if (responder === null) return null;
  return { ...hop, replies: times.map((rttMs) => ({ ...responder, rttMs })), annotations: [] };
}

/** `NAME [ADDRESS]  reports: …` tells who refused; `… : code 1231` that nothing could be sent. */
function refused(hop: { readonly ttl: number; readonly lost: number }, said: string): Hop | null {
  const code = /\bcode (\d{1,6})\.?$/i.exec(said)?.[1] ?? /[:：]\s?[^\d]{0,20}(\d{3,6})[.。]?$/.exec(said)?.[1];
  const responder = responderIn(said);
  if (responder !== null && /[:：]/.test(said.slice(responder.address?.length ?? 0)))
    return { ...hop, replies: [{ ...responder, rttMs: null }], annotations: ["destination-host-unreachable"] };
  return code === undefined ? null : { ...hop, replies: [], annotations: [`transmit-error ${code}`] };
}

function responderIn(said: string): Omit<HopReply, "rttMs"> | null {
  const found = BRACKETED.exec(said);
  const inside = addressIn(found?.[2]);
  if (found !== null && inside !== null) return { address: inside.ip ?? inside.text, name: found[1] ?? null };
  const alone = addressIn(/^\S{2,45}/.exec(said)?.[0].replace(/[。]$/, ""));
  return alone === null ? null : { address: alone.ip ?? alone.text, name: null };
}

function closed({ line, name, address, maxHops, hops }: OpenTrace): TracertTrace {
  const reached = hops.some(
    ({ replies, annotations }) => annotations.length === 0 && replies.some((reply) => reply.address === address),
  );
  return {
    trace: { destination: address, destinationName: name, hops, reached, hints: hintsOf(hops), line: line.number },
    line,
    maxHops,
  };
}
