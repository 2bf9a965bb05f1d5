import { type Block, blocks, count, flag, isOpen, text, texts } from "../block.ts";
import { parentElsewhere } from "../read/problems.ts";
import type { World } from "../world.ts";
import { lastOf } from "./links.ts";
import { identityOf, type Rest } from "./network.ts";

/** A folder's or organization's, a network's, and a network's in one region. */
const FAMILIES = [
  "google_compute_firewall_policy",
  "google_compute_network_firewall_policy",
  "google_compute_region_network_firewall_policy",
] as const;

type Family = (typeof FAMILIES)[number];

/** Policies with the rules and associations that name them. */
export const firewallPolicies = (world: World): readonly Rest[] =>
  FAMILIES.flatMap((family) => policiesOf(family, world));

function policiesOf(family: Family, world: World): readonly Rest[] {
  const policies = world.ofType(family).map((block) => ({ block, rules: [] as Rest[], associations: [] as Rest[] }));
  const named = (block: Block) => {
    const link = world.link(block, "firewall_policy", [family]) ?? "";
    const found = policies.find(({ block: one }) => namesOf(one, world).includes(lastOf(link)));
    if (found === undefined) world.problems.push(parentElsewhere(block.instance, lastOf(link)));
    return found;
  };
  for (const block of world.ofType(`${family}_rule`)) named(block)?.rules.push(ruleOf(block, world));
  for (const block of world.ofType(`${family}_association`))
    named(block)?.associations.push({
      name: text(block, "name"),
      attachmentTarget: world.link(block, "attachment_target", ["google_compute_network"]),
    });
  return policies.map(({ block, rules, associations }) => ({
    ...identityOf(block, "firewallPolicy", world),
    region: text(block, "region"),
    associations,
    rules,
  }));
}

/** One in a hierarchy is named by a number. */
const namesOf = (block: Block, world: World): readonly string[] =>
  [identityOf(block, "", world)["selfLink"], text(block, "name"), text(block, "id"), text(block, "firewall_policy_id")]
    .filter((one) => typeof one === "string")
    .map(lastOf);

function ruleOf(block: Block, world: World): Rest {
  const [match] = blocks(block, "match");
  return {
    priority: count(block, "priority"),
    action: text(block, "action"),
    direction: text(block, "direction"),
    disabled: flag(block, "disabled"),
    targetResources: world.links(block, "target_resources", ["google_compute_network"]),
    targetServiceAccounts: known(block, "target_service_accounts"),
    targetSecureTags: blocks(block, "target_secure_tags").map((one) => ({ name: text(one, "name") ?? LATER })),
    match: match === undefined ? null : matchOf(match),
  };
}

/** Whatever else is asked for is handed on by name: no file spells out what it means. */
function matchOf(block: Block): Rest {
  const { layer4_configs: _, src_ip_ranges: __, dest_ip_ranges: ___, ...others } = block.values;
  return {
    ...others,
    srcIpRanges: known(block, "src_ip_ranges"),
    destIpRanges: known(block, "dest_ip_ranges"),
    layer4Configs: blocks(block, "layer4_configs").map((one) => ({
      ipProtocol: text(one, "ip_protocol") ?? LATER,
      ports: texts(one, "ports"),
    })),
  };
}

/** No prefix, so that a rule that holds it is no rule that can be read. */
const LATER = "known after apply";

const known = (block: Block, member: string): readonly string[] =>
  isOpen(block, member) ? [LATER] : texts(block, member);
