import type { Block } from "../block.ts";
import type { Translator } from "../translator.ts";
import type { World } from "../world.ts";
import { associationsIn, MACHINES } from "./associations.ts";
import { firewall, policies, ruleGroups } from "./firewall.ts";
import { machine, nic, SCALE_SETS, scaleSet } from "./hosts.ts";
import { keyOf, linkOf } from "./ids.ts";
import { loadBalancers } from "./load-balancer.ts";
import {
  type Arm,
  connection,
  gateway,
  gatewayNatRule,
  inlineSubnets,
  localGateway,
  natGateway,
  network,
  peering,
  publicIp,
  publicIpPrefix,
  rangesOf,
  routesByTable,
  routeTable,
  subnet,
} from "./network.ts";
import { privateEndpoint, privateLinkService } from "./private-link.ts";
import { securityGroups } from "./security-groups.ts";
import { workloads } from "./workloads.ts";

/** `azurerm`: the shapes of Azure Resource Manager. `azapi` writes those itself, in a type of any version: it is named. */
export const azurerm: Translator = {
  prefix: "az",
  providers: /\/hashicorp\/azurerm$/,
  linkOf,
  needs: {
    azurerm_virtual_network: "address_space",
    azurerm_subnet: "virtual_network_name",
    azurerm_virtual_network_peering: "remote_virtual_network_id",
    azurerm_network_interface: "ip_configuration",
    azurerm_network_interface_backend_address_pool_association: "backend_address_pool_id",
    azurerm_network_interface_security_group_association: "network_interface_id",
    azurerm_public_ip: "allocation_method",
    azurerm_public_ip_prefix: "ip_prefix",
    azurerm_network_security_group: "security_rule",
    azurerm_network_security_rule: "network_security_group_name",
    azurerm_network_interface_application_security_group_association: "application_security_group_id",
    azurerm_application_security_group: "name",
    azurerm_nat_gateway: "sku_name",
    azurerm_nat_gateway_public_ip_association: "public_ip_address_id",
    azurerm_nat_gateway_public_ip_prefix_association: "public_ip_prefix_id",
    azurerm_subnet_nat_gateway_association: "nat_gateway_id",
    azurerm_subnet_route_table_association: "route_table_id",
    azurerm_subnet_network_security_group_association: "subnet_id",
    azurerm_route_table: "route",
    azurerm_route: "next_hop_type",
    azurerm_lb: "frontend_ip_configuration",
    azurerm_lb_backend_address_pool: "loadbalancer_id",
    azurerm_lb_backend_address_pool_address: "backend_address_pool_id",
    azurerm_lb_rule: "frontend_ip_configuration_name",
    azurerm_lb_outbound_rule: "backend_address_pool_id",
    azurerm_linux_virtual_machine: "network_interface_ids",
    azurerm_windows_virtual_machine: "network_interface_ids",
    azurerm_virtual_machine: "network_interface_ids",
    azurerm_linux_virtual_machine_scale_set: "network_interface",
    azurerm_windows_virtual_machine_scale_set: "network_interface",
    azurerm_orchestrated_virtual_machine_scale_set: "network_interface",
    azurerm_virtual_machine_scale_set: "network_profile",
    azurerm_firewall: "ip_configuration",
    azurerm_firewall_policy: "private_ip_ranges",
    azurerm_firewall_policy_rule_collection_group: "firewall_policy_id",
    azurerm_firewall_network_rule_collection: "azure_firewall_name",
    azurerm_firewall_application_rule_collection: "azure_firewall_name",
    azurerm_virtual_network_gateway: "ip_configuration",
    azurerm_virtual_network_gateway_nat_rule: "virtual_network_gateway_id",
    azurerm_virtual_network_gateway_connection: "virtual_network_gateway_id",
    azurerm_local_network_gateway: "address_space",
    azurerm_private_endpoint: "private_service_connection",
    azurerm_private_link_service: "nat_ip_configuration",
    azurerm_kubernetes_cluster: "default_node_pool",
    azurerm_kubernetes_cluster_node_pool: "kubernetes_cluster_id",
    azurerm_linux_web_app: "service_plan_id",
    azurerm_windows_web_app: "service_plan_id",
    azurerm_linux_function_app: "service_plan_id",
    azurerm_windows_function_app: "service_plan_id",
    azurerm_app_service_virtual_network_swift_connection: "app_service_id",
    azurerm_service_plan: "sku_name",
    azurerm_app_service_environment_v3: "subnet_id",
    azurerm_container_app_environment: "infrastructure_subnet_id",
    azurerm_container_app: "container_app_environment_id",
    azurerm_container_group: "ip_address_type",
    azurerm_mssql_managed_instance: "subnet_id",
  },
  placing:
    /_association\.|^azurerm_(?:route\.route_table_name|network_security_rule\.network_security_group_name|subnet\.(?:virtual_network_name|route_table_id)|virtual_network_peering\.\w+|lb_(?:rule|outbound_rule|backend_address_pool\w*)\.\w+|firewall_policy_rule_collection_group\.firewall_policy_id|virtual_network_gateway_(?:connection|nat_rule)\.\w+)$/,
  contents: {
    azurerm_virtual_network: "address_space",
    azurerm_network_interface: "ip_configuration",
    azurerm_route_table: "route",
    azurerm_network_security_group: "security_rule",
    azurerm_lb: "frontend_ip_configuration",
    azurerm_firewall: "ip_configuration",
  },
  matters:
    /^azapi_|^azurerm_(?:virtual_|vpn_|point_to_site_|express_route_|nat_|subnet_|lb_|route|public_ip|custom_ip_prefix|firewall|ip_group|network_interface_|network_manager_|bastion_host|kubernetes_(?:cluster|fleet)|container_(?:app|group)|app_service|function_app|(?:linux|windows)_(?:function|web)_app|service_plan|application_gateway|orchestrated_|palo_alto_|private_dns_resolver|databricks_workspace|dev_test_|redhat_openshift|spring_cloud|batch_pool|logic_app_standard|mssql_managed_instance)/,
  harmless:
    /_(?:nat_rule|application_gateway_backend_address_pool)_association$|^azurerm_(?:virtual_machine_(?:extension|data_disk|run_command|automanage|gallery|implicit|packet|restore)|virtual_machine_scale_set_(?:extension|packet|standby)|virtual_desktop_|virtual_network_dns_servers|lb_(?:probe|nat_rule|nat_pool)$|firewall_nat_rule_collection|container_app_(?:custom|environment_(?:certificate|custom|dapr|storage))|app_service_(?:certificate|custom|source|managed|public|slot_custom)|function_app_function|dev_test_(?:policy|schedule|global)|subnet_service_endpoint)/,
  translate,
};

function translate(world: World): readonly Arm[] {
  const ranges = rangesOf(world);
  const associations = associationsIn(world, ({ instance }) => linkOf(instance, world));
  const routes = routesByTable(world);
  const each = (types: readonly string[], one: (block: Block, world: World) => Arm): readonly Arm[] =>
    world.ofType(...types).map((block) => one(block, world));
  // Before the routes that lead to them, which then know where they are.
  const hops = [
    ...each(["azurerm_firewall"], (block) => firewall(block, world, ranges)),
    ...loadBalancers(world, ranges),
  ];
  return [
    ...hops,
    ...each(["azurerm_virtual_network"], network),
    ...each(["azurerm_subnet"], (block) => subnet(block, world, associations)),
    ...inlineSubnets(world, associations),
    ...each(["azurerm_virtual_network_peering"], peering),
    ...each(["azurerm_public_ip"], publicIp),
    ...each(["azurerm_public_ip_prefix"], publicIpPrefix),
    ...each(["azurerm_nat_gateway"], (block) => natGateway(block, world, associations)),
    ...each(["azurerm_route_table"], (block) =>
      routeTable(block, world, routes.get(keyOf(linkOf(block.instance, world))) ?? []),
    ),
    ...each(["azurerm_network_interface"], (block) => nic(block, world, associations, ranges)),
    ...each(MACHINES, machine),
    ...world.ofType(...SCALE_SETS).flatMap((block) => scaleSet(block, world, ranges)),
    ...policies(world),
    ...ruleGroups(world),
    ...each(["azurerm_virtual_network_gateway"], gateway),
    ...each(["azurerm_virtual_network_gateway_nat_rule"], gatewayNatRule),
    ...each(["azurerm_virtual_network_gateway_connection"], connection),
    ...each(["azurerm_local_network_gateway"], localGateway),
    ...each(["azurerm_private_endpoint"], privateEndpoint),
    ...each(["azurerm_private_link_service"], privateLinkService),
    ...securityGroups(world),
    ...workloads(world),
  ];
}
