import { type Block, blocks, flag, text, texts } from "../block.ts";
import type { World } from "../world.ts";
import { POOL, PREFIX, PUBLIC_IP, SUBNET } from "./associations.ts";
import type { Ranges } from "./hosts.ts";
import { keyOf, linkOf } from "./ids.ts";
import { type Arm, armOf, grouped, ref, refs } from "./network.ts";

/** Pools and rules are resources of their own in Terraform, and part of the load balancer in the API. */
export function loadBalancers(world: World, ranges: Ranges): readonly Arm[] {
  const pools = grouped(world, "azurerm_lb_backend_address_pool");
  const rules = grouped(world, "azurerm_lb_rule");
  const outbound = grouped(world, "azurerm_lb_outbound_rule");
  const members = poolMembers(world);
  return world.ofType("azurerm_lb").map((block) => {
    const id = linkOf(block.instance, world);
    const key = keyOf(id);
    return armOf(
      block,
      world,
      {
        frontendIPConfigurations: blocks(block, "frontend_ip_configuration").map((one) =>
          frontend(one, id, world, ranges),
        ),
        backendAddressPools: (pools.get(key) ?? []).map((one) => pool(one, world, members)),
        loadBalancingRules: (rules.get(key) ?? []).map((one) => balancingRule(one, id, world)),
        outboundRules: (outbound.get(key) ?? []).map((one) => outboundRule(one, id, world)),
      },
      { sku: { name: text(block, "sku"), tier: text(block, "sku_tier") } },
    );
  });
}

const frontendId = (balancer: string, name: string): string => `${balancer}/frontendIPConfigurations/${name}`;

const frontend = (block: Block, balancer: string, world: World, ranges: Ranges): Arm => ({
  id: frontendId(balancer, text(block, "name") ?? "?"),
  name: text(block, "name"),
  properties: {
    privateIPAddress: privateAddress(block, world, ranges),
    subnet: ref(world.link(block, "subnet_id", SUBNET)),
    publicIPAddress: ref(world.link(block, "public_ip_address_id", PUBLIC_IP)),
    publicIPPrefix: ref(world.link(block, "public_ip_prefix_id", PREFIX)),
    gatewayLoadBalancer: ref(text(block, "gateway_load_balancer_frontend_ip_configuration_id")),
  },
});

/** A public frontend has none, and its provider says so only after apply. */
function privateAddress(block: Block, world: World, ranges: Ranges): string | null {
  const subnet = world.link(block, "subnet_id", SUBNET);
  return subnet === null ? null : world.address(block, "private_ip_address", { within: ranges(subnet), isHop: true });
}

function poolMembers(world: World): ReadonlyMap<string, readonly Block[]> {
  const members = new Map<string, Block[]>();
  for (const block of world.ofType("azurerm_lb_backend_address_pool_address")) {
    const key = keyOf(world.link(block, "backend_address_pool_id", POOL) ?? "");
    members.set(key, [...(members.get(key) ?? []), block]);
  }
  return members;
}

function pool(block: Block, world: World, members: ReadonlyMap<string, readonly Block[]>): Arm {
  const id = linkOf(block.instance, world);
  return {
    id,
    name: text(block, "name"),
    properties: {
      virtualNetwork: ref(world.link(block, "virtual_network_id", ["azurerm_virtual_network"])),
      backendIPConfigurations: refs(texts(block, "backend_ip_configurations")),
      loadBalancerBackendAddresses: (members.get(keyOf(id)) ?? []).map((one) => ({
        name: text(one, "name"),
        properties: {
          ipAddress: world.address(one, "ip_address", "private"),
          virtualNetwork: ref(world.link(one, "virtual_network_id", ["azurerm_virtual_network"])),
        },
      })),
    },
  };
}

function balancingRule(block: Block, balancer: string, world: World): Arm {
  const name = text(block, "frontend_ip_configuration_name");
  return {
    id: linkOf(block.instance, world),
    name: text(block, "name"),
    properties: {
      frontendIPConfiguration: ref(
        name === null ? text(block, "frontend_ip_configuration_id") : frontendId(balancer, name),
      ),
      backendAddressPools: refs(poolsOf(block, world)),
      protocol: text(block, "protocol"),
      disableOutboundSnat: flag(block, "disable_outbound_snat"),
    },
  };
}

/** A list since version 3 of the provider; one before. */
function poolsOf(block: Block, world: World): readonly string[] {
  const many = world.links(block, "backend_address_pool_ids", POOL);
  const one = world.link(block, "backend_address_pool_id", POOL);
  return many.length > 0 || one === null ? many : [one];
}

const outboundRule = (block: Block, balancer: string, world: World): Arm => ({
  id: linkOf(block.instance, world),
  name: text(block, "name"),
  properties: {
    frontendIPConfigurations: blocks(block, "frontend_ip_configuration").map((one) => ({
      id: text(one, "id") ?? frontendId(balancer, text(one, "name") ?? "?"),
    })),
    backendAddressPool: ref(world.link(block, "backend_address_pool_id", POOL)),
    protocol: text(block, "protocol"),
  },
});
