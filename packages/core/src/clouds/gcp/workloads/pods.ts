import { cidrContains, hostCidr } from "../../../address/cidr.ts";
import { familyOf, type Ip, parseIp } from "../../../address/ip.ts";
import type { Egress, Gap } from "../../../model/egress.ts";
import type { Estate, Group, Host } from "../../../model/estate.ts";
import { withMembers } from "../../../model/with-members.ts";
import type { Problem } from "../../../problem.ts";
import { assumed } from "../alternatives.ts";
import type { Facts, Nic } from "../facts.ts";
import { clusterOfFile } from "./agents.ts";
import type { Cluster } from "./clusters.ts";
import { type Node, podSources } from "./nodes.ts";
import type { Seen, WorkloadExport } from "./read/export.ts";
import { ofNoCluster } from "./read/problems.ts";
import type { RawPod } from "./read/raw.ts";
import { splitGaps, withGaps } from "./split.ts";
import { senderOf } from "./stand-in.ts";

/** What Pods are found by. */
export interface PodContext {
  readonly read: WorkloadExport;
  readonly clusters: readonly Cluster[];
  readonly nodes: readonly Node[];
  /** For each cluster, the node that stands for those that were not given. */
  readonly unseen: ReadonlyMap<Cluster, Node>;
  readonly facts: Facts;
  readonly problems: Problem[];
  readonly egressOf: (nic: Nic) => Egress;
}

/** The Pods of one node: which of its range one has is not known before it starts. */
export function podsOn(node: Node, egress: Egress): Host {
  const { nic, cluster } = node;
  const { path, name, origin } = nic.instance;
  const who = { path: `${path}/pods`, name: `${name}/pods`, origin };
  const ranges = podSources(node);
  const gaps = [...splitGaps(who, ranges, egress), ...splitGaps(nic.instance, nic.pool, egress), ownNetwork(cluster)];
  return senderOf(who, { name: "eth0", network: nic.network, egress: withGaps(egress, gaps), sendsFromAny: ranges });
}

/** A Pod that shares the network of its node is seen as the node, whatever the others do. */
const ownNetwork = ({ name }: Cluster): Gap => ({
  harmless: assumed(
    "default",
    `pods-have-own-network:${name}`,
    "the Pod does not share its node's network (hostNetwork), or it is seen as the node itself",
    "该 Pod 不使用节点网络（hostNetwork）；否则以节点自身出现",
  ),
  otherwise: [],
});

/** Pods that kubectl listed, each by its name. */
export function podSenders(context: PodContext): Estate {
  const hosts: Host[] = [];
  const groups: Group[] = [];
  for (const seen of context.read.pods) {
    const { metadata, spec, status } = seen.value;
    if (status?.phase === "Succeeded" || status?.phase === "Failed") continue;
    const home = homeOf(seen, context);
    if (home === undefined) {
      context.problems.push(
        ofNoCluster(
          `Pod ${metadata.name ?? ""}`,
          context.clusters.map(({ name }) => name),
          seen.origin,
        ),
      );
      continue;
    }
    const path = `${home.path}/namespaces/${metadata.namespace ?? "default"}/pods/${metadata.name ?? ""}`;
    const name = metadata.name ?? "";
    if (spec.hostNetwork === true) groups.push({ id: path, name, kind: "pod", members: [home.nic.id] });
    else hosts.push(podHost({ path, name, origin: seen.origin }, status, home, context));
  }
  return { hosts, groups };
}

interface Home {
  readonly path: string;
  readonly nic: Nic;
  readonly cluster: Cluster | null;
}

/** The node of a Pod, also where its cluster was not described; else the one that stands for all of a cluster. */
function homeOf({ value, origin }: Seen<RawPod>, { nodes, unseen, clusters, facts }: PodContext): Home | undefined {
  const nodeName = value.spec.nodeName ?? "";
  const node = nodes.find(({ name }) => name === nodeName);
  if (node !== undefined) return { path: node.cluster.path, nic: node.nic, cluster: node.cluster };
  const vm = facts.hosts.find(({ found }) => found.name === nodeName);
  if (vm !== undefined) return { path: `${vm.found.path}/k8s`, nic: vm.nics[0], cluster: null };
  const fits = clusters.filter(
    ({ name }) => nodeName.startsWith(`gke-${name}-`) || nodeName.startsWith(`gk3-${name}-`),
  );
  const cluster = fits.length === 1 ? fits[0] : clusterOfFile(origin.file, clusters);
  if (cluster === undefined) return undefined;
  const any = unseen.get(cluster);
  return any === undefined ? undefined : { path: cluster.path, nic: any.nic, cluster };
}

function podHost(
  who: { readonly path: string; readonly name: string; readonly origin: Host["origin"] & object },
  status: RawPod["status"],
  { nic, cluster }: Home,
  { egressOf }: PodContext,
): Host {
  const ips = [status?.podIP, ...(status?.podIPs ?? []).map(({ ip }) => ip)].flatMap(
    (text) => parseIp(text ?? "") ?? [],
  );
  const v4 = ips.find((ip) => familyOf(ip) === 4);
  const own = v4 === undefined || nic.forwards || nic.aliases.some(({ cidr }) => cidrContains(cidr, v4));
  // Exported at another time than its node, whose ranges do not hold it: it has the place of one that they do.
  const by = own || v4 === undefined ? nic : withAlias(nic, v4, cluster);
  const alone = egressOf(by);
  const egress = withGaps(alone, splitGaps(nic.instance, nic.pool, alone));
  const addresses = [...new Set(ips)].map((ip) => ({ cidr: hostCidr(ip), role: "primary" as const }));
  const pool = nic.aliases.map(({ cidr }) => cidr);
  return senderOf(who, {
    name: "eth0",
    network: nic.network,
    egress,
    ...(addresses.length > 0 ? { addresses } : { sendsFromAny: pool }),
  });
}

const withAlias = (nic: Nic, ip: Ip, cluster: Cluster | null): Nic =>
  withMembers(nic, { aliases: [...nic.aliases, { cidr: hostCidr(ip), range: cluster?.podRangeName ?? null }] });
