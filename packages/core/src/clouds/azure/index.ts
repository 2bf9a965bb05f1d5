import type { Estate } from "../../model/estate.ts";
import type { Read } from "../../problem.ts";
import type { ConfigDocument } from "../document.ts";
import type { Provider } from "../provider.ts";
import { danglingRules } from "./compile/dangling.ts";
import { placeTables } from "./compile/effective.ts";
import { makeEgress } from "./compile/egress.ts";
import { groupsOf, hostsOf } from "./compile/hosts.ts";
import { computedTable } from "./compile/routes.ts";
import { createWorld } from "./compile/world.ts";
import { readInventory } from "./read/inventory.ts";
import { azureRules } from "./rules/index.ts";
import { withWorkloads } from "./workloads/index.ts";

/** Azure: exports of `az`, of the REST API and of Resource Graph. */
export const azure: Provider = {
  id: "azure",
  rules: azureRules,
  compile: (documents: readonly ConfigDocument[]): Read<Estate> => {
    const { inventory, problems } = readInventory(documents);
    const effective = placeTables([...inventory.nics.values()], inventory.effective);
    const world = createWorld(inventory, effective.tables, { egress: makeEgress, table: computedTable });
    const { hosts, problems: incomplete } = hostsOf(world);
    return {
      value: withWorkloads(world, hosts, groupsOf(world)),
      problems: [...problems, ...danglingRules(inventory), ...effective.problems, ...incomplete],
    };
  },
};
