import { cidrContains, lengthOf } from "../../address/cidr.ts";
import type { Family, Ip } from "../../address/ip.ts";
import { familyOf } from "../../address/ip.ts";
import { type PrefixIndex, prefixIndex } from "../../address/prefix-index.ts";
import {
  EVERY_PACKET,
  type GuestAddress,
  type GuestDevice,
  type GuestFacts,
  type GuestRoute,
  type GuestRule,
} from "../guest.ts";
import { bareAddress, usualScope } from "../read/ip-addr.ts";
import { type FilterView, filterView } from "./base-chains.ts";

/** One address family of a Linux host, laid out for look-ups. */
export interface View {
  readonly family: Family;
  /** By priority, equal ones in printed order. */
  readonly rules: readonly GuestRule[];
  readonly rulesGiven: boolean;
  readonly tables: ReadonlyMap<string, PrefixIndex<GuestRoute>>;
  readonly routes: readonly GuestRoute[];
  readonly devices: readonly GuestDevice[];
  readonly addresses: GuestFacts["have"]["addresses"];
  readonly filter: FilterView;
  readonly filterGiven: boolean;
  /** Shown completely, or known to be empty unless somebody filled it. */
  hasTable(name: string): boolean;
  isOwn(ip: Ip): boolean;
  /** Its addresses were given, so that every other is somebody else's. */
  readonly knowsOwn: boolean;
}

/** IPv6 metrics that are absent or 0 are stored as 1024; on IPv4 absent is 0. Local routes have a real 0. */
const IPV6_DEFAULT_METRIC = 1024;

export function metricOf({ family, metric, table }: GuestRoute): number {
  if (family === 4 || table === "local") return metric ?? 0;
  return metric === null || metric === 0 ? IPV6_DEFAULT_METRIC : metric;
}

const PREFERENCE = { high: 0, medium: 1, low: 2 } as const;

/** Inside one prefix: https://github.com/iproute2/iproute2/blob/main/man/man8/ip-route.8.in */
export const compareRoutes = (a: GuestRoute, b: GuestRoute): number =>
  lengthOfFrom(b) - lengthOfFrom(a) ||
  (b.tos ?? 0) - (a.tos ?? 0) ||
  metricOf(a) - metricOf(b) ||
  PREFERENCE[a.preference] - PREFERENCE[b.preference];

const lengthOfFrom = ({ from }: GuestRoute): number => (from === null ? -1 : lengthOf(from));

export function viewOf(facts: GuestFacts, family: Family): View {
  const { have } = facts;
  const routes = facts.routes.filter((route) => route.family === family);
  const rules = facts.rules.filter((rule) => rule.family === family);
  const given = family === 4 ? have.rules4 : have.rules6;
  const devices = have.addresses === "none" ? impliedDevices(routes) : facts.devices;
  const own = ownTest(facts, devices, routes);
  const shown = family === 4 ? have.tables4 : have.tables6;
  const tables = tablesOf(withLocal(routes, devices, family));
  return {
    family,
    rules: given ? [...rules].sort((a, b) => a.priority - b.priority) : defaultRules(family, facts),
    rulesGiven: given,
    tables,
    routes,
    devices,
    addresses: have.addresses,
    filter: filterView(facts, family),
    filterGiven: family === 4 ? have.filter4 : have.filter6,
    // Table default is empty unless somebody fills it, table local follows from the addresses.
    hasTable: (name) => name === "default" || name === "local" || shown === "all" || shown.includes(name),
    isOwn: own,
    knowsOwn: have.addresses !== "none" || routes.some(({ type }) => type === "local"),
  };
}

function tablesOf(routes: readonly GuestRoute[]): ReadonlyMap<string, PrefixIndex<GuestRoute>> {
  const byTable = new Map<string, GuestRoute[]>();
  for (const route of [...routes].sort(compareRoutes)) {
    const list = byTable.get(route.table);
    if (list === undefined) byTable.set(route.table, [route]);
    else list.push(route);
  }
  return new Map([...byTable].map(([name, list]) => [name, prefixIndex(list, ({ prefix }) => prefix)]));
}

/** The rules every Linux host starts with: https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in */
function defaultRules(family: Family, facts: GuestFacts): readonly GuestRule[] {
  const origin = facts.routes[0]?.origin ?? facts.devices[0]?.origin ?? { file: "", line: null };
  const rule = (priority: number, table: string): GuestRule => ({
    ...EVERY_PACKET,
    family,
    priority,
    not: false,
    action: { kind: "lookup", table },
    unread: [],
    text: `${priority}: from all lookup ${table}`,
    origin: { ...origin, line: null },
  });
  const both = [rule(0, "local"), rule(32766, "main")];
  return family === 4 ? [...both, rule(32767, "default")] : both;
}

/** Table local, where it was not printed, follows from the addresses. */
function withLocal(
  routes: readonly GuestRoute[],
  devices: readonly GuestDevice[],
  family: Family,
): readonly GuestRoute[] {
  if (routes.some(({ table }) => table === "local")) return routes;
  const local = devices.flatMap((device) =>
    device.addresses.filter(({ ip }) => familyOf(ip) === family).map((address) => localRoute(device, address)),
  );
  return [...routes, ...local];
}

const localRoute = (device: GuestDevice, { ip }: GuestAddress): GuestRoute => ({
  family: familyOf(ip),
  table: "local",
  type: "local",
  prefix: `${ip}/${familyOf(ip) === 4 ? 32 : 128}` as GuestRoute["prefix"],
  from: null,
  hops: [{ device: device.name, deviceIndex: null, interfaceAddress: null, gateway: null, weight: 1, flags: [] }],
  metric: 0,
  metricKind: "whole",
  tos: null,
  scope: "host",
  source: ip,
  nexthopObject: false,
  preference: "medium",
  protocol: "kernel",
  detail: "full",
  origin: device.origin,
});

/**
 * Devices and addresses as far as routes tell them: a connected route names the first address of its subnet; on IPv6
 * table local names all, in an order that is not theirs.
 */
function impliedDevices(routes: readonly GuestRoute[]): readonly GuestDevice[] {
  const byName = new Map<string, GuestDevice>();
  for (const route of routes) {
    const name = route.hops[0]?.device ?? null;
    const address = impliedAddress(route);
    if (name === null || address === null || route.hops.length !== 1) continue;
    const device = byName.get(name) ?? emptyDevice(name, route);
    if (device.addresses.some(({ ip }) => ip === address.ip)) continue;
    byName.set(name, { ...device, addresses: [...device.addresses, address] });
  }
  return [...byName.values()];
}

function impliedAddress(route: GuestRoute): GuestAddress | null {
  const { family, type, source, prefix, hops } = route;
  if (family === 4 && type === "unicast" && source !== null && hops[0]?.gateway === null)
    return cidrContains(prefix, source) ? bareAddress(source, lengthOf(prefix), usualScope(source)) : null;
  if (family === 6 && type === "local" && lengthOf(prefix) === 128) {
    const ip = prefix.slice(0, prefix.indexOf("/")) as Ip;
    return bareAddress(ip, null, usualScope(ip));
  }
  return null;
}

const emptyDevice = (name: string, route: GuestRoute): GuestDevice => ({
  name,
  index: null,
  mac: null,
  group: null,
  up: null,
  metric4: null,
  metric6: null,
  addresses: [],
  origin: route.origin,
});

/** Addresses of the host, and ranges routed to it as local, which programs can bind. */
function ownTest(
  facts: GuestFacts,
  devices: readonly GuestDevice[],
  routes: readonly GuestRoute[],
): (ip: Ip) => boolean {
  const own = new Set(devices.flatMap(({ addresses }) => addresses.map(({ ip }) => ip)));
  const local = routes.filter(({ type }) => type === "local");
  const sources = new Set(routes.map(({ source }) => source));
  const known = facts.have.addresses !== "none" || local.length > 0;
  return (ip) => !known || own.has(ip) || sources.has(ip) || local.some(({ prefix }) => cidrContains(prefix, ip));
}
