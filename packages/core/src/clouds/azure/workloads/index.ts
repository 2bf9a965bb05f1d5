import type { Group, Host } from "../../../model/estate.ts";
import type { World } from "../compile/world.ts";
import { sitesOf } from "./app-service.ts";
import { containerAppsOf, containerGroupsOf } from "./containers.ts";
import { databasesOf } from "./databases.ts";
import { clustersOf } from "./kubernetes.ts";
import { scaleSetsOf } from "./scale-sets.ts";
import { staticGatewaysOf } from "./static-gateway.ts";

/** Everything that sends and is no machine in the export. */
export function workloadsOf(world: World): { readonly hosts: readonly Host[]; readonly groups: readonly Group[] } {
  const parts = [
    sitesOf(world),
    clustersOf(world),
    containerAppsOf(world),
    containerGroupsOf(world),
    { hosts: [...staticGatewaysOf(world), ...scaleSetsOf(world), ...databasesOf(world)], groups: [] },
  ];
  return { hosts: parts.flatMap(({ hosts }) => hosts), groups: parts.flatMap(({ groups }) => groups) };
}
