import { hostCidr } from "../../../address/cidr.ts";
import type { Egress } from "../../../model/egress.ts";
import type { Estate, Group, Host } from "../../../model/estate.ts";
import type { Problem } from "../../../problem.ts";
import { throughNode, withStage } from "../compile.ts";
import type { Facts, Nic } from "../facts.ts";
import { covers } from "../nat-coverage.ts";
import { type Cluster, clustersOf } from "./clusters.ts";
import { masqueradeStage } from "./masquerade.ts";
import { type Node, otherNodes, podRangesOf, podSources, unseenNode, vmNodes } from "./nodes.ts";
import { type PodContext, podSenders, podsOn } from "./pods.ts";
import type { WorkloadExport } from "./read/export.ts";
import { podsNotCovered } from "./read/problems.ts";
import { senderOf } from "./stand-in.ts";

export interface Gke {
  egressOf(nic: Nic, alone: Egress): Egress;
  senders(egressOf: (nic: Nic) => Egress): Estate;
}

/** Nodes and Pods of the clusters that were described. A node whose cluster was not stays as the VM it is. */
export function gkeOf(read: WorkloadExport, facts: Facts, problems: Problem[]): Gke {
  const clusters = clustersOf(read, facts, problems);
  const nodes = [...vmNodes(clusters, facts), ...otherNodes(read, clusters, facts, problems)];
  const unseen = new Map(clusters.map((cluster) => [cluster, unseenNode(cluster)]));
  for (const cluster of clusters) warnOfPods(cluster, facts, problems);
  const byNic = new Map([...nodes, ...unseen.values()].map((node) => [node.nic.id, node]));
  return {
    egressOf: (nic, alone) => {
      const node = byNic.get(nic.id);
      if (node === undefined) return throughNode(nic, alone);
      const sources = [...new Set([...podRangesOf(node), ...nic.aliases.map(({ cidr }) => cidr)])];
      return withStage(nic, alone, masqueradeStage(node, sources, alone));
    },
    senders: (egressOf) => sendersOf({ read, clusters, nodes, unseen, facts, problems, egressOf }),
  };
}

/** Private nodes need Cloud NAT, which is asked to cover the ranges of nodes and Pods alike. */
function warnOfPods(
  { name, network, region, subnet, privateNodes, podRangeName, origin }: Cluster,
  facts: Facts,
  problems: Problem[],
): void {
  if (privateNodes !== true || podRangeName === null) return;
  const gateways = facts.routers
    .flatMap((router) => router.gateways)
    .filter((one) => one.network === network && one.region === region);
  const nodes = gateways.filter(
    (one) => (one.raw.type ?? "PUBLIC") === "PUBLIC" && covers(one, subnet, { kind: "primary" }) === "yes",
  );
  const [first] = nodes;
  const without = gateways.every((one) => covers(one, subnet, { kind: "secondary", name: podRangeName }) === "no");
  if (first !== undefined && without) problems.push(podsNotCovered(name, first.name, origin));
}

function sendersOf(context: PodContext): Estate {
  const { nodes, unseen } = context;
  // Only where none was given: an answer for nodes that may not exist would blur that of those that do.
  const strangers = [...unseen.values()].filter(({ cluster }) => !nodes.some((node) => node.cluster === cluster));
  const all = [...nodes, ...strangers].flatMap((node) =>
    podSources(node).length === 0 ? [] : [{ node, host: podsOn(node, context.egressOf(node.nic)) }],
  );
  const pods = podSenders(context);
  const groups = context.clusters.flatMap((cluster): readonly Group[] => {
    const own = all.filter(({ node }) => node.cluster === cluster);
    const members = (some: typeof own) => some.flatMap(({ host }) => host.interfaces.map(({ id }) => id));
    return [
      { id: cluster.path, name: cluster.name, kind: "cluster", members: members(own) },
      ...cluster.pools.map(({ path, name }) => ({
        id: path,
        name,
        kind: "node-pool",
        members: members(own.filter(({ node }) => node.pool?.path === path || strangers.includes(node))),
      })),
    ];
  });
  const vms = new Set(context.facts.hosts.map(({ found }) => found.path));
  const alone = [...nodes, ...strangers].filter(({ nic }) => !vms.has(nic.instance.path));
  return {
    hosts: [...alone.map((node) => nodeItself(node, context)), ...all.map(({ host }) => host), ...pods.hosts],
    groups: [...groups, ...pods.groups],
  };
}

/** A node that is no VM of the export, as a sender of its own. */
function nodeItself({ nic }: Node, { egressOf }: PodContext): Host {
  const { id, name, network, primary, pool } = nic;
  const from =
    primary === null ? { sendsFromAny: pool } : { addresses: [{ cidr: hostCidr(primary), role: "primary" as const }] };
  return senderOf(nic.instance, { id, name, network, egress: egressOf(nic), ...from });
}
