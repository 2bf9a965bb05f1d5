import * as v from "valibot";
import { EVERY_IPV4, EVERY_IPV6, familyOfCidr, parseCidr } from "../../address/cidr.ts";
import { type Family, type Ip, parseIp } from "../../address/ip.ts";
import type { GuestAddress, GuestDevice, GuestHop, GuestRoute, RouteGet, RuleAction, Span } from "../guest.ts";
import { ROUTE_TYPES } from "../guest.ts";
import { type Command, tableAsked } from "./command.ts";
import { newDevice } from "./ip-addr.ts";
import { preferenceOf, readTos } from "./ip-route.ts";
import { type DraftRule, emptyDraft, finishRule, lookup, readMark } from "./ip-rule.ts";
import { deviceName, type Line, normaliseMac, readNumber, tableName } from "./part.ts";

/** Fields as iproute2 writes them: https://github.com/iproute2/iproute2/blob/main/ip/iproute.c */
const nexthop = v.object({
  gateway: v.optional(v.string()),
  via: v.optional(v.object({ host: v.string() })),
  dev: v.optional(v.string()),
  weight: v.optional(v.number()),
  flags: v.optional(v.array(v.string())),
});

const jsonRoute = v.object({
  ...nexthop.entries,
  type: v.optional(v.picklist(ROUTE_TYPES)),
  dst: v.string(),
  from: v.optional(v.string()),
  via: v.optional(v.object({ family: v.string(), host: v.string() })),
  table: v.optional(v.union([v.string(), v.number()])),
  protocol: v.optional(v.string()),
  scope: v.optional(v.string()),
  prefsrc: v.optional(v.string()),
  src: v.optional(v.string()),
  metric: v.optional(v.number()),
  tos: v.optional(v.string()),
  nhid: v.optional(v.number()),
  pref: v.optional(v.string()),
  nexthops: v.optional(v.array(nexthop)),
  uid: v.optional(v.number()),
  mark: v.optional(v.union([v.string(), v.number()])),
  iif: v.optional(v.string()),
});
type JsonRoute = v.InferOutput<typeof jsonRoute>;

/** https://github.com/iproute2/iproute2/blob/main/ip/iprule.c */
const jsonRule = v.looseObject({
  priority: v.number(),
  src: v.optional(v.string()),
  srclen: v.optional(v.number()),
  dst: v.optional(v.string()),
  dstlen: v.optional(v.number()),
  tos: v.optional(v.string()),
  fwmark: v.optional(v.string()),
  fwmask: v.optional(v.string()),
  iif: v.optional(v.string()),
  oif: v.optional(v.string()),
  uid_start: v.optional(v.number()),
  uid_end: v.optional(v.number()),
  ipproto: v.optional(v.string()),
  sport: v.optional(v.number()),
  sport_start: v.optional(v.number()),
  sport_end: v.optional(v.number()),
  dport: v.optional(v.number()),
  dport_start: v.optional(v.number()),
  dport_end: v.optional(v.number()),
  table: v.optional(v.union([v.string(), v.number()])),
  goto: v.optional(v.number()),
  action: v.optional(v.string()),
  suppress_prefixlen: v.optional(v.number()),
  suppress_ifgroup: v.optional(v.string()),
});
type JsonRule = v.InferOutput<typeof jsonRule>;

/** Keys that say something about the rule and select no packets, and the marks of other kinds of action. */
const RULE_KEYS = new Set([...Object.keys(jsonRule.entries), "not", "nop", "l3mdev", "protocol", "realms", "flags"]);

const flag = v.optional(v.boolean(), false);
const jsonAddress = v.object({
  family: v.optional(v.string()),
  local: v.string(),
  address: v.optional(v.string()),
  prefixlen: v.number(),
  scope: v.optional(v.string(), "global"),
  secondary: flag,
  temporary: flag,
  deprecated: flag,
  tentative: flag,
  dadfailed: flag,
});
const jsonDevice = v.object({
  ifindex: v.optional(v.number()),
  ifname: v.string(),
  flags: v.optional(v.array(v.string())),
  operstate: v.optional(v.string()),
  group: v.optional(v.string()),
  address: v.optional(v.string()),
  addr_info: v.optional(v.array(v.unknown())),
});

export type JsonKind = "rule" | "route-get" | "route" | "device";

/** What an element of an `ip -j` list is, by its keys. */
export function jsonKind(value: object): JsonKind | undefined {
  if ("priority" in value) return "rule";
  if ("ifname" in value) return "device";
  if ("dst" in value) return "cache" in value ? "route-get" : "route";
  return undefined;
}

export function routeFromJson(value: unknown, command: Command, line: Line): GuestRoute | undefined {
  const parsed = v.safeParse(jsonRoute, value);
  if (!parsed.success) return undefined;
  const raw = parsed.output;
  const family = familyOfJson(raw, command);
  const prefix =
    raw.dst === "default" || raw.dst === "all" ? (family === 4 ? EVERY_IPV4 : EVERY_IPV6) : parseCidr(raw.dst, true);
  const from = raw.from === undefined ? null : parseCidr(raw.from, true);
  const source = optionalIp(raw.prefsrc);
  const hops = hopsOfJson(raw);
  if (prefix === undefined || from === undefined || source === undefined || hops === undefined) return undefined;
  return {
    family,
    table: tableName(String(raw.table ?? tableAsked(command))),
    type: raw.type ?? "unicast",
    prefix,
    from,
    hops,
    metric: raw.metric ?? null,
    metricKind: "whole",
    tos: raw.tos === undefined ? null : (readTos(raw.tos) ?? null),
    scope: raw.scope ?? "global",
    source,
    nexthopObject: raw.nhid !== undefined,
    preference: preferenceOf(raw.pref),
    protocol: raw.protocol ?? null,
    detail: "full",
    origin: line.origin,
  };
}

function familyOfJson(raw: JsonRoute, command: Command): Family {
  const prefix = parseCidr(raw.dst, true);
  if (prefix !== undefined) return familyOfCidr(prefix);
  if (command.family !== null) return command.family;
  // `via` is the next hop of the other family, so the route is IPv4.
  if (raw.via !== undefined || raw.nexthops?.some((hop) => hop.via !== undefined)) return 4;
  const hint = raw.gateway ?? raw.prefsrc ?? raw.from ?? raw.nexthops?.[0]?.gateway;
  if (hint !== undefined) return hint.includes(":") ? 6 : 4;
  return raw.pref === undefined ? 4 : 6;
}

/** null: absent; undefined: not an address. */
const optionalIp = (text: string | undefined): Ip | null | undefined => (text === undefined ? null : parseIp(text));

function hopsOfJson(raw: JsonRoute): readonly GuestHop[] | undefined {
  if (raw.nexthops === undefined && raw.dev === undefined && raw.gateway === undefined) return [];
  const hops: GuestHop[] = [];
  for (const hop of raw.nexthops ?? [raw]) {
    const gateway = optionalIp(hop.gateway ?? hop.via?.host);
    if (gateway === undefined) return undefined;
    hops.push({
      device: hop.dev === undefined ? null : deviceName(hop.dev),
      deviceIndex: null,
      interfaceAddress: null,
      gateway,
      weight: hop.weight ?? 1,
      flags: [...(hop.flags ?? []), ...(raw.nexthops === undefined ? [] : (raw.flags ?? []))],
    });
  }
  return hops;
}

export function routeGetFromJson(value: unknown, line: Line): RouteGet | undefined {
  const parsed = v.safeParse(jsonRoute, value);
  if (!parsed.success) return undefined;
  const raw = parsed.output;
  const destination = parseIp(raw.dst);
  const gateway = optionalIp(raw.gateway ?? raw.via?.host);
  const from = raw.from === undefined || raw.from === "::" ? null : parseIp(raw.from);
  const chosen = optionalIp(raw.prefsrc ?? raw.src);
  if (destination === undefined || gateway === undefined || from === undefined || chosen === undefined)
    return undefined;
  return {
    os: "linux",
    destination,
    from,
    device: raw.dev === undefined ? null : deviceName(raw.dev),
    gateway,
    source: from ?? chosen,
    table: raw.table === undefined ? null : tableName(String(raw.table)),
    type: raw.type ?? "unicast",
    mark: readNumber(String(raw.mark ?? 0)) ?? 0,
    uid: raw.uid ?? null,
    inDevice: raw.iif ?? null,
    origin: line.origin,
  };
}

export function ruleFromJson(value: unknown, line: Line): DraftRule | undefined {
  const parsed = v.safeParse(jsonRule, value);
  if (!parsed.success) return undefined;
  const raw = parsed.output;
  const draft = emptyDraft();
  const from = prefixOf(raw.src, raw.srclen);
  const to = prefixOf(raw.dst, raw.dstlen);
  const tos = raw.tos === undefined ? null : readTos(raw.tos);
  const mark = raw.fwmark === undefined ? null : readMark(`${raw.fwmark}${raw.fwmask ? `/${raw.fwmask}` : ""}`);
  if (from === undefined || to === undefined || tos === undefined) return undefined;
  if (raw.fwmark !== undefined && mark === null) return undefined;
  Object.assign(draft, { from, to, tos, mark, ...jsonConditions(raw) });
  draft.action = jsonAction(raw);
  draft.unread = Object.keys(raw).filter((key) => !RULE_KEYS.has(key));
  return finishRule(draft, raw.priority, "not" in raw, { ...line, text: describeRule(raw) });
}

const jsonConditions = (raw: JsonRule) => ({
  inDevice: raw.iif ?? null,
  outDevice: raw.oif ?? null,
  uids: spanOf(undefined, raw.uid_start, raw.uid_end),
  protocol: raw.ipproto ?? null,
  sourcePorts: spanOf(raw.sport, raw.sport_start, raw.sport_end),
  ports: spanOf(raw.dport, raw.dport_start, raw.dport_end),
  suppressLength: raw.suppress_prefixlen ?? null,
  suppressGroup: raw.suppress_ifgroup ?? null,
});

function spanOf(one: number | undefined, first: number | undefined, last: number | undefined): Span | null {
  const low = one ?? first;
  return low === undefined ? null : { first: low, last: one ?? last ?? low };
}

function prefixOf(address: string | undefined, length: number | undefined) {
  if (address === undefined || address === "all") return null;
  return parseCidr(length === undefined ? address : `${address}/${length}`, true);
}

function jsonAction(raw: JsonRule): RuleAction | null {
  if ("nop" in raw) return { kind: "nop" } as const;
  if ("l3mdev" in raw) return { kind: "vrf" } as const;
  if (raw.goto !== undefined) return { kind: "goto", target: raw.goto } as const;
  const { action } = raw;
  if (action === "blackhole" || action === "unreachable" || action === "prohibit") return { kind: action };
  return raw.table === undefined ? null : lookup(String(raw.table));
}

const describeRule = (raw: JsonRule): string =>
  `${raw.priority}: ${Object.entries(raw)
    .filter(([key]) => key !== "priority")
    .map(([key, value]) => (value === null ? key : `${key} ${String(value)}`))
    .join(" ")}`;

export function deviceFromJson(value: unknown, line: Line): GuestDevice | undefined {
  const parsed = v.safeParse(jsonDevice, value);
  if (!parsed.success) return undefined;
  const raw = parsed.output;
  const addresses: GuestAddress[] = [];
  for (const info of raw.addr_info ?? []) {
    // `ip -j addr show eth0` prints empty objects for what it left out.
    if (typeof info === "object" && info !== null && Object.keys(info).length === 0) continue;
    const address = addressFromJson(info);
    if (address === undefined) return undefined;
    addresses.push(address);
  }
  return {
    ...newDevice(deviceName(raw.ifname), raw.ifindex ?? null, line),
    mac: normaliseMac(raw.address ?? ""),
    group: raw.group ?? null,
    up: raw.flags === undefined ? (raw.operstate ?? "UP") !== "DOWN" : raw.flags.includes("UP"),
    addresses,
  };
}

function addressFromJson(value: unknown): GuestAddress | undefined {
  const parsed = v.safeParse(jsonAddress, value);
  if (!parsed.success) return undefined;
  const raw = parsed.output;
  const ip = parseIp(raw.local);
  const peer = optionalIp(raw.address);
  if (ip === undefined || peer === undefined || raw.prefixlen > (ip.includes(":") ? 128 : 32) || raw.prefixlen < 0)
    return undefined;
  return {
    ip,
    prefixLength: raw.prefixlen,
    peer: peer === ip ? null : peer,
    scope: raw.scope,
    secondary: raw.secondary,
    deprecated: raw.deprecated,
    tentative: raw.tentative || raw.dadfailed,
    temporary: raw.temporary,
    skipAsSource: false,
  };
}
