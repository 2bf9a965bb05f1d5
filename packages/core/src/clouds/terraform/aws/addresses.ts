import { type Block, blocks, isLater, text, texts } from "../block.ts";
import type { World } from "../world.ts";
import { type Api, byLink, EIP, INSTANCE, INTERFACE, linkOf, SUBNET, tagsOf, VPC } from "./ids.ts";
import { primaryInterfaceOf } from "./route-tables.ts";

/** The public address of an Elastic IP, or a stand-in while it has none. */
export const publicIpOf = (block: Block, world: World): string | null =>
  isLater(block, "public_ip") ? world.standIns.of(block.instance, "address") : text(block, "public_ip");

/** An Elastic IP on an interface; `privateIp` null: on its primary address. */
export interface Bound {
  readonly eip: Block;
  readonly privateIp: string | null;
}

/** By the id of the interface. */
export type Bindings = ReadonlyMap<string, readonly Bound[]>;

/** Which interfaces have which Elastic IPs: said by the address itself, or by an association. */
export function bindingsIn(world: World, interfaceOf: (instance: string) => string): Bindings {
  const eips = byLink(world, EIP);
  const bindings = new Map<string, Bound[]>();
  const bind = (eip: Block, at: Block, privateIp: string | null): void => {
    const on = interfaceIn(at, world, interfaceOf);
    if (on === null) return;
    const all = bindings.get(on) ?? [];
    if (!all.some((one) => one.eip === eip)) bindings.set(on, [...all, { eip, privateIp }]);
  };
  for (const block of world.ofType("aws_eip_association")) {
    const eip = eips.get(world.link(block, "allocation_id", EIP) ?? "") ?? byAddress(eips, text(block, "public_ip"));
    if (eip !== undefined) bind(eip, block, text(block, "private_ip_address"));
  }
  for (const eip of eips.values()) bind(eip, eip, text(eip, "associate_with_private_ip") ?? text(eip, "private_ip"));
  return bindings;
}

const byAddress = (eips: ReadonlyMap<string, Block>, address: string | null): Block | undefined =>
  address === null ? undefined : [...eips.values()].find((one) => text(one, "public_ip") === address);

/** `network_interface` on the address, `network_interface_id` on the association. */
function interfaceIn(block: Block, world: World, interfaceOf: (instance: string) => string): string | null {
  const named = ["network_interface", "network_interface_id"].map((member) => world.link(block, member, INTERFACE));
  const instances = ["instance", "instance_id"].map((member) => world.link(block, member, INSTANCE));
  const [own] = named.filter((one) => one !== null);
  const [instance] = instances.filter((one) => one !== null);
  return own ?? (instance === undefined ? null : interfaceOf(instance));
}

export const eipList = (world: World, bindings: Bindings): readonly Api[] => {
  const on = new Map([...bindings].flatMap(([id, all]) => all.map(({ eip, privateIp }) => [eip, { id, privateIp }])));
  return [...byLink(world, EIP)].map(([link, block]) => ({
    AllocationId: link,
    PublicIp: publicIpOf(block, world),
    NetworkInterfaceId: on.get(block)?.id ?? text(block, "network_interface"),
    PrivateIpAddress: on.get(block)?.privateIp ?? text(block, "private_ip"),
    AssociationId: text(block, "association_id"),
    PublicIpv4Pool: text(block, "public_ipv4_pool"),
    Tags: tagsOf(block),
  }));
};

/** The range of a subnet, for addresses that will be taken from it. */
export function rangesIn(world: World): (subnet: string | null) => string | null {
  const subnets = byLink(world, SUBNET);
  return (subnet) => {
    const block = subnet === null ? undefined : subnets.get(subnet);
    return block === undefined ? null : text(block, "cidr_block");
  };
}

export function vpcOfSubnetIn(world: World): (subnet: string | null) => string | null {
  const subnets = byLink(world, SUBNET);
  return (subnet) => {
    const block = subnet === null ? undefined : subnets.get(subnet);
    return block === undefined ? null : world.link(block, "vpc_id", VPC);
  };
}

/**
 * NAT gateways. The public address is that of the allocation, so that a gateway which is replaced and keeps its
 * allocation is seen with the same address.
 */
export function natGateways(world: World): readonly Api[] {
  const eips = byLink(world, EIP);
  const ranges = rangesIn(world);
  const vpcOf = vpcOfSubnetIn(world);
  return [...byLink(world, ["aws_nat_gateway"])].map(([link, block]) => {
    if (text(block, "availability_mode") === "regional") return regionalGateway(world, link, block, eips);
    const subnet = world.link(block, "subnet_id", SUBNET);
    const isPrivate = text(block, "connectivity_type") === "private";
    const first = world.link(block, "allocation_id", EIP);
    const privateIp =
      world.address(block, "private_ip", { within: ranges(subnet) }) ?? laterPrivate(block, world, ranges(subnet));
    const more = world.links(block, "secondary_allocation_ids", EIP);
    const morePrivate = texts(block, "secondary_private_ip_addresses");
    const publicOf = (allocation: string, own: string | null): string | null => {
      const eip = eips.get(allocation);
      return eip === undefined ? (own ?? world.standIns.of(block.instance, allocation)) : publicIpOf(eip, world);
    };
    return {
      NatGatewayId: link,
      State: "available",
      SubnetId: subnet,
      VpcId: vpcOf(subnet),
      ConnectivityType: isPrivate ? "private" : "public",
      AvailabilityMode: text(block, "availability_mode"),
      NatGatewayAddresses: [
        {
          AllocationId: first,
          PublicIp: isPrivate || first === null ? null : publicOf(first, text(block, "public_ip")),
          PrivateIp: privateIp,
          IsPrimary: true,
          Status: "succeeded",
        },
        ...more.map((AllocationId, index) => ({
          AllocationId,
          PublicIp: publicOf(AllocationId, null),
          PrivateIp: morePrivate[index] ?? null,
          IsPrimary: false,
          Status: "succeeded",
        })),
        ...(isPrivate ? morePrivate.map((PrivateIp) => ({ PrivateIp, IsPrimary: false, Status: "succeeded" })) : []),
      ],
      Tags: tagsOf(block),
    };
  });
}

/**
 * In manual mode the configuration names the allocations of each zone; in automatic mode only what exists tells them.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/nat_gateway (availability_zone_address, regional_nat_gateway_address)
 */
function regionalGateway(world: World, link: string, block: Block, eips: ReadonlyMap<string, Block>): Api {
  const zoneOf = (one: Block): Api => ({
    AvailabilityZone: text(one, "availability_zone"),
    AvailabilityZoneId: text(one, "availability_zone_id"),
    Status: "succeeded",
  });
  const written = blocks(block, "availability_zone_address").flatMap((zone) =>
    world.links(zone, "allocation_ids", EIP).map((AllocationId) => {
      const eip = eips.get(AllocationId);
      const PublicIp = eip === undefined ? world.standIns.of(block.instance, AllocationId) : publicIpOf(eip, world);
      return { AllocationId, PublicIp, ...zoneOf(zone) };
    }),
  );
  const existing = blocks(block, "regional_nat_gateway_address").map((one) => ({
    ...{ AllocationId: text(one, "allocation_id"), PublicIp: text(one, "public_ip") },
    ...zoneOf(one),
  }));
  return {
    NatGatewayId: link,
    State: "available",
    VpcId: world.link(block, "vpc_id", VPC),
    ConnectivityType: "public",
    AvailabilityMode: "regional",
    AutoScalingIps: text(block, "auto_scaling_ips"),
    AutoProvisionZones: text(block, "auto_provision_zones"),
    RouteTableId: text(block, "route_table_id"),
    NatGatewayAddresses: written.length > 0 ? written : existing,
    Tags: tagsOf(block),
  };
}

const laterPrivate = (block: Block, world: World, range: string | null): string =>
  world.standIns.within(block.instance, "private_ip", range);

/** The id of an instance's first interface: as it is, as the block names it, or a stand-in. */
export function primaryInterfacesIn(world: World): (instance: string) => string {
  const known = new Map(
    world.ofType(...INSTANCE).map((block) => {
      const link = linkOf(block.instance, world);
      return [
        link,
        text(block, "primary_network_interface_id") ?? namedInterface(block, world) ?? primaryInterfaceOf(link),
      ];
    }),
  );
  return (instance) => known.get(instance) ?? primaryInterfaceOf(instance);
}

function namedInterface(block: Block, world: World): string | null {
  const all = [...blocks(block, "primary_network_interface"), ...blocks(block, "network_interface")];
  const first = all.find((one) => one.values["device_index"] === 0) ?? all[0];
  return first === undefined ? null : world.link(first, "network_interface_id", INTERFACE);
}
