import { inAny, isPrivate, LINK_LOCAL, LOOPBACK } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { Text } from "../../../problem.ts";
import type { Line } from "../../lines.ts";
import type { Evidence, Observation, ObservedAddress, VantageHint } from "../../observation.ts";
import { mailDateIn } from "../../time.ts";
import { atServer, evidenceOf, fold, type Judgement, observe, sighting } from "../observe.ts";
import { addressIn, portIn } from "../words.ts";

/** One `Received:` header: what the server after `by` says of its peer. */
export interface Received {
  readonly line: Line;
  readonly by: string | null;
  readonly byAddress: ObservedAddress | null;
  readonly peer: ObservedAddress | null;
  readonly peerPort: number | null;
  /** Reverse DNS, where this server's header tells it from the client's own word. */
  readonly name: string | null;
  readonly helo: string | null;
  readonly at: string | null;
}

const HOST = String.raw`[^\s()[\];]{1,255}`;
const ADDRESS = "(?:IPv6:)?[0-9A-Fa-fxX*.:]{2,45}";
/** Postfix, sendmail, OpenSMTPD: `from HELO (NAME [PEER])`. */
const NAME_AND_PEER = new RegExp(
  String.raw`^from (${HOST}|\[\S{2,60}\]) \((?:(${HOST}) )?\[(${ADDRESS})\](?::(\d{1,5}))?`,
  "i",
);
/** Exim: `from NAME ([PEER]:PORT helo=HELO)`; without a reverse name `from [PEER] (port=PORT helo=HELO)`. */
const EXIM = new RegExp(String.raw`^from (${HOST}) \(\[(${ADDRESS})\](?::(\d{1,5}))?(?: helo=([^\s)]{1,255}))?`, "i");
const EXIM_UNNAMED = new RegExp(
  String.raw`^from \[(${ADDRESS})\] \((?=port=|helo=|ident=)(?:port=(\d{1,5}) ?)?(?:helo=([^\s)]{1,255}))?`,
  "i",
);
/** Exchange: the client's word first, also as `[10.1.2.3]`, and only then its peer. */
const EXCHANGE = new RegExp(String.raw`^from (${HOST}|\[\S{2,60}\]) \((${ADDRESS})\) by`, "i");
const BY = new RegExp(String.raw`\bby (${HOST})(?: \((${ADDRESS})\))?`, "i");

/** The headers in the order they stand in: the newest, written last, is the first. RFC 5322 folds them over lines. */
export function parseReceived(lines: readonly Line[]): readonly Received[] {
  const headers: { readonly line: Line; text: string }[] = [];
  let inside = false;
  for (const line of lines) {
    if (/^Received: /i.test(line.text)) headers.push({ line, text: line.text.slice(10) });
    else if (inside && /^[ \t]/.test(line.text)) {
      const header = headers.at(-1);
      if (header !== undefined && header.text.length < 4000) header.text += ` ${line.text.trim()}`;
      continue;
    }
    inside = /^Received: /i.test(line.text);
  }
  return headers.map(({ line, text }) => receivedIn(line, text.replace(/\s+/g, " ")));
}

function receivedIn(line: Line, text: string): Received {
  const by = BY.exec(text);
  const common = {
    line,
    by: by?.[1] ?? null,
    byAddress: addressIn(by?.[2]),
    at: mailDateIn(text.slice(text.lastIndexOf(";") + 1)),
  };
  const unnamed = EXIM_UNNAMED.exec(text);
  const exim = unnamed === null ? EXIM.exec(text) : null;
  const exchange = EXCHANGE.exec(text);
  const named = NAME_AND_PEER.exec(text);
  if (unnamed !== null) return { ...common, ...client(unnamed[1], unnamed[2], null, unnamed[3]) };
  if (exim !== null) return { ...common, ...eximClient(text, exim) };
  if (exchange !== null) return { ...common, ...client(exchange[2], undefined, null, exchange[1]) };
  if (named !== null)
    return {
      ...common,
      ...client(named[3], named[4], text.includes("(may be forged)") ? null : reverseName(named[2]), named[1]),
    };
  return { ...common, ...client(undefined, undefined, null, undefined) };
}

/** sendmail without a reverse name writes the same shape; there the word before the bracket is the client's own. */
const eximClient = (text: string, [, word, peer, port, helo]: readonly (string | undefined)[]) =>
  /\(Exim \d/.test(text) ? client(peer, port, word ?? null, helo) : client(peer, port, null, helo ?? word);

const reverseName = (name: string | undefined): string | null =>
  name === undefined || name === "unknown" ? null : name;

const client = (peer: string | undefined, port: string | undefined, name: string | null, helo: string | undefined) => ({
  peer: addressIn(peer),
  peerPort: portIn(port),
  name,
  helo: helo ?? null,
});

/**
 * Only the header that the destination's own host wrote is its sighting. Above it may stand hops inside the
 * destination; everything below it came with the message, and whoever sent it may have written it.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5321#section-4.4
 */
export function readReceived(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  const chain = parseReceived(lines);
  const entry = entryOf(chain);
  const placed = chain.map((header, index) => ({ header, fromEntry: index - entry }));
  // What is below the entry proves nothing: the same pair of hosts is told once.
  const key = ({ header, fromEntry }: (typeof placed)[number]): string =>
    `${Math.min(fromEntry, 1)} ${header.by} ${header.peer?.text}`;
  const observations = fold(placed, key).flatMap(({ all: [one] }) =>
    one === undefined || one.header.peer === null
      ? []
      : [observationOf(one.header, one.fromEntry, chain[entry], file, hint)],
  );
  return evidenceOf(file, "mail-headers", observations);
}

/** The first header from the top whose peer is not one of the same organisation. */
function entryOf(chain: readonly Received[]): number {
  let at = 0;
  while (isInner(chain[at]) && sameDomain(chain[at]?.by ?? null, chain[at + 1]?.by ?? null)) at += 1;
  return at;
}

/** Mail passed on inside: from itself, from a neighbour by address, or from a verified name of its own domain. */
function isInner(header: Received | undefined): boolean {
  const peer = header?.peer?.ip ?? null;
  if (header === undefined || peer === null) return header?.peer === null;
  return isInternal(peer) || isNeighbour(peer, header.byAddress?.ip ?? null) || sameDomain(header.name, header.by);
}

const isInternal = (ip: Ip): boolean => isPrivate(ip) || inAny(LOOPBACK, ip) || inAny(LINK_LOCAL, ip);

/** Equal in the first half of an IPv4 address, the first 32 bits of an IPv6 address: numbered by the same hand. */
function isNeighbour(one: Ip, other: Ip | null): boolean {
  if (other === null) return false;
  const start = (ip: Ip): string => ip.split(ip.includes(":") ? ":" : ".", 2).join(" ");
  return one.includes(":") === other.includes(":") && start(one) === start(other);
}

/** The last two labels agree: enough to tell an own relay, and at worst it makes the claim weaker. */
function sameDomain(one: string | null, other: string | null): boolean {
  const domain = (name: string): string => name.toLowerCase().replace(/\.$/, "").split(".").slice(-2).join(".");
  return one !== null && other !== null && one.includes(".") && domain(one) === domain(other);
}

function observationOf(
  header: Received,
  fromEntry: number,
  entry: Received | undefined,
  file: string,
  hint: VantageHint | null,
): Observation {
  const { line, by, peer, peerPort, name, helo, at } = header;
  const claimed = helo === null ? null : helo.slice(0, 255);
  return observe(
    file,
    "mail-headers",
    sighting(line, { source: peer, sourcePort: peerPort, protocol: "tcp", at }, { claimed }),
    {
      en: `${by ?? "A server"} writes that it took the message from ${peer?.text}${name === null ? "" : ` (${name})`}.`,
      zh: `${by ?? "某服务器"} 写明其从 ${peer?.text}${name === null ? "" : `（${name}）`} 收到该邮件。`,
    },
    judge(header, fromEntry, entry, hint),
  );
}

function judge(header: Received, fromEntry: number, entry: Received | undefined, hint: VantageHint | null): Judgement {
  if (fromEntry > 0) return { strength: "none", vantage: "unknown", proves: CAME_WITH_IT };
  if (fromEntry < 0) return { strength: "none", vantage: "path", proves: INSIDE };
  const own = sameDomain(header.name, entry?.by ?? null);
  if (own) return { strength: "none", vantage: "path", proves: OWN_PROXY };
  return atServer(header.peer, hint, PROVES);
}

const PROVES: Text = {
  en: "The server after “by” wrote this of its own TCP connection: if it is the destination's, this is the source it saw. What stands before the address is the client's own word or reverse DNS.",
  zh: "“by”之后的服务器记录了它自己的 TCP 连接：若它属于目的端，这就是它看到的源地址。地址之前的内容是客户端的自称或反向域名。",
};

const CAME_WITH_IT: Text = {
  en: "This header came with the message from the server before: it may be true, and whoever sent the message could have written it. It proves nothing of what the destination saw.",
  zh: "该信头随邮件由前一台服务器带来：可能属实，也可能由发送方自行写入。不能证明目的端看到了什么。",
};

const INSIDE: Text = {
  en: "A hop inside the destination: its own relay handed the message on.",
  zh: "这是目的端内部的一跳：由其自己的中继转交。",
};

const OWN_PROXY: Text = {
  en: "The peer has a name of the server's own domain: a proxy or load balancer in front of it opened the connection. Ask for the log of that one.",
  zh: "对端名称属于服务器自己的域：连接由其前面的代理或负载均衡发起。请索取那一台的日志。",
};
