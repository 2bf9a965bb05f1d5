import type { Group, Host } from "../../../model/estate.ts";
import type { World } from "../compile/world.ts";
import { keyOf } from "../read/resource-id.ts";
import { sitesOf } from "./app-service.ts";
import { containerAppsOf, containerGroupsOf } from "./containers.ts";
import { databasesOf } from "./databases.ts";
import type { Workload } from "./host.ts";
import { clustersOf } from "./kubernetes.ts";
import { scaleSetsOf } from "./scale-sets.ts";
import { staticGatewaysOf } from "./static-gateway.ts";

/** Everything that sends and is no machine in the export; its subnets' groups get it as a member. */
export function withWorkloads(
  world: World,
  machines: readonly Host[],
  groups: readonly Group[],
): { readonly hosts: readonly Host[]; readonly groups: readonly Group[] } {
  const parts = [
    sitesOf(world),
    clustersOf(world),
    containerAppsOf(world),
    containerGroupsOf(world),
    { hosts: [...staticGatewaysOf(world), ...scaleSetsOf(world), ...databasesOf(world)], groups: [] },
  ];
  const workloads = parts.flatMap(({ hosts }) => hosts);
  const inSubnets = membersBySubnet(workloads);
  const joined = groups.map((group) => {
    const more = group.kind === "subnet" ? (inSubnets.get(keyOf(group.id)) ?? []) : [];
    return more.length === 0 ? group : { ...group, members: [...group.members, ...more] };
  });
  return {
    hosts: [...machines, ...workloads.map(({ host }) => host)],
    groups: [...joined, ...parts.flatMap((part) => part.groups)],
  };
}

function membersBySubnet(workloads: readonly Workload[]): ReadonlyMap<string, readonly string[]> {
  const members = new Map<string, string[]>();
  for (const { host, subnet } of workloads) {
    if (subnet === null) continue;
    const known = members.get(keyOf(subnet)) ?? [];
    members.set(keyOf(subnet), known);
    known.push(...host.interfaces.map(({ id }) => id));
  }
  return members;
}
