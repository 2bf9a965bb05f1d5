import type { Filter, Gap } from "../../model/egress.ts";
import { inTurn } from "../filter-lists.ts";
import { groupBy } from "../group-by.ts";
import { assumed, blocked, stepOf } from "./alternatives.ts";
import { askEffectiveFirewalls } from "./asks.ts";
import type { Facts, Nic } from "./facts.ts";
import { matchesOf } from "./firewall-match.ts";
import { nameOf, projectOf, UNKNOWN_PROJECT } from "./links.ts";
import type { FirewallPolicy, PolicyRule } from "./read/firewall-policies.ts";
import { firewallPolicies, policyOrder } from "./rules/routing.ts";

/** The firewall policies of one network: those that can be evaluated, where they stand, and the others. */
export interface NetworkPolicies {
  readonly before: readonly FirewallPolicy[];
  /** After the network's own rules. */
  readonly after: readonly FirewallPolicy[];
  /** Names of those that cannot be evaluated, and may deny. */
  readonly mayDeny: readonly string[];
  /** The same, and may allow what others deny. */
  readonly mayAllow: readonly string[];
  /** False: the rules of the network are all there is. */
  readonly decide: boolean;
}

/** https://docs.cloud.google.com/firewall/docs/firewall-policies-rule-eval-order */
export function policiesOf({ exported, networks }: Facts, network: string): NetworkPolicies {
  const { firewallPolicy = null, networkFirewallPolicyEnforcementOrder } = networks.get(network)?.value ?? {};
  // What is in effect for the network tells which of all those of folders and organizations concern it.
  const isToldWhole = exported.firewallsInEffect.includes(network);
  const shown = exported.firewallPolicies.filter(({ networks: of, isInEffect }) =>
    of === null ? isInEffect || !isToldWhole : of.includes(network),
  );
  const deciding = onceEach(shown).filter(({ mayAllowEgress, mayDenyEgress }) => mayAllowEgress || mayDenyEgress);
  const [hierarchy = [], ...ofNetwork] = LEVELS.map((level) => {
    const all = deciding.filter((one) => one.level === level);
    return canBeOrdered(all) ? all : [];
  });
  const known = new Set([...hierarchy, ...ofNetwork.flat()]);
  const open = deciding.filter((one) => !known.has(one));
  const project = projectOf(network) ?? UNKNOWN_PROJECT;
  const isDamaged = [project, UNKNOWN_PROJECT].some((one) => exported.coverage.damaged(one, "firewall-policy"));
  const own = nameOf(firewallPolicy ?? "");
  const isMissing = own !== "" && !exported.firewallPolicies.some(({ name }) => name === own);
  const isFirst = networkFirewallPolicyEnforcementOrder === "BEFORE_CLASSIC_FIREWALL";
  const namesOf = (all: readonly FirewallPolicy[], unseen: boolean): readonly string[] => [
    ...new Set([...all.map(({ name }) => name), ...(unseen ? [own] : []), ...(isDamaged ? ["…"] : [])]),
  ];
  const before = isFirst ? [...hierarchy, ...ofNetwork.flat()] : hierarchy;
  const after = isFirst ? [] : ofNetwork.flat();
  const mayDeny = namesOf(
    open.filter((one) => one.mayDenyEgress),
    isMissing,
  );
  const mayAllow = namesOf(
    open.filter((one) => one.mayAllowEgress),
    isMissing && isFirst,
  );
  return { before, after, mayDeny, mayAllow, decide: before.length + after.length + mayAllow.length > 0 };
}

const LEVELS = ["hierarchy", "network", "region"] as const;

/** What is in effect is often exported beside the policies themselves; of copies that differ nothing says which holds. */
const onceEach = (all: readonly FirewallPolicy[]): readonly FirewallPolicy[] =>
  [...groupBy(all, ({ name, level, region }) => `${name} ${level} ${region}`).values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const rules = JSON.stringify(first.rules);
    if (more.every((one) => JSON.stringify(one.rules) === rules)) return [first];
    const copies = [first, ...more];
    const may = (which: "mayAllowEgress" | "mayDenyEgress") => copies.some((one) => one[which]);
    return [{ ...first, rules: null, mayAllowEgress: may("mayAllowEgress"), mayDenyEgress: may("mayDenyEgress") }];
  });

/** Of several on one level nothing says which is first; it makes no difference where none allows. */
function canBeOrdered(all: readonly FirewallPolicy[]): boolean {
  if (all.some(({ rules }) => rules === null)) return false;
  const byRegion = groupBy(all, ({ region }) => region ?? "");
  return [...byRegion.values()].every(
    (some) => some.length === 1 || some.every(({ mayAllowEgress }) => !mayAllowEgress),
  );
}

/**
 * What of the policies concerns one interface, around the rules of its network: what one allows no later one denies,
 * what one hands on the next decides.
 */
export function withPolicies(classic: readonly Filter[], policies: NetworkPolicies, nic: Nic): readonly Filter[] {
  const { before, after, mayAllow } = policies;
  const list = (all: readonly FirewallPolicy[]) => all.map((policy) => filtersOf(policy, nic));
  const own = after.length === 0 ? classic : classic.map(lastWord);
  const all = inTurn(...list(before), own, ...list(after));
  return mayAllow.length === 0 ? all : all.map((filter) => inDoubt(filter, mayAllow.join(", ")));
}

/** What a rule of the network allows no policy after it denies. */
const lastWord = (filter: Filter): Filter =>
  filter.action === "allow" ? { ...filter, action: "always-allow" } : filter;

/** A policy that cannot be evaluated may allow it before a rule denies it. */
const inDoubt = (filter: Filter, names: string): Filter =>
  filter.action === "deny"
    ? {
        ...filter,
        unless: {
          holds: assumed(
            "open",
            "no-firewall-policy-allows-first",
            `no firewall policy allows it before that (${names})`,
            `在此之前没有防火墙政策放行（${names}）`,
          ),
          lifted: assumed(
            "open",
            "firewall-policy-allows-first",
            `a firewall policy allows it before that (${names})`,
            `在此之前有防火墙政策放行（${names}）`,
          ),
        },
      }
    : filter;

function filtersOf({ name, rules, region, origin }: FirewallPolicy, nic: Nic): readonly Filter[] {
  if (rules === null || (region !== null && region !== nic.region)) return [];
  return rules.filter((rule) => concerns(rule, nic)).flatMap((rule) => filtersOfRule(rule, name, origin));
}

const concerns = ({ networks, serviceAccounts }: PolicyRule, nic: Nic): boolean =>
  (networks.length === 0 || networks.includes(nic.network)) &&
  (serviceAccounts.length === 0 || serviceAccounts.some((account) => nic.serviceAccounts.includes(account)));

const ACTIONS = { allow: "always-allow", goto_next: "allow", deny: "deny" } as const;
const WORDS = {
  allow: ["allows", "放行"],
  goto_next: ["leaves it to the next policy", "交由下一政策处理"],
  deny: ["denies", "拒绝"],
} as const;

function filtersOfRule(rule: PolicyRule, policy: string, origin: FirewallPolicy["origin"]): readonly Filter[] {
  const action = ACTIONS[rule.action];
  const [en, zh] = WORDS[rule.action];
  const isSure = rule.others.length === 0 && rule.destinations.length > 0;
  const narrowed = {
    destinationRanges: isSure ? rule.destinations : ["0.0.0.0/0", "::/0"],
    sourceRanges: rule.sources,
  };
  const name = `${policy}/${rule.priority}`;
  const perhaps = perhapsOf(rule, name, isSure);
  const filter = {
    action,
    rule: policyOrder,
    resource: policy,
    origin,
    text: {
      en: `rule ${rule.priority} of the firewall policy ${policy} ${en}${rule.action === "goto_next" ? "" : " it"}`,
      zh: `防火墙政策 ${policy} 的规则 ${rule.priority} ${zh}${rule.action === "goto_next" ? "" : "该流量"}`,
    },
    ...(perhaps === null ? {} : { perhaps }),
    ...(action === "deny"
      ? {
          unless: {
            holds: null,
            lifted: assumed(
              "open",
              `firewall-policy-rule-lifted:${name}`,
              `rule ${rule.priority} of the firewall policy ${policy} is changed to let it out`,
              `防火墙政策 ${policy} 的规则 ${rule.priority} 改为放行`,
            ),
          },
        }
      : {}),
  } as const;
  return rule.layer4.flatMap((one) =>
    matchesOf(narrowed, one, action === "deny").map((match) => ({ ...filter, match })),
  );
}

/** What no export spells out: which VM carries a tag, and what a name, a region or a list of addresses means. */
function perhapsOf(
  { secureTags, others }: PolicyRule,
  name: string,
  isSure: boolean,
): NonNullable<Filter["perhaps"]> | null {
  const asked = [...secureTags.map(nameOf), ...others, ...(isSure || others.length > 0 ? [] : ["destIpRanges"])];
  if (asked.length === 0) return null;
  const list = asked.join(", ");
  return {
    applies: assumed(
      "open",
      `firewall-policy-rule-applies:${name}`,
      `the rule ${name} means this flow (${list})`,
      `规则 ${name} 适用于该流量（${list}）`,
    ),
    not: assumed(
      "open",
      `firewall-policy-rule-does-not-apply:${name}`,
      `the rule ${name} does not mean this flow (${list})`,
      `规则 ${name} 不适用于该流量（${list}）`,
    ),
  };
}

/** Policies that are seen and cannot be evaluated leave every answer of their network open. */
export function firewallPolicyGaps(facts: Facts, network: string): readonly Gap[] {
  const { mayDeny } = policiesOf(facts, network);
  if (mayDeny.length === 0) return [];
  const name = nameOf(network);
  const list = mayDeny.join(", ");
  const ask = askEffectiveFirewalls(network);
  const step = stepOf(
    firewallPolicies,
    { en: `firewall policies that cannot be evaluated (${list})`, zh: `无法评估的防火墙政策（${list}）` },
    network,
  );
  const denies = assumed(
    "open",
    `firewall-policy-denies:${name}`,
    `a firewall policy that concerns ${name} denies it (${list})`,
    `涉及 ${name} 的防火墙政策拒绝该流量（${list}）`,
    ask,
  );
  return [
    {
      harmless: assumed(
        "open",
        `firewall-policies-let-out:${name}`,
        `the firewall policies that concern ${name}, which cannot be evaluated, let it out (${list})`,
        `涉及 ${name} 的防火墙政策（无法评估）放行该流量（${list}）`,
        ask,
      ),
      otherwise: [blocked(step, denies)],
    },
  ];
}
