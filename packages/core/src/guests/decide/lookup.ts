import type { Step } from "../../model/outcome.ts";
import { same } from "../../problem.ts";
import type { GuestHop, GuestRoute, GuestRule } from "../guest.ts";
import { longestPrefix, ownAddress } from "../rules/linux-routes.ts";
import * as rules from "../rules/linux-rules.ts";
import { describeRoute } from "./describe-route.ts";
import { hopsFor, type Key, reasonOf, ruleHolds, suppressorOf } from "./fit.ts";
import { runnersOf } from "./runners.ts";
import type { View } from "./view.ts";

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

function lookupTable(view: View, table: string, rule: GuestRule, key: Key): Result | null {
  if (!view.hasTable(table)) {
    if (key.hidden === table) return { kind: "hidden", steps: [ruleStep(rule)] };
    // What a partial listing shows of the table still counts.
    if (!view.tables.has(table)) return null;
  }
  for (const routes of view.tables.get(table)?.covering(key.destination) ?? []) {
    for (const route of routes) {
      const result = tryRoute(view, route, rule, key);
      if (result === "throw") return null;
      if (result !== null) return result;
    }
  }
  return null;
}

/** null: the route does not fit, the next one is tried, then shorter prefixes. */
function tryRoute(view: View, route: GuestRoute, rule: GuestRule, key: Key): Result | "throw" | null {
  const hops = hopsFor(route, key);
  if (hops === null) return null;
  if (route.type === "throw") return "throw";
  const steps = [{ ...ruleStep(rule), runners: () => runnersOf(view, key, rule, route) }, routeStep(route)];
  const errno = ROUTE_ERRORS[route.type];
  if (errno !== undefined) return { kind: "error", errno, steps };
  return { kind: "found", route, hops, steps };
}

function suppressionOf(view: View, rule: GuestRule, result: Result): Step | null {
  if (result.kind !== "found") return null;
  const by = suppressorOf(view, rule, result.route, result.hops);
  const text = same(`${rule.text}: ${describeRoute(result.route)}`);
  return by === null ? null : { rule: by, resource: null, text, origin: rule.origin };
}

const ruleStep = (rule: GuestRule): Step => ({
  rule: reasonOf(rule),
  resource: null,
  text: { en: `policy rule ${rule.text} holds`, zh: `策略规则 ${rule.text} 匹配` },
  origin: rule.origin,
});

const routeStep = (route: GuestRoute): Step => ({
  rule: route.type === "local" ? ownAddress : longestPrefix,
  resource: null,
  text: {
    en: `table ${route.table}: the route that fits best is ${describeRoute(route)}`,
    zh: `表 ${route.table}：最匹配的路由是 ${describeRoute(route)}`,
  },
  origin: route.origin,
});
