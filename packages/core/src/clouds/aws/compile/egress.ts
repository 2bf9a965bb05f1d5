import type { Egress } from "../../../model/egress.ts";
import { nodeStage } from "./eks-node.ts";
import { internetOfEni } from "./internet.ts";
import { securityFilters } from "./security-groups.ts";
import type { Eni, World } from "./world.ts";

/** How packets leave one interface: its security groups, then the routes of its subnet. */
export function egressOf(world: World, eni: Eni): Egress {
  const routes = world.tableAt(eni.place);
  const node = nodeStage(world, eni);
  const [platform, ...others] = routes.stages;
  return {
    filters: securityFilters(world, eni),
    routes:
      node === null || platform === undefined
        ? routes
        : { ...routes, id: `${routes.id}/${eni.id}`, stages: [platform, node, ...others] },
    internet: internetOfEni(world, eni),
  };
}
