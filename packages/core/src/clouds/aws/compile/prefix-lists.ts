import { type Gap, KEEPS_SOURCE } from "../../../model/egress.ts";
import type { Found } from "../read/inventory.ts";
import type { RawRoute, RawRouteTable } from "../read/raw.ts";
import { prefixListsExpanded } from "../rules/routing.ts";
import { gatewayEndpoint } from "../rules/targets.ts";
import { askPrefixList } from "./ask.ts";
import type { Place } from "./place.ts";
import { PUBLIC } from "./ranges.ts";
import { byDefault, open, say, step, unknown } from "./say.ts";
import { labelOf, type World } from "./world.ts";

/** A route for a prefix list whose entries are not in the export: what it leads elsewhere is not known. */
export function prefixListGap(
  world: World,
  table: Found<RawRouteTable>,
  place: Place,
  route: RawRoute,
): readonly Gap[] {
  const id = route.DestinationPrefixListId;
  if (!id || world.all.entries.has(id)) return [];
  const how = askPrefixList(id, place.zone);
  const outside = say(`the destination is not in the prefix list ${id}`, `目的地不在前缀列表 ${id} 中`);
  const inside = open(
    `in-prefix-list:${id}`,
    say(`the destination is in the prefix list ${id}`, `目的地在前缀列表 ${id} 中`),
    how,
  );
  const why = step(
    prefixListsExpanded,
    table,
    `${labelOf(table)} has a route for ${id}, whose entries are not in the export`,
    `${labelOf(table)} 有一条指向 ${id} 的路由，其条目不在导出中`,
  );
  // An endpoint stands for a service of the Region; what a list of one's own holds may be anything.
  if (!route.GatewayId?.startsWith("vpce-"))
    return [{ harmless: open(`not-in-prefix-list:${id}`, outside, how), otherwise: [unknown([why], [inside])] }];
  const kept = step(
    gatewayEndpoint,
    { id: route.GatewayId },
    "a gateway endpoint keeps the source",
    "网关终端节点保留源地址",
  );
  return [
    {
      // Services have public addresses.
      destinations: PUBLIC,
      harmless: byDefault(`not-in-prefix-list:${id}`, outside, how),
      otherwise: [{ identity: KEEPS_SOURCE, assumptions: [inside], steps: [why, kept] }],
    },
  ];
}
