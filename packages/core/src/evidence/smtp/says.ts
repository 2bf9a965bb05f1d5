import type { Text } from "../../problem.ts";
import type { ObservedAddress, Strength, Vantage } from "../observation.ts";
import { sameAsHelo } from "./echo.ts";
import type { SmtpSession } from "./session.ts";

/** What a line says, what that proves, and how strongly it counts. */
export interface Judged {
  readonly says: Text;
  readonly proves: Text;
  readonly strength: Strength;
  /** Only where it is not known whose connection the server told of. */
  readonly vantage?: Vantage;
}

const serverName = (session: SmtpSession): Text =>
  session.server === null
    ? { en: "a server of unknown make", zh: "未知类型的服务器" }
    : { en: session.server.name, zh: session.server.name };

const helo = (said: string | null): Text =>
  said === null
    ? { en: "what the client said of itself is not in the transcript", zh: "记录中没有客户端的自称" }
    : { en: `the client said ${said} of itself`, zh: `客户端自称 ${said}` };

const said = (peer: ObservedAddress): Text => ({
  en: `The server printed ${peer.text} as the address it was reached from.`,
  zh: `服务器打印出 ${peer.text}，即连接来源的地址。`,
});

/** The server is known to print the address of its TCP peer. */
export function printsPeer(session: SmtpSession, peer: ObservedAddress, heloArgument: string | null): Judged {
  const server = serverName(session);
  const word = helo(heloArgument);
  const differs = heloArgument !== null && !sameAsHelo(peer, heloArgument);
  return {
    strength: "destination-observed",
    says: said(peer),
    proves: {
      en: `${server.en} prints the address its TCP connection came from; ${word.en}${differs ? ", so the bracket is no echo of it" : ""}. This is the source this server sees. ${FRONT.en}`,
      zh: `${server.zh} 打印的是其 TCP 连接的来源地址；${word.zh}${differs ? "，所以方括号里不是它的回显" : ""}。这就是该服务器看到的源地址。${FRONT.zh}`,
    },
  };
}

/** The server is not known, but it printed something the client had not said. */
export function differsFromHelo(peer: ObservedAddress, heloArgument: string | null): Judged {
  const word = helo(heloArgument);
  return {
    strength: "destination-observed",
    says: said(peer),
    proves: {
      en: `The server's make is not known, but ${word.en}: it cannot have the address in the bracket from there, so it is the one its connection came from. ${FRONT.en}`,
      zh: `服务器类型未知，但${word.zh}：方括号里的地址不可能来自客户端的自称，因此就是其连接的来源地址。${FRONT.zh}`,
    },
  };
}

const FRONT: Text = {
  en: "A load balancer or mail filter in front of it may see another; ask which device keeps the allowlist.",
  zh: "若其前面有负载均衡或邮件过滤设备，它们看到的可能不同；请确认白名单由哪台设备执行。",
};

export function ambiguous(session: SmtpSession, candidate: ObservedAddress, heloArgument: string | null): Judged {
  const missing = heloArgument === null;
  const why = missing
    ? { en: "the EHLO command is not in the transcript", zh: "记录中没有 EHLO 命令" }
    : { en: `the client itself had said ${heloArgument}`, zh: `客户端自己说过 ${heloArgument}` };
  const server = serverName(session);
  return {
    strength: "none",
    says: {
      en: `The server printed ${candidate.text} in its reply to the client's hello.`,
      zh: `服务器在应答客户端问候时打印了 ${candidate.text}。`,
    },
    proves: {
      en: `Nothing yet: ${candidate.text} is a candidate only, since ${why.en} and ${server.en} may just repeat it. Send the whole transcript from the connect line on, or connect again with a name instead of an address: EHLO probe.example.`,
      zh: `尚不能证明什么：${candidate.text} 只是候选，因为${why.zh}，而${server.zh}可能只是照样重复。请提供从连接开始的完整记录，或者用名称而不是地址重新连接：EHLO probe.example。`,
    },
  };
}

/** The echoed address is the one connected to: something at the destination opened a second connection. */
export const secondConnection = (peer: ObservedAddress): Judged => ({
  strength: "none",
  says: said(peer),
  proves: {
    en: `${peer.text} is the very address that was connected to: a proxy or load balancer there opened a second connection to the mail server. It says nothing about the source of the first one; take the log of that device.`,
    zh: `${peer.text} 正是所连接的地址：对端的代理或负载均衡另建了一条到邮件服务器的连接。它不能说明第一条连接的源地址；请查看该设备的日志。`,
  },
});

/** A proxy, or a client program that ran on another host. */
export const sentByAnother = (peer: ObservedAddress): Judged => ({
  strength: "none",
  vantage: "unknown",
  says: said(peer),
  proves: {
    en: `Not this host but a proxy, or another host it gave the command to, connected to the server: ${peer.text} is the source of that one. Connect again without it, and from the host in question.`,
    zh: `连接服务器的不是本机，而是代理或另一台执行命令的主机：${peer.text} 是后者的源地址。请不经代理，并在所问的主机上重新连接。`,
  },
});

/** Translation between the families happens on the way (NAT64), a proxy at the server does it as well. */
export const otherFamily = (peer: ObservedAddress, to: string): Judged => ({
  strength: "none",
  vantage: "unknown",
  says: said(peer),
  proves: {
    en: `The connection went to ${to}, but ${peer.text} is an address of the other IP version: something on the way opened a second connection or translated between the versions, and where is not shown.`,
    zh: `所连接的是 ${to}，而 ${peer.text} 属于另一 IP 版本：途中有设备另建了连接或在两个版本之间转换，位置不明。`,
  },
});

export const noSource = (peer: ObservedAddress): Judged => ({
  strength: "none",
  vantage: "unknown",
  says: said(peer),
  proves: {
    en: `${peer.text} cannot be the source of a packet that came over a router: a proxy or a mail filter beside the server handed the connection on, or the server does not know its peer.`,
    zh: `${peer.text} 不可能是经过路由器的数据包的源地址：服务器旁的代理或邮件过滤程序转交了连接，或者服务器不知道其对端。`,
  },
});

export const loopbackPeer = (peer: ObservedAddress): Judged => ({
  strength: "none",
  says: said(peer),
  proves: {
    en: `${peer.text} is the server talking to itself: a proxy, a tunnel or a mail filter on the same host. The source that one saw is not shown.`,
    zh: `${peer.text} 表示服务器在与自身通信：同一主机上的代理、隧道或邮件过滤程序。它所看到的源地址没有显示。`,
  },
});

export const allHidden = (peer: ObservedAddress): Judged => ({
  strength: "none",
  says: said(peer),
  proves: {
    en: "The server showed the address, but every digit of it is hidden, so nothing can be compared with it.",
    zh: "服务器显示了地址，但每一位都被遮盖，无法与任何地址比较。",
  },
});

/** The name comes from reverse DNS, which the owner of the address writes as he likes. */
export const nameOnly = (name: string): Judged => ({
  strength: "none",
  says: { en: `The server greeted the client as ${name}.`, zh: `服务器称客户端为 ${name}。` },
  proves: {
    en: `A lead only: ${name} is the reverse name of the address the server saw. Resolve it and ask the server's side for the log line.`,
    zh: `只是线索：${name} 是服务器所见地址的反向域名。请解析它，并向对方索取日志行。`,
  },
});

export function hostOnly(session: SmtpSession): Judged {
  const server = serverName(session);
  const log =
    session.server?.id === "postfix"
      ? { en: " (in Postfix: connect from …[ADDRESS])", zh: "（Postfix 中为 connect from …[地址]）" }
      : { en: "", zh: "" };
  return {
    strength: "none",
    says: { en: "The server names only itself.", zh: "服务器只报出自己的名称。" },
    proves: {
      en: `That the connection reached ${server.en}; it shows nothing of the source. The source is in the server's own log${log.en}.`,
      zh: `只说明连接到达了${server.zh}，没有显示源地址。源地址在服务器自己的日志里${log.zh}。`,
    },
  };
}

export const noGreeting: Judged = {
  strength: "none",
  says: {
    en: "The server answered, but there is no reply to EHLO or HELO.",
    zh: "服务器有应答，但没有对 EHLO 或 HELO 的回复。",
  },
  proves: {
    en: "That a mail server was reached; it shows nothing of the source. Connect again, send EHLO with a name and keep the reply.",
    zh: "只说明连到了邮件服务器，没有显示源地址。请重新连接，用名称发送 EHLO 并保留回复。",
  },
};

export const repeatedInRefusal = (peer: ObservedAddress): Judged => ({
  strength: "destination-observed",
  says: {
    en: `The server refused and named ${peer.text} as the address it refuses.`,
    zh: `服务器拒绝了请求，并指出所拒绝的地址为 ${peer.text}。`,
  },
  proves: {
    en: "The server's filter decides by the address of its TCP peer, so this is the source it sees: a refusal is as good a witness as an acceptance.",
    zh: "服务器的过滤依据是其 TCP 对端地址，所以这就是它看到的源地址：拒绝与接受同样可以作证。",
  },
});

export const shownInBanner = (peer: ObservedAddress): Judged => ({
  strength: "destination-observed",
  says: {
    en: `The greeting says that access from ${peer.text} is logged.`,
    zh: `欢迎语称正在记录来自 ${peer.text} 的访问。`,
  },
  proves: {
    en: "sendmail prints the address its TCP connection came from before the client has said anything: the source this server sees.",
    zh: "sendmail 在客户端发言之前就打印其 TCP 连接的来源地址：这就是该服务器看到的源地址。",
  },
});
