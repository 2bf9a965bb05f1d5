import { setOf, setOfCidrs } from "../address/address-set.ts";
import { cidrContains } from "../address/cidr.ts";
import {
  type Alternative,
  type Appliance,
  type ApplianceAction,
  type Egress,
  type Filter,
  type Gap,
  KEEPS_SOURCE,
  type Link,
  type NextHop,
  type Offer,
  type Route,
  type RouteStage,
} from "../model/egress.ts";
import { matches, matchesButPorts, matchesPort } from "../model/flow.ts";
import type { Assumption, Contest, Outcome, Step } from "../model/outcome.ts";
import { same, type Text } from "../problem.ts";
import { distinct, eitherWay, together } from "./combine.ts";
import { hopText } from "./hop-text.ts";
import {
  againstDefault,
  assuming,
  BLOCKED,
  ending,
  identityOfSource,
  type Packet,
  stepping,
  unpredictable,
} from "./packet.ts";
import { forwardingLoop, longestPrefix, undescribedAppliance } from "./rules.ts";
import { type Decision, decide } from "./select-route.ts";

/** Everything that may happen to a packet handed to this egress. Never empty. */
export function leave(egress: Egress, packet: Packet): readonly Outcome[] {
  return distinct(throughFilters(egress.filters, packet, (passed) => route(egress, 0, passed)));
}

type Continue = (packet: Packet) => readonly Outcome[];

function throughFilters(filters: readonly Filter[], packet: Packet, next: Continue, start = 0): readonly Outcome[] {
  for (let index = start; index < filters.length; index += 1) {
    const filter = filters[index];
    const fit = filter === undefined ? "no" : fitOf(filter, packet);
    if (filter === undefined || fit === "no") continue;
    const end = filter.action === "always-allow" ? filters.length : endOfList(filters, index);
    const pass: Continue = (passed) => throughFilters(filters, passed, next, end);
    const skip: Continue = (skipped) => throughFilters(filters, skipped, next, index + 1);
    const taken: Continue = (given) => inDoubt(filter.perhaps, given, skip, (sure) => applyFilter(filter, sure, pass));
    if (fit === "yes") return taken(packet);
    return inDoubt({ applies: portInside(filter), not: portOutside(filter) }, packet, skip, taken);
  }
  return next(packet);
}

function inDoubt(doubt: Filter["perhaps"], packet: Packet, skip: Continue, taken: Continue): readonly Outcome[] {
  if (doubt === undefined) return taken(packet);
  return eitherWay([
    { assumptions: [doubt.not], outcomes: skip(packet) },
    { assumptions: [doubt.applies], outcomes: taken(againstDefault(packet, doubt.not)) },
  ]);
}

function endOfList(filters: readonly Filter[], index: number): number {
  const list = filters[index]?.list;
  const end = filters.findIndex((filter, at) => at > index && filter.list !== list);
  return end < 0 ? filters.length : end;
}

/** A flow without a port may or may not be one that a filter for ports means. */
function fitOf(filter: Filter, packet: Packet): "yes" | "no" | "perhaps" {
  const { match } = filter;
  if (!matchesButPorts(match, packet, packet.destination)) return "no";
  if (matchesPort(match, packet)) return "yes";
  return packet.port === null ? "perhaps" : "no";
}

function applyFilter(filter: Filter, packet: Packet, next: Continue): readonly Outcome[] {
  if (filter.action !== "deny") return next(packet);
  const { rule, resource, text, origin, unless } = filter;
  const blocked = ending(stepping(assuming(packet, unless?.holds), { rule, resource, text, origin }), BLOCKED);
  return unless === undefined
    ? [blocked]
    : [blocked, ...next(againstDefault(assuming(packet, unless.lifted), unless.holds))];
}

const portsOf = (filter: Filter): string =>
  (filter.match.ports ?? []).map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`)).join(", ");

const portInside = (filter: Filter): Assumption => ({
  id: `port-is:${portsOf(filter)}`,
  basis: "open",
  text: { en: `the destination port is ${portsOf(filter)}`, zh: `目的端口是 ${portsOf(filter)}` },
  ask: askForPort,
});

/** A block on one port (mail) is about that port; a rule for ranges may well mean the flow. */
const isOnePort = ({ action, match: { ports = [] } }: Filter): boolean =>
  action === "deny" && ports.length === 1 && ports.every(({ first, last }) => first === last);

const portOutside = (filter: Filter): Assumption => ({
  id: `port-is-not:${portsOf(filter)}`,
  basis: isOnePort(filter) ? "default" : "open",
  text: { en: `the destination port is not ${portsOf(filter)}`, zh: `目的端口不是 ${portsOf(filter)}` },
  ask: askForPort,
});

const askForPort = {
  text: { en: "name the destination port: --to ADDRESS:PORT", zh: "请给出目的端口：--to 地址:端口" },
  command: null,
  settles: { en: "whether the rule for that port applies", zh: "针对该端口的规则是否适用" },
} as const;

function route(egress: Egress, stageIndex: number, packet: Packet): readonly Outcome[] {
  const stage = egress.routes.stages[stageIndex];
  if (stage === undefined) return [ending(stepping(packet, egress.routes.none), BLOCKED)];
  const next: Continue = (passed) => route(egress, stageIndex + 1, passed);
  const decisions = decide(stage, packet);
  const found: Continue = (passed) =>
    decisions === undefined
      ? next(passed)
      : eitherWay(
          decisions.map((decision) => ({
            assumptions: decision.assumptions,
            outcomes: follow(egress, stage, decision, passed, next),
          })),
        );
  return throughGaps(stage.gaps, packet, found);
}

function throughGaps(gaps: readonly Gap[], packet: Packet, next: Continue): readonly Outcome[] {
  const open = gaps.filter(
    (gap) => gap.destinations === undefined || gap.destinations.some((cidr) => cidrContains(cidr, packet.destination)),
  );
  const harmless = next(assuming(packet, ...open.map((gap) => gap.harmless)));
  return [
    ...harmless,
    ...open.flatMap((gap) =>
      gap.otherwise.map((alternative) => take(alternative, againstDefault(packet, gap.harmless))),
    ),
  ];
}

function follow(
  egress: Egress,
  stage: RouteStage,
  decision: Decision,
  packet: Packet,
  next: Continue,
): readonly Outcome[] {
  const [winner, ...others] = decision.winners;
  if (winner === undefined)
    return [
      ending(stepping(packet, ...decision.dead.map((dead) => unusableStep(dead, packet, decision, stage))), BLOCKED),
    ];
  const legs = [winner, ...others].map((taken) => {
    const step = routeStep(taken, packet, decision, stage);
    return throughHop(egress, taken.hop, stepping(packet, step), next);
  });
  return together(legs);
}

const contestOf = (stage: RouteStage, { destination }: Packet, { winners, losers, dead }: Decision): Contest => ({
  stage,
  destination,
  winners,
  losers,
  dead,
});

function unusableStep(dead: Route, packet: Packet, decision: Decision, stage: RouteStage): Step {
  const { usable, prefix, name, resource, origin } = dead;
  const why: Text = usable.kind === "no" ? usable.text : { en: "its next hop is down", zh: "其下一跳不可用" };
  return {
    rule: usable.kind === "yes" ? longestPrefix : usable.rule,
    resource,
    origin,
    text: {
      en: `route ${name} (${prefix}) takes it, but cannot forward: ${why.en}`,
      zh: `路由 ${name}（${prefix}）命中，但无法转发：${why.zh}`,
    },
    contest: contestOf(stage, packet, decision),
  };
}

function routeStep(taken: Route, packet: Packet, decision: Decision, stage: RouteStage): Step {
  const hop = hopText(taken.hop);
  const over = overText(decision);
  const shared: Text =
    decision.winners.length > 1 && stage.ties.kind === "together"
      ? { en: ", sharing the traffic with equal routes", zh: "，与同级路由分担流量" }
      : same("");
  return {
    rule: taken.rule,
    resource: taken.resource,
    origin: taken.origin,
    text: {
      en: `${packet.destination} takes route ${taken.name} (${taken.prefix}) to ${hop.en}${shared.en}${over.en}`,
      zh: `${packet.destination} 走路由 ${taken.name}（${taken.prefix}），下一跳为 ${hop.zh}${shared.zh}${over.zh}`,
    },
    contest: contestOf(stage, packet, decision),
  };
}

function overText({ losers }: Decision): Text {
  const names = losers.slice(0, 3).map((loser) => loser.name);
  if (names.length === 0) return same("");
  const more = losers.length > names.length ? ` +${losers.length - names.length}` : "";
  return { en: `, over ${names.join(", ")}${more}`, zh: `，优先于 ${names.join("、")}${more}` };
}

function throughHop(egress: Egress, hop: NextHop, packet: Packet, next: Continue): readonly Outcome[] {
  switch (hop.kind) {
    case "internet":
      return throughFilters(egress.internet.filters, packet, (passed) =>
        throughOffers(egress.internet.offers, passed, (unclaimed) =>
          egress.internet.none.map((alternative) => take(alternative, unclaimed)),
        ),
      );
    case "local":
      return [
        take({ identity: KEEPS_SOURCE, assumptions: [], steps: [keptStep(hop.rule, hop.resource, hop.text)] }, packet),
      ];
    case "link":
      return throughLink(hop.link, packet);
    case "appliance":
      return together(hop.appliances.map((appliance) => throughAppliance(appliance, packet)));
    case "drop":
      return [ending(stepping(packet, { rule: hop.rule, resource: null, text: hop.text, origin: null }), BLOCKED)];
    case "next-stage":
      return next(packet);
    case "alternatives":
      return hop.alternatives.map((alternative) => take(alternative, packet));
    default:
      return hop satisfies never;
  }
}

function throughOffers(offers: readonly Offer[], packet: Packet, none: Continue, start = 0): readonly Outcome[] {
  const index = nextOffer(offers, packet, start);
  const offer = offers[index];
  if (offer === undefined) return none(packet);
  const applied = againstDefault(stepping(packet, offer.step), offer.fallsThrough);
  const taken = offer.alternatives.map((alternative) => take(alternative, applied));
  if (offer.fallsThrough === undefined) return taken;
  const passed = throughOffers(offers, assuming(packet, offer.fallsThrough), none, index + 1);
  return offer.fallsThrough.basis === "default" ? [...passed, ...taken] : [...taken, ...passed];
}

/** The index of the first that means a packet; their number if none does. */
function nextOffer(offers: readonly Offer[], packet: Packet, start: number): number {
  let index = start;
  for (; index < offers.length; index += 1) {
    const offer = offers[index];
    if (offer !== undefined && matches(offer.match, packet, packet.destination)) break;
  }
  return index;
}

function throughLink(link: Link, packet: Packet): readonly Outcome[] {
  const kept: Continue = (passed) => [
    take({ identity: KEEPS_SOURCE, assumptions: [], steps: [keptStep(link.keeps, link.resource, link.text)] }, passed),
  ];
  return throughGaps(link.beyond, packet, (passed) => throughOffers(link.offers, passed, kept));
}

const keptStep = (rule: Step["rule"], resource: string | null, via: Text): Step => ({
  rule,
  resource,
  origin: null,
  text: { en: `${via.en} keeps the source address`, zh: `${via.zh} 保留源地址` },
});

/** What an alternative means for this packet. */
function take(alternative: Alternative, packet: Packet): Outcome {
  const reached = stepping(assuming(packet, ...alternative.assumptions), ...alternative.steps);
  const { identity } = alternative;
  return ending(reached, identity.kind === "keeps-source" ? identityOfSource(reached) : identity);
}

function throughAppliance(appliance: Appliance, packet: Packet): readonly Outcome[] {
  if (packet.passed.includes(appliance.id)) return [ending(stepping(packet, loopStep(appliance)), BLOCKED)];
  const inside: Packet = { ...packet, passed: [...packet.passed, appliance.id] };
  const behaviour = appliance.behaviours.find(({ match }) => matches(match, packet, packet.destination));
  if (behaviour === undefined) return [undescribed(appliance, inside)];
  const reached = stepping(inside, behaviour.step);
  return behaviour.does.flatMap((action) => perform(action, appliance, reached));
}

function perform(action: ApplianceAction, appliance: Appliance, packet: Packet): readonly Outcome[] {
  if (action.kind === "answers") return [take(action.alternative, packet)];
  const reached = stepping(assuming(packet, ...action.assumptions), ...action.steps);
  if (appliance.egress === null) return [undescribed(appliance, reached)];
  if (action.kind === "forwards") return leave(appliance.egress, reached);
  const [source] = action.sources;
  if (source === undefined) return [undescribed(appliance, reached)];
  const setBy = {
    translator: action.translator,
    resource: appliance.resource,
    addresses: action.among === undefined ? setOf(...action.sources) : setOfCidrs(action.among),
    complete: action.complete,
  };
  return leave(appliance.egress, { ...reached, source, setBy });
}

const undescribed = (appliance: Appliance, packet: Packet): Outcome =>
  ending(
    stepping(assuming(packet, applianceUnknown(appliance)), {
      rule: undescribedAppliance,
      resource: appliance.resource,
      origin: null,
      text: {
        en: `nobody described what ${appliance.name} does with the source`,
        zh: `没有资料说明 ${appliance.name} 如何处理源地址`,
      },
    }),
    unpredictable("appliance", appliance.resource),
  );

const applianceUnknown = (appliance: Appliance): Assumption => ({
  id: `appliance-unknown:${appliance.name}`,
  basis: "open",
  text: {
    en: `what ${appliance.name} does with the source is not known`,
    zh: `${appliance.name} 如何处理源地址未知`,
  },
  ask: {
    text: {
      en: `ask for the NAT or session table of ${appliance.name}, or for a log line of the destination`,
      zh: `请索取 ${appliance.name} 的 NAT 或会话表，或目的端的一行日志`,
    },
    command: null,
    settles: {
      en: `whether ${appliance.name} keeps the source or replaces it`,
      zh: `${appliance.name} 是保留还是替换源地址`,
    },
  },
});

const loopStep = (appliance: Appliance): Step => ({
  rule: forwardingLoop,
  resource: appliance.resource,
  origin: null,
  text: {
    en: `the packet comes back to ${appliance.name}, which it has already passed: it loops and never arrives`,
    zh: `数据包又回到已经过的 ${appliance.name}：形成环路，永远不会到达`,
  },
});
