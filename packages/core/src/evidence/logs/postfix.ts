import { inAny, LOOPBACK } from "../../address/cidr.ts";
import type { Text } from "../../problem.ts";
import { type Line, quoteOf } from "../lines.ts";
import { isAddress, parseObserved } from "../masked.ts";
import type { Evidence, Observation, ObservedAddress, VantageHint } from "../observation.ts";
import { rfc3339 } from "../time.ts";

/** One line in which Postfix names the client it serves. */
export interface PostfixLine {
  readonly line: Line;
  /** As printed; traditional syslog has neither year nor zone. */
  readonly clock: string;
  /** RFC 3339; null for traditional syslog. */
  readonly at: string | null;
  readonly peer: ObservedAddress;
  /** The reverse name; null for `unknown`. */
  readonly peerName: string | null;
  readonly peerPort: number | null;
  /** Only postscreen prints it. */
  readonly local: ObservedAddress | null;
  readonly localPort: number | null;
  /** What the client said of itself. */
  readonly helo: string | null;
  readonly rejected: boolean;
}

/** RFC 3164 (`Nov 22 01:10:01`) or RFC 3339 stamps, then `HOST postfix[/instance]/SERVICE[pid]: `. */
const HEAD =
  /^(?:<\d{1,3}>)?([A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2}|\d{4}-\d{2}-\d{2}T\S{8,30}) (\S{1,255}) postfix[\w.-]{0,40}\/(?:[\w.-]{1,40}\/)?([\w-]{1,40})\[\d{1,10}\]: /;
const PEER = String.raw`([^\s[\]]{0,255})\[([^\][\s]{1,60})\](?::(\d{1,5}))?`;
/** https://www.postfix.org/postconf.5.html#smtpd_client_port_logging */
const CLIENT = new RegExp(
  String.raw`^(?:connect from |[0-9A-Za-z]{1,20}: client=|(?:NOQUEUE|[0-9A-Za-z]{1,20}): reject: \w{1,10} from )${PEER}`,
);
/** https://www.postfix.org/POSTSCREEN_README.html */
const POSTSCREEN = /^CONNECT from \[([^\][\s]{1,60})\]:(\d{1,5}) to \[([^\][\s]{1,60})\]:(\d{1,5})$/;
const HELO = / helo=<([^<>]{0,255})>/;

export const isPostfixLine = (text: string): boolean => HEAD.test(text);

export function parsePostfix(lines: readonly Line[]): readonly PostfixLine[] {
  return lines.flatMap((line) => postfixLine(line) ?? []);
}

function postfixLine(line: Line): PostfixLine | null {
  const head = HEAD.exec(line.text);
  if (head === null) return null;
  const [whole, clock = "", , service = ""] = head;
  const message = line.text.slice(whole.length);
  const stamp = { line, clock, at: rfc3339(clock) };
  const found = service === "postscreen" ? fromPostscreen(message) : service === "smtpd" ? fromSmtpd(message) : null;
  return found === null || !isAddress(found.peer) ? null : { ...stamp, ...found };
}

type Found = Omit<PostfixLine, "line" | "clock" | "at">;

function fromSmtpd(message: string): Found | null {
  const found = CLIENT.exec(message);
  if (found === null) return null;
  const [, name = "", peer = "", port] = found;
  return {
    peer: parseObserved(peer),
    peerName: name === "unknown" || name === "" ? null : name,
    peerPort: port === undefined ? null : Number(port),
    local: null,
    localPort: null,
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

/** One observation for each client address and, where postscreen names it, each address it came to: the newest line. */
export function readPostfix(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  const parsed = parsePostfix(lines);
  const groups = new Map<string, PostfixLine[]>();
  for (const entry of parsed) {
    const group = groups.get(entry.peer.text);
    if (group === undefined) groups.set(entry.peer.text, [entry]);
    else group.push(entry);
  }
  return {
    file,
    kind: "postfix-log",
    observations: [...groups.values()].flatMap((group) => ofClient(group, file, hint)),
    paths: [],
    names: [],
    problems: [],
  };
}

/** With postscreen the same connection is logged twice; only its own line names the local side. */
function ofClient(group: readonly PostfixLine[], file: string, hint: VantageHint | null): readonly Observation[] {
  const locals = new Map<string, PostfixLine>();
  for (const entry of group) if (entry.local !== null) locals.set(`${entry.local.text} ${entry.localPort}`, entry);
  const last = group.at(-1);
  const chosen = locals.size > 0 ? [...locals.values()] : last === undefined ? [] : [last];
  const client: ClientLines = {
    count: group.length,
    rejected: group.some((entry) => entry.rejected),
    helo: group.findLast((entry) => entry.helo !== null)?.helo ?? null,
  };
  return chosen.map((entry) => observationOf(entry, client, file, hint));
}

/** What all lines about one client tell together. */
interface ClientLines {
  readonly count: number;
  readonly rejected: boolean;
  readonly helo: string | null;
}

function observationOf(entry: PostfixLine, client: ClientLines, file: string, hint: VantageHint | null): Observation {
  const local = entry.peer.ip !== null && inAny(LOOPBACK, entry.peer.ip);
  const own = hint === "client" || hint === "translator";
  return {
    file,
    line: entry.line.number,
    kind: "postfix-log",
    quote: quoteOf(entry.line),
    says: saysOf(entry, client),
    proves: local ? FROM_ITSELF : own ? NOT_DESTINATION : PROVES,
    strength: local || own ? "none" : "destination-observed",
    seen: {
      source: entry.peer,
      sourcePort: entry.peerPort,
      destination: entry.local,
      destinationName: null,
      destinationPort: entry.localPort,
      protocol: "tcp",
      at: entry.at,
    },
    before: null,
    claimed: client.helo,
    vantage: own ? hint : "destination",
  };
}

function saysOf(entry: PostfixLine, { count, rejected }: ClientLines): Text {
  const lines = count > 1 ? { en: `, in ${count} lines`, zh: `，共 ${count} 行` } : { en: "", zh: "" };
  const refused = rejected
    ? { en: " It refused a command of it.", zh: "它拒绝过该客户端的命令。" }
    : { en: "", zh: "" };
  const date =
    entry.at === null
      ? { en: `${entry.clock}, year and zone not logged`, zh: `${entry.clock}，未记录年份与时区` }
      : { en: entry.at, zh: entry.at };
  return {
    en: `Postfix was connected to from ${entry.peer.text}${lines.en} (last: ${date.en}).${refused.en}`,
    zh: `Postfix 收到来自 ${entry.peer.text} 的连接${lines.zh}（最近：${date.zh}）。${refused.zh}`,
  };
}

const PROVES: Text = {
  en: "The bracket is the address Postfix's TCP connection came from; the name before it is reverse DNS, and helo=<…> the client's own word. If this is the log of the destination, it is the source it sees, unless something in front of it ends connections.",
  zh: "方括号内是 Postfix 的 TCP 连接来源地址；前面的名称来自反向域名，helo=<…> 则是客户端的自称。若这是目的端的日志，这就是它看到的源地址，除非其前面有终结连接的设备。",
};

const NOT_DESTINATION: Text = {
  en: "This log is not the destination's, so the address is the one of a stage before it.",
  zh: "这不是目的端的日志，因此该地址属于之前的某一段。",
};

const FROM_ITSELF: Text = {
  en: "The server talks to itself (a mail filter that hands mail back): nothing about any client.",
  zh: "服务器在与自身通信（邮件过滤程序回送邮件）：与客户端无关。",
};
