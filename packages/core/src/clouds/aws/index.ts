import type { Estate } from "../../model/estate.ts";
import type { Problem, Read } from "../../problem.ts";
import type { ConfigDocument } from "../document.ts";
import type { Provider } from "../provider.ts";
import { egressOf } from "./compile/egress.ts";
import { groupsOf, hostsOf } from "./compile/hosts.ts";
import { internetOfVpc } from "./compile/internet.ts";
import { tableAt } from "./compile/tables.ts";
import { createWorld } from "./compile/world.ts";
import { readInventory } from "./read/inventory.ts";
import { awsRules } from "./rules/index.ts";

/** AWS: what `aws ec2 describe-*` and its sisters print, of any number of accounts and regions. */
export const aws: Provider = {
  id: "aws",
  rules: awsRules,
  compile: (documents: readonly ConfigDocument[], damagedFiles: ReadonlySet<string> = new Set()): Read<Estate> => {
    const { inventory, problems } = readInventory(documents, damagedFiles);
    const disagreements: Problem[] = [];
    const world = createWorld(inventory, { egress: egressOf, table: tableAt, internet: internetOfVpc }, disagreements);
    return {
      value: { hosts: hostsOf(world), groups: groupsOf(world) },
      problems: [...problems, ...disagreements],
    };
  },
};
