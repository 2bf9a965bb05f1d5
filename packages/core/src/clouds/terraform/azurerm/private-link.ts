import { type Block, blocks, flag, text, texts } from "../block.ts";
import type { World } from "../world.ts";
import { SUBNET } from "./associations.ts";
import { type Arm, armOf, ref } from "./network.ts";

export function privateEndpoint(block: Block, world: World): Arm {
  const connections = blocks(block, "private_service_connection");
  const connectionsOf = (manual: boolean) =>
    connections
      .filter((one) => (flag(one, "is_manual_connection") === true) === manual)
      .map((one) => ({
        properties: {
          privateLinkServiceId:
            world.link(one, "private_connection_resource_id", ["azurerm_private_link_service"]) ??
            text(one, "private_connection_resource_alias"),
        },
      }));
  return armOf(block, world, {
    subnet: ref(world.link(block, "subnet_id", SUBNET)),
    privateLinkServiceConnections: connectionsOf(false),
    manualPrivateLinkServiceConnections: connectionsOf(true),
    networkInterfaces: blocks(block, "network_interface").flatMap((one) => ref(text(one, "id")) ?? []),
    customDnsConfigs: blocks(block, "custom_dns_configs").map((one) => ({ ipAddresses: texts(one, "ip_addresses") })),
    ipConfigurations: [...connections, ...blocks(block, "ip_configuration")].flatMap((one) => {
      const address = text(one, "private_ip_address");
      return address === null ? [] : [{ properties: { privateIPAddress: address } }];
    }),
  });
}

export const privateLinkService = (block: Block, world: World): Arm =>
  armOf(block, world, {
    ipConfigurations: blocks(block, "nat_ip_configuration").map((one) => {
      const address = text(one, "private_ip_address");
      return {
        properties: {
          privateIPAddress: address ?? world.address(one, "private_ip_address", "private"),
          privateIPAllocationMethod: address === null ? "Dynamic" : "Static",
        },
      };
    }),
  });
