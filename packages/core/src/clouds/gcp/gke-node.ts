import { EVERY_IPV4, familyOfCidr, RFC1918 } from "../../address/cidr.ts";
import type { Ip } from "../../address/ip.ts";
import type { Appliance, ApplianceAction, Egress, RouteStage } from "../../model/egress.ts";
import type { Ask, Assumption } from "../../model/outcome.ts";
import { assumed, stepOf } from "./alternatives.ts";
import type { Nic } from "./facts.ts";
import { nameOf } from "./links.ts";
import { commonOf } from "./read/found.ts";
import { nodeMasquerades } from "./rules/vm.ts";

const GKE = /^g(?:ke|k3)-/;

export function isGkeNode({ instance }: Nic): boolean {
  const { labels, metadata } = commonOf(instance);
  const labelled = [labels?.["goog-gke-node"], labels?.["goog-k8s-cluster-name"]].some(
    (text) => typeof text === "string",
  );
  return labelled || GKE.test(nameOf(metadata ?? "")) || GKE.test(instance.name);
}

/**
 * A GKE node rewrites its Pods' sources itself, by settings that no export of Compute Engine holds: packets from its
 * alias ranges leave as they are, or from its primary address. Null for other interfaces.
 */
export function nodeMasquerade(nic: Nic, egress: Egress): RouteStage | null {
  const sources = nic.aliases.map(({ cidr }) => cidr).filter((cidr) => familyOfCidr(cidr) === 4);
  if (nic.primary === null || sources.length === 0 || !isGkeNode(nic)) return null;
  const { name, origin } = nic.instance;
  const node = nodeOf(nic, nic.primary, egress);
  return {
    kind: "first-match",
    routes: [
      {
        prefix: EVERY_IPV4,
        match: { sources },
        hop: { kind: "appliance", appliances: [node] },
        preference: [],
        usable: { kind: "yes" },
        name: `out of GKE node ${name}`,
        resource: nic.instance.path,
        rule: nodeMasquerades,
        origin,
      },
    ],
    orders: [[]],
    ties: { kind: "together", rule: nodeMasquerades },
    gaps: [],
  };
}

function nodeOf(nic: Nic, primary: Ip, egress: Egress): Appliance {
  const { name, path, origin } = nic.instance;
  const ask = askMasquerade(name);
  const step = stepOf(
    nodeMasquerades,
    { en: `${name} is a GKE node: the source is one of its Pods`, zh: `${name} 是 GKE 节点：源地址属于其 Pod` },
    path,
    origin,
  );
  const keeps = (basis: Assumption["basis"]): ApplianceAction => ({
    kind: "forwards",
    assumptions: [
      assumed(
        basis,
        `gke-keeps-pod:${name}`,
        `the node's own NAT (ip-masq-agent) does not rewrite Pod sources of ${name} for this destination`,
        `节点自身的 NAT（ip-masq-agent）不为该目的地改写 ${name} 的 Pod 源地址`,
        ask,
      ),
    ],
    steps: [],
  });
  const rewrites: ApplianceAction = {
    kind: "sends-as",
    sources: [primary],
    complete: true,
    translator: "host",
    assumptions: [
      assumed(
        "open",
        `gke-masquerades:${name}`,
        `the node's own NAT (ip-masq-agent) rewrites Pod sources of ${name} to ${primary} for this destination`,
        `节点自身的 NAT（ip-masq-agent）为该目的地将 ${name} 的 Pod 源地址改写为 ${primary}`,
        ask,
      ),
    ],
    steps: [],
  };
  return {
    id: `${nic.id}/pods`,
    name,
    resource: path,
    behaviours: [
      // Of the default list only RFC 1918 is in every version: https://github.com/kubernetes-sigs/ip-masq-agent/blob/master/README.md
      { match: { destinations: RFC1918 }, step, does: [keeps("default"), rewrites] },
      { match: {}, step, does: [rewrites, keeps("open")] },
    ],
    egress,
  };
}

/** https://docs.cloud.google.com/kubernetes-engine/docs/concepts/ip-masquerade-agent */
export const askMasquerade = (node: string): Ask => ({
  text: {
    en: `see whether the cluster of ${node} runs ip-masq-agent and with which nonMasqueradeCIDRs; if it does not, see networkConfig.defaultSnatStatus in gcloud container clusters describe`,
    zh: `查看 ${node} 所在集群是否运行 ip-masq-agent 及其 nonMasqueradeCIDRs；若未运行，请在 gcloud container clusters describe 中查看 networkConfig.defaultSnatStatus`,
  },
  command: "kubectl get daemonset,configmap ip-masq-agent -n kube-system -o yaml",
  settles: { en: "whether Pods leave with the node's address", zh: "Pod 是否以节点地址离开" },
});
