import { setOf } from "../../../address/address-set.ts";
import { type Cidr, EVERY_IPV4, EVERY_IPV6, hostCidr } from "../../../address/cidr.ts";
import { type Ip, parseIp } from "../../../address/ip.ts";
import type { Internet, NextHop } from "../../../model/egress.ts";
import { same } from "../../../problem.ts";
import type { RawAssociation, RawRoute } from "../read/raw.ts";
import { carrierAddress } from "../rules/interfaces.ts";
import { localRoute, longestPrefix, missingIsUnknown } from "../rules/routing.ts";
import { cloudWan, egressOnlyGateway, internetGateway, privateGatewayKeeps } from "../rules/targets.ts";
import { applianceHop } from "./appliance.ts";
import { askAttachments, askInterface, askRouteTables } from "./ask.ts";
import { endpointHop } from "./endpoints.ts";
import { alternatives, linkWays, only, passing, unknownHop, unseenWays, type Way } from "./hops.ts";
import { blockedAccess, IPV6, PORT_25 } from "./internet.ts";
import { natHop } from "./nat-gateway.ts";
import { peeringHop } from "./peering.ts";
import type { Place } from "./place.ts";
import { fixed } from "./route.ts";
import { blocked, open, say, step, translated, unknown } from "./say.ts";
import { transitWays } from "./transit.ts";
import type { World } from "./world.ts";

/**
 * Where a route of a VPC leads, and what happens there to what comes from a place.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Route.html
 */
export function waysTo(world: World, place: Place, route: RawRoute, prefix: Cidr): readonly Way[] {
  if (route.NatGatewayId) return only(natHop(world, route.NatGatewayId, place));
  if (route.NetworkInterfaceId) return only(interfaceHop(world, route.NetworkInterfaceId, place));
  if (route.InstanceId) return only(instanceHop(world, route.InstanceId, place));
  if (route.TransitGatewayId) return transitWays(world, place, route.TransitGatewayId, prefix);
  if (route.CoreNetworkArn) return cloudWanWays(route.CoreNetworkArn, place, prefix);
  if (route.VpcPeeringConnectionId) return only(peeringHop(world, place, route.VpcPeeringConnectionId));
  if (route.EgressOnlyInternetGatewayId) return only(egressOnly(world, place, route.EgressOnlyInternetGatewayId));
  if (route.CarrierGatewayId) return only(edgeHop(world, place, route.CarrierGatewayId, "CarrierIp"));
  if (route.LocalGatewayId) return only(edgeHop(world, place, route.LocalGatewayId, "CustomerOwnedIp"));
  if (route.GatewayId)
    return gatewayWays(world, place, route.GatewayId, prefix, Boolean(route.DestinationPrefixListId));
  if (route.IpAddress) return only(addressHop(world, place, route.IpAddress));
  return only(unreadHop(prefix, place));
}

function gatewayWays(world: World, place: Place, id: string, prefix: Cidr, byList: boolean): readonly Way[] {
  if (id === "local")
    return only({
      kind: "local",
      rule: localRoute,
      resource: place.vpc,
      text: say(`the inside of ${place.vpc}`, `${place.vpc} 内部`),
    });
  if (id.startsWith("igw-"))
    return only({ kind: "internet", text: say(`the internet gateway ${id}`, `互联网网关 ${id}`) });
  if (id.startsWith("vgw-")) return privateGatewayWays(world, id, prefix);
  if (id.startsWith("vpce-")) return only(endpointHop(world, place, id, byList));
  return only(unreadHop(prefix, place, id));
}

/** A kind of target that was added after this was written: never "no route". */
const unreadHop = (prefix: Cidr, place: Place, id = `target of ${prefix}`): NextHop =>
  alternatives(say("a target of an unknown kind", "未知类型的目标"), [
    unknown(
      [step(missingIsUnknown, { id }, "the route names no target that is known here", "该路由的目标类型未知")],
      [
        open(
          `unknown-target:${id}`,
          say("what this target does is not known", "该目标的行为未知"),
          askRouteTables(place),
        ),
      ],
    ),
  ]);

/** The VPN connections and virtual interfaces of a gateway: what the user knows it by. */
function privateGatewayWays(world: World, id: string, prefix: Cidr): readonly Way[] {
  const lines = [
    ...[...world.all.vpnConnections.values()].filter(({ value }) => value.VpnGatewayId === id),
    ...[...world.all.virtualInterfaces.values()].filter(({ value }) => value.virtualGatewayId === id),
  ].map((line) => line.id);
  const more = lines.length === 0 ? same("") : { en: ` (${lines.join(", ")})`, zh: `（${lines.join("、")}）` };
  const text = say(`the virtual private gateway ${id}${more.en}`, `虚拟私有网关 ${id}${more.zh}`);
  return linkWays(id, text, prefix, privateGatewayKeeps);
}

const cloudWanWays = (arn: string, { zone }: Place, prefix: Cidr): readonly Way[] =>
  unseenWays(arn.slice(arn.lastIndexOf("/") + 1), prefix, cloudWan, askAttachments("the core network", zone));

const egressOnly = (world: World, { subnet }: Place, id: string): NextHop =>
  passing({
    id: `${id}/${subnet}`,
    name: id,
    resource: id,
    rule: egressOnlyGateway,
    text: say(`the egress-only internet gateway ${id}`, `仅出口互联网网关 ${id}`),
    says: say(`${id} keeps the IPv6 source`, `${id} 保留 IPv6 源地址`),
    egress: () =>
      straightTo({
        filters: [...blockedAccess(world, subnet, false), PORT_25],
        offers: [IPV6],
        none: [
          blocked([
            step(egressOnlyGateway, { id }, `${id} carries only global IPv6 addresses`, `${id} 只承载全局 IPv6 地址`),
          ]),
        ],
      }),
  });

/** Straight out, whatever the destination. */
const straightTo = (internet: Internet) => ({
  filters: [],
  internet,
  routes: {
    id: "aws/straight",
    stages: [
      {
        kind: "longest-prefix" as const,
        routes: [EVERY_IPV4, EVERY_IPV6].map((prefix) =>
          fixed(prefix, { kind: "internet", text: say("the outside", "外部") }, internetGateway, "gateway"),
        ),
        orders: [[]],
        ties: { kind: "together" as const, rule: internetGateway },
        gaps: [],
      },
    ],
    none: step(longestPrefix, null, "no route", "没有路由"),
  },
});

/** Wavelength and Outposts: an address of the carrier, or one of the customer. */
function edgeHop(world: World, { vpc }: Place, id: string, member: "CarrierIp" | "CustomerOwnedIp"): NextHop {
  const text = say(`the gateway ${id}`, `网关 ${id}`);
  const offers = (world.enisOfVpc.get(vpc) ?? []).flatMap((eni) =>
    eni.privates.flatMap(({ address, association }) => {
      const seen = boundBy(association, member);
      if (seen === null) return [];
      const why = step(carrierAddress, eni, `${id} swaps ${address} for ${seen}`, `${id} 把 ${address} 换成 ${seen}`);
      return [
        {
          translator: "instance-public-ip" as const,
          resource: eni.id,
          match: { sources: [hostCidr(address)] },
          step: why,
          alternatives: [
            translated({ addresses: setOf(seen), stability: "unknown" }, "instance-public-ip", eni.id, []),
          ],
        },
      ];
    }),
  );
  const none = [
    blocked([step(carrierAddress, { id }, `${id} has no address for this source`, `${id} 没有该源地址对应的地址`)]),
  ];
  return passing({
    id,
    name: id,
    resource: id,
    rule: carrierAddress,
    text,
    says: say(`${id} shows the address bound to the source`, `${id} 显示与源地址绑定的地址`),
    egress: () => straightTo({ filters: [PORT_25], offers, none }),
  });
}

const boundBy = (association: RawAssociation | null, member: "CarrierIp" | "CustomerOwnedIp"): Ip | null =>
  association?.[member] || null;

function interfaceHop(world: World, id: string, place: Place): NextHop {
  const eni = world.enis.get(id);
  return eni === undefined ? unknownHop(id, askInterface(id, place.zone)) : applianceHop(world, eni);
}

function instanceHop(world: World, id: string, place: Place): NextHop {
  const [first] = world.enisOfInstance.get(id) ?? [];
  return first === undefined ? unknownHop(id, askInterface(id, place.zone)) : applianceHop(world, first);
}

/** Route Server: an appliance announced itself as next hop. */
function addressHop(world: World, place: Place, text: string): NextHop {
  const ip = parseIp(text);
  const eni = (world.enisOfVpc.get(place.vpc) ?? []).find(({ privates }) =>
    privates.some(({ address }) => address === ip),
  );
  return eni === undefined ? unknownHop(text, askInterface(text, place.zone)) : applianceHop(world, eni);
}
