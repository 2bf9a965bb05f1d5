import { type Block, text } from "../block.ts";
import type { Instance } from "../read/instance.ts";
import { safe, type World } from "../world.ts";

/** How AWS begins the ids of each type; a stand-in begins alike, since a route tells its target by it. */
const PREFIXES: Readonly<Record<string, string>> = {
  aws_vpc: "vpc",
  aws_default_vpc: "vpc",
  aws_subnet: "subnet",
  aws_default_subnet: "subnet",
  aws_internet_gateway: "igw",
  aws_egress_only_internet_gateway: "eigw",
  aws_nat_gateway: "nat",
  aws_eip: "eipalloc",
  aws_route_table: "rtb",
  aws_default_route_table: "rtb",
  aws_instance: "i",
  aws_network_interface: "eni",
  aws_ec2_managed_prefix_list: "pl",
  aws_vpc_peering_connection: "pcx",
  aws_ec2_transit_gateway: "tgw",
  aws_ec2_transit_gateway_vpc_attachment: "tgw-attach",
  aws_ec2_transit_gateway_peering_attachment: "tgw-attach",
  aws_ec2_transit_gateway_route_table: "tgw-rtb",
  aws_vpc_endpoint: "vpce",
  aws_vpn_gateway: "vgw",
  aws_vpn_connection: "vpn",
  aws_security_group: "sg",
  aws_default_security_group: "sg",
};

/** A resource's id; one that has none yet gets a stable stand-in made from its address. */
export function linkOf(one: Instance, world: World): string {
  const block = world.block(one);
  return text(block, "id") ?? `${PREFIXES[one.type] ?? "aws"}-${safe(one.address)}`;
}

export const VPC = ["aws_vpc", "aws_default_vpc"];
export const SUBNET = ["aws_subnet", "aws_default_subnet"];
export const EIP = ["aws_eip"];
export const TABLE = ["aws_route_table", "aws_default_route_table"];
export const INSTANCE = ["aws_instance"];
export const INTERFACE = ["aws_network_interface"];

export type Api = Readonly<Record<string, unknown>>;

export function tagsOf(block: Block): readonly Api[] {
  const tags = block.values["tags_all"] ?? block.values["tags"];
  const name = typeof tags === "object" && tags !== null ? (tags as { readonly Name?: unknown }).Name : undefined;
  // A resource without a name is known by its address.
  const value = typeof name === "string" ? name : block.instance.address;
  return [{ Key: "Name", Value: value }];
}

/** Blocks by the link of each. */
export const byLink = (world: World, types: readonly string[]): ReadonlyMap<string, Block> =>
  new Map(world.ofType(...types).map((block) => [linkOf(block.instance, world), block]));

export function groupBy<T>(
  values: readonly T[],
  keyOf: (value: T) => string | null,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const value of values) {
    const key = keyOf(value);
    if (key === null) continue;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [value]);
    else known.push(value);
  }
  return groups;
}
