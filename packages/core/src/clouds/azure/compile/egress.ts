import type { Egress } from "../../../model/egress.ts";
import type { Nic } from "../read/resource.ts";
import { missingIsUnknown } from "../rules/export.ts";
import { effectiveTable } from "./effective.ts";
import { internetOf } from "./internet.ts";
import { tableOf } from "./routes.ts";
import { step } from "./say.ts";
import { guardedNic, securityFilters } from "./security-groups.ts";
import { primarySubnet, type World } from "./world.ts";

export function makeEgress(world: World, nic: Nic): Egress {
  return {
    filters: securityFilters(world, guardedNic(nic, primarySubnet(nic))),
    routes: routesOf(world, nic),
    internet: internetOf(world, nic),
  };
}

function routesOf(world: World, nic: Nic): Egress["routes"] {
  const effective = world.effectiveOf.get(nic.key);
  if (effective !== undefined) return effectiveTable(world, nic, effective);
  const subnet = primarySubnet(nic);
  return subnet === null ? NO_SUBNET : world.tableOf(subnet);
}

const NO_SUBNET = {
  ...tableOf("azure/routes/none", [], []),
  none: step(missingIsUnknown, null, "the NIC names no subnet", "网卡未写明子网"),
};
