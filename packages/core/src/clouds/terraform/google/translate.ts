import type { Block } from "../block.ts";
import { notTranslated } from "../read/problems.ts";
import type { Translator } from "../translator.ts";
import type { World } from "../world.ts";
import { firewallPolicies } from "./firewall-policy.ts";
import { instance, instanceOfGroup, rangesOf } from "./instance.ts";
import { lastOf, linkOf, projectIn } from "./links.ts";
import {
  address,
  defaultRoute,
  firewall,
  forwardingRule,
  network,
  partsByRouter,
  policyRoute,
  type Rest,
  route,
  router,
  subnetwork,
  vpnTunnel,
} from "./network.ts";
import { workloads } from "./workloads.ts";

/** `google` and `google-beta`: the REST shapes that exports of Google Cloud have. */
export const google: Translator = {
  prefix: "google_",
  providers: /\/hashicorp\/google(?:-beta)?$/,
  linkOf,
  /** A member that every known version of the type has; without it the schema is another one. */
  needs: {
    google_compute_network: "routing_mode",
    google_compute_subnetwork: "ip_cidr_range",
    google_compute_route: "dest_range",
    google_compute_router: "network",
    google_compute_router_nat: "source_subnetwork_ip_ranges_to_nat",
    google_compute_router_peer: "router",
    google_compute_router_interface: "router",
    google_compute_address: "address",
    google_compute_global_address: "address",
    google_compute_instance: "network_interface",
    google_compute_instance_from_template: "network_interface",
    google_compute_instance_template: "network_interface",
    google_compute_region_instance_template: "network_interface",
    google_compute_instance_group_manager: "version",
    google_compute_region_instance_group_manager: "version",
    google_compute_forwarding_rule: "ip_address",
    google_compute_global_forwarding_rule: "ip_address",
    google_compute_vpn_tunnel: "remote_traffic_selector",
    google_compute_vpn_gateway: "network",
    google_compute_ha_vpn_gateway: "network",
    google_compute_interconnect_attachment: "router",
    google_compute_network_peering: "peer_network",
    google_compute_firewall: "direction",
    google_compute_firewall_policy: "short_name",
    google_compute_network_firewall_policy: "name",
    google_compute_region_network_firewall_policy: "region",
    google_compute_firewall_policy_rule: "match",
    google_compute_firewall_policy_association: "attachment_target",
    google_compute_network_firewall_policy_rule: "match",
    google_compute_network_firewall_policy_association: "attachment_target",
    google_compute_region_network_firewall_policy_rule: "match",
    google_compute_region_network_firewall_policy_association: "attachment_target",
    google_network_connectivity_policy_based_route: "next_hop_other_routes",
    google_container_cluster: "subnetwork",
    google_container_node_pool: "cluster",
    google_cloud_run_service: "template",
    google_cloud_run_v2_service: "template",
    google_cloud_run_v2_job: "template",
    google_cloud_run_v2_worker_pool: "template",
    google_cloudfunctions_function: "runtime",
    google_cloudfunctions2_function: "service_config",
    google_vpc_access_connector: "ip_cidr_range",
    google_sql_database_instance: "ip_address",
  },
  placing:
    /^google_compute_(?:\w*firewall\w*|route|router\w*|network_peering|subnetwork|vpn_tunnel)\.(?:network|peer_network|router|firewall_policy|attachment_target|target_resources|vpn_gateway)$|^google_network_connectivity_policy_based_route\.network$/,
  contents: { google_compute_subnetwork: "ip_cidr_range", google_compute_instance: "network_interface" },
  matters:
    /^google_(?:compute_|container_(?:cluster|node_pool)$|network_connectivity_|vpc_access_|cloud_run|cloudfunctions|cloudfunctions2|sql_database_instance|service_networking_|network_security_gateway|network_services_gateway|app_engine_flexible|composer_environment|dataproc_cluster|dataflow|notebooks_|workbench_|vmwareengine_)/,
  harmless:
    /_iam_|^google_cloud_run_domain_mapping|^google_compute_(?:disk|image|snapshot|instant_snapshot|attached_disk|region_disk|resource_policy|machine_image|autoscaler|region_autoscaler|(?:region_)?(?:http_|https_|http|https)?health_check|(?:region_|managed_)?ssl_|(?:region_)?target_|(?:region_)?url_map|(?:region_)?backend_|(?:region_)?security_policy|(?:region_|global_)?network_endpoint|instance_group$|instance_group_named|instance_group_membership|instance_settings|project_|shared_vpc_|node_|reservation|region_commitment|(?:region_)?per_instance|external_vpn_gateway|packet_mirroring|router_route_policy|resize_request|snapshot_settings|storage_pool|network_attachment|interconnect$|interconnect_(?:attachment_)?group|cross_site|wire_group|preview|disk_|public_)/,
  translate,
};

function translate(world: World): readonly Rest[] {
  const ranges = rangesOf(world);
  const each = (types: readonly string[], one: (block: Block, world: World) => Rest | null): readonly Rest[] =>
    world.ofType(...types).flatMap((block) => {
      const made = one(block, world);
      return made === null ? [] : [made];
    });
  return [
    ...listsOf("network", "global/networks", networks(world)),
    ...listsOf("subnetwork", "aggregated/subnetworks", each(["google_compute_subnetwork"], subnetwork)),
    ...listsOf("route", "global/routes", [
      ...each(["google_compute_route"], route),
      ...world.ofType("google_compute_network").flatMap((block) => defaultRoute(block, world)),
    ]),
    ...listsOf("router", "aggregated/routers", routers(world)),
    ...listsOf(
      "address",
      "aggregated/addresses",
      each(["google_compute_address", "google_compute_global_address"], address),
    ),
    ...listsOf("instance", "aggregated/instances", [
      ...each(["google_compute_instance", "google_compute_instance_from_template"], (block) =>
        instance(block, world, ranges),
      ),
      ...groups(world),
    ]),
    ...listsOf(
      "forwardingRule",
      "aggregated/forwardingRules",
      each(["google_compute_forwarding_rule", "google_compute_global_forwarding_rule"], forwardingRule),
    ),
    ...listsOf("vpnTunnel", "aggregated/vpnTunnels", each(["google_compute_vpn_tunnel"], vpnTunnel)),
    ...listsOf("firewall", "global/firewalls", each(["google_compute_firewall"], firewall)),
    ...listsOf("firewallPolicy", "global/firewallPolicies", firewallPolicies(world)),
    ...each(["google_network_connectivity_policy_based_route"], policyRoute),
    ...workloads(world),
  ];
}

/**
 * A page of a list with more to come: one file of Terraform manages a part of what exists, so nothing may be taken for
 * absent because it is not in it.
 */
function listsOf(kind: string, path: string, items: readonly Rest[]): readonly Rest[] {
  const byProject = new Map<string, Rest[]>();
  for (const item of items) {
    const link = item["selfLink"];
    const project = (typeof link === "string" ? projectIn(link) : null) ?? "-";
    const known = byProject.get(project);
    if (known === undefined) byProject.set(project, [item]);
    else known.push(item);
  }
  return [...byProject].map(([project, own]) => ({
    kind: `compute#${kind}List`,
    id: `projects/${project}/${path}`,
    items: own,
    nextPageToken: "not in this file",
  }));
}

function networks(world: World): readonly Rest[] {
  const peerings = new Map<string, Block[]>();
  for (const block of world.ofType("google_compute_network_peering")) {
    const link = lastOf(world.link(block, "network", ["google_compute_network"]) ?? "");
    peerings.set(link, [...(peerings.get(link) ?? []), block]);
  }
  return world
    .ofType("google_compute_network")
    .map((block) => network(block, world, peerings.get(lastOf(linkOf(block.instance, world))) ?? []));
}

function routers(world: World): readonly Rest[] {
  const nats = partsByRouter(world, "google_compute_router_nat");
  const peers = partsByRouter(world, "google_compute_router_peer");
  const interfaces = partsByRouter(world, "google_compute_router_interface");
  return world.ofType("google_compute_router").map((block) => {
    const link = linkOf(block.instance, world);
    return router(block, world, {
      nats: nats.get(link) ?? [],
      peers: peers.get(link) ?? [],
      interfaces: interfaces.get(link) ?? [],
    });
  });
}

function groups(world: World): readonly Rest[] {
  const ranges = rangesOf(world);
  return world
    .ofType("google_compute_instance_group_manager", "google_compute_region_instance_group_manager")
    .flatMap((block) => {
      const one = instanceOfGroup(block, world, ranges);
      if (one === null) world.problems.push(notTranslated(block.instance.type, [block.instance]));
      return one === null ? [] : [one];
    });
}
