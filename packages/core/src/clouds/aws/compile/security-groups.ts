import { type Cidr, EVERY_IPV4, EVERY_IPV6 } from "../../../address/cidr.ts";
import type { Filter } from "../../../model/egress.ts";
import type { Match, Protocol } from "../../../model/flow.ts";
import type { Found } from "../read/inventory.ts";
import type { RawSecurityGroup } from "../read/raw.ts";
import { securityGroups } from "../rules/filters.ts";
import { askSecurityGroups } from "./ask.ts";
import { byDefault, open, say } from "./say.ts";
import { type Eni, eniLabel, type World } from "./world.ts";

type Permission = RawSecurityGroup["IpPermissionsEgress"][number];

/** What the security groups of an interface let out; of those that were not exported, everything, as they do by default. */
export function securityFilters(world: World, eni: Eni): readonly Filter[] {
  const ids = (eni.value.Groups ?? []).flatMap(({ GroupId }) => GroupId ?? []);
  if (ids.length === 0) return [];
  const found = ids.flatMap((id) => world.all.securityGroups.get(id) ?? []);
  const permissions = found.flatMap(({ value }) => value.IpPermissionsEgress);
  if (permissions.some((one) => isOpen(one, 4)) && permissions.some((one) => isOpen(one, 6))) return [];
  const allowed = permissions.flatMap((permission) => allowing(world, eni, permission));
  if (found.length < ids.length) return [...allowed, notExported(eni, ids)];
  const [first] = found;
  const uncertain = permissions.some((permission) => namesOthers(world, permission));
  return [...allowed, denied(eni, first, uncertain)];
}

const isOpen = (permission: Permission, family: 4 | 6): boolean =>
  permission.IpProtocol === "-1" && prefixesOf(permission).includes(family === 4 ? EVERY_IPV4 : EVERY_IPV6);

const prefixesOf = ({ IpRanges, Ipv6Ranges }: Permission): readonly Cidr[] => [
  ...(IpRanges ?? []).map(({ CidrIp }) => CidrIp),
  ...(Ipv6Ranges ?? []).map(({ CidrIpv6 }) => CidrIpv6),
];

const listsOf = (world: World, { PrefixListIds }: Permission): readonly (readonly Cidr[] | undefined)[] =>
  (PrefixListIds ?? []).map(({ PrefixListId }) => world.all.entries.get(PrefixListId ?? ""));

/** Members of other groups, or a prefix list that was not exported: who they are is not known. */
const namesOthers = (world: World, permission: Permission): boolean =>
  (permission.UserIdGroupPairs ?? []).length > 0 || listsOf(world, permission).some((list) => list === undefined);

function allowing(world: World, eni: Eni, permission: Permission): readonly Filter[] {
  const match = matchOf(permission);
  const destinations = [...prefixesOf(permission), ...listsOf(world, permission).flatMap((list) => list ?? [])];
  if (match === null || destinations.length === 0) return [];
  return [
    {
      match: { ...match, destinations },
      action: "allow",
      rule: securityGroups,
      resource: eni.id,
      text: say("a security group allows it", "安全组放行"),
      origin: eni.origin,
    },
  ];
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html; null: for other protocols. */
function matchOf({ IpProtocol, FromPort, ToPort }: Permission): Match | null {
  if (IpProtocol === "-1") return {};
  const protocol = PROTOCOLS[IpProtocol ?? ""];
  if (protocol === undefined) return null;
  const isWhole = protocol === "icmp" || typeof FromPort !== "number" || typeof ToPort !== "number" || FromPort < 0;
  return { protocols: [protocol], ...(isWhole ? {} : { ports: [{ first: FromPort, last: ToPort }] }) };
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  tcp: "tcp",
  "6": "tcp",
  udp: "udp",
  "17": "udp",
  icmp: "icmp",
  "1": "icmp",
  icmpv6: "icmp",
  "58": "icmp",
};

const denied = (eni: Eni, group: Found<unknown> | undefined, uncertain: boolean): Filter => ({
  match: {},
  action: "deny",
  rule: securityGroups,
  resource: group?.id ?? eni.id,
  text: say(`no security group of ${eniLabel(eni)} allows it`, `${eniLabel(eni)} 的安全组均未放行`),
  origin: group?.origin ?? eni.origin,
  ...(uncertain
    ? {
        unless: {
          holds: open(
            `not-in-named-group:${group?.id}`,
            say("the destination is not in a group or list that the rules name", "目的地不在规则所指的安全组或列表中"),
          ),
          lifted: open(
            `in-named-group:${group?.id}`,
            say("the destination is in a group or list that the rules name", "目的地在规则所指的安全组或列表中"),
          ),
        },
      }
    : {}),
});

/** Named by the groups alone: interfaces that share them share the question. */
function notExported(eni: Eni, ids: readonly string[]): Filter {
  const names = [...ids].sort().join(", ");
  const how = askSecurityGroups(eni.place.zone);
  return {
    match: {},
    action: "deny",
    rule: securityGroups,
    resource: eni.id,
    text: say(`a rule of ${names} denies it`, `${names} 的规则拒绝该流量`),
    origin: null,
    unless: {
      holds: open(
        `security-group-denies:${names}`,
        say(`the security group ${names} denies this flow`, `安全组 ${names} 拒绝该流量`),
        how,
      ),
      lifted: byDefault(
        "security-group-allows",
        say("the security groups let the flow out, as they do by default", "安全组按默认放行该出站流量"),
        how,
      ),
    },
  };
}
