import type { Block } from "../block.ts";
import type { World } from "../world.ts";
import { keyOf } from "./ids.ts";

/** Resources that only join two others; in Azure's API the join is a member of one of them. */
export interface Associations {
  /** By the key of a subnet. */
  readonly natGatewayOf: ReadonlyMap<string, string>;
  readonly routeTableOf: ReadonlyMap<string, string>;
  readonly securityGroupOf: ReadonlyMap<string, string>;
  /** By the key of a NAT gateway. */
  readonly subnetsOf: ReadonlyMap<string, readonly string[]>;
  readonly publicIpsOf: ReadonlyMap<string, readonly string[]>;
  readonly prefixesOf: ReadonlyMap<string, readonly string[]>;
  /** By the key of a NIC and the name of its configuration. */
  readonly poolsOf: ReadonlyMap<string, readonly string[]>;
  /** By the key of a NIC. */
  readonly nicSecurityGroupOf: ReadonlyMap<string, string>;
  readonly applicationGroupsOf: ReadonlyMap<string, readonly string[]>;
  readonly machineOf: ReadonlyMap<string, string>;
}

export const MACHINES = [
  "azurerm_linux_virtual_machine",
  "azurerm_windows_virtual_machine",
  "azurerm_virtual_machine",
] as const;
export const SUBNET = ["azurerm_subnet"];
export const NIC = ["azurerm_network_interface"];
export const PUBLIC_IP = ["azurerm_public_ip"];
export const PREFIX = ["azurerm_public_ip_prefix"];
export const NAT = ["azurerm_nat_gateway"];
export const ROUTE_TABLE = ["azurerm_route_table"];
export const SECURITY_GROUP = ["azurerm_network_security_group"];
export const APPLICATION_GROUP = ["azurerm_application_security_group"];
export const POOL = ["azurerm_lb_backend_address_pool"];

export function associationsIn(world: World, linkOf: (block: Block) => string): Associations {
  const subnetNat = pairs(
    world,
    "azurerm_subnet_nat_gateway_association",
    ["subnet_id", SUBNET],
    ["nat_gateway_id", NAT],
  );
  const machines = world
    .ofType(...MACHINES)
    .flatMap((vm) => world.links(vm, "network_interface_ids", NIC).map((nic) => [nic, linkOf(vm)] as const));
  return {
    natGatewayOf: single(subnetNat),
    subnetsOf: grouped(subnetNat.map(([subnet, nat]) => [nat, subnet])),
    routeTableOf: single(
      pairs(world, "azurerm_subnet_route_table_association", ["subnet_id", SUBNET], ["route_table_id", ROUTE_TABLE]),
    ),
    securityGroupOf: single(
      pairs(
        world,
        "azurerm_subnet_network_security_group_association",
        ["subnet_id", SUBNET],
        ["network_security_group_id", SECURITY_GROUP],
      ),
    ),
    publicIpsOf: grouped(
      pairs(
        world,
        "azurerm_nat_gateway_public_ip_association",
        ["nat_gateway_id", NAT],
        ["public_ip_address_id", PUBLIC_IP],
      ),
    ),
    prefixesOf: grouped(
      pairs(
        world,
        "azurerm_nat_gateway_public_ip_prefix_association",
        ["nat_gateway_id", NAT],
        ["public_ip_prefix_id", PREFIX],
      ),
    ),
    poolsOf: grouped(
      world.ofType("azurerm_network_interface_backend_address_pool_association").flatMap((block) => {
        const nic = world.link(block, "network_interface_id", NIC);
        const pool = world.link(block, "backend_address_pool_id", POOL);
        const configuration = world.needed(block, "ip_configuration_name");
        return nic === null || pool === null || configuration === null
          ? []
          : [[configurationKey(nic, configuration), pool] as const];
      }),
    ),
    nicSecurityGroupOf: single(
      pairs(
        world,
        "azurerm_network_interface_security_group_association",
        ["network_interface_id", NIC],
        ["network_security_group_id", SECURITY_GROUP],
      ),
    ),
    applicationGroupsOf: grouped(
      pairs(
        world,
        "azurerm_network_interface_application_security_group_association",
        ["network_interface_id", NIC],
        ["application_security_group_id", APPLICATION_GROUP],
      ),
    ),
    machineOf: single(machines),
  };
}

export const configurationKey = (nic: string, configuration: string): string =>
  `${keyOf(nic)}/ipconfigurations/${configuration.toLowerCase()}`;

type Pair = readonly [from: string, to: string];
type Side = readonly [member: string, types: readonly string[]];

function pairs(world: World, type: string, [from, fromTypes]: Side, [to, toTypes]: Side): readonly Pair[] {
  return world.ofType(type).flatMap((block) => {
    const left = world.link(block, from, fromTypes);
    const right = world.link(block, to, toTypes);
    return left === null || right === null ? [] : [[left, right] as const];
  });
}

const single = (all: readonly Pair[]): ReadonlyMap<string, string> =>
  new Map(all.map(([from, to]) => [keyOf(from), to]));

function grouped(all: readonly Pair[]): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>();
  for (const [from, to] of all) {
    const known = groups.get(keyOf(from));
    if (known === undefined) groups.set(keyOf(from), [to]);
    else known.push(to);
  }
  return groups;
}
