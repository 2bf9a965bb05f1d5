import { inAny, LOOPBACK } from "../../address/cidr.ts";
import type { Line } from "../lines.ts";
import { isAddress, parseObserved } from "../masked.ts";
import type { Evidence, VantageHint } from "../observation.ts";
import { rfc3339 } from "../time.ts";
import { type MailLog, type MailLogLine, readMailLog } from "./mail.ts";

/** `2026-11-22 01:13:25 ` with, by log_timezone, ` +0000` and, by log_selector = +pid, ` [123]`. */
const HEAD = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?)(?: ([+-]\d{2})(\d{2}))? (?:\[\d{1,10}\] )?/;
const ID = `[0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}`;
/**
 * `NAME (HELO) [PEER]:PORT I=[LOCAL]:PORT`; name and HELO may be missing.
 * https://www.exim.org/exim-html-current/doc/html/spec_html/ch-log_files.html
 */
const CLIENT = String.raw`(?:([^\s()[\]]{1,255}) )?(?:\(([^()]{0,255})\) )?\[([^\][\s]{1,60})\](?::(\d{1,5}))?(?: I=\[([^\][\s]{1,60})\]:(\d{1,5}))?`;
const FORMS = [
  // With log_selector = +smtp_no_mail, whoever said hello and nothing more is named at the end, too.
  new RegExp(`^(?:no MAIL in )?SMTP connection from ${CLIENT}`),
  new RegExp(String.raw`^${ID} <= \S{1,320} H=${CLIENT}`),
  // Deliveries have H= as well, with the host they went to; only what was rejected here came in.
  new RegExp(String.raw`^(?:${ID} )?H=${CLIENT}(?: [A-Z]{1,5}=\S{1,400}){0,8} (?<rejected>rejected) `),
];

export const isEximLine = (text: string): boolean => {
  const head = HEAD.exec(text);
  return head !== null && FORMS.some((form) => form.test(text.slice(head[0].length)));
};

/** A delivery over SMTP, or an attempt: this host was the client of that server. The log names no host of its own. */
const DELIVERY = new RegExp(
  String.raw`^${ID} (?:(?:[-=]>|==|\*\*) .{1,900} H=|H=(?=\S{1,255} \S{1,70} Connection ))\S{1,255} \[([^\][\s]{1,60})\]`,
);

function isDelivery({ text }: Line): boolean {
  const head = text.includes(" H=") ? HEAD.exec(text) : null;
  const to = head === null ? null : DELIVERY.exec(text.slice(head[0].length));
  const ip = parseObserved(to?.[1] ?? "").ip;
  return to !== null && !(ip !== null && inAny(LOOPBACK, ip));
}

export const parseExim = (lines: readonly Line[]): readonly MailLogLine[] => {
  const sendsOn = lines.some(isDelivery);
  return lines.flatMap((line) => eximLine(line, sendsOn) ?? []);
};

function eximLine(line: Line, sendsOn: boolean): MailLogLine | null {
  const head = HEAD.exec(line.text);
  if (head === null) return null;
  const [whole, date = "", clock = "", hours, minutes] = head;
  const message = line.text.slice(whole.length);
  const found = FORMS.map((form) => form.exec(message)).find((one) => one !== null);
  if (found === null || found === undefined) return null;
  const [, name, helo, peer = "", peerPort, local, localPort] = found;
  const observed = parseObserved(peer);
  if (!isAddress(observed)) return null;
  return {
    line,
    clock: `${date} ${clock}`,
    at: hours === undefined ? null : rfc3339(`${date}T${clock}${hours}:${minutes}`),
    peer: observed,
    peerName: name ?? null,
    peerPort: peerPort === undefined ? null : Number(peerPort),
    local: local === undefined ? null : parseObserved(local),
    localPort: localPort === undefined ? null : Number(localPort),
    helo: helo ?? null,
    rejected: found.groups?.rejected !== undefined,
    // One that names its own end is told apart by that.
    sendsOn: sendsOn && local === undefined,
  };
}

/** Reads connections, arrivals and rejections of Exim's main log. Without log_timezone the zone is not known. */
export const readExim = (lines: readonly Line[], file: string, hint: VantageHint | null): Evidence =>
  readMailLog(parseExim(lines), EXIM, file, hint);

const EXIM: MailLog = {
  kind: "exim-log",
  server: "Exim",
  proves: {
    en: "The bracket is the address Exim's connection came from, or with PRX= the one its proxy passed on; the name before it is reverse DNS, and what stands in parentheses the client's own word. If this is the log of the destination, it is the source it sees, unless something in front of it ends connections.",
    zh: "方括号内是 Exim 的连接来源地址，若有 PRX= 则是其代理转告的地址；前面的名称来自反向域名，圆括号内是客户端的自称。若这是目的端的日志，这就是它看到的源地址，除非其前面有终结连接的设备。",
  },
};
