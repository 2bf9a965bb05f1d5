import { type Appliance, type ApplianceAction, type Family, hostCidr } from "@seenas/core";
import { matchText } from "./match.ts";
import type { Router } from "./router.ts";
import { alternativeIn, chosen, type World } from "./world.ts";

/** Tables of an appliance's router: straight to the destination, and by its own egress. */
export const DIRECTLY = 100;
export const BEHIND = 101;

/** Marks what comes in by what the appliance does with it; what nobody described leaves with an address nobody knows. */
export function behave(router: Router, appliance: Appliance, world: World, family: Family): void {
  const { behaviours, egress } = appliance;
  for (const [index, behaviour] of behaviours.entries()) {
    const text = matchText(behaviour.match, family);
    if (text === null) continue;
    const actions = behaviour.does.map((action) => ({ action, assumptions: assumptionsOf(action) }));
    const action = chosen(world, actions)?.action;
    perform(router, index + 1, text, egress === null && action?.kind !== "answers" ? undefined : action, world);
  }
  perform(router, behaviours.length + 1, "", undefined, world);
}

const assumptionsOf = (action: ApplianceAction) =>
  action.kind === "answers" ? action.alternative.assumptions : action.assumptions;

function perform(router: Router, mark: number, text: string, action: ApplianceAction | undefined, world: World): void {
  router.mark(`meta mark 0 ${text}meta mark set ${mark}`);
  const isKnown = action !== undefined && (action.kind !== "sends-as" || action.sources.length > 0);
  const table = isKnown && action.kind !== "answers" ? BEHIND : DIRECTLY;
  router.rule(1000 + mark, `fwmark ${mark}`, `lookup ${table}`);
  if (!isKnown) router.onMark(mark, router.sendsAsStranger());
  else if (action.kind === "answers") router.onMark(mark, router.does(alternativeIn(world, [action.alternative])));
  else if (action.kind === "sends-as")
    router.onMark(mark, router.sendsAs(action.among ?? action.sources.map(hostCidr)) ?? "return");
}
