import { type Cidr, cidrCovers } from "../../../address/cidr.ts";
import type { Link, NextHop } from "../../../model/egress.ts";
import type { RawPeering } from "../read/raw.ts";
import { peeringKeeps } from "../rules/targets.ts";
import { ask, ec2 } from "./ask.ts";
import type { Place } from "./place.ts";
import { PUBLIC } from "./ranges.ts";
import { blocked, byDefault, open, say, step } from "./say.ts";
import type { World } from "./world.ts";

/** A peered VPC sees the private source, and nothing goes on from it to a gateway of its own. */
export function peeringHop(world: World, place: Place, id: string): NextHop {
  const found = world.all.peerings.get(id);
  const state = found?.value.Status?.Code ?? "active";
  const text = say(`the VPC peering ${id}`, `VPC 对等连接 ${id}`);
  if (state !== "active")
    return {
      kind: "drop",
      rule: peeringKeeps,
      text: say(`the VPC peering ${id}, which is ${state}`, `VPC 对等连接 ${id}，其状态为 ${state}`),
    };
  const inside = found === undefined ? [] : rangesOfPeer(found.value, place.vpc);
  const link: Link = {
    name: id,
    resource: id,
    text,
    keeps: peeringKeeps,
    offers: inside.length === 0 ? [] : [outside(id, inside)],
    beyond: inside.length === 0 ? presumedInside(id, place) : [],
  };
  return { kind: "link", link };
}

const outside = (id: string, inside: readonly Cidr[]): Link["offers"][number] => {
  const why = step(
    peeringKeeps,
    { id },
    `the destination is not in the VPC behind ${id}, and no gateway of that VPC can be used through it`,
    `目的地不在 ${id} 后的 VPC 内，且不能借用该 VPC 的网关`,
  );
  return {
    translator: "other",
    resource: id,
    match: { exceptDestinations: inside },
    step: why,
    alternatives: [blocked([])],
  };
};

/** Which ranges are behind it was not exported. A network seldom has public ones: of those it is as likely that nothing arrives. */
function presumedInside(id: string, { zone }: Place): Link["beyond"] {
  const how = ask(
    ec2(`describe-vpc-peering-connections --vpc-peering-connection-ids ${id}`, zone),
    say(`export the peering ${id}`, `导出对等连接 ${id}`),
    say("which ranges are behind it", "其后有哪些地址段"),
  );
  const within = say(`the destination is in the VPC behind ${id}`, `目的地在 ${id} 后的 VPC 内`);
  const beyond = say(`the destination is not in the VPC behind ${id}`, `目的地不在 ${id} 后的 VPC 内`);
  const why = step(
    peeringKeeps,
    { id },
    `no gateway of the VPC behind ${id} can be used through it`,
    `不能借用 ${id} 后 VPC 的网关`,
  );
  const nothing = { ...blocked([why]), assumptions: [open(`not-in-peer:${id}`, beyond, how)] };
  return [
    { harmless: byDefault(`in-peer:${id}`, within, how), otherwise: [] },
    { destinations: PUBLIC, harmless: open(`in-peer-public:${id}`, within, how), otherwise: [nothing] },
  ];
}

/** The side that is not this VPC; its main range is repeated in the set. */
function rangesOfPeer({ AccepterVpcInfo, RequesterVpcInfo }: RawPeering, vpc: string): readonly Cidr[] {
  const far = AccepterVpcInfo?.VpcId === vpc ? RequesterVpcInfo : AccepterVpcInfo;
  const ranges = [
    far?.CidrBlock,
    ...(far?.CidrBlockSet ?? []).map(({ CidrBlock }) => CidrBlock),
    ...(far?.Ipv6CidrBlockSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
  ].flatMap((cidr) => cidr || []);
  return ranges.filter((one, index) => !ranges.some((other, at) => at < index && cidrCovers(other, one)));
}
