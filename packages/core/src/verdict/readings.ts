import { listOf, setHas } from "../address/address-set.ts";
import { isPrivate } from "../address/cidr.ts";
import { type Ip, parseIp } from "../address/ip.ts";
import { type Observation, type ObservedAddress, STRENGTHS, type Strength } from "../evidence/observation.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Text } from "../problem.ts";
import type { FlowOutcome } from "../resolve/resolve.ts";
import { isOwnAddress, isSeen, relevanceOf } from "./relevance.ts";
import type { Question } from "./verdict.ts";

/** How an observed source stands to an outcome. */
type Fit = "named" | "open" | "excluded";

/** What one observation says of the outcomes, before stronger ones overrule it. */
export interface Reading {
  readonly observation: Observation;
  readonly supports: readonly number[];
  /** Outcomes it may speak of; who speaks is known by a name alone, which anybody can say. */
  readonly suggests: readonly number[];
  readonly removes: readonly number[];
  readonly contradicts: boolean;
  readonly because: Text | null;
  /** Where it speaks of another time than the one asked for (`moments.ts`). Absent: of this one, or nobody can tell. */
  readonly moment?: Moment;
}

/**
 * `then`: later, or nearer to the time asked, something else was seen that the configuration explains · `unsettled`: the
 * configuration or the flow may have been another, and nothing newer says so · `old`: too far from the time asked to count as seen.
 */
export type Moment = "then" | "unsettled" | "old";

/** Of the strongest class 0. */
export const rankOf = (reading: Reading | undefined): number =>
  reading === undefined ? STRENGTHS.length : STRENGTHS.indexOf(reading.observation.strength);

export const silent = (observation: Observation, because: Text | null): Reading => ({
  observation,
  supports: [],
  suggests: [],
  removes: [],
  contradicts: false,
  because,
});

export function readingOf(observation: Observation, question: Question, ties: Ties): Reading {
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
  if (believed === "open" && isOfSomebodyBetween(observation, source, question))
    return silent(observation, mayBeBetween);
  // An outcome that names nothing takes in whatever is seen, also what a change has since replaced.
  if (believed === "open" && observation.midway === true)
    return { ...silent(observation, mayBeOlder), suggests: supports };
  const removes = indexesOf((fit) => fit !== believed).filter((index) =>
    speaksOf(observation, question.outcomes[index]),
  );
  return { ...silent(observation, null), supports, removes };
}

/**
 * A line that nothing but its being alone ties to the flow, with a private source that no outcome names: a translator or a
 * proxy on either side opened the connection (reference, 5), or it is another client's.
 */
const isOfSomebodyBetween = (observation: Observation, { ip }: ObservedAddress, question: Question): boolean =>
  !isOfFlow(observation) && ip !== null && isPrivate(ip) && !isOwnAddress(ip, question);

/** A hello whose source was chosen says nothing of flows that leave from another. */
const speaksOf = ({ own, before }: Observation, outcome: FlowOutcome | undefined): boolean =>
  own !== "bound" || before?.ip == null || outcome?.source == null || outcome.source === before.ip;

/** No packet was sent for a prediction, and a hop is no source: what another model says decides nothing for certain. */
export const wasSeen = ({ strength }: Pick<Observation, "strength">): boolean =>
  strength !== "config-predicted" && strength !== "path-hint" && strength !== "none";

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
export const isOpenEnded = (identity: EgressIdentity): boolean => identity.kind !== "blocked" && !identity.complete;

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
export type Ties = (observation: Observation, source: ObservedAddress) => boolean;

/**
 * A server's log holds other clients too. A line is taken as this flow's when the flow's own client wrote it down, when
 * its source is one that this flow can have, or when the evidence shows no other.
 */
export function tiesOf(question: Question): Ties {
  const clients = new Map<Strength, Set<string>>();
  for (const observation of question.observations) {
    const { strength, vantage, seen } = observation;
    if (vantage !== "destination" || seen.source === null || relevanceOf(observation, question).kind === "other")
      continue;
    clients.set(strength, (clients.get(strength) ?? new Set()).add(seen.source.text));
  }
  return (observation, source) =>
    isOfFlow(observation) ||
    question.outcomes.some((outcome) => names(outcome.identity, source)) ||
    clients.get(observation.strength)?.size === 1;
}

/** Its own client wrote it down, or nobody else's flows are in such a record. */
const isOfFlow = ({ vantage, kind, own }: Observation): boolean =>
  own !== undefined || vantage !== "destination" || kind === "smtp-transcript";

function carriesName({ claimed }: Observation, { flow }: Question): boolean {
  const host = flow.from.host?.toLowerCase();
  const said = claimed?.toLowerCase();
  return host !== undefined && said !== undefined && (said === host || said.startsWith(`${host}.`));
}

const onlyAName: Text = {
  en: "it shows a name; a name's owner decides what it resolves to, so it is a lead and no address",
  zh: "其中只有名称；名称解析到哪里由其所有者决定，因此只是线索，不是地址",
};
/** https://learn.microsoft.com/azure/nat-gateway/faq: flows that are open keep their source until they close. */
const mayBeOlder: Text = {
  en: "this connection was open before the capture began, and an open one keeps its source when the configuration changes: capture the beginning of a new one",
  zh: "抓包开始前该连接已建立，而已建立的连接在配置变更后仍保留原来的源地址：请抓取一条新连接的开头",
};

export const mayBeAnother: Text = {
  en: "several clients stand in this evidence and nothing ties this line to the flow",
  zh: "证据中有多个客户端，没有任何信息表明该行属于本流量",
};
export const mayBeBetween: Text = {
  en: "a private address that is not the sender's: of a proxy at the destination, or of a translator that was not given",
  zh: "这是私有地址，但不属于发送方：属于目的端的代理，或未给出的转换设备",
};
const namesItself: Text = {
  en: "the client calls itself as this host does; anybody can say that, so it suggests this source and proves nothing",
  zh: "客户端自报的名称与该主机相同；任何人都可以这样自称，因此只是线索，不能证明",
};
const provesInterface = (ip: Ip): Text => ({
  en: `recorded before any translation: it proves that ${ip} sent it, so other interfaces did not`,
  zh: `在任何转换之前记录：证明由 ${ip} 发送，因此不是其他网卡`,
});
