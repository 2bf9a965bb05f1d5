import { setOf } from "../../address/address-set.ts";
import { type Cidr, hostCidr, parseCidr } from "../../address/cidr.ts";
import { type Ip, parseIp } from "../../address/ip.ts";
import type { Alternative } from "../../model/egress.ts";
import { groupBy } from "../group-by.ts";
import { assumed, stepOf, translated } from "./alternatives.ts";
import { askNatMapping } from "./asks.ts";
import type { Facts, Nic } from "./facts.ts";
import { alternativesOf, type Pool, poolStep } from "./nat-pool.ts";
import type { RawInterfaceMapping } from "./read/raw.ts";
import { snapshotNarrows } from "./rules/nat.ts";

/** The addresses that one source of an interface held when the mapping information was taken. */
export interface Held {
  readonly source: Cidr;
  readonly byDefault: readonly Ip[];
  readonly byRule: ReadonlyMap<number, readonly Ip[]>;
}

const NOTHING_HELD: readonly Held[] = [];

/** `get-nat-mapping-info` names a VM only by its name: it counts where one interface alone fits name and address. */
export function heldBy(facts: Facts): (nic: Nic) => readonly Held[] {
  const mappings = facts.exported.natMappings.flatMap(({ value }) =>
    (value.interfaceNatMappings ?? []).map((mapping) => ({ instance: value.instanceName ?? "", mapping })),
  );
  if (mappings.length === 0) return () => NOTHING_HELD;
  const byKey = groupBy(mappings, ({ instance, mapping }) => `${instance} ${mapping.sourceVirtualIp ?? ""}`);
  const keyOf = (nic: Nic): string => `${nic.instance.name} ${nic.primary ?? ""}`;
  const nics = groupBy(facts.nics, keyOf);
  return (nic) => {
    if (nic.primary === null || nics.get(keyOf(nic))?.length !== 1) return [];
    const own = (byKey.get(keyOf(nic)) ?? []).map(({ mapping }) => mapping);
    const bySource = groupBy(own, ({ sourceAliasIpRange }) => sourceAliasIpRange ?? "");
    return [...bySource].flatMap(([alias, parts]) => {
      const source = alias === "" ? hostCidr(nic.primary ?? ("" as Ip)) : parseCidr(alias, true);
      return source === undefined ? [] : [heldFrom(source, parts)];
    });
  };
}

function heldFrom(source: Cidr, parts: readonly RawInterfaceMapping[]): Held {
  const byRule = new Map<number, readonly Ip[]>();
  for (const { ruleNumber, natIpPortRanges } of parts.flatMap(({ ruleMappings }) => ruleMappings ?? [])) {
    if (ruleNumber === null || ruleNumber === undefined) continue;
    byRule.set(ruleNumber, [...(byRule.get(ruleNumber) ?? []), ...addressesIn(natIpPortRanges)]);
  }
  return { source, byDefault: parts.flatMap(({ natIpPortRanges }) => addressesIn(natIpPortRanges)), byRule };
}

/** `203.0.113.10:1024-1087` */
const addressesIn = (ranges: readonly string[] | null | undefined): readonly Ip[] =>
  (ranges ?? []).flatMap((range) => parseIp(range.slice(0, range.lastIndexOf(":"))) ?? []);

/**
 * The pool as the mapping information narrows it: a snapshot, since a VM may be given ports of another address later.
 * Undefined where it narrows nothing.
 */
export function narrowed(pool: Pool, held: Held): readonly Alternative[] | undefined {
  const seen = [...new Set(pool.ruleNumber === null ? held.byDefault : (held.byRule.get(pool.ruleNumber) ?? []))];
  if (seen.length === 0) return undefined;
  const { gateway, active } = pool;
  const inPool = active === null ? seen : seen.filter((ip) => active.includes(ip) || pool.draining.includes(ip));
  const current = inPool.filter((ip) => !pool.draining.includes(ip));
  if (active !== null && (current.length === active.length || inPool.length === 0 || current.length === 0))
    return inPool.length === 0 ? disagreeing(pool, seen) : undefined;
  const snapshot = assumed(
    "default",
    "nat-mapping-snapshot",
    "the NAT mapping is as it was when it was taken",
    "NAT 映射仍与采集时相同",
    askNatMapping(gateway.router.path),
  );
  const widened = assumed(
    "open",
    "nat-mapping-changed",
    "the VM has been given ports of other addresses since",
    "此后该虚拟机又分配到其他地址的端口",
    askNatMapping(gateway.router.path),
  );
  return [
    asTranslated(pool, current, snapshot),
    ...alternativesOf(pool).map((all) => ({ ...all, assumptions: [...all.assumptions, widened] })),
  ];
}

const asTranslated = (pool: Pool, addresses: readonly Ip[], assumption: ReturnType<typeof assumed>): Alternative => {
  const { gateway, stability, draining } = pool;
  const text = { en: "the mapping information names the addresses of this VM", zh: "映射信息给出了该虚拟机的地址" };
  const step = stepOf(snapshotNarrows, text, gateway.path, gateway.router.origin);
  const more = { translator: "nat-gateway", resource: gateway.path, stability, draining: setOf(...draining) } as const;
  return translated(setOf(...addresses), more, [poolStep(pool), step], assumption);
};

/** Mapping and configuration name different addresses: one of the two is older. */
function disagreeing(pool: Pool, seen: readonly Ip[]): readonly Alternative[] {
  const ask = askNatMapping(pool.gateway.router.path);
  const newer = assumed(
    "open",
    "nat-mapping-newer",
    "the mapping information is newer than the router's configuration",
    "映射信息比路由器配置更新",
    ask,
  );
  const older = assumed(
    "open",
    "nat-mapping-older",
    "the mapping information is older than the router's configuration",
    "映射信息比路由器配置更旧",
    ask,
  );
  return [
    asTranslated(pool, seen, newer),
    ...alternativesOf(pool).map((all) => ({ ...all, assumptions: [...all.assumptions, older] })),
  ];
}
