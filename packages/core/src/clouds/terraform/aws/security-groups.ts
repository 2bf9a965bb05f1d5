import { type Block, blocks, count, flag, isOpen, text, texts } from "../block.ts";
import type { World } from "../world.ts";
import { type Api, byLink, groupBy } from "./ids.ts";

const GROUP = ["aws_security_group", "aws_default_security_group"];

/** Only what they let out: a list in the group, or rules that are resources of their own. */
export function securityGroups(world: World): readonly Api[] {
  const old = groupBy(
    world.ofType("aws_security_group_rule").filter((one) => text(one, "type") === "egress"),
    (one) => world.link(one, "security_group_id", GROUP),
  );
  const single = groupBy(world.ofType("aws_vpc_security_group_egress_rule"), (one) =>
    world.link(one, "security_group_id", GROUP),
  );
  return [...byLink(world, GROUP)].map(([link, block]) => ({
    GroupId: link,
    GroupName: text(block, "name"),
    IpPermissionsEgress: [
      ...[...blocks(block, "egress"), ...(old.get(link) ?? [])].map(permission),
      ...(single.get(link) ?? []).map(singlePermission),
    ],
  }));
}

/** Terraform writes 0 to 0 for "every port" of every protocol. */
const portsOf = (block: Block, protocol: string | null): Api =>
  protocol === "-1" || protocol === "all"
    ? { IpProtocol: "-1" }
    : { IpProtocol: protocol, FromPort: count(block, "from_port"), ToPort: count(block, "to_port") };

const permission = (block: Block): Api => ({
  ...portsOf(block, text(block, "protocol")),
  IpRanges: texts(block, "cidr_blocks").map((CidrIp) => ({ CidrIp })),
  Ipv6Ranges: texts(block, "ipv6_cidr_blocks").map((CidrIpv6) => ({ CidrIpv6 })),
  PrefixListIds: texts(block, "prefix_list_ids").map((PrefixListId) => ({ PrefixListId })),
  UserIdGroupPairs: [
    ...texts(block, "security_groups"),
    ...[text(block, "source_security_group_id")].filter((id) => id !== null),
    ...(flag(block, "self") === true ? ["self"] : []),
    ...laterIn(block, [
      "cidr_blocks",
      "ipv6_cidr_blocks",
      "prefix_list_ids",
      "security_groups",
      "source_security_group_id",
    ]),
  ].map((GroupId) => ({ GroupId })),
});

/** Whom it lets reach is known only after apply: as little as who is in another group. */
const laterIn = (block: Block, members: readonly string[]): readonly string[] =>
  members.flatMap((member) => (isOpen(block, member) ? `known-after-apply:${member}` : []));

const one = (member: string, value: string | null): readonly Api[] => (value === null ? [] : [{ [member]: value }]);

const singlePermission = (block: Block): Api => ({
  ...portsOf(block, text(block, "ip_protocol")),
  IpRanges: one("CidrIp", text(block, "cidr_ipv4")),
  Ipv6Ranges: one("CidrIpv6", text(block, "cidr_ipv6")),
  PrefixListIds: one("PrefixListId", text(block, "prefix_list_id")),
  UserIdGroupPairs: [
    ...one("GroupId", text(block, "referenced_security_group_id")),
    ...laterIn(block, ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"]).map((GroupId) => ({
      GroupId,
    })),
  ],
});
