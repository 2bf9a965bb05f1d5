import type { Cidr } from "../../../address/cidr.ts";
import { type Gap, KEEPS_SOURCE } from "../../../model/egress.ts";
import type { Ask } from "../../../model/outcome.ts";
import type { Subnet, UserRoute } from "../read/resource.ts";
import { nameOf, parseId } from "../read/resource-id.ts";
import { gatewayKeepsSource } from "../rules/gateways.ts";
import { learnedRoutesHidden, serviceEndpoint, serviceTagRoutes } from "../rules/routing.ts";
import { effectiveRoutesOf } from "./ask.ts";
import { connectionsOf, delegatedToEdge, gatewaysOf, isDefaultSite, prefixesBehind } from "./gateway.ts";
import { allBut, common, PRIVATE_DESTINATIONS, PUBLIC_DESTINATIONS } from "./ranges.ts";
import { byDefault, open, say, step, unknown, unpredictable } from "./say.ts";
import { tagsCommand } from "./service-tags.ts";
import type { World } from "./world.ts";

const tagsAsk = (location: string | null): Ask => ({
  text: say("add the list of service tags with --config", "请用 --config 加入服务标记列表"),
  command: tagsCommand(location),
  settles: say("which addresses the service has", "该服务有哪些地址"),
});

/** A route for a service tag that no list of tags spells out. */
export function tagGap(route: UserRoute, location: string | null): Gap {
  const ask = tagsAsk(location);
  const tag = route.tag ?? "";
  return {
    destinations: PUBLIC_DESTINATIONS,
    harmless: byDefault(
      `not-in-tag:${tag}`,
      say(`the destination is not in the service tag ${tag}`, `目的地址不属于服务标记 ${tag}`),
      ask,
    ),
    otherwise: [
      unknown(
        [
          step(
            serviceTagRoutes,
            route,
            `${route.name} sends the service tag ${tag} to ${route.hopType}`,
            `${route.name} 把服务标记 ${tag} 送往 ${route.hopType}`,
          ),
        ],
        [
          open(
            `in-tag:${tag}`,
            say(`the destination is in the service tag ${tag}`, `目的地址属于服务标记 ${tag}`),
            ask,
          ),
        ],
      ),
    ],
  };
}

/** A service endpoint whose prefixes no list of tags spells out. */
export function endpointGap(subnet: Subnet, service: string, location: string | null): Gap {
  const ask = tagsAsk(location);
  return {
    destinations: PUBLIC_DESTINATIONS,
    harmless: byDefault(
      `not-of-service:${service}`,
      say(`the destination is not of the service ${service}`, `目的地址不属于服务 ${service}`),
      ask,
    ),
    otherwise: [
      {
        identity: KEEPS_SOURCE,
        steps: [
          step(
            serviceEndpoint,
            subnet,
            `${subnet.name} has a service endpoint for ${service}, which sees the private address`,
            `${subnet.name} 设有 ${service} 的服务终结点，该服务看到私有地址`,
          ),
        ],
        assumptions: [
          open(
            `of-service:${service}`,
            say(`the destination is of the service ${service}`, `目的地址属于服务 ${service}`),
            ask,
          ),
        ],
      },
    ],
  };
}

/** Routes that gateways learn stand in no resource: only effective routes show them. */
export function learnedRouteGaps(world: World, subnet: Subnet, inside: readonly Cidr[]): readonly Gap[] {
  const { gateways, remoteUnknown, notExported, routeServer } = gatewaysOf(world, subnet.network);
  const nic = world.nicsOfSubnet.get(subnet.key)?.[0];
  const [absent] = notExported;
  const effective = nic === undefined ? anyNic(subnet) : effectiveRoutesOf(nic.id);
  const ask = absent === undefined ? effective : withGateway(effective, absent);
  const elsewhere = allBut(inside);
  const damaged = [...DAMAGING].some((type) => world.all.damaged.has(type));
  const unseen = remoteUnknown || damaged || absent !== undefined;
  if (gateways.length === 0 && !unseen && !routeServer) {
    if (world.all.noGateways) return [];
    const none = byDefault(
      "no-learned-routes",
      say(
        "no route was learned by BGP: the export shows no gateway for this network",
        "没有通过 BGP 学到的路由：导出中该网络没有网关",
      ),
      ask,
    );
    return [{ destinations: elsewhere, harmless: none, otherwise: [] }];
  }
  const learns = gateways.some((gateway) => {
    const connections = connectionsOf(world, gateway);
    const forcedElsewhere =
      gateway.defaultSite !== null && !connections.some((connection) => isDefaultSite(gateway, connection));
    return (
      connections.length === 0 ||
      forcedElsewhere ||
      connections.some((connection) => prefixesBehind(world, gateway, connection) === null)
    );
  });
  return [
    ...(learns || unseen ? openGaps(elsewhere, ask) : []),
    ...(routeServer ? [routeServerGap(elsewhere, ask)] : []),
  ];
}

/** What a Route Server learns leads to an appliance. https://learn.microsoft.com/azure/route-server/overview */
function routeServerGap(elsewhere: readonly Cidr[], ask: Ask): Gap {
  const learned = open(
    "route-server-learned",
    say(
      "the Route Server has learned a route for this destination from an appliance",
      "路由服务器从设备学到了该目的地的路由",
    ),
    ask,
  );
  const reason = step(
    learnedRoutesHidden,
    null,
    "a Route Server gives the subnet the routes of appliances",
    "路由服务器把设备的路由下发给该子网",
  );
  return {
    destinations: elsewhere,
    harmless: open(
      "route-server-not-learned",
      say("the Route Server has learned no route for this destination", "路由服务器没有学到该目的地的路由"),
      ask,
    ),
    otherwise: [unpredictable("appliance", null, [reason], [learned])],
  };
}

/** The gateway's own export says which routes it may have learned, the effective routes which it has. */
const withGateway = (effective: Ask, gateway: string): Ask => ({
  ...effective,
  text: say(
    `export the gateway ${nameOf(gateway)}, or better: ${effective.text.en}`,
    `请导出网关 ${nameOf(gateway)}；更好的是：${effective.text.zh}`,
  ),
  command: `az network vnet-gateway list -g ${parseId(gateway)?.group ?? "RG"} -o json > vnet-gateways.json; ${effective.command}`,
});

const DAMAGING = ["microsoft.network/virtualnetworkgateways", "microsoft.network/connections"];

/** Either way is as plausible: a gateway that learns routes may have learned this one. */
function openGaps(elsewhere: readonly Cidr[], ask: Ask): readonly Gap[] {
  const harmless = open(
    "no-learned-route",
    say("the gateway has learned no route for this destination", "网关没有学到该目的地的路由"),
    ask,
  );
  const learned = open(
    "learned-route",
    say("the gateway has learned a route for this destination", "网关学到了该目的地的路由"),
    ask,
  );
  const kept = step(gatewayKeepsSource, null, "the gateway keeps the source", "网关保留源地址");
  return [
    {
      destinations: common(elsewhere, PRIVATE_DESTINATIONS),
      harmless,
      otherwise: [{ identity: KEEPS_SOURCE, assumptions: [learned], steps: [kept] }],
    },
    { destinations: common(elsewhere, PUBLIC_DESTINATIONS), harmless, otherwise: [delegatedToEdge([learned])] },
  ];
}

/** A subnet without a NIC of ours, a firewall's for one, has no effective routes to export. */
const anyNic = (subnet: Subnet): Ask => ({
  text: say("export the gateways of the network", "请导出该网络的网关"),
  command: `az network vnet-gateway list -g ${parseId(subnet.id)?.group ?? "RG"} -o json > vnet-gateways.json`,
  settles: say("whether a gateway may have learned routes", "是否有网关可能学到路由"),
});
