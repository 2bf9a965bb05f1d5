import { type Block, blocks, flag, text, texts } from "../block.ts";
import { safe, type World } from "../world.ts";
import { type Associations, configurationKey, NIC, POOL, PUBLIC_IP, SECURITY_GROUP, SUBNET } from "./associations.ts";
import { keyOf, linkOf } from "./ids.ts";
import { type Arm, armOf, ref, refs } from "./network.ts";

export type Ranges = (id: string | null) => string | null;

export function machine(block: Block, world: World): Arm {
  const primary = text(block, "primary_network_interface_id");
  return armOf(block, world, {
    networkProfile: {
      networkInterfaces: world.links(block, "network_interface_ids", NIC).map((id, index) => ({
        id,
        // The first one of the list is the primary: https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/resources/linux_virtual_machine
        properties: { primary: primary === null ? index === 0 : keyOf(primary) === keyOf(id) },
      })),
    },
    availabilitySet: ref(text(block, "availability_set_id")),
    virtualMachineScaleSet: ref(world.link(block, "virtual_machine_scale_set_id", SCALE_SETS)),
  });
}

export function nic(block: Block, world: World, associations: Associations, ranges: Ranges): Arm {
  const id = linkOf(block.instance, world);
  const key = keyOf(id);
  const machineId = associations.machineOf.get(key) ?? text(block, "virtual_machine_id");
  const configurations = blocks(block, "ip_configuration");
  return armOf(block, world, {
    macAddress: text(block, "mac_address"),
    enableIPForwarding: flag(block, "ip_forwarding_enabled") ?? flag(block, "enable_ip_forwarding"),
    virtualMachine: ref(machineId === "" ? null : machineId),
    networkSecurityGroup: ref(associations.nicSecurityGroupOf.get(key)),
    ipConfigurations: configurations.map((one, index) => {
      const name = text(one, "name") ?? `${index}`;
      const subnet = world.link(one, "subnet_id", SUBNET);
      return {
        id: `${id}/ipConfigurations/${name}`,
        name,
        properties: {
          primary: flag(one, "primary") ?? index === 0,
          privateIPAddress:
            world.address(one, "private_ip_address", { within: ranges(subnet) }) ??
            laterAddress(block, index, world, ranges(subnet)),
          privateIPAllocationMethod: text(one, "private_ip_address_allocation"),
          subnet: ref(subnet),
          publicIPAddress: ref(world.link(one, "public_ip_address_id", PUBLIC_IP)),
          loadBalancerBackendAddressPools: refs(associations.poolsOf.get(configurationKey(id, name)) ?? []),
          applicationSecurityGroups: refs(associations.applicationGroupsOf.get(key) ?? []),
          gatewayLoadBalancer: ref(text(one, "gateway_load_balancer_frontend_ip_configuration_id")),
        },
      };
    }),
  });
}

/** A dynamic address is given when the VM starts; until then the file shows none. */
const laterAddress = (block: Block, index: number, world: World, range: string | null): string =>
  world.standIns.within(block.instance, `ip_configuration.${index}`, range);

export const SCALE_SETS = [
  "azurerm_linux_virtual_machine_scale_set",
  "azurerm_windows_virtual_machine_scale_set",
  "azurerm_virtual_machine_scale_set",
  "azurerm_orchestrated_virtual_machine_scale_set",
] as const;

/** A set's VMs are not in the file. One stands for all: they differ in nothing that the set does not say. */
export function scaleSet(block: Block, world: World, ranges: Ranges): readonly Arm[] {
  const id = linkOf(block.instance, world);
  const isFlexible = block.instance.type === "azurerm_orchestrated_virtual_machine_scale_set";
  const profiles = [...blocks(block, "network_interface"), ...blocks(block, "network_profile")];
  const first = `${id}/virtualMachines/0`;
  return [
    armOf(block, world, { orchestrationMode: isFlexible ? "Flexible" : "Uniform" }),
    ...profiles.map((profile, index) => nicOfSet(profile, index, first, world, ranges)),
  ];
}

function nicOfSet(profile: Block, index: number, machineId: string, world: World, ranges: Ranges): Arm {
  const id = `${machineId}/networkInterfaces/${text(profile, "name") ?? index}`;
  const { instance } = profile;
  const forwarding = flag(profile, "enable_ip_forwarding") ?? flag(profile, "ip_forwarding_enabled");
  return {
    id,
    location: text(world.block(instance), "location"),
    properties: {
      primary: flag(profile, "primary") ?? index === 0,
      enableIPForwarding: forwarding ?? flag(profile, "ip_forwarding"),
      virtualMachine: ref(machineId),
      networkSecurityGroup: ref(world.link(profile, "network_security_group_id", SECURITY_GROUP)),
      ipConfigurations: blocks(profile, "ip_configuration").map((one, position) => {
        const subnet = world.link(one, "subnet_id", SUBNET);
        const name = text(one, "name") ?? `${position}`;
        const own = [...blocks(one, "public_ip_address"), ...blocks(one, "public_ip_address_configuration")];
        return {
          id: `${id}/ipConfigurations/${name}`,
          name,
          properties: {
            primary: flag(one, "primary") ?? position === 0,
            privateIPAddress: world.standIns.within(instance, `${index}.${position}`, ranges(subnet)),
            subnet: ref(subnet),
            // Each VM gets one of its own; which, only an export of the instances says.
            publicIPAddress: own.length === 0 ? null : ref(`${machineId}/publicIPAddresses/${safe(instance.address)}`),
            loadBalancerBackendAddressPools: refs(world.links(one, "load_balancer_backend_address_pool_ids", POOL)),
            loadBalancerInboundNatRules: refs(texts(one, "load_balancer_inbound_nat_rules_ids")),
          },
        };
      }),
    },
  };
}
