import type { Protocol } from "../../model/flow.ts";
import type { Line } from "../lines.ts";
import { isAddress, parseObserved } from "../masked.ts";
import type { ObservedAddress } from "../observation.ts";
import { epochToRfc3339 } from "../time.ts";
import type { ProxyHeader } from "./connections.ts";
import { portNumber } from "./services.ts";

export interface Endpoint {
  readonly host: ObservedAddress;
  /** As printed: `43920`, `smtp`; null for ICMP. */
  readonly portText: string | null;
  readonly port: number | null;
}

export interface Stamp {
  /** As printed; null with -t. */
  readonly clock: string | null;
  /** RFC 3339; null when the date is not printed. */
  readonly at: string | null;
  /** Of the day, or since 1970; only differences mean something. */
  readonly microseconds: number | null;
  /** -tttt prints a date and no zone. */
  readonly zoneAssumed: boolean;
}

export interface Packet {
  readonly line: Line;
  readonly stamp: Stamp;
  /** With -i any: whether this host received or sent it. */
  readonly direction: "In" | "Out" | null;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly protocol: Protocol | null;
  /** `S`, `S.`, `P.` …; null unless TCP. */
  readonly flags: string | null;
  readonly sequence: string | null;
  readonly ttl: number | null;
  readonly icmp: "echo-request" | "echo-reply" | "error" | null;
  /** The packet an ICMP error quotes, as the router that sent the error had received it. */
  readonly quoted: Packet | null;
  /** The PROXY protocol header that its data begins with, where the data was printed and looked at. */
  readonly proxied?: ProxyHeader;
}

/** What stands before the addresses, on the same line or, with -v, on the one before. */
export interface PacketHead {
  readonly stamp: Stamp;
  readonly direction: Packet["direction"];
  /** What stands in parentheses with -v. */
  readonly details: string;
  /** From the addresses on; empty when they stand on the next line. */
  readonly rest: string;
}

const NUMBERED = /^\s{0,12}\d{1,9}\s{2,4}(?=\d|\+)/;
const DATED = /^(?:(\d{4}-\d{2}-\d{2}) )?((\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?)\s{1,4}/;
const EPOCH = /^((\d{9,11})\.(\d{1,9}))\s{1,4}/;
const INTERFACE = /^\S{1,40}\s{1,8}(In|Out|P|B|M)\s{1,4}/;
const OLD_INTERFACE = /^\s{0,2}(In|Out|P|B|M)\s{1,4}(?=[0-9a-f]{2}:)/;
const MAC = String.raw`(?:[0-9a-f]{2}:){5}[0-9a-f]{2}(?: \(oui [^)]{1,40}\))?`;
const LINK = new RegExp(
  String.raw`^${MAC}(?: > ${MAC}|),? .{0,200}?ethertype IPv[46] \(0x[0-9a-f]{4}\), length \d{1,6}: `,
);
const NETWORK = /^IP6?,? (?=\S)/;
const ENDPOINTS = /^(\S{1,300}) > (\S{1,300}): (.*)$/;
const NO_STAMP: Stamp = { clock: null, at: null, microseconds: null, zoneAssumed: false };

/** tcpdump(1), "Output format": https://www.tcpdump.org/manpages/tcpdump.1.html */
export function packetHead(text: string): PacketHead | null {
  const numbered = text.replace(NUMBERED, "");
  const start = stampOf(numbered.trimStart());
  const link = directionOf(start.rest);
  const withLink = link.rest.replace(LINK, "");
  const body = withLink.replace(NETWORK, "");
  const isPacket = body !== link.rest;
  if (!isPacket) return null;
  const { details, rest } = detailsOf(body);
  if (rest === "" ? details === "" : !ENDPOINTS.test(rest)) return null;
  return { stamp: start.stamp, direction: link.direction, details, rest };
}

function stampOf(text: string): { readonly stamp: Stamp; readonly rest: string } {
  const epoch = EPOCH.exec(text);
  if (epoch !== null) {
    const [whole, clock = "", seconds, fraction = ""] = epoch;
    const microseconds = Number(seconds) * 1e6 + micros(fraction);
    return {
      stamp: { clock, at: epochToRfc3339(clock), microseconds, zoneAssumed: false },
      rest: text.slice(whole.length),
    };
  }
  const dated = DATED.exec(text);
  if (dated === null) return { stamp: NO_STAMP, rest: text };
  const [whole, date, clock = "", hours, minutes, seconds, fraction = ""] = dated;
  const ofDay = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1e6 + micros(fraction);
  const at = date === undefined ? null : `${date}T${clock}Z`;
  const stamp = {
    clock: date === undefined ? clock : `${date} ${clock}`,
    at,
    microseconds: ofDay,
    zoneAssumed: at !== null,
  };
  return { stamp, rest: text.slice(whole.length) };
}

const micros = (fraction: string): number => Number(fraction.slice(0, 6).padEnd(6, "0"));

function directionOf(text: string): { readonly direction: Packet["direction"]; readonly rest: string } {
  const found = INTERFACE.exec(text) ?? OLD_INTERFACE.exec(text);
  if (found === null) return { direction: null, rest: text };
  const direction = found[1] === "In" || found[1] === "Out" ? found[1] : null;
  return { direction, rest: text.slice(found[0].length) };
}

/** The parentheses may hold others: `(tos 0x2,ECT(0), ttl 104, …)`. */
function detailsOf(text: string): { readonly details: string; readonly rest: string } {
  if (!text.startsWith("(")) return { details: "", rest: text };
  let depth = 0;
  for (let index = 0; index < text.length && index < 600; index += 1) {
    if (text[index] === "(") depth += 1;
    if (text[index] === ")") depth -= 1;
    if (depth === 0) return { details: text.slice(0, index + 1), rest: text.slice(index + 1).trim() };
  }
  return { details: "", rest: text };
}

/** Reads `source > destination: …` under its head; null when the line is something else. */
export function packetFrom(head: PacketHead, line: Line, rest: string): Packet | null {
  const found = ENDPOINTS.exec(rest);
  if (found === null) return null;
  const [, source = "", destination = "", written = ""] = found;
  const about = written.replace(CHECKSUM_NOTE, "");
  const protocol = protocolOf(about, head.details, source, destination);
  const ported = protocol === "tcp" || protocol === "udp";
  const tcp = protocol === "tcp" ? tcpOf(about) : { flags: null, sequence: null };
  return {
    line,
    stamp: head.stamp,
    direction: head.direction,
    source: endpoint(source, ported),
    destination: endpoint(destination, ported),
    protocol,
    ...tcp,
    ttl: numberIn(head.details, /\b(?:ttl|hlim) (\d{1,3})\b/),
    icmp: icmpOf(about),
    quoted: null,
  };
}

/** tcpdump before 4.0 wrote `S 1:1(0) win 5840` and `. ack 1`. */
const OLD_TCP = /^(?<flags>[SFPRWE]{1,5}|\.) (?:(?<sequence>\d{1,10}):\d{1,10}\(\d{1,10}\)|ack \d)/;
/** With -v before what an ICMPv6 message is: `[icmp6 sum ok] `, `[bad icmp6 cksum 0x1c2d -> 0x55aa!] `. */
const CHECKSUM_NOTE = /^\[(?:icmp6 sum ok|bad icmp6 cksum [^\]]{1,40})\] /;
const ICMP = /^(?:ICMP\b|ICMP6,|icmp: |icmp6: )/;

function protocolOf(about: string, details: string, source: string, destination: string): Protocol | null {
  if (ICMP.test(about)) return "icmp";
  if (/^Flags \[/.test(about) || /^tcp \d/i.test(about) || OLD_TCP.test(about)) return "tcp";
  if (/\b(?:proto|next-header) TCP\b/.test(details)) return "tcp";
  if (/^UDP\b/i.test(about) || /\b(?:proto|next-header) UDP\b/.test(details)) return "udp";
  // Decoded contents (DNS, NTP): TCP would have shown its flags first.
  return portLabel(source) !== null && portLabel(destination) !== null ? "udp" : null;
}

function tcpOf(about: string): Pick<Packet, "flags" | "sequence"> {
  const old = OLD_TCP.exec(about);
  if (old !== null) {
    const acknowledges = /^\S+ \S+ ack /.test(about) && old.groups?.flags !== ".";
    return { flags: `${old.groups?.flags ?? ""}${acknowledges ? "." : ""}`, sequence: old.groups?.sequence ?? null };
  }
  const flags = /^Flags \[([^\]]{0,12})\]/.exec(about)?.[1] ?? null;
  return { flags, sequence: /, seq (\d{1,10})\b/.exec(about.slice(0, 200))?.[1] ?? null };
}

function icmpOf(about: string): Packet["icmp"] {
  if (!ICMP.test(about)) return null;
  if (/echo request/.test(about)) return "echo-request";
  if (/echo reply/.test(about)) return "echo-reply";
  return /time exceeded|unreachable|parameter problem|too big/.test(about) ? "error" : null;
}

function numberIn(text: string, pattern: RegExp): number | null {
  const found = pattern.exec(text)?.[1];
  return found === undefined ? null : Number(found);
}

/** The last label is the port when there is one: `203.0.113.11.43920`, `mail.example.smtp`, `2001:db8::1.25`. */
function endpoint(text: string, ported: boolean): Endpoint {
  const label = ported ? portLabel(text) : null;
  if (label === null) return { host: parseObserved(text), portText: null, port: null };
  const host = parseObserved(text.slice(0, text.length - label.length - 1));
  return { host, portText: label, port: portNumber(label) };
}

/** null for a bare address: its last number is no port. */
function portLabel(text: string): string | null {
  if (isAddress(parseObserved(text))) return null;
  const dot = text.lastIndexOf(".");
  return dot <= 0 || dot === text.length - 1 ? null : text.slice(dot + 1);
}
