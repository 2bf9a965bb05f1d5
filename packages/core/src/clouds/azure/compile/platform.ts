import { type Cidr, cidrs, LINK_LOCAL } from "../../../address/cidr.ts";
import type { NextHop, RouteStage } from "../../../model/egress.ts";
import type { Rule } from "../../../model/rule.ts";
import { hostVirtualAddress, metadataService, unicastOnly } from "../rules/platform.ts";
import { lookAtDestination } from "./ask.ts";
import { open, say, step, unknown } from "./say.ts";

/** What never reaches a route table, neither the computed nor the effective one: the host node takes it first. */
export const platformStage: RouteStage = {
  kind: "longest-prefix",
  routes: [
    ...routes(cidrs("168.63.129.16/32"), hostVirtualAddress, atHost(hostVirtualAddress)),
    ...routes(cidrs("169.254.169.254/32"), metadataService, atHost(metadataService)),
    ...routes(
      cidrs("224.0.0.0/4", "255.255.255.255/32", "127.0.0.0/8", "0.0.0.0/8", "ff00::/8", "::/127"),
      unicastOnly,
      nowhere(),
    ),
    ...routes(LINK_LOCAL, unicastOnly, linkLocal()),
  ],
  orders: [],
  ties: { kind: "together", rule: unicastOnly },
  gaps: [],
};

function routes(prefixes: readonly Cidr[], rule: Rule, hop: NextHop): RouteStage["routes"] {
  return prefixes.map((prefix) => ({
    prefix,
    hop,
    preference: [],
    usable: { kind: "yes" },
    name: "platform",
    resource: null,
    rule,
    origin: null,
  }));
}

function atHost(rule: Rule): NextHop {
  return { kind: "local", rule, resource: null, text: say("the host node of the VM", "虚拟机所在的主机节点") };
}

function nowhere(): NextHop {
  return {
    kind: "drop",
    rule: unicastOnly,
    text: say("nowhere: it is no unicast destination", "无处：不是单播目的地址"),
  };
}

/** Nothing routes link-local destinations, and what else the host answers there is not documented. */
function linkLocal(): NextHop {
  const en = "what a virtual network does with other link-local destinations is not documented";
  const zh = "虚拟网络如何处理其他链路本地目的地址没有文档说明";
  return {
    kind: "alternatives",
    text: say(`something unknown: ${en}`, `未知：${zh}`),
    alternatives: [
      unknown([step(unicastOnly, null, en, zh)], [open("link-local-destination", say(en, zh), lookAtDestination)]),
    ],
  };
}
