import { NO_ADDRESSES, setOf } from "../address/address-set.ts";
import { isPrivate } from "../address/cidr.ts";
import type { Ip } from "../address/ip.ts";
import type { Observation, ObservedAddress } from "../evidence/observation.ts";
import type { FlowOutcome } from "../resolve/resolve.ts";
import { NOTHING_KNOWN } from "./predict.ts";
import { tiesOf } from "./readings.ts";
import { isOwnAddress, relevanceOf } from "./relevance.ts";
import type { Question } from "./verdict.ts";

/** What evidence alone says: one outcome for each source that was seen. */
export function outcomesFromEvidence(question: Question): readonly FlowOutcome[] {
  const outcomes = new Map<string, FlowOutcome>();
  const ties = tiesOf(question);
  const spoken = question.observations.filter(
    (one) => one.strength !== "none" && relevanceOf(one, question).kind === "this-flow",
  );
  // Where a line is known to be this flow's, the lines of others are no possibility of it.
  const isKnown = spoken.some(({ own, vantage }) => own !== undefined && vantage === "destination");
  for (const observation of spoken) {
    const { source } = observation.seen;
    if (source === null || (source.ip === null && !source.masked)) continue;
    const tied = ties(observation, source);
    if (isKnown && !tied) continue;
    const key = source.text;
    if (!outcomes.has(key) || tied) outcomes.set(key, outcomeSeen(observation, source, question, tied));
  }
  const all = [...outcomes.values()];
  const isUnsure = ({ assumptions }: FlowOutcome) => assumptions.some(({ basis }) => basis === "open");
  const sure = all.filter((outcome) => !isUnsure(outcome));
  const unsure = all.length - sure.length;
  return unsure <= CLIENTS_LISTED ? all : [...sure, oneOfMany(unsure)];
}

/** A busy server's log lists all its clients: past this many, a list of what may be is no answer. */
const CLIENTS_LISTED = 100;

const oneOfMany = (count: number): FlowOutcome => ({
  identity: NOTHING_KNOWN,
  assumptions: [oneLineIsOurs(count)],
  steps: [],
  againstDefault: false,
  interface: null,
  source: null,
});

function outcomeSeen(
  { before, strength }: Observation,
  source: ObservedAddress,
  question: Question,
  tied: boolean,
): FlowOutcome {
  const { ip } = source;
  const wasTranslated = before !== null && before.ip !== ip;
  const from = question.flow.from.address;
  // The destination saw what the host's own socket had.
  const wasKept = before !== null && before.ip !== null && before.ip === ip && strength === "destination-observed";
  const own = ip !== null && !wasTranslated && (wasKept || isOwnAddress(ip, question));
  const kept = own || (from === null && ip !== null && !wasTranslated && isPrivate(ip));
  const assumptions = [
    ...(tied ? [] : [thisLineIsOurs(source)]),
    ...(own || wasTranslated || from !== null ? [] : [kept ? privateIsOwn(ip as Ip) : publicIsTranslated(source)]),
  ];
  return {
    identity: {
      kind: kept ? "preserved" : "translated",
      addresses: ip === null ? NO_ADDRESSES : setOf(ip),
      // A translator may have other addresses; only what nobody translates is known to be all.
      complete: kept,
      translator: kept ? null : "other",
      resource: null,
      stability: "unknown",
      draining: NO_ADDRESSES,
    },
    assumptions,
    steps: [],
    againstDefault: false,
    interface: null,
    source: kept ? ip : from,
  };
}

const privateIsOwn = (ip: Ip) =>
  ({
    id: "seen-private-is-own",
    basis: "default",
    text: {
      en: `${ip} is private, so nobody made it public on the way: it is taken to be the sender's own (say --from ${ip} if it is)`,
      zh: `${ip} 是私有地址，途中没有转换为公网地址：视为发送方自己的地址（若是，请用 --from ${ip} 指明）`,
    },
    ask: {
      text: { en: "look up the sender's own address", zh: "查看发送方自己的地址" },
      command: "ip -brief addr",
      settles: {
        en: "whether the source was kept or replaced by another private address",
        zh: "源地址是被保留，还是被换成了另一个私有地址",
      },
    },
  }) as const;

const publicIsTranslated = (source: ObservedAddress) =>
  ({
    id: "seen-public-is-translated",
    basis: "default",
    text: {
      en: `${source.text} is taken not to stand on the sender itself; without a configuration, who translates is not known`,
      zh: `视 ${source.text} 不在发送方主机上；没有配置，无法知道由谁转换`,
    },
    ask: null,
  }) as const;

const thisLineIsOurs = (source: ObservedAddress) =>
  ({
    id: `line-is-ours:${source.text}`,
    basis: "open",
    text: {
      en: `the line with ${source.text} is this flow's and not another client's`,
      zh: `含 ${source.text} 的那一行属于本流量，而不是其他客户端`,
    },
    ask: askWhichLine,
  }) as const;

const oneLineIsOurs = (count: number) =>
  ({
    id: "some-line-is-ours",
    basis: "open",
    text: {
      en: `one of ${count} clients in the evidence is this flow's, and nothing says which (--from ADDRESS, if you know the sender's)`,
      zh: `证据中有 ${count} 个客户端，其中之一属于本流量，但没有信息表明是哪一个（若知道发送方地址，请用 --from 给出）`,
    },
    ask: askWhichLine,
  }) as const;

const askWhichLine = {
  text: {
    en: "send once more and keep the time and the source port; the destination's line with both is yours",
    zh: "再发送一次并记下时间和源端口；目的端日志中两者都吻合的那一行就是您的",
  },
  command: null,
  settles: { en: "which line of the log is this flow's", zh: "日志中哪一行属于本流量" },
} as const;
