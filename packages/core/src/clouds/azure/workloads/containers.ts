import { setOf } from "../../../address/address-set.ts";
import { EVERY_IPV4, EVERY_IPV6 } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { Egress, Offer } from "../../../model/egress.ts";
import type { Group } from "../../../model/estate.ts";
import { askFor } from "../compile/ask.ts";
import { PRIVATE_DESTINATIONS } from "../compile/ranges.ts";
import { open, say, step, unknown, unpredictable } from "../compile/say.ts";
import { guardedSubnet } from "../compile/security-groups.ts";
import { mailOfService } from "../compile/smtp.ts";
import type { World } from "../compile/world.ts";
import { keyOf, nameOf } from "../read/resource-id.ts";
import type { ContainerApp, ContainerEnvironment, ContainerGroup } from "../read/workload.ts";
import * as rules from "../rules/containers.ts";
import {
  commonOffers,
  IPV4,
  intoNetwork,
  natOffers,
  noWayFor6,
  onlyInternet,
  type Placed,
  sorting,
  sortingRoute,
  TO_INTERNET,
  type Workload,
  workloadHost,
} from "./host.ts";

interface Found {
  readonly hosts: readonly Workload[];
  readonly groups: readonly Group[];
}

/** Container apps. An environment is its apps; without any in the export it stands for itself. */
export function containerAppsOf(world: World): Found {
  const apps = [...world.all.containerApps.values()];
  const environments = [...world.all.containerEnvironments.values()];
  const appsIn = (environment: ContainerEnvironment): readonly ContainerApp[] =>
    apps.filter((app) => app.environment !== null && keyOf(app.environment) === environment.key);
  const lone = environments.filter((environment) => appsIn(environment).length === 0);
  return {
    hosts: [...apps.map((app) => hostOf(world, app, app.outbound)), ...lone.map((one) => hostOf(world, one, []))],
    groups: environments
      .filter((environment) => !lone.includes(environment))
      .map((environment) => ({
        id: environment.id,
        name: environment.name,
        kind: "container-environment",
        members: appsIn(environment).map(({ id }) => id),
      })),
  };
}

function hostOf(world: World, of: ContainerApp | ContainerEnvironment, outbound: readonly Ip[]): Workload {
  const environment =
    "hasProfiles" in of
      ? of
      : of.environment === null
        ? undefined
        : world.all.containerEnvironments.get(keyOf(of.environment));
  const subnet = environment?.subnet ?? null;
  const made = { id: of.id, name: of.name, part: "app", of, subnet, rule: rules.containerAppNetwork };
  return workloadHost(world, made, () =>
    environment === undefined ? withoutEnvironment(of) : egressOf(world, of, environment, outbound),
  );
}

/** Whether it is in a network at all, only the environment tells. */
function withoutEnvironment(of: Placed): Egress {
  const id = ("environment" in of && typeof of.environment === "string" ? of.environment : null) ?? of.id;
  const missing = open(
    `not-exported:${nameOf(id)}`,
    say(`the environment of ${of.name} is not in the export`, `${of.name} 所在的环境不在导出中`),
    askFor(id, say("which network it is in", "它位于哪个虚拟网络")),
  );
  const text = say("its environment", "其所在环境");
  const hop = { kind: "alternatives", text, alternatives: [unknown([], [missing])] } as const;
  const rule = rules.containerAppNetwork;
  const stage = sorting(
    [EVERY_IPV4, EVERY_IPV6].map((prefix) => sortingRoute(prefix, hop, "environment", rule, of)),
    rule,
  );
  const none = step(rule, of, "no route holds the destination", "没有路由包含该目的地址");
  return {
    filters: [],
    routes: { id: `azure/routes/container/${of.key}`, stages: [stage], none },
    internet: { filters: [], offers: [], none: noWayFor6(of) },
  };
}

function egressOf(world: World, of: Placed, environment: ContainerEnvironment, outbound: readonly Ip[]): Egress {
  const own: Offer = {
    translator: "provider",
    resource: environment.id,
    match: IPV4,
    step: step(
      rules.containerAppOutbound,
      of,
      `${of.name} leaves by addresses of the platform, which may change over time`,
      `${of.name} 使用平台的地址，且可能随时间改变`,
    ),
    alternatives: [unpredictable("provider", environment.id, [], [], setOf(...outbound))],
  };
  return inSubnet(world, of, environment.subnet, own, environment.hasProfiles);
}

/** @param followsSubnet routes and a NAT gateway of the subnet count for public destinations too */
function inSubnet(world: World, of: Placed, subnet: string | null, own: Offer, followsSubnet: boolean): Egress {
  const id = `azure/routes/container/${of.key}`;
  const rule = followsSubnet ? rules.containerAppNetwork : rules.containerAppConsumption;
  const table = subnet === null ? onlyInternet(id, rule, of) : world.tableOf(subnet);
  const sorted = subnet === null || followsSubnet ? [] : [privateOnly(of, subnet)];
  return {
    filters: guardedSubnet(world, subnet),
    routes: { ...table, id, stages: [...sorted, ...table.stages] },
    internet: {
      filters: [mailOfService(of.id)],
      offers: [...commonOffers(world, of), ...natOffers(world, followsSubnet ? subnet : null), own],
      none: noWayFor6(of),
    },
  };
}

function privateOnly(of: Placed, subnet: string) {
  const rule = rules.containerAppConsumption;
  const inside = intoNetwork(say(`the network of ${nameOf(subnet)}`, `${nameOf(subnet)} 所在的虚拟网络`));
  return sorting(
    [
      ...PRIVATE_DESTINATIONS.map((prefix) => sortingRoute(prefix, inside, "private", rule, of)),
      ...[EVERY_IPV4, EVERY_IPV6].map((prefix) => sortingRoute(prefix, TO_INTERNET, "public", rule, of)),
    ],
    rule,
  );
}

/** Container groups of Container Instances. */
export const containerGroupsOf = (world: World): Found => ({
  hosts: [...world.all.containerGroups.values()].map((group) => {
    const { id, name, subnet, privateAddress } = group;
    const made = { id, name, part: "group", of: group, subnet, address: privateAddress, rule: rules.containerGroup };
    return workloadHost(world, made, () => inSubnet(world, group, subnet, addressesOfGroup(group), true));
  }),
  groups: [],
});

const addressesOfGroup = (group: ContainerGroup): Offer => ({
  translator: "provider",
  resource: group.id,
  match: IPV4,
  step: step(
    rules.containerGroup,
    group,
    `${group.name} leaves by an address of the platform that no export shows; its public IP is for what comes in`,
    `${group.name} 使用平台的地址，任何导出都不显示它；其公网 IP 仅用于入站`,
  ),
  alternatives: [unpredictable("provider", group.id, [])],
});
