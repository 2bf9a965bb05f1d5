import { lengthOf } from "../../address/cidr.ts";
import type { Fate, Runner } from "../../model/outcome.ts";
import type { Rule } from "../../model/rule.ts";
import { same } from "../../problem.ts";
import type { GuestRoute, GuestRule } from "../guest.ts";
import { longestPrefix } from "../rules/linux-routes.ts";
import { invertAndGoto, tableFirst } from "../rules/linux-rules.ts";
import { describeRoute } from "./describe-route.ts";
import { hopsFor, type Key, reasonOf, ruleHolds, suppressorOf } from "./fit.ts";
import type { View } from "./view.ts";

/** The routes that a look-up had in its tables for a packet: the one that was taken first, and why each other was not. */
export const runnersOf = (view: View, key: Key, rule: GuestRule, taken: GuestRoute): readonly Runner[] => [
  runner(taken, "taken", longestPrefix),
  ...besideIt(view, key, taken),
  ...inOtherTables(view, key, rule, taken),
];

const runner = (route: GuestRoute, fate: Fate, by: Rule | null, rule: GuestRule | null = null): Runner => ({
  prefix: route.prefix,
  text: same(`${route.table}: ${describeRoute(route)}${rule === null ? "" : ` (${rule.text})`}`),
  fate,
  rule: by,
  origin: route.origin,
});

const covering = (view: View, { destination }: Key, table: string): readonly GuestRoute[] =>
  view.tables.get(table)?.covering(destination).flat() ?? [];

const besideIt = (view: View, key: Key, taken: GuestRoute): readonly Runner[] =>
  covering(view, key, taken.table)
    .filter((route) => route !== taken)
    .map((route) => {
      if (hopsFor(route, key) === null) return runner(route, "unusable", null);
      const isWider = lengthOf(route.prefix) < lengthOf(taken.prefix);
      return runner(route, isWider ? "less-specific" : "less-preferred", longestPrefix);
    });

/** What each other table would have given, in the order in which the rules name them. */
function inOtherTables(view: View, key: Key, taking: GuestRule, taken: GuestRoute): readonly Runner[] {
  const told = new Set([taken.table]);
  const found: Runner[] = [];
  const place = view.rules.indexOf(taking);
  for (const [index, rule] of view.rules.entries()) {
    if (rule.action.kind !== "lookup" || told.has(rule.action.table)) continue;
    const best = covering(view, key, rule.action.table).find((route) => hopsFor(route, key) !== null);
    if (best === undefined || best.type === "throw") continue;
    told.add(rule.action.table);
    found.push(whyNot(view, key, rule, best, index > place));
  }
  return found;
}

function whyNot(view: View, key: Key, rule: GuestRule, best: GuestRoute, isLater: boolean): Runner {
  if (!ruleHolds(rule, key)) return runner(best, "rule-not-met", reasonOf(rule), rule);
  if (isLater) return runner(best, "later-table", tableFirst, rule);
  const suppressor = suppressorOf(view, rule, best, hopsFor(best, key) ?? []);
  // What holds, found a route and was not taken, was jumped over.
  return runner(best, suppressor === null ? "rule-not-met" : "unusable", suppressor ?? invertAndGoto, rule);
}
