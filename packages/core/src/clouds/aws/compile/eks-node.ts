import { type Cidr, EVERY_IPV4, familyOfCidr, hostCidr } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { Appliance, NextHop, Route, RouteStage, Usable } from "../../../model/egress.ts";
import type { Match } from "../../../model/flow.ts";
import type { Rule } from "../../../model/rule.ts";
import type { NetworkPlugin } from "../read/inventory.ts";
import { tagOf } from "../read/kinds.ts";
import { excludedRanges, externalSnat, nodeTranslates } from "../rules/containers.ts";
import { delegatedPrefixes } from "../rules/interfaces.ts";
import { ask } from "./ask.ts";
import { byDefault, open, say, step } from "./say.ts";
import type { Eni, World } from "./world.ts";

/** The cluster that an instance is a node of; undefined: it is none. */
export function clusterOf(world: World, instance: string | null): string | undefined {
  const tags = world.all.instances.get(instance ?? "")?.value.Tags;
  const owned = (tags ?? []).find(({ Key }) => Key.startsWith(CLUSTER_TAG))?.Key;
  return tagOf(tags, "eks:cluster-name") ?? owned?.slice(CLUSTER_TAG.length) ?? ofPlugin(world, instance);
}

const CLUSTER_TAG = "kubernetes.io/cluster/";

/** Interfaces that the network plugin adds carry its tags: https://github.com/aws/amazon-vpc-cni-k8s#cni-configuration-variables */
function ofPlugin(world: World, instance: string | null): string | undefined {
  const tags = (world.enisOfInstance.get(instance ?? "") ?? []).flatMap(({ value }) => value.TagSet ?? []);
  const isNode = tagOf(tags, "node.k8s.amazonaws.com/instance_id") !== undefined;
  return tagOf(tags, "cluster.k8s.amazonaws.com/name") ?? (isNode ? "EKS" : undefined);
}

/**
 * A node of EKS rewrites its Pods' sources itself: those are the secondary addresses and the prefixes of its interfaces.
 * Null for other interfaces.
 */
export function nodeStage(world: World, eni: Eni): RouteStage | null {
  const told = clusterOf(world, eni.instance);
  const cluster = told ?? (mayBeNode(world, eni.instance) ? "EKS" : undefined);
  const [first] = world.enisOfInstance.get(eni.instance ?? "") ?? [];
  const blocks = eni.blocks.filter((block) => familyOfCidr(block) === 4);
  const sources = [
    ...eni.privates.flatMap(({ address }) => (address === eni.primary ? [] : [hostCidr(address)])),
    ...blocks,
  ];
  if (cluster === undefined || first === undefined || first.primary === null || sources.length === 0) return null;
  return {
    kind: "first-match",
    routes: routesFor(world, {
      eni,
      first,
      primary: first.primary,
      cluster,
      isNode: told !== undefined,
      match: { sources },
    }),
    orders: [[{ position: 0, rule: nodeTranslates }]],
    ties: { kind: "together", rule: blocks.length > 0 ? delegatedPrefixes : nodeTranslates },
    gaps: [],
  };
}

/** Its tags are on the instance, which is not in the export; the cluster's plugin is. */
const mayBeNode = (world: World, instance: string | null): boolean =>
  instance !== null && !world.all.instances.has(instance) && world.all.plugins.length > 0;

interface Node {
  readonly eni: Eni;
  readonly first: Eni;
  readonly primary: Ip;
  readonly cluster: string;
  /** False: nothing in the export says so, nor otherwise. */
  readonly isNode: boolean;
  readonly match: Match;
}

const KEPT = 0;
const TRANSLATED = 1;
const OTHERWISE = 2;

/** https://github.com/aws/amazon-vpc-cni-k8s (AWS_VPC_K8S_CNI_EXTERNALSNAT, AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS) */
function routesFor(world: World, node: Node): readonly Route[] {
  const plugin = pluginOf(world);
  if (plugin?.externalSnat === true) return [routeOf(node, EVERY_IPV4, KEPTS, KEPT, externalSnat)];
  const kept = (prefixes: readonly Cidr[], rule: Rule): readonly Route[] =>
    prefixes.map((prefix) => routeOf(node, prefix, KEPTS, KEPT, rule));
  const isTold = node.isNode && plugin !== null && plugin.externalSnat === false && plugin.excluded !== null;
  return [
    ...kept(rangesOfVpc(world, node.eni.place.vpc), nodeTranslates),
    ...kept(plugin?.excluded ?? [], excludedRanges),
    routeOf(
      node,
      EVERY_IPV4,
      translating(world, node),
      TRANSLATED,
      nodeTranslates,
      isTold ? { kind: "yes" } : node.isNode ? presumed(node, plugin === null ? byDefault : open) : perhaps(node),
    ),
    ...(isTold ? [] : [routeOf(node, EVERY_IPV4, KEPTS, OTHERWISE, externalSnat)]),
  ];
}

const KEPTS: NextHop = {
  kind: "next-stage",
  text: say("the tables of the VPC, with the Pod's own address", "VPC 的路由表，保留 Pod 自己的地址"),
};

const routeOf = (
  { eni, match }: Node,
  prefix: Cidr,
  hop: NextHop,
  rank: number,
  rule: Rule,
  usable: Usable = { kind: "yes" },
): Route => ({
  prefix,
  match,
  hop,
  preference: [rank],
  usable,
  name: `out of ${eni.instance}`,
  resource: eni.instance,
  rule,
  origin: eni.origin,
});

function translating(world: World, { eni, first, primary, cluster }: Node): NextHop {
  const name = eni.instance ?? eni.id;
  const appliance: Appliance = {
    id: `${eni.id}/pods`,
    name,
    resource: eni.instance,
    behaviours: [
      {
        match: {},
        step: step(
          nodeTranslates,
          eni,
          `${name} is a node of ${cluster}: it sends what its Pods send as ${primary}`,
          `${name} 是 ${cluster} 的节点：它以 ${primary} 发出其 Pod 的流量`,
        ),
        does: [
          { kind: "sends-as", sources: [primary], complete: true, translator: "host", assumptions: [], steps: [] },
        ],
      },
    ],
    get egress() {
      return world.egressOf(first);
    },
  };
  return {
    kind: "appliance",
    text: say(`the NAT of the node ${name}`, `节点 ${name} 的 NAT`),
    appliances: [appliance],
  };
}

function presumed({ cluster }: Node, basis: typeof open): Usable {
  const how = ask(
    "kubectl get daemonset aws-node -n kube-system -o json",
    say(`export the network plugin of ${cluster}`, `导出 ${cluster} 的网络插件`),
    say("whether nodes translate what Pods send outside the VPC", "节点是否转换 Pod 发往 VPC 之外的流量"),
  );
  return {
    kind: "unknown",
    rule: nodeTranslates,
    up: basis(
      `node-translates:${cluster}`,
      say(
        `the nodes of ${cluster} translate what Pods send outside the VPC (AWS_VPC_K8S_CNI_EXTERNALSNAT is false, the default)`,
        `${cluster} 的节点会转换 Pod 发往 VPC 之外的流量（AWS_VPC_K8S_CNI_EXTERNALSNAT 为默认值 false）`,
      ),
      how,
    ),
    down: open(
      `node-keeps:${cluster}`,
      say(`the nodes of ${cluster} do not translate for this destination`, `${cluster} 的节点不为该目的地转换`),
      how,
    ),
  };
}

function perhaps({ eni }: Node): Usable {
  const name = eni.instance ?? eni.id;
  const how = ask(
    `aws ec2 describe-instances --instance-ids ${name} --output json`,
    say(`export the instance ${name}`, `导出实例 ${name}`),
    say(
      "whether it is a node of the cluster, which translates what its Pods send",
      "它是否是集群节点（会转换其 Pod 的流量）",
    ),
  );
  return {
    kind: "unknown",
    rule: nodeTranslates,
    up: open(
      `is-node:${name}`,
      say(
        `${name}, which is not in the export, is a node of EKS that translates`,
        `${name} 不在导出中，它是会做转换的 EKS 节点`,
      ),
      how,
    ),
    down: open(
      `is-no-node:${name}`,
      say(`${name}, which is not in the export, translates nothing`, `${name} 不在导出中，它不做转换`),
      how,
    ),
  };
}

/** The plugin does not name its cluster: it speaks for the only one there is. */
function pluginOf(world: World): NetworkPlugin | null {
  const [plugin, ...others] = world.all.plugins;
  if (plugin === undefined || others.length > 0) return null;
  const clusters = new Set([...world.enisOfInstance.keys()].map((id) => clusterOf(world, id)));
  clusters.delete(undefined);
  return clusters.size === 1 ? plugin : null;
}

function rangesOfVpc(world: World, vpc: string): readonly Cidr[] {
  const found = world.all.vpcs.get(vpc)?.value;
  const listed = [found?.CidrBlock, ...(found?.CidrBlockAssociationSet ?? []).map(({ CidrBlock }) => CidrBlock)];
  const local = [...world.all.routeTables.values()].flatMap(({ value }) =>
    value.VpcId === vpc
      ? value.Routes.filter(({ GatewayId }) => GatewayId === "local").map(
          ({ DestinationCidrBlock }) => DestinationCidrBlock,
        )
      : [],
  );
  return [...new Set([...listed, ...local].flatMap((cidr) => cidr || []))];
}
