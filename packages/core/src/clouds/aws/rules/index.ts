import type { Rule } from "../../../model/rule.ts";
import * as containersRules from "./containers.ts";
import * as filtersRules from "./filters.ts";
import * as interfacesRules from "./interfaces.ts";
import * as natRules from "./nat.ts";
import * as routingRules from "./routing.ts";
import * as targetsRules from "./targets.ts";

/** Every documented behaviour that predictions for AWS rest on. */
export const awsRules: readonly Rule[] = [
  ...Object.values(interfacesRules),
  ...Object.values(routingRules),
  ...Object.values(targetsRules),
  ...Object.values(natRules),
  ...Object.values(containersRules),
  ...Object.values(filtersRules),
];
