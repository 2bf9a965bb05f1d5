import { type Cidr, familyOfCidr, RFC1918, RFC6598, UNIQUE_LOCAL } from "../../../address/cidr.ts";
import type { Alternative, Internet, Offer } from "../../../model/egress.ts";
import type { Match, Protocol } from "../../../model/flow.ts";
import type { TranslatorKind } from "../../../model/identity.ts";
import type { Step } from "../../../model/outcome.ts";
import type { IpConfiguration, Nic } from "../read/resource.ts";
import { nameOf, parseId } from "../read/resource-id.ts";
import { missingIsUnknown } from "../rules/export.ts";
import { publicIpPerConfiguration } from "../rules/guest-nic.ts";
import {
  basicFrontends,
  firstPoolJoined,
  gatewayLoadBalancer,
  ipBasedPool,
  outboundRule,
  poolRule,
  severalFrontends,
} from "../rules/load-balancer.ts";
import { natGatewayV2 } from "../rules/nat-gateway.ts";
import { allocationMethod, icmpWithBoth, instancePublicIp, ipv6OnlyExplicit, noIcmp } from "../rules/outbound.ts";
import { applianceHop, privateDestination, sameRegionStorage } from "../rules/routing.ts";
import { instancePublicIps } from "../rules/scale-sets.ts";
import { publicAddresses, seenFrom } from "./addresses.ts";
import { lookAtDestination, notExported } from "./ask.ts";
import { withoutMethod } from "./default-outbound.ts";
import { membershipsOf, type PoolFrontends, type Snat, snatOf } from "./load-balancer.ts";
import { type NatOffer, natOffer, natOfSubnet, type SubnetNat } from "./nat-gateway.ts";
import { blocked, byDefault, type Named, open, say, step, unknown, unpredictable } from "./say.ts";
import { prefixesOfTag, regionOf, tagsCommand } from "./service-tags.ts";
import { smtpFilter } from "./smtp.ts";
import { placeOf, type World } from "./world.ts";

/** The way to the internet of a NIC: per configuration, since the source address decides. */
export function internetOf(world: World, nic: Nic): Internet {
  return {
    filters: [smtpFilter(world, nic)],
    offers: [
      ...PRIVATE_OFFERS,
      ...storageOffers(world, nic),
      ...nic.configurations.flatMap((one) => offersOf({ world, nic, one })),
    ],
    none: [foreignSource(nic)],
  };
}

const TO_NOBODY: Step = step(
  privateDestination,
  null,
  "the destination is private, and nobody has it on the internet",
  "目的地址是私有地址，互联网上没有主机使用它",
);

const SHARED_SPACE = say(
  "who has an address of the shared space 100.64.0.0/10 on the way to the internet is not documented",
  "在去往互联网的路径上谁使用共享地址空间 100.64.0.0/10 没有文档说明",
);

/** A route may send private destinations to the internet; no public address is ever seen there. */
export const PRIVATE_OFFERS: readonly Offer[] = [
  {
    translator: "other",
    resource: null,
    match: { destinations: [...RFC1918, ...UNIQUE_LOCAL] },
    step: TO_NOBODY,
    alternatives: [blocked([])],
  },
  {
    translator: "other",
    resource: null,
    match: { destinations: RFC6598 },
    step: step(privateDestination, null, SHARED_SPACE.en, SHARED_SPACE.zh),
    alternatives: [unknown([], [open("shared-address-space", SHARED_SPACE, lookAtDestination)])],
  },
];

interface Sender {
  readonly world: World;
  readonly nic: Nic;
  readonly one: IpConfiguration;
}

/** Only a source that is not the NIC's own comes this far: forwarded, and not translated by the guest. */
const foreignSource = (nic: Nic): Alternative =>
  blocked([
    step(
      applianceHop,
      nic,
      `${nic.name} forwards a source that is not its own: nothing translates that for the internet`,
      `${nic.name} 转发的源地址不是它自己的：没有任何机制为其转换到互联网`,
    ),
  ]);

const TRANSPORTS: readonly Protocol[] = ["tcp", "udp"];

function offersOf(sender: Sender): readonly Offer[] {
  const { world, one } = sender;
  if (one.gatewayLoadBalancer !== null) return [chainedOffer(one.cidr, one.gatewayLoadBalancer)];
  const nat = one.subnet === null ? ({ kind: "none" } as const) : natOfSubnet(world, one.subnet);
  const family = familyOfCidr(one.cidr);
  const offered = natOffer(world, nat, family);
  const icmp = icmpOffer(sender, nat, offered);
  // What comes after a NAT gateway that surely applies is never used.
  if (offered !== null && offered.fallsThrough === null) return [icmp, natGatewayOffer(one.cidr, offered)];
  const rest = publicIpOffer(sender) ?? (family === 4 ? balancedOrDefault(sender) : balancedV6(sender, nat));
  return [icmp, ...(offered === null ? [] : [natGatewayOffer(one.cidr, offered)]), ...rest];
}

const matching = (source: Cidr, protocols: readonly Protocol[], more: Match = {}): Match => ({
  sources: [source],
  protocols,
  ...more,
});

const natGatewayOffer = (source: Cidr, offered: NatOffer): Offer => ({
  translator: "nat-gateway",
  resource: offered.resource,
  match: matching(source, TRANSPORTS),
  step: offered.step,
  alternatives: offered.alternatives,
  ...(offered.fallsThrough === null ? {} : { fallsThrough: offered.fallsThrough }),
});

/** A public IP of the configuration; null: it has none. */
function publicIpOffer({ world, one }: Sender): readonly Offer[] | null {
  if (one.publicIp === null) return null;
  return [
    {
      translator: "instance-public-ip",
      resource: one.publicIp,
      match: matching(one.cidr, TRANSPORTS),
      step: ownAddressStep(one, one.publicIp),
      alternatives: [ownAddress(world, one, one.publicIp)],
    },
  ];
}

const OF_AN_INSTANCE = "microsoft.compute/virtualmachinescalesets/";

const ownAddressStep = (one: IpConfiguration, publicIp: string): Step =>
  step(
    parseId(publicIp)?.type.startsWith(OF_AN_INSTANCE) ? instancePublicIps : publicIpPerConfiguration,
    { id: publicIp, name: nameOf(publicIp) },
    `${one.name} has the public IP ${nameOf(publicIp)}`,
    `${one.name} 绑定公网 IP ${nameOf(publicIp)}`,
  );

function ownAddress(world: World, one: IpConfiguration, publicIp: string): Alternative {
  const seen = publicAddresses(world, [publicIp], [], familyOfCidr(one.cidr));
  const resource = { id: publicIp, name: nameOf(publicIp) };
  const steps = [
    step(instancePublicIp, resource, "it comes before any load balancer", "它优先于任何负载均衡器"),
    ...(seen.stability === "ephemeral"
      ? [
          step(
            allocationMethod,
            resource,
            "it is dynamic: stopping the VM may change it",
            "它是动态的：停止虚拟机后可能改变",
          ),
        ]
      : []),
  ];
  return seenFrom(seen, "instance-public-ip", publicIp, steps);
}

/** Row 12: only an instance's public IP carries ICMP. */
function icmpOffer({ world, one }: Sender, nat: SubnetNat, offered: NatOffer | null): Offer {
  const match = matching(one.cidr, ["icmp"]);
  if (one.publicIp === null)
    return {
      translator: "other",
      resource: null,
      match,
      step: step(noIcmp, null, "ICMP needs a public IP of its own", "ICMP 需要自己的公网 IP"),
      alternatives: [blocked([])],
    };
  const steps = ownAddressStep(one, one.publicIp);
  const base = { translator: "instance-public-ip", resource: one.publicIp, match } as const;
  if (nat.kind === "none" || offered === null)
    return { ...base, step: steps, alternatives: [ownAddress(world, one, one.publicIp)] };
  const doubt = open(
    `icmp-with-nat-gateway:${one.name}`,
    say(
      "which of NAT gateway and public IP handles ICMP is not documented",
      "ICMP 由 NAT 网关还是公网 IP 处理没有文档说明",
    ),
    lookAtDestination,
  );
  return {
    ...base,
    step: steps,
    alternatives: [
      unknown([step(icmpWithBoth, null, "the subnet has a NAT gateway too", "子网同时有 NAT 网关")], [doubt]),
    ],
  };
}

/** Rows 16 to 22, per protocol where the rules of a load balancer tell protocols apart. */
function balancedOrDefault(sender: Sender): readonly Offer[] {
  const { world, nic, one } = sender;
  const memberships = one.primary ? membershipsOf(world, one) : [];
  const byProtocol = TRANSPORTS.map(
    (protocol): readonly [Protocol, readonly Alternative[], TranslatorKind, string | null] => {
      const snat = snatOf(world, memberships, protocol, 4);
      const balanced = balancedAlternatives(sender, snat);
      return balanced === null
        ? [protocol, withoutMethod(world, nic, one, protocol), "default-outbound", null]
        : [protocol, balanced, "load-balancer", memberships[0]?.loadBalancer?.id ?? null];
    },
  );
  return byProtocol.map(([protocol, alternatives, translator, resource]) => ({
    translator,
    resource,
    match: matching(one.cidr, [protocol]),
    step: step(
      publicIpPerConfiguration,
      nic,
      `${one.name} of ${nic.name} has no public IP`,
      `${nic.name} 的 ${one.name} 没有公网 IP`,
    ),
    alternatives,
  }));
}

/** Rows 17 to 19; null: no load balancer gives this flow a way out. */
function balancedAlternatives(sender: Sender, snat: Snat): readonly Alternative[] | null {
  const [missing] = snat.missing;
  if (missing !== undefined) {
    const named = { id: missing, name: nameOf(missing) };
    const reason = step(missingIsUnknown, named, `${named.name} is not in the export`, `${named.name} 不在导出中`);
    return [unknown([reason], [notExported(missing)])];
  }
  if (snat.outbound.length > 0) return outboundAlternatives(snat.outbound);
  if (snat.implicit !== null) return [frontendsOf(snat.implicit, [ruleStep(snat.implicit)])];
  if (snat.basic !== null) return [frontendsOf(snat.basic, [basicStep(snat.basic)])];
  return snat.byAddress === null ? null : byAddressAlternatives(sender, snat.byAddress.frontends);
}

const frontendNames = ({ balancer }: PoolFrontends): string => balancer.name;

const ruleStep = (used: PoolFrontends): Step =>
  step(
    poolRule,
    used.balancer,
    `a load-balancing rule of ${frontendNames(used)} translates its pool to its frontend`,
    `${frontendNames(used)} 的负载均衡规则把后端池转换为其前端地址`,
  );

const basicStep = (used: PoolFrontends): Step =>
  step(
    basicFrontends,
    used.balancer,
    `the Basic load balancer ${used.balancer.name} uses one of its frontends`,
    `基本负载均衡器 ${used.balancer.name} 使用其前端之一`,
  );

function frontendsOf(
  used: PoolFrontends,
  steps: readonly Step[],
  assumptions: Alternative["assumptions"] = [],
): Alternative {
  if (used.chained) return chained(used.balancer.id);
  const several = step(severalFrontends, used.balancer, "any of its addresses may appear", "其任一地址都可能出现");
  const all = used.seen.addresses.length > 1 ? [...steps, several] : steps;
  return seenFrom(used.seen, "load-balancer", used.balancer.id, all, assumptions);
}

function outboundAlternatives(pools: readonly PoolFrontends[]): readonly Alternative[] {
  const distinct = [...new Map(pools.map((used) => [used.seen.addresses.join(), used])).values()];
  return distinct.map((used) => {
    const chosen = step(
      outboundRule,
      used.balancer,
      `an outbound rule of ${used.balancer.name} serves the pool ${nameOf(used.pool)}`,
      `${used.balancer.name} 的出站规则服务于后端池 ${nameOf(used.pool)}`,
    );
    if (distinct.length === 1) return frontendsOf(used, [chosen]);
    const first = step(
      firstPoolJoined,
      used.balancer,
      "the pool that was joined first counts",
      "以最先加入的后端池为准",
    );
    return frontendsOf(used, [first, chosen], [joinedFirst(used)]);
  });
}

const joinedFirst = (used: PoolFrontends) =>
  open(
    `joined-first:${nameOf(used.pool)}`,
    say(
      `the VM joined ${nameOf(used.pool)} before its other pools`,
      `虚拟机先加入 ${nameOf(used.pool)}，后加入其他后端池`,
    ),
    lookAtDestination,
  );

/** such a pool leaves default outbound access on, unless the subnet is private. */
function byAddressAlternatives({ world, nic, one }: Sender, used: PoolFrontends | null): readonly Alternative[] | null {
  const { subnet } = placeOf(world, one.subnet);
  const isPrivate = subnet?.defaultOutboundAccess === false && !subnet.delegated;
  if (used === null) return null;
  if (isPrivate) return [frontendsOf(used, [ruleStep(used)])];
  if (used.chained) return [chained(used.balancer.id)];
  const why = step(
    ipBasedPool,
    used.balancer,
    `${nic.name} is in ${used.balancer.name} by address only: its frontend or the platform's default address may appear`,
    `${nic.name} 仅以地址加入 ${used.balancer.name}：可能出现其前端地址，也可能出现平台的默认地址`,
  );
  return [unpredictable("load-balancer", used.balancer.id, [why], used.seen.missing, used.seen.addresses)];
}

function chained(resource: string): Alternative {
  const reason = step(
    gatewayLoadBalancer,
    { id: resource, name: nameOf(resource) },
    `${nameOf(resource)} is chained to a gateway load balancer; the resulting source is not documented`,
    `${nameOf(resource)} 串接了网关负载均衡器；最终的源地址没有文档说明`,
  );
  const assumed = open(
    `gateway-chain:${nameOf(resource)}`,
    say("what the appliances behind the gateway load balancer do is not known", "网关负载均衡器后的设备如何处理未知"),
    lookAtDestination,
  );
  return unknown([reason], [assumed]);
}

const chainedOffer = (source: Cidr, resource: string): Offer => ({
  translator: "other",
  resource,
  match: { sources: [source] },
  step: step(
    gatewayLoadBalancer,
    { id: resource, name: nameOf(resource) },
    "the configuration is chained to a gateway load balancer",
    "该配置串接了网关负载均衡器",
  ),
  alternatives: [chained(resource)],
});

/** Row 13c, and nothing else: IPv6 has no default outbound access. */
function balancedV6({ world, nic, one }: Sender, nat: SubnetNat): readonly Offer[] {
  const memberships = membershipsOf(world, one);
  const reason = step(
    ipv6OnlyExplicit,
    nic,
    "IPv6 needs a NAT gateway, a public IP or a load balancer of its own",
    "IPv6 需要专门的 NAT 网关、公网 IP 或负载均衡器",
  );
  const broken = nat.kind === "gateway" && nat.gateway?.sku === "standardv2" ? nat.gateway : null;
  return TRANSPORTS.map((protocol): Offer => {
    const snat = snatOf(world, memberships, protocol, 6);
    const base = {
      translator: "load-balancer",
      resource: null,
      match: matching(one.cidr, [protocol]),
      step: reason,
    } as const;
    const [missing] = snat.missing;
    if (missing !== undefined) return { ...base, alternatives: [unknown([], [notExported(missing)])] };
    const balanced = snat.outbound.length > 0;
    if (balanced && broken !== null)
      return {
        ...base,
        alternatives: [
          blocked([
            step(
              natGatewayV2,
              broken,
              `${broken.name} on the subnet breaks IPv6 by outbound rules`,
              `子网上的 ${broken.name} 会使依赖出站规则的 IPv6 中断`,
            ),
          ]),
        ],
      };
    if (balanced) return { ...base, alternatives: outboundAlternatives(snat.outbound) };
    if (snat.implicit === null) return { ...base, alternatives: [blocked([])] };
    const undocumented = (serves: boolean) =>
      open(
        `ipv6-rule-${serves ? "serves" : "idle"}`,
        serves
          ? say("a load-balancing rule translates IPv6 as it does IPv4", "负载均衡规则对 IPv6 与 IPv4 一样做转换")
          : say(
              "a load-balancing rule gives IPv6 no way out; only outbound rules are documented",
              "负载均衡规则不为 IPv6 提供出站；文档只说明了出站规则",
            ),
        lookAtDestination,
      );
    return {
      ...base,
      alternatives: [
        frontendsOf(snat.implicit, [ruleStep(snat.implicit)], [undocumented(true)]),
        blocked([], [undocumented(false)]),
      ],
    };
  });
}

/** Ports at which storage accounts answer. https://learn.microsoft.com/azure/storage/files/storage-files-networking-overview */
const STORAGE_PORTS = [443, 445];

/**
 * Row 11. With the list of service tags the region's storage is known; without it the assumption is printed where
 * such a flow is plausible at all.
 */
export function storageOffers(world: World, nic: Named & { readonly location: string | null }): readonly Offer[] {
  const region = regionOf(nic.location);
  const prefixes = region === null ? undefined : prefixesOfTag(world, `storage.${region}`);
  const base = { translator: "provider", resource: null } as const;
  if (prefixes !== undefined) {
    const reason = step(
      sameRegionStorage,
      nic,
      `the destination is storage in ${region}, the region of ${nic.name}: it sees an internal address of the provider`,
      `目的地是 ${nic.name} 所在区域 ${region} 的存储：它看到的是平台内部地址`,
    );
    const inside = unpredictable("provider", null, []);
    return [
      { ...base, match: { destinations: prefixes, protocols: TRANSPORTS }, step: reason, alternatives: [inside] },
    ];
  }
  const assumed = byDefault(
    "not-same-region-storage",
    say(
      "the destination is no storage account in the same region: such a one sees an internal address",
      "目的地不是同区域的存储账户：那样的目的地看到的是平台内部地址",
    ),
    {
      text: say("add the list of service tags with --config", "请用 --config 加入服务标记列表"),
      command: tagsCommand(nic.location),
      settles: say("whether the destination is storage of this region", "目的地是否为本区域的存储"),
    },
  );
  const ports = STORAGE_PORTS.map((port) => ({ first: port, last: port }));
  const reason = step(sameRegionStorage, nic, "no storage of the same region", "不是同区域的存储");
  return [{ ...base, match: { protocols: ["tcp"], ports }, step: reason, alternatives: [], fallsThrough: assumed }];
}
