import type { Alternative, Offer } from "../../../model/egress.ts";
import { lookAtDestination } from "../compile/ask.ts";
import { blocked, open, say, step, unknown, unpredictable } from "../compile/say.ts";
import { placeOf, type World } from "../compile/world.ts";
import type { Cluster } from "../read/workload.ts";
import * as rules from "../rules/kubernetes.ts";
import { IPV4 } from "./host.ts";

const OF_THE_USER = ["userdefinedrouting", "none", "userassignednatgateway"];

/** AKS made no way out: the routes lead to one, or nodes are left with what any VM has. */
export function withoutMethod(world: World, cluster: Cluster, subnet: string | null): readonly Offer[] {
  const base = { translator: "other", resource: cluster.id, match: IPV4 } as const;
  const { outboundType } = cluster;
  if (outboundType === "block") {
    const why = step(rules.aksBlocks, cluster, "the cluster denies traffic to the internet", "集群拒绝到互联网的流量");
    return [{ ...base, step: why, alternatives: [blocked([])] }];
  }
  const why = step(
    rules.aksUserRouting,
    cluster,
    `AKS made no way out for ${cluster.name} (outbound type ${outboundType})`,
    `AKS 未为 ${cluster.name} 创建出站方式（出站类型 ${outboundType}）`,
  );
  if (!OF_THE_USER.includes(outboundType))
    return [{ ...base, step: why, alternatives: [unknown([], [unknownType(cluster)])] }];
  const isPrivate = placeOf(world, subnet).subnet?.defaultOutboundAccess === false;
  return [{ ...base, step: why, alternatives: isPrivate ? [blocked([])] : asAnyVm(cluster) }];
}

const unknownType = ({ outboundType }: Cluster) =>
  open(
    `aks-outbound-type:${outboundType}`,
    say(`what the outbound type ${outboundType} does is not known here`, `出站类型 ${outboundType} 的行为未知`),
    lookAtDestination,
  );

/** A load balancer made for a service ends default outbound access and gives nothing in its place. */
const asAnyVm = (cluster: Cluster): readonly Alternative[] => [
  unpredictable(
    "default-outbound",
    null,
    [],
    [
      open(
        `aks-default-outbound:${cluster.name}`,
        say("no service of the cluster has a Standard load balancer", "集群中没有使用标准负载均衡器的服务"),
        lookAtDestination,
      ),
    ],
  ),
  blocked(
    [],
    [
      open(
        `aks-no-default-outbound:${cluster.name}`,
        say("a service of the cluster has a Standard load balancer", "集群中有使用标准负载均衡器的服务"),
        lookAtDestination,
      ),
    ],
  ),
];
