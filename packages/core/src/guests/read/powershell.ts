import * as v from "valibot";
import { familyOfCidr, parseCidr } from "../../address/cidr.ts";
import { type Ip, parseIp } from "../../address/ip.ts";
import type { GuestDevice, GuestRoute, RouteGet } from "../guest.ts";
import { bareAddress, newDevice, usualScope } from "./ip-addr.ts";
import { plainRoute } from "./net-tools.ts";
import type { Line } from "./part.ts";

const index = { ifIndex: v.optional(v.number()), InterfaceIndex: v.optional(v.number()) };
const text = v.nullish(v.string());

/** https://learn.microsoft.com/en-us/windows/win32/fwp/wmi/nettcpipprov/msft-netroute */
const netRoute = v.object({
  ...index,
  DestinationPrefix: v.string(),
  NextHop: v.string(),
  RouteMetric: v.optional(v.number()),
  InterfaceMetric: v.nullish(v.number()),
  InterfaceAlias: text,
  Store: v.optional(v.union([v.number(), v.string()])),
});

/** https://learn.microsoft.com/en-us/windows/win32/fwp/wmi/nettcpipprov/msft-netipaddress */
const netAddress = v.object({
  ...index,
  IPAddress: v.string(),
  PrefixLength: v.optional(v.number()),
  InterfaceAlias: text,
  SkipAsSource: v.optional(v.boolean()),
  AddressState: v.optional(v.union([v.number(), v.string()])),
  SuffixOrigin: v.optional(v.union([v.number(), v.string()])),
});

/** https://learn.microsoft.com/en-us/windows/win32/fwp/wmi/nettcpipprov/msft-netipinterface */
const netInterface = v.object({
  ...index,
  InterfaceMetric: v.number(),
  InterfaceAlias: text,
  AddressFamily: v.union([v.number(), v.string()]),
});

export type PowershellKind = "net-route" | "net-address" | "net-interface";

export function powershellKind(value: object): PowershellKind | undefined {
  if ("DestinationPrefix" in value) return "net-route";
  if ("IPAddress" in value) return "net-address";
  if ("InterfaceMetric" in value) return "net-interface";
  return undefined;
}

const PERSISTENT_STORE: readonly unknown[] = [0, "PersistentStore"];

/** null: a stored route, which decides nothing. */
export function netRouteOf(value: unknown, line: Line): GuestRoute | null | undefined {
  const parsed = v.safeParse(netRoute, value);
  if (!parsed.success) return undefined;
  const raw = parsed.output;
  if (PERSISTENT_STORE.includes(raw.Store)) return null;
  const prefix = parseCidr(raw.DestinationPrefix, true);
  const nextHop = parseIp(raw.NextHop.split("%")[0] ?? "");
  if (prefix === undefined || nextHop === undefined) return undefined;
  const onLink = nextHop === "0.0.0.0" || nextHop === "::";
  const metric = raw.RouteMetric ?? null;
  const whole = raw.InterfaceMetric ?? undefined;
  return {
    ...plainRoute(line, "full"),
    family: familyOfCidr(prefix),
    type: "unicast",
    prefix,
    hops: [
      {
        device: raw.InterfaceAlias ?? null,
        deviceIndex: raw.ifIndex ?? raw.InterfaceIndex ?? null,
        interfaceAddress: null,
        gateway: onLink ? null : nextHop,
        weight: 1,
        flags: [],
      },
    ],
    metric: metric === null || whole === undefined ? metric : metric + whole,
    metricKind: whole === undefined ? "route-part" : "whole",
    scope: onLink ? "link" : "global",
  };
}

export interface NetAddress {
  readonly device: GuestDevice;
  readonly showsSkip: boolean;
}

const DEPRECATED: readonly unknown[] = [3, "Deprecated"];
const TENTATIVE: readonly unknown[] = [0, 1, 2, "Invalid", "Tentative", "Duplicate"];
const RANDOM: readonly unknown[] = [5, "Random"];

export function netAddressOf(value: unknown, line: Line): NetAddress | undefined {
  const parsed = v.safeParse(netAddress, value);
  if (!parsed.success) return undefined;
  const raw = parsed.output;
  const ip = parseIp(raw.IPAddress.split("%")[0] ?? "");
  const at = raw.ifIndex ?? raw.InterfaceIndex ?? null;
  if (ip === undefined) return undefined;
  const address = {
    ...bareAddress(ip, raw.PrefixLength ?? null, usualScope(ip)),
    deprecated: DEPRECATED.includes(raw.AddressState),
    tentative: TENTATIVE.includes(raw.AddressState),
    temporary: ip.includes(":") && RANDOM.includes(raw.SuffixOrigin) && raw.PrefixLength === 128,
    skipAsSource: raw.SkipAsSource ?? false,
  };
  const device = newDevice(raw.InterfaceAlias ?? (at === null ? ip : `if${at}`), at, line);
  return { device: { ...device, addresses: [address] }, showsSkip: raw.SkipAsSource !== undefined };
}

export function netInterfaceOf(value: unknown, line: Line): GuestDevice | undefined {
  const parsed = v.safeParse(netInterface, value);
  if (!parsed.success) return undefined;
  const raw = parsed.output;
  const at = raw.ifIndex ?? raw.InterfaceIndex ?? null;
  const device = newDevice(raw.InterfaceAlias ?? `if${at}`, at, line);
  const isIpv6 = raw.AddressFamily === 23 || raw.AddressFamily === "IPv6";
  return isIpv6 ? { ...device, metric6: raw.InterfaceMetric } : { ...device, metric4: raw.InterfaceMetric };
}

/**
 * `Find-NetRoute` prints the address that was chosen and the route, not what was asked: that stands in the command.
 *
 * @see https://learn.microsoft.com/en-us/powershell/module/nettcpip/find-netroute
 */
export const findNetRoute = (destination: Ip, from: Ip | null, address: GuestDevice, route: GuestRoute): RouteGet => ({
  os: "windows",
  destination,
  from,
  device: address.name,
  gateway: route.hops[0]?.gateway ?? null,
  source: from ?? address.addresses[0]?.ip ?? null,
  table: null,
  type: "unicast",
  mark: 0,
  uid: null,
  inDevice: null,
  origin: address.origin,
});
