import { setOf, setOfCidrs } from "../../../address/address-set.ts";
import {
  addressOf,
  type Cidr,
  cidrContains,
  cidrCovers,
  cidrOf,
  EVERY_IPV4,
  familyOfCidr,
  hostCidr,
  isHost,
  lengthOf,
  nthAddress,
  rangeOf,
} from "../../../address/cidr.ts";
import { type Ip, ipToNumber } from "../../../address/ip.ts";
import type { Gap, Link, NextHop, Offer } from "../../../model/egress.ts";
import type { Assumption } from "../../../model/outcome.ts";
import type { Connection, Gateway, GatewayNatRule, Subnet } from "../read/resource.ts";
import { type Key, keyOf, nameOf, parseId } from "../read/resource-id.ts";
import { missingIsUnknown } from "../rules/export.ts";
import {
  defaultSite,
  gatewayKeepsSource,
  onPremisesEdge,
  publicPrefixBehindGateway,
  vpnNat,
  vpnNatMapping,
} from "../rules/gateways.ts";
import { lookAtDestination, notExported } from "./ask.ts";
import { common, coveredBy, PRIVATE_DESTINATIONS, PUBLIC_DESTINATIONS } from "./ranges.ts";
import { byDefault, open, say, step, translated, unknown, unpredictable } from "./say.ts";
import type { World } from "./world.ts";

/** The gateways that a network's traffic may take. */
export interface GatewaysOfNetwork {
  readonly gateways: readonly Gateway[];
  /** A peering uses the remote network's gateway, and the export holds none there. */
  readonly remoteUnknown: boolean;
  /** Ids of gateways that stand in the gateway subnet and are not in the export. */
  readonly notExported: readonly string[];
  /** A Route Server may teach the network routes. */
  readonly routeServer: boolean;
}

export function gatewaysOf(world: World, network: Key): GatewaysOfNetwork {
  const all = [...world.all.gateways.values()];
  const remotes = (world.peeringsOf.get(network) ?? [])
    .filter((peering) => peering.usesRemoteGateway && peering.connected)
    .map(({ remote }) => (remote === null ? "" : keyOf(remote)));
  const subnetsOf = (keys: readonly Key[]): readonly Subnet[] =>
    [...world.all.subnets.values()].filter((subnet) => keys.includes(subnet.network));
  const at = (key: Key): readonly Gateway[] => all.filter((gateway) => gateway.networks.includes(key));
  return {
    gateways: [...at(network), ...remotes.flatMap(at)],
    remoteUnknown: remotes.some((remote) => at(remote).length === 0),
    notExported: subnetsOf([network, ...remotes])
      .flatMap((subnet) => subnet.gateways)
      .filter((id) => !world.all.gateways.has(keyOf(id))),
    routeServer: subnetsOf([network, ...remotes]).some(isForRouteServer) || unplacedRouteServer(world),
  };
}

/** The subnet has to have this name. https://learn.microsoft.com/azure/route-server/overview */
const isForRouteServer = ({ name }: Subnet): boolean => name.toLowerCase() === "routeserversubnet";

/** The resource does not name its network; the subnet does. */
const unplacedRouteServer = ({ all }: World): boolean =>
  all.routeServer && ![...all.subnets.values()].some(isForRouteServer);

export const connectionsOf = (world: World, gateway: Gateway): readonly Connection[] =>
  [...world.all.connections.values()].filter((connection) =>
    [connection.gateway, connection.otherGateway].some((id) => id !== null && keyOf(id) === gateway.key),
  );

/** The prefixes that lie behind a connection, by configuration; null: only the gateway knows. */
export function prefixesBehind(world: World, gateway: Gateway, connection: Connection): readonly Cidr[] | null {
  if (connection.bgp || gateway.expressRoute) return null;
  if (connection.localGateway !== null) {
    const prefixes = world.all.localGateways.get(keyOf(connection.localGateway))?.prefixes;
    const effective = prefixes === undefined ? null : afterIngress(world, connection, prefixes);
    if (effective === null) return null;
    return isDefaultSite(gateway, connection) ? [...effective, EVERY_IPV4] : effective;
  }
  const other = [connection.gateway, connection.otherGateway].find((id) => id !== null && keyOf(id) !== gateway.key);
  const remote = other === null || other === undefined ? undefined : world.all.gateways.get(keyOf(other));
  const networks = remote?.networks.map((key) => world.all.networks.get(key)) ?? [undefined];
  return networks.every((network) => network !== undefined) ? networks.flatMap(({ prefixes }) => prefixes) : null;
}

const ingressRulesOf = (world: World, connection: Connection): readonly (GatewayNatRule | undefined)[] =>
  connection.ingressNatRules.map((id) => world.all.gatewayNatRules.get(keyOf(id)));

/** The site's prefixes as this side sees them, by its ingress rules; null: the export does not tell. */
function afterIngress(world: World, connection: Connection, prefixes: readonly Cidr[]): readonly Cidr[] | null {
  const rules = ingressRulesOf(world, connection);
  if (rules.some((rule) => rule === undefined || rule.egress || rule.dynamic || rule.ports)) return null;
  const known = rules.filter((rule) => rule !== undefined);
  const seen = prefixes.map((prefix) => {
    const rule = known.find(({ internal }) => internal.some((one) => common([one], [prefix]).length > 0));
    return rule === undefined ? prefix : mappedPrefix(rule, prefix);
  });
  return seen.every((prefix) => prefix !== undefined) ? seen : null;
}

/** Undefined: not all of it is in one mapping. */
function mappedPrefix(rule: GatewayNatRule, prefix: Cidr): Cidr | undefined {
  if (!coveredBy(rule.internal, prefix)) return undefined;
  const first = mappedAddress(rule, addressOf(prefix));
  return first === undefined ? undefined : cidrOf(first, lengthOf(prefix));
}

/** Internet traffic is forced to this site. https://learn.microsoft.com/azure/vpn-gateway/site-to-site-tunneling */
export const isDefaultSite = (gateway: Gateway, connection: Connection): boolean =>
  gateway.defaultSite !== null &&
  connection.localGateway !== null &&
  keyOf(gateway.defaultSite) === keyOf(connection.localGateway);

/** Through which links a route to the gateway may go: one a connection that could carry the prefix. */
export function gatewayHops(world: World, network: Key | null, prefix: Cidr): readonly NextHop[] {
  const { gateways } = network === null ? { gateways: [] } : gatewaysOf(world, network);
  const pairs = gateways.flatMap((gateway) =>
    connectionsOf(world, gateway).map((connection) => ({ gateway, connection })),
  );
  const exact = pairs.filter(({ gateway, connection }) =>
    coveredBy(prefixesBehind(world, gateway, connection) ?? [], prefix),
  );
  const learned = pairs.filter(({ gateway, connection }) => prefixesBehind(world, gateway, connection) === null);
  const usable = exact.length > 0 ? exact : learned.length > 0 ? learned : pairs;
  if (usable.length > 0) return usable.map(({ gateway, connection }) => hopBy(world, gateway, connection, prefix));
  const [gateway] = gateways;
  return [{ kind: "link", link: linkOf(world, gateway ?? null, null, prefix) }];
}

export const hopBy = (world: World, gateway: Gateway, connection: Connection | null, prefix: Cidr): NextHop => ({
  kind: "link",
  link: linkOf(world, gateway, connection, prefix),
});

function linkOf(world: World, gateway: Gateway | null, connection: Connection | null, prefix: Cidr): Link {
  const name = connection?.name ?? gateway?.name ?? "virtual network gateway";
  const text =
    connection === null
      ? say(`the virtual network gateway ${gateway?.name ?? ""}`.trim(), `虚拟网络网关 ${gateway?.name ?? ""}`.trim())
      : say(`the connection ${name}`, `连接 ${name}`);
  const isNetwork =
    connection !== null &&
    (connection.otherGateway !== null ||
      ingressRulesOf(world, connection).some((rule) => coveredBy(rule?.external ?? [], prefix)));
  const outside = isNetwork ? [] : common([prefix], PUBLIC_DESTINATIONS);
  const forced = lengthOf(prefix) === 0 || (outside.length > 0 && lengthOf(prefix) < LONGEST_FORCED);
  const toDefaultSite = gateway !== null && connection !== null && isDefaultSite(gateway, connection);
  const inside = forced || outside.length > 0 ? { destinations: PRIVATE_DESTINATIONS } : {};
  return {
    name,
    resource: connection?.id ?? gateway?.id ?? null,
    text,
    keeps: gatewayKeepsSource,
    offers: [
      ...(forced ? [edgeOffer(name, toDefaultSite ? gateway : null)] : []),
      ...(connection === null ? [] : natOffers(world, connection)),
    ],
    beyond: [
      { ...inside, ...nothingBeyond(name) },
      ...(forced || outside.length === 0 ? [] : [publicBeyond(name, outside)]),
      ...(connection === null && gateway?.expressRoute !== true ? [unseenNat(gateway)] : []),
    ],
  };
}

/** A shorter prefix is a part of the internet, as the halves of a default route are; no site has so many addresses. */
const LONGEST_FORCED = 8;

/** Public addresses of the site itself, or of the internet: the route alone does not say. */
const publicBeyond = (name: string, destinations: readonly Cidr[]): Gap => ({
  destinations,
  harmless: open(
    `own-public-range:${name}`,
    say(
      `the destination is of the site behind ${name}, which sees the source as it comes`,
      `目的地址属于 ${name} 之后的站点，站点看到原样的源地址`,
    ),
    lookAtDestination,
  ),
  otherwise: [
    unpredictable(
      "other",
      null,
      [
        step(
          publicPrefixBehindGateway,
          null,
          `a public prefix by ${name}: the on-premises edge may send it to the internet`,
          `公网前缀经 ${name}：可能由本地网络边缘送往互联网`,
        ),
      ],
      [edgeTranslates],
    ),
  ],
});

/** A default route to the gateway ends at the other side's own internet edge: https://learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview */
const edgeOffer = (name: string, byDefaultSite: Gateway | null): Offer => ({
  translator: "other",
  resource: null,
  match: { destinations: PUBLIC_DESTINATIONS },
  step: step(
    byDefaultSite === null ? onPremisesEdge : defaultSite,
    byDefaultSite,
    `a forced tunnel by ${name}: the on-premises edge sends it to the internet`,
    `经 ${name} 的强制隧道：由本地网络边缘送往互联网`,
  ),
  alternatives: [unpredictable("other", null, [], [edgeTranslates])],
});

const edgeTranslates: Assumption = open(
  "on-premises-edge",
  say(
    "the on-premises edge translates to an address that this export does not show",
    "本地网络边缘会转换为本导出中看不到的地址",
  ),
  {
    text: say(
      "ask for the NAT rules or a log of the on-premises edge, or capture at the destination",
      "请索取本地网络边缘的 NAT 规则或日志，或在目的端抓包",
    ),
    command: null,
    settles: say("which address the on-premises edge uses", "本地网络边缘使用哪个地址"),
  },
);

export const delegatedToEdge = (assumptions: readonly Assumption[]) =>
  unpredictable(
    "other",
    null,
    [step(onPremisesEdge, null, "the on-premises edge sends it to the internet", "由本地网络边缘送往互联网")],
    [...assumptions, edgeTranslates],
  );

const nothingBeyond = (name: string): Omit<Gap, "destinations"> => ({
  harmless: byDefault(
    "nothing-beyond-gateway",
    say(`nothing beyond ${name} translates the source`, `${name} 之后没有设备转换源地址`),
  ),
  otherwise: [
    unpredictable(
      "other",
      null,
      [],
      [
        open(
          `translated-beyond:${name}`,
          say(`a device beyond ${name} translates the source`, `${name} 之后的设备转换了源地址`),
          lookAtDestination,
        ),
      ],
    ),
  ],
});

/** Without the connections nobody can tell whether the gateway translates. */
function unseenNat(gateway: Gateway | null): Gap {
  const group = gateway === null ? "RG" : (parseId(gateway.id)?.group ?? "RG");
  const ask = {
    text: say("export the gateways and their connections", "请导出网关及其连接"),
    command: `az network vnet-gateway list -g ${group} -o json; az network vpn-connection list -g ${group} -o json`,
    settles: say("whether the gateway translates the source", "网关是否转换源地址"),
  };
  return {
    destinations: PRIVATE_DESTINATIONS,
    harmless: byDefault(
      "no-vpn-nat",
      say("the gateway has no NAT rule for this connection", "网关没有针对该连接的 NAT 规则"),
      ask,
    ),
    otherwise: [
      unknown(
        [step(vpnNat, gateway, "a NAT rule of the gateway rewrites the source", "网关的 NAT 规则改写源地址")],
        [
          open(
            "vpn-nat-unseen",
            say("the gateway has a NAT rule that is not in the export", "网关有未导出的 NAT 规则"),
            ask,
          ),
        ],
      ),
    ],
  };
}

function natOffers(world: World, connection: Connection): readonly Offer[] {
  return connection.egressNatRules.flatMap((id) => {
    const rule = world.all.gatewayNatRules.get(keyOf(id));
    if (rule === undefined) return [missingRule(id)];
    return rule.egress ? offersOfRule(world, rule) : [];
  });
}

const missingRule = (id: string): Offer => ({
  translator: "vpn",
  resource: id,
  match: {},
  step: step(
    missingIsUnknown,
    { id, name: nameOf(id) },
    `the connection uses the NAT rule ${nameOf(id)}, which is not in the export`,
    `连接使用的 NAT 规则 ${nameOf(id)} 不在导出中`,
  ),
  alternatives: [unknown([], [notExported(id)])],
});

function offersOfRule(world: World, rule: GatewayNatRule): readonly Offer[] {
  const exact = rule.dynamic || rule.ports ? [] : staticOffers(world, rule);
  const whole =
    rule.external.length === 0
      ? unknown([], [notExported(rule.id)])
      : translated({ addresses: setOfCidrs(rule.external), stability: "static" }, "vpn", rule.id, []);
  const text = step(
    vpnNatMapping,
    rule,
    `${rule.name} maps to any address of ${rule.external.join(", ")}`,
    `${rule.name} 映射到 ${rule.external.join("、")} 中的任一地址`,
  );
  return [
    ...exact,
    { translator: "vpn", resource: rule.id, match: { sources: rule.internal }, step: text, alternatives: [whole] },
  ];
}

/** One offer an address of the estate: 1:1 by offset gives each its own. https://learn.microsoft.com/azure/vpn-gateway/nat-overview */
function staticOffers(world: World, rule: GatewayNatRule): readonly Offer[] {
  return senders(world, rule.internal).flatMap((source) => {
    const mapped = mappedAddress(rule, source);
    if (mapped === undefined) return [];
    const reason = step(
      vpnNat,
      rule,
      `${rule.name} rewrites ${source} to ${mapped}`,
      `${rule.name} 把 ${source} 改写为 ${mapped}`,
    );
    const seen = translated({ addresses: setOf(mapped), stability: "static" }, "vpn", rule.id, [
      step(vpnNatMapping, rule, "by the same offset in both ranges", "两个网段内偏移相同"),
    ]);
    return [
      {
        translator: "vpn" as const,
        resource: rule.id,
        match: { sources: [hostCidr(source)] },
        step: reason,
        alternatives: [seen],
      },
    ];
  });
}

const senders = (world: World, inside: readonly Cidr[]): readonly Ip[] =>
  [...world.all.nics.values()]
    .flatMap(({ configurations }) => configurations.map(({ cidr }) => cidr))
    .filter((cidr) => isHost(cidr) && inside.some((internal) => cidrCovers(internal, cidr)))
    .map(addressOf);

export function mappedAddress(rule: Pick<GatewayNatRule, "internal" | "external">, source: Ip): Ip | undefined {
  const index = rule.internal.findIndex((internal) => cidrContains(internal, source));
  const internal = rule.internal[index];
  const external = rule.external[index];
  if (internal === undefined || external === undefined) return undefined;
  if (familyOfCidr(internal) !== familyOfCidr(external) || lengthOf(internal) !== lengthOf(external)) return undefined;
  return nthAddress(external, Number(ipToNumber(source) - rangeOf(internal).first));
}
