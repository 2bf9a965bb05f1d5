import { type Cidr, EVERY_IPV4, EVERY_IPV6, RFC1918 } from "../../../address/cidr.ts";
import type { Egress, Filter, Gap, NextHop, Offer, Route } from "../../../model/egress.ts";
import type { Group } from "../../../model/estate.ts";
import type { Ask } from "../../../model/outcome.ts";
import { lookAtDestination } from "../compile/ask.ts";
import { endpointGap } from "../compile/route-gaps.ts";
import { open, say, step, unknown } from "../compile/say.ts";
import { guardedSubnet } from "../compile/security-groups.ts";
import { prefixesOfEndpoint } from "../compile/service-tags.ts";
import { mailOfService } from "../compile/smtp.ts";
import { placeOf, type World } from "../compile/world.ts";
import { keyOf, nameOf } from "../read/resource-id.ts";
import type { Site } from "../read/workload.ts";
import * as rules from "../rules/app-service.ts";
import { alternativesOf, environmentOf } from "./app-addresses.ts";
import {
  commonOffers,
  IPV4,
  intoNetwork,
  natOffers,
  onlyInternet,
  sorting,
  sortingRoute,
  THE_INTERNET,
  TO_INTERNET,
  type Workload,
  workloadHost,
} from "./host.ts";

/** Web apps and function apps, with their slots; a plan stands for all its apps. */
export function sitesOf(world: World): { readonly hosts: readonly Workload[]; readonly groups: readonly Group[] } {
  const sites = [...world.all.sites.values()];
  const hosts = sites.map((site) => {
    const subnet = subnetOf(world, site);
    const made = { id: site.id, name: nameOfSite(site), part: "app", of: site, subnet, rule: rules.appSendsFromSubnet };
    return workloadHost(world, made, () => egressOf(world, site));
  });
  const groups = [...world.all.plans.values()].map(
    ({ id, key, name }): Group => ({
      id,
      name,
      kind: "app-service-plan",
      members: sites.filter(({ plan }) => plan !== null && keyOf(plan) === key).map((site) => site.id),
    }),
  );
  return { hosts, groups };
}

/** A slot is called as its app is, with its own name behind. */
function nameOfSite({ id, name }: Site): string {
  const [, app, slot] = /\/sites\/([^/]+)\/slots\/([^/]+)$/i.exec(id) ?? [];
  return app === undefined || slot === undefined ? name : `${app}/${slot}`;
}

/** An app in an environment stands in the environment's subnet, another in the one it is integrated with. */
function subnetOf(world: World, site: Site): string | null {
  const environment = environmentOf(world, site);
  return environment === null
    ? site.subnet
    : (world.all.hostingEnvironments.get(keyOf(environment))?.subnet ?? environment);
}

function egressOf(world: World, site: Site): Egress {
  const subnet = subnetOf(world, site);
  if (subnet === null) return { filters: [], routes: onlyInternetOf(site), internet: internetOf(world, site, null) };
  const whole = environmentOf(world, site) !== null || site.routesAll === true;
  const table = world.tableOf(subnet);
  const stages = whole ? table.stages : [privateOnly(world, site, subnet), ...table.stages];
  const ports = environmentOf(world, site) === null ? [noMailByNetwork(site, whole)] : [];
  const guarded = guardedSubnet(world, subnet, whole ? undefined : RFC1918);
  return {
    filters: [...ports, ...guarded],
    routes: { ...table, id: `azure/routes/app/${site.key}`, stages },
    // Unless everything is routed there, the internet is not reached by the network.
    internet: internetOf(world, site, whole || site.routesAll === null ? subnet : null),
  };
}

/** Integration by a gateway is the older way into a network, for private destinations only. */
function onlyInternetOf(site: Site): Egress["routes"] {
  const table = onlyInternet(`azure/routes/app/${site.key}`, rules.appPublicAddresses, site);
  if (!site.byGateway) return table;
  const doubt = open(
    `app-by-gateway:${site.name}`,
    say(
      `${site.name} reaches a network over a gateway; which address it has there is not in the export`,
      `${site.name} 经网关接入虚拟网络；它在其中的地址不在导出中`,
    ),
    lookAtDestination,
  );
  const text = say("the gateway of its network", "其虚拟网络的网关");
  const hop = { kind: "alternatives", text, alternatives: [unknown([], [doubt])] } as const;
  const inside = RFC1918.map((prefix) => sortingRoute(prefix, hop, "private", rules.appPrivateOnly, site));
  return { ...table, stages: [sorting(inside, rules.appPrivateOnly), ...table.stages] };
}

/** Without route-all only private destinations, and services with an endpoint on the subnet, enter the network. */
function privateOnly(world: World, site: Site, subnetId: string) {
  const { subnet, network } = placeOf(world, subnetId);
  const inside = intoNetwork(say(`the network of ${nameOf(subnetId)}`, `${nameOf(subnetId)} 所在的虚拟网络`));
  const rule = rules.appPrivateOnly;
  const endpoints = (subnet?.serviceEndpoints ?? []).map(({ service, locations }) => ({
    service,
    prefixes: prefixesOfEndpoint(world, service, locations, network?.location ?? null),
  }));
  const entering = [...RFC1918, ...endpoints.flatMap(({ prefixes }) => prefixes ?? [])];
  const gaps: readonly Gap[] = endpoints.flatMap(({ service, prefixes }) =>
    prefixes === undefined && subnet !== undefined ? [endpointGap(subnet, service, network?.location ?? null)] : [],
  );
  const all = [EVERY_IPV4, EVERY_IPV6];
  const routes: readonly Route[] = [
    ...entering.map((prefix) => sortingRoute(prefix, inside, "private", rule, site)),
    ...all.map((prefix) => ({
      ...sortingRoute(
        prefix,
        site.routesAll === null ? pastNetwork(world, site, prefix) : TO_INTERNET,
        "public",
        rule,
        site,
      ),
      ...(site.routesAll === null ? { usable: unlessRouteAll(site) } : {}),
    })),
    ...(site.routesAll === null ? all.map((prefix) => sortingRoute(prefix, inside, "route all", rule, site, 1)) : []),
  ];
  return sorting(routes, rule, gaps);
}

/** The `internet` of an app that may route everything into its network is the network's; this is the other way. */
const pastNetwork = (world: World, site: Site, prefix: Cidr): NextHop => ({
  kind: "alternatives",
  text: THE_INTERNET,
  alternatives: prefix === EVERY_IPV4 ? alternativesOf(world, site) : overIpv6(site).alternatives,
});

function unlessRouteAll(site: Site): Route["usable"] {
  const ask: Ask = {
    text: say("export the settings of the app and add them with --config", "导出应用的设置并用 --config 加入"),
    command: `az resource show --ids ${site.id} -o json`,
    settles: say("whether all its traffic is routed into the network", "是否把全部流量路由到虚拟网络"),
  };
  return {
    kind: "unknown",
    rule: rules.appPrivateOnly,
    up: open(`route-all-off:${site.name}`, say("route-all is off", "未启用“全部路由”"), ask),
    down: open(`route-all-on:${site.name}`, say("route-all is on", "已启用“全部路由”"), ask),
  };
}

const noMailByNetwork = (site: Site, whole: boolean): Filter => ({
  match: { protocols: ["tcp"], ports: [{ first: 25, last: 25 }], ...(whole ? {} : { destinations: RFC1918 }) },
  action: "deny",
  rule: rules.appNoMail,
  resource: site.id,
  text: say("an app cannot use port 25 over its network integration", "应用无法通过虚拟网络集成使用 25 端口"),
  origin: null,
});

function internetOf(world: World, site: Site, subnet: string | null): Egress["internet"] {
  return {
    filters: [mailOfService(site.id)],
    offers: [
      ...commonOffers(world, site),
      ...natOffers(world, subnet),
      ownAddresses(world, site, subnet),
      overIpv6(site),
    ],
    none: [],
  };
}

const overIpv6 = (site: Site): Offer => ({
  translator: "provider",
  resource: site.id,
  match: {},
  step: step(rules.appIpv6, site, "IPv6 out of an app is in preview", "应用的 IPv6 出站处于预览阶段"),
  alternatives: [
    unknown(
      [],
      [
        open(
          "app-ipv6",
          say("whether the app sends over IPv6 is not in the export", "应用是否经 IPv6 发送不在导出中"),
          lookAtDestination,
        ),
      ],
    ),
  ],
});

function ownAddresses(world: World, site: Site, subnet: string | null): Offer {
  const still = step(
    rules.appKeepsItsAddresses,
    site,
    "nothing else on its subnet translates: the addresses of the app itself",
    "其子网上没有其他转换：使用应用自己的地址",
  );
  const own = step(
    rules.appPublicAddresses,
    site,
    `${site.name} leaves by any of its outbound addresses`,
    `${site.name} 使用其任一出站地址`,
  );
  return {
    translator: "provider",
    resource: site.id,
    match: IPV4,
    step: subnet === null ? own : still,
    alternatives: alternativesOf(world, site),
  };
}
