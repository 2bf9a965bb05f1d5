import type { Filter } from "../../model/egress.ts";
import type { Match } from "../../model/flow.ts";
import { assumed } from "./alternatives.ts";
import { type Facts, type Nic, networkPath } from "./facts.ts";
import { matchesOf } from "./firewall-match.ts";
import { type NetworkPolicies, policiesOf, withPolicies } from "./firewall-policies.ts";
import type { Found } from "./read/found.ts";
import type { RawFirewall } from "./read/raw.ts";
import { firewallBeforeNat } from "./rules/nat.ts";
import { denyBeatsAllow } from "./rules/routing.ts";

/** https://docs.cloud.google.com/firewall/docs/firewalls */
const DEFAULT_PRIORITY = 1000;

interface Ordered {
  readonly rule: Found<RawFirewall>;
  readonly filters: readonly Filter[];
}

const NO_FILTERS: readonly Filter[] = [];

/** The egress rules of each network as filters, in the order in which they decide, among its firewall policies. */
export function firewallsOf(facts: Facts): (nic: Nic) => readonly Filter[] {
  const classic = ownRulesOf(facts);
  const byNetwork = new Map<string, NetworkPolicies>();
  const memo = new Map<string, readonly Filter[]>();
  return (nic) => {
    const policies = byNetwork.get(nic.network) ?? policiesOf(facts, nic.network);
    byNetwork.set(nic.network, policies);
    if (!policies.decide) return classic(nic);
    const key = `${nic.network}|${nic.region}|${nic.tags.join()}|${nic.serviceAccounts.join()}`;
    const filters = memo.get(key) ?? withPolicies(classic(nic), policies, nic);
    memo.set(key, filters);
    return filters;
  };
}

function ownRulesOf(facts: Facts): (nic: Nic) => readonly Filter[] {
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
  return (action === "deny" ? denied : (value.allowed ?? [])).flatMap((layer4) =>
    matchesOf(value, layer4, action === "deny").map(filter),
  );
}

const ruleLifted = (name: string) =>
  assumed(
    "open",
    `firewall-rule-lifted:${name}`,
    `firewall rule ${name} is changed to let it out`,
    `防火墙规则 ${name} 改为放行`,
  );
