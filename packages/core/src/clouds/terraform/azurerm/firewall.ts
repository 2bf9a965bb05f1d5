import { type Block, blocks, count, flag, text, texts } from "../block.ts";
import type { World } from "../world.ts";
import { PUBLIC_IP, SUBNET } from "./associations.ts";
import type { Ranges } from "./hosts.ts";
import { linkOf } from "./ids.ts";
import { type Arm, armOf, grouped, ref, refs } from "./network.ts";

const POLICY = ["azurerm_firewall_policy"];

/** The ranges that are not translated: https://learn.microsoft.com/azure/firewall/snat-private-range */
const SNAT_RANGES = "Network.SNAT.PrivateRanges";

export function firewall(block: Block, world: World, ranges: Ranges): Arm {
  const [management] = blocks(block, "management_ip_configuration");
  const untranslated = texts(block, "private_ip_ranges");
  return armOf(block, world, {
    sku: { name: text(block, "sku_name"), tier: text(block, "sku_tier") },
    ipConfigurations: blocks(block, "ip_configuration").map((one, index) => {
      const subnet = world.link(one, "subnet_id", SUBNET);
      // All configurations share the address in the first's subnet.
      const own =
        index === 0 ? world.address(one, "private_ip_address", { within: ranges(subnet), isHop: true }) : null;
      return {
        properties: {
          privateIPAddress: own ?? text(one, "private_ip_address"),
          subnet: ref(subnet),
          publicIPAddress: ref(world.link(one, "public_ip_address_id", PUBLIC_IP)),
        },
      };
    }),
    managementIpConfiguration:
      management === undefined
        ? null
        : { publicIPAddress: ref(world.link(management, "public_ip_address_id", PUBLIC_IP)) },
    firewallPolicy: ref(world.link(block, "firewall_policy_id", POLICY)),
    additionalProperties: untranslated.length === 0 ? {} : { [SNAT_RANGES]: untranslated.join(", ") },
    hubIPAddresses: hubOf(block),
    networkRuleCollections: ifAny(collectionsOf(block, world, "azurerm_firewall_network_rule_collection", networkRule)),
    applicationRuleCollections: ifAny(
      collectionsOf(block, world, "azurerm_firewall_application_rule_collection", classicApplicationRule),
    ),
  });
}

/** Rules are often in a state of their own: that this one has none does not say that there are none. */
const ifAny = <T>(list: readonly T[]): readonly T[] | null => (list.length === 0 ? null : list);

function hubOf(block: Block): Arm | null {
  const [hub] = blocks(block, "virtual_hub");
  if (hub === undefined) return null;
  return {
    privateIPAddress: text(hub, "private_ip_address"),
    publicIPs: { addresses: texts(hub, "public_ip_addresses").map((address) => ({ address })) },
  };
}

/** The rules of a firewall without a policy are resources that name it. */
function collectionsOf(firewallBlock: Block, world: World, type: string, rule: (block: Block) => Arm): readonly Arm[] {
  const name = text(firewallBlock, "name");
  const group = text(firewallBlock, "resource_group_name")?.toLowerCase();
  return byPriority(
    world
      .ofType(type)
      .filter(
        (one) => text(one, "azure_firewall_name") === name && text(one, "resource_group_name")?.toLowerCase() === group,
      ),
  ).map((one) => ({ properties: { action: { type: text(one, "action") }, rules: blocks(one, "rule").map(rule) } }));
}

const byPriority = (all: readonly Block[]): readonly Block[] =>
  [...all].sort((a, b) => (count(a, "priority") ?? 0) - (count(b, "priority") ?? 0));

const networkRule = (block: Block): Arm => ({
  ruleType: "NetworkRule",
  ipProtocols: texts(block, "protocols"),
  sourceAddresses: texts(block, "source_addresses"),
  sourceIpGroups: texts(block, "source_ip_groups"),
  destinationAddresses: texts(block, "destination_addresses"),
  destinationIpGroups: texts(block, "destination_ip_groups"),
  destinationFqdns: texts(block, "destination_fqdns"),
  destinationPorts: texts(block, "destination_ports"),
});

const classicApplicationRule = (block: Block): Arm => ({
  sourceAddresses: texts(block, "source_addresses"),
  protocols: blocks(block, "protocol").map((one) => ({ port: count(one, "port") })),
});

const applicationRule = (block: Block): Arm => ({
  ruleType: "ApplicationRule",
  sourceAddresses: texts(block, "source_addresses"),
  protocols: blocks(block, "protocols").map((one) => ({ port: count(one, "port") })),
});

export function policies(world: World): readonly Arm[] {
  const groups = grouped(world, "azurerm_firewall_policy_rule_collection_group");
  return world.ofType("azurerm_firewall_policy").map((block) => {
    const ranges = texts(block, "private_ip_ranges");
    const own = groups.get(linkOf(block.instance, world).toLowerCase()) ?? [];
    return armOf(block, world, {
      basePolicy: ref(world.link(block, "base_policy_id", POLICY)),
      ruleCollectionGroups: ifAny(refs(own.map(({ instance }) => linkOf(instance, world)))),
      snat: {
        privateRanges: ranges.length === 0 ? null : ranges,
        autoLearnPrivateRanges: flag(block, "auto_learn_private_ranges_enabled") === true ? "Enabled" : null,
      },
    });
  });
}

export function ruleGroups(world: World): readonly Arm[] {
  return byPriority(world.ofType("azurerm_firewall_policy_rule_collection_group")).map((block) => {
    const collections = (member: string, rule: (one: Block) => Arm): readonly Arm[] =>
      byPriority(blocks(block, member)).map((one) => ({
        action: { type: text(one, "action") },
        rules: blocks(one, "rule").map(rule),
      }));
    return armOf(block, world, {
      ruleCollections: [
        ...collections("network_rule_collection", networkRule),
        ...collections("application_rule_collection", applicationRule),
      ],
    });
  });
}
