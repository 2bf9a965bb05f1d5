import { type Cidr, EVERY_IPV4, EVERY_IPV6, familyOfCidr, parseCidr } from "../../address/cidr.ts";
import type { Filter } from "../../model/egress.ts";
import type { Match, PortRange, Protocol } from "../../model/flow.ts";
import { assumed } from "./alternatives.ts";
import { type Facts, type Nic, networkPath } from "./facts.ts";
import type { Found } from "./read/found.ts";
import type { RawFirewall, RawLayer4 } from "./read/raw.ts";
import { firewallBeforeNat } from "./rules/nat.ts";
import { denyBeatsAllow } from "./rules/routing.ts";

/** https://docs.cloud.google.com/firewall/docs/firewalls */
const DEFAULT_PRIORITY = 1000;

interface Ordered {
  readonly rule: Found<RawFirewall>;
  readonly filters: readonly Filter[];
}

const NO_FILTERS: readonly Filter[] = [];

/** The egress rules of each network as filters, in the order in which they decide. */
export function firewallsOf(facts: Facts): (nic: Nic) => readonly Filter[] {
  const byNetwork = new Map<string, Ordered[]>();
  for (const rule of inOrder(facts.exported.firewalls)) {
    const network = networkPath(rule.value.network, rule.project);
    const list = byNetwork.get(network) ?? [];
    byNetwork.set(network, list);
    list.push({ rule, filters: filtersOf(rule) });
  }
  const byTargets = new Map<string, readonly Filter[]>();
  const memo = new Map<string, readonly Filter[]>();
  return (nic) => {
    const rules = byNetwork.get(nic.network);
    if (rules === undefined) return NO_FILTERS;
    const targets = `${nic.network}|${nic.tags.join()}|${nic.serviceAccounts.join()}`;
    const known = byTargets.get(targets);
    if (known !== undefined) return known;
    const chosen = rules
      .map(({ rule }, index) => (appliesTo(rule.value, nic) ? index : -1))
      .filter((index) => index >= 0);
    const key = `${nic.network}|${chosen.join()}`;
    const filters = memo.get(key) ?? chosen.flatMap((index) => rules[index]?.filters ?? []);
    memo.set(key, filters);
    byTargets.set(targets, filters);
    return filters;
  };
}

/** Lowest priority number first; at equal numbers denials before allowances. */
const inOrder = (firewalls: readonly Found<RawFirewall>[]): readonly Found<RawFirewall>[] =>
  firewalls
    .filter(({ value }) => value.direction === "EGRESS" && value.disabled !== true)
    .sort(
      (a, b) =>
        (a.value.priority ?? DEFAULT_PRIORITY) - (b.value.priority ?? DEFAULT_PRIORITY) ||
        Number(denies(b.value)) - Number(denies(a.value)),
    );

const denies = (rule: RawFirewall): boolean => (rule.denied ?? []).length > 0;

function appliesTo({ targetTags, targetServiceAccounts }: RawFirewall, nic: Nic): boolean {
  const tags = targetTags ?? [];
  const accounts = targetServiceAccounts ?? [];
  if (tags.length === 0 && accounts.length === 0) return true;
  return (
    tags.some((tag) => nic.tags.includes(tag)) || accounts.some((account) => nic.serviceAccounts.includes(account))
  );
}

function filtersOf(rule: Found<RawFirewall>): readonly Filter[] {
  const { value, path, name, origin } = rule;
  const denied = value.denied ?? [];
  const action = denied.length > 0 ? "deny" : "allow";
  const filter = (match: Match): Filter => ({
    match,
    action,
    rule: action === "deny" ? firewallBeforeNat : denyBeatsAllow,
    resource: path,
    origin,
    text: {
      en: `firewall rule ${name} (priority ${value.priority ?? DEFAULT_PRIORITY}) ${action === "deny" ? "denies" : "allows"} it`,
      zh: `防火墙规则 ${name}（优先级 ${value.priority ?? DEFAULT_PRIORITY}）${action === "deny" ? "拒绝" : "允许"}该流量`,
    },
    ...(action === "deny" ? { unless: { holds: null, lifted: ruleLifted(name) } } : {}),
  });
  return (action === "deny" ? denied : (value.allowed ?? [])).flatMap((layer4) => matchesOf(value, layer4).map(filter));
}

const ruleLifted = (name: string) =>
  assumed(
    "open",
    `firewall-rule-lifted:${name}`,
    `firewall rule ${name} is changed to let it out`,
    `防火墙规则 ${name} 改为放行`,
  );

/** Protocols that a flow here can have; others (ESP, SCTP, …) never match one. */
const PROTOCOLS: Readonly<Record<string, { readonly protocol: Protocol; readonly family?: 4 | 6 }>> = {
  tcp: { protocol: "tcp" },
  "6": { protocol: "tcp" },
  udp: { protocol: "udp" },
  "17": { protocol: "udp" },
  icmp: { protocol: "icmp", family: 4 },
  "1": { protocol: "icmp", family: 4 },
  ipv6icmp: { protocol: "icmp", family: 6 },
  icmpv6: { protocol: "icmp", family: 6 },
  "58": { protocol: "icmp", family: 6 },
};

function matchesOf(rule: RawFirewall, layer4: RawLayer4): readonly Match[] {
  const name = (layer4.IPProtocol ?? layer4.ipProtocol ?? "all").toLowerCase();
  const unreadable = denies(rule) ? [EVERY_IPV4, EVERY_IPV6] : [];
  const ranges = rangesOf(rule.destinationRanges, [EVERY_IPV4], unreadable);
  const sources =
    (rule.sourceRanges ?? []).length === 0 ? {} : { sources: rangesOf(rule.sourceRanges, [], unreadable) };
  if (name === "all") return [{ destinations: ranges, ...sources }];
  const known = PROTOCOLS[name];
  if (known === undefined) return [];
  const destinations = ranges.filter((cidr) => known.family === undefined || familyOfCidr(cidr) === known.family);
  const ports = (layer4.ports ?? []).flatMap(portRange);
  return [{ destinations, ...sources, protocols: [known.protocol], ...(ports.length === 0 ? {} : { ports }) }];
}

/** Without destination ranges a rule means every IPv4 address, and no IPv6 one. */
function rangesOf(
  texts: readonly string[] | null | undefined,
  otherwise: readonly Cidr[],
  unreadable: readonly Cidr[],
): readonly Cidr[] {
  if (texts === null || texts === undefined || texts.length === 0) return otherwise;
  // A range that cannot be read denies everything and allows nothing: the error shows, and nothing leaves by mistake.
  return texts.flatMap((text) => parseCidr(text, true) ?? unreadable);
}

function portRange(text: string): readonly PortRange[] {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim());
  if (match === null) return [];
  return [{ first: Number(match[1]), last: Number(match[2] ?? match[1]) }];
}
