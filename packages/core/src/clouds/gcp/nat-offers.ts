import { type Cidr, cidrs, EVERY_IPV4, hostCidr } from "../../address/cidr.ts";
import type { Alternative, Offer } from "../../model/egress.ts";
import type { Match } from "../../model/flow.ts";
import { assumed, blocked, stepOf, unknown } from "./alternatives.ts";
import { askRouters } from "./asks.ts";
import { type Facts, ipv4RangesOf, type Nic } from "./facts.ts";
import { resourcePath } from "./links.ts";
import { type Covered, coveredOf, servesVms } from "./nat-coverage.ts";
import { type NatCondition, parseNatExpression } from "./nat-expression.ts";
import { type Held, heldBy, narrowed } from "./nat-mapping.ts";
import { alternativesOf, type Pool, poolOf } from "./nat-pool.ts";
import { intersect, subtract } from "./ranges.ts";
import { twoGateways } from "./read/problems.ts";
import type { RawNatRule } from "./read/raw.ts";
import type { Gateway } from "./routers.ts";
import {
  aliasFromPrimaryRange,
  coveredSource,
  destinationRules,
  nat64,
  needsInternetGateway,
  oneGatewayPerRange,
  sourceRules,
  unknownExpression,
} from "./rules/nat.ts";

/** What a gateway gives, worked out once for all the interfaces it serves. */
interface Prepared {
  readonly gateway: Gateway;
  readonly rules: readonly {
    readonly condition: NatCondition | undefined;
    readonly raw: RawNatRule;
    readonly pool: Pool;
  }[];
  readonly own: Pool;
}

const NONE_HELD: readonly Held[] = [];

/** The Public NAT offers of each interface, in the order in which they are tried. */
export function publicNatOffers(facts: Facts): (nic: Nic) => readonly Offer[] {
  const held = heldBy(facts);
  const prepared = facts.routers.flatMap(({ gateways }) => gateways.map((gateway) => prepare(gateway, facts)));
  const said = new Set<string>();
  const bySubnet = new Map<string, readonly Offer[] | null>();
  const byGateways = new Map<string, readonly Offer[] | null>();
  const servingTo = (nic: Nic): readonly Serving[] =>
    prepared
      .filter(({ gateway }) => servesVms(gateway, nic, "PUBLIC"))
      .map((one) => ({ ...one, covered: coveredOf(one.gateway, nic, facts) }));
  const ofOne = (nic: Nic, own: readonly Held[], serving = servingTo(nic)): readonly Offer[] => {
    const conflict = contradiction(serving, nic, facts, said);
    return [
      ...conflict,
      ...serving.flatMap(({ covered, ...one }) => [
        ...offersOf(one, covered.sources, nic, own, facts),
        ...unsureOffers(one, covered.unsure, own),
      ]),
    ];
  };
  /** Subnets that the same gateways serve share a list, too. */
  const shareable = (nic: Nic, primary: Cidr): readonly Offer[] | null => {
    const serving = servingTo(nic);
    if (serving.some(asksForSource)) return null;
    const key = serving
      .map(({ gateway, covered: { sources, unsure } }) => `${gateway.path} ${sources.length} ${unsure.length}`)
      .join();
    if (!byGateways.has(key)) byGateways.set(key, ofAnySource(ofOne(nic, NONE_HELD, serving), primary));
    return byGateways.get(key) ?? null;
  };
  return (nic) => {
    const own = held(nic);
    if (own.length > 0 || nic.primary === null || nic.aliases.length > 0 || nic.forwards) return ofOne(nic, own);
    const key = `${nic.network} ${nic.region} ${nic.subnet}`;
    if (!bySubnet.has(key)) bySubnet.set(key, shareable(nic, hostCidr(nic.primary)));
    return bySubnet.get(key) ?? ofOne(nic, own);
  };
}

type Serving = Prepared & { readonly covered: Covered };

/** A rule for some sources tells interfaces of one subnet apart. */
const asksForSource = ({ rules }: Prepared): boolean => rules.some(({ condition }) => condition?.kind === "sources");

/**
 * What is offered to the one address of an interface, offered to whatever address: interfaces of one subnet that have
 * no other share it. Null: the address itself matters.
 */
function ofAnySource(offers: readonly Offer[], primary: Cidr): readonly Offer[] | null {
  const isIts = ({ match: { sources } }: Offer): boolean => sources?.length === 1 && sources[0] === primary;
  if (!offers.every(isIts)) return null;
  return offers.map((offer) => ({ ...offer, match: { ...offer.match, sources: [EVERY_IPV4] } }));
}

/** Lowest rule number first, whatever the order of the list. */
function prepare(gateway: Gateway, facts: Facts): Prepared {
  const rules = [...(gateway.raw.rules ?? [])]
    .sort((a, b) => (a.ruleNumber ?? 0) - (b.ruleNumber ?? 0))
    .map((raw) => ({ raw, condition: parseNatExpression(raw.match ?? ""), pool: poolOf(gateway, raw, facts) }));
  return { gateway, rules, own: poolOf(gateway, null, facts) };
}

function offersOf(
  { gateway, rules, own }: Prepared,
  sources: readonly Cidr[],
  nic: Nic,
  held: readonly Held[],
  facts: Facts,
): readonly Offer[] {
  const offers: Offer[] = [];
  for (const { raw, condition, pool } of rules) {
    const match = matchOf(condition, sources, nic, facts);
    if (match === undefined) {
      offers.push(unreadRule(gateway, raw, sources));
      // Whatever comes after is in doubt for every covered source.
      return offers.filter((offer) => offer.match.sources?.length !== 0);
    }
    offers.push(...withMappings(pool, match, held, condition?.kind === "sources" ? sourceRules : destinationRules));
  }
  offers.push(...withMappings(own, { sources }, held, needsInternetGateway));
  return offers.filter((offer) => offer.match.sources?.length !== 0);
}

/** Undefined: the rule is not understood. */
function matchOf(
  condition: NatCondition | undefined,
  sources: readonly Cidr[],
  nic: Nic,
  facts: Facts,
): Match | undefined {
  if (condition?.kind === "destinations") return { sources, destinations: condition.cidrs };
  if (condition?.kind !== "sources") return undefined;
  // A source outside every subnet is translated for a forwarding VM: https://docs.cloud.google.com/nat/docs/nat-rules-overview
  const outside = nic.forwards ? subtract(condition.cidrs, allRanges(nic, facts)) : [];
  return { sources: [...intersect(condition.cidrs, sources), ...outside] };
}

const allRanges = (nic: Nic, facts: Facts): readonly Cidr[] =>
  (facts.subnets.get(nic.network) ?? []).flatMap(ipv4RangesOf);

/** First what the mapping information says of this VM's own sources, then the pool for all of them. */
function withMappings(pool: Pool, match: Match, held: readonly Held[], rule: Offer["step"]["rule"]): readonly Offer[] {
  const step = gatewayStep(pool, rule);
  const offer = (alternatives: readonly Alternative[], over: Match): Offer => ({
    translator: "nat-gateway",
    resource: pool.gateway.path,
    match: over,
    step,
    alternatives,
  });
  const narrow = held.flatMap((one) => {
    const sources = intersect([one.source], match.sources ?? []);
    const alternatives = sources.length === 0 ? undefined : narrowed(pool, one);
    return alternatives === undefined ? [] : [offer(alternatives, { ...match, sources })];
  });
  return [...narrow, offer(alternativesOf(pool), match)];
}

function gatewayStep({ gateway, ruleNumber }: Pool, rule: Offer["step"]["rule"]) {
  const text =
    ruleNumber === null
      ? { en: `Cloud NAT ${gateway.name} covers the source`, zh: `Cloud NAT ${gateway.name} 覆盖该源地址` }
      : {
          en: `rule ${ruleNumber} of Cloud NAT ${gateway.name} matches`,
          zh: `Cloud NAT ${gateway.name} 的规则 ${ruleNumber} 匹配`,
        };
  return stepOf(rule, text, gateway.path, gateway.router.origin);
}

function unreadRule(gateway: Gateway, raw: RawNatRule, sources: readonly Cidr[]): Offer {
  const number = raw.ruleNumber ?? 0;
  const text = {
    en: `rule ${number} of ${gateway.name} is not understood: ${raw.match ?? "no match"}`,
    zh: `无法理解 ${gateway.name} 的规则 ${number}：${raw.match ?? "无匹配表达式"}`,
  };
  const step = stepOf(unknownExpression, text, gateway.path, gateway.router.origin);
  const doubt = assumed(
    "open",
    `nat-rule-unread:${gateway.name}:${number}`,
    `whether rule ${number} of ${gateway.name} matches is not known`,
    `${gateway.name} 的规则 ${number} 是否匹配未知`,
    {
      text: { en: "take a NAT log entry of such a connection", zh: "请取一条此类连接的 NAT 日志" },
      command: null,
      settles: { en: "which addresses the rule gives", zh: "该规则给出哪些地址" },
    },
  );
  return {
    translator: "nat-gateway",
    resource: gateway.path,
    match: { sources },
    step,
    alternatives: [unknown(step, doubt, gateway.path)],
  };
}

/** Sources that may be covered: translated under one assumption, passed on to the next offer under the other. */
function unsureOffers(one: Prepared, unsure: readonly Cidr[], held: readonly Held[]): readonly Offer[] {
  if (unsure.length === 0) return [];
  const { gateway } = one;
  const shown = unsure.filter((cidr) => held.some(({ source }) => source === cidr));
  const rest = unsure.filter((cidr) => !shown.includes(cidr));
  const text = {
    en: `whether ${gateway.name} covers an alias from the primary range is not documented`,
    zh: `${gateway.name} 是否覆盖取自主范围的别名没有文档说明`,
  };
  const step = stepOf(aliasFromPrimaryRange, text, gateway.path, gateway.router.origin);
  const covered = assumed(
    "open",
    `nat-covers:${gateway.name}`,
    `${gateway.name} covers the source`,
    `${gateway.name} 覆盖该源地址`,
  );
  const uncovered = assumed(
    "open",
    `nat-does-not-cover:${gateway.name}`,
    `${gateway.name} does not cover the source`,
    `${gateway.name} 不覆盖该源地址`,
  );
  const doubtful = alternativesOf(one.own).map((all) => ({ ...all, assumptions: [...all.assumptions, covered] }));
  return [
    ...withMappings(one.own, { sources: shown }, held, coveredSource).filter(() => shown.length > 0),
    ...(rest.length === 0
      ? []
      : [
          {
            translator: "nat-gateway",
            resource: gateway.path,
            match: { sources: rest },
            step,
            alternatives: doubtful,
            fallsThrough: uncovered,
          } as const,
        ]),
  ];
}

/** Two public gateways for one range cannot both be true. */
function contradiction(
  serving: readonly { readonly gateway: Gateway; readonly covered: { readonly sources: readonly Cidr[] } }[],
  nic: Nic,
  facts: Facts,
  said: Set<string>,
): readonly Offer[] {
  const [first, ...others] = serving;
  if (first === undefined || others.length === 0) return [];
  const twice = [...new Set(serving.flatMap(({ covered }) => covered.sources))].filter(
    (cidr) => serving.filter(({ covered }) => covered.sources.includes(cidr)).length > 1,
  );
  if (twice.length === 0) return [];
  const names = serving
    .filter(({ covered }) => covered.sources.some((cidr) => twice.includes(cidr)))
    .map(({ gateway }) => gateway.name);
  const key = `${nic.network} ${nic.region} ${names.join()}`;
  if (!said.has(key)) facts.problems.push(twoGateways(names, first.gateway.router.origin));
  said.add(key);
  const text = { en: `${names.join(" and ")} both cover the source`, zh: `${names.join(" 与 ")} 都覆盖该源地址` };
  const step = stepOf(oneGatewayPerRange, text, first.gateway.path, first.gateway.router.origin);
  const doubt = assumed(
    "open",
    `two-gateways:${names.join("+")}`,
    `the export shows two gateways for one range: ${names.join(", ")}`,
    `导出中同一范围有两个网关：${names.join("、")}`,
    askRouters(first.gateway.router.project),
  );
  return [
    {
      translator: "nat-gateway",
      resource: null,
      match: { sources: twice },
      step,
      alternatives: [unknown(step, doubt)],
    },
  ];
}

/** https://docs.cloud.google.com/nat/docs/public-nat: the well-known prefix that embeds IPv4 addresses (RFC 6052). */
const NAT64_PREFIX = cidrs("64:ff9b::/96");

/** NAT64 for an IPv6-only VM; other destinations of that prefix have no way out. */
export function nat64Offers(nic: Nic, facts: Facts): readonly Offer[] {
  if (nic.v6 === null && nic.externalV6 === null) return [];
  const match = { destinations: NAT64_PREFIX };
  const ipv6Only = nic.primary === null || nic.raw.stackType === "IPV6_ONLY";
  const serving = ipv6Only
    ? facts.routers.flatMap(({ gateways }) =>
        gateways.filter((gateway) => servesVms(gateway, nic, "PUBLIC") && serves64(gateway, nic)),
      )
    : [];
  const offers = serving.map((gateway): Offer => {
    const text = {
      en: `NAT64 of ${gateway.name} serves this IPv6-only VM`,
      zh: `${gateway.name} 的 NAT64 服务于该仅 IPv6 的虚拟机`,
    };
    const step = stepOf(nat64, text, gateway.path, gateway.router.origin);
    return {
      translator: "nat-gateway",
      resource: gateway.path,
      match,
      step,
      alternatives: alternativesOf(poolOf(gateway, null, facts)),
    };
  });
  const step = stepOf(
    nat64,
    { en: "no NAT64 gateway serves this VM", zh: "没有 NAT64 网关服务于该虚拟机" },
    nic.id,
    nic.instance.origin,
  );
  return [...offers, { translator: "nat-gateway", resource: null, match, step, alternatives: [blocked(step)] }];
}

function serves64({ raw, router, region }: Gateway, nic: Nic): boolean {
  if (raw.sourceSubnetworkIpRangesToNat64 === "ALL_IPV6_SUBNETWORKS") return true;
  const home = { project: router.project, location: `regions/${region}`, collection: "subnetworks" };
  return (raw.nat64Subnetworks ?? []).some(({ name }) => name && resourcePath(name, home) === nic.subnet);
}
