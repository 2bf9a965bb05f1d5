import { setOf } from "../../../address/address-set.ts";
import { EVERY_IPV6 } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type {
  Alternative,
  Appliance,
  ApplianceBehaviour,
  Egress,
  Internet,
  NextHop,
  Offer,
} from "../../../model/egress.ts";
import type { Stability } from "../../../model/identity.ts";
import type { Step } from "../../../model/outcome.ts";
import type { Found } from "../read/inventory.ts";
import type { RawNatGateway } from "../read/raw.ts";
import {
  natAnyAddress,
  natAppliance,
  natByItsGateway,
  natBySubnet,
  natGrows,
  natNoIpv6,
  natPrivate,
  natRegional,
  natState,
} from "../rules/nat.ts";
import { askNatGateway, notExported } from "./ask.ts";
import { alternatives, unknownHop } from "./hops.ts";
import { blockedAccess, PORT_25 } from "./internet.ts";
import { nat64Table } from "./nat64.ts";
import { networkAclFilters } from "./network-acl.ts";
import type { Place } from "./place.ts";
import { NAT64 } from "./ranges.ts";
import { regionalTable } from "./regional-nat.ts";
import { blocked, open, say, step, translated, unknown, unpredictable } from "./say.ts";
import { labelOf, placeOfSubnet, type World } from "./world.ts";

type Address = RawNatGateway["NatGatewayAddresses"][number];

/** What a NAT gateway does for what comes from a place. Its own subnet's routes apply to what it has translated. */
export function natHop(world: World, id: string, from: Place): NextHop {
  const found = world.all.natGateways.get(id);
  if (found === undefined) return unknownHop(id, askNatGateway(id, from.zone));
  const label = labelOf(found);
  const state = found.value.State ?? "available";
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NatGateway.html
  if (state === "pending")
    return alternatives(say(`the NAT gateway ${label}`, `NAT 网关 ${label}`), [unfinished(found, from)]);
  if (state !== "available")
    return {
      kind: "drop",
      rule: natState,
      text: say(`the NAT gateway ${label}, which is ${state}`, `NAT 网关 ${label}，其状态为 ${state}`),
    };
  const usable = found.value.NatGatewayAddresses.filter(({ Status }) => IN_USE.has(Status ?? "succeeded"));
  const text = say(`the NAT gateway ${label}`, `NAT 网关 ${label}`);
  const gateway = isRegional(found) ? regional(world, found, usable, from) : zonal(world, found, usable);
  if (gateway === null) return alternatives(text, [incomplete(found, from)]);
  return { kind: "appliance", text, appliances: [gateway] };
}

/** What is being added carries new connections as soon as that is done: a list without it would hold for moments. */
const IN_USE: ReadonlySet<string> = new Set(["succeeded", "associating", "assigning"]);

/** Old connections alone, until they end or time is up: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateNatGatewayAddress.html */
const LEAVING: ReadonlySet<string> = new Set(["disassociating", "unassigning"]);

const leavingOf = (found: Found<RawNatGateway>): readonly Ip[] =>
  isRegional(found)
    ? []
    : addressesOf(
        found.value.NatGatewayAddresses.filter(({ Status }) => LEAVING.has(Status ?? "")),
        "PublicIp",
      );

const isRegional = ({ value }: Found<RawNatGateway>): boolean => value.AvailabilityMode === "regional";

const isPrivate = ({ value }: Found<RawNatGateway>): boolean => value.ConnectivityType === "private";

const unfinished = (found: Found<RawNatGateway>, from: Place): Alternative =>
  unknown(
    [step(natState, found, `${found.id} was being created when it was exported`, `导出时 ${found.id} 正在创建`)],
    [
      open(
        `being-created:${found.id}`,
        say(`with which addresses ${found.id} becomes available is not known`, `不知道 ${found.id} 可用后使用哪些地址`),
        askNatGateway(found.id, from.zone),
      ),
    ],
  );

const incomplete = (found: Found<RawNatGateway>, from: Place): Alternative =>
  unknown(
    [step(natState, found, `the export shows no usable address of ${found.id}`, `导出中没有 ${found.id} 的可用地址`)],
    [notExported(`address-of:${found.id}`, askNatGateway(found.id, from.zone))],
  );

function zonal(world: World, found: Found<RawNatGateway>, usable: readonly Address[]): Appliance | null {
  const { SubnetId, VpcId } = found.value;
  const inside = addressesOf(usable, "PrivateIp");
  const seen = addressesOf(usable, "PublicIp");
  if (!SubnetId || inside.length === 0 || (seen.length === 0 && !isPrivate(found))) return null;
  const place = placeOfSubnet(world.all, SubnetId, VpcId ?? "");
  const egress = (): Egress => ({
    filters: networkAclFilters(world, place),
    routes: nat64Table(world.tableAt(place)),
    internet: internetOfNat(world, found, place, isPrivate(found) ? null : { seen, stability: "static" }),
  });
  return applianceOf(found, inside, egress);
}

/** Translates to its private addresses; an internet gateway then swaps those for the public ones. */
function applianceOf(found: Found<RawNatGateway>, inside: readonly Ip[], egress: () => Egress): Appliance {
  const label = labelOf(found);
  const does = {
    kind: "sends-as",
    sources: inside,
    complete: true,
    translator: "nat-gateway",
    assumptions: [],
    steps: [],
  } as const;
  const says = step(
    natBySubnet,
    found,
    `the NAT gateway ${label} sends it from ${inside.join(", ")}, by the routes of its own subnet`,
    `NAT 网关 ${label} 以 ${inside.join("、")} 发出，按其所在子网的路由转发`,
  );
  const own = remember(egress);
  return {
    id: found.id,
    name: label,
    resource: found.id,
    behaviours: [ipv6Dropped(found), { match: {}, step: says, does: [does] }],
    get egress() {
      return own();
    },
  };
}

const ipv6Dropped = (found: Found<RawNatGateway>): ApplianceBehaviour => ({
  match: { destinations: [EVERY_IPV6], exceptDestinations: NAT64 },
  step: step(
    natNoIpv6,
    found,
    `the NAT gateway ${labelOf(found)} does not carry IPv6`,
    `NAT 网关 ${labelOf(found)} 不承载 IPv6`,
  ),
  does: [{ kind: "answers", alternative: blocked([]) }],
});

function remember<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

interface Public {
  readonly seen: readonly Ip[];
  readonly stability: Stability;
}

function internetOfNat(world: World, found: Found<RawNatGateway>, place: Place | null, shown: Public | null): Internet {
  const filters = [...(place === null ? [] : blockedAccess(world, place.subnet, false)), PORT_25];
  if (shown === null) return { filters, offers: [], none: [dropped(found)] };
  const { seen, stability } = shown;
  return { filters, offers: [...attached(found, seen), offerOf(found, seen, stability)], none: [dropped(found)] };
}

const dropped = (found: Found<RawNatGateway>): Alternative =>
  blocked([
    step(
      natPrivate,
      found,
      `the NAT gateway ${labelOf(found)} is private: an internet gateway drops what it sends`,
      `NAT 网关 ${labelOf(found)} 是私有的：互联网网关会丢弃它发出的流量`,
    ),
  ]);

function offerOf(found: Found<RawNatGateway>, seen: readonly Ip[], stability: Stability): Offer {
  const label = labelOf(found);
  return {
    translator: "nat-gateway",
    resource: found.id,
    match: {},
    step: step(
      natByItsGateway,
      found,
      `the internet gateway shows the public address of the NAT gateway ${label}`,
      `互联网网关显示 NAT 网关 ${label} 的公网地址`,
    ),
    alternatives: [
      translated(
        { addresses: setOf(...seen), draining: setOf(...leavingOf(found)), stability },
        "nat-gateway",
        found.id,
        stepsFor(found, seen, stability),
      ),
    ],
  };
}

function stepsFor(found: Found<RawNatGateway>, seen: readonly Ip[], stability: Stability): readonly Step[] {
  const label = labelOf(found);
  const several = step(
    natAnyAddress,
    found,
    `any of the ${seen.length} addresses of ${label} may be used`,
    `${label} 的 ${seen.length} 个地址都可能被使用`,
  );
  const grows = step(
    natGrows,
    found,
    `${label} gets further addresses by itself: the set may grow`,
    `${label} 会自动增加地址：地址集合可能扩大`,
  );
  return [...(seen.length > 1 ? [several] : []), ...(stability === "changing" ? [grows] : [])];
}

/** Nobody documents what an attached appliance does to web traffic. */
function attached(found: Found<RawNatGateway>, seen: readonly Ip[]): readonly Offer[] {
  if ((found.value.AttachedAppliances ?? []).length === 0) return [];
  const label = labelOf(found);
  const passes = open(
    `attached-appliance-passes:${found.id}`,
    say(`the appliance attached to ${label} passes it on`, `附加在 ${label} 上的设备原样转发`),
  );
  const anew = open(
    `attached-appliance-sends:${found.id}`,
    say(`the appliance attached to ${label} sends it anew`, `附加在 ${label} 上的设备重新发起连接`),
  );
  return [
    {
      translator: "proxy",
      resource: found.id,
      match: { protocols: ["tcp"], ports: [80, 443].map((port) => ({ first: port, last: port })) },
      step: step(natAppliance, found, `${label} has an appliance attached`, `${label} 附加了设备`),
      alternatives: [unpredictable("proxy", found.id, [], [anew], setOf(...seen))],
      fallsThrough: passes,
    },
  ];
}

/** Of a regional gateway the addresses of the client's own zone count. */
function regional(
  world: World,
  found: Found<RawNatGateway>,
  usable: readonly Address[],
  from: Place,
): Appliance | null {
  const own = usable.filter(
    ({ AvailabilityZone: zone, AvailabilityZoneId: zoneId }) =>
      (from.zoneId !== null && zoneId === from.zoneId) || (from.zone !== null && zone === from.zone),
  );
  const seen = addressesOf(own, "PublicIp");
  if (seen.length === 0) return elsewhere(world, found, usable, from);
  return regionalAppliance(world, found, from, { seen, stability: stabilityOf(found) });
}

/** Automatic modes add addresses when ports run out or a zone is new. */
const stabilityOf = ({ value }: Found<RawNatGateway>): Stability =>
  value.AutoScalingIps === "enabled" || value.AutoProvisionZones === "enabled" ? "changing" : "static";

/** No address of the client's zone: what serves it until one is added was not found in any page. */
function elsewhere(
  world: World,
  found: Found<RawNatGateway>,
  usable: readonly Address[],
  from: Place,
): Appliance | null {
  const seen = addressesOf(usable, "PublicIp");
  if (seen.length === 0) return null;
  const gateway = regionalAppliance(world, found, from, { seen, stability: "changing" });
  const question = open(
    `zone-of-regional-nat:${found.id}`,
    say(
      `${found.id} has no address in the zone of the sender (${from.zone ?? "unknown"}); one of its other zones serves it`,
      `${found.id} 在发送方所在可用区（${from.zone ?? "未知"}）没有地址；由其他可用区的地址提供服务`,
    ),
    askNatGateway(found.id, from.zone),
  );
  return {
    ...gateway,
    behaviours: gateway.behaviours.map((behaviour) => ({
      ...behaviour,
      does: behaviour.does.map((one) => (one.kind === "answers" ? one : { ...one, assumptions: [question] })),
    })),
    get egress() {
      return gateway.egress;
    },
  };
}

function regionalAppliance(world: World, found: Found<RawNatGateway>, from: Place, shown: Public): Appliance {
  const label = labelOf(found);
  const says = step(
    natRegional,
    found,
    `the regional NAT gateway ${label} uses the addresses of the sender's zone ${from.zone ?? from.zoneId ?? "?"}`,
    `区域 NAT 网关 ${label} 使用发送方所在可用区 ${from.zone ?? from.zoneId ?? "?"} 的地址`,
  );
  const own = remember(
    (): Egress => ({
      filters: [],
      routes: regionalTable(world, found, from),
      internet: internetOfNat(world, found, null, shown),
    }),
  );
  return {
    // Each zone has addresses of its own.
    id: `${found.id}/${from.zone ?? from.zoneId}`,
    name: label,
    resource: found.id,
    behaviours: [
      ipv6Dropped(found),
      { match: {}, step: says, does: [{ kind: "forwards", assumptions: [], steps: [] }] },
    ],
    get egress() {
      return own();
    },
  };
}

const addressesOf = (list: readonly Address[], member: "PublicIp" | "PrivateIp"): readonly Ip[] => [
  ...new Set(list.flatMap((address) => (address[member] ? [address[member]] : []))),
];
