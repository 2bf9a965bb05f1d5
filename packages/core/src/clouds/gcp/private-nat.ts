import { setOfCidrs } from "../../address/address-set.ts";
import { type Cidr, hostCidr } from "../../address/cidr.ts";
import type { Alternative, Offer } from "../../model/egress.ts";
import { assumed, stepOf, translated, unknown } from "./alternatives.ts";
import { askSubnets } from "./asks.ts";
import { type Facts, ipv4RangesOf, type Nic, type Subnet } from "./facts.ts";
import { fullPath, nameOf, resourcePath } from "./links.ts";
import { type NatCondition, parseNatExpression } from "./nat-expression.ts";
import type { RawNatRule } from "./read/raw.ts";
import type { Gateway } from "./routers.ts";
import { privateNat, privateNatAnswer, privateNatMatch, privateNatScope } from "./rules/nat.ts";

export type PrivateHop = { readonly kind: "hybrid" } | { readonly kind: "hub"; readonly hub: string };

/** What Private NAT does to packets of one network and region that leave by a learned route or to a hub's spoke. */
export function privateNatOffers(
  facts: Facts,
  network: string,
  region: string | null,
  hop: PrivateHop,
): readonly Offer[] {
  const gateways = facts.routers
    .flatMap((router) => router.gateways)
    .filter((gateway) => gateway.raw.type === "PRIVATE" && gateway.network === network && gateway.region === region);
  return gateways.flatMap((gateway) => gatewayOffers(gateway, facts, hop));
}

function gatewayOffers(gateway: Gateway, facts: Facts, hop: PrivateHop): readonly Offer[] {
  const sources = coveredSources(gateway, facts);
  if (sources.length === 0) return [];
  const rules = [...(gateway.raw.rules ?? [])].sort((a, b) => (a.ruleNumber ?? 0) - (b.ruleNumber ?? 0));
  return rules.flatMap((rule) => {
    const condition = parseNatExpression(rule.match ?? "");
    if (condition === undefined) return [unreadOffer(gateway, rule, sources)];
    return condition.kind === "next-hops" && applies(condition, hop) ? ruleOffers(gateway, rule, sources, facts) : [];
  });
}

function applies(condition: NatCondition & { readonly kind: "next-hops" }, hop: PrivateHop): boolean {
  if (hop.kind === "hybrid") return condition.hybrid;
  const path = /projects\/.*$/.exec(fullPath(hop.hub) ?? hop.hub)?.[0];
  return path !== undefined && condition.hubs.includes(path);
}

/** All IPv4 ranges of the subnets it lists: https://docs.cloud.google.com/nat/docs/private-nat */
function coveredSources(gateway: Gateway, facts: Facts): readonly Cidr[] {
  const home = { project: gateway.router.project, location: `regions/${gateway.region}`, collection: "subnetworks" };
  const listed = new Set((gateway.raw.subnetworks ?? []).map(({ name }) => resourcePath(name ?? "", home)));
  const all = (gateway.raw.sourceSubnetworkIpRangesToNat ?? "").startsWith("ALL_");
  const serves = (subnet: Subnet): boolean => subnet.region === gateway.region && (all || listed.has(subnet.path));
  // A subnet that was not exported is covered all the same: of its ranges at least the interfaces' own addresses are known.
  const inUnseen = (nic: Nic): boolean =>
    nic.network === gateway.network &&
    nic.region === gateway.region &&
    (nic.subnet === null ? all : !facts.subnetByPath.has(nic.subnet) && (all || listed.has(nic.subnet)));
  return [
    ...(facts.subnets.get(gateway.network) ?? []).filter(serves).flatMap(ipv4RangesOf),
    ...facts.nics.filter(inUnseen).flatMap(ownIpv4Of),
  ];
}

const ownIpv4Of = ({ primary, aliases }: Nic): readonly Cidr[] => [
  ...(primary === null ? [] : [hostCidr(primary)]),
  ...aliases.map(({ cidr }) => cidr),
];

function ruleOffers(gateway: Gateway, rule: RawNatRule, sources: readonly Cidr[], facts: Facts): readonly Offer[] {
  const text = {
    en: `Private NAT ${gateway.name} translates what goes there`,
    zh: `专用 NAT ${gateway.name} 转换去往该处的流量`,
  };
  const step = stepOf(privateNat, text, gateway.path, gateway.router.origin);
  const offer = (protocols: readonly ("tcp" | "udp" | "icmp")[], alternatives: readonly Alternative[]): Offer => ({
    translator: "nat-gateway",
    resource: gateway.path,
    match: { sources, protocols },
    step,
    alternatives,
  });
  const scope = { en: "Private NAT carries TCP and UDP only", zh: "专用 NAT 只支持 TCP 和 UDP" };
  const doubt = assumed(
    "open",
    `private-nat-icmp:${gateway.name}`,
    "whether ICMP is dropped or passes untranslated is not documented",
    "ICMP 是被丢弃还是不经转换通过，没有文档说明",
  );
  return [
    offer(["tcp", "udp"], [rangesOf(gateway, rule, facts)]),
    offer(["icmp"], [unknown(stepOf(privateNatScope, scope, gateway.path), doubt, gateway.path)]),
  ];
}

function rangesOf(gateway: Gateway, rule: RawNatRule, facts: Facts): Alternative {
  const home = { project: gateway.router.project, location: `regions/${gateway.region}`, collection: "subnetworks" };
  const resolve = (links: readonly string[] | null | undefined) =>
    (links ?? []).map((link) => facts.subnetByPath.get(resourcePath(link, home)));
  const active = resolve(rule.action?.sourceNatActiveRanges);
  const step = stepOf(
    privateNatAnswer,
    { en: `the source becomes an address of ${gateway.name}'s ranges`, zh: `源地址变为 ${gateway.name} 范围内的地址` },
    gateway.path,
    gateway.router.origin,
  );
  if (active.length === 0 || active.includes(undefined)) {
    const names = (rule.action?.sourceNatActiveRanges ?? []).map(nameOf).join(", ");
    const ask = askSubnets(gateway.router.project);
    const doubt = assumed(
      "open",
      `private-nat-ranges:${gateway.name}`,
      `the ranges of ${gateway.name} are not in the export: ${names}`,
      `导出中没有 ${gateway.name} 的范围：${names}`,
      ask,
    );
    return unknown(step, doubt, gateway.path);
  }
  const ranges = (subnets: readonly (Subnet | undefined)[]) =>
    setOfCidrs(subnets.flatMap((subnet) => subnet?.primary ?? []));
  const draining = ranges(resolve(rule.action?.sourceNatDrainRanges));
  return translated(
    ranges(active),
    { translator: "nat-gateway", resource: gateway.path, stability: "static", draining },
    [step],
  );
}

function unreadOffer(gateway: Gateway, rule: RawNatRule, sources: readonly Cidr[]): Offer {
  const number = rule.ruleNumber ?? 0;
  const text = {
    en: `rule ${number} of ${gateway.name} is not understood`,
    zh: `无法理解 ${gateway.name} 的规则 ${number}`,
  };
  const step = stepOf(privateNatMatch, text, gateway.path, gateway.router.origin);
  const doubt = assumed(
    "open",
    `nat-rule-unread:${gateway.name}:${number}`,
    `whether rule ${number} of ${gateway.name} matches is not known`,
    `${gateway.name} 的规则 ${number} 是否匹配未知`,
  );
  return {
    translator: "nat-gateway",
    resource: gateway.path,
    match: { sources },
    step,
    alternatives: [unknown(step, doubt, gateway.path)],
  };
}
