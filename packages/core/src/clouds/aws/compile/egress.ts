import type { Egress } from "../../../model/egress.ts";
import { inTurn } from "../../filter-lists.ts";
import { nodeStage } from "./eks-node.ts";
import { internetOfEni } from "./internet.ts";
import { networkAclFilters } from "./network-acl.ts";
import { securityFilters } from "./security-groups.ts";
import type { Eni, World } from "./world.ts";

/** How packets leave one interface: its security groups, the network ACL of its subnet, then the routes. */
export function egressOf(world: World, eni: Eni): Egress {
  const routes = world.tableAt(eni.place);
  const node = nodeStage(world, eni);
  const [platform, ...others] = routes.stages;
  return {
    filters: inTurn(securityFilters(world, eni), networkAclFilters(world, eni.place)),
    routes:
      node === null || platform === undefined
        ? routes
        : { ...routes, id: `${routes.id}/${eni.id}`, stages: [platform, node, ...others] },
    internet: internetOfEni(world, eni),
  };
}
