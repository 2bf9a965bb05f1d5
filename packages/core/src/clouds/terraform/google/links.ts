import { text } from "../block.ts";
import type { Instance } from "../read/instance.ts";
import { safe, type World } from "../world.ts";

const API = "https://www.googleapis.com/compute/v1/";

/** Where each type lives: its collection and whether that is global, of a region or of a zone. */
const PLACES: Readonly<Record<string, readonly [collection: string, scope: "global" | "region" | "zone"]>> = {
  google_compute_network: ["networks", "global"],
  google_compute_subnetwork: ["subnetworks", "region"],
  google_compute_route: ["routes", "global"],
  google_compute_router: ["routers", "region"],
  google_compute_address: ["addresses", "region"],
  google_compute_global_address: ["addresses", "global"],
  google_compute_instance: ["instances", "zone"],
  google_compute_instance_from_template: ["instances", "zone"],
  google_compute_instance_group_manager: ["instanceGroupManagers", "zone"],
  google_compute_region_instance_group_manager: ["instanceGroupManagers", "region"],
  google_compute_instance_template: ["instanceTemplates", "global"],
  google_compute_region_instance_template: ["instanceTemplates", "region"],
  google_compute_forwarding_rule: ["forwardingRules", "region"],
  google_compute_global_forwarding_rule: ["forwardingRules", "global"],
  google_compute_vpn_tunnel: ["vpnTunnels", "region"],
  google_compute_vpn_gateway: ["targetVpnGateways", "region"],
  google_compute_ha_vpn_gateway: ["vpnGateways", "region"],
  google_compute_interconnect_attachment: ["interconnectAttachments", "region"],
  google_compute_firewall: ["firewalls", "global"],
  google_compute_network_firewall_policy: ["firewallPolicies", "global"],
  google_compute_region_network_firewall_policy: ["firewallPolicies", "region"],
};

/** What other APIs hold: the collection, and the member that says in which region or zone. */
const ELSEWHERE: Readonly<Record<string, readonly [collection: string, place: "location" | "region"]>> = {
  google_container_cluster: ["clusters", "location"],
  google_vpc_access_connector: ["connectors", "region"],
};

/** A resource's self link; one that has none yet gets the one that its project, place and name will give it. */
export function linkOf(one: Instance, world: World): string {
  const block = world.block(one);
  const own = text(block, "self_link");
  if (own !== null) return own;
  const id = text(block, "id");
  if (id?.startsWith("projects/")) return `${API}${id}`;
  const project = text(block, "project") ?? world.project;
  const name = text(block, "name") ?? safe(one.address);
  const elsewhere = ELSEWHERE[one.type];
  if (elsewhere !== undefined)
    return `projects/${project}/locations/${lastOf(text(block, elsewhere[1]) ?? "-")}/${elsewhere[0]}/${name}`;
  const [collection = "resources", scope = "global"] = PLACES[one.type] ?? [];
  const where =
    scope === "global" ? "global" : `${scope}s/${lastOf(text(block, scope) ?? safe(`${one.address}.${scope}`))}`;
  return `${API}projects/${project}/${where}/${collection}/${name}`;
}

export const lastOf = (link: string): string => link.slice(link.lastIndexOf("/") + 1);

/** The project in a link, or in a self link's place. */
export const projectIn = (link: string): string | null => /(?:^|\/)projects\/([^/]+)\//.exec(link)?.[1] ?? null;

/** The project that most resources name, for those that do not. */
export function projectOf(instances: readonly Instance[]): string | null {
  const named = new Set<string>();
  for (const { type, values } of instances) {
    if (!type.startsWith("google_")) continue;
    const { project } = values;
    if (typeof project === "string" && project !== "") named.add(project);
  }
  return named.size === 1 ? ([...named][0] ?? null) : null;
}
