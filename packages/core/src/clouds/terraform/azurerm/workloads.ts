import { groupBy } from "../../group-by.ts";
import { type Block, blocks, flag, isOpen, text, texts } from "../block.ts";
import type { World } from "../world.ts";
import { PUBLIC_IP, SUBNET } from "./associations.ts";
import { keyOf, linkOf } from "./ids.ts";
import { type Arm, armOf, ref, refs } from "./network.ts";

// What is no machine of its own, in the shapes of Azure Resource Manager.
// https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs

const CLUSTER = ["azurerm_kubernetes_cluster"];
const PLAN = ["azurerm_service_plan"];
const ENVIRONMENT = ["azurerm_app_service_environment_v3"];
const APP_ENVIRONMENT = ["azurerm_container_app_environment"];
const SITES = [
  "azurerm_linux_web_app",
  "azurerm_windows_web_app",
  "azurerm_linux_function_app",
  "azurerm_windows_function_app",
] as const;

export function workloads(world: World): readonly Arm[] {
  const pools = groupBy(world.ofType("azurerm_kubernetes_cluster_node_pool"), (block) =>
    keyOf(world.link(block, "kubernetes_cluster_id", CLUSTER) ?? ""),
  );
  const integrations = integrationsIn(world);
  const each = (type: string, one: (block: Block, world: World) => Arm): readonly Arm[] =>
    world.ofType(type).map((block) => one(block, world));
  return [
    ...each("azurerm_kubernetes_cluster", (block) => cluster(block, world, pools)),
    ...SITES.flatMap((type) => each(type, (block) => site(block, world, integrations))),
    ...each("azurerm_service_plan", plan),
    ...each("azurerm_app_service_environment_v3", environment),
    ...each("azurerm_container_app_environment", appEnvironment),
    ...each("azurerm_container_app", app),
    ...each("azurerm_container_group", containerGroup),
    ...each("azurerm_mssql_managed_instance", (block) =>
      armOf(block, world, { subnetId: world.link(block, "subnet_id", SUBNET) }),
    ),
  ];
}

function cluster(block: Block, world: World, pools: ReadonlyMap<string, readonly Block[]>): Arm {
  const [network] = blocks(block, "network_profile");
  const own = pools.get(keyOf(linkOf(block.instance, world))) ?? [];
  return armOf(block, world, {
    nodeResourceGroup: text(block, "node_resource_group"),
    agentPoolProfiles: [...blocks(block, "default_node_pool"), ...own].map((pool) => ({
      name: text(pool, "name") ?? "",
      mode: text(pool, "mode"),
      vnetSubnetID: world.link(pool, "vnet_subnet_id", SUBNET),
      podSubnetID: world.link(pool, "pod_subnet_id", SUBNET),
      enableNodePublicIP: flag(pool, "node_public_ip_enabled") ?? flag(pool, "enable_node_public_ip"),
    })),
    networkProfile: {
      outboundType: network === undefined ? null : text(network, "outbound_type"),
      networkPlugin: network === undefined ? null : text(network, "network_plugin"),
      networkPluginMode: network === undefined ? null : text(network, "network_plugin_mode"),
      loadBalancerProfile: outboundIps(network, "load_balancer_profile", world),
      natGatewayProfile: outboundIps(network, "nat_gateway_profile", world),
    },
  });
}

/** What it has; before it has any, those that the configuration gives it by name. */
function outboundIps(network: Block | undefined, member: string, world: World): Arm | null {
  const [profile] = network === undefined ? [] : blocks(network, member);
  if (profile === undefined) return null;
  const effective = texts(profile, "effective_outbound_ips");
  const given = world.links(profile, "outbound_ip_address_ids", PUBLIC_IP);
  const ids = effective.length > 0 ? effective : given;
  return { effectiveOutboundIPs: ids.length > 0 ? refs(ids) : null };
}

/** By the key of the app, where a resource of its own joins it to a subnet. */
const integrationsIn = (world: World): ReadonlyMap<string, string> =>
  new Map(
    world.ofType("azurerm_app_service_virtual_network_swift_connection").flatMap((block) => {
      const on = world.link(block, "app_service_id", SITES);
      const subnet = world.link(block, "subnet_id", SUBNET);
      return on === null || subnet === null ? [] : [[keyOf(on), subnet] as const];
    }),
  );

function site(block: Block, world: World, integrations: ReadonlyMap<string, string>): Arm {
  const [config] = blocks(block, "site_config");
  const isFunction = block.instance.type.endsWith("function_app");
  return armOf(
    block,
    world,
    {
      serverFarmId: world.link(block, "service_plan_id", PLAN),
      // The newest lists are what may be seen at any time; none of them is known before the app is.
      outboundIpAddresses: addresses(block, "outbound_ip_addresses"),
      possibleOutboundIpAddresses: addresses(block, "possible_outbound_ip_addresses"),
      virtualNetworkSubnetId:
        world.link(block, "virtual_network_subnet_id", SUBNET) ??
        integrations.get(keyOf(linkOf(block.instance, world))) ??
        null,
      siteConfig: { vnetRouteAllEnabled: config === undefined ? null : flag(config, "vnet_route_all_enabled") },
    },
    { kind: isFunction ? "functionapp" : "app" },
  );
}

const addresses = (block: Block, member: string): string | null => (isOpen(block, member) ? null : text(block, member));

/** `P1v3`, `EP1`, `Y1`: the size names its tier. */
const plan = (block: Block, world: World): Arm =>
  armOf(
    block,
    world,
    { hostingEnvironmentProfile: ref(world.link(block, "app_service_environment_id", ENVIRONMENT)) },
    { sku: { name: text(block, "sku_name"), tier: tierOf(text(block, "sku_name") ?? "") } },
  );

/** https://learn.microsoft.com/azure/app-service/overview-hosting-plans */
const TIERS: readonly (readonly [sku: RegExp, tier: string])[] = [
  [/^I\d+m?v2$/i, "IsolatedV2"],
  [/^P\d+m?v4$/i, "PremiumV4"],
  [/^P\d+m?v3$/i, "PremiumV3"],
  [/^P\d+v2$/i, "PremiumV2"],
  [/^EP\d$/i, "ElasticPremium"],
  [/^FC\d$/i, "FlexConsumption"],
  [/^WS\d$/i, "WorkflowStandard"],
  [/^Y\d$/i, "Dynamic"],
  [/^S\d$/i, "Standard"],
  [/^B\d$/i, "Basic"],
  [/^F\d$/i, "Free"],
  [/^SHARED$|^D1$/i, "Shared"],
];

const tierOf = (sku: string): string | null => TIERS.find(([pattern]) => pattern.test(sku))?.[1] ?? null;

const environment = (block: Block, world: World): Arm =>
  armOf(block, world, { virtualNetwork: { id: world.link(block, "subnet_id", SUBNET) ?? "" } });

const appEnvironment = (block: Block, world: World): Arm =>
  armOf(block, world, {
    vnetConfiguration: { infrastructureSubnetId: world.link(block, "infrastructure_subnet_id", SUBNET) },
    workloadProfiles: blocks(block, "workload_profile").map((one) => ({ name: text(one, "name") })),
  });

const app = (block: Block, world: World): Arm =>
  armOf(block, world, {
    managedEnvironmentId: world.link(block, "container_app_environment_id", APP_ENVIRONMENT),
    outboundIpAddresses: texts(block, "outbound_ip_addresses"),
  });

const containerGroup = (block: Block, world: World): Arm =>
  armOf(block, world, {
    ipAddress: {
      ip: isOpen(block, "ip_address") ? null : text(block, "ip_address"),
      type: text(block, "ip_address_type"),
    },
    subnetIds: refs(world.links(block, "subnet_ids", SUBNET)),
  });
