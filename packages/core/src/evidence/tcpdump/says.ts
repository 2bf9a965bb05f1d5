import type { Text } from "../../problem.ts";
import { maskedDigits } from "../masked.ts";
import type { Strength, Vantage } from "../observation.ts";
import type { Connection, ProxyHeader } from "./connections.ts";
import type { Endpoint, Packet } from "./packet.ts";
import type { Place } from "./vantage.ts";

export interface Judged {
  readonly proves: Text;
  readonly strength: Strength;
  readonly vantage: Vantage;
}

export const sideText = ({ host, portText }: Endpoint): string => {
  const name = host.text.includes(":") ? `[${host.text}]` : host.text;
  return portText === null ? name : `${name}:${portText}`;
};

/** @param count connections of the same source to the same service */
export function saysOf(connection: Connection, count: number): Text {
  const did = didOf(connection);
  const when = clockText(connection.quoted);
  const times = count > 1 ? { en: `, ${count} connections in all`, zh: `，共 ${count} 条连接` } : { en: "", zh: "" };
  const note = noteOf(connection);
  const inside = tunnelText(connection);
  return {
    en: `${did.en}${when.en}${times.en}.${inside.en}${note.en}`,
    zh: `${did.zh}${when.zh}${times.zh}。${inside.zh}${note.zh}`,
  };
}

function didOf({ source, destination, protocol, synSeen, openerKnown }: Connection): Text {
  const [from, to] = [source.host.text, sideText(destination)];
  if (protocol === "icmp") return { en: `${from} pinged ${to}`, zh: `${from} ping ${to}` };
  if (synSeen) return { en: `${from} opened a connection to ${to}`, zh: `${from} 向 ${to} 发起连接` };
  return openerKnown
    ? { en: `${from} talked to ${to}`, zh: `${from} 与 ${to} 通信` }
    : { en: `${from} and ${to} talked`, zh: `${from} 与 ${to} 有通信` };
}

/** Mirroring delivers packets in a tunnel: what is in it is the evidence, and whose it is should be seen. */
const tunnelText = ({ tunnel }: Connection): Text =>
  tunnel === null
    ? { en: "", zh: "" }
    : { en: ` The packets came in a tunnel (${tunnel}).`, zh: `数据包封装在隧道中（${tunnel}）。` };

function noteOf({ protocol, synSeen, openerKnown }: Connection): Text {
  if (!openerKnown) return { en: " Which of them began is not shown.", zh: "看不出由哪一方发起。" };
  if (protocol !== "tcp" || synSeen) return { en: "", zh: "" };
  return {
    en: " The opening packet is not in the capture; the server's port tells the direction.",
    zh: "抓包中没有首个数据包；方向由服务端口判断。",
  };
}

/** tcpdump prints no zone, and without -tttt no date. */
function clockText({ stamp }: Packet): Text {
  if (stamp.clock === null) return { en: "", zh: "" };
  if (stamp.zoneAssumed)
    return {
      en: ` at ${stamp.clock} (no time zone is printed; read as UTC)`,
      zh: `，时间 ${stamp.clock}（未注明时区，按 UTC 理解）`,
    };
  if (stamp.at !== null) return { en: ` at ${stamp.at}`, zh: `，时间 ${stamp.at}` };
  return { en: ` at ${stamp.clock} (date not printed)`, zh: `，时间 ${stamp.clock}（未注明日期）` };
}

export function judgeOf(connection: Connection, place: Place): Judged {
  const { host } = connection.source;
  if (connection.proxied !== null) return forAnother(connection.proxied, place);
  if (host.ip === null && !host.masked) return nameInsteadOfAddress(connection, place);
  switch (place.role) {
    case "destination":
      if (host.masked && maskedDigits(host.text) === 0)
        return { proves: ALL_HIDDEN, strength: "none", vantage: "destination" };
      return { proves: atDestination(place, host.masked), strength: "destination-observed", vantage: "destination" };
    case "client":
      return { proves: AT_CLIENT, strength: "none", vantage: "client" };
    case "translator":
      return { proves: AT_TRANSLATOR, strength: "none", vantage: "translator" };
    case "path":
      return { proves: PASSED_ON, strength: "none", vantage: "path" };
    case "unknown":
      return { proves: openReadings(connection), strength: "none", vantage: "unknown" };
    default:
      return place.role satisfies never;
  }
}

const GROUND: Record<NonNullable<Place["ground"]>, Text> = {
  option: { en: "by your word", zh: "按您的说明" },
  prompt: { en: "the shell prompt names the host that is the destination", zh: "命令提示符中的主机名就是目的主机" },
  interfaces: {
    en: "the host received the opening packet and answered it at once",
    zh: "该主机收到首个数据包并立即应答",
  },
  timing: {
    en: "answers to the client come within microseconds, the client's within milliseconds",
    zh: "对客户端的应答在微秒级，而客户端的应答在毫秒级",
  },
  "same-host": { en: "as other connections in it show", zh: "由其中其他连接可知" },
};

function atDestination(place: Place, masked: boolean): Text {
  const ground = place.ground === null ? { en: "", zh: "" } : GROUND[place.ground];
  const hidden = masked
    ? {
        en: " Some digits are hidden: compare by those that are there, and never put it in an allowlist.",
        zh: "部分数字被遮盖：只能用可见数字比较，不能写入白名单。",
      }
    : { en: "", zh: "" };
  return {
    en: `The capture was taken at the destination (${ground.en}), so this is the source address it sees.${hidden.en}`,
    zh: `抓包位于目的端（${ground.zh}），因此这就是目的端看到的源地址。${hidden.zh}`,
  };
}

/** https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt */
function forAnother({ source }: ProxyHeader, place: Place): Judged {
  const client =
    source === null
      ? { en: "without naming a client", zh: "未写明客户端" }
      : { en: `naming ${source} as the client, by its word`, zh: `称客户端为 ${source}（仅为其自述）` };
  return {
    strength: "none",
    vantage: place.role,
    proves: {
      en: `The data begins with a PROXY protocol header, ${client.en}: whoever connected here is a load balancer or proxy, and its address is not the client's. What it saw stands in its own log or in a capture in front of it.`,
      zh: `数据以 PROXY 协议头开始，${client.zh}：连到这里的是负载均衡器或代理，其地址不是客户端的地址。它看到的源地址在它自己的日志或它之前的抓包中。`,
    },
  };
}

const ALL_HIDDEN: Text = {
  en: "The capture was taken at the destination, but every digit of the source is hidden, so nothing can be compared with it.",
  zh: "抓包位于目的端，但源地址的每一位都被遮盖，无法与任何地址比较。",
};

const AT_CLIENT: Text = {
  en: "The capture was taken where the connection was opened: this is the address before any translation further on. It proves which interface address sends, not what the destination sees.",
  zh: "抓包位于发起连接的一侧：这是后续任何地址转换之前的地址。它证明由哪个接口地址发出，而不是目的端看到的地址。",
};

const AT_TRANSLATOR: Text = {
  en: "One side of a translator only: which address stands before and which after is not shown. Capture both sides at once: tcpdump -ni any -tttt.",
  zh: "只有转换设备的一侧：看不出转换前后分别是哪个地址。请同时抓取两侧：tcpdump -ni any -tttt。",
};

/** The same packet with two sources, without time and direction. */
export const UNORDERED: Judged = {
  strength: "none",
  vantage: "unknown",
  proves: {
    en: "The same packet stands in the capture with another source as well, so a translator is between the two; which address is before it and which after is not shown. Capture with times and directions: tcpdump -ni any -tttt.",
    zh: "抓包中同一数据包还带有另一个源地址，因此两者之间有地址转换；但看不出哪个在转换前、哪个在转换后。请带时间与方向抓包：tcpdump -ni any -tttt。",
  },
};

const PASSED_ON: Text = {
  en: "This host forwards the connection and leaves the source as it is. A device behind it may still translate it.",
  zh: "该主机转发此连接且不改变源地址；其后的设备仍可能进行转换。",
};

function openReadings(connection: Connection): Text {
  const source = connection.source.host.text;
  const lean = ttlLean(connection);
  return {
    en: `Two readings are open. Taken at the destination, ${source} is the source it sees; taken on the sender or anywhere before a translator, it is the address before translation. The capture does not say where it was taken${lean.en}: --vantage FILE=destination (or client, translator) settles it.`,
    zh: `有两种可能：若抓包位于目的端，${source} 就是它看到的源地址；若位于发送端或转换设备之前，则是转换前的地址。抓包本身没有说明位置${lean.zh}：用 --vantage FILE=destination（或 client、translator）即可确定。`,
  };
}

/** Systems start with a TTL of 64, 128 or 255; routers take one off each. A lean only: tunnels and proxies set it anew. */
function ttlLean(connection: Connection): Text {
  const opening = new Set(connection.opening);
  const ttlOf = (fromOpener: boolean) =>
    connection.packets.find((packet) => opening.has(packet) === fromOpener && packet.ttl !== null)?.ttl ?? null;
  const [opener, answerer] = [ttlOf(true), ttlOf(false)];
  if (opener === null || answerer === null || isFresh(opener) === isFresh(answerer)) return { en: "", zh: "" };
  return isFresh(answerer)
    ? { en: " (the TTLs suggest the destination)", zh: "（TTL 提示在目的端）" }
    : { en: " (the TTLs suggest the sender)", zh: "（TTL 提示在发送端）" };
}

const isFresh = (ttl: number): boolean => ttl === 64 || ttl === 128 || ttl === 255;

function nameInsteadOfAddress(connection: Connection, place: Place): Judged {
  const name = connection.source.host.text;
  return {
    strength: "none",
    vantage: place.role,
    proves: {
      en: `tcpdump put the name ${name} where the address was: a lead only, since whoever owns an address names it. Take the capture with -n.`,
      zh: `tcpdump 用名称 ${name} 代替了地址：只能作为线索，因为名称由地址的拥有者决定。请加 -n 重新抓包。`,
    },
  };
}

export const translated = (before: Endpoint, after: Endpoint, sequence: string): Text => ({
  en: `The same packet (sequence number ${sequence}) comes in from ${before.host.text} and goes out from ${after.host.text}: this device writes ${after.host.text} into it. That is what the destination sees unless a later device translates again.`,
  zh: `同一数据包（序列号 ${sequence}）从 ${before.host.text} 进入，以 ${after.host.text} 发出：该设备把源地址改写为 ${after.host.text}。除非后面还有设备再次转换，目的端看到的就是它。`,
});

/** A router quotes the packet as it received it: https://www.rfc-editor.org/rfc/rfc792 */
export const quotedByRouter = (router: string, before: string, after: string): { says: Text; proves: Text } => ({
  says: {
    en: `${router} sent an ICMP error to ${before} that quotes the packet with the source ${after}.`,
    zh: `${router} 向 ${before} 发出的 ICMP 差错报文中，引用的数据包源地址为 ${after}。`,
  },
  proves: {
    en: `A router quotes a packet as it received it, so the source was ${after} when it got there: translated before ${router}. Devices behind it may translate again, and the probes may be treated unlike the real traffic.`,
    zh: `路由器按收到的样子引用数据包，因此到达 ${router} 时源地址已是 ${after}：在它之前已被转换。其后的设备仍可能再次转换，而且探测包的处理可能与真实流量不同。`,
  },
});
