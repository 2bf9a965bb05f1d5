import { listOf, NO_ADDRESSES, setHas, setOf, unionOf } from "../address/address-set.ts";
import { isPrivate } from "../address/cidr.ts";
import { type Ip, parseIp } from "../address/ip.ts";
import { type Observation, type ObservedAddress, STRENGTHS, type Strength } from "../evidence/observation.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Text } from "../problem.ts";
import type { FlowOutcome } from "../resolve/resolve.ts";
import { NOTHING_KNOWN } from "./predict.ts";
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
  const ties = tiesOf(question);
  const readings = question.observations.map((observation) => readingOf(observation, question, ties));
  const supportedBy = indexed(readings, ({ supports }) => supports);
  const suggestedBy = indexed(readings, ({ suggests }) => suggests);
  // A sighting that may or may not be this flow's may be what an open outcome shows: then that one stays, too.
  const keepsOpen = readings.some(({ because }) => because === mayBeAnother);
  /** The class of the best proof for an outcome, 0 the strongest. */
  const proofs = question.outcomes.map((_, index) =>
    (supportedBy.get(index) ?? []).reduce(
      (best, reading) => Math.min(best, rankOf(readings[reading])),
      STRENGTHS.length,
    ),
  );
  const eliminatedBy = new Map<number, number>();
  for (const [observationIndex, reading] of readings.entries())
    for (const index of reading.removes) {
      const outcome = question.outcomes[index];
      const kept =
        (proofs[index] ?? 0) <= Math.min(rankOf(reading), STRENGTHS.length - 1) ||
        suggestedBy.has(index) ||
        (keepsOpen && outcome !== undefined && isOpenEnded(outcome.identity));
      if (!kept && !eliminatedBy.has(index)) eliminatedBy.set(index, observationIndex);
    }
  return {
    observations: readings.map((reading, index) => judged(overruled(reading, eliminatedBy), index, eliminatedBy)),
    outcomes: question.outcomes.map((outcome, index) => ({
      ...withSightings(outcome, sightingsOf(readings, supportedBy.get(index), suggestedBy.get(index)), question),
      standing: !eliminatedBy.has(index),
      eliminatedBy: eliminatedBy.get(index) ?? null,
      supportedBy: supportedBy.get(index) ?? [],
      suggested: suggestedBy.has(index),
      answers: false,
    })),
  };
}

const rankOf = (reading: Reading | undefined): number =>
  reading === undefined ? STRENGTHS.length : STRENGTHS.indexOf(reading.observation.strength);

/** For each outcome, the readings that say so of it. */
function indexed(
  readings: readonly Reading[],
  outcomesOf: (reading: Reading) => readonly number[],
): ReadonlyMap<number, readonly number[]> {
  const all = new Map<number, number[]>();
  for (const [index, reading] of readings.entries())
    for (const outcome of outcomesOf(reading)) {
      const list = all.get(outcome);
      if (list === undefined) all.set(outcome, [index]);
      else list.push(index);
    }
  return all;
}

/** What stronger evidence removed cannot be supported any more: the weaker record contradicts what stands. */
const overruled = (reading: Reading, eliminatedBy: ReadonlyMap<number, number>): Reading =>
  reading.supports.length > 0 && reading.supports.every((index) => eliminatedBy.has(index))
    ? { ...reading, supports: [], contradicts: true }
    : reading;

interface Reading {
  readonly observation: Observation;
  readonly supports: readonly number[];
  /** Outcomes it may speak of; who speaks is known by a name alone, which anybody can say. */
  readonly suggests: readonly number[];
  readonly removes: readonly number[];
  readonly contradicts: boolean;
  readonly because: Text | null;
}

const silent = (observation: Observation, because: Text | null): Reading => ({
  observation,
  supports: [],
  suggests: [],
  removes: [],
  contradicts: false,
  because,
});

function readingOf(observation: Observation, question: Question, ties: Ties): Reading {
  const relevance = relevanceOf(observation, question);
  if (relevance.kind === "other")
    return silent(observation, observation.seen.source === null ? null : relevance.because);
  const source = observation.seen.source as ObservedAddress;
  if (observation.strength === "none") return readInside(observation, source, question);
  if (source.ip === null && !source.masked) return silent(observation, onlyAName);
  const isTied = ties(observation, source);
  if (!isTied && carriesName(observation, question)) return readNamed(observation, source, question);
  if (!isTied) return silent(observation, mayBeAnother);
  return readSighting(observation, source, question);
}

function readSighting(observation: Observation, source: ObservedAddress, question: Question): Reading {
  const fits = question.outcomes.map((outcome) => fitOf(outcome, source, question));
  const indexesOf = (wanted: (fit: Fit) => boolean): readonly number[] =>
    fits.flatMap((fit, index) => (wanted(fit) ? [index] : []));
  const believed: Fit = fits.includes("named") ? "named" : "open";
  const supports = indexesOf((fit) => fit === believed);
  if (supports.length === 0 && observation.midway === true) return silent(observation, mayBeOlder);
  if (supports.length === 0) return { ...silent(observation, null), contradicts: question.outcomes.length > 0 };
  return { ...silent(observation, null), supports, removes: indexesOf((fit) => fit !== believed) };
}

/** The line of a client that calls itself as this host does: whoever it is, it may be this flow. */
function readNamed(observation: Observation, source: ObservedAddress, question: Question): Reading {
  const { supports, contradicts } = readSighting(observation, source, question);
  return { ...silent(observation, namesItself), suggests: supports, contradicts };
}

function fitOf({ identity, source: sender }: FlowOutcome, source: ObservedAddress, question: Question): Fit {
  if (names(identity, source)) return "named";
  // Nobody on the way turns one address of the sender into another of the same sender.
  const otherOwn = sender !== null && source.ip !== null && source.ip !== sender && isOwnAddress(source.ip, question);
  return isOpenEnded(identity) && !otherOwn ? "open" : "excluded";
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

/** Whether an observation with that source is taken as this flow's. */
type Ties = (observation: Observation, source: ObservedAddress) => boolean;

/**
 * A server's log holds other clients too. A line is taken as this flow's when the flow's own client wrote it down, when
 * its source is one that this flow can have, or when the evidence shows no other.
 */
function tiesOf(question: Question): Ties {
  const clients = new Map<Strength, Set<string>>();
  for (const observation of question.observations) {
    const { strength, vantage, seen } = observation;
    if (vantage !== "destination" || seen.source === null || relevanceOf(observation, question).kind === "other")
      continue;
    clients.set(strength, (clients.get(strength) ?? new Set()).add(seen.source.text));
  }
  return ({ vantage, kind, strength }, source) =>
    vantage !== "destination" ||
    kind === "smtp-transcript" ||
    question.outcomes.some((outcome) => names(outcome.identity, source)) ||
    clients.get(strength)?.size === 1;
}

function carriesName({ claimed }: Observation, { flow }: Question): boolean {
  const host = flow.from.host?.toLowerCase();
  const said = claimed?.toLowerCase();
  return host !== undefined && said !== undefined && (said === host || said.startsWith(`${host}.`));
}

const sightingsOf = (
  readings: readonly Reading[],
  ...lists: readonly (readonly number[] | undefined)[]
): readonly Ip[] =>
  lists.flatMap((list) => (list ?? []).flatMap((index) => readings[index]?.observation.seen.source?.ip ?? []));

/** An outcome that left its addresses open learns those that were seen. */
function withSightings(outcome: FlowOutcome, sightings: readonly Ip[], question: Question): FlowOutcome {
  const { identity } = outcome;
  const seen = sightings.filter((ip) => !setHas(identity.addresses, ip) && !setHas(identity.draining, ip));
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
  const ties = tiesOf(question);
  for (const observation of question.observations) {
    const { source } = observation.seen;
    if (source === null || observation.strength === "none") continue;
    if (relevanceOf(observation, question).kind === "other" || (source.ip === null && !source.masked)) continue;
    const tied = ties(observation, source);
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

function outcomeSeen({ before }: Observation, source: ObservedAddress, question: Question, tied: boolean): FlowOutcome {
  const { ip } = source;
  const wasTranslated = before !== null && before.ip !== ip;
  const from = question.flow.from.address;
  const own = ip !== null && !wasTranslated && isOwnAddress(ip, question);
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

const onlyAName: Text = {
  en: "it shows a name; a name's owner decides what it resolves to, so it is a lead and no address",
  zh: "其中只有名称；名称解析到哪里由其所有者决定，因此只是线索，不是地址",
};
/** https://learn.microsoft.com/azure/nat-gateway/faq: flows that are open keep their source until they close. */
const mayBeOlder: Text = {
  en: "this connection was open before the capture began, and an open one keeps its source when the configuration changes: capture the beginning of a new one",
  zh: "抓包开始前该连接已建立，而已建立的连接在配置变更后仍保留原来的源地址：请抓取一条新连接的开头",
};

const mayBeAnother: Text = {
  en: "several clients stand in this evidence and nothing ties this line to the flow",
  zh: "证据中有多个客户端，没有任何信息表明该行属于本流量",
};
const namesItself: Text = {
  en: "the client calls itself as this host does; anybody can say that, so it suggests this source and proves nothing",
  zh: "客户端自报的名称与该主机相同；任何人都可以这样自称，因此只是线索，不能证明",
};
const provesInterface = (ip: Ip): Text => ({
  en: `recorded before any translation: it proves that ${ip} sent it, so other interfaces did not`,
  zh: `在任何转换之前记录：证明由 ${ip} 发送，因此不是其他网卡`,
});
