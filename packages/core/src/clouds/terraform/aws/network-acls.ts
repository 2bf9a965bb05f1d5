import { type Block, blocks, count, flag, text } from "../block.ts";
import type { World } from "../world.ts";
import { type Api, byLink, groupBy, SUBNET } from "./ids.ts";

const ACL = ["aws_network_acl", "aws_default_network_acl"];

/** Rules in the list itself, or resources of their own; what none of them names is denied. */
export function networkAcls(world: World): readonly Api[] {
  const rules = groupBy(world.ofType("aws_network_acl_rule"), (one) => world.link(one, "network_acl_id", ACL));
  const associations = groupBy(world.ofType("aws_network_acl_association"), (one) =>
    world.link(one, "network_acl_id", ACL),
  );
  return [...byLink(world, ACL)].map(([link, block]) => ({
    NetworkAclId: link,
    Associations: [
      ...world.links(block, "subnet_ids", SUBNET),
      ...(associations.get(link) ?? []).flatMap((one) => world.link(one, "subnet_id", SUBNET) ?? []),
    ].map((SubnetId) => ({ SubnetId })),
    Entries: [
      ...blocks(block, "egress").map((one) => entry(one, "rule_no", "action", true)),
      ...blocks(block, "ingress").map((one) => entry(one, "rule_no", "action", false)),
      ...(rules.get(link) ?? []).map((one) => entry(one, "rule_number", "rule_action", flag(one, "egress") === true)),
    ],
  }));
}

function entry(block: Block, number: string, action: string, egress: boolean): Api {
  const protocol = text(block, "protocol") ?? "-1";
  const [from, to] = [count(block, "from_port"), count(block, "to_port")];
  return {
    RuleNumber: count(block, number) ?? 0,
    Egress: egress,
    RuleAction: text(block, action) ?? "deny",
    Protocol: NUMBERS[protocol.toLowerCase()] ?? protocol,
    CidrBlock: text(block, "cidr_block"),
    Ipv6CidrBlock: text(block, "ipv6_cidr_block"),
    PortRange: from === null || to === null || (from === 0 && to === 0) ? null : { From: from, To: to },
  };
}

/** https://www.iana.org/assignments/protocol-numbers */
const NUMBERS: Readonly<Record<string, string>> = { all: "-1", icmp: "1", tcp: "6", udp: "17", icmpv6: "58" };
