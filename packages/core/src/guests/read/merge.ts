import type { Family } from "../../address/ip.ts";
import type { GuestDevice, GuestFacts, GuestParts, GuestRoute } from "../guest.ts";
import { joinTables, NO_PARTS, type Part } from "./part.ts";

const PRECISION: Readonly<Record<GuestParts["addresses"], number>> = { none: 0, bare: 1, flagged: 2 };

/** Joins the parts of one host: what two commands both show is kept once, as the one says it that shows more. */
export function mergeParts(parts: readonly Part[]): GuestFacts {
  const os = parts.find((part) => part.os !== null)?.os ?? "linux";
  return {
    os,
    hostName: parts.find((part) => part.hostName !== null)?.hostName ?? null,
    devices: mergeDevices(parts, os),
    rules: once(
      parts.flatMap((part) => part.rules),
      ({ origin: _origin, text: _text, ...rule }) => JSON.stringify(rule),
    ),
    routes: mergeRoutes(parts.flatMap((part) => part.routes)),
    routeGets: parts.flatMap((part) => part.routeGets),
    filters: once(
      parts.flatMap((part) => part.filters),
      (table) => JSON.stringify(table, (name, value: unknown) => (name === "origin" ? null : value)),
    ),
    proxies: parts.flatMap((part) => part.proxies),
    have: parts.reduce((have, part) => joinParts(have, part.have), NO_PARTS),
  };
}

const joinParts = (a: GuestParts, b: GuestParts): GuestParts => ({
  addresses: PRECISION[a.addresses] >= PRECISION[b.addresses] ? a.addresses : b.addresses,
  rules4: a.rules4 || b.rules4,
  rules6: a.rules6 || b.rules6,
  tables4: joinTables(a.tables4, b.tables4),
  tables6: joinTables(a.tables6, b.tables6),
  filter4: a.filter4 || b.filter4,
  filter6: a.filter6 || b.filter6,
  skipAsSource: a.skipAsSource || b.skipAsSource,
});

/** The first of those with an equal key; order is kept, since it decides between equal routes. */
function once<T>(values: readonly T[], keyOf: (value: T) => string): readonly T[] {
  const seen = new Map<string, T>();
  for (const value of values) {
    const key = keyOf(value);
    if (!seen.has(key)) seen.set(key, value);
  }
  return [...seen.values()];
}

function mergeRoutes(routes: readonly GuestRoute[]): readonly GuestRoute[] {
  const full = new Set<Family>(
    routes.filter((route) => route.detail === "full" && route.table === "main").map((r) => r.family),
  );
  const metrics = new Set<Family>(routes.filter((route) => route.detail === "no-source").map((route) => route.family));
  const best = routes.filter(
    ({ family, detail }) =>
      detail === "full" || (!full.has(family) && (detail === "no-source" || !metrics.has(family))),
  );
  return once(best, routeKey);
}

const routeKey = ({ origin: _origin, ...route }: GuestRoute): string => JSON.stringify(route);

function mergeDevices(parts: readonly Part[], os: GuestFacts["os"]): readonly GuestDevice[] {
  const precise = [...parts].sort((a, b) => PRECISION[b.have.addresses] - PRECISION[a.have.addresses]);
  const merged: GuestDevice[] = [];
  for (const device of precise.flatMap((part) => part.devices)) {
    const at = merged.findIndex((other) => isSameDevice(other, device, os));
    const other = merged[at];
    if (other === undefined) merged.push(device);
    else merged[at] = joinDevices(other, device);
  }
  return merged.sort((a, b) => (a.index ?? Number.MAX_SAFE_INTEGER) - (b.index ?? Number.MAX_SAFE_INTEGER));
}

/** Windows' commands name one interface differently. On Linux a MAC may be shared (VLANs, bonds, accelerated networking). */
const isSameDevice = (a: GuestDevice, b: GuestDevice, os: GuestFacts["os"]): boolean =>
  a.name === b.name || (os === "windows" && a.mac !== null && a.mac === b.mac && !haveOtherIndexes(a, b));

const haveOtherIndexes = (a: GuestDevice, b: GuestDevice): boolean =>
  a.index !== null && b.index !== null && a.index !== b.index;

function joinDevices(a: GuestDevice, b: GuestDevice): GuestDevice {
  const known = new Set(a.addresses.map(({ ip }) => ip));
  return {
    ...a,
    index: a.index ?? b.index,
    mac: a.mac ?? b.mac,
    group: a.group ?? b.group,
    up: a.up ?? b.up,
    metric4: a.metric4 ?? b.metric4,
    metric6: a.metric6 ?? b.metric6,
    addresses: [
      ...a.addresses.map((address) => ({ ...address, ...moreOf(address, b) })),
      ...b.addresses.filter(({ ip }) => !known.has(ip)),
    ],
  };
}

/** What only one of two commands shows of the same address. */
function moreOf(address: GuestDevice["addresses"][number], device: GuestDevice) {
  const other = device.addresses.find(({ ip }) => ip === address.ip);
  if (other === undefined) return {};
  return {
    prefixLength: address.prefixLength ?? other.prefixLength,
    skipAsSource: address.skipAsSource || other.skipAsSource,
    temporary: address.temporary || other.temporary,
    deprecated: address.deprecated || other.deprecated,
  };
}
