import { type Cidr, EVERY_IPV4, EVERY_IPV6, parseCidr } from "../../../address/cidr.ts";
import type { Filter } from "../../../model/egress.ts";
import type { Match } from "../../../model/flow.ts";
import type { SecurityGroup, SecurityRule } from "../read/resource.ts";
import { keyOf, nameOf } from "../read/resource-id.ts";
import { allBut, common, PRIVATE_DESTINATIONS, PUBLIC_DESTINATIONS } from "./ranges.ts";
import { byDefault, open, say } from "./say.ts";
import { prefixesOfTag, tagsCommand } from "./service-tags.ts";
import { placeOf, type World } from "./world.ts";

/** What the tags `VirtualNetwork` and `Internet` mean in one subnet. */
export interface Spaces {
  /** Of the network itself and those peered with it. */
  readonly network: readonly Cidr[];
  /** Private space that may be of a network connected by a gateway. */
  readonly related: readonly Cidr[];
  readonly internet: readonly Cidr[];
  /** A default route of the user's: the page says that the tag `VirtualNetwork` might contain it. */
  readonly hasDefaultRoute: boolean;
}

/** https://learn.microsoft.com/azure/virtual-network/service-tags-overview */
export function spacesOf(world: World, subnetId: string | null): Spaces {
  const { subnet, network, networkKey } = placeOf(world, subnetId);
  const table = subnet?.routeTable ?? null;
  const routes = table === null ? [] : (world.routesOf.get(keyOf(table)) ?? []).flatMap(({ prefix }) => prefix ?? []);
  const isDefault = (prefix: Cidr): boolean => prefix === EVERY_IPV4 || prefix === EVERY_IPV6;
  const peered = (networkKey === null ? [] : (world.peeringsOf.get(networkKey) ?? [])).flatMap((peering) =>
    peering.connected ? peering.remotePrefixes : [],
  );
  const inside = [...(network?.prefixes ?? subnet?.prefixes ?? []), ...peered];
  const routed = routes.filter((prefix) => !isDefault(prefix));
  return {
    network: inside,
    related: common([...PRIVATE_DESTINATIONS, ...routed], allBut(inside)),
    internet: common(PUBLIC_DESTINATIONS, allBut([...inside, ...routed])),
    hasDefaultRoute: routes.some(isDefault),
  };
}

export const inNetworkTag = {
  applies: byDefault(
    "in-virtual-network-tag",
    say(
      "the tag VirtualNetwork covers the destination, as it does for networks that a gateway or a route connects",
      "标记 VirtualNetwork 包含目的地址（网关或路由所连接的网络通常如此）",
    ),
  ),
  not: open(
    "not-in-virtual-network-tag",
    say("the tag VirtualNetwork does not cover the destination", "标记 VirtualNetwork 不包含目的地址"),
  ),
};

const defaultRouteCounts = {
  applies: byDefault(
    "internet-tag-with-default-route",
    say(
      "the tag Internet means public addresses, whatever the default route",
      "无论默认路由如何，标记 Internet 表示公网地址",
    ),
  ),
  not: open(
    "default-route-in-virtual-network-tag",
    say(
      "the default route makes public addresses part of the tag VirtualNetwork",
      "默认路由使公网地址属于标记 VirtualNetwork",
    ),
  ),
};

interface Part {
  readonly destinations: readonly Cidr[];
  readonly perhaps?: Filter["perhaps"];
}

export function filtersOfRule(
  world: World,
  applicationGroups: readonly string[],
  group: SecurityGroup,
  one: SecurityRule,
  spaces: Spaces,
  rule: Filter["rule"],
): readonly Filter[] {
  const sources = sourcesOf(one, applicationGroups);
  if (sources === null || one.protocols === null) return [];
  const match: Match = {
    ...(sources === "any" ? {} : { sources }),
    ...(one.protocols === "any" ? {} : { protocols: one.protocols }),
    ...(one.ports === "any" ? {} : { ports: one.ports }),
  };
  const verb = one.access === "allow" ? say("allows", "放行") : say("denies", "拒绝");
  return partsOf(world, group, one, spaces).flatMap(({ destinations, perhaps }): readonly Filter[] => {
    if (destinations.length === 0) return [];
    const doubt = perhaps ?? (one.anySourcePort ? undefined : sourcePortFits(one));
    return [
      {
        match: { ...match, destinations },
        action: one.access,
        rule,
        resource: group.id,
        origin: group.origin,
        text: say(
          `rule ${one.name} (priority ${one.priority}) of the security group ${group.name} ${verb.en} it`,
          `安全组 ${group.name} 的规则 ${one.name}（优先级 ${one.priority}）${verb.zh}该流量`,
        ),
        ...(doubt === undefined ? {} : { perhaps: doubt }),
      },
    ];
  });
}

const sourcePortFits = ({ name }: SecurityRule) => ({
  applies: open(
    `source-port-fits:${name}`,
    say(`the source port is one that ${name} names`, `源端口属于 ${name} 所列`),
  ),
  not: byDefault(
    `source-port-differs:${name}`,
    say(`the source port is none that ${name} names`, `源端口不在 ${name} 所列之内`),
  ),
});

/** null: it means no packet of this sender. Its own address is always one of its virtual network. */
function sourcesOf({ sources, sourceGroups }: SecurityRule, own: readonly string[]): readonly Cidr[] | "any" | null {
  if (sourceGroups.some((group) => own.includes(group))) return "any";
  const lower = sources.map((text) => text.toLowerCase());
  if (lower.some((text) => text === "*" || text === "any" || text === "virtualnetwork")) return "any";
  const prefixes = sources.flatMap((text) => parseCidr(text, true) ?? []);
  return prefixes.length === 0 ? null : prefixes;
}

function partsOf(world: World, group: SecurityGroup, rule: SecurityRule, spaces: Spaces): readonly Part[] {
  const named = rule.destinations.flatMap((text) => partsOfText(world, group, text, spaces));
  return [...named, ...rule.destinationGroups.flatMap((id) => partsOfApplicationGroup(world, id, spaces))];
}

function partsOfText(world: World, group: SecurityGroup, text: string, spaces: Spaces): readonly Part[] {
  const { network, related, internet, hasDefaultRoute } = spaces;
  const prefix = parseCidr(text, true);
  if (prefix !== undefined) return [{ destinations: [prefix] }];
  switch (text.toLowerCase()) {
    case "*":
    case "any":
      return [{ destinations: [EVERY_IPV4, EVERY_IPV6] }];
    case "internet":
      return [{ destinations: internet, ...(hasDefaultRoute ? { perhaps: defaultRouteCounts } : {}) }];
    case "virtualnetwork": {
      const byRoute = { applies: defaultRouteCounts.not, not: defaultRouteCounts.applies };
      return [
        { destinations: network },
        { destinations: related, perhaps: inNetworkTag },
        ...(hasDefaultRoute ? [{ destinations: internet, perhaps: byRoute }] : []),
      ];
    }
    case "azureloadbalancer":
    case "azureplatformdns":
    case "azureplatformimds":
    case "azureplatformlkm":
      // Answered beside the host: none of it reaches anybody's log.
      return [];
    default:
      return [partOfTag(world, group, text)];
  }
}

function partOfTag(world: World, group: SecurityGroup, tag: string): Part {
  const known = prefixesOfTag(world, tag);
  if (known !== undefined) return { destinations: known };
  const ask = {
    text: say("add the list of service tags with --config", "请用 --config 加入服务标记列表"),
    command: tagsCommand(group.location),
    settles: say("which addresses the service has", "该服务有哪些地址"),
  };
  return {
    destinations: PUBLIC_DESTINATIONS,
    perhaps: {
      applies: open(
        `in-tag:${tag}`,
        say(`the destination is in the service tag ${tag}`, `目的地址属于服务标记 ${tag}`),
        ask,
      ),
      not: byDefault(
        `not-in-tag:${tag}`,
        say(`the destination is not in the service tag ${tag}`, `目的地址不属于服务标记 ${tag}`),
        ask,
      ),
    },
  };
}

/** Its members that were exported; others of the same network may be in it too. */
function partsOfApplicationGroup(world: World, id: string, { network }: Spaces): readonly Part[] {
  const nics = [...world.all.nics.values()];
  const configurations = nics.flatMap((nic) => nic.configurations);
  const members = configurations.filter(({ applicationGroups }) => applicationGroups.includes(id));
  const others = configurations.filter(({ applicationGroups }) => !applicationGroups.includes(id));
  const unseen = common(network, allBut([...members, ...others].map(({ cidr }) => cidr)));
  const name = nameOf(id);
  return [
    { destinations: members.map(({ cidr }) => cidr) },
    {
      destinations: unseen,
      perhaps: {
        applies: open(
          `in-application-group:${name}`,
          say(`the destination is in the application security group ${name}`, `目的地址属于应用安全组 ${name}`),
        ),
        not: byDefault(
          `not-in-application-group:${name}`,
          say(
            `the destination, whose NIC was not exported, is not in the application security group ${name}`,
            `目的地址（其网卡未导出）不属于应用安全组 ${name}`,
          ),
        ),
      },
    },
  ];
}
