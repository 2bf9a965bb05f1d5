import { cidrContains, lengthOf } from "../../address/cidr.ts";
import type { Ip } from "../../address/ip.ts";
import type { Rule } from "../../model/rule.ts";
import type { GuestHop, GuestRoute, GuestRule, Span } from "../guest.ts";
import { sourcePortLate } from "../rules/linux-lookup.ts";
import * as rules from "../rules/linux-rules.ts";
import type { View } from "./view.ts";

/** Everything of a packet and its socket that a look-up reads. */
export interface Key {
  readonly destination: Ip;
  /** null: not chosen yet. */
  readonly source: Ip | null;
  readonly outDevice: string | null;
  readonly mark: number;
  readonly uid: number;
  readonly protocol: string;
  readonly port: number | null;
  readonly sourcePort: number | null;
  readonly tos: number;
  /** Rules with conditions that cannot be read, taken to hold. */
  readonly held: ReadonlySet<GuestRule>;
  /** Default routes whose gateway is taken not to answer. */
  readonly dead: ReadonlySet<GuestRoute>;
  /** A table that was not given, taken to have the route. */
  readonly hidden: string | null;
}

export function ruleHolds(rule: GuestRule, key: Key): boolean {
  if (rule.unread.length > 0 && !key.held.has(rule)) return false;
  const all =
    (rule.from === null || (key.source !== null && cidrContains(rule.from, key.source))) &&
    (rule.to === null || cidrContains(rule.to, key.destination)) &&
    (rule.tos === null || rule.tos === key.tos) &&
    (rule.mark === null || sameBits(key.mark, rule.mark.value, rule.mark.mask)) &&
    (rule.inDevice === null || rule.inDevice === "lo") &&
    (rule.outDevice === null || rule.outDevice === key.outDevice) &&
    (rule.uids === null || inSpan(rule.uids, key.uid)) &&
    (rule.protocol === null || protocolNumber(rule.protocol) === protocolNumber(key.protocol)) &&
    (rule.sourcePorts === null || (key.sourcePort !== null && inSpan(rule.sourcePorts, key.sourcePort))) &&
    (rule.ports === null || (key.port !== null && inSpan(rule.ports, key.port)));
  return rule.not ? !all : all;
}

const sameBits = (mark: number, value: number, mask: number): boolean =>
  (BigInt(mark) & BigInt(mask)) === (BigInt(value) & BigInt(mask));

const inSpan = ({ first, last }: Span, value: number): boolean => first <= value && value <= last;

/** https://www.iana.org/assignments/protocol-numbers */
const PROTOCOLS: Readonly<Record<string, string>> = { icmp: "1", tcp: "6", udp: "17", "ipv6-icmp": "58", icmpv6: "58" };

export const protocolNumber = (name: string): string => PROTOCOLS[name.toLowerCase()] ?? name;

/** The next hops of a route that a packet may take; null: the route does not fit it. Of a route without any it is none. */
export function hopsFor(route: GuestRoute, key: Key): readonly GuestHop[] | null {
  if (route.tos !== null && route.tos !== 0 && route.tos !== key.tos) return null;
  if (route.from !== null && (key.source === null || !cidrContains(route.from, key.source))) return null;
  if (key.dead.has(route)) return null;
  if (!NEED_A_HOP.includes(route.type)) return route.hops;
  const hops = route.hops.filter(
    ({ device, flags }) => !flags.includes("dead") && (key.outDevice === null || key.outDevice === device),
  );
  return hops.length === 0 ? null : hops;
}

const NEED_A_HOP: readonly GuestRoute["type"][] = ["unicast", "broadcast", "anycast", "multicast", "nat"];

/** By which rule a policy rule passes over what its table found; null: it does not. */
export function suppressorOf(view: View, rule: GuestRule, route: GuestRoute, hops: readonly GuestHop[]): Rule | null {
  if (rule.suppressLength !== null && lengthOf(route.prefix) <= rule.suppressLength) return rules.suppressPrefixLength;
  if (rule.suppressGroup === null) return null;
  const device = view.devices.find(({ name }) => name === hops[0]?.device);
  return groupNumber(device?.group ?? "default") === groupNumber(rule.suppressGroup) ? rules.suppressGroup : null;
}

const groupNumber = (group: string): string => (group === "default" ? "0" : group);

/** The behaviour that most explains why this rule holds. */
export function reasonOf(rule: GuestRule): Rule {
  if (rule.not) return rules.invertAndGoto;
  if (rule.mark !== null) return rules.markMask;
  if (rule.sourcePorts !== null) return sourcePortLate;
  if (rule.uids !== null || rule.protocol !== null || rule.ports !== null) return rules.userAndPorts;
  if (rule.outDevice !== null || rule.inDevice !== null) return rules.inAndOutDevice;
  if (rule.from !== null) return rules.fromNeedsSource;
  return rule.action.kind === "lookup" && rule.action.table !== "main" ? rules.tableFirst : rules.priorityOrder;
}
