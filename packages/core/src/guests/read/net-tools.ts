import { cidrOf, parseCidr } from "../../address/cidr.ts";
import { type Ip, ipv4ToNumber, parseIp } from "../../address/ip.ts";
import type { GuestRoute, RouteDetail } from "../guest.ts";
import type { Line } from "./part.ts";

/** The length of a netmask; undefined when its bits are not contiguous. */
export function maskLength(text: string): number | undefined {
  const mask = parseIp(text);
  if (mask === undefined || mask.includes(":")) return undefined;
  const inverted = 0xffffffff - ipv4ToNumber(mask);
  const length = 32 - Math.log2(inverted + 1);
  return Number.isInteger(length) ? length : undefined;
}

const UNREACHABLE_FLAG = "!";

export const looksLikeNetTools = (text: string): boolean =>
  /^\d[\d.xX*]*\s+\S+\s+\d[\d.xX*]*\s+[A-Z!]+\s+/.test(text) ||
  /^[0-9a-f:[\]]*:[0-9a-f:[\]]*\/\d+\s+\S+\s+[A-Z!]\S*\s+-?\d/.test(text);

/**
 * A line of `route -n` or, when the header has no metric, of Linux `netstat -rn`. Neither shows the source hint, and
 * `*` as the interface is all there is to tell a blackhole.
 */
export function netToolsRoute(line: Line, detail: RouteDetail): GuestRoute | null | undefined {
  const words = line.text.trim().split(/\s+/);
  if (words[0]?.includes("/")) return route6(words, line);
  const [destination, gatewayText, mask, flags = "", metricText, , , device] = words;
  const address = parseIp(destination ?? "");
  const length = maskLength(mask ?? "");
  const gateway = gatewayText === "-" ? parseIp("0.0.0.0") : parseIp(gatewayText ?? "");
  if (address === undefined || length === undefined || gateway === undefined || device === undefined) return undefined;
  const onLink = !flags.includes("G");
  const metric = detail === "no-metric" ? null : Number(metricText);
  if (metric !== null && !Number.isInteger(metric)) return undefined;
  return {
    ...plainRoute(line, detail),
    family: 4,
    type: flags.includes(UNREACHABLE_FLAG) ? "unreachable" : device === "*" ? "blackhole" : "unicast",
    prefix: cidrOf(address, length),
    hops: device === "*" || device === "-" ? [] : [hop(device, onLink ? null : gateway)],
    metric,
    scope: onLink ? "link" : "global",
  };
}

/** `::/0  2001:db8::1  UG  1024 1 0 eth0`; null for the kernel's own entries (flag `n`, local addresses). */
function route6(words: readonly string[], line: Line): GuestRoute | null | undefined {
  const [destination, gatewayText, flags = "", metricText, , , device] = words;
  if (flags.includes("n")) return null;
  const prefix = parseCidr((destination ?? "").replace("[::]", "::"), true);
  const gateway = parseIp((gatewayText ?? "").replace("[::]", "::"));
  const metric = Number(metricText);
  if (prefix === undefined || gateway === undefined || device === undefined || !Number.isInteger(metric))
    return undefined;
  return {
    ...plainRoute(line, "no-source"),
    family: 6,
    type: flags.includes(UNREACHABLE_FLAG) ? "unreachable" : "unicast",
    prefix,
    hops: [hop(device, gateway === "::" ? null : gateway)],
    metric,
    scope: "global",
  };
}

export const hop = (device: string, gateway: Ip | null) => ({
  device,
  deviceIndex: null,
  interfaceAddress: null,
  gateway,
  weight: 1,
  flags: [],
});

export const plainRoute = (line: Line, detail: RouteDetail) =>
  ({
    table: "main",
    from: null,
    metricKind: "whole",
    tos: null,
    source: null,
    nexthopObject: false,
    preference: "medium",
    protocol: null,
    detail,
    origin: line.origin,
  }) as const;
