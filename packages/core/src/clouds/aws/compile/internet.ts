import { setOf } from "../../../address/address-set.ts";
import { cidrs, hostCidr } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import { type Alternative, type Filter, type Internet, KEEPS_SOURCE, type Offer } from "../../../model/egress.ts";
import type { Stability } from "../../../model/identity.ts";
import type { RawAssociation } from "../read/raw.ts";
import { port25, publicAccessBlocked } from "../rules/filters.ts";
import {
  autoAssigned,
  elasticAddress,
  ipv6IsSeen,
  lambdaInVpc,
  noPublicAddress,
  onePublicPerPrivate,
  publicAddressAtGateway,
} from "../rules/interfaces.ts";
import { ask, askInterface } from "./ask.ts";
import type { Place } from "./place.ts";
import { blocked, byDefault, open, say, step, translated, unknown } from "./say.ts";
import { type Eni, eniLabel, type World } from "./world.ts";

/** Global unicast: what the internet carries of IPv6. https://www.iana.org/assignments/ipv6-unicast-address-assignments */
const GLOBAL_IPV6 = cidrs("2000::/3");

/** What the internet gateway does for one interface's own addresses. */
export const internetOfEni = (world: World, eni: Eni): Internet => ({
  filters: [...blockedAccess(world, eni.place.subnet, true), PORT_25],
  offers: [...publicOffers(world, eni), IPV6],
  none: [withoutPublic(world, eni)],
});

/** The same for everything in a VPC, met by what others send on from one of its subnets. */
export function internetFrom(world: World, { vpc, subnet }: Place): Internet {
  const internet = world.internetOf(vpc);
  return { ...internet, filters: [...blockedAccess(world, subnet, true), ...internet.filters] };
}

export const internetOfVpc = (world: World, vpc: string): Internet => ({
  filters: [PORT_25],
  offers: [...(world.enisOfVpc.get(vpc) ?? []).flatMap((eni) => publicOffers(world, eni)), IPV6],
  none: [
    blocked([
      step(
        noPublicAddress,
        null,
        `nothing in ${vpc} maps this source to a public address: the internet gateway drops it`,
        `${vpc} 中没有把该源地址映射到公网地址的绑定：互联网网关会丢弃`,
      ),
    ]),
  ],
});

function publicOffers(world: World, eni: Eni): readonly Offer[] {
  return eni.privates.flatMap(({ address, primary, association }) => {
    const seen = association?.PublicIp;
    return association === null || !seen ? [] : [offerOf(world, eni, { address, primary, association, seen })];
  });
}

interface Bound {
  readonly address: Ip;
  readonly primary: boolean;
  readonly association: RawAssociation;
  readonly seen: Ip;
}

function offerOf(world: World, eni: Eni, { address, primary, association, seen }: Bound): Offer {
  const { resource, stability } = allocationOf(world, association, seen);
  const why =
    stability === "static"
      ? step(elasticAddress, eni, `${seen} is an Elastic IP of ${address}`, `${seen} 是 ${address} 的弹性 IP`)
      : step(
          autoAssigned,
          eni,
          `${seen} was assigned automatically and goes when the instance stops`,
          `${seen} 是自动分配的，停止实例后即释放`,
        );
  const applies = step(
    primary ? publicAddressAtGateway : onePublicPerPrivate,
    eni,
    `the internet gateway swaps ${address} for ${seen}`,
    `互联网网关把 ${address} 换成 ${seen}`,
  );
  return {
    translator: "instance-public-ip",
    resource,
    match: { sources: [hostCidr(address)] },
    step: { ...applies, resource: eni.id },
    alternatives: [translated({ addresses: setOf(seen), stability }, "instance-public-ip", resource, [why])],
  };
}

/** The owner tells: `amazon` for one assigned automatically, an account for an Elastic IP. */
export function allocationOf(
  world: World,
  { AllocationId, IpOwnerId }: Pick<RawAssociation, "AllocationId" | "IpOwnerId">,
  seen: Ip,
): { readonly resource: string | null; readonly stability: Stability } {
  const allocation = AllocationId ?? world.allocations.get(seen)?.value.AllocationId ?? null;
  if (allocation !== null) return { resource: allocation, stability: "static" };
  if (IpOwnerId === "amazon") return { resource: null, stability: "ephemeral" };
  return { resource: null, stability: IpOwnerId ? "static" : "unknown" };
}

/** IPv6 keeps its source wherever it goes. */
export const IPV6: Offer = {
  translator: "other",
  resource: null,
  match: { sources: GLOBAL_IPV6 },
  step: step(ipv6IsSeen, null, "IPv6 is not translated", "IPv6 不做地址转换"),
  alternatives: [{ identity: KEEPS_SOURCE, assumptions: [], steps: [] }],
};

function withoutPublic(world: World, eni: Eni): Alternative {
  if (eni.value.InterfaceType === "lambda") return functionWithout(eni);
  const state = world.all.instances.get(eni.instance ?? "")?.value.State?.Name ?? "running";
  const siblings = world.enisOfInstance.get(eni.instance ?? "") ?? [];
  return state === "running" || siblings.length > 1 ? nothingFor(eni) : notRunning(eni, state);
}

/** What was assigned automatically is released by a stop, and assigned anew by a start. */
const notRunning = (eni: Eni, state: string): Alternative =>
  unknown(
    [
      step(
        autoAssigned,
        eni,
        `${eni.instance} is ${state}: a start may give it a public address`,
        `${eni.instance} 的状态为 ${state}：启动后可能获得公网地址`,
      ),
    ],
    [
      open(
        `address-after-start:${eni.id}`,
        say(`the address of ${eni.id} after a start is not known`, `${eni.id} 启动后的地址未知`),
        askInterface(eni.id, eni.place.zone),
      ),
    ],
  );

const nothingFor = (eni: Eni) =>
  blocked([
    step(
      noPublicAddress,
      eni,
      `this address of ${eniLabel(eni)} has no public address: the internet gateway drops what it sends`,
      `${eniLabel(eni)} 的该地址没有公网地址：互联网网关会丢弃它发出的流量`,
    ),
  ]);

const functionWithout = (eni: Eni) =>
  blocked([
    step(
      lambdaInVpc,
      eni,
      `${eniLabel(eni)} belongs to a function, which never gets a public address: the internet gateway drops what it sends`,
      `${eniLabel(eni)} 属于函数，函数不会获得公网地址：互联网网关会丢弃它发出的流量`,
    ),
  ]);

/** Block Public Access, as the subnet shows it. @param direct by an address of an interface, not by a NAT gateway */
export function blockedAccess(world: World, subnet: string | null, direct: boolean): readonly Filter[] {
  const found = world.all.subnets.get(subnet ?? "");
  const mode = found?.value.BlockPublicAccessStates?.InternetGatewayBlockMode ?? "off";
  const applies = mode === "block-bidirectional" || (mode === "block-ingress" && direct);
  if (found === undefined || !applies) return [];
  return [
    {
      match: {},
      action: "deny",
      rule: publicAccessBlocked,
      resource: found.id,
      text: say(
        `public access of ${found.id} is blocked (${mode}): the internet gateway drops it`,
        `${found.id} 已阻止公有访问（${mode}）：互联网网关会丢弃`,
      ),
      origin: found.origin,
    },
  ];
}

const askPort25 = ask(
  "nc -vz -w 5 MAIL-SERVER 25",
  say("connect to port 25 of any mail server from the instance", "请从实例连接任一邮件服务器的 25 端口"),
  say("whether the account may send mail directly", "该账户能否直接发送邮件"),
);

/** Mail to the internet, whichever way it takes there. */
export const PORT_25: Filter = {
  match: { protocols: ["tcp"], ports: [{ first: 25, last: 25 }] },
  action: "deny",
  rule: port25,
  resource: null,
  origin: null,
  text: say("AWS restricts TCP port 25 to the internet", "AWS 限制到互联网的 TCP 25 端口"),
  unless: {
    holds: byDefault(
      "port-25-restricted",
      say("the restriction of port 25 was not removed for this account", "该账户没有申请解除 25 端口限制"),
      askPort25,
    ),
    lifted: open(
      "port-25-open",
      say("the restriction of port 25 was removed for this account", "该账户已获准解除 25 端口限制"),
      askPort25,
    ),
  },
};

/** In a VPC that the packet only passes: no address of its sender is bound there. */
export const NO_INTERNET: Internet = {
  filters: [],
  offers: [],
  none: [
    blocked([
      step(
        noPublicAddress,
        null,
        "the sender has no public address in this VPC: its internet gateway drops it",
        "发送方在该 VPC 中没有公网地址：其互联网网关会丢弃",
      ),
    ]),
  ],
};
