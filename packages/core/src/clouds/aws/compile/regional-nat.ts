import { EVERY_IPV4 } from "../../../address/cidr.ts";
import type { NextHop, Route, RouteStage, RouteTable } from "../../../model/egress.ts";
import type { Found } from "../read/inventory.ts";
import type { RawNatGateway } from "../read/raw.ts";
import { natBySubnet, natRegional } from "../rules/nat.ts";
import { longestPrefix, missingIsUnknown } from "../rules/routing.ts";
import { askRouteTables } from "./ask.ts";
import { alternatives } from "./hops.ts";
import { nat64Table } from "./nat64.ts";
import type { Place } from "./place.ts";
import { byDefault, open, say, step, unknown } from "./say.ts";
import { labelOf, type World } from "./world.ts";

/** A regional NAT gateway has a route table of its own, and no subnet whose table would apply. */
export function regionalTable(world: World, found: Found<RawNatGateway>, from: Place): RouteTable {
  const id = found.value.RouteTableId;
  if (!id || !world.all.routeTables.has(id)) return nat64Table(usualTable(found, from));
  const table = world.tableAt({ ...from, subnet: null, table: id });
  return nat64Table({ ...table, stages: table.stages.map((stage) => masked(found, stage)) });
}

/** Elsewhere than to the internet its private address is seen, which the export does not show. */
const masked = (found: Found<RawNatGateway>, stage: RouteStage): RouteStage => ({
  ...stage,
  routes: stage.routes.map((route) => ({ ...route, hop: hopOf(found, route.hop) })),
});

const hopOf = (found: Found<RawNatGateway>, hop: NextHop): NextHop =>
  hop.kind === "internet" || hop.kind === "drop"
    ? hop
    : alternatives(say(`elsewhere by ${labelOf(found)}`, `经 ${labelOf(found)} 去往他处`), [
        unknown(
          [
            step(
              natBySubnet,
              found,
              `the private address of ${labelOf(found)} is seen there`,
              `那里看到的是 ${labelOf(found)} 的私有地址`,
            ),
          ],
          [
            open(
              `private-address-of:${found.id}`,
              say(`the export shows no private address of ${found.id}`, `导出中没有 ${found.id} 的私有地址`),
            ),
          ],
        ),
      ]);

function usualTable(found: Found<RawNatGateway>, from: Place): RouteTable {
  const route: Route = {
    prefix: EVERY_IPV4,
    hop: { kind: "internet", text: say("the internet gateway", "互联网网关") },
    preference: [0],
    usable: { kind: "yes" },
    name: labelOf(found),
    resource: found.id,
    rule: natRegional,
    origin: found.origin,
  };
  const usual = byDefault(
    `regional-table:${found.id}`,
    say(
      `the route table of ${labelOf(found)} leads to the internet gateway, as AWS sets it up`,
      `${labelOf(found)} 的路由表通往互联网网关（AWS 的默认设置）`,
    ),
    askRouteTables(from),
  );
  return {
    id: `aws/regional/${found.id}`,
    stages: [
      {
        kind: "longest-prefix",
        routes: [route],
        orders: [[]],
        ties: { kind: "together", rule: missingIsUnknown },
        gaps: [{ harmless: usual, otherwise: [] }],
      },
    ],
    none: step(longestPrefix, found, `${found.id} has no route for it`, `${found.id} 没有对应的路由`),
  };
}
