import { setOf } from "../../address/address-set.ts";
import { type Ip, parseIp } from "../../address/ip.ts";
import type { Alternative } from "../../model/egress.ts";
import type { Stability } from "../../model/identity.ts";
import { assumed, blocked, stepOf, translated, unknown } from "./alternatives.ts";
import { askAddress, askNatIpInfo } from "./asks.ts";
import type { Facts } from "./facts.ts";
import { nameOf, regionOf, resourcePath } from "./links.ts";
import type { RawNatRule } from "./read/raw.ts";
import type { Gateway } from "./routers.ts";
import { autoPool, defaultRule, manualPool, noAddresses, ruleOrder } from "./rules/nat.ts";

/** The addresses that a gateway, or one of its rules, gives to new connections. */
export interface Pool {
  readonly gateway: Gateway;
  readonly ruleNumber: number | null;
  /** Null: not known at all. */
  readonly active: readonly Ip[] | null;
  /** Address resources that are named but not in the export. */
  readonly unresolved: readonly string[];
  /** Automatic addresses found among the reserved ones, when those were not all exported. */
  readonly partlyListed: boolean;
  readonly draining: readonly Ip[];
  readonly stability: Stability;
}

const ips = (texts: readonly string[] | null | undefined): readonly Ip[] =>
  (texts ?? []).flatMap((text) => parseIp(text) ?? []);

const without = (all: readonly Ip[], removed: readonly Ip[]): readonly Ip[] => [
  ...new Set(all.filter((ip) => !removed.includes(ip))),
];

/** @param rule one of the gateway's rules, or null for its own addresses */
export function poolOf(gateway: Gateway, rule: RawNatRule | null, facts: Facts): Pool {
  if (rule !== null) return poolOfRule(gateway, rule, facts);
  const { raw, status } = gateway;
  const manual = raw.natIpAllocateOption === "MANUAL_ONLY" || (raw.natIps ?? []).length > 0;
  const drained = [
    ...resolve(raw.drainNatIps, gateway, facts).known,
    ...ips(status?.drainUserAllocatedNatIps),
    ...ips(status?.drainAutoAllocatedNatIps),
  ];
  const pool = { gateway, ruleNumber: null, draining: without(drained, []) };
  if (!manual) {
    const { known, partlyListed } = autoAddresses(gateway, facts);
    const active = without(known, drained);
    return {
      ...pool,
      active: active.length === 0 ? null : active,
      unresolved: [],
      partlyListed,
      stability: "changing",
    };
  }
  const listed = resolve(raw.natIps, gateway, facts);
  const seen = [...ips(status?.userAllocatedNatIps), ...infoAddresses(gateway, "MANUAL")];
  return { ...pool, ...joined(listed, seen, drained), partlyListed: false, stability: "static" };
}

function poolOfRule(gateway: Gateway, rule: RawNatRule, facts: Facts): Pool {
  const status = gateway.status?.ruleStatus?.find(({ ruleNumber }) => ruleNumber === rule.ruleNumber);
  const drained = [...resolve(rule.action?.sourceNatDrainIps, gateway, facts).known, ...ips(status?.drainNatIps)];
  const listed = resolve(rule.action?.sourceNatActiveIps, gateway, facts);
  const ruleNumber = rule.ruleNumber ?? 0;
  return {
    gateway,
    ruleNumber,
    draining: drained,
    ...joined(listed, ips(status?.activeNatIps), drained),
    partlyListed: false,
    stability: "static",
  };
}

/** What runs may differ from what is configured while a change is rolled out: both may be seen. */
function joined(listed: Resolved, seen: readonly Ip[], drained: readonly Ip[]): Pick<Pool, "active" | "unresolved"> {
  const active = without([...listed.known, ...seen], drained);
  // Status and get-nat-ip-info repeat each other: only an address that no name stands for yet accounts for a name.
  const others = without(seen, [...listed.known, ...drained]);
  const accounted = listed.known.every((ip) => seen.includes(ip)) && others.length >= listed.unresolved.length;
  const unresolved = accounted ? [] : listed.unresolved;
  return { active: active.length === 0 && unresolved.length > 0 ? null : active, unresolved };
}

interface Resolved {
  readonly known: readonly Ip[];
  readonly unresolved: readonly string[];
}

/** Links to address resources; a literal address is itself. */
function resolve(links: readonly string[] | null | undefined, gateway: Gateway, facts: Facts): Resolved {
  const known: Ip[] = [];
  const unresolved: string[] = [];
  for (const link of links ?? []) {
    const home = { project: gateway.router.project, location: `regions/${gateway.region}`, collection: "addresses" };
    const path = resourcePath(link, home);
    const ip = parseIp(link) ?? facts.addressByPath.get(path);
    if (ip === undefined) unresolved.push(path);
    else known.push(ip);
  }
  return { known, unresolved };
}

/** `get-nat-ip-info` has no rules: with rules its list also holds their addresses, so it says nothing of the default. */
function infoAddresses(gateway: Gateway, mode: "AUTO" | "MANUAL"): readonly Ip[] {
  if ((gateway.raw.rules ?? []).length > 0) return [];
  return (gateway.ipInfo?.natIpInfoMappings ?? []).flatMap((one) => (one.mode === mode ? ips([one.natIp ?? ""]) : []));
}

type Automatic = { readonly known: readonly Ip[] } & Pick<Pool, "partlyListed">;

/** Automatic addresses: the status, `get-nat-ip-info`, or the reserved addresses of purpose NAT_AUTO. */
function autoAddresses(gateway: Gateway, facts: Facts): Automatic {
  const running = [...ips(gateway.status?.autoAllocatedNatIps), ...infoAddresses(gateway, "AUTO")];
  return running.length > 0 ? { known: running, partlyListed: false } : reservedForNat(gateway, facts);
}

/** Such an address names the router that uses it: https://docs.cloud.google.com/compute/docs/reference/rest/v1/addresses */
function reservedForNat(gateway: Gateway, facts: Facts): Automatic {
  const { project, name } = gateway.router;
  const reserved = facts.exported.addresses.filter(
    (one) =>
      one.value.purpose === "NAT_AUTO" &&
      one.project === project &&
      regionOf(one.value.region ?? one.path) === gateway.region,
  );
  const isAuto = (other: Gateway): boolean =>
    other.raw.natIpAllocateOption !== "MANUAL_ONLY" &&
    other.router.project === project &&
    other.region === gateway.region;
  const rivals = facts.routers.flatMap(({ gateways }) => gateways.filter(isAuto));
  const named = reserved.filter(({ value }) => value.users?.some((user) => nameOf(user) === name));
  const unused = reserved.filter(({ value }) => (value.users ?? []).length === 0);
  const ofRouter = rivals.filter((other) => other.router === gateway.router);
  const own = rivals.length === 1 ? [...named, ...unused] : ofRouter.length === 1 ? named : [];
  const listed = facts.exported.coverage.seen(project, "address", gateway.region) === "whole";
  const whole = listed && !maybeDescribed(facts.exported.addresses.filter((one) => one.project === project));
  return {
    known: own.flatMap(({ value }) => ips([value.address ?? ""])),
    partlyListed: !whole || unused.some((one) => !own.includes(one)),
  };
}

/** One address at the start of its file may be what `describe` prints, whatever the file is called. */
const maybeDescribed = ([first, ...others]: Facts["exported"]["addresses"]): boolean =>
  first !== undefined && others.length === 0 && (first.origin.line ?? 1) === 1;

const known = new WeakMap<Pool, readonly Alternative[]>();

/** What a pool means for a new connection. */
export function alternativesOf(pool: Pool): readonly Alternative[] {
  const before = known.get(pool);
  if (before !== undefined) return before;
  const made = newAlternatives(pool);
  known.set(pool, made);
  return made;
}

function newAlternatives(pool: Pool): readonly Alternative[] {
  const { gateway, active, unresolved, draining } = pool;
  if (active === null) return [unknownPool(pool)];
  if (active.length === 0) return [blocked(emptyStep(pool))];
  const more = {
    translator: "nat-gateway",
    resource: gateway.path,
    stability: pool.stability,
    draining: setOf(...draining),
  } as const;
  const incomplete = { ...more, complete: false } as const;
  const [first] = unresolved;
  if (first === undefined)
    return pool.partlyListed
      ? [translated(setOf(...active), incomplete, [poolStep(pool)], moreAutomatic(gateway))]
      : [translated(setOf(...active), more, [poolStep(pool)])];
  const doubt = assumed(
    "open",
    `address-missing:${nameOf(first)}`,
    `${unresolved.length} more addresses of ${gateway.name} are named but not in the export: ${unresolved.map(nameOf).join(", ")}`,
    `${gateway.name} 另有 ${unresolved.length} 个地址仅有名称而未导出：${unresolved.map(nameOf).join("、")}`,
    askAddress(first),
  );
  return [translated(setOf(...active), incomplete, [poolStep(pool)], doubt)];
}

const moreAutomatic = (gateway: Gateway) =>
  assumed(
    "open",
    `auto-ips-partly:${gateway.name}`,
    `${gateway.name} may have more automatic addresses: the addresses of its region are not all in the export`,
    `${gateway.name} 可能还有其他自动分配的地址：该区域的地址未全部导出`,
    askNatIpInfo(gateway.router.path),
  );

function unknownPool({ gateway, unresolved }: Pool): Alternative {
  const [first] = unresolved;
  if (first !== undefined) {
    const doubt = assumed(
      "open",
      `address-missing:${nameOf(first)}`,
      `the addresses of ${gateway.name} are named but not in the export: ${unresolved.map(nameOf).join(", ")}`,
      `${gateway.name} 的地址仅有名称而未导出：${unresolved.map(nameOf).join("、")}`,
      askAddress(first),
    );
    const text = {
      en: `${gateway.name} uses reserved addresses that the export does not show`,
      zh: `${gateway.name} 使用导出中没有的预留地址`,
    };
    return unknown(stepOf(manualPool, text, gateway.path, gateway.router.origin), doubt, gateway.path);
  }
  const doubt = assumed(
    "open",
    `auto-ips:${gateway.name}`,
    `${gateway.name} allocates its addresses automatically, and no status names them`,
    `${gateway.name} 自动分配地址，且没有状态给出具体地址`,
    askNatIpInfo(gateway.router.path),
  );
  const text = { en: `${gateway.name} allocates its addresses automatically`, zh: `${gateway.name} 自动分配地址` };
  return unknown(stepOf(autoPool, text, gateway.path, gateway.router.origin), doubt, gateway.path);
}

const emptyStep = ({ gateway }: Pool) =>
  stepOf(
    noAddresses,
    { en: `${gateway.name} has no active address`, zh: `${gateway.name} 没有可用地址` },
    gateway.path,
    gateway.router.origin,
  );

export function poolStep({ gateway, ruleNumber, stability }: Pool) {
  const rule =
    ruleNumber === null
      ? stability === "changing"
        ? autoPool
        : (gateway.raw.rules ?? []).length > 0
          ? defaultRule
          : manualPool
      : ruleOrder;
  const whose = ruleNumber === null ? gateway.name : `${gateway.name}, rule ${ruleNumber}`;
  const text = {
    en: `the source becomes an address of ${whose}`,
    zh: `源地址变为 ${ruleNumber === null ? gateway.name : `${gateway.name} 规则 ${ruleNumber}`} 的地址`,
  };
  return stepOf(rule, text, gateway.path, gateway.router.origin);
}
