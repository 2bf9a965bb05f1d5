import { type Block, flag, text } from "../block.ts";
import { peerElsewhere, routesElsewhere } from "../read/problems.ts";
import { safe, type World } from "../world.ts";
import { type Api, byLink, groupBy, SUBNET, tagsOf, VPC } from "./ids.ts";
import type { VpcRanges } from "./network.ts";

const GATEWAY = ["aws_ec2_transit_gateway"];
const TABLE = ["aws_ec2_transit_gateway_route_table"];
const VPC_ATTACHMENT = ["aws_ec2_transit_gateway_vpc_attachment"];
const ATTACHMENT = [...VPC_ATTACHMENT, "aws_ec2_transit_gateway_peering_attachment", "aws_vpn_connection"];

/** Transit gateways: each attachment asks one table, and the table holds routes written down and routes propagated. */
export function transit(world: World, ranges: ReadonlyMap<string, VpcRanges>): readonly Api[] {
  const gateways = byLink(world, GATEWAY);
  const attachments = [...byLink(world, VPC_ATTACHMENT)].map(([link, block]) =>
    attachmentOf(link, block, world, gateways),
  );
  if (gateways.size === 0 && attachments.length === 0) return [];
  for (const one of learning(world, gateways)) world.problems.push(routesElsewhere(one.instance));
  return [
    { TransitGateways: [...gateways].map(([TransitGatewayId, block]) => gatewayOf(TransitGatewayId, block)) },
    { TransitGatewayAttachments: attachments.map(({ described }) => described) },
    { TransitGatewayVpcAttachments: attachments.map(({ ofVpc }) => ofVpc) },
    ...routesOf(world, ranges, attachments, gateways),
  ];
}

/**
 * What brings routes by BGP into the gateway's default table, unless that is switched off.
 *
 * @see https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html
 */
const learning = (world: World, gateways: ReadonlyMap<string, Block>): readonly Block[] => [
  ...world
    .ofType("aws_vpn_connection")
    .filter(
      (one) => flag(one, "static_routes_only") !== true && propagates(world, one, "transit_gateway_id", gateways),
    ),
  ...world
    .ofType("aws_ec2_transit_gateway_connect")
    .filter(
      (one) =>
        flag(one, "transit_gateway_default_route_table_propagation") !== false &&
        propagates(world, one, "transit_gateway_id", gateways),
    ),
  ...world
    .ofType("aws_dx_gateway_association")
    .filter((one) => propagates(world, one, "associated_gateway_id", gateways)),
];

function propagates(world: World, one: Block, member: string, gateways: ReadonlyMap<string, Block>): boolean {
  const gateway = gateways.get(world.link(one, member, GATEWAY) ?? "");
  return gateway !== undefined && defaultTable(gateway, "propagation") !== null;
}

const gatewayOf = (TransitGatewayId: string, block: Block): Api => ({
  TransitGatewayId,
  TransitGatewayArn: text(block, "arn") ?? TransitGatewayId,
  State: "available",
  Tags: tagsOf(block),
});

interface Attachment {
  readonly id: string;
  readonly block: Block;
  readonly gateway: string | null;
  readonly vpc: string | null;
  readonly table: string | null;
  readonly described: Api;
  readonly ofVpc: Api;
}

function attachmentOf(id: string, block: Block, world: World, gateways: ReadonlyMap<string, Block>): Attachment {
  const gateway = world.link(block, "transit_gateway_id", GATEWAY);
  const vpc = world.link(block, "vpc_id", VPC);
  const table = tableOf(id, block, world, gateway === null ? undefined : gateways.get(gateway));
  const same = {
    TransitGatewayAttachmentId: id,
    TransitGatewayId: gateway,
    State: "available",
    Tags: tagsOf(block),
  };
  return {
    id,
    block,
    gateway,
    vpc,
    table,
    described: {
      ...same,
      ResourceType: "vpc",
      ResourceId: vpc,
      Association: table === null ? null : { TransitGatewayRouteTableId: table, State: "associated" },
    },
    ofVpc: {
      ...same,
      VpcId: vpc,
      SubnetIds: world.links(block, "subnet_ids", SUBNET),
      Options: { ApplianceModeSupport: text(block, "appliance_mode_support") },
    },
  };
}

/** The table it is associated with: written down, else the gateway's default one where both sides allow that. */
function tableOf(id: string, block: Block, world: World, gateway: Block | undefined): string | null {
  const [written] = world
    .ofType("aws_ec2_transit_gateway_route_table_association")
    .filter((one) => world.link(one, "transit_gateway_attachment_id", ATTACHMENT) === id)
    .map((one) => world.link(one, "transit_gateway_route_table_id", TABLE));
  if (written !== undefined) return written;
  return flag(block, "transit_gateway_default_route_table_association") === false
    ? null
    : defaultTable(gateway, "association");
}

/** One table serves both until somebody names another. */
function defaultTable(gateway: Block | undefined, use: "association" | "propagation"): string | null {
  if (gateway === undefined || text(gateway, `default_route_table_${use}`) === "disable") return null;
  return text(gateway, `${use}_default_route_table_id`) ?? `tgw-rtb-${safe(gateway.instance.address)}.default`;
}

function routesOf(
  world: World,
  ranges: ReadonlyMap<string, VpcRanges>,
  attachments: readonly Attachment[],
  gateways: ReadonlyMap<string, Block>,
): readonly Api[] {
  const tableLink = (one: Block): string | null =>
    world.link(one, "transit_gateway_route_table_id", [...TABLE, ...GATEWAY]);
  const written = groupBy(world.ofType("aws_ec2_transit_gateway_route"), (one) => {
    const link = tableLink(one);
    const gateway = link === null ? undefined : gateways.get(link);
    return gateway === undefined ? link : defaultTable(gateway, "association");
  });
  const propagations = groupBy(
    [...writtenPropagations(world, attachments, tableLink), ...defaultPropagations(attachments, gateways)],
    ({ table }) => table,
  );
  const tables = new Set([
    ...byLink(world, TABLE).keys(),
    ...attachments.flatMap(({ table }) => table ?? []),
    ...written.keys(),
    ...propagations.keys(),
  ]);
  return [...tables].map((table) => ({
    TransitGatewayRouteTableId: table,
    Routes: [
      ...(written.get(table) ?? []).map((one) => staticRoute(one, world, attachments)),
      ...(propagations.get(table) ?? []).flatMap(({ attachment }) => propagated(attachment, world, ranges)),
    ],
    AdditionalRoutesAvailable: false,
  }));
}

interface Propagation {
  readonly table: string;
  readonly attachment: Attachment;
}

function writtenPropagations(
  world: World,
  attachments: readonly Attachment[],
  tableLink: (one: Block) => string | null,
): readonly Propagation[] {
  return world.ofType("aws_ec2_transit_gateway_route_table_propagation").flatMap((one) => {
    const table = tableLink(one);
    const link = world.link(one, "transit_gateway_attachment_id", ATTACHMENT);
    const attachment = attachments.find(({ id }) => id === link);
    if (attachment === undefined) world.problems.push(routesElsewhere(one.instance));
    return table === null || attachment === undefined ? [] : [{ table, attachment }];
  });
}

const defaultPropagations = (
  attachments: readonly Attachment[],
  gateways: ReadonlyMap<string, Block>,
): readonly Propagation[] =>
  attachments.flatMap((attachment) => {
    const gateway = attachment.gateway === null ? undefined : gateways.get(attachment.gateway);
    const table = defaultTable(gateway, "propagation");
    const allowed = flag(attachment.block, "transit_gateway_default_route_table_propagation") !== false;
    return table === null || !allowed ? [] : [{ table, attachment }];
  });

/** A VPN connection is its own attachment, and may be named by either id. */
const vpnOf = (world: World, id: string | null): string | null =>
  [...byLink(world, ["aws_vpn_connection"])].find(
    ([link, block]) => id !== null && [link, text(block, "transit_gateway_attachment_id")].includes(id),
  )?.[0] ?? null;

const staticRoute = (block: Block, world: World, attachments: readonly Attachment[]): Api => {
  const id = world.link(block, "transit_gateway_attachment_id", ATTACHMENT);
  const vpc = attachments.find((one) => one.id === id)?.vpc ?? null;
  const vpn = vpc === null ? vpnOf(world, id) : null;
  const ResourceType = vpc !== null ? "vpc" : vpn !== null ? "vpn" : null;
  const isBlackhole = flag(block, "blackhole") === true;
  return {
    DestinationCidrBlock: text(block, "destination_cidr_block"),
    Type: "static",
    State: isBlackhole ? "blackhole" : "active",
    TransitGatewayAttachments:
      id === null ? [] : [{ TransitGatewayAttachmentId: id, ResourceId: vpc ?? vpn, ResourceType }],
  };
};

/** A VPC's attachment propagates the ranges of its VPC: https://docs.aws.amazon.com/vpc/latest/tgw/how-transit-gateways-work.html */
function propagated(
  { id, vpc, block }: Attachment,
  world: World,
  ranges: ReadonlyMap<string, VpcRanges>,
): readonly Api[] {
  const own = vpc === null ? undefined : ranges.get(vpc);
  if (own === undefined) world.problems.push(peerElsewhere(block.instance));
  return [...(own?.v4 ?? []), ...(own?.v6 ?? [])].map((DestinationCidrBlock) => ({
    DestinationCidrBlock,
    Type: "propagated",
    State: "active",
    TransitGatewayAttachments: [{ TransitGatewayAttachmentId: id, ResourceId: vpc, ResourceType: "vpc" }],
  }));
}
