import { type Block, blocks, isLater, text, texts } from "../block.ts";
import { routesElsewhere } from "../read/problems.ts";
import { safe, type World } from "../world.ts";
import { type Api, byLink, groupBy, linkOf, SUBNET, TABLE, tagsOf, VPC } from "./ids.ts";
import type { VpcRanges } from "./network.ts";

/** Route tables with what Terraform keeps apart: routes, associations, and which one is a VPC's main table. */
export function routeTables(world: World, ranges: ReadonlyMap<string, VpcRanges>): readonly Api[] {
  const mains = mainTables(world);
  const tableOf = (block: Block): string | null => {
    const link = world.link(block, "route_table_id", [...TABLE, ...VPC]);
    // `aws_vpc.main.main_route_table_id` leads to the VPC.
    return link === null ? null : (mains.get(link) ?? link);
  };
  const given: Given = {
    world,
    ranges,
    mains,
    routes: groupBy(world.ofType("aws_route"), tableOf),
    associations: groupBy(world.ofType("aws_route_table_association"), tableOf),
    endpoints: endpointRoutes(world),
    propagated: groupBy(world.ofType("aws_vpn_gateway_route_propagation"), tableOf),
  };
  const written = [...byLink(world, TABLE)].map(([link, block]) => tableFrom(given, link, block));
  const known = new Set(written.map(({ RouteTableId }) => RouteTableId));
  const unwritten = [...mains].flatMap(([vpc, table]) => (known.has(table) ? [] : [freshTable(given, vpc, table)]));
  return [...written, ...unwritten];
}

interface Given {
  readonly world: World;
  readonly ranges: ReadonlyMap<string, VpcRanges>;
  /** By the id of the VPC. */
  readonly mains: ReadonlyMap<string, string>;
  readonly routes: ReadonlyMap<string, readonly Block[]>;
  readonly associations: ReadonlyMap<string, readonly Block[]>;
  readonly endpoints: ReadonlyMap<string, readonly Api[]>;
  readonly propagated: ReadonlyMap<string, readonly Block[]>;
}

/** A VPC is made with a main table, until another one is made its main table. */
function mainTables(world: World): ReadonlyMap<string, string> {
  const mains = new Map<string, string>();
  for (const [link, block] of byLink(world, VPC)) {
    const known = text(block, "main_route_table_id");
    const adopted = world
      .ofType("aws_default_route_table")
      .find((one) => [link, known].includes(world.link(one, "default_route_table_id", VPC)));
    const standIn = `rtb-${safe(block.instance.address)}.main`;
    mains.set(link, known ?? (adopted === undefined ? standIn : linkOf(adopted.instance, world)));
  }
  for (const block of world.ofType("aws_main_route_table_association")) {
    const vpc = world.link(block, "vpc_id", VPC);
    const table = world.link(block, "route_table_id", TABLE);
    if (vpc !== null && table !== null) mains.set(vpc, table);
  }
  return mains;
}

function tableFrom(given: Given, link: string, block: Block): Api {
  const { world } = given;
  const vpc = vpcOf(given, link, block);
  const inline = blocks(block, "route").map((one) => route(one, world, "cidr_block", "ipv6_cidr_block"));
  if (texts(block, "propagating_vgws").length > 0) world.problems.push(routesElsewhere(block.instance));
  return { ...tableOf(given, vpc, link, inline), Tags: tagsOf(block) };
}

/** `aws_default_route_table` names no VPC until it exists. */
const vpcOf = ({ world, mains }: Given, link: string, block: Block): string | null =>
  text(block, "vpc_id") ??
  (block.instance.type === "aws_default_route_table"
    ? ([...mains].find(([, table]) => table === link)?.[0] ?? null)
    : world.link(block, "vpc_id", VPC));

/** Nobody has written anything into it: https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html */
const freshTable = (given: Given, vpc: string, table: string): Api => ({
  ...tableOf(given, vpc, table, []),
  Tags: [{ Key: "Name", Value: `main table of ${vpc}` }],
});

function tableOf(given: Given, vpc: string | null, table: string, inline: readonly Api[]): Api {
  const { world, ranges, mains } = given;
  for (const { instance } of given.propagated.get(table) ?? []) world.problems.push(routesElsewhere(instance));
  const single = (given.routes.get(table) ?? []).map((one) =>
    route(one, world, "destination_cidr_block", "destination_ipv6_cidr_block"),
  );
  const own = vpc === null ? undefined : ranges.get(vpc);
  const local = [
    ...(own?.v4 ?? []).map((DestinationCidrBlock) => ({ DestinationCidrBlock, ...LOCAL })),
    ...(own?.v6 ?? []).map((DestinationIpv6CidrBlock) => ({ DestinationIpv6CidrBlock, ...LOCAL })),
  ];
  const isMain = vpc !== null && mains.get(vpc) === table;
  return {
    RouteTableId: table,
    VpcId: vpc,
    Associations: [
      ...(isMain ? [{ Main: true, ...ASSOCIATED }] : []),
      ...(given.associations.get(table) ?? []).map((one) => ({
        Main: false,
        SubnetId: world.link(one, "subnet_id", SUBNET),
        GatewayId: world.link(one, "gateway_id", GATEWAYS),
        ...ASSOCIATED,
      })),
    ],
    Routes: withoutRepetition([...single, ...inline, ...local, ...(given.endpoints.get(table) ?? [])]),
  };
}

const LOCAL = { GatewayId: "local", State: "active", Origin: "CreateRouteTable" } as const;
const ASSOCIATED = { AssociationState: { State: "associated" } } as const;
const GATEWAYS = ["aws_internet_gateway", "aws_vpn_gateway"];

/** A table's own list repeats the routes that are resources of their own; local ones may be written out. */
const withoutRepetition = (routes: readonly Api[]): readonly Api[] => [
  ...new Map(
    [...routes]
      .reverse()
      .map((one) => [
        `${one["DestinationCidrBlock"] ?? ""}|${one["DestinationIpv6CidrBlock"] ?? ""}|${one["DestinationPrefixListId"] ?? ""}`,
        one,
      ]),
  ).values(),
];

function route(block: Block, world: World, v4: string, v6: string): Api {
  const interfaces = ["aws_network_interface"];
  return {
    DestinationCidrBlock: text(block, v4),
    DestinationIpv6CidrBlock: text(block, v6),
    DestinationPrefixListId: world.link(block, "destination_prefix_list_id", ["aws_ec2_managed_prefix_list"]),
    GatewayId: world.link(block, "gateway_id", GATEWAYS) ?? world.link(block, "vpc_endpoint_id", ["aws_vpc_endpoint"]),
    NatGatewayId: world.link(block, "nat_gateway_id", ["aws_nat_gateway"]),
    InstanceId: text(block, "instance_id"),
    NetworkInterfaceId: interfaceOf(block, world, interfaces),
    TransitGatewayId: world.link(block, "transit_gateway_id", ["aws_ec2_transit_gateway"]),
    VpcPeeringConnectionId: world.link(block, "vpc_peering_connection_id", ["aws_vpc_peering_connection"]),
    EgressOnlyInternetGatewayId: world.link(block, "egress_only_gateway_id", ["aws_egress_only_internet_gateway"]),
    LocalGatewayId: text(block, "local_gateway_id"),
    CarrierGatewayId: text(block, "carrier_gateway_id"),
    CoreNetworkArn: text(block, "core_network_arn"),
    State: text(block, "state") ?? "active",
    Origin: "CreateRoute",
  };
}

/** `aws_instance.nat.primary_network_interface_id` leads to the instance, whose first interface has a name of its own. */
function interfaceOf(block: Block, world: World, types: readonly string[]): string | null {
  if (!isLater(block, "network_interface_id")) return text(block, "network_interface_id");
  const link = world.link(block, "network_interface_id", [...types, "aws_instance"]);
  return link?.startsWith("i-") ? primaryInterfaceOf(link) : link;
}

export const primaryInterfaceOf = (instance: string): string => instance.replace(/^i-/, "eni-");

/** A gateway endpoint writes its own route into the tables that it names. */
function endpointRoutes(world: World): ReadonlyMap<string, readonly Api[]> {
  const routes = new Map<string, Api[]>();
  const add = (endpoint: Block, table: string): void => {
    const one = {
      DestinationPrefixListId: text(endpoint, "prefix_list_id") ?? `pl-${safe(endpoint.instance.address)}`,
      GatewayId: linkOf(endpoint.instance, world),
      State: "active",
      Origin: "CreateRoute",
    };
    routes.set(table, [...(routes.get(table) ?? []), one]);
  };
  const all = byLink(world, ["aws_vpc_endpoint"]);
  for (const endpoint of all.values())
    for (const table of world.links(endpoint, "route_table_ids", TABLE)) add(endpoint, table);
  for (const block of world.ofType("aws_vpc_endpoint_route_table_association")) {
    const endpoint = all.get(world.link(block, "vpc_endpoint_id", ["aws_vpc_endpoint"]) ?? "");
    const table = world.link(block, "route_table_id", TABLE);
    if (endpoint !== undefined && table !== null) add(endpoint, table);
  }
  return routes;
}
