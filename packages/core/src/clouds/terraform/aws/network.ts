import { type Block, blocks, flag, text, texts } from "../block.ts";
import type { World } from "../world.ts";
import { type Api, byLink, groupBy, SUBNET, tagsOf, VPC } from "./ids.ts";

// Terraform's resources in the shapes of `aws ec2 describe-*`, one function a type.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/

/** The ranges of each VPC in the file, by its id. */
export interface VpcRanges {
  readonly v4: readonly string[];
  readonly v6: readonly string[];
}

export function vpcRangesIn(world: World): ReadonlyMap<string, VpcRanges> {
  const more = (type: string, member: string) =>
    groupBy(world.ofType(type), (one) => (text(one, member) === null ? null : world.link(one, "vpc_id", VPC)));
  const moreV4 = more("aws_vpc_ipv4_cidr_block_association", "cidr_block");
  const moreV6 = more("aws_vpc_ipv6_cidr_block_association", "ipv6_cidr_block");
  const all = (block: Block, member: string, others: readonly Block[] = []): readonly string[] => [
    ...new Set([block, ...others].flatMap((one) => text(one, member) ?? [])),
  ];
  return new Map(
    [...byLink(world, VPC)].map(([link, block]) => [
      link,
      {
        v4: all(block, "cidr_block", moreV4.get(link)),
        v6: all(block, "ipv6_cidr_block", moreV6.get(link)),
      },
    ]),
  );
}

export const vpcs = (world: World, ranges: ReadonlyMap<string, VpcRanges>): readonly Api[] =>
  [...byLink(world, VPC)].map(([link, block]) => ({
    VpcId: link,
    CidrBlock: text(block, "cidr_block"),
    CidrBlockAssociationSet: (ranges.get(link)?.v4 ?? []).map((CidrBlock) => ({ CidrBlock, ...ASSOCIATED })),
    Ipv6CidrBlockAssociationSet: (ranges.get(link)?.v6 ?? []).map(v6Block),
    Tags: tagsOf(block),
  }));

const ASSOCIATED = { CidrBlockState: { State: "associated" } } as const;
const v6Block = (Ipv6CidrBlock: string): Api => ({ Ipv6CidrBlock, Ipv6CidrBlockState: { State: "associated" } });

export const subnets = (world: World): readonly Api[] =>
  [...byLink(world, SUBNET)].map(([link, block]) => {
    const v6 = text(block, "ipv6_cidr_block");
    return {
      SubnetId: link,
      VpcId: world.link(block, "vpc_id", VPC),
      AvailabilityZone: text(block, "availability_zone"),
      AvailabilityZoneId: text(block, "availability_zone_id"),
      CidrBlock: text(block, "cidr_block"),
      MapPublicIpOnLaunch: flag(block, "map_public_ip_on_launch"),
      EnableDns64: flag(block, "enable_dns64"),
      Ipv6Native: flag(block, "ipv6_native"),
      Ipv6CidrBlockAssociationSet: v6 === null ? [] : [v6Block(v6)],
      Tags: tagsOf(block),
    };
  });

export const internetGateways = (world: World): readonly Api[] => {
  const attached = groupBy(world.ofType("aws_internet_gateway_attachment"), (one) =>
    world.link(one, "internet_gateway_id", ["aws_internet_gateway"]),
  );
  return [...byLink(world, ["aws_internet_gateway"])].map(([link, block]) => ({
    InternetGatewayId: link,
    Attachments: attachments(world, [block, ...(attached.get(link) ?? [])]),
    Tags: tagsOf(block),
  }));
};

export const egressOnlyGateways = (world: World): readonly Api[] =>
  [...byLink(world, ["aws_egress_only_internet_gateway"])].map(([link, block]) => ({
    EgressOnlyInternetGatewayId: link,
    Attachments: attachments(world, [block]),
    Tags: tagsOf(block),
  }));

export const vpnGateways = (world: World): readonly Api[] => {
  const attached = groupBy(world.ofType("aws_vpn_gateway_attachment"), (one) =>
    world.link(one, "vpn_gateway_id", ["aws_vpn_gateway"]),
  );
  return [...byLink(world, ["aws_vpn_gateway"])].map(([link, block]) => ({
    VpnGatewayId: link,
    State: "available",
    VpcAttachments: attachments(world, [block, ...(attached.get(link) ?? [])]),
  }));
};

const attachments = (world: World, named: readonly Block[]): readonly Api[] =>
  [...new Set(named.flatMap((one) => world.link(one, "vpc_id", VPC) ?? []))].map((VpcId) => ({
    VpcId,
    State: "available",
  }));

export const vpnConnections = (world: World): readonly Api[] =>
  [...byLink(world, ["aws_vpn_connection"])].map(([link, block]) => ({
    VpnConnectionId: link,
    Type: text(block, "type"),
    VpnGatewayId: world.link(block, "vpn_gateway_id", ["aws_vpn_gateway"]),
    TransitGatewayId: world.link(block, "transit_gateway_id", ["aws_ec2_transit_gateway"]),
    State: "available",
  }));

const LIST = ["aws_ec2_managed_prefix_list"];

export const prefixLists = (world: World): readonly Api[] =>
  [...byLink(world, LIST)].map(([link, block]) => ({
    PrefixListId: link,
    PrefixListName: text(block, "name"),
    AddressFamily: text(block, "address_family"),
  }));

/** One answer of `get-managed-prefix-list-entries` a list, which names its list. */
export function prefixListEntries(world: World): readonly Api[] {
  const single = groupBy(world.ofType("aws_ec2_managed_prefix_list_entry"), (one) =>
    world.link(one, "prefix_list_id", LIST),
  );
  return [...byLink(world, LIST)].map(([link, block]) => {
    const all = [...blocks(block, "entry"), ...(single.get(link) ?? [])].flatMap((one) => text(one, "cidr") ?? []);
    return { PrefixListId: link, Entries: [...new Set(all)].map((Cidr) => ({ Cidr })) };
  });
}

export function peerings(world: World, ranges: ReadonlyMap<string, VpcRanges>): readonly Api[] {
  const accepted = new Set(
    world
      .ofType("aws_vpc_peering_connection_accepter")
      .flatMap((one) => world.link(one, "vpc_peering_connection_id", ["aws_vpc_peering_connection"]) ?? []),
  );
  const side = (VpcId: string | null): Api => {
    const own = VpcId === null ? undefined : ranges.get(VpcId);
    return {
      VpcId,
      CidrBlock: own?.v4[0] ?? null,
      CidrBlockSet: (own?.v4 ?? []).map((CidrBlock) => ({ CidrBlock })),
      Ipv6CidrBlockSet: (own?.v6 ?? []).map((Ipv6CidrBlock) => ({ Ipv6CidrBlock })),
    };
  };
  return [...byLink(world, ["aws_vpc_peering_connection"])].map(([link, block]) => {
    const isActive = accepted.has(link) || flag(block, "auto_accept") === true;
    return {
      VpcPeeringConnectionId: link,
      Status: { Code: text(block, "accept_status") ?? (isActive ? "active" : null) },
      RequesterVpcInfo: side(world.link(block, "vpc_id", VPC)),
      AccepterVpcInfo: side(world.link(block, "peer_vpc_id", VPC)),
    };
  });
}

export const endpoints = (world: World): readonly Api[] => [
  ...[...byLink(world, ["aws_vpc_endpoint"])].map(([link, block]) => ({
    VpcEndpointId: link,
    VpcEndpointType: text(block, "vpc_endpoint_type") ?? "Gateway",
    VpcId: world.link(block, "vpc_id", VPC),
    ServiceName: text(block, "service_name"),
    State: "available",
    SubnetIds: world.links(block, "subnet_ids", SUBNET),
    NetworkInterfaceIds: texts(block, "network_interface_ids"),
    PrivateDnsEnabled: flag(block, "private_dns_enabled"),
    RequesterManaged: flag(block, "requester_managed"),
    Tags: tagsOf(block),
  })),
  ...world.ofType("aws_networkfirewall_firewall").flatMap((firewall) => firewallEndpoints(world, firewall)),
];

/** AWS Network Firewall makes an endpoint in each subnet it stands in, and tells which when it exists. */
const firewallEndpoints = (world: World, firewall: Block): readonly Api[] =>
  blocks(firewall, "firewall_status")
    .flatMap((status) => blocks(status, "sync_states"))
    .flatMap((state) => blocks(state, "attachment"))
    .flatMap((attachment) => {
      const id = text(attachment, "endpoint_id");
      if (id === null) return [];
      return {
        VpcEndpointId: id,
        VpcEndpointType: "GatewayLoadBalancer",
        VpcId: world.link(firewall, "vpc_id", VPC),
        ServiceName: "AWS Network Firewall",
        State: "available",
        SubnetIds: [world.link(attachment, "subnet_id", SUBNET)],
        NetworkInterfaceIds: [],
        RequesterManaged: true,
        Tags: tagsOf(firewall),
      };
    });
