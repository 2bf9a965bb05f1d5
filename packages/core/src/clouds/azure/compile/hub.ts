import { type Cidr, EVERY_IPV4 } from "../../../address/cidr.ts";
import type { Link, Route, RouteTable } from "../../../model/egress.ts";
import type { Firewall } from "../read/resource.ts";
import { nameOf, parseId } from "../read/resource-id.ts";
import { firewallIsNextHop, securedHub } from "../rules/firewall.ts";
import { snatRanges } from "./firewall-rules.ts";
import { DROPPED } from "./ranges.ts";
import { blocked, byDefault, open, say, step, unpredictable } from "./say.ts";
import type { World } from "./world.ts";

/**
 * What a firewall in a virtual hub does with what it has inspected. It stands in no subnet of ours: the hub delivers
 * what is private to the spoke or branch that has it, and the rest goes to the internet.
 */
export function hubRoutes(world: World, firewall: Firewall): RouteTable {
  const link = deliveredByHub(firewall);
  const inside = [...new Set([...DROPPED, ...snatRanges(world, firewall).cidrs])].filter((one) => one !== EVERY_IPV4);
  const routes = [
    ...inside.map((prefix) => routeOf(prefix, { kind: "link", link }, "private traffic", firewall)),
    routeOf(EVERY_IPV4, { kind: "internet", text: say("the internet", "互联网") }, "hub default", firewall),
  ];
  return {
    id: `azure/routes/virtual-hub/${firewall.key}`,
    stages: [
      {
        kind: "longest-prefix",
        routes,
        orders: [],
        ties: { kind: "together", rule: securedHub },
        gaps: [],
      },
    ],
    none: step(securedHub, firewall, "the hub has no route", "中心没有路由"),
  };
}

const routeOf = (prefix: Cidr, hop: Route["hop"], name: string, firewall: Firewall): Route => ({
  prefix,
  hop,
  preference: [],
  usable: { kind: "yes" },
  name,
  resource: firewall.id,
  rule: hop.kind === "internet" ? firewallIsNextHop : securedHub,
  origin: null,
});

function deliveredByHub(firewall: Firewall): Link {
  const ask = {
    text: say("look at the effective routes of the firewall in the hub", "请查看中心内防火墙的有效路由"),
    command: effectiveRoutesOfHub(firewall),
    settles: say("which spoke or branch has the destination", "目的地址属于哪个分支或虚拟网络"),
  };
  return {
    name: "virtual hub",
    resource: firewall.id,
    text: say("the virtual hub", "虚拟中心"),
    keeps: securedHub,
    offers: [],
    beyond: [
      {
        harmless: byDefault(
          "hub-delivers",
          say(
            "the hub has a route to the destination, and nothing behind it translates",
            "虚拟中心有到目的地址的路由，且其后没有设备转换",
          ),
          ask,
        ),
        otherwise: [
          blocked(
            [],
            [open("hub-no-route", say("the hub has no route to the destination", "虚拟中心没有到目的地址的路由"), ask)],
          ),
          unpredictable(
            "other",
            null,
            [],
            [open("hub-translated-behind", say("something behind the hub translates", "虚拟中心之后有设备转换"), ask)],
          ),
        ],
      },
    ],
  };
}

/** https://learn.microsoft.com/cli/azure/network/vhub */
const effectiveRoutesOfHub = ({ id, hub }: Firewall): string =>
  `az network vhub get-effective-routes -g ${parseId(hub ?? id)?.group ?? "RG"} -n ${hub === null ? "HUB" : nameOf(hub)} --resource-type AzureFirewalls --resource-id ${id} -o json`;
