import { setOfCidrs } from "../../../address/address-set.ts";
import { EVERY_IPV4, EVERY_IPV6, RFC1918 } from "../../../address/cidr.ts";
import type { Alternative, Egress, NextHop, RouteStage } from "../../../model/egress.ts";
import { lookAtDestination } from "../compile/ask.ts";
import { open, say, step, translated, unknown } from "../compile/say.ts";
import type { World } from "../compile/world.ts";
import type { StaticGateway } from "../read/workload.ts";
import { staticEgressGateway, staticGatewayExcludes } from "../rules/kubernetes.ts";
import { intoNetwork, sorting, sortingRoute, type Workload, workloadHost } from "./host.ts";
import { egressOfPool, partsOf } from "./kubernetes.ts";

/** The pods that are annotated for a static egress gateway, by the name of its configuration. */
export const staticGatewaysOf = (world: World): readonly Workload[] =>
  [...world.all.staticGateways.values()].map((gateway) => {
    const { id, name } = gateway;
    const made = { id, name, part: "pods", of: gateway, subnet: null, rule: staticEgressGateway };
    return workloadHost(world, made, () => egressOf(world, gateway));
  });

function egressOf(world: World, gateway: StaticGateway): Egress {
  const beside = egressBeside(world) ?? notExported(gateway);
  const { routes } = beside;
  const stages = [ownStage(gateway), ...routes.stages];
  return { ...beside, routes: { ...routes, id: `azure/routes/static-gateway/${gateway.key}`, stages } };
}

function ownStage(gateway: StaticGateway): RouteStage {
  const rule = staticEgressGateway;
  const beside = intoNetwork(say("the cluster's own way out", "集群自身的出站方式"));
  const excluded = new Set(gateway.excluded);
  return sorting(
    [
      ...gateway.excluded.map((prefix) => sortingRoute(prefix, beside, "excluded", staticGatewayExcludes, gateway)),
      ...RFC1918.filter((prefix) => !excluded.has(prefix)).map((prefix) =>
        sortingRoute(prefix, through(gateway, true), "private", rule, gateway),
      ),
      ...(excluded.has(EVERY_IPV4)
        ? []
        : [sortingRoute(EVERY_IPV4, through(gateway, false), "gateway", rule, gateway)]),
      sortingRoute(EVERY_IPV6, alternatives([notKnown(gateway, "ipv6")]), "gateway", rule, gateway),
    ],
    rule,
  );
}

/** The configuration does not name its cluster: only one whose pools all leave alike can be meant. Null: not known. */
function egressBeside(world: World): Egress | null {
  const [cluster, ...others] = world.all.clusters.values();
  if (cluster === undefined || others.length > 0) return null;
  const parts = cluster.pools.filter(({ gateway }) => !gateway).flatMap((pool) => partsOf(world, cluster, pool));
  const [first] = parts;
  const kinds = new Set(parts.map(({ subnet, pool }) => `${subnet} ${pool.publicNodes}`));
  return first !== undefined && kinds.size === 1 ? egressOfPool(world, first) : null;
}

function notExported(gateway: StaticGateway): Egress {
  const hop = alternatives([notKnown(gateway, "cluster")]);
  const routes = [EVERY_IPV4, EVERY_IPV6].map((prefix) =>
    sortingRoute(prefix, hop, "cluster", staticGatewayExcludes, gateway),
  );
  return {
    filters: [],
    routes: {
      id: "",
      stages: [sorting(routes, staticGatewayExcludes)],
      none: step(staticGatewayExcludes, gateway, "no route holds the destination", "没有路由包含该目的地址"),
    },
    internet: { filters: [], offers: [], none: [notKnown(gateway, "cluster")] },
  };
}

const alternatives = (all: readonly Alternative[]): NextHop => ({
  kind: "alternatives",
  text: say("the static egress gateway", "静态出口网关"),
  alternatives: all,
});

const notKnown = ({ name }: StaticGateway, what: "cluster" | "prefix" | "ipv6"): Alternative =>
  unknown(
    [],
    [
      open(
        `static-gateway-${what}:${name}`,
        say(
          `how pods of ${name} reach this destination is not in the export`,
          `${name} 的 Pod 如何到达该目的地址不在导出中`,
        ),
        {
          text: say("export the cluster, and the gateway with its status", "导出集群，以及带状态的网关配置"),
          command: "kubectl get staticgatewayconfigurations -A -o json",
          settles: say("which addresses the gateway has", "网关有哪些地址"),
        },
      ),
    ],
  );

/** Public prefixes are for public destinations, private addresses for private ones; of the other pairs no page tells. */
function through(gateway: StaticGateway, toPrivate: boolean): NextHop {
  const { prefixes, name } = gateway;
  if (prefixes === null || !gateway.isDefault) return alternatives([notKnown(gateway, "prefix")]);
  if (gateway.public === toPrivate) return alternatives([unknown([], [otherSide(name, toPrivate)])]);
  const leaves = step(
    staticEgressGateway,
    gateway,
    `annotated pods leave by any address of the gateway ${name}`,
    `带注解的 Pod 使用网关 ${name} 的任一地址`,
  );
  const seen = { addresses: setOfCidrs(prefixes), stability: gateway.reserved ? "static" : "ephemeral" } as const;
  return alternatives([translated(seen, "appliance", gateway.id, [leaves])]);
}

const otherSide = (name: string, toPrivate: boolean) =>
  open(
    `static-gateway-other-side:${name}`,
    toPrivate
      ? say(
          `which source ${name} shows a private destination is not documented`,
          `${name} 向私有目的地址显示什么源地址没有文档说明`,
        )
      : say(
          `what translates the private addresses of ${name} for the internet is not in the export`,
          `由什么把 ${name} 的私有地址转换到互联网不在导出中`,
        ),
    lookAtDestination,
  );
