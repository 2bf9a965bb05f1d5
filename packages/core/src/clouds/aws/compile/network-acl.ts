import { EVERY_IPV4, EVERY_IPV6 } from "../../../address/cidr.ts";
import type { Gap } from "../../../model/egress.ts";
import type { Found } from "../read/inventory.ts";
import type { RawNetworkAcl } from "../read/raw.ts";
import { networkAcl } from "../rules/filters.ts";
import { askNetworkAcls } from "./ask.ts";
import type { Place } from "./place.ts";
import { blocked, byDefault, open, say, step } from "./say.ts";
import type { World } from "./world.ts";

/** The default ACL allows everything; of any other it is only said that it may deny, since its rules are not evaluated. */
export function networkAclGaps(world: World, { subnet, zone }: Place): readonly Gap[] {
  if (subnet === null) return [];
  const how = askNetworkAcls(zone);
  const found = [...world.all.networkAcls.values()].find(({ value }) =>
    value.Associations.some(({ SubnetId }) => SubnetId === subnet),
  );
  if (found === undefined)
    return [
      {
        harmless: byDefault(
          "no-network-acl",
          say(
            "no network ACL denies it (that of the subnet was not exported)",
            "没有网络 ACL 拒绝（未导出该子网的网络 ACL）",
          ),
          how,
        ),
        otherwise: [],
      },
    ];
  return allowsAll(found.value) ? [] : [mayDeny(found)];
}

/** Its first rule for each family allows everything. */
function allowsAll({ Entries }: RawNetworkAcl): boolean {
  const egress = Entries.filter(({ Egress }) => Egress).sort((a, b) => a.RuleNumber - b.RuleNumber);
  const first4 = egress.find(({ CidrBlock }) => CidrBlock);
  const first6 = egress.find(({ Ipv6CidrBlock }) => Ipv6CidrBlock);
  const isOpen = (entry: (typeof egress)[number] | undefined): boolean =>
    entry?.RuleAction === "allow" &&
    entry.Protocol === "-1" &&
    (entry.CidrBlock === EVERY_IPV4 || entry.Ipv6CidrBlock === EVERY_IPV6);
  return isOpen(first4) && (first6 === undefined || isOpen(first6));
}

const mayDeny = (found: Found<RawNetworkAcl>): Gap => ({
  harmless: open(
    `network-acl-allows:${found.id}`,
    say(`the network ACL ${found.id} allows this flow`, `网络 ACL ${found.id} 放行该流量`),
  ),
  otherwise: [
    blocked(
      [
        step(
          networkAcl,
          found,
          `the network ACL ${found.id} has rules of its own, which are not evaluated here`,
          `网络 ACL ${found.id} 有自定义规则，此处未计算`,
        ),
      ],
      [
        open(
          `network-acl-denies:${found.id}`,
          say(`the network ACL ${found.id} denies this flow`, `网络 ACL ${found.id} 拒绝该流量`),
        ),
      ],
    ),
  ],
});
