import { type Cidr, parseCidr } from "../../../address/cidr.ts";
import { familyOf, type Ip, parseIp } from "../../../address/ip.ts";
import type { Problem } from "../../../problem.ts";
import type { Facts, GcpHost, Nic } from "../facts.ts";
import { isGkeNode } from "../gke-node.ts";
import { nameOf } from "../links.ts";
import { commonOf } from "../read/found.ts";
import { clusterOfFile } from "./agents.ts";
import type { Cluster, NodePool } from "./clusters.ts";
import type { PodNode } from "./masquerade.ts";
import type { Seen, WorkloadExport } from "./read/export.ts";
import { ofNoCluster } from "./read/problems.ts";
import type { RawNode } from "./read/raw.ts";
import { standIn } from "./stand-in.ts";

/** A node whose cluster was described. */
export interface Node extends PodNode {
  readonly name: string;
  readonly pool: NodePool | undefined;
}

/** Nodes that are VMs of the export. */
export function vmNodes(clusters: readonly Cluster[], facts: Facts): readonly Node[] {
  return facts.hosts.flatMap((host) => {
    const [nic] = host.nics;
    const cluster = isGkeNode(nic) ? clusterOfVm(host, clusters) : undefined;
    if (cluster === undefined) return [];
    const { labels, metadata } = commonOf(host.found);
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
export const podSources = ({ pods, nic, cluster }: PodNode): readonly Cidr[] =>
  pods.length > 0 ? pods : nic.forwards ? cluster.podRanges : [];

/** Any of them may reach the node's own translation. */
export const podRangesOf = ({ pods, cluster }: PodNode): readonly Cidr[] => [...pods, ...cluster.podRanges];

/** By its labels, by the group that made it, or by its name, which begins with the cluster's. */
function clusterOfVm({ found, nics }: GcpHost, clusters: readonly Cluster[]): Cluster | undefined {
  const { name } = found;
  const { labels, metadata } = commonOf(found);
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
export function otherNodes(
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
export function unseenNode(cluster: Cluster): Node {
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
