import { cidrContains, lengthOf } from "../../address/cidr.ts";
import type { Ip } from "../../address/ip.ts";
import type { Step } from "../../model/outcome.ts";
import type { Rule } from "../../model/rule.ts";
import { same } from "../../problem.ts";
import type { GuestHop, GuestRoute, GuestRule, Span } from "../guest.ts";
import { sourcePortLate } from "../rules/linux-lookup.ts";
import { longestPrefix, ownAddress } from "../rules/linux-routes.ts";
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

export type Errno = "EINVAL" | "EHOSTUNREACH" | "EACCES" | "ENETUNREACH";

export type Result =
  | {
      readonly kind: "found";
      readonly route: GuestRoute;
      readonly hops: readonly GuestHop[];
      readonly steps: readonly Step[];
    }
  | { readonly kind: "error"; readonly errno: Errno; readonly steps: readonly Step[] }
  /** The route stands in a table that was not given. */
  | { readonly kind: "hidden"; readonly steps: readonly Step[] }
  | { readonly kind: "none"; readonly steps: readonly Step[] };

const ROUTE_ERRORS: Readonly<Record<string, Errno>> = {
  blackhole: "EINVAL",
  unreachable: "EHOSTUNREACH",
  prohibit: "EACCES",
};
const RULE_ERRORS: Readonly<Record<string, Errno>> = {
  blackhole: "EINVAL",
  unreachable: "ENETUNREACH",
  prohibit: "EACCES",
};

/** Tries the rules in order: https://github.com/iproute2/iproute2/blob/main/man/man8/ip-rule.8.in */
export function lookup(view: View, key: Key): Result {
  const skipped: Step[] = [];
  let from = Number.NEGATIVE_INFINITY;
  for (const rule of view.rules) {
    // Jumps go forward only, so a loop is not possible.
    if (rule.priority < from || !ruleHolds(rule, key)) continue;
    const { action } = rule;
    if (action.kind === "goto") from = Math.max(from, action.target);
    if (action.kind === "goto" || action.kind === "nop" || action.kind === "vrf") continue;
    const result = action.kind === "lookup" ? lookupTable(view, action.table, rule, key) : ruleError(rule, action.kind);
    if (result === null) continue;
    const suppressed = suppressionOf(view, rule, result);
    if (suppressed === null) return { ...result, steps: [...skipped, ...result.steps] };
    skipped.push(suppressed);
  }
  return { kind: "none", steps: skipped };
}

const ruleError = (rule: GuestRule, kind: "blackhole" | "unreachable" | "prohibit"): Result => ({
  kind: "error",
  errno: RULE_ERRORS[kind] ?? "ENETUNREACH",
  steps: [{ rule: rules.ruleErrors, resource: null, text: same(rule.text), origin: rule.origin }],
});

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

const protocolNumber = (name: string): string => PROTOCOLS[name.toLowerCase()] ?? name;

function lookupTable(view: View, table: string, rule: GuestRule, key: Key): Result | null {
  if (!view.hasTable(table)) {
    if (key.hidden === table) return { kind: "hidden", steps: [ruleStep(rule)] };
    // What a partial listing shows of the table still counts.
    if (!view.tables.has(table)) return null;
  }
  for (const routes of view.tables.get(table)?.covering(key.destination) ?? []) {
    for (const route of routes) {
      const result = tryRoute(route, rule, key);
      if (result === "throw") return null;
      if (result !== null) return result;
    }
  }
  return null;
}

/** null: the route does not fit, the next one is tried, then shorter prefixes. */
function tryRoute(route: GuestRoute, rule: GuestRule, key: Key): Result | "throw" | null {
  if (route.tos !== null && route.tos !== 0 && route.tos !== key.tos) return null;
  if (route.from !== null && (key.source === null || !cidrContains(route.from, key.source))) return null;
  if (key.dead.has(route)) return null;
  if (route.type === "throw") return "throw";
  const steps = [ruleStep(rule), routeStep(route)];
  const errno = ROUTE_ERRORS[route.type];
  if (errno !== undefined) return { kind: "error", errno, steps };
  if (route.type === "local") return { kind: "found", route, hops: route.hops, steps };
  const hops = route.hops.filter(
    ({ device, flags }) => !flags.includes("dead") && (key.outDevice === null || key.outDevice === device),
  );
  return hops.length === 0 ? null : { kind: "found", route, hops, steps };
}

function suppressionOf(view: View, rule: GuestRule, result: Result): Step | null {
  if (result.kind !== "found") return null;
  const text = same(`${rule.text}: ${describeRoute(result.route)}`);
  const step = (by: Rule): Step => ({ rule: by, resource: null, text, origin: rule.origin });
  if (rule.suppressLength !== null && lengthOf(result.route.prefix) <= rule.suppressLength)
    return step(rules.suppressPrefixLength);
  if (rule.suppressGroup === null) return null;
  const device = view.devices.find(({ name }) => name === result.hops[0]?.device);
  return groupNumber(device?.group ?? "default") === groupNumber(rule.suppressGroup) ? step(rules.suppressGroup) : null;
}

const groupNumber = (group: string): string => (group === "default" ? "0" : group);

const ruleStep = (rule: GuestRule): Step => ({
  rule: reasonOf(rule),
  resource: null,
  text: { en: `policy rule ${rule.text} holds`, zh: `策略规则 ${rule.text} 匹配` },
  origin: rule.origin,
});

/** The behaviour that most explains why this rule holds. */
function reasonOf(rule: GuestRule): Rule {
  if (rule.not) return rules.invertAndGoto;
  if (rule.mark !== null) return rules.markMask;
  if (rule.sourcePorts !== null) return sourcePortLate;
  if (rule.uids !== null || rule.protocol !== null || rule.ports !== null) return rules.userAndPorts;
  if (rule.outDevice !== null || rule.inDevice !== null) return rules.inAndOutDevice;
  if (rule.from !== null) return rules.fromNeedsSource;
  return rule.action.kind === "lookup" && rule.action.table !== "main" ? rules.tableFirst : rules.priorityOrder;
}

const routeStep = (route: GuestRoute): Step => ({
  rule: route.type === "local" ? ownAddress : longestPrefix,
  resource: null,
  text: {
    en: `table ${route.table}: the route that fits best is ${describeRoute(route)}`,
    zh: `表 ${route.table}：最匹配的路由是 ${describeRoute(route)}`,
  },
  origin: route.origin,
});

export function describeRoute(route: GuestRoute): string {
  const type = route.type === "unicast" ? "" : `${route.type} `;
  const from = route.from === null ? "" : ` from ${route.from}`;
  const hops = route.hops.map(
    ({ gateway, device, interfaceAddress }) =>
      `${gateway === null ? "" : ` via ${gateway}`}${device === null ? "" : ` dev ${device}`}${interfaceAddress === null ? "" : ` interface ${interfaceAddress}`}`,
  );
  const source = route.source === null ? "" : ` src ${route.source}`;
  const metric = route.metric === null ? "" : ` metric ${route.metric}`;
  return `${type}${route.prefix}${from}${hops.join(" |")}${source}${metric}`;
}
