import type { ApplianceAction, ApplianceBehaviour } from "../../../model/egress.ts";
import type { Match, PortRange } from "../../../model/flow.ts";
import type { Step } from "../../../model/outcome.ts";
import type { Firewall, FirewallRules, NetworkRule } from "../read/resource.ts";
import { nameOf, parseId } from "../read/resource-id.ts";
import { firewallDeniesByDefault } from "../rules/firewall.ts";
import { blocked, byDefault, open, say, step } from "./say.ts";

/** What the firewall does to packets that a rule lets pass. */
interface Passes {
  readonly step: Step;
  readonly does: readonly ApplianceAction[];
}

/**
 * What a firewall lets pass is decided by its rules, and what no rule allows is denied. Rules that are not all in the
 * export, that deny, or that name groups and hosts are not looked into: then it passes by default, and that is said.
 */
export function passing(
  firewall: Firewall,
  rules: FirewallRules | null,
  passes: Passes,
): readonly ApplianceBehaviour[] {
  if (rules === null || !rules.network.every(isPlain)) return [perhaps(firewall, passes, {})];
  const allowed = rules.network.flatMap((rule) =>
    matchesOf(rule).map((match): ApplianceBehaviour => ({ ...passes, match })),
  );
  const ports = rules.applicationPorts.flatMap((port) => (port === null ? [] : [{ first: port, last: port }]));
  const proxied = rules.applicationPorts.length === 0 ? [] : [perhaps(firewall, passes, tcpAt(rules, ports))];
  return [...allowed, ...proxied, { match: {}, step: denied(firewall), does: [denies([])] }];
}

const isPlain = ({ literal, allows }: NetworkRule): boolean => literal && allows;

/** ICMP has no ports. */
function matchesOf({ sources, destinations, protocols, ports }: NetworkRule): readonly Match[] {
  const others = protocols.filter((protocol) => protocol !== "icmp");
  return [
    ...(others.length === 0 ? [] : [{ sources, destinations, protocols: others, ports }]),
    ...(protocols.includes("icmp") ? [{ sources, destinations, protocols: ["icmp"] } satisfies Match] : []),
  ];
}

/** Application rules name hosts, which a destination address does not tell. */
const tcpAt = ({ applicationPorts }: FirewallRules, ports: readonly PortRange[]): Match => ({
  protocols: ["tcp"],
  ...(applicationPorts.includes(null) ? {} : { ports }),
});

function perhaps(firewall: Firewall, { step: passes, does }: Passes, match: Match): ApplianceBehaviour {
  const { name, policy } = firewall;
  const ask = {
    text: say(
      "export the rules of the firewall, or look into AZFWNetworkRule and AZFWApplicationRule",
      "请导出防火墙的规则，或查看 AZFWNetworkRule 与 AZFWApplicationRule 日志",
    ),
    command:
      policy === null
        ? null
        : `az network firewall policy rule-collection-group list -g ${parseId(policy)?.group ?? "RG"} --policy-name ${nameOf(policy)} -o json`,
    settles: say("whether it passes", "是否放行"),
  };
  const allows = byDefault(`firewall-allows:${name}`, say(`a rule of ${name} allows it`, `${name} 有规则放行`), ask);
  const none = open(`firewall-denies:${name}`, say(`no rule of ${name} allows it`, `${name} 没有规则放行`), ask);
  return {
    match,
    step: passes,
    does: [
      ...does.map((one) => (one.kind === "answers" ? one : { ...one, assumptions: [...one.assumptions, allows] })),
      denies([none], [denied(firewall)]),
    ],
  };
}

const denied = (firewall: Firewall): Step =>
  step(
    firewallDeniesByDefault,
    firewall,
    `no rule of ${firewall.name} allows it, and what none allows is denied`,
    `${firewall.name} 没有放行的规则，未放行的流量一律拒绝`,
  );

const denies = (assumptions: Parameters<typeof blocked>[1], steps: readonly Step[] = []): ApplianceAction => ({
  kind: "answers",
  alternative: blocked(steps, assumptions),
});
