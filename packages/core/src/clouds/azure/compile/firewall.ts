import { setOf } from "../../../address/address-set.ts";
import { type Cidr, EVERY_IPV4, hostCidr, lengthOf, nthAddress } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { Appliance, ApplianceAction, ApplianceBehaviour, Egress, Internet, Offer } from "../../../model/egress.ts";
import type { Assumption } from "../../../model/outcome.ts";
import type { Firewall, FirewallRules, NetworkRule } from "../read/resource.ts";
import { nameOf, parseId } from "../read/resource-id.ts";
import {
  firewallAnyAddress,
  firewallApplicationRule,
  firewallForcedTunnel,
  firewallIcmpWithNat,
  firewallIsNextHop,
  firewallLearnedRanges,
  firewallNatGateway,
  firewallNetworkRule,
  firewallRanges,
  firewallRuleKind,
} from "../rules/firewall.ts";
import { publicAddresses, seenFrom } from "./addresses.ts";
import { lookAtDestination, notExported } from "./ask.ts";
import { passing } from "./firewall-passing.ts";
import { rulesOf, type SnatRanges, snatRanges } from "./firewall-rules.ts";
import { hubRoutes } from "./hub.ts";
import { natOffer, natOfSubnet } from "./nat-gateway.ts";
import { common } from "./ranges.ts";
import { blocked, byDefault, open, say, step, translated, unknown } from "./say.ts";
import { smtpFilter } from "./smtp.ts";
import { placeOf, type World } from "./world.ts";

/** Azure Firewall: what it does to a source, and how it sends on. */
export function firewallAppliance(world: World, firewall: Firewall): Appliance {
  const ranges = snatRanges(world, firewall);
  return {
    id: `azure/appliance/${firewall.key}`,
    name: firewall.name,
    resource: firewall.id,
    behaviours: behavioursOf(world, firewall, ranges),
    get egress() {
      return egressOfFirewall(world, firewall);
    },
  };
}

function behavioursOf(world: World, firewall: Firewall, ranges: SnatRanges): readonly ApplianceBehaviour[] {
  const does: readonly ApplianceAction[] = [
    sendsAs(world, firewall, outsideAssumptions(firewall, ranges)),
    ...(ranges.learns ? [learnedForward(firewall)] : []),
  ];
  const translates = step(
    firewallNetworkRule,
    firewall,
    `the firewall ${firewall.name} takes it and translates: the destination is outside its private ranges`,
    `由防火墙 ${firewall.name} 处理并转换：目的地址在其私有网段之外`,
  );
  const inside = insideBehaviours(world, firewall, ranges);
  if (ranges.cidrs.includes(EVERY_IPV4)) return inside;
  return [...inside, ...passing(firewall, rulesOf(world, firewall), { step: translates, does })];
}

function outsideAssumptions(firewall: Firewall, ranges: SnatRanges): readonly Assumption[] {
  const { policyMissing } = ranges;
  const missing =
    policyMissing === null
      ? []
      : [
          byDefault(
            "firewall-default-ranges",
            say(
              `the policy of ${firewall.name} leaves the private ranges as they are by default`,
              `${firewall.name} 的策略未改动默认的私有网段`,
            ),
            notExported(policyMissing).ask,
          ),
        ];
  const learns = ranges.learns
    ? [
        byDefault(
          "not-learned-range",
          say("the destination is not among the prefixes the firewall has learned", "目的地址不在防火墙学到的前缀之内"),
          learnedAsk(firewall),
        ),
      ]
    : [];
  return [...missing, ...learns];
}

const learnedAsk = (firewall: Firewall) => ({
  text: say("list the learned prefixes", "请列出学到的前缀"),
  command: `az network firewall list-learned-ip-prefix -g ${parseId(firewall.id)?.group ?? "RG"} -n ${firewall.name} -o json`,
  settles: say("whether the destination keeps the source", "该目的地是否保留源地址"),
});

const learnedForward = (firewall: Firewall): ApplianceAction => ({
  kind: "forwards",
  assumptions: [
    open(
      `learned-range:${firewall.name}`,
      say("the destination is among the prefixes the firewall has learned", "目的地址在防火墙学到的前缀之内"),
      learnedAsk(firewall),
    ),
  ],
  steps: [step(firewallLearnedRanges, firewall, "learned prefixes are not translated", "学到的前缀不做转换")],
});

/** Towards the private ranges: network rules keep the source, application rules never do. */
function insideBehaviours(world: World, firewall: Firewall, ranges: SnatRanges): readonly ApplianceBehaviour[] {
  const rules = rulesOf(world, firewall);
  const { cidrs } = ranges;
  const plain = rules?.network.every(({ literal, allows }) => literal && allows) ? rules : null;
  const exact = (plain?.network ?? []).map((rule) => networkBehaviour(firewall, rule, cidrs));
  const proxied =
    plain !== null && plain.applicationPorts.length > 0 ? [applicationBehaviour(world, firewall, plain, cidrs)] : [];
  const either = step(
    firewallRuleKind,
    firewall,
    `which kind of rule of ${firewall.name} matches decides`,
    `由 ${firewall.name} 的哪类规则匹配决定`,
  );
  const byNetwork = keeps([kindOfRule(firewall, "network", "网络")]);
  const byApplication = sendsAs(world, firewall, [kindOfRule(firewall, "application", "应用程序")]);
  return [
    ...exact,
    ...proxied,
    { match: { destinations: cidrs, protocols: ["tcp"] }, step: either, does: [byNetwork, byApplication] },
    { match: { destinations: cidrs }, step: networkStep(firewall), does: [keeps([])] },
  ];
}

const networkStep = (firewall: Firewall) =>
  step(
    firewallNetworkRule,
    firewall,
    `${firewall.name} keeps the source: a network rule, and the destination is in its private ranges`,
    `${firewall.name} 保留源地址：匹配网络规则且目的地址在其私有网段内`,
  );

function networkBehaviour(firewall: Firewall, rule: NetworkRule, ranges: readonly Cidr[]): ApplianceBehaviour {
  const match = {
    sources: rule.sources,
    destinations: common(rule.destinations, ranges),
    protocols: rule.protocols,
    ...(rule.protocols.includes("icmp") ? {} : { ports: rule.ports }),
  };
  return { match, step: networkStep(firewall), does: [keeps([])] };
}

function applicationBehaviour(
  world: World,
  firewall: Firewall,
  rules: FirewallRules,
  ranges: readonly Cidr[],
): ApplianceBehaviour {
  const ports = rules.applicationPorts.includes(null)
    ? {}
    : { ports: rules.applicationPorts.flatMap((port) => (port === null ? [] : [{ first: port, last: port }])) };
  return {
    match: { destinations: ranges, protocols: ["tcp"], ...ports },
    step: step(
      firewallApplicationRule,
      firewall,
      `an application rule of ${firewall.name}: the firewall connects by itself`,
      `${firewall.name} 的应用程序规则：由防火墙自己建立连接`,
    ),
    does: [sendsAs(world, firewall, [])],
  };
}

const keeps = (assumptions: readonly Assumption[]): ApplianceAction => ({ kind: "forwards", assumptions, steps: [] });

const kindOfRule = (firewall: Firewall, kind: string, zh: string): Assumption =>
  open(
    `firewall-rule-kind:${kind}`,
    say(
      `${kind === "network" ? "a network" : "an application"} rule of ${firewall.name} matches`,
      `匹配的是 ${firewall.name} 的${zh}规则`,
    ),
    {
      text: say(
        "export the rule collection groups of the policy, or look into AZFWNetworkRule and AZFWApplicationRule",
        "请导出策略的规则集合组，或查看 AZFWNetworkRule 与 AZFWApplicationRule 日志",
      ),
      command:
        firewall.policy === null
          ? null
          : `az network firewall policy rule-collection-group list -g ${parseId(firewall.policy)?.group ?? "RG"} --policy-name ${nameOf(firewall.policy)} -o json`,
      settles: say("whether the source is kept", "是否保留源地址"),
    },
  );

/** Past this size the subnet is named by the firewall's own address only, as an incomplete set. */
const LISTED = 1024;

/** From any of its private addresses: which instance takes a connection is not told. */
function sendsAs(world: World, firewall: Firewall, assumptions: readonly Assumption[]): ApplianceAction {
  const inside = placeOf(world, firewall.subnet).subnet?.prefixes[0];
  const size = inside === undefined ? 0 : 2 ** (32 - lengthOf(inside));
  const all =
    inside === undefined || size > LISTED ? [] : Array.from({ length: size }, (_, index) => nthAddress(inside, index));
  const steps = firewall.forced ? [tunnelStep(firewall)] : [];
  const sources = [...new Set<Ip>([...firewall.privateAddresses, ...all.filter((ip) => ip !== undefined)])];
  return { kind: "sends-as", sources, complete: all.length > 0, translator: "firewall", assumptions, steps };
}

const tunnelStep = (firewall: Firewall) =>
  step(
    firewallForcedTunnel,
    firewall,
    `the management address of ${firewall.name} is never a source; what is tunnelled leaves from a private address of its subnet`,
    `${firewall.name} 的管理地址绝不会成为源地址；经隧道的流量从其子网的私有地址发出`,
  );

function egressOfFirewall(world: World, firewall: Firewall): Egress {
  const known = egresses.get(firewall);
  if (known !== undefined) return known;
  const egress: Egress = {
    filters: [],
    routes: firewall.subnet === null ? hubRoutes(world, firewall) : world.tableOf(firewall.subnet),
    internet: internetOfFirewall(world, firewall),
  };
  egresses.set(firewall, egress);
  return egress;
}

/** The same firewall is the next hop of many subnets; the walk over an estate knows an egress again by identity. */
const egresses = new WeakMap<Firewall, Egress>();

function internetOfFirewall(world: World, firewall: Firewall): Internet {
  const inside = placeOf(world, firewall.subnet).subnet?.prefixes ?? firewall.privateAddresses.map(hostCidr);
  const nat = firewall.subnet === null ? null : natOffer(world, natOfSubnet(world, firewall.subnet), 4);
  const offers: Offer[] = [];
  if (nat !== null) {
    const onlyIf = nat.fallsThrough === null ? {} : { fallsThrough: nat.fallsThrough };
    offers.push({
      translator: "nat-gateway",
      resource: nat.resource,
      match: { sources: inside, protocols: ["tcp", "udp"] },
      step: step(
        firewallNatGateway,
        firewall,
        "the firewall's subnet has a NAT gateway: its addresses, never the firewall's",
        "防火墙子网有 NAT 网关：使用网关地址，而不是防火墙的地址",
      ),
      alternatives: nat.alternatives,
      ...onlyIf,
    });
    offers.push({ ...icmpWithNat(firewall, inside), ...onlyIf });
  }
  // A NAT gateway that surely applies leaves nothing to the firewall's own addresses.
  if (nat === null || nat.fallsThrough !== null) offers.push(ownAddresses(world, firewall, inside));
  const untranslated = step(
    firewallRanges,
    firewall,
    "the firewall does not translate this source, which then cannot reach the internet",
    "防火墙不转换该源地址，因此无法到达互联网",
  );
  return { filters: [smtpFilter(world, firewall)], offers, none: [blocked([untranslated])] };
}

function icmpWithNat(firewall: Firewall, inside: readonly Cidr[]): Offer {
  const doubt = open(
    `icmp-with-nat-gateway:${firewall.name}`,
    say(
      `whether ICMP leaves ${firewall.name} past the NAT gateway of its subnet is not documented`,
      `ICMP 能否绕过子网的 NAT 网关从 ${firewall.name} 发出没有文档说明`,
    ),
    lookAtDestination,
  );
  return {
    translator: "other",
    resource: firewall.id,
    match: { sources: inside, protocols: ["icmp"] },
    step: step(
      firewallIcmpWithNat,
      firewall,
      "the firewall's subnet has a NAT gateway, which carries no ICMP",
      "防火墙子网有 NAT 网关，而它不支持 ICMP",
    ),
    alternatives: [unknown([], [doubt])],
  };
}

function ownAddresses(world: World, firewall: Firewall, inside: readonly Cidr[]): Offer {
  const any = step(
    firewallAnyAddress,
    firewall,
    `a new connection gets any public address of ${firewall.name}`,
    `新连接使用 ${firewall.name} 的任一公网地址`,
  );
  const hub = firewall.hubAddresses;
  const seen = publicAddresses(world, firewall.publicIps, [], 4);
  const none = hub.length === 0 && firewall.publicIps.length === 0;
  const tunnelled = step(
    firewallForcedTunnel,
    firewall,
    "it has no public address for traffic of its own",
    "它没有用于业务流量的公网地址",
  );
  const alternative =
    hub.length > 0
      ? translated({ addresses: setOf(...hub), stability: "unknown" }, "firewall", firewall.id, [any])
      : none
        ? blocked([tunnelled])
        : seenFrom(seen, "firewall", firewall.id, [any]);
  return {
    translator: "firewall",
    resource: firewall.id,
    match: { sources: inside },
    step: step(
      firewallIsNextHop,
      firewall,
      `${firewall.name} sends it to the internet by itself`,
      `由 ${firewall.name} 自己送往互联网`,
    ),
    alternatives: [alternative],
  };
}
