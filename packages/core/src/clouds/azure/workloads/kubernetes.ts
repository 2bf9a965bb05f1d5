import { EVERY_IPV4, EVERY_IPV6 } from "../../../address/cidr.ts";
import type { Egress, Offer } from "../../../model/egress.ts";
import type { Group } from "../../../model/estate.ts";
import { publicAddresses, seenFrom } from "../compile/addresses.ts";
import { askFor } from "../compile/ask.ts";
import { PRIVATE_DESTINATIONS } from "../compile/ranges.ts";
import { open, say, step, unknown } from "../compile/say.ts";
import { guardedSubnet } from "../compile/security-groups.ts";
import { smtpFilter } from "../compile/smtp.ts";
import type { World } from "../compile/world.ts";
import type { Nic } from "../read/resource.ts";
import { type Key, nameOf, parseId } from "../read/resource-id.ts";
import type { AgentPool, Cluster } from "../read/workload.ts";
import * as rules from "../rules/kubernetes.ts";
import {
  commonOffers,
  IPV4,
  natOffers,
  noWayFor6,
  onlyInternet,
  sorting,
  sortingRoute,
  type Workload,
  workloadHost,
} from "./host.ts";
import { withoutMethod } from "./kubernetes-without.ts";

/** One part of a node pool that sends by itself: its nodes, or the pods that have a subnet of their own. */
export interface PoolPart {
  readonly cluster: Cluster;
  readonly pool: AgentPool;
  readonly subnet: string | null;
  readonly pods: boolean;
}

/**
 * Clusters and their node pools. A pool is its nodes, where they were exported with what they leave by; otherwise the
 * cluster's own profile tells.
 */
export function clustersOf(world: World): { readonly hosts: readonly Workload[]; readonly groups: readonly Group[] } {
  const hosts: Workload[] = [];
  const groups: Group[] = [];
  for (const cluster of world.all.clusters.values()) {
    const all: string[] = [];
    for (const pool of cluster.pools.filter(({ gateway }) => !gateway)) {
      const nodes = nodesOf(world, cluster, pool);
      const parts = nodes.length > 0 ? [] : partsOf(world, cluster, pool);
      hosts.push(...parts.map((part) => hostOf(world, part)));
      const members = [...nodes.map(({ id }) => id), ...parts.map(idOf)];
      groups.push({ id: idOfPool(cluster, pool), name: pool.name, kind: "node-pool", members });
      all.push(...members);
    }
    groups.push({ id: cluster.id, name: cluster.name, kind: "cluster", members: all });
  }
  return { hosts, groups };
}

const idOfPool = (cluster: Cluster, pool: AgentPool): string => `${cluster.id}/agentPools/${pool.name}`;
const idOf = ({ cluster, pool, pods }: PoolPart): string => `${idOfPool(cluster, pool)}/${pods ? "pods" : "nodes"}`;

/** NICs of the pool's instances. Without the load balancer they leave by, the cluster's profile knows more than they do. */
function nodesOf(world: World, cluster: Cluster, pool: AgentPool): readonly Nic[] {
  const inGroup = nodeGroupOf(cluster);
  if (inGroup === null || pool.podSubnet !== null) return [];
  const isBalanced = cluster.outboundType === "loadbalancer" && !pool.publicNodes;
  if (isBalanced && ![...world.all.loadBalancers.keys()].some((key) => key.startsWith(inGroup))) return [];
  return [...world.nicsOfGroup].flatMap(([key, nics]) =>
    key.startsWith(inGroup) && isOfPool(world, key, pool) ? nics : [],
  );
}

/** https://learn.microsoft.com/azure/aks/use-tags; the names follow `aks-POOL-NUMBER-vmss`. */
function isOfPool(world: World, set: Key, { name }: AgentPool): boolean {
  const tagged = world.all.scaleSets.get(set)?.agentPool ?? null;
  return tagged === null ? nameOf(set).startsWith(`aks-${name.toLowerCase()}-`) : tagged === name;
}

/** How the ids of what AKS made for the cluster begin; null: the export does not name the group. */
function nodeGroupOf({ id, nodeGroup }: Cluster): Key | null {
  const subscription = parseId(id)?.subscription;
  return nodeGroup === null || subscription === undefined
    ? null
    : `/subscriptions/${subscription}/resourcegroups/${nodeGroup}/`.toLowerCase();
}

export function partsOf(world: World, cluster: Cluster, pool: AgentPool): readonly PoolPart[] {
  const subnet = pool.subnet ?? managedSubnet(world, cluster);
  const nodes = { cluster, pool, subnet, pods: false };
  return pool.podSubnet === null ? [nodes] : [nodes, { cluster, pool, subnet: pool.podSubnet, pods: true }];
}

/** A cluster without a network of the user's has one in the group that AKS made. */
function managedSubnet(world: World, cluster: Cluster): string | null {
  const inGroup = nodeGroupOf(cluster);
  const own = [...world.all.subnets.values()].filter(
    ({ key, name }) => inGroup !== null && key.startsWith(inGroup) && name.toLowerCase() === "aks-subnet",
  );
  return own.length === 1 ? (own[0]?.id ?? null) : null;
}

const hostOf = (world: World, part: PoolPart): Workload => {
  const { cluster, pool, subnet, pods } = part;
  const made = {
    id: idOf(part),
    name: `${cluster.name}/${pool.name}${pods ? "/pods" : ""}`,
    part: pods ? "pods" : "nodes",
    of: cluster,
    subnet,
    rule: cluster.pods === "flat" ? rules.flatPods : rules.overlayPods,
    seenInside: cluster.pods !== "unknown",
  };
  return workloadHost(world, made, () => egressOfPool(world, part));
};

export function egressOfPool(world: World, part: PoolPart): Egress {
  const { cluster, subnet } = part;
  return {
    filters: guardedSubnet(world, subnet),
    routes: subnet === null ? managedRoutes(cluster) : world.tableOf(subnet),
    internet: { filters: [smtpFilter(world, cluster)], offers: offersOf(world, part), none: noWayFor6(cluster) },
  };
}

/** The network that AKS made was not exported: the internet is reached by what the profile names, the rest is not known. */
function managedRoutes(cluster: Cluster): Egress["routes"] {
  const table = onlyInternet(`azure/routes/aks/${cluster.key}`, rules.aksManagedNetwork, cluster);
  const group = cluster.nodeGroup ?? "NODE-RESOURCE-GROUP";
  const missing = open(
    `aks-network-not-exported:${cluster.name}`,
    say(`the network that AKS made in ${group} is not in the export`, `AKS 在 ${group} 中创建的虚拟网络不在导出中`),
    {
      text: say("export it and add it with --config", "导出它并用 --config 加入"),
      command: `az network vnet list -g ${group} -o json`,
      settles: say("which routes the nodes have", "节点有哪些路由"),
    },
  );
  const text = say("the network that AKS made", "AKS 创建的虚拟网络");
  const hop = { kind: "alternatives", text, alternatives: [unknown([], [missing])] } as const;
  const inside = PRIVATE_DESTINATIONS.map((prefix) =>
    sortingRoute(prefix, hop, "private", rules.aksManagedNetwork, cluster),
  );
  return { ...table, stages: [sorting(inside, rules.aksManagedNetwork), ...table.stages] };
}

/** In the order in which the platform takes them: what stands on a subnet first. */
function offersOf(world: World, part: PoolPart): readonly Offer[] {
  const { cluster, pool, subnet, pods } = part;
  const own = byProfile(world, cluster);
  const before = cluster.outboundType.startsWith("managednatgateway") && cluster.effective !== null ? own : [];
  return [
    ...commonOffers(world, cluster),
    ...before,
    ...natOffers(world, subnet),
    ...(pods ? natOffers(world, pool.subnet) : []),
    ...(pool.publicNodes ? [nodeAddresses(part)] : []),
    ...own,
    ...withoutMethod(world, cluster, subnet),
  ];
}

/** The addresses that the cluster's profile names, of each family. */
function byProfile(world: World, cluster: Cluster): readonly Offer[] {
  const balanced = cluster.outboundType === "loadbalancer";
  if (!balanced && !cluster.outboundType.startsWith("managednatgateway")) return [];
  const translator = balanced ? "load-balancer" : "nat-gateway";
  const reason = balanced
    ? step(
        rules.aksLoadBalancer,
        cluster,
        `${cluster.name} leaves by the outbound addresses of its load balancer; those of its services are for what comes in`,
        `${cluster.name} 使用其负载均衡器的出站地址；各服务的前端地址仅用于入站`,
      )
    : step(
        rules.aksNatGateway,
        cluster,
        `${cluster.name} leaves by the NAT gateway that AKS made`,
        `${cluster.name} 使用 AKS 创建的 NAT 网关`,
      );
  const base = { translator, resource: cluster.id, step: reason } as const;
  if (cluster.effective === null || cluster.effective.length === 0)
    return [{ ...base, match: IPV4, alternatives: [unknown([], [profileEmpty(cluster)])] }];
  const isPrefix = (id: string): boolean => parseId(id)?.type === "microsoft.network/publicipprefixes";
  const ips = cluster.effective.filter((id) => !isPrefix(id));
  const prefixes = cluster.effective.filter(isPrefix);
  return ([4, 6] as const).flatMap((family): readonly Offer[] => {
    const seen = publicAddresses(world, ips, prefixes, family);
    if (family === 6 && seen.addresses.length === 0 && seen.missing.length === 0) return [];
    const match = { destinations: [family === 4 ? EVERY_IPV4 : EVERY_IPV6] };
    return [{ ...base, match, alternatives: [seenFrom(seen, translator, cluster.id, [])] }];
  });
}

const profileEmpty = (cluster: Cluster) =>
  open(
    `aks-addresses-not-exported:${cluster.name}`,
    say(`the export of ${cluster.name} names no outbound addresses`, `${cluster.name} 的导出未写明出站地址`),
    askFor(cluster.id, say("which addresses it leaves by", "它使用哪些出站地址")),
  );

const nodeAddresses = ({ cluster, pool }: PoolPart): Offer => ({
  translator: "instance-public-ip",
  resource: cluster.id,
  match: IPV4,
  step: step(
    rules.aksNodePublicIps,
    cluster,
    `every node of ${pool.name} has a public IP of its own`,
    `${pool.name} 的每个节点都有自己的公网 IP`,
  ),
  alternatives: [
    unknown(
      [],
      [
        open(
          `node-addresses-not-exported:${pool.name}`,
          say(`the public IPs of its nodes are not in the export`, `其各节点的公网 IP 不在导出中`),
          {
            text: say("export the NICs and the public IPs of the instances", "导出各实例的网卡与公网 IP"),
            command: `az vmss list-instance-public-ips -g ${cluster.nodeGroup ?? "NODE-RESOURCE-GROUP"} -n SCALE-SET -o json`,
            settles: say("which address each node has", "每个节点的地址是什么"),
          },
        ),
      ],
    ),
  ],
});
