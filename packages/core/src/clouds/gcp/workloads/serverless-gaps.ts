import { EVERY_IPV6, parseCidr } from "../../../address/cidr.ts";
import type { Gap } from "../../../model/egress.ts";
import { assumed, stepOf, unknown } from "../alternatives.ts";
import type { Facts, Nic } from "../facts.ts";
import { commonOf, textOf } from "../read/found.ts";
import { askReceiver, askRevisions } from "./asks.ts";
import * as rule from "./rules/serverless.ts";
import type { Access, Serverless } from "./serverless.ts";

/** Traffic may go to a revision with other settings than those of the latest: pinned to it, or because the latest never became ready. */
export const otherRevisions = ({ name, path, origin }: Serverless): Gap => ({
  harmless: assumed(
    "open",
    `revision-latest:${name}`,
    `the revision of ${name} that serves has the settings of the latest one`,
    `${name} 中承载流量的修订版本与最新修订版本的设置相同`,
    askRevisions({ name, path }),
  ),
  otherwise: [
    unknown(
      stepOf(
        rule.senderIsOne,
        {
          en: `traffic of ${name} goes to a revision that the export does not show`,
          zh: `${name} 的流量去往导出中没有的修订版本`,
        },
        path,
        origin,
      ),
      assumed(
        "open",
        `revision-other:${name}`,
        `the revision of ${name} that serves has settings of its own`,
        `${name} 中承载流量的修订版本另有设置`,
        askRevisions({ name, path }),
      ),
    ),
  ],
});

/** Whether an instance takes an IPv6 address too is in no field that is read here. */
export function ipv6Gaps({ name, path, origin }: Serverless, { subnet }: Nic, facts: Facts): readonly Gap[] {
  const known = subnet === null ? undefined : facts.subnetByPath.get(subnet);
  if (known === undefined || known.v6.length === 0) return [];
  const text = { en: `${known.name} has IPv6 ranges`, zh: `${known.name} 有 IPv6 地址段` };
  return [
    {
      destinations: [EVERY_IPV6],
      harmless: assumed("open", `ipv4-alone:${name}`, `${name} sends IPv4 alone`, `${name} 只发送 IPv4`),
      otherwise: [
        unknown(
          stepOf(rule.directVpcEgress, text, path, origin),
          assumed(
            "open",
            `ipv6-too:${name}`,
            `${name} has an IPv6 address of the subnet`,
            `${name} 拥有该子网的 IPv6 地址`,
          ),
        ),
      ],
    },
  ];
}

/** A tagged route that may or may not be selected leaves both ways open. */
export function tagGaps(workload: Serverless, access: Access, facts: Facts, nic: Nic): readonly Gap[] {
  if (access.kind !== "direct" || access.tags.length === 0) return [];
  const tagged = (facts.routes.get(nic.network) ?? []).filter((found) =>
    commonOf(found).tags?.some((tag) => access.tags.includes(tag)),
  );
  const destinations = tagged.flatMap((found) => parseCidr(textOf(found, "destRange") ?? "", true) ?? []);
  if (destinations.length === 0) return [];
  const { name, path, origin } = workload;
  const names = tagged.map((one) => one.name).join(", ");
  return [
    {
      destinations,
      harmless: assumed(
        "open",
        `tags-select-routes:${name}`,
        `the network tags of ${name} select static routes as those of a VM do (${names})`,
        `${name} 的网络标记像虚拟机的标记一样选中静态路由（${names}）`,
        askReceiver,
      ),
      otherwise: [
        unknown(
          stepOf(
            rule.tagsMaySelectRoutes,
            { en: `routes with tags of ${name}: ${names}`, zh: `带有 ${name} 标记的路由：${names}` },
            path,
            origin,
          ),
          assumed(
            "open",
            `tags-do-not-select-routes:${name}`,
            `the network tags of ${name} select no static route`,
            `${name} 的网络标记不选中静态路由`,
            askReceiver,
          ),
        ),
      ],
    },
  ];
}
