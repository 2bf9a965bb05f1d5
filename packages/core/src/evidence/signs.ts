import { isEximLine } from "./logs/exim.ts";
import { isPostfixLine } from "./logs/postfix.ts";
import { parseObserved } from "./masked.ts";
import { matches, type Sign } from "./sign.ts";
import { SIGNS_ON_DEMAND } from "./signs-on-demand.ts";
import { isMarked, smtpLine } from "./smtp/line.ts";
import { isPacketLine } from "./tcpdump/capture.ts";
import { isHopLine, isTracerouteHeader } from "./traceroute/parse.ts";

/** First match wins, so the unmistakable stand first. Formats without a reader are named only where it is sure. */
export const SIGNS: readonly Sign[] = [
  { kind: "traceroute", has: ["traceroute", "Tracing the path"], is: isTracerouteHeader },
  ...SIGNS_ON_DEMAND.paths,
  { kind: "traceroute", digit: true, is: isHopLine },
  { kind: "postfix-log", has: [" postfix"], is: isPostfixLine },
  { kind: "exim-log", digit: true, is: isEximLine },
  ...SIGNS_ON_DEMAND.logs,
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

/** `203.0.113.7` or `2001:db8::7` and nothing else on the line, whole or masked. */
export function isBareAddress(text: string): boolean {
  const word = text.trim();
  if (word.length > 45 || word.length < 2 || /[^0-9A-Fa-fxX*.:]/.test(word)) return false;
  const observed = parseObserved(word);
  return observed.ip !== null || (observed.masked && word.includes("."));
}
