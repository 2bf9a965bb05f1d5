import { type Cidr, EVERY_IPV4, EVERY_IPV6, parseCidr } from "../../address/cidr.ts";
import type { Gap, NextHop, Route, RouteStage } from "../../model/egress.ts";
import type { Match } from "../../model/flow.ts";
import { assumed, blocked, stepOf, unknown } from "./alternatives.ts";
import { askEffectiveFirewalls, askFirewalls, askPolicyRoutes } from "./asks.ts";
import { type Facts, networkPath } from "./facts.ts";
import { firewallPolicyGaps } from "./firewall-policies.ts";
import { nameOf, projectOf, UNKNOWN_PROJECT } from "./links.ts";
import { applianceHop } from "./next-hops.ts";
import type { Found } from "./read/found.ts";
import { notAnAddress } from "./read/problems.ts";
import type { RawPolicyRoute } from "./read/raw.ts";
import { firewallBeforeNat } from "./rules/nat.ts";
import { policyRouteFilter, policyRouteNextHop, policyRoutesFirst } from "./rules/routing.ts";

/** https://github.com/googleapis/googleapis/blob/master/google/cloud/networkconnectivity/v1/policy_based_routing.proto */
const DEFAULT_PRIORITY = 1000;

export interface PolicyRoute {
  readonly network: string;
  readonly tags: readonly string[];
  readonly route: Route;
}

/** The policy-based routes that VMs can meet; those for attachments alone are left out. */
export function policyRoutesOf(facts: Facts): readonly PolicyRoute[] {
  return facts.exported.policyRoutes.flatMap((found) => {
    const tags = found.value.virtualMachine?.tags ?? [];
    if (tags.length === 0 && found.value.interconnectAttachment?.region) return [];
    return [{ network: networkPath(found.value.network, found.project), tags, route: routeOf(found, facts) }];
  });
}

function routeOf(found: Found<RawPolicyRoute>, facts: Facts): Route {
  const { value, name, path, origin } = found;
  const everything = value.filter?.protocolVersion === "IPV6" ? EVERY_IPV6 : EVERY_IPV4;
  const range = (text: string | null | undefined): Cidr => {
    if (!text) return everything;
    const cidr = parseCidr(text, true);
    if (cidr === undefined) facts.problems.push(notAnAddress(`policy-based route ${name}`, text, origin));
    return cidr ?? everything;
  };
  return {
    prefix: range(value.filter?.destRange),
    match: { sources: [range(value.filter?.srcRange)], ...protocols(value.filter?.ipProtocol) },
    hop: hopOf(value),
    preference: [value.priority ?? DEFAULT_PRIORITY],
    usable: { kind: "yes" },
    name,
    resource: path,
    rule: value.nextHopIlbIp ? policyRouteNextHop : policyRouteFilter,
    origin,
  };
}

function protocols(name: string | null | undefined): Match {
  if (name === "TCP") return { protocols: ["tcp"] };
  return name === "UDP" ? { protocols: ["udp"] } : {};
}

function hopOf({ nextHopIlbIp, nextHopOtherRoutes }: RawPolicyRoute): NextHop {
  if (nextHopIlbIp) return applianceHop(nameOf(nextHopIlbIp), null);
  if (nextHopOtherRoutes === "DEFAULT_ROUTING")
    return { kind: "next-stage", text: { en: "the ordinary routes", zh: "普通路由" } };
  const text = { en: "a next hop that the export does not name", zh: "导出中未给出的下一跳" };
  const doubt = assumed(
    "open",
    "policy-route-next-hop",
    "where this policy-based route leads is not known",
    "该策略路由的去向未知",
  );
  return { kind: "alternatives", text, alternatives: [unknown(stepOf(policyRouteFilter, text), doubt)] };
}

/** @param predicts false where nothing is predicted anyway, so that no default needs printing */
export function policyStage(facts: Facts, network: string, routes: readonly Route[], predicts: boolean): RouteStage {
  return {
    kind: "first-match",
    routes,
    orders: [[{ position: 0, rule: policyRoutesFirst }]],
    // Which of equal priorities is used is not published: https://docs.cloud.google.com/vpc/docs/policy-based-routes
    ties: { kind: "undecided", rule: policyRoutesFirst },
    gaps: predicts
      ? [...policyGaps(facts, network), ...firewallGaps(facts, network), ...firewallPolicyGaps(facts, network)]
      : [],
  };
}

function policyGaps({ exported: { coverage } }: Facts, network: string): readonly Gap[] {
  const project = projectOf(network) ?? UNKNOWN_PROJECT;
  const ask = askPolicyRoutes(project);
  if (coverage.damaged(project, "policy-route")) {
    const step = stepOf(policyRoutesFirst, {
      en: "a policy-based route could not be read",
      zh: "有一条策略路由无法读取",
    });
    const otherwise = [
      unknown(
        step,
        assumed(
          "open",
          "policy-route-unread",
          "the policy-based route that could not be read takes it",
          "无法读取的策略路由命中该流量",
          ask,
        ),
      ),
    ];
    return [
      {
        harmless: assumed(
          "open",
          "policy-route-unread-harmless",
          "the policy-based route that could not be read does not take it",
          "无法读取的策略路由不命中该流量",
          ask,
        ),
        otherwise,
      },
    ];
  }
  if (coverage.seen(project, "policy-route") === "whole") return [];
  return [
    {
      harmless: assumed(
        "default",
        "no-policy-based-routes",
        "there are no policy-based routes (none were exported)",
        "没有策略路由（未导出）",
        ask,
      ),
      otherwise: [],
    },
  ];
}

/** Kept with the first stage, since a gap belongs to a stage: it concerns the filters before it. */
function firewallGaps(facts: Facts, network: string): readonly Gap[] {
  const { coverage } = facts.exported;
  const project = projectOf(network) ?? UNKNOWN_PROJECT;
  const ask = askFirewalls(project);
  if (coverage.damaged(project, "firewall")) {
    const step = stepOf(firewallBeforeNat, {
      en: "a firewall rule that could not be read denies it",
      zh: "一条无法读取的防火墙规则拒绝该流量",
    });
    return [
      {
        harmless: assumed(
          "open",
          "firewall-unread-harmless",
          "the firewall rule that could not be read lets it out",
          "无法读取的防火墙规则放行该流量",
          ask,
        ),
        otherwise: [
          blocked(
            step,
            assumed(
              "open",
              "firewall-unread",
              "the firewall rule that could not be read denies it",
              "无法读取的防火墙规则拒绝该流量",
              ask,
            ),
          ),
        ],
      },
    ];
  }
  if (coverage.seen(project, "firewall") === "whole") return policiesUnseen(facts, network);
  return [
    {
      harmless: assumed(
        "default",
        "no-egress-firewall-rules",
        "no firewall rule denies it (none were exported)",
        "没有防火墙规则拒绝（未导出）",
        ask,
      ),
      otherwise: [],
    },
  ];
}

/** No list of a project shows the policies of its folders and its organization; what is in effect for a network does. */
function policiesUnseen({ exported, networks }: Facts, network: string): readonly Gap[] {
  const isShown = exported.firewallsInEffect.some((one) => one === network || (one === null && networks.size === 1));
  if (isShown) return [];
  return [
    {
      harmless: assumed(
        "default",
        "no-firewall-policies-above",
        "no firewall policy of a folder or the organization denies it (what is in effect was not exported)",
        "文件夹与组织的防火墙政策均未拒绝（未导出实际生效的规则）",
        askEffectiveFirewalls(network),
      ),
      otherwise: [],
    },
  ];
}
