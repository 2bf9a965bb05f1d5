import { EVERY_IPV4, EVERY_IPV6 } from "../../../address/cidr.ts";
import type { Filter, Gap } from "../../../model/egress.ts";
import type { Match, Protocol } from "../../../model/flow.ts";
import type { Found } from "../read/inventory.ts";
import type { RawNetworkAcl } from "../read/raw.ts";
import { networkAcl } from "../rules/filters.ts";
import { askNetworkAcls } from "./ask.ts";
import type { Place } from "./place.ts";
import { byDefault, open, say } from "./say.ts";
import type { World } from "./world.ts";

type Entry = RawNetworkAcl["Entries"][number];

const aclOf = (world: World, subnet: string): Found<RawNetworkAcl> | undefined =>
  [...world.all.networkAcls.values()].find(({ value }) =>
    value.Associations.some(({ SubnetId }) => SubnetId === subnet),
  );

/** Of a network ACL that was not exported: the one that comes with a VPC allows everything. */
export function networkAclGaps(world: World, { subnet, zone }: Place): readonly Gap[] {
  if (subnet === null || aclOf(world, subnet) !== undefined) return [];
  return [
    {
      harmless: byDefault(
        "no-network-acl",
        say(
          "no network ACL denies it (that of the subnet was not exported)",
          "没有网络 ACL 拒绝（未导出该子网的网络 ACL）",
        ),
        askNetworkAcls(zone),
      ),
      otherwise: [],
    },
  ];
}

const made = new WeakMap<World, Map<string, readonly Filter[]>>();

/**
 * What the network ACL of a subnet lets out: first match by number. What stays in the subnet does not meet it, and what
 * it does to answers changes no source.
 */
export function networkAclFilters(world: World, { subnet }: Place): readonly Filter[] {
  if (subnet === null) return [];
  const bySubnet = made.get(world) ?? new Map<string, readonly Filter[]>();
  made.set(world, bySubnet);
  const filters = bySubnet.get(subnet) ?? compile(world, subnet);
  bySubnet.set(subnet, filters);
  return filters;
}

function compile(world: World, subnet: string): readonly Filter[] {
  const found = aclOf(world, subnet);
  if (found === undefined || allowsAll(found.value)) return [];
  const base = { rule: networkAcl, resource: found.id, origin: found.origin };
  const inside = world.all.subnets.get(subnet)?.value;
  const own = [
    inside?.CidrBlock,
    ...(inside?.Ipv6CidrBlockAssociationSet ?? []).map(({ Ipv6CidrBlock }) => Ipv6CidrBlock),
  ].flatMap((cidr) => cidr || []);
  return [
    {
      ...base,
      match: { destinations: own },
      action: "allow",
      text: say(`it stays in ${subnet}`, `流量不出 ${subnet}`),
    },
    ...egressOf(found.value).flatMap((entry) => filterOf(found, entry)),
    {
      ...base,
      match: {},
      action: "deny",
      text: say(`no rule of the network ACL ${found.id} allows it`, `网络 ACL ${found.id} 没有放行该流量的规则`),
    },
  ];
}

const egressOf = ({ Entries }: RawNetworkAcl): readonly Entry[] =>
  Entries.filter(({ Egress }) => Egress).sort((a, b) => a.RuleNumber - b.RuleNumber);

function filterOf(found: Found<RawNetworkAcl>, entry: Entry): readonly Filter[] {
  const match = matchOf(entry);
  const prefix = entry.CidrBlock || entry.Ipv6CidrBlock;
  if (match === null || !prefix) return [];
  const isAllow = entry.RuleAction === "allow";
  const type = entry.IcmpTypeCode?.Type ?? -1;
  return [
    {
      match: { ...match, destinations: [prefix] },
      action: isAllow ? "allow" : "deny",
      rule: networkAcl,
      resource: found.id,
      origin: found.origin,
      text: say(
        `rule ${entry.RuleNumber} of the network ACL ${found.id} ${isAllow ? "allows" : "denies"} it`,
        `网络 ACL ${found.id} 的规则 ${entry.RuleNumber} ${isAllow ? "放行" : "拒绝"}该流量`,
      ),
      ...(match.protocols?.includes("icmp") && type !== -1 ? { perhaps: ofType(type) } : {}),
    },
  ];
}

const ofType = (type: number) => ({
  applies: open(`icmp-type-is:${type}`, say(`the ICMP type is ${type}`, `ICMP 类型是 ${type}`)),
  not: open(`icmp-type-is-not:${type}`, say(`the ICMP type is not ${type}`, `ICMP 类型不是 ${type}`)),
});

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_NetworkAclEntry.html; null: for other protocols. */
function matchOf({ Protocol: number, PortRange }: Entry): Match | null {
  if (number === "-1") return {};
  const protocol = PROTOCOLS[number ?? ""];
  if (protocol === undefined) return null;
  const { From: first, To: last } = PortRange ?? {};
  const isWhole = protocol === "icmp" || typeof first !== "number" || typeof last !== "number";
  return {
    protocols: [protocol],
    ...(isWhole || (first === 0 && last === 65_535) ? {} : { ports: [{ first, last }] }),
  };
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = { "1": "icmp", "6": "tcp", "17": "udp", "58": "icmp" };

/** Its first rule for each family allows everything. */
function allowsAll(acl: RawNetworkAcl): boolean {
  const egress = egressOf(acl);
  const first4 = egress.find(({ CidrBlock }) => CidrBlock);
  const first6 = egress.find(({ Ipv6CidrBlock }) => Ipv6CidrBlock);
  const isOpen = (entry: Entry | undefined): boolean =>
    entry?.RuleAction === "allow" &&
    entry.Protocol === "-1" &&
    (entry.CidrBlock === EVERY_IPV4 || entry.Ipv6CidrBlock === EVERY_IPV6);
  return isOpen(first4) && (first6 === undefined || isOpen(first6));
}
