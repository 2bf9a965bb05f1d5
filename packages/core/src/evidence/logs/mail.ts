import { inAny, LOOPBACK } from "../../address/cidr.ts";
import type { Text } from "../../problem.ts";
import { type Line, quoteOf } from "../lines.ts";
import { maskedDigits } from "../masked.ts";
import type { Evidence, EvidenceKind, Observation, ObservedAddress, VantageHint } from "../observation.ts";

/** One line in which a mail server names the client it serves. */
export interface MailLogLine {
  readonly line: Line;
  /** As printed. */
  readonly clock: string;
  /** RFC 3339; null when year or zone are not logged. */
  readonly at: string | null;
  readonly peer: ObservedAddress;
  /** The reverse name; null when there is none that holds. */
  readonly peerName: string | null;
  readonly peerPort: number | null;
  readonly local: ObservedAddress | null;
  readonly localPort: number | null;
  /** What the client said of itself. */
  readonly helo: string | null;
  readonly rejected: boolean;
  /** The host that wrote it hands mail on to other hosts: it may be the sender's own relay. */
  readonly sendsOn: boolean;
}

/** Which server wrote the log, and how its line is read. */
export interface MailLog {
  readonly kind: EvidenceKind;
  readonly server: string;
  readonly proves: Text;
}

/**
 * One observation for each client address, each port that its service tells and, where postscreen names it, each address
 * it came to: the newest line.
 */
export function readMailLog(
  parsed: Iterable<MailLogLine>,
  log: MailLog,
  file: string,
  hint: VantageHint | null,
): Evidence {
  const clients = new Map<string, ClientLines>();
  for (const entry of parsed) {
    const port = entry.local === null ? entry.localPort : null;
    const key = `${entry.peer.text} ${port} ${entry.sendsOn}`;
    const client = clients.get(key);
    if (client === undefined) clients.set(key, firstOf(entry));
    else addTo(client, entry);
  }
  return {
    file,
    kind: log.kind,
    observations: [...clients.values()].flatMap((client) =>
      newestOf(client).map((entry) => observationOf(entry, client, log, file, hint)),
    ),
    paths: [],
    names: [],
    problems: [],
  };
}

/** What all lines about one client tell together: of a long log not each of them is kept. */
interface ClientLines {
  count: number;
  rejected: boolean;
  helo: string | null;
  newest: MailLogLine;
  /** The newest by the local side, where one names it. */
  readonly locals: Map<string, MailLogLine>;
}

function firstOf(entry: MailLogLine): ClientLines {
  const client = { count: 0, rejected: false, helo: null, newest: entry, locals: new Map() };
  addTo(client, entry);
  return client;
}

function addTo(client: ClientLines, entry: MailLogLine): void {
  client.count += entry.line.stands ?? 1;
  client.rejected ||= entry.rejected;
  client.helo = entry.helo ?? client.helo;
  client.newest = entry;
  if (entry.local !== null) client.locals.set(`${entry.local.text} ${entry.localPort}`, entry);
}

/** With postscreen the same connection is logged twice; only its own line names the local side. */
const newestOf = ({ locals, newest }: ClientLines): readonly MailLogLine[] =>
  locals.size > 0 ? [...locals.values()] : [newest];

function observationOf(
  entry: MailLogLine,
  client: ClientLines,
  log: MailLog,
  file: string,
  hint: VantageHint | null,
): Observation {
  const local = entry.peer.ip !== null && inAny(LOOPBACK, entry.peer.ip);
  const own = hint === "client" || hint === "translator";
  const relay = entry.sendsOn && hint !== "destination";
  const hidden = entry.peer.masked && maskedDigits(entry.peer.text) === 0;
  return {
    file,
    line: entry.line.number,
    kind: log.kind,
    quote: quoteOf(entry.line),
    says: saysOf(entry, client, log),
    proves: local ? FROM_ITSELF : own ? NOT_DESTINATION : relay ? MAY_BE_RELAY : log.proves,
    strength: local || own || relay || hidden ? "none" : "destination-observed",
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
    vantage: own ? hint : relay ? "unknown" : "destination",
  };
}

function saysOf(entry: MailLogLine, { count, rejected }: ClientLines, { server }: MailLog): Text {
  const lines = count > 1 ? { en: `, in ${count} lines`, zh: `，共 ${count} 行` } : { en: "", zh: "" };
  const refused = rejected
    ? { en: " It refused a command of it.", zh: "它拒绝过该客户端的命令。" }
    : { en: "", zh: "" };
  const time = timeOf(entry);
  return {
    en: `${server} was connected to from ${entry.peer.text}${lines.en} (${time.en}).${refused.en}`,
    zh: `${server} 收到来自 ${entry.peer.text} 的连接${lines.zh}（${time.zh}）。${refused.zh}`,
  };
}

function timeOf({ at, clock }: MailLogLine): Text {
  if (at !== null) return { en: `last: ${at}`, zh: `最近：${at}` };
  // What a server in the foreground prints has no stamp.
  if (clock === "") return { en: "the log tells no time", zh: "日志未记录时间" };
  return { en: `last: ${clock}, without year or time zone`, zh: `最近：${clock}，缺少年份或时区` };
}

const NOT_DESTINATION: Text = {
  en: "This log is not the destination's, so the address is the one of a stage before it.",
  zh: "这不是目的端的日志，因此该地址属于之前的某一段。",
};

const MAY_BE_RELAY: Text = {
  en: "The same host hands mail on to other servers, so it may be a relay on the sender's side: then this is the address of a stage before it, and the destination sees the relay's. If it is the destination's own server: --vantage FILE=destination.",
  zh: "同一主机还把邮件转交给其他服务器，因此它可能是发送方一侧的中继：那么该地址属于之前的某一段，目的端看到的是中继的地址。若它就是目的端的服务器：--vantage FILE=destination。",
};

const FROM_ITSELF: Text = {
  en: "The server talks to itself (a mail filter that hands mail back): nothing about any client.",
  zh: "服务器在与自身通信（邮件过滤程序回送邮件）：与客户端无关。",
};
