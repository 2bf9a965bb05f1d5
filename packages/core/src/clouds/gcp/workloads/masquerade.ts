import { addressOf, type Cidr, cidrs, EVERY_IPV4, familyOfCidr, RFC1918 } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { ApplianceAction, ApplianceBehaviour, Egress, RouteStage } from "../../../model/egress.ts";
import type { Ask, Step } from "../../../model/outcome.ts";
import type { Rule } from "../../../model/rule.ts";
import type { Text } from "../../../problem.ts";
import { assumed, stepOf } from "../alternatives.ts";
import type { Nic } from "../facts.ts";
import { askAgent, askPolicies } from "./asks.ts";
import type { Cluster } from "./clusters.ts";
import * as rule from "./rules/gke.ts";

/** What a node does with the source of a Pod towards some destinations. */
type Fate = "keeps" | "rewrites";

interface Decision {
  /** Absent: everything else. */
  readonly destinations?: readonly Cidr[];
  readonly fate: Fate;
  /** How sure: what was read, the documented default unless somebody changed it, or either way. */
  readonly because: "read" | "default" | "either";
  readonly rule: Rule;
  readonly text: Text;
}

/** With `--nomasq-all-reserved-ranges`: https://github.com/kubernetes-sigs/ip-masq-agent/blob/master/README.md */
const OTHER_RESERVED = cidrs(
  "100.64.0.0/10",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "240.0.0.0/4",
);

/** @see https://docs.cloud.google.com/kubernetes-engine/docs/concepts/ip-masquerade-agent */
function decisionsOf(cluster: Cluster, windows: boolean): readonly Decision[] {
  if (windows) return [windowsNodes(cluster)];
  if (cluster.autopilot) return [...ownRanges(cluster), ...listed(cluster, cluster.agent.policies, rule.autopilot)];
  return listed(cluster, cluster.agent.custom, rule.customList);
}

function listed(cluster: Cluster, list: Cluster["agent"]["custom"], by: Rule): readonly Decision[] {
  const { name, agent, autopilot } = cluster;
  if (list?.kind === "list") {
    // Without the agent its ConfigMap would do nothing; a cluster that has the one without the other is not usual.
    const because = autopilot || agent.daemon !== null ? "read" : "default";
    const ranges = list.cidrs.slice(0, 4).join(", ") + (list.cidrs.length > 4 ? ", …" : "");
    const text = {
      en: `${name} keeps Pod addresses for the ranges of its list alone (${ranges || "empty"})`,
      zh: `${name} 仅对其列表中的地址段保留 Pod 地址（${ranges || "空"}）`,
    };
    return [
      { destinations: list.cidrs.filter((cidr) => familyOfCidr(cidr) === 4), fate: "keeps", because, rule: by, text },
      { fate: "rewrites", because, rule: by, text },
    ];
  }
  if (list?.kind === "unreadable") {
    const text = { en: `the list of ${name} could not be read`, zh: `无法读取 ${name} 的列表` };
    return [{ fate: "rewrites", because: "either", rule: by, text }];
  }
  const hasAgent = autopilot || agent.daemon !== null || list?.kind === "absent";
  return !hasAgent && cluster.defaultSnatDisabled ? [snatDisabled(cluster)] : defaultList(cluster, hasAgent);
}

/** Of the default list only RFC 1918 is in every version; the agent's flag adds the other reserved ranges. */
function defaultList({ name, agent }: Cluster, hasAgent: boolean): readonly Decision[] {
  const by = hasAgent ? rule.defaultList : rule.defaultSnat;
  const text = {
    en: `${name} has no list of its own as far as is known: the default one applies`,
    zh: `就已知信息 ${name} 没有自己的列表：适用默认列表`,
  };
  const because = "default" as const;
  const others: Decision =
    agent.daemon === null
      ? { destinations: OTHER_RESERVED, fate: "keeps", because: "either", rule: rule.defaultListLength, text }
      : {
          destinations: OTHER_RESERVED,
          fate: agent.daemon.allReservedRanges ? "keeps" : "rewrites",
          because,
          rule: rule.defaultListLength,
          text,
        };
  return [
    { destinations: RFC1918, fate: "keeps", because, rule: by, text },
    others,
    { fate: "rewrites", because, rule: by, text },
  ];
}

const snatDisabled = ({ name }: Cluster): Decision => ({
  fate: "keeps",
  because: "default",
  rule: rule.snatDisabled,
  text: {
    en: `default SNAT is disabled in ${name}, and no agent was shown`,
    zh: `${name} 已禁用默认 SNAT，且没有出现代理`,
  },
});

const windowsNodes = ({ name }: Cluster): Decision => ({
  fate: "rewrites",
  because: "either",
  rule: rule.windowsNodes,
  text: { en: `this is a Windows node of ${name}`, zh: `这是 ${name} 的 Windows 节点` },
});

function ownRanges({ name, podRanges, serviceRanges, nodeRanges }: Cluster): readonly Decision[] {
  const text = { en: `the destination is inside ${name}`, zh: `目的地在 ${name} 内部` };
  const destinations = [...podRanges, ...serviceRanges, ...nodeRanges].filter((cidr) => familyOfCidr(cidr) === 4);
  return [{ destinations, fate: "keeps", because: "read", rule: rule.autopilotOwnRanges, text }];
}

/** The node of a cluster that was described, between its Pods and the network. */
export interface PodNode {
  readonly cluster: Cluster;
  readonly nic: Nic;
  /** The Pod ranges behind this node's interface. */
  readonly pods: readonly Cidr[];
  readonly windows: boolean;
}

/** The stage that decides, before anything of the network does, whether a Pod leaves with its own address. */
export function masqueradeStage(node: PodNode, sources: readonly Cidr[], egress: Egress): RouteStage {
  const { cluster, nic } = node;
  const { name, path, origin } = nic.instance;
  const sameNode: Decision = {
    destinations: node.pods.filter((cidr) => familyOfCidr(cidr) === 4),
    fate: "keeps",
    because: "read",
    rule: rule.notMasqueraded,
    text: { en: `the destination is a Pod of the same node`, zh: `目的地是同一节点上的 Pod` },
  };
  const decisions = [...(nic.primary === null ? [] : [sameNode]), ...decisionsOf(cluster, node.windows)];
  const appliance = {
    id: `${nic.id}/pods`,
    name,
    resource: path,
    behaviours: decisions.map((decision) => behaviourOf(decision, node)),
    egress,
  };
  return {
    kind: "first-match",
    routes: [
      {
        prefix: EVERY_IPV4,
        match: { sources: sources.filter((cidr) => familyOfCidr(cidr) === 4) },
        hop: { kind: "appliance", appliances: [appliance] },
        preference: [],
        usable: { kind: "yes" },
        name: `out of GKE node ${name}`,
        resource: path,
        rule: rule.twoStages,
        origin,
      },
    ],
    orders: [[]],
    ties: { kind: "together", rule: rule.twoStages },
    gaps: [],
  };
}

function behaviourOf(decision: Decision, node: PodNode): ApplianceBehaviour {
  const { destinations, fate, because } = decision;
  const { path, origin } = node.nic.instance;
  const step: Step = stepOf(decision.rule, decision.text, path, origin);
  const ask = node.cluster.autopilot ? askPolicies(node.cluster) : askAgent(node.cluster);
  const other = fate === "keeps" ? "rewrites" : "keeps";
  const does =
    because === "read"
      ? [actionOf(fate, node, null, ask)]
      : [actionOf(fate, node, because === "default" ? "default" : "open", ask), actionOf(other, node, "open", ask)];
  return { match: destinations === undefined ? {} : { destinations }, step, does };
}

function actionOf(fate: Fate, node: PodNode, basis: "default" | "open" | null, ask: Ask): ApplianceAction {
  const { name } = node.cluster;
  if (fate === "keeps")
    return {
      kind: "forwards",
      assumptions:
        basis === null
          ? []
          : [
              assumed(
                basis,
                `gke-keeps-pod:${name}`,
                `the nodes of ${name} leave the Pod address for this destination`,
                `${name} 的节点对该目的地保留 Pod 地址`,
                ask,
              ),
            ],
      steps: [],
    };
  return {
    kind: "sends-as",
    sources: sourcesOf(node.nic),
    ...(node.nic.primary === null ? { among: node.nic.pool } : {}),
    complete: node.nic.primary !== null || node.nic.pool.length > 0,
    translator: "host",
    assumptions:
      basis === null
        ? []
        : [
            assumed(
              basis,
              `gke-masquerades:${name}`,
              `the nodes of ${name} replace the Pod address by their own for this destination`,
              `${name} 的节点对该目的地将 Pod 地址改写为自身地址`,
              ask,
            ),
          ],
    steps: [stepOf(rule.twoStages, becomesNode(node.nic), node.nic.instance.path, node.nic.instance.origin)],
  };
}

const sourcesOf = ({ primary, pool }: Nic): readonly Ip[] =>
  primary === null ? pool.slice(0, 1).map(addressOf) : [primary];

const becomesNode = ({ primary, pool, instance }: Nic): Text => ({
  en: `the node ${instance.name} replaces the Pod address by its own, ${primary ?? pool.join(", ")}`,
  zh: `节点 ${instance.name} 将 Pod 地址改写为自身地址 ${primary ?? pool.join("、")}`,
});
