import { type Cidr, EVERY_IPV4, EVERY_IPV6, hostCidr } from "../../../address/cidr.ts";
import type { Ip } from "../../../address/ip.ts";
import type { Alternative, Egress, Filter, NextHop, Offer, Route, RouteStage } from "../../../model/egress.ts";
import type { Host } from "../../../model/estate.ts";
import type { Match } from "../../../model/flow.ts";
import type { Rule } from "../../../model/rule.ts";
import type { Text } from "../../../problem.ts";
import { PRIVATE_OFFERS, storageOffers } from "../compile/internet.ts";
import { natOffer, natOfSubnet } from "../compile/nat-gateway.ts";
import { blocked, type Named, say, step } from "../compile/say.ts";
import { placeOf, type World } from "../compile/world.ts";
import type { Resource } from "../read/resource.ts";
import { keyOf, parentOf } from "../read/resource-id.ts";
import { ipv6OnlyExplicit, noIcmp } from "../rules/outbound.ts";

/** A resource that sends, and where it is. */
export type Placed = Resource & { readonly location: string | null };

export interface WorkloadHost {
  readonly id: string;
  readonly name: string;
  /** What of it sends: `app`, `nodes`, `pods`. */
  readonly part: string;
  readonly of: Named;
  readonly subnet: string | null;
  readonly address?: Ip | null;
  /** False: its source inside the network is not of the subnet, or may not be. */
  readonly seenInside?: boolean;
  /** Why nobody knows the source before: it becomes the rule of the host's only interface. */
  readonly rule: Rule;
}

/** A workload as a host, with the subnet it sends from; null: none of the user's. */
export interface Workload {
  readonly host: Host;
  readonly subnet: string | null;
}

/** A host with one interface, whose source the platform picks unless its address is known. */
export function workloadHost(world: World, made: WorkloadHost, egress: () => Egress): Workload {
  const { id, name, part, of, subnet, address = null, seenInside = true, rule } = made;
  const origin = of.origin ?? null;
  let known: Egress | undefined;
  const host: Host = {
    id,
    name,
    interfaces: [
      {
        id,
        name: part,
        resource: of.id,
        network: subnet === null ? "" : parentOf(keyOf(subnet)),
        mac: null,
        addresses: address === null ? [] : [{ cidr: hostCidr(address), role: "primary" }],
        ...(address === null ? { sendsFromAny: seenInside ? prefixesOf(world, subnet) : [] } : {}),
        connected: [],
        foreignSources: { allowed: false, rule },
        get egress() {
          known ??= egress();
          return known;
        },
        origin,
      },
    ],
    defaultInterface: { interface: id, rule },
    origin,
  };
  return { host, subnet };
}

const prefixesOf = (world: World, subnet: string | null): readonly Cidr[] =>
  placeOf(world, subnet).subnet?.prefixes ?? [];

/** The NAT gateway of a subnet comes before whatever else a workload has; null stands for no subnet. */
export function natOffers(world: World, subnet: string | null): readonly Offer[] {
  const offered = subnet === null ? null : natOffer(world, natOfSubnet(world, subnet), 4);
  if (offered === null) return [];
  return [
    {
      translator: "nat-gateway",
      resource: offered.resource,
      match: { ...IPV4, protocols: ["tcp", "udp"] },
      step: offered.step,
      alternatives: offered.alternatives,
      ...(offered.fallsThrough === null ? {} : { fallsThrough: offered.fallsThrough }),
    },
  ];
}

export const IPV4: Match = { destinations: [EVERY_IPV4] };

/** Private destinations, storage of the region and ICMP, alike for everything that the platform translates. */
export const commonOffers = (world: World, at: Placed): readonly Offer[] => [
  ...PRIVATE_OFFERS,
  {
    translator: "other",
    resource: null,
    match: { protocols: ["icmp"] },
    step: step(noIcmp, at, "ICMP needs a public IP of its own", "ICMP 需要自己的公网 IP"),
    alternatives: [blocked([])],
  },
  ...storageOffers(world, at),
];

export const noWayFor6 = (at: Named): readonly Alternative[] => [
  blocked([
    step(
      ipv6OnlyExplicit,
      at,
      "nothing of it is configured for IPv6 to the internet",
      "未为其配置任何到互联网的 IPv6 出站方式",
    ),
  ]),
];

/** A stage that only sorts destinations: into the network (`next-stage`), or straight to the internet. */
export function sorting(routes: readonly Route[], rule: Rule, gaps: RouteStage["gaps"] = []): RouteStage {
  return {
    kind: "longest-prefix",
    routes,
    orders: [[{ position: 0, rule }]],
    ties: { kind: "together", rule },
    gaps,
  };
}

export const sortingRoute = (
  prefix: Cidr,
  hop: NextHop,
  name: string,
  rule: Rule,
  at: Named,
  preference = 0,
): Route => ({
  prefix,
  hop,
  preference: [preference],
  usable: { kind: "yes" },
  name,
  resource: at.id,
  rule,
  origin: at.origin ?? null,
});

export const THE_INTERNET = say("the internet", "互联网");
export const TO_INTERNET: NextHop = { kind: "internet", text: THE_INTERNET };
export const intoNetwork = (text: Text): NextHop => ({ kind: "next-stage", text });

/** Everything goes to the internet by the platform: the workload is in no network of the user's. */
export const onlyInternet = (id: string, rule: Rule, at: Named): Egress["routes"] => ({
  id,
  stages: [
    sorting(
      [EVERY_IPV4, EVERY_IPV6].map((prefix) => sortingRoute(prefix, TO_INTERNET, "default", rule, at)),
      rule,
    ),
  ],
  none: step(rule, at, "no route holds the destination", "没有路由包含该目的地址"),
});

export const noFilters: readonly Filter[] = [];
