import { groupBy } from "../../group-by.ts";
import { type Block, blocks, count, text, texts } from "../block.ts";
import type { World } from "../world.ts";
import { APPLICATION_GROUP, SECURITY_GROUP } from "./associations.ts";
import { type Arm, armOf, refs } from "./network.ts";

/** Rules in the group itself, or resources of their own, which name the group by its name. */
export function securityGroups(world: World): readonly Arm[] {
  const nameOf = (group: Block, member: string): string =>
    `${text(group, "resource_group_name") ?? ""}/${text(group, member) ?? ""}`.toLowerCase();
  const rules = groupBy(world.ofType("azurerm_network_security_rule"), (one) =>
    nameOf(one, "network_security_group_name"),
  );
  return world.ofType(...SECURITY_GROUP).map((block) =>
    armOf(block, world, {
      securityRules: [...blocks(block, "security_rule"), ...(rules.get(nameOf(block, "name")) ?? [])].map((one) =>
        rule(one, world),
      ),
    }),
  );
}

const rule = (block: Block, world: World): Arm => ({
  name: text(block, "name"),
  direction: text(block, "direction"),
  access: text(block, "access"),
  priority: count(block, "priority"),
  protocol: text(block, "protocol"),
  sourcePortRange: text(block, "source_port_range"),
  sourcePortRanges: texts(block, "source_port_ranges"),
  destinationPortRange: text(block, "destination_port_range"),
  destinationPortRanges: texts(block, "destination_port_ranges"),
  sourceAddressPrefix: text(block, "source_address_prefix"),
  sourceAddressPrefixes: texts(block, "source_address_prefixes"),
  destinationAddressPrefix: text(block, "destination_address_prefix"),
  destinationAddressPrefixes: texts(block, "destination_address_prefixes"),
  sourceApplicationSecurityGroups: refs(world.links(block, "source_application_security_group_ids", APPLICATION_GROUP)),
  destinationApplicationSecurityGroups: refs(
    world.links(block, "destination_application_security_group_ids", APPLICATION_GROUP),
  ),
});
