import { EVERY_IPV4, EVERY_IPV6 } from "../../address/cidr.ts";
import type { Route, RouteStage } from "../../model/egress.ts";
import type { Ask } from "../../model/outcome.ts";
import { assumed, stepOf, unknown } from "./alternatives.ts";
import { askSubnets, gcloud } from "./asks.ts";
import type { Nic } from "./facts.ts";
import { fullPath, nameOf, projectOf, regionOf, UNKNOWN_PROJECT } from "./links.ts";
import { networkAttachment, oneNetworkPerNic } from "./rules/vm.ts";

/** The only stage of an interface whose network is not known: it may have any route. */
export function unseenNetworkStage(nic: Nic): RouteStage {
  const attachment = nic.raw.networkAttachment;
  const name = `${nic.instance.name}/${nic.name}`;
  const rule = attachment ? networkAttachment : oneNetworkPerNic;
  const text = attachment
    ? {
        en: `${name} is in the network of the attachment ${nameOf(attachment)}, which the export does not show`,
        zh: `${name} 位于网络连接 ${nameOf(attachment)} 所在的网络，导出中没有该网络`,
      }
    : { en: `the export does not tell the network of ${name}`, zh: `导出中没有给出 ${name} 的网络` };
  const doubt = assumed(
    "open",
    `network-unseen:${name}`,
    `what the network of ${name} does with the flow is not known`,
    `${name} 所在网络如何处理该流量未知`,
    attachment ? askAttachment(attachment) : askSubnets(projectOf(nic.network) ?? UNKNOWN_PROJECT),
  );
  const alternatives = [unknown(stepOf(rule, text, nic.id, nic.instance.origin), doubt)];
  const routes = [EVERY_IPV4, EVERY_IPV6].map(
    (prefix): Route => ({
      prefix,
      hop: { kind: "alternatives", text: { en: "a network that is not known", zh: "未知的网络" }, alternatives },
      preference: [],
      usable: { kind: "yes" },
      name: `not known, of ${name}`,
      resource: null,
      rule,
      origin: nic.instance.origin,
    }),
  );
  return { kind: "longest-prefix", routes, orders: [[]], ties: { kind: "together", rule }, gaps: [] };
}

/** https://docs.cloud.google.com/vpc/docs/about-network-attachments */
function askAttachment(attachment: string): Ask {
  const path = fullPath(attachment) ?? attachment;
  const where = { project: projectOf(path), region: regionOf(path) };
  return {
    text: {
      en: `look up the network of attachment ${nameOf(path)}, and export that network's project too`,
      zh: `查询网络连接 ${nameOf(path)} 所属的网络，并导出该网络所在的项目`,
    },
    command: gcloud(`compute network-attachments describe ${nameOf(path)}`, where),
    settles: { en: "which network's routes and NAT apply", zh: "适用哪个网络的路由和 NAT" },
  };
}
