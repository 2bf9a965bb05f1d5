import type { Route } from "../model/egress.ts";
import type { Contest, Fate } from "../model/outcome.ts";
import type { Rule } from "../model/rule.ts";
import type { Text } from "../problem.ts";
import { hopText } from "./hop-text.ts";
import { longestPrefix } from "./rules.ts";
import { routeIndexOf } from "./select-route.ts";

/** One route of a contest, and by which rule it won or lost; null: nobody compared it. */
export interface Contender {
  readonly route: Route;
  /** Where it leads. */
  readonly hop: Text;
  readonly fate: Fate;
  readonly rule: Rule | null;
}

/** Every route of the stage that covers the destination: those taken first, the least specific last. */
export function contendersOf(contest: Contest): readonly Contender[] {
  const { stage, destination, winners, losers, dead } = contest;
  const [winner] = winners;
  const named = new Set([...winners, ...losers, ...dead]);
  const wider = routeIndexOf(stage)
    .covering(destination)
    .flat()
    .filter((route) => !named.has(route));
  const as =
    (fate: Fate, ruleOf: (route: Route) => Rule | null) =>
    (route: Route): Contender => ({ route, hop: hopText(route.hop), fate, rule: ruleOf(route) });
  return [
    ...winners.map(as(winners.length > 1 ? "shared" : "taken", (route) => route.rule)),
    ...losers.map(as("less-preferred", (route) => decidingRule(contest, winner, route))),
    ...dead.map(as("unusable", ({ usable }) => (usable.kind === "yes" ? null : usable.rule))),
    ...wider.map(as("less-specific", () => (stage.kind === "longest-prefix" ? longestPrefix : null))),
  ];
}

/** The first comparison in which the two differ. */
function decidingRule({ stage }: Contest, winner: Route | undefined, loser: Route): Rule | null {
  const differs = ({ position }: { readonly position: number }): boolean =>
    (winner?.preference[position] ?? 0) !== (loser.preference[position] ?? 0);
  return stage.orders.flatMap((order) => order.find(differs) ?? [])[0]?.rule ?? null;
}
