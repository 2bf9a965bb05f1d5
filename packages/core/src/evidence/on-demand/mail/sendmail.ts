import type { Line } from "../../lines.ts";
import { type MailLog, type MailLogLine, readMailLog } from "../../logs/mail.ts";
import { isAddress, parseObserved } from "../../masked.ts";
import type { Evidence, VantageHint } from "../../observation.ts";
import { rfc3339 } from "../../time.ts";

/** `Nov 22 01:13:25 HOST sm-mta[123]: QUEUE-ID: …`, or with an RFC 3339 stamp. */
const HEAD =
  /^(?:<\d{1,3}>)?([A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T\S{8,30}) (\S{1,255}) (?:sm-mta|sendmail)\[\d{1,10}\]: (?:[0-9A-Za-z]{6,20}: )?/;
const PEER = String.raw`(?:([^\s[\],=]{1,255}) )?\[([^\][\s]{1,60})\](?: \(may be forged\))?`;
/** What the client wrote itself, its sender and message id, stands before the relay. Arrivals say `from=` and `relay=`; a delivery says `to=` and `mailer=`, and its relay is where the mail went. */
const FORMS = [
  new RegExp(String.raw`^from=.{0,900}, relay=(?:[\w.-]{1,64}@)?${PEER}`),
  new RegExp(String.raw`^(?:[^\s]{1,60} )?${PEER} (?:did not issue|\(may be forged\) did not issue)`),
  new RegExp(`^(?:lost input channel|timeout waiting for input|collect: .{1,60}) from ${PEER}`),
  new RegExp(String.raw`^ruleset=check_\w{1,20}, arg1=<[^<>]{0,320}>, relay=${PEER}`),
];
const CHECK_RELAY = /^ruleset=check_relay, arg1=([^\s,]{1,255}), arg2=([^\s,]{2,60}),/;

/** Reads arrivals, refusals and lost connections. Traditional syslog has neither year nor zone. */
export const parseSendmail = (lines: readonly Line[]): readonly MailLogLine[] => {
  const delivering = new Set(lines.flatMap(({ text }) => deliveringHost(text) ?? []));
  return lines.flatMap((line) => sendmailLine(line, delivering) ?? []);
};

export const readSendmail = (lines: readonly Line[], file: string, hint: VantageHint | null): Evidence =>
  readMailLog(parseSendmail(lines), SENDMAIL, file, hint);

/** The host of a line that tells of mail handed to another server. https://www.sendmail.org/~ca/email/doc8.12/op-sh-2.html */
function deliveringHost(text: string): string | null {
  if (!text.includes("mailer=") || !text.includes("stat=")) return null;
  return /\bmailer=e?smtp8?,.{0,300}\brelay=(?!\[?127\.)/.test(text) ? (HEAD.exec(text)?.[2] ?? null) : null;
}

function sendmailLine(line: Line, delivering: ReadonlySet<string>): MailLogLine | null {
  const head = HEAD.exec(line.text);
  if (head === null) return null;
  const [whole, clock = "", host = ""] = head;
  const message = line.text.slice(whole.length);
  const relay = CHECK_RELAY.exec(message);
  const found = relay ?? FORMS.map((form) => form.exec(message)).find((one) => one !== null);
  if (found === null || found === undefined) return null;
  const peer = parseObserved(found[2] ?? "");
  if (!isAddress(peer)) return null;
  const name = found[1] ?? null;
  return {
    line,
    clock,
    at: rfc3339(clock),
    peer,
    peerName: name?.startsWith("[") === true ? null : name,
    peerPort: null,
    local: null,
    localPort: null,
    helo: null,
    rejected: message.startsWith("ruleset=") && /\breject=/.test(message),
    sendsOn: delivering.has(host),
  };
}

const SENDMAIL: MailLog = {
  kind: "sendmail-log",
  server: "sendmail",
  proves: {
    en: "The bracket is the address sendmail's connection came from; the name before it is reverse DNS, and “may be forged” says that it does not lead back. If this is the log of the destination, it is the source it sees, unless something in front of it ends connections.",
    zh: "方括号内是 sendmail 的连接来源地址；前面的名称来自反向域名，“may be forged”表示该名称无法反查。若这是目的端的日志，这就是它看到的源地址，除非其前面有终结连接的设备。",
  },
};
