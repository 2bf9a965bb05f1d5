import { connectionsFor, endText, type Language, PROBE_SCHEMA, type Text } from "@seenas/core";
import { protocolOf } from "./hello.ts";
import { type Attempt, MOST_BYTES, type Result } from "./outcome.ts";
import { type CheckedReceipt, type Plan, type Pool, poolsOf, sourceTold, type Tried } from "./run.ts";

/** `seenas/probe@1`, which is evidence as it stands. The schema stands first: that is how it is known. */
export const probeJson = (plan: Plan, port: number, all: readonly Tried[], language: Language): object => ({
  schema: PROBE_SCHEMA,
  to: { name: plan.name, port, protocol: protocolOf(plan.hello) },
  hello: plan.hello,
  tries: all.map((one) => ({
    ...{ mark: one.mark, at: one.at, tookMs: one.tookMs, bound: one.source !== null },
    ...{ local: one.local, remote: one.remote, result: one.result, text: saysOf(one, plan)[language] },
    ...{ heardBytes: one.heardBytes, transcript: one.transcript },
    receipt: one.receipt === null ? null : { line: one.receipt.line, state: one.receipt.state },
    ...{ mapped: one.mapped, certificate: one.certificate },
  })),
  pools: poolsOf(all).map((pool) => ({ ...pool, text: poolSays(pool)[language] })),
});

/** One line or two for one hello. */
export function triedText(one: Tried, plan: Plan, language: Language): string {
  const from = one.local === null ? (one.source ?? HERE[language]) : endText(one.local);
  const chosen = one.source === null ? CHOSEN[language] : "";
  const told = sourceTold(one);
  const seen = told === null ? "" : SEEN[language](told);
  const receipt = one.receipt === null ? "" : `\n  ${RECEIPTS[one.receipt.state][language]}`;
  const certificate = one.certificate === null ? "" : `\n  ${certificateText(one.certificate, language)}`;
  return `${from}${chosen} → ${endText(one.remote)}  seenas-${one.mark}\n  ${saysOf(one, plan)[language]}${seen}${receipt}${certificate}\n`;
}

const HERE = { en: "this host", zh: "本机" };
const CHOSEN = { en: " (the system's choice)", zh: "（系统选择）" };

const SEEN = {
  en: (address: string) => `; it says that it sees ${address}`,
  zh: (address: string) => `；对方称所见来源为 ${address}`,
};

const RECEIPTS: Readonly<Record<CheckedReceipt["state"], Text>> = {
  sound: { en: "its receipt is sound", zh: "回执无误" },
  changed: { en: "its receipt was changed on the way: it counts for nothing", zh: "回执在途中被篡改：不予采信" },
  replayed: {
    en: "its receipt was given to another hello (replayed): it counts for nothing",
    zh: "回执属于另一次问候（重放）：不予采信",
  },
  "other-witness": {
    en: "its receipt is of another witness than --witness names: it counts for nothing",
    zh: "回执由 --witness 之外的见证者签发：不予采信",
  },
};

function certificateText(
  { subject, names, until, wrong }: NonNullable<Attempt["certificate"]>,
  language: Language,
): string {
  const of = names === "" ? subject : names;
  const doubt = wrong === null ? "" : language === "zh" ? `；不可信：${wrong}` : `; not to be trusted: ${wrong}`;
  return language === "zh" ? `证书 ${of}，有效至 ${until}${doubt}` : `certificate of ${of}, until ${until}${doubt}`;
}

function saysOf(one: Attempt, plan: Plan): Text {
  const seconds = plan.timeoutMs / 1000;
  const texts: Readonly<Record<Result, Text>> = {
    answered: {
      en: `it answered, ${one.heardBytes} bytes in ${one.tookMs} ms`,
      zh: `已应答，${one.heardBytes} 字节，用时 ${one.tookMs} 毫秒`,
    },
    closed: {
      en: "it took the connection and hung up without a word; its log may show the mark all the same",
      zh: "对方接受连接后未作应答即挂断；其日志中仍可能有该标记",
    },
    silent: {
      en: `nothing came back within ${seconds} s; its log may show the mark all the same`,
      zh: `${seconds} 秒内没有任何应答；其日志中仍可能有该标记`,
    },
    slow: {
      en: `only ${one.heardBytes} bytes came within ${seconds} s, and they were not the whole answer; more time: --timeout`,
      zh: `${seconds} 秒内只收到 ${one.heardBytes} 字节，应答不完整；可用 --timeout 延长`,
    },
    "too-long": {
      en: `it sent more than ${MOST_BYTES} bytes; the rest was not read`,
      zh: `对方发送超过 ${MOST_BYTES} 字节，其余未读取`,
    },
    refused: {
      en: "refused: nobody listens there, or a firewall says so",
      zh: "被拒绝：该端口无人监听，或被防火墙拒绝",
    },
    unreachable: {
      en: "unreachable: this host has no way there from that address",
      zh: "不可达：本机从该地址没有去往对方的路由",
    },
    "no-connection": {
      en: `no connection within ${seconds} s: a firewall that drops, or no route back`,
      zh: `${seconds} 秒内未能建立连接：可能被防火墙丢弃，或没有返回路由`,
    },
    "no-such-source": { en: "this host cannot send from that address", zh: "本机无法从该地址发送" },
    reset: { en: "the connection was reset without an answer", zh: "连接被重置，没有应答" },
    "no-tls": {
      en: "connected, but no handshake of TLS came about; the server name was sent",
      zh: "已连接，但 TLS 握手未完成；服务器名称已发出",
    },
  };
  return texts[one.result];
}

export const poolText = (pool: Pool, language: Language): string => `${poolSays(pool)[language]}\n`;

const LIKELY_ENOUGH = 0.01;

function poolSays({ from, to, seen, connections, unseenAtMost }: Pool): Text {
  const list = seen.map(({ address, count }) => `${address} (${count}×)`);
  const percent = unseenAtMost >= 0.001 ? `${(unseenAtMost * 100).toFixed(1)}%` : "0.1%";
  const enough = connectionsFor(seen.length, LIKELY_ENOUGH);
  const more =
    enough > connections
      ? { en: ` ${enough} connections would make it 1%.`, zh: `${enough} 次连接可降至 1%。` }
      : { en: "", zh: "" };
  return {
    en: `${from} is seen by ${endText(to)} as ${list.join(", ")}, in ${connections} ${connections === 1 ? "connection" : "connections"}. Had the pool one member more, it would have stayed unseen with a likelihood of at most ${percent}, if every connection took one of the pool by itself, each equally likely.${more.en} A translator that keeps one address for each host or each destination does not choose so: then more connections show the same again, and prove nothing about other hosts.`,
    zh: `${endText(to)} 看到 ${from} 的来源为 ${list.join("、")}，共 ${connections} 次连接。假设每次连接独立、等概率地从地址池中取一个地址，若池中还有一个成员，它始终未出现的概率不超过 ${percent}。${more.zh}若转换设备为每台主机或每个目的地固定一个地址，则不符合该假设：再多连接也只会看到同一个，也不能说明其他主机。`,
  };
}
