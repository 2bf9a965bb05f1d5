import { lengthOf } from "../../address/cidr.ts";
import type { Fate, Runner } from "../../model/outcome.ts";
import { same } from "../../problem.ts";
import type { GuestRoute } from "../guest.ts";
import { windowsMetric, windowsStrongHost } from "../rules/windows.ts";
import { describeRoute } from "./describe-route.ts";

/** @param routes all that cover the destination */
export function windowsRunners(
  routes: readonly GuestRoute[],
  taken: GuestRoute,
  by: { fits(route: GuestRoute): boolean; costOf(route: GuestRoute): number },
): readonly Runner[] {
  const fateOf = (route: GuestRoute): Fate => {
    if (!by.fits(route)) return "unusable";
    if (lengthOf(route.prefix) < lengthOf(taken.prefix)) return "less-specific";
    return by.costOf(route) === by.costOf(taken) ? "shared" : "less-preferred";
  };
  const runner = (route: GuestRoute, fate: Fate): Runner => ({
    prefix: route.prefix,
    text: same(describeRoute(route)),
    fate,
    rule: fate === "unusable" ? windowsStrongHost : fate === "shared" ? null : windowsMetric,
    origin: route.origin,
  });
  const others = routes.filter((route) => route !== taken);
  return [runner(taken, "taken"), ...others.map((route) => runner(route, fateOf(route)))];
}
