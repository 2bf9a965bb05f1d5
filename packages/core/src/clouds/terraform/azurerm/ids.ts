import { type Block, text } from "../block.ts";
import type { Instance } from "../read/instance.ts";
import { safe, type World } from "../world.ts";

const NETWORK = "Microsoft.Network";

/** Where a resource of its own stands below its group. */
const TYPES: Readonly<Record<string, string>> = {
  azurerm_virtual_network: `${NETWORK}/virtualNetworks`,
  azurerm_network_interface: `${NETWORK}/networkInterfaces`,
  azurerm_public_ip: `${NETWORK}/publicIPAddresses`,
  azurerm_public_ip_prefix: `${NETWORK}/publicIPPrefixes`,
  azurerm_nat_gateway: `${NETWORK}/natGateways`,
  azurerm_lb: `${NETWORK}/loadBalancers`,
  azurerm_route_table: `${NETWORK}/routeTables`,
  azurerm_firewall: `${NETWORK}/azureFirewalls`,
  azurerm_firewall_policy: `${NETWORK}/firewallPolicies`,
  azurerm_virtual_network_gateway: `${NETWORK}/virtualNetworkGateways`,
  azurerm_virtual_network_gateway_connection: `${NETWORK}/connections`,
  azurerm_local_network_gateway: `${NETWORK}/localNetworkGateways`,
  azurerm_private_endpoint: `${NETWORK}/privateEndpoints`,
  azurerm_private_link_service: `${NETWORK}/privateLinkServices`,
  azurerm_network_security_group: `${NETWORK}/networkSecurityGroups`,
  azurerm_application_security_group: `${NETWORK}/applicationSecurityGroups`,
  azurerm_linux_virtual_machine: "Microsoft.Compute/virtualMachines",
  azurerm_windows_virtual_machine: "Microsoft.Compute/virtualMachines",
  azurerm_virtual_machine: "Microsoft.Compute/virtualMachines",
  azurerm_linux_virtual_machine_scale_set: "Microsoft.Compute/virtualMachineScaleSets",
  azurerm_windows_virtual_machine_scale_set: "Microsoft.Compute/virtualMachineScaleSets",
  azurerm_virtual_machine_scale_set: "Microsoft.Compute/virtualMachineScaleSets",
  azurerm_orchestrated_virtual_machine_scale_set: "Microsoft.Compute/virtualMachineScaleSets",
  azurerm_kubernetes_cluster: "Microsoft.ContainerService/managedClusters",
  azurerm_linux_web_app: "Microsoft.Web/sites",
  azurerm_windows_web_app: "Microsoft.Web/sites",
  azurerm_linux_function_app: "Microsoft.Web/sites",
  azurerm_windows_function_app: "Microsoft.Web/sites",
  azurerm_service_plan: "Microsoft.Web/serverFarms",
  azurerm_app_service_environment_v3: "Microsoft.Web/hostingEnvironments",
  azurerm_container_app_environment: "Microsoft.App/managedEnvironments",
  azurerm_container_app: "Microsoft.App/containerApps",
  azurerm_container_group: "Microsoft.ContainerInstance/containerGroups",
  azurerm_mssql_managed_instance: "Microsoft.Sql/managedInstances",
};

/** How a resource that is part of another one names it: by its id, or by its name in the same group. */
const PARTS: Readonly<Record<string, readonly [collection: string, parentType: string, member: string]>> = {
  azurerm_subnet: ["subnets", "azurerm_virtual_network", "virtual_network_name"],
  azurerm_virtual_network_peering: ["virtualNetworkPeerings", "azurerm_virtual_network", "virtual_network_name"],
  azurerm_route: ["routes", "azurerm_route_table", "route_table_name"],
  azurerm_lb_backend_address_pool: ["backendAddressPools", "azurerm_lb", "loadbalancer_id"],
  azurerm_lb_rule: ["loadBalancingRules", "azurerm_lb", "loadbalancer_id"],
  azurerm_lb_outbound_rule: ["outboundRules", "azurerm_lb", "loadbalancer_id"],
  azurerm_firewall_policy_rule_collection_group: [
    "ruleCollectionGroups",
    "azurerm_firewall_policy",
    "firewall_policy_id",
  ],
  azurerm_virtual_network_gateway_nat_rule: [
    "natRules",
    "azurerm_virtual_network_gateway",
    "virtual_network_gateway_id",
  ],
};

/** A resource's id; one that has none yet gets the one that its group and name will give it. */
export function linkOf(one: Instance, world: World): string {
  const block = world.block(one);
  const id = text(block, "id");
  if (id?.startsWith("/")) return id;
  const name = text(block, "name") ?? safe(one.address);
  const part = PARTS[one.type];
  if (part !== undefined) return `${parentOf(block, world)}/${part[0]}/${name}`;
  return idIn(world, groupOf(block), TYPES[one.type] ?? `${NETWORK}/${one.type}`, name);
}

/** The id of the resource that this one is part of. */
export function parentOf(block: Block, world: World): string {
  const [, type = "", member = ""] = PARTS[block.instance.type] ?? [];
  const named = world.link(block, member, [type]) ?? safe(`${block.instance.address}.${member}`);
  if (named.startsWith("/")) return named;
  const group = groupOf(block);
  const parent = world
    .ofType(type)
    .find((one) => text(one, "name") === named && groupOf(one).toLowerCase() === group.toLowerCase());
  return parent === undefined ? idIn(world, group, TYPES[type] ?? type, named) : linkOf(parent.instance, world);
}

const groupOf = (block: Block): string => text(block, "resource_group_name") ?? safe(`${block.instance.address}.group`);

const idIn = (world: World, group: string, type: string, name: string): string =>
  `/subscriptions/${subscriptionOf(world)}/resourceGroups/${group}/providers/${type}/${name}`;

const subscriptions = new WeakMap<World, string>();

/** The subscription that every known id is in; `-` where there are several or none. */
function subscriptionOf(world: World): string {
  const known = subscriptions.get(world);
  if (known !== undefined) return known;
  const all = new Set<string>();
  for (const { values } of world.instances) {
    const found = typeof values["id"] === "string" ? /^\/subscriptions\/([^/]+)\//i.exec(values["id"])?.[1] : undefined;
    if (found !== undefined) all.add(found);
  }
  const [only = "-"] = all.size === 1 ? all : [];
  subscriptions.set(world, only);
  return only;
}

export const keyOf = (id: string): string => id.toLowerCase();
