import { type Cidr, cidrContains, hostCidr, parseCidr } from "../../../address/cidr.ts";
import { familyOf, type Ip, parseIp } from "../../../address/ip.ts";
import type { Egress } from "../../../model/egress.ts";
import type { Estate, Group, Host } from "../../../model/estate.ts";
import type { Problem } from "../../../problem.ts";
import { assumed } from "../alternatives.ts";
import { throughNode, withStage } from "../compile.ts";
import type { Facts, GcpHost, Nic } from "../facts.ts";
import { isGkeNode } from "../gke-node.ts";
import { nameOf } from "../links.ts";
import { covers } from "../nat-coverage.ts";
import { clusterOfFile } from "./agents.ts";
import { type Cluster, clustersOf, type NodePool } from "./clusters.ts";
import { masqueradeStage, type PodNode } from "./masquerade.ts";
import type { Seen, WorkloadExport } from "./read/export.ts";
import { ofNoCluster, podsNotCovered } from "./read/problems.ts";
import type { RawNode, RawPod } from "./read/raw.ts";
import { senderOf, standIn } from "./stand-in.ts";

/** A node whose cluster was described. */
interface Node extends PodNode {
  readonly name: string;
  readonly pool: NodePool | undefined;
}

export interface Gke {
  egressOf(nic: Nic, alone: Egress): Egress;
  senders(egressOf: (nic: Nic) => Egress): Estate;
}

/** Nodes and Pods of the clusters that were described. A node whose cluster was not stays as the VM it is. */
export function gkeOf(read: WorkloadExport, facts: Facts, problems: Problem[]): Gke {
  const clusters = clustersOf(read, facts, problems);
  const nodes = [...vmNodes(clusters, facts), ...otherNodes(read, clusters, facts, problems)];
  const strangers = clusters
    .filter((cluster) => !nodes.some((node) => node.cluster === cluster))
    .map((cluster) => unseenNode(cluster));
  for (const cluster of clusters) warnOfPods(cluster, facts, problems);
  const byNic = new Map([...nodes, ...strangers].map((node) => [node.nic.id, node]));
  return {
    egressOf: (nic, alone) => {
      const node = byNic.get(nic.id);
      if (node === undefined) return throughNode(nic, alone);
      const sources = [...new Set([...podRangesOf(node), ...nic.aliases.map(({ cidr }) => cidr)])];
      return withStage(nic, alone, masqueradeStage(node, sources, alone));
    },
    senders: (egressOf) => sendersOf({ read, clusters, nodes, strangers, facts, problems, egressOf }),
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

function vmNodes(clusters: readonly Cluster[], facts: Facts): readonly Node[] {
  return facts.hosts.flatMap((host) => {
    const [nic] = host.nics;
    const cluster = isGkeNode(nic) ? clusterOfVm(host, clusters) : undefined;
    if (cluster === undefined) return [];
    const { labels, metadata } = host.found.value;
    const pool = cluster.pools.find(
      ({ name, managers }) =>
        name === labels?.["goog-k8s-node-pool-name"] || managers.includes(nameOf(metadata ?? "-")),
    );
    return [nodeOf(cluster, host.found.name, nic, [...nic.aliases.map(({ cidr }) => cidr), ...v6RangeOf(nic)], pool)];
  });
}

/** Pods of a dual-stack node take their IPv6 addresses from the /96 of its interface. */
const v6RangeOf = ({ v6, externalV6 }: Nic): readonly Cidr[] => {
  const range = externalV6 ?? (v6 === null ? undefined : parseCidr(`${v6}/96`, true));
  return range === undefined ? [] : [range];
};

/** Clusters without alias ranges route Pods by static routes; then any address of the cluster's range may be behind a node. */
const podRangesOf = ({ pods, cluster }: PodNode): readonly Cidr[] => [...pods, ...cluster.podRanges];

/** By its labels, by the group that made it, or by its name, which begins with the cluster's. */
function clusterOfVm({ found: { name, value }, nics }: GcpHost, clusters: readonly Cluster[]): Cluster | undefined {
  const { labels, metadata } = value;
  const label = labels?.["goog-k8s-cluster-name"];
  const place = labels?.["goog-k8s-cluster-location"];
  const fits = clusters.filter((cluster) => {
    if (label) return cluster.name === label && (!place || cluster.path.includes(`/${place}/`));
    if (cluster.pools.some(({ managers }) => managers.includes(nameOf(metadata ?? "-")))) return true;
    return name.startsWith(`gke-${cluster.name}-`) || name.startsWith(`gk3-${cluster.name}-`);
  });
  const [first, ...others] = fits.length > 1 ? fits.filter(({ network }) => network === nics[0].network) : fits;
  return others.length === 0 ? first : undefined;
}

const nodeOf = (cluster: Cluster, name: string, nic: Nic, pods: readonly Cidr[], pool: NodePool | undefined): Node => ({
  cluster,
  name,
  nic,
  pods,
  pool,
  windows: pool?.windows === true,
});

/** Nodes that kubectl shows and Compute Engine does not: those of Autopilot, or of an export without the VMs. */
function otherNodes(
  read: WorkloadExport,
  clusters: readonly Cluster[],
  facts: Facts,
  problems: Problem[],
): readonly Node[] {
  const vms = new Set(facts.hosts.map(({ found }) => found.name));
  return read.nodes.flatMap((seen) => {
    const name = seen.value.metadata.name ?? "";
    if (name === "" || vms.has(name)) return [];
    const fits = clusters.filter((one) => name.startsWith(`gke-${one.name}-`) || name.startsWith(`gk3-${one.name}-`));
    const cluster = fits.length === 1 ? fits[0] : clusterOfFile(seen.origin.file, clusters);
    if (cluster !== undefined) return [kubernetesNode(seen, name, cluster)];
    problems.push(
      ofNoCluster(
        `node ${name}`,
        clusters.map((one) => one.name),
        seen.origin,
      ),
    );
    return [];
  });
}

function kubernetesNode({ value, origin }: Seen<RawNode>, name: string, cluster: Cluster): Node {
  const { spec, status, metadata } = value;
  const addresses = status?.addresses ?? [];
  const ip = (type: string): Ip | undefined =>
    addresses
      .flatMap((one) => (one.type === type ? (parseIp(one.address ?? "") ?? []) : []))
      .find((one) => familyOf(one) === 4);
  const pods = [...new Set([spec.podCIDR, ...(spec.podCIDRs ?? [])])].flatMap(
    (text) => parseCidr(text ?? "", true) ?? [],
  );
  const [, project = "-", zone = "-"] = /^gce:\/\/([^/]+)\/([^/]+)\//.exec(`${spec.providerID ?? ""}/`) ?? [];
  const external = ip("ExternalIP");
  const nic = standIn({
    path: `projects/${project}/zones/${zone}/instances/${name}`,
    name,
    origin,
    network: cluster.network,
    subnet: cluster.subnet,
    region: cluster.region,
    primary: ip("InternalIP") ?? null,
    ...(external === undefined ? {} : { external }),
    aliases: pods.map((cidr) => ({ cidr, range: cluster.podRangeName })),
  });
  const label = metadata.labels?.["cloud.google.com/gke-nodepool"];
  const pool = cluster.pools.find((one) => one.name === label);
  const windows = pool?.windows === true || metadata.labels?.["kubernetes.io/os"] === "windows";
  return { ...nodeOf(cluster, name, nic, pods, pool), windows };
}

/** No node of the cluster was given: one that stands for all, somewhere in the range of the nodes. */
function unseenNode(cluster: Cluster): Node {
  const { path, name, origin, network, subnet, region, nodeRanges, podRanges, podRangeName } = cluster;
  const nic = standIn({
    path: `${path}/nodes`,
    name: `${name}/nodes`,
    origin,
    network,
    subnet,
    region,
    pool: nodeRanges,
    ...(cluster.privateNodes === true ? {} : { external: null }),
    aliases: podRanges.map((cidr) => ({ cidr, range: podRangeName })),
  });
  return {
    ...nodeOf(cluster, nic.instance.name, nic, podRanges, undefined),
    windows: cluster.pools.some(({ windows }) => windows),
  };
}

interface Context {
  readonly read: WorkloadExport;
  readonly clusters: readonly Cluster[];
  readonly nodes: readonly Node[];
  readonly strangers: readonly Node[];
  readonly facts: Facts;
  readonly problems: Problem[];
  readonly egressOf: (nic: Nic) => Egress;
}

function sendersOf(context: Context): Estate {
  const { nodes, strangers } = context;
  const all = [...nodes, ...strangers].flatMap((node) =>
    podRangesOf(node).length === 0 ? [] : [{ node, host: podsOn(node, context.egressOf(node.nic)) }],
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
function nodeItself({ nic }: Node, { egressOf }: Context): Host {
  const { id, name, network, primary, pool } = nic;
  const from =
    primary === null ? { sendsFromAny: pool } : { addresses: [{ cidr: hostCidr(primary), role: "primary" as const }] };
  return senderOf(nic.instance, { id, name, network, egress: egressOf(nic), ...from });
}

/** The Pods of one node: which of its range one has is not known before it starts. */
function podsOn({ nic, pods, cluster }: Node, egress: Egress): Host {
  const { path, name, origin } = nic.instance;
  return senderOf(
    { path: `${path}/pods`, name: `${name}/pods`, origin },
    {
      name: "eth0",
      network: nic.network,
      egress: notHostNetwork(cluster, egress),
      sendsFromAny: pods.length > 0 ? pods : cluster.podRanges,
    },
  );
}

/** A Pod that shares the network of its node is seen as the node, whatever the others do. */
function notHostNetwork({ name }: Cluster, egress: Egress): Egress {
  const [first, ...others] = egress.routes.stages;
  if (first === undefined) return egress;
  const harmless = assumed(
    "default",
    `pods-have-own-network:${name}`,
    `the Pod does not share its node's network (hostNetwork), or it is seen as the node itself`,
    `该 Pod 不使用节点网络（hostNetwork）；否则以节点自身出现`,
  );
  const stages = [{ ...first, gaps: [...first.gaps, { harmless, otherwise: [] }] }, ...others];
  return { ...egress, routes: { ...egress.routes, id: `${egress.routes.id}|pods`, stages } };
}

/** Pods that kubectl listed, each by its name. */
function podSenders(context: Context): Estate {
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
function homeOf({ value, origin }: Seen<RawPod>, { nodes, strangers, clusters, facts }: Context): Home | undefined {
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
  const any = strangers.find((one) => one.cluster === cluster) ?? unseenNode(cluster);
  return { path: cluster.path, nic: any.nic, cluster };
}

function podHost(
  who: { readonly path: string; readonly name: string; readonly origin: Host["origin"] & object },
  status: RawPod["status"],
  { nic, cluster }: Home,
  { egressOf }: Context,
): Host {
  const ips = [status?.podIP, ...(status?.podIPs ?? []).map(({ ip }) => ip)].flatMap(
    (text) => parseIp(text ?? "") ?? [],
  );
  const v4 = ips.find((ip) => familyOf(ip) === 4);
  const own = v4 === undefined || nic.aliases.some(({ cidr }) => cidrContains(cidr, v4));
  // Exported at another time than its node, whose ranges do not hold it: it has the place of one that they do.
  const by = own || v4 === undefined ? nic : withAlias(nic, v4, cluster);
  const egress = egressOf(by);
  const addresses = [...new Set(ips)].map((ip) => ({ cidr: hostCidr(ip), role: "primary" as const }));
  const pool = nic.aliases.map(({ cidr }) => cidr);
  return senderOf(who, {
    name: "eth0",
    network: nic.network,
    egress,
    ...(addresses.length > 0 ? { addresses } : { sendsFromAny: pool }),
  });
}

const withAlias = (nic: Nic, ip: Ip, cluster: Cluster | null): Nic => ({
  ...nic,
  aliases: [...nic.aliases, { cidr: hostCidr(ip), range: cluster?.podRangeName ?? null }],
});
