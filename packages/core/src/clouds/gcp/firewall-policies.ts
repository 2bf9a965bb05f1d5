import type { Gap } from "../../model/egress.ts";
import { assumed, blocked, stepOf } from "./alternatives.ts";
import { askEffectiveFirewalls } from "./asks.ts";
import type { Facts } from "./facts.ts";
import { nameOf, projectOf, UNKNOWN_PROJECT } from "./links.ts";
import { firewallPolicies } from "./rules/routing.ts";

/** Policies are seen but not evaluated: one that may deny what is sent leaves every answer of its network open. */
export function firewallPolicyGaps({ exported, networks }: Facts, network: string): readonly Gap[] {
  const own = networks.get(network)?.value.firewallPolicy;
  const shown = exported.firewallPolicies.filter((one) => one.networks === null || one.networks.includes(network));
  const isShown = !own || exported.firewallPolicies.some(({ name }) => name === nameOf(own));
  const names = [...new Set(shown.filter((one) => one.mayDenyEgress).map(({ name }) => name))];
  if (own && !isShown) names.push(nameOf(own));
  const project = projectOf(network) ?? UNKNOWN_PROJECT;
  if ([project, UNKNOWN_PROJECT].some((one) => exported.coverage.damaged(one, "firewall-policy"))) names.push("…");
  if (names.length === 0) return [];
  const name = nameOf(network);
  const list = names.join(", ");
  const ask = askEffectiveFirewalls(network);
  const step = stepOf(
    firewallPolicies,
    { en: `firewall policies are not evaluated (${list})`, zh: `未评估防火墙政策（${list}）` },
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
        `the firewall policies that concern ${name}, which are not evaluated, let it out (${list})`,
        `涉及 ${name} 的防火墙政策（未评估）放行该流量（${list}）`,
        ask,
      ),
      otherwise: [blocked(step, denies)],
    },
  ];
}
