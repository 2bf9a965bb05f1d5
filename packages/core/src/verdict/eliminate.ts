import { listOf, NO_ADDRESSES, setHas, setOf, unionOf } from "../address/address-set.ts";
import { isPrivate } from "../address/cidr.ts";
import { type Ip, parseIp } from "../address/ip.ts";
import type { Observation, ObservedAddress } from "../evidence/observation.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Text } from "../problem.ts";
import type { FlowOutcome } from "../resolve/resolve.ts";
import { isOwnAddress, isSeen, relevanceOf } from "./relevance.ts";
import type { JudgedObservation, JudgedOutcome, Question } from "./verdict.ts";

/** What the observations leave of the outcomes. */
export interface Elimination {
  readonly outcomes: readonly JudgedOutcome[];
  readonly observations: readonly JudgedObservation[];
}

/** How an observed source stands to an outcome. */
type Fit = "named" | "open" | "excluded";

/**
 * Every observation of this flow removes the outcomes it contradicts. An outcome that names the address is believed
 * before one that merely cannot exclude it; an outcome that another observation supports stays, since the source may
 * change with time. Absence removes nothing.
 */
export function eliminate(question: Question): Elimination {
  const readings = question.observations.map((observation) => readingOf(observation, question));
  const supported = new Set<number>();
  for (const { supports } of readings) for (const index of supports) supported.add(index);
  // A sighting that may or may not be this flow's may be what an open outcome shows: then that one stays, too.
  if (readings.some(({ because }) => because === mayBeAnother))
    for (const [index, { identity }] of question.outcomes.entries()) if (isOpenEnded(identity)) supported.add(index);
  const eliminatedBy = new Map<number, number>();
  for (const [observationIndex, { removes }] of readings.entries())
    for (const index of removes)
      if (!supported.has(index) && !eliminatedBy.has(index)) eliminatedBy.set(index, observationIndex);
  return {
    observations: readings.map((reading, index) => judged(reading, index, eliminatedBy)),
    outcomes: question.outcomes.map((outcome, index) => ({
      ...withSightings(outcome, index, readings, question),
      standing: !eliminatedBy.has(index),
      eliminatedBy: eliminatedBy.get(index) ?? null,
      supportedBy: readings.flatMap(({ supports }, observation) => (supports.includes(index) ? [observation] : [])),
      answers: false,
    })),
  };
}

interface Reading {
  readonly observation: Observation;
  readonly supports: readonly number[];
  readonly removes: readonly number[];
  readonly contradicts: boolean;
  readonly because: Text | null;
}

const silent = (observation: Observation, because: Text | null): Reading => ({
  observation,
  supports: [],
  removes: [],
  contradicts: false,
  because,
});

function readingOf(observation: Observation, question: Question): Reading {
  const relevance = relevanceOf(observation, question);
  if (relevance.kind === "other")
    return silent(observation, observation.seen.source === null ? null : relevance.because);
  const source = observation.seen.source as ObservedAddress;
  if (observation.strength === "none") return readInside(observation, source, question);
  if (source.ip === null && !source.masked) return silent(observation, onlyAName);
  if (!isTied(observation, source, question)) return silent(observation, mayBeAnother);
  if (question.outcomes.length === 0) return { ...silent(observation, null), supports: [] };
  return readSighting(observation, source, question.outcomes);
}

function readSighting(observation: Observation, source: ObservedAddress, outcomes: readonly FlowOutcome[]): Reading {
  const fits = outcomes.map((outcome) => fitOf(outcome, source));
  const indexesOf = (wanted: (fit: Fit) => boolean): readonly number[] =>
    fits.flatMap((fit, index) => (wanted(fit) ? [index] : []));
  const believed: Fit = fits.includes("named") ? "named" : "open";
  const supports = indexesOf((fit) => fit === believed);
  if (supports.length === 0) return { ...silent(observation, null), contradicts: true };
  return { ...silent(observation, null), supports, removes: indexesOf((fit) => fit !== believed) };
}

function fitOf({ identity }: FlowOutcome, source: ObservedAddress): Fit {
  if (names(identity, source)) return "named";
  return isOpenEnded(identity) ? "open" : "excluded";
}

/** It may show addresses that it cannot name. */
const isOpenEnded = (identity: EgressIdentity): boolean => identity.kind !== "blocked" && !identity.complete;

/** Draining addresses count: a connection made before the change may still show one. */
function names(identity: EgressIdentity, source: ObservedAddress): boolean {
  const all = [identity.addresses, identity.draining];
  if (source.ip !== null) return all.some((set) => setHas(set, source.ip as Ip));
  return all.some((set) => listOf(set).some((text) => seenAs(text, source)));
}

const seenAs = (text: string, source: ObservedAddress): boolean => {
  const ip = parseIp(text);
  // A pool too large to list may hold it: masked digits cannot exclude it.
  return ip === undefined || isSeen(source, ip);
};

/** A record made before any translation proves which interface sent, and nothing about the source outside. */
function readInside(observation: Observation, source: ObservedAddress, question: Question): Reading {
  const { ip } = source;
  if (ip === null || !isOwnAddress(ip, question)) return silent(observation, null);
  const removes = question.outcomes.flatMap((outcome, index) =>
    outcome.source !== null && outcome.source !== ip ? [index] : [],
  );
  return { ...silent(observation, removes.length > 0 ? provesInterface(ip) : null), removes };
}

/**
 * A server's log holds other clients too. A line is taken as this flow's when the flow's own client wrote it down, when
 * it carries this host's name, when its source is one that this flow can have, or when the evidence shows no other.
 */
function isTied(observation: Observation, source: ObservedAddress, question: Question): boolean {
  if (observation.vantage !== "destination" || observation.kind === "smtp-transcript") return true;
  if (carriesName(observation, question)) return true;
  if (question.outcomes.some((outcome) => names(outcome.identity, source))) return true;
  const rivals = question.observations.filter(
    (other) =>
      other.strength === observation.strength &&
      other.vantage === "destination" &&
      relevanceOf(other, question).kind === "this-flow",
  );
  return new Set(rivals.map(({ seen }) => seen.source?.text)).size === 1;
}

function carriesName({ claimed }: Observation, { flow }: Question): boolean {
  const host = flow.from.host?.toLowerCase();
  const said = claimed?.toLowerCase();
  return host !== undefined && said !== undefined && (said === host || said.startsWith(`${host}.`));
}

/** An outcome that left its addresses open learns those that were seen. */
function withSightings(
  outcome: FlowOutcome,
  index: number,
  readings: readonly Reading[],
  question: Question,
): FlowOutcome {
  const { identity } = outcome;
  const seen = readings.flatMap(({ supports, observation }) => {
    const ip = observation.seen.source?.ip ?? null;
    return supports.includes(index) && ip !== null && !setHas(identity.addresses, ip) && !setHas(identity.draining, ip)
      ? [ip]
      : [];
  });
  if (seen.length === 0) return outcome;
  const own = seen.every((ip) => ip === outcome.source || isOwnAddress(ip, question));
  return {
    ...outcome,
    identity: {
      ...identity,
      kind: own ? "preserved" : "translated",
      addresses: unionOf([identity.addresses, setOf(...seen)]),
      translator: own ? null : (identity.translator ?? "other"),
    },
  };
}

function judged(
  { observation, supports, removes, contradicts, because }: Reading,
  index: number,
  eliminatedBy: ReadonlyMap<number, number>,
): JudgedObservation {
  const removed = removes.some((outcome) => eliminatedBy.get(outcome) === index);
  const effect = contradicts ? "contradicts" : supports.length > 0 ? "supports" : removed ? "eliminates" : "none";
  return { ...observation, effect, because };
}

/** What evidence alone says: one outcome for each source that was seen. */
export function outcomesFromEvidence(question: Question): readonly FlowOutcome[] {
  const outcomes = new Map<string, FlowOutcome>();
  for (const observation of question.observations) {
    const { source } = observation.seen;
    if (source === null || observation.strength === "none") continue;
    if (relevanceOf(observation, question).kind === "other" || (source.ip === null && !source.masked)) continue;
    const tied = isTied(observation, source, question);
    const key = source.text;
    if (!outcomes.has(key) || tied) outcomes.set(key, outcomeSeen(source, question, tied));
  }
  return [...outcomes.values()];
}

function outcomeSeen(source: ObservedAddress, question: Question, tied: boolean): FlowOutcome {
  const { ip } = source;
  const from = question.flow.from.address;
  const own = ip !== null && isOwnAddress(ip, question);
  const kept = own || (from === null && ip !== null && isPrivate(ip));
  const assumptions = [
    ...(tied ? [] : [thisLineIsOurs(source)]),
    ...(own || from !== null ? [] : [kept ? privateIsOwn(ip as Ip) : publicIsTranslated(source)]),
  ];
  return {
    identity: {
      kind: kept ? "preserved" : "translated",
      addresses: ip === null ? NO_ADDRESSES : setOf(ip),
      complete: ip !== null,
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
    ask: {
      text: {
        en: "send once more and keep the time and the source port; the destination's line with both is yours",
        zh: "再发送一次并记下时间和源端口；目的端日志中两者都吻合的那一行就是您的",
      },
      command: null,
      settles: { en: "which line of the log is this flow's", zh: "日志中哪一行属于本流量" },
    },
  }) as const;

const onlyAName: Text = {
  en: "it shows a name; a name's owner decides what it resolves to, so it is a lead and no address",
  zh: "其中只有名称；名称解析到哪里由其所有者决定，因此只是线索，不是地址",
};
const mayBeAnother: Text = {
  en: "several clients stand in this evidence and nothing ties this line to the flow",
  zh: "证据中有多个客户端，没有任何信息表明该行属于本流量",
};
const provesInterface = (ip: Ip): Text => ({
  en: `recorded before any translation: it proves that ${ip} sent it, so other interfaces did not`,
  zh: `在任何转换之前记录：证明由 ${ip} 发送，因此不是其他网卡`,
});
