import { inAny, LOOPBACK } from "../../address/cidr.ts";
import type { Line } from "../lines.ts";
import { isAddress, parseObserved } from "../masked.ts";
import type { Evidence, VantageHint } from "../observation.ts";
import { rfc3339 } from "../time.ts";
import { type MailLog, type MailLogLine, readMailLog } from "./mail.ts";

/** RFC 3164 (`Nov 22 01:10:01`) or RFC 3339 stamps, then `HOST postfix[/instance]/SERVICE[pid]: `. */
const HEAD =
  /^(?:<\d{1,3}>)?([A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T\S{8,30}) (\S{1,255}) postfix[\w.-]{0,40}\/(?:([\w.-]{1,40})\/)?([\w-]{1,40})\[\d{1,10}\]: /;
const PEER = String.raw`([^\s[\]]{0,255})\[([^\][\s]{1,60})\](?::(\d{1,5}))?`;
/** https://www.postfix.org/postconf.5.html#smtpd_client_port_logging */
const CLIENT = new RegExp(
  String.raw`^(?:connect from |[0-9A-Za-z]{1,20}: client=|(?:NOQUEUE|[0-9A-Za-z]{1,20}): reject: \w{1,10} from )${PEER}`,
);
/** https://www.postfix.org/POSTSCREEN_README.html */
const POSTSCREEN = /^CONNECT from \[([^\][\s]{1,60})\]:(\d{1,5}) to \[([^\][\s]{1,60})\]:(\d{1,5})$/;
/** A delivery over SMTP, or an attempt: this host was the client of that server. https://www.postfix.org/smtp.8.html */
const DELIVERY =
  /^(?:[0-9A-Za-z]{1,20}: to=<[^<>]{0,320}>,.{0,700}? relay=|connect to )[^\s,[\]]{0,255}\[([^\][\s]{1,60})\](?::\d{1,5})?[,:] /;
/** The services of master.cf named so listen there: https://www.postfix.org/master.5.html, RFC 6409, RFC 8314. */
const SERVICE_PORTS: ReadonlyMap<string, number> = new Map([
  ["submission", 587],
  ["submissions", 465],
  ["smtps", 465],
]);
const HELO = / helo=<([^<>]{0,255})>/;

export const isPostfixLine = (text: string): boolean => HEAD.test(text);

export const parsePostfix = (lines: readonly Line[]): readonly MailLogLine[] => [...entriesOf(lines)];

/** One after the other: of thousands few are kept. */
function* entriesOf(lines: readonly Line[]): Generator<MailLogLine> {
  const delivering = new Set(lines.flatMap(({ text }) => deliveringHost(text) ?? []));
  for (const line of lines) {
    const entry = postfixLine(line, delivering);
    if (entry !== null) yield entry;
  }
}

/** The syslog host of a line that tells of mail handed to a server on another host; null for every other line. */
function deliveringHost(text: string): string | null {
  if (!text.includes("/smtp[")) return null;
  const head = HEAD.exec(text);
  if (head === null || head[4] !== "smtp") return null;
  const relay = parseObserved(DELIVERY.exec(text.slice(head[0].length))?.[1] ?? "");
  return isAddress(relay) && !(relay.ip !== null && inAny(LOOPBACK, relay.ip)) ? (head[2] ?? "") : null;
}

function postfixLine(line: Line, delivering: ReadonlySet<string>): MailLogLine | null {
  const head = HEAD.exec(line.text);
  if (head === null) return null;
  const [whole, clock = "", host = "", instance = "", service = ""] = head;
  const message = line.text.slice(whole.length);
  const stamp = { line, clock, at: rfc3339(clock), sendsOn: delivering.has(host) };
  const port = SERVICE_PORTS.get(instance) ?? null;
  const found =
    service === "postscreen" ? fromPostscreen(message) : service === "smtpd" ? fromSmtpd(message, port) : null;
  return found === null || !isAddress(found.peer) ? null : { ...stamp, ...found };
}

type Found = Omit<MailLogLine, "line" | "clock" | "at" | "sendsOn">;

function fromSmtpd(message: string, localPort: number | null): Found | null {
  const found = CLIENT.exec(message);
  if (found === null) return null;
  const [, name = "", peer = "", port] = found;
  return {
    peer: parseObserved(peer),
    peerName: name === "unknown" || name === "" ? null : name,
    peerPort: port === undefined ? null : Number(port),
    local: null,
    localPort,
    helo: HELO.exec(message)?.[1] ?? null,
    rejected: / reject: /.test(found[0]),
  };
}

function fromPostscreen(message: string): Found | null {
  const found = POSTSCREEN.exec(message);
  if (found === null) return null;
  const [, peer = "", peerPort, local = "", localPort] = found;
  return {
    peer: parseObserved(peer),
    peerName: null,
    peerPort: Number(peerPort),
    local: parseObserved(local),
    localPort: Number(localPort),
    helo: null,
    rejected: false,
  };
}

/** Reads what smtpd and postscreen log of their clients; traditional syslog has neither year nor zone. */
export const readPostfix = (lines: readonly Line[], file: string, hint: VantageHint | null): Evidence =>
  readMailLog(entriesOf(lines), POSTFIX, file, hint);

const POSTFIX: MailLog = {
  kind: "postfix-log",
  server: "Postfix",
  proves: {
    en: "The bracket is the address Postfix's TCP connection came from; the name before it is reverse DNS, and helo=<…> the client's own word. If this is the log of the destination, it is the source it sees, unless something in front of it ends connections.",
    zh: "方括号内是 Postfix 的 TCP 连接来源地址；前面的名称来自反向域名，helo=<…> 则是客户端的自称。若这是目的端的日志，这就是它看到的源地址，除非其前面有终结连接的设备。",
  },
};
