import { type Line, linesOf } from "./lines.ts";
import { isEximLine } from "./logs/exim.ts";
import { isPostfixLine } from "./logs/postfix.ts";
import type { EvidenceKind } from "./observation.ts";
import { connectLine } from "./smtp/connect.ts";
import { isMarked, smtpLine } from "./smtp/line.ts";
import { isPacketLine } from "./tcpdump/capture.ts";
import { isHopLine, isScamperHeader, isTracerouteHeader } from "./traceroute/parse.ts";

/** Lines next to each other that one reader takes. */
export interface Segment {
  readonly kind: EvidenceKind;
  readonly lines: readonly Line[];
}

interface Sign {
  readonly kind: EvidenceKind;
  /** Words without one of which it cannot be: looked for before a pattern is even compiled. */
  readonly has?: readonly string[];
  /** Lines of it begin with a digit, after blanks. */
  readonly digit?: true;
  readonly is: (text: string) => boolean;
}

/** Longer lines are data, not the shapes below; a flattened trace shows its header at the start. */
const LOOKED_AT = 2000;

const matches = (pattern: RegExp) => (text: string) => pattern.test(text);

/** First match wins, so the unmistakable stand first. Formats without a reader are named only where it is sure. */
const SIGNS: readonly Sign[] = [
  { kind: "traceroute", has: ["traceroute", "Tracing the path"], is: isTracerouteHeader },
  { kind: "scamper", has: ["traceroute from"], is: isScamperHeader },
  { kind: "mtr", has: [".|--", "HOST: "], is: matches(/^\s{0,8}\d{1,3}\.\|--|^HOST: .{0,200}Loss%/) },
  { kind: "tracepath", digit: true, is: matches(/^\s{0,4}\d{1,3}(?:\?: +\[LOCALHOST\]|: {2,8}\S.{0,200}ms\b)/) },
  // Times come before the address, in every language: https://learn.microsoft.com/windows-server/administration/windows-commands/tracert
  { kind: "tracert", digit: true, is: matches(/^\s{0,4}\d{1,3}(?:\s{1,8}(?:<?\d{1,5} \S{1,4}|\*)){3}\s{1,4}\S/) },
  { kind: "traceroute", digit: true, is: isHopLine },
  { kind: "postfix-log", has: [" postfix"], is: isPostfixLine },
  { kind: "exim-log", digit: true, is: isEximLine },
  { kind: "sendmail-log", has: [" sm-mta[", " sendmail["], is: matches(/ (?:sm-mta|sendmail)\[\d{1,10}\]: /) },
  { kind: "sshd-log", has: [" sshd"], is: matches(/ sshd(?:-session)?\[\d{1,10}\]: /) },
  {
    kind: "exchange-log",
    has: ["#Software", "#Log-type"],
    is: matches(/^#(?:Software: Microsoft Exchange|Log-type: SMTP Receive)/),
  },
  {
    kind: "nat-table",
    has: ["src="],
    is: matches(/\bsrc=\S{1,60} dst=\S{1,60} sport=\d{1,5} dport=\d{1,5} .{0,60}src=\S{1,60} dst=/),
  },
  {
    kind: "firewall-log",
    has: ["%ASA-", "IN="],
    is: matches(/%ASA-\d-\d{6}: |\bIN=\S{0,32} OUT=\S{0,32} .{0,120}\bSRC=\S{1,60} DST=/),
  },
  { kind: "mail-headers", has: ["Received: "], is: matches(/^Received: (?:from|by) /) },
  { kind: "tcpdump", has: ["IP ", "IP, ", "IP6", "IPv"], is: isPacketLine },
  {
    kind: "tcpdump",
    has: ["tcpdump", "listening on"],
    is: matches(/^tcpdump: (?:verbose output|listening on|data link type)|^listening on \S{1,40}, link-type /),
  },
  { kind: "smtp-transcript", is: isSmtpSign },
];

const HOST = String.raw`[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})+`;
const GREETING = new RegExp(String.raw`^(?:${HOST}|\S{1,255} .{0,200}(?:E?SMTP|ESMP|Service ready))`, "i");
const EHLO_REPLY = new RegExp(String.raw`^(?:${HOST}\.?(?:\s|$)|\S{1,255} (?:Hello|at your service))`, "i");
const LONE_HELLO = /(?:^|\s)Hello\b.{0,300}\[[^\]\s]{1,60}\]/i;

function isSmtpSign(text: string): boolean {
  const read = smtpLine({ number: 1, text });
  if (read.kind === "command") return /^(?:EHLO|HELO)$/.test(read.verb) && /^\S{1,255}$/.test(read.argument);
  if (read.kind === "other") return LONE_HELLO.test(text) && text.length < 500;
  // FTP greets with 220 as well; and the enhanced codes of RFC 3463 are mail's alone.
  if (read.code === 220)
    return (!/ftp/i.test(read.text) || /smtp/i.test(read.text)) && (isMarked(text) || GREETING.test(read.text));
  if (read.code === 250) return EHLO_REPLY.test(read.text);
  return read.code >= 400 && /^[45]\.\d{1,3}\.\d{1,3} /.test(read.text);
}

/** A line that fits the current kind is not looked at again: most lines of a long log are alike. */
function signOf(text: string, current: EvidenceKind | null): EvidenceKind | null {
  const head = text.length > LOOKED_AT ? text.slice(0, LOOKED_AT) : text;
  if (SIGNS.some((sign) => sign.kind === current && shows(sign, head))) return current;
  return SIGNS.find((sign) => shows(sign, head))?.kind ?? null;
}

const shows = ({ has, digit, is }: Sign, text: string): boolean =>
  (has === undefined || has.some((word) => text.includes(word))) &&
  (digit !== true || startsWithDigit(text)) &&
  is(text);

function startsWithDigit(text: string): boolean {
  const code = text.trimStart().charCodeAt(0);
  return code >= 48 && code <= 57;
}

/**
 * Cuts a text into segments of one kind each. Lines that tell nothing belong to the segment they follow, except that a
 * new segment takes the command and connect lines that lead up to it. No sign at all: no segment.
 */
export function segmentsOf(text: string): readonly Segment[] {
  const lines = linesOf(text);
  const starts: { readonly kind: EvidenceKind; readonly from: number }[] = [];
  let lastSign = -1;
  // Since the last packet of a capture, a client program has connected: what follows is no payload.
  let connected = false;
  for (const [index, line] of lines.entries()) {
    const current = starts.at(-1)?.kind ?? null;
    const sign = line.text === "" ? null : signOf(line.text, current);
    connected = sign !== "tcpdump" && (connected || (current === "tcpdump" && opensSession(line)));
    if (sign === null || (current !== null && belongs(sign, current, line, connected))) {
      if (sign === current && sign !== null) lastSign = index;
      continue;
    }
    starts.push({ kind: sign, from: current === null ? 0 : leadIn(lines, lastSign + 1, index) });
    lastSign = index;
  }
  return starts.map(({ kind, from }, index) => ({ kind, lines: lines.slice(from, starts[index + 1]?.from) }));
}

/** Whether a line with this sign is still part of the current segment. */
function belongs(sign: EvidenceKind, current: EvidenceKind, line: Line, connected: boolean): boolean {
  if (sign === current) return true;
  // scamper's hops look like traceroute's.
  if (current === "scamper" && sign === "traceroute") return !isTracerouteHeader(line.text);
  // The payload of a capture (-v, -A) may be an SMTP session; a session of its own begins with a connect line.
  if (current === "tcpdump" && sign === "smtp-transcript") return !connected;
  // A message that the client sends has headers.
  return sign === "mail-headers" && current === "smtp-transcript";
}

const opensSession = ({ text }: Line): boolean => !text.startsWith("\t") && connectLine(text) !== null;

/** From the last blank line on, else from the first command or connect line, else from the sign itself. */
function leadIn(lines: readonly Line[], from: number, sign: number): number {
  for (let index = sign - 1; index >= from; index -= 1) if (lines[index]?.text === "") return index + 1;
  for (let index = from; index < sign; index += 1) {
    const text = lines[index]?.text ?? "";
    if (connectLine(text) !== null || isPrompt(text)) return index;
  }
  return sign;
}

/** `[user@host ~]$ command`, `user@host:~# command`, `$ command` */
const isPrompt = (text: string): boolean => /^(?:\[?[\w.-]{1,64}@[\w.-]{1,255}[ :].{0,200}?)?[$#%] \S/.test(text);
