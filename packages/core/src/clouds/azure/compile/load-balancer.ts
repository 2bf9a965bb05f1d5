import type { Family } from "../../../address/ip.ts";
import type { Protocol } from "../../../model/flow.ts";
import type { Frontend, IpConfiguration, LoadBalancer, Nic, Pool } from "../read/resource.ts";
import { type Key, keyOf, parentOf } from "../read/resource-id.ts";
import { joinAddresses, type PublicAddresses, publicAddresses } from "./addresses.ts";
import { notExported } from "./ask.ts";
import { placeOf, type World } from "./world.ts";

/** One pool that a configuration is in. */
export interface Membership {
  readonly pool: Key;
  /** Its id as written. */
  readonly balancer: string;
  /** Undefined: not in the export. */
  readonly loadBalancer: LoadBalancer | undefined;
  readonly byAddress: boolean;
}

export function membershipsOf(world: World, configuration: IpConfiguration): readonly Membership[] {
  const listed = world.poolsOfConfiguration.get(configuration.key) ?? [];
  const byNic = new Map([...listed.map(({ id }) => id), ...configuration.pools].map((id) => [keyOf(id), id]));
  const { networkKey } = placeOf(world, configuration.subnet);
  const byAddress = (world.poolsOfAddress.get(configuration.cidr.replace(/\/.*/, "")) ?? [])
    .filter(({ pool, network }) => !byNic.has(pool.key) && (network === null || network === networkKey))
    .map(({ pool }) => pool.id);
  const member = (pool: string, isByAddress: boolean): Membership => {
    const balancer = parentOf(pool);
    const loadBalancer = world.all.loadBalancers.get(keyOf(balancer));
    return { pool: keyOf(pool), balancer, loadBalancer, byAddress: isByAddress };
  };
  // A cross-region load balancer handles inbound traffic only: https://learn.microsoft.com/azure/load-balancer/cross-region-overview
  return [
    ...[...byNic.values()].map((pool) => member(pool, false)),
    ...[...new Set(byAddress)].map((pool) => member(pool, true)),
  ].filter(({ loadBalancer }) => loadBalancer?.global !== true);
}

/** What the rules of load balancers offer one configuration, for one protocol and family. */
export interface Snat {
  /** One entry a pool: which was joined first is not in an export. */
  readonly outbound: readonly PoolFrontends[];
  readonly implicit: PoolFrontends | null;
  readonly basic: PoolFrontends | null;
  /** Frontends of rules over pools that list bare addresses; null: in no such pool. */
  readonly byAddress: { readonly balancer: string; readonly frontends: PoolFrontends | null } | null;
  /** Ids of load balancers, or of their pools, that are not in the export. */
  readonly missing: readonly string[];
}

export interface PoolFrontends {
  readonly balancer: LoadBalancer;
  readonly pool: Key;
  readonly seen: PublicAddresses;
  /** A frontend is chained to a gateway load balancer. */
  readonly chained: boolean;
}

export function snatOf(world: World, memberships: readonly Membership[], protocol: Protocol, family: Family): Snat {
  const known = memberships.flatMap((one) =>
    one.loadBalancer === undefined ? [] : [{ ...one, loadBalancer: one.loadBalancer }],
  );
  const byNic = known.filter((one) => !one.byAddress);
  const standard = byNic.filter(({ loadBalancer }) => loadBalancer.sku !== "basic");
  const frontends = (list: typeof known, kind: "outbound" | "implicit"): readonly PoolFrontends[] =>
    list.flatMap((one) => poolFrontends(world, one.loadBalancer, one.pool, kind, protocol, family) ?? []);
  const addressed = known.filter((one) => one.byAddress);
  const [byAddress] = addressed;
  return {
    outbound: frontends(standard, "outbound"),
    implicit: joined(frontends(standard, "implicit")),
    basic: joined(
      frontends(
        byNic.filter(({ loadBalancer }) => loadBalancer.sku === "basic"),
        "implicit",
      ),
    ),
    byAddress:
      byAddress === undefined
        ? null
        : {
            balancer: byAddress.balancer,
            frontends: joined([...frontends(addressed, "outbound"), ...frontends(addressed, "implicit")]),
          },
    missing: memberships.flatMap(({ balancer, loadBalancer, pool }) => {
      if (loadBalancer === undefined) return [balancer];
      return knowsPool(world, loadBalancer, pool) ? [] : [pool];
    }),
  };
}

/** A NIC that names a pool its load balancer does not have: one of the two exports is old or damaged. */
const knowsPool = (world: World, { key }: LoadBalancer, pool: Key): boolean =>
  (world.poolsOf.get(key) ?? []).some((one) => one.key === pool) ||
  (world.rulesOf.get(key) ?? []).some(({ pools }) => pools.includes(pool)) ||
  (world.outboundRulesOf.get(key) ?? []).some((rule) => rule.pool === pool);

function joined(list: readonly PoolFrontends[]): PoolFrontends | null {
  const [first] = list;
  if (first === undefined) return null;
  return { ...first, seen: joinAddresses(list.map(({ seen }) => seen)), chained: list.some(({ chained }) => chained) };
}

/** The public frontends that rules of one kind give to a pool; undefined: none. */
function poolFrontends(
  world: World,
  balancer: LoadBalancer,
  pool: Key,
  kind: "outbound" | "implicit",
  protocol: Protocol,
  family: Family,
): PoolFrontends | undefined {
  const ids =
    kind === "outbound"
      ? (world.outboundRulesOf.get(balancer.key) ?? [])
          .filter((rule) => rule.pool === pool && rule.protocols.includes(protocol))
          .flatMap((rule) => rule.frontends)
      : (world.rulesOf.get(balancer.key) ?? [])
          .filter((rule) => rule.snat && rule.pools.includes(pool) && rule.protocols.includes(protocol))
          .flatMap((rule) => rule.frontend ?? []);
  const keys = [...new Set(ids.map(keyOf))];
  const used = keys.flatMap((key) => world.all.frontends.get(key) ?? []).filter(isPublic);
  const absent = keys.filter((key) => !world.all.frontends.has(key));
  const named = publicAddresses(
    world,
    used.flatMap(({ publicIp }) => publicIp ?? []),
    used.flatMap(({ prefix }) => prefix ?? []),
    family,
  );
  const seen = { ...named, missing: [...named.missing, ...absent.map(notExported)] };
  if (seen.addresses.length === 0 && seen.missing.length === 0) return undefined;
  return { balancer, pool, seen, chained: used.some((frontend) => frontend.gatewayLoadBalancer !== null) };
}

const isPublic = (frontend: Frontend): boolean => frontend.publicIp !== null || frontend.prefix !== null;

/** A load balancer that has a private address as a frontend, and where that stands. */
export interface Behind {
  readonly balancer: LoadBalancer;
  readonly pools: readonly Pool[];
  /** The network of the frontend; null: its subnet is not in the export. */
  readonly network: Key | null;
}

export function poolsBehind(world: World, address: string): readonly Behind[] {
  return [...world.all.frontends.values()]
    .filter((frontend) => frontend.privateAddress === address)
    .flatMap((frontend) => {
      const balancer = world.all.loadBalancers.get(parentOf(frontend.key));
      if (balancer === undefined) return [];
      const rules = (world.rulesOf.get(balancer.key) ?? []).filter(
        (rule) => rule.frontend !== null && keyOf(rule.frontend) === frontend.key,
      );
      const keys = new Set(rules.flatMap((rule) => rule.pools));
      const pools = (world.poolsOf.get(balancer.key) ?? []).filter(({ key }) => keys.has(key));
      return [{ balancer, pools, network: placeOf(world, frontend.subnet).networkKey }];
    });
}

/** Ids as written. `uncertain`: only a public IP ties it, and that is not in the export. */
export interface Tie {
  readonly balancer: string | null;
  readonly publicIp: string | null;
  readonly uncertain: boolean;
}

/** Asked again for every member of a group; a NIC belongs to one world. */
const ties = new WeakMap<Nic, Tie>();

/** Whether a NIC hangs on something of Standard SKU, which takes default outbound access from its group. */
export function standardTieOf(world: World, nic: Nic): Tie {
  const known = ties.get(nic);
  if (known !== undefined) return known;
  const tie = findTie(world, nic);
  ties.set(nic, tie);
  return tie;
}

function findTie(world: World, nic: Nic): Tie {
  const memberships = nic.configurations
    .flatMap((configuration) => membershipsOf(world, configuration))
    .filter((one) => !one.byAddress);
  const natted = nic.configurations.flatMap(({ inboundNatRules }) => inboundNatRules.map(parentOf));
  const balancers = [...memberships.map(({ balancer }) => balancer), ...natted];
  const balancer = balancers.find((id) => world.all.loadBalancers.get(keyOf(id))?.sku !== "basic") ?? null;
  const publicIps = nic.configurations.flatMap((configuration) => configuration.publicIp ?? []);
  const publicIp = publicIps.find((id) => world.all.publicIps.get(keyOf(id))?.sku !== "basic") ?? null;
  const uncertain = balancer === null && publicIp !== null && !world.all.publicIps.has(keyOf(publicIp));
  return { balancer, publicIp, uncertain };
}
