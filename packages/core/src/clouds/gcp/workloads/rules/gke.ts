import type { Rule } from "../../../../model/rule.ts";

const AGENT_PAGE = "https://docs.cloud.google.com/kubernetes-engine/docs/concepts/ip-masquerade-agent";
const AGENT_README = "https://github.com/kubernetes-sigs/ip-masq-agent/blob/master/README.md";
const TRACE = "https://github.com/googleapis/googleapis/blob/master/google/cloud/networkmanagement/v1/trace.proto";
const NAT_PAGE = "https://docs.cloud.google.com/nat/docs/nat-product-interactions";

export const twoStages = {
  id: "gcp/gke/two-stages",
  ref: "GKE-1",
  says: {
    en: "A Pod passes two translations: its node may replace the source by the node's address, then the rules of VMs apply to the result.",
    zh: "Pod 要经过两次转换：节点可能先将源地址改写为节点地址，随后虚拟机的规则作用于结果。",
  },
  source: AGENT_PAGE,
  pageDate: null,
  mark: "read",
  cases: ["gcp/T41-list", "gcp/T42", "gcp/gke-nodes-not-given", "gcp/T41", "gcp/T56", "gcp/gke-public-nodes-not-given"],
} as const satisfies Rule;

export const customList = {
  id: "gcp/gke/custom-list",
  ref: "GKE-2",
  says: {
    en: "With nonMasqueradeCIDRs in the agent's ConfigMap, Pods keep their address for those ranges and take the node's for everything else.",
    zh: "若代理的 ConfigMap 含 nonMasqueradeCIDRs，Pod 对这些地址段保留自身地址，对其余目的地使用节点地址。",
  },
  source: AGENT_PAGE,
  pageDate: null,
  mark: "read",
  cases: ["gcp/T41-list", "gcp/T42", "gcp/gke-list-keeps"],
} as const satisfies Rule;

export const defaultList = {
  id: "gcp/gke/default-list",
  ref: "GKE-3",
  says: {
    en: "An agent without a list of its own keeps the Pod address for the default non-masquerade destinations alone.",
    zh: "代理没有自己的列表时，仅对默认非伪装目的地保留 Pod 地址。",
  },
  source: AGENT_PAGE,
  pageDate: null,
  mark: "read",
  cases: ["gcp/T41"],
} as const satisfies Rule;

export const defaultSnat = {
  id: "gcp/gke/default-snat",
  ref: "GKE-3 (no agent)",
  says: {
    en: "Without the agent and with default SNAT on, Pods keep their address for the default non-masquerade destinations alone.",
    zh: "没有代理且默认 SNAT 开启时，Pod 仅对默认非伪装目的地保留自身地址。",
  },
  source: AGENT_PAGE,
  pageDate: null,
  mark: "read",
  cases: ["gcp/gke-no-agent-shown", "gcp/gke-nodes-not-given"],
} as const satisfies Rule;

export const snatDisabled = {
  id: "gcp/gke/default-snat-disabled",
  ref: "GKE-4",
  says: {
    en: "Without the agent and with default SNAT disabled, Pods keep their address for every destination.",
    zh: "没有代理且禁用默认 SNAT 时，Pod 对所有目的地保留自身地址。",
  },
  source: AGENT_PAGE,
  pageDate: null,
  mark: "read",
  cases: ["gcp/T43"],
} as const satisfies Rule;

export const defaultListLength = {
  id: "gcp/gke/default-list-length",
  ref: "GKE-5",
  says: {
    en: "The default list is RFC 1918; with the agent's flag nomasq-all-reserved-ranges also the other reserved ranges. Which of the two a version of GKE starts with is not published.",
    zh: "默认列表为 RFC 1918；代理带 nomasq-all-reserved-ranges 标志时还包括其他保留地址段。GKE 各版本采用哪一种没有公布。",
  },
  source: AGENT_README,
  pageDate: null,
  mark: "read",
  cases: ["gcp/T41", "gcp/gke-reserved-either"],
} as const satisfies Rule;

export const autopilot = {
  id: "gcp/gke/autopilot-policy",
  ref: "GKE-8",
  says: {
    en: "Autopilot always runs the agent; EgressNATPolicy objects say for which destinations Pods keep their address.",
    zh: "Autopilot 始终运行该代理；EgressNATPolicy 对象规定 Pod 对哪些目的地保留自身地址。",
  },
  source: AGENT_PAGE,
  pageDate: null,
  mark: "read",
  cases: ["gcp/gke-autopilot"],
} as const satisfies Rule;

export const autopilotOwnRanges = {
  id: "gcp/gke/autopilot-own-ranges",
  ref: "GKE-8 (own ranges)",
  says: {
    en: "Whatever the policy, Pods of Autopilot keep their address towards the cluster's own nodes, Pods and Services.",
    zh: "无论策略如何，Autopilot 的 Pod 去往本集群的节点、Pod 和 Service 时保留自身地址。",
  },
  source: AGENT_PAGE,
  pageDate: null,
  mark: "read",
  cases: ["gcp/gke-autopilot-inside"],
} as const satisfies Rule;

export const windowsNodes = {
  id: "gcp/gke/windows-nodes",
  ref: "GKE-9",
  says: {
    en: "Whether Windows nodes masquerade differs between versions of the page: not supported, or always.",
    zh: "Windows 节点是否伪装在不同版本的页面中说法不一：不支持，或始终伪装。",
  },
  source: AGENT_PAGE,
  pageDate: null,
  mark: "read",
  cases: ["gcp/gke-windows"],
} as const satisfies Rule;

export const notMasqueraded = {
  id: "gcp/gke/not-masqueraded",
  ref: "GKE-10",
  says: {
    en: "IPv6, targets on the same node, and Pods in the node's own network are not masqueraded.",
    zh: "IPv6、同一节点上的目标以及使用节点网络的 Pod 不被伪装。",
  },
  source: TRACE,
  pageDate: null,
  mark: "read",
  cases: ["gcp/gke-same-node", "gcp/gke-host-network"],
} as const satisfies Rule;

export const natServesWhatIsLeft = {
  id: "gcp/gke/nat-serves-what-is-left",
  ref: "GKE-11",
  says: {
    en: "Cloud NAT must cover the range of the source as it leaves the node: the nodes' range if masqueraded, the Pods' if not.",
    zh: "Cloud NAT 必须覆盖离开节点时的源地址所在范围：被伪装则为节点范围，否则为 Pod 范围。",
  },
  source: NAT_PAGE,
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T41", "gcp/T41-list", "gcp/T43"],
} as const satisfies Rule;

export const mixedAnswers = {
  id: "gcp/gke/mixed-answers",
  ref: "GKE-12",
  says: {
    en: "On nodes with external addresses a masqueraded Pod is seen as its node, one that keeps its address as Cloud NAT, in the same cluster.",
    zh: "节点有外部地址时，同一集群中被伪装的 Pod 以节点外部地址出现，保留地址的 Pod 则以 Cloud NAT 地址出现。",
  },
  source: NAT_PAGE,
  pageDate: null,
  mark: "partly",
  cases: ["gcp/T42-cluster", "gcp/T43", "gcp/T42-pool"],
} as const satisfies Rule;

export const nodesComeAndGo = {
  id: "gcp/gke/nodes-come-and-go",
  ref: "GKE-13",
  says: {
    en: "Autoscaling, upgrades and repairs replace nodes: addresses of nodes are those of the moment.",
    zh: "自动扩缩、升级和修复会替换节点：节点地址只代表当时的状态。",
  },
  source: AGENT_PAGE,
  pageDate: null,
  mark: "derived",
  cases: ["gcp/T42-cluster"],
} as const satisfies Rule;

export const gkeRules: readonly Rule[] = [
  twoStages,
  customList,
  defaultList,
  defaultSnat,
  snatDisabled,
  defaultListLength,
  autopilot,
  autopilotOwnRanges,
  windowsNodes,
  notMasqueraded,
  natServesWhatIsLeft,
  mixedAnswers,
  nodesComeAndGo,
];
