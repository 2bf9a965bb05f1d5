import type { Cidr } from "../../../address/cidr.ts";
import type { Egress, NextHop, Route, RouteTable } from "../../../model/egress.ts";
import { same } from "../../../problem.ts";
import type { Found, TransitRoutes } from "../read/inventory.ts";
import type { RawAttachment, RawTransitRoute } from "../read/raw.ts";
import { blackhole, longestPrefix, staticFirst } from "../rules/routing.ts";
import { privateGatewayKeeps, transitEntry, transitKeeps, transitNeedsZone, transitZone } from "../rules/targets.ts";
import { askAttachments, askTransitRoutes } from "./ask.ts";
import { linkWays, only, passing, passingAppliance, unseenWays, type Way } from "./hops.ts";
import { NO_INTERNET } from "./internet.ts";
import { networkAclFilters } from "./network-acl.ts";
import type { Place } from "./place.ts";
import { open, say, step, unknown } from "./say.ts";
import { labelOf, placeOfSubnet, type World } from "./world.ts";

/** A transit gateway looks the destination up in the table that the sender's own attachment is associated with. */
export function transitWays(world: World, place: Place, id: string, prefix: Cidr): readonly Way[] {
  const attachment = attachmentOf(world, id, place.vpc);
  const table = attachment?.value.Association?.TransitGatewayRouteTableId;
  if (attachment === undefined || !table) return unseenWays(id, prefix, transitKeeps, askAttachments(id, place.zone));
  const routes = world.all.transitRoutes.get(table);
  if (routes === undefined) return unseenWays(id, prefix, transitKeeps, askTransitRoutes(table, place.zone));
  const label = labelOf(world.all.transitGateways.get(id) ?? { id, name: id });
  if (!reaches(world, attachment.value, place)) return only(outOfZone(label, place));
  return only(
    passing({
      // Passing it again from another VPC is no loop; from the same one it is. What follows depends on the zone.
      id: `${id}/${attachment.id}/${place.zone}`,
      name: label,
      resource: id,
      rule: transitKeeps,
      text: say(`the transit gateway ${label}`, `中转网关 ${label}`),
      says: say(
        `${label} keeps the source and looks in ${table}, which ${attachment.id} is associated with`,
        `${label} 保留源地址，并在 ${attachment.id} 所关联的 ${table} 中查找`,
      ),
      origin: attachment.origin,
      egress: (): Egress => ({ filters: [], routes: tableOf(world, place, table, routes), internet: NO_INTERNET }),
    }),
  );
}

/** Only zones with a subnet of the attachment reach it; a Local Zone does so through another zone. */
function reaches(world: World, { SubnetIds, VpcId }: RawAttachment, { zoneId, vpc }: Place): boolean {
  const zones = (SubnetIds ?? []).map((subnet) => placeOfSubnet(world.all, subnet, VpcId ?? vpc).zoneId);
  const isKnown = zones.length > 0 && !zones.includes(null) && /^[a-z]+\d+-az\d+$/.test(zoneId ?? "");
  return !isKnown || zones.includes(zoneId);
}

const outOfZone = (label: string, { zone, zoneId }: Place): NextHop => ({
  kind: "drop",
  rule: transitNeedsZone,
  text: say(
    `the transit gateway ${label}, whose attachment has no subnet in ${zone ?? zoneId}: it is dropped`,
    `中转网关 ${label}，其连接在 ${zone ?? zoneId} 没有子网：流量被丢弃`,
  ),
});

const attachmentOf = (world: World, gateway: string, vpc: string): Found<RawAttachment> | undefined =>
  [...world.all.attachments.values()].find(
    ({ value }) =>
      value.TransitGatewayId === gateway &&
      (value.VpcId ?? value.ResourceId) === vpc &&
      (value.State ?? "available") === "available",
  );

function tableOf(world: World, place: Place, id: string, { routes, complete, origin }: TransitRoutes): RouteTable {
  const how = askTransitRoutes(id, place.zone);
  const rest = say(`${id} has no other route for the destination`, `${id} 没有该目的地的其他路由`);
  const more = say(`${id} has a route that was not exported`, `${id} 有未导出的路由`);
  return {
    id: `aws/${id}/${place.vpc}/${place.zone}`,
    stages: [
      {
        kind: "longest-prefix",
        routes: routes.flatMap((route) => routesFor(world, place, id, route, origin)),
        orders: [[{ position: 0, rule: staticFirst }]],
        ties: { kind: "together", rule: transitKeeps },
        gaps: complete
          ? []
          : [
              {
                harmless: open(`routes-complete:${id}`, rest, how),
                otherwise: [
                  unknown([step(longestPrefix, { id }, more.en, more.zh)], [open(`routes-more:${id}`, more, how)]),
                ],
              },
            ],
      },
    ],
    none: step(longestPrefix, { id }, `${id} has no route for it`, `${id} 没有对应的路由`),
  };
}

function routesFor(
  world: World,
  place: Place,
  table: string,
  route: RawTransitRoute,
  origin: Route["origin"],
): readonly Route[] {
  const listed = route.PrefixListId ? (world.all.entries.get(route.PrefixListId) ?? []) : [];
  return [...(route.DestinationCidrBlock ? [route.DestinationCidrBlock] : []), ...listed].flatMap((prefix) =>
    waysOf(world, place, route, prefix).map(({ match, hop }) => ({
      prefix,
      ...(match === undefined ? {} : { match }),
      hop,
      preference: [route.Type === "propagated" ? 1 : 0],
      usable: { kind: "yes" as const },
      name: table,
      resource: table,
      rule: longestPrefix,
      origin,
    })),
  );
}

/** Several attachments share the traffic (equal-cost paths over VPN connections). */
function waysOf(world: World, place: Place, route: RawTransitRoute, prefix: Cidr): readonly Way[] {
  if (route.State === "blackhole")
    return only({ kind: "drop", rule: blackhole, text: say("nowhere: a blackhole route", "无：黑洞路由") });
  const attachments = route.TransitGatewayAttachments ?? [];
  if (attachments.length === 0)
    return unseenWays("the attachment", prefix, transitKeeps, askAttachments("it", place.zone));
  return attachments.flatMap((attachment) => attachmentWays(world, place, route, prefix, attachment));
}

type Attached = NonNullable<RawTransitRoute["TransitGatewayAttachments"]>[number];

function attachmentWays(
  world: World,
  place: Place,
  route: RawTransitRoute,
  prefix: Cidr,
  { TransitGatewayAttachmentId, ResourceId, ResourceType }: Attached,
): readonly Way[] {
  const id = TransitGatewayAttachmentId ?? ResourceId ?? "attachment";
  const name = ResourceId ?? id;
  if (ResourceType === "vpn" || ResourceType === "direct-connect-gateway" || ResourceType === "connect")
    return linkWays(name, LINKS[ResourceType](name), prefix, privateGatewayKeeps);
  if (ResourceType !== "vpc") return unseenWays(name, prefix, transitKeeps, askAttachments(name, place.zone));
  // What a VPC propagates is its own ranges: the destination is in it.
  if (route.Type === "propagated")
    return only({
      kind: "local",
      rule: transitKeeps,
      resource: ResourceId ?? null,
      text: say(`the VPC ${name}`, `VPC ${name}`),
    });
  return entryWays(world, place, prefix, id, name);
}

const LINKS = {
  vpn: (name: string) => say(`the VPN connection ${name}`, `VPN 连接 ${name}`),
  "direct-connect-gateway": (name: string) => say(`the Direct Connect gateway ${name}`, `Direct Connect 网关 ${name}`),
  connect: (name: string) => say(`the Connect attachment ${name}`, `Connect 连接 ${name}`),
} as const;

/** Into another VPC: the route table of the attachment's subnet applies next. */
function entryWays(world: World, place: Place, prefix: Cidr, id: string, vpc: string): readonly Way[] {
  const found = world.all.attachments.get(id);
  const subnets = (found?.value.SubnetIds ?? []).map((subnet) => placeOfSubnet(world.all, subnet, vpc));
  const known = world.mainTableOf.has(vpc) || subnets.some(({ subnet }) => world.tableOfSubnet.has(subnet ?? ""));
  if (found === undefined || subnets.length === 0 || !known)
    return unseenWays(vpc, prefix, transitKeeps, askAttachments(vpc, place.zone));
  const entered = enteredBy(found.value, subnets, place);
  const hop: NextHop = {
    kind: "appliance",
    text: say(`the VPC ${vpc}`, `VPC ${vpc}`),
    appliances: entered.map((at) =>
      passingAppliance({
        id: `${id}/${at.subnet}`,
        name: vpc,
        resource: id,
        rule: entered.length < subnets.length ? transitZone : transitEntry,
        text: same(vpc),
        says: say(
          `it enters ${vpc} in ${at.subnet}, whose routes apply`,
          `流量从 ${at.subnet} 进入 ${vpc}，适用其路由`,
        ),
        origin: found.origin,
        egress: () => ({ filters: networkAclFilters(world, at), routes: world.tableAt(at), internet: NO_INTERNET }),
      }),
    ),
  };
  return only(hop);
}

/** Traffic stays in its zone unless appliance mode is on; where the zone is not known, any of them may carry it. */
function enteredBy({ Options }: RawAttachment, subnets: readonly Place[], from: Place): readonly Place[] {
  const own = subnets.filter(({ zoneId }) => zoneId !== null && zoneId === from.zoneId);
  return own.length > 0 && Options?.ApplianceModeSupport === "disable" ? own : subnets;
}
