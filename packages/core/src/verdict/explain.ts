import { addressOf } from "../address/cidr.ts";
import { type Ip, parseIp } from "../address/ip.ts";
import type { Evidence, Observation } from "../evidence/observation.ts";
import { instantOf } from "../evidence/time.ts";
import type { Guest } from "../guests/guest.ts";
import type { Estate, Group } from "../model/estate.ts";
import type { Assumption } from "../model/outcome.ts";
import type { Target } from "../model/target.ts";
import type { Problem } from "../problem.ts";
import { distinct } from "../resolve/combine.ts";
import { findSender } from "../resolve/find-sender.ts";
import { type FlowOutcome, outcomesAt } from "../resolve/resolve.ts";
import { defaultInterface, type Sender } from "../resolve/sender.ts";
import { type GroupVerdict, judgeGroup } from "./group.ts";
import { judge } from "./judge.ts";
import * as refusal from "./refusals.ts";
import type { Flow, Question, Verdict } from "./verdict.ts";

/** Everything that was given for one question. */
export interface Given {
  /** null: no configuration was given at all. */
  readonly estate: Estate | null;
  readonly guests: readonly Guest[];
  readonly evidence: readonly Evidence[];
  /** As typed after `--from`; null: not given. */
  readonly from: string | null;
  /** The source the program binds to, or the one it forwards; null: not given. */
  readonly source: Ip | null;
  readonly to: Target | null;
  readonly at: string | null;
  /** What a resolver outside answered for `to.name`. */
  readonly resolved: readonly Ip[];
  readonly problems: readonly Problem[];
}

export type Explained =
  | { readonly kind: "verdict"; readonly verdict: Verdict }
  | { readonly kind: "group"; readonly name: string; readonly verdict: GroupVerdict }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

/** Answers one question from what was given, or says what is missing to understand the question. */
export function explain(given: Given): Explained {
  const target = targetOf(given);
  if (target === undefined) return { kind: "refused", problems: [refusal.noTarget(given.to, given.estate !== null)] };
  if (given.estate === null) return { kind: "verdict", verdict: explainEvidence(given, target) };
  if (target.addresses.length === 0) return { kind: "refused", problems: [refusal.nameUnknown(target.to)] };
  if (given.from === null) return explainOnlyHost(given, given.estate, target);
  const found = findSender(given.estate, given.from);
  switch (found.kind) {
    case "sender":
      return { kind: "verdict", verdict: explainSender(given, target, found.sender) };
    case "group":
      return explainGroup(given, target, found.group, found.members);
    case "several":
      return { kind: "refused", problems: [refusal.senderAmbiguous(given.from, found.candidates)] };
    case "none":
      return { kind: "refused", problems: [refusal.senderUnknown(given.from, found.nearest)] };
    default:
      return found satisfies never;
  }
}

interface Destination {
  readonly to: Target;
  readonly addresses: readonly Ip[];
  /** How the name became these addresses; null when an address was given. */
  readonly by: "evidence" | "resolver" | null;
}

/** Undefined: nothing says where to. */
function targetOf(given: Given): Destination | undefined {
  const to = given.to ?? onlyDestination(given.evidence);
  if (to === undefined) return undefined;
  if (to.address !== null) return { to, addresses: [to.address], by: null };
  const named = addressesNamed(given.evidence, to.name ?? "");
  if (named.length > 0) return { to, addresses: named, by: "evidence" };
  return { to, addresses: given.resolved, by: "resolver" };
}

/** True when `--to` names a host whose address only a resolver can tell. */
export const needsResolver = (to: Target, evidence: readonly Evidence[]): boolean =>
  to.name !== null && addressesNamed(evidence, to.name).length === 0;

const namesOf = (evidence: readonly Evidence[]): Question["names"] => evidence.flatMap(({ names }) => names);

const addressesNamed = (evidence: readonly Evidence[], name: string): readonly Ip[] => [
  ...new Set(
    namesOf(evidence)
      .filter((known) => known.name.toLowerCase() === name)
      .map(({ address }) => address),
  ),
];

/** Evidence that speaks of one destination only says by itself which flow is meant. */
function onlyDestination(evidence: readonly Evidence[]): Target | undefined {
  // An echo service is a destination that was asked on the way, never the one that is meant.
  const seen = evidence.flatMap(({ observations }) =>
    observations.filter(({ vantage }) => vantage !== "third-party").map((observation) => observation.seen),
  );
  const paths = evidence.flatMap((one) => one.paths.map(({ destination }) => destination));
  const texts = new Set(
    [...seen.map(({ destination, destinationName }) => destination?.text ?? destinationName), ...paths].filter(
      (text) => text !== null,
    ),
  );
  const [text, ...others] = texts;
  if (text === undefined || others.length > 0) return undefined;
  const ip = parseIp(text);
  const ports = new Set(seen.map(({ destinationPort }) => destinationPort).filter((port) => port !== null));
  const [port] = ports;
  const names = new Set(
    seen.map(({ destinationName }) => destinationName).filter((name) => name !== null && name !== text),
  );
  const [name] = names;
  return {
    address: ip ?? null,
    name: ip === undefined ? text : names.size === 1 ? (name ?? null) : null,
    port: ports.size === 1 ? (port ?? null) : null,
    protocol: seen.find(({ protocol }) => protocol !== null)?.protocol ?? "tcp",
  };
}

/** A guest's tables have had their say already: they chose the interface. */
const observationsOf = (given: Given): readonly Observation[] =>
  given.evidence.flatMap(({ kind, observations }) => (kind === "guest-routes" ? [] : observations));

const problemsOf = (given: Given): readonly Problem[] => [
  ...given.problems,
  ...given.evidence.flatMap(({ problems }) => problems),
];

/** A guest's tables are configuration too, though they are read as evidence of the interface. */
const isSpoiled = ({ problems, evidence }: Given): boolean =>
  [...problems, ...evidence.flatMap((one) => (one.kind === "guest-routes" ? one.problems : []))].some(
    ({ level }) => level === "error",
  );

function explainEvidence(given: Given, { to, addresses }: Destination): Verdict {
  const own = given.from === null ? null : (parseIp(given.from) ?? null);
  const flow: Flow = {
    from: { host: own === null ? given.from : null, interface: null, address: own, resource: null },
    to: { ...to, address: addresses.length === 1 ? (addresses[0] ?? null) : to.address },
    at: given.at,
  };
  return judge({
    flow,
    ownAddresses: [],
    outcomes: [],
    observations: observationsOf(given),
    names: namesOf(given.evidence),
    problems: problemsOf(given),
    spoiled: isSpoiled(given),
    asOf: null,
    senderMadeAt: null,
  });
}

/** With one host in the configuration, nobody needs to say which. */
function explainOnlyHost(given: Given, estate: Estate, target: Destination): Explained {
  const [host, ...others] = estate.hosts;
  if (host === undefined) return { kind: "refused", problems: [refusal.noHosts(given.problems)] };
  if (others.length > 0)
    return { kind: "refused", problems: [refusal.senderMissing(estate.hosts.map(({ name }) => name))] };
  return { kind: "verdict", verdict: explainSender(given, target, { host, interface: null, source: null }) };
}

function explainGroup(given: Given, target: Destination, group: Group, members: readonly Sender[]): Explained {
  const [first, ...rest] = members.map((member) => questionOf(given, target, member));
  if (first === undefined) return { kind: "refused", problems: [refusal.groupEmpty(group.name)] };
  return { kind: "group", name: group.name, verdict: judgeGroup(group, [first, ...rest]) };
}

const explainSender = (given: Given, target: Destination, sender: Sender): Verdict =>
  judge(questionOf(given, target, sender));

function questionOf(given: Given, target: Destination, found: Sender): Question {
  const { to, addresses } = target;
  const { estate } = given;
  const sender = given.source === null ? found : { ...found, source: given.source };
  const guest = guestOf(given, sender);
  const strays = estate === null ? [] : strayGuests(given.guests, estate);
  const asked = { sender, protocol: to.protocol, port: to.port, guest };
  const madeAt = sender.host.madeAt ?? null;
  const premises =
    given.at === null
      ? []
      : [isBefore(given.at, madeAt) ? notYetMade(given.at, madeAt ?? "") : asExported(given.at, estate?.asOf ?? null)];
  const outcomes = distinct(
    addresses.flatMap((address) =>
      outcomesAt(asked, address).map((outcome) => assuming(assumingAddress(outcome, to, address, target), premises)),
    ),
  );
  const only = addresses.length === 1 ? (addresses[0] ?? null) : null;
  return {
    flow: flowOf(sender, outcomes, { ...to, address: only }, given.at),
    ownAddresses: sender.host.interfaces.flatMap((one) => [
      ...one.addresses.map(({ cidr }) => cidr),
      ...(one.sendsFromAny ?? []),
    ]),
    outcomes,
    observations: observationsOf(given),
    names: namesOf(given.evidence),
    problems: [...problemsOf(given), ...strays],
    // Tables that were meant to say which interface is used, and cannot: then the default is not to be relied on.
    asOf: estate?.asOf ?? null,
    senderMadeAt: madeAt,
    spoiled: isSpoiled(given) || (strays.length > 0 && guest === null && sender.host.interfaces.length > 1),
  };
}

/** Guest tables that are nobody's, or might be several hosts', decide nothing, and that must be said. */
const strayGuests = (guests: readonly Guest[], estate: Estate): readonly Problem[] =>
  guests.flatMap(({ facts, fits }) => {
    const hosts = fits(estate);
    const origin = (facts.routes[0] ?? facts.devices[0] ?? facts.rules[0] ?? facts.routeGets[0])?.origin;
    if (origin === undefined || hosts.length === 1) return [];
    return [
      hosts.length === 0
        ? refusal.guestOfNobody(origin)
        : refusal.guestOfSeveral(
            origin,
            hosts.map(({ name }) => name),
          ),
    ];
  });

/** Guest tables count for the one host whose addresses they show. */
const guestOf = ({ guests, estate }: Given, sender: Sender): Guest | null =>
  guests.find(({ fits }) => {
    const [host, ...others] = estate === null ? [] : fits(estate);
    return host === sender.host && others.length === 0;
  }) ?? null;

function assumingAddress(outcome: FlowOutcome, to: Target, address: Ip, { addresses, by }: Destination): FlowOutcome {
  if (by !== "resolver" && addresses.length === 1) return outcome;
  return { ...outcome, assumptions: [...outcome.assumptions, nameIs(to.name ?? "", address, addresses.length === 1)] };
}

const assuming = (outcome: FlowOutcome, premises: readonly Assumption[]): FlowOutcome =>
  premises.length === 0 ? outcome : { ...outcome, assumptions: [...outcome.assumptions, ...premises] };

/** An export shows one moment, and nothing in it says what was before or will be after. */
const asExported = (at: string, asOf: string | null): Assumption => ({
  id: "configured-as-exported",
  basis: "default",
  text:
    asOf === null
      ? {
          en: `the configuration is that of ${at} (the export does not say when it was made)`,
          zh: `配置就是 ${at} 时的配置（导出未注明时间）`,
        }
      : {
          en: `what was exported at ${asOf} was configured so at ${at} too`,
          zh: `${asOf} 导出的配置在 ${at} 时也是如此`,
        },
  ask: null,
});

function isBefore(at: string, madeAt: string | null): boolean {
  const [asked, made] = [instantOf(at), madeAt === null ? null : instantOf(madeAt)];
  return asked !== null && made !== null && asked < made;
}

/** Then another host had its name, or none: nothing exported is of that time. */
const notYetMade = (at: string, madeAt: string): Assumption => ({
  id: "configured-as-exported",
  basis: "open",
  text: {
    en: `at ${at} there was a sender that was configured alike (this one was made later, at ${madeAt})`,
    zh: `${at} 时存在配置相同的发送方（此发送方创建于其后的 ${madeAt}）`,
  },
  ask: null,
});

const nameIs = (name: string, address: Ip, only: boolean): Assumption => ({
  id: `name-is:${address}`,
  basis: only ? "default" : "open",
  text: {
    en: `${name} is ${address} for the sender too (asked from here)`,
    zh: `发送方解析到的 ${name} 也是 ${address}（此处查询所得）`,
  },
  ask: {
    text: {
      en: `look ${name} up on the sender and give the address with --to`,
      zh: `在发送方解析 ${name}，并用 --to 给出该地址`,
    },
    command: `getent ahosts ${name}`,
    settles: { en: "which address the sender connects to", zh: "发送方连接到哪个地址" },
  },
});

function flowOf(sender: Sender, outcomes: readonly FlowOutcome[], to: Flow["to"], at: string | null): Flow {
  const used = outcomes.find((outcome) => !outcome.assumptions.some(({ basis }) => basis === "open")) ?? outcomes[0];
  const by = sender.interface ?? used?.interface ?? defaultInterface(sender.host);
  const primary = by.addresses.find(
    ({ cidr, role }) => role === "primary" && by.pending?.has(addressOf(cidr)) !== true,
  );
  return {
    from: {
      host: sender.host.name,
      interface: by.name,
      address: sender.source ?? used?.source ?? (primary === undefined ? null : addressOf(primary.cidr)),
      resource: sender.host.id,
    },
    to,
    at,
  };
}
