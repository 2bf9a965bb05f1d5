import type { Cidr } from "../../../address/cidr.ts";
import { parseCidr, RFC1918, RFC6598 } from "../../../address/cidr.ts";
import type { Firewall, FirewallPolicy, FirewallRules } from "../read/resource.ts";
import { keyOf } from "../read/resource-id.ts";
import type { World } from "./world.ts";

/** The destinations towards which network rules keep the source. */
export interface SnatRanges {
  readonly cidrs: readonly Cidr[];
  /** The policy is not in the export: these are the documented default, not what was read. */
  readonly policyMissing: string | null;
  readonly learns: boolean;
}

/** Default per https://learn.microsoft.com/azure/firewall/snat-private-range: IANA's private ranges. */
const IANA: readonly Cidr[] = [...RFC1918, ...RFC6598];

/** With a policy its ranges count, and the firewall's own are ignored. */
export function snatRanges(world: World, firewall: Firewall): SnatRanges {
  if (firewall.policy === null) return { cidrs: rangesFrom(firewall.ranges), policyMissing: null, learns: false };
  const policy = world.all.firewallPolicies.get(keyOf(firewall.policy));
  if (policy === undefined) return { cidrs: IANA, policyMissing: firewall.policy, learns: false };
  return { cidrs: rangesFrom(policy.ranges), policyMissing: null, learns: policy.learnsRanges };
}

/** A custom list replaces the default unless it names it; 255.255.255.255/32 stands for "nothing is private". */
function rangesFrom(texts: readonly string[] | null): readonly Cidr[] {
  if (texts === null || texts.length === 0) return IANA;
  return texts.flatMap((text) => {
    if (/^ianaprivateranges$/i.test(text)) return IANA;
    const cidr = parseCidr(text, true);
    return cidr === undefined ? [] : [cidr];
  });
}

/** Every rule of a firewall, those of its policy and the policy's parents; null: not all are in the export. */
export function rulesOf(world: World, firewall: Firewall): FirewallRules | null {
  if (firewall.policy === null) return firewall.rules;
  const lists: FirewallRules[] = [];
  const seen = new Set<string>();
  for (let id: string | null = firewall.policy; id !== null && !seen.has(keyOf(id)); ) {
    seen.add(keyOf(id));
    const policy: FirewallPolicy | undefined = world.all.firewallPolicies.get(keyOf(id));
    if (policy === undefined || policy.groups === null) return null;
    for (const group of policy.groups) {
      const rules = world.all.ruleGroups.get(group)?.rules;
      if (rules === undefined || rules === null) return null;
      lists.push(rules);
    }
    id = policy.base;
  }
  return {
    network: lists.flatMap(({ network }) => network),
    applicationPorts: lists.flatMap(({ applicationPorts }) => applicationPorts),
  };
}
