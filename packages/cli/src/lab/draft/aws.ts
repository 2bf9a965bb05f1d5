import type { Family } from "@seenas/core";
import { type CloudRoute, type Config, type Draft, type DraftInterface, PLACES } from "./draft.ts";

const OWNER = "111122223333";

/** One VPC: a subnet for each interface, and a public one for what forwards. */
export function awsConfig({ family, interfaces }: Draft): Config {
  const { subnet } = PLACES[family];
  const nets = interfaces.map((_, net) => net);
  const local = (net: number) => ({
    DestinationCidrBlock: `10.${net}.0.0/24`,
    GatewayId: "local",
    Origin: "CreateRouteTable",
    State: "active",
  });
  const open = {
    IpProtocol: "-1",
    IpRanges: [{ CidrIp: "0.0.0.0/0" }],
    Ipv6Ranges: [{ CidrIpv6: "::/0" }],
    PrefixListIds: [],
    UserIdGroupPairs: [],
  };
  return [
    {
      Vpcs: [
        {
          VpcId: "vpc-lab",
          OwnerId: OWNER,
          CidrBlock: "10.0.0.0/24",
          CidrBlockAssociationSet: [0, 1, 2, 9].map((net) => ({ CidrBlock: `10.${net}.0.0/24` })),
        },
      ],
    },
    {
      Subnets: [...nets, 9].map((net) => ({
        SubnetId: `subnet-${net}`,
        VpcId: "vpc-lab",
        AvailabilityZone: "eu-west-1a",
        AvailabilityZoneId: "euw1-az1",
        CidrBlock: `10.${net}.0.0/24`,
        MapPublicIpOnLaunch: false,
        Ipv6CidrBlockAssociationSet:
          family === 6 && net !== 9
            ? [{ Ipv6CidrBlock: subnet(net), Ipv6CidrBlockState: { State: "associated" } }]
            : [],
      })),
    },
    {
      RouteTables: [
        tableOf("9", [local(9), { ...routeTo("0.0.0.0/0", { GatewayId: "igw-lab" }) }]),
        ...interfaces.map(({ routes }, net) => tableOf(`${net}`, [local(net), ...routes.map(cloudRoute)])),
      ],
    },
    {
      VpcPeeringConnections: [
        {
          VpcPeeringConnectionId: "pcx-1",
          Status: { Code: "active" },
          RequesterVpcInfo: { VpcId: "vpc-lab", CidrBlock: "10.0.0.0/24" },
          AccepterVpcInfo: {
            VpcId: "vpc-far",
            CidrBlock: "203.0.113.0/24",
            CidrBlockSet: ["203.0.113.0/24", "198.51.100.0/24"].map((CidrBlock) => ({ CidrBlock })),
            Ipv6CidrBlockSet: [{ Ipv6CidrBlock: "2001:db8:fffe::/47" }],
          },
        },
      ],
    },
    {
      NatGateways: [1, 2].map((nat) => ({
        NatGatewayId: `nat-${nat}`,
        State: "available",
        SubnetId: "subnet-9",
        VpcId: "vpc-lab",
        ConnectivityType: "public",
        NatGatewayAddresses: Array.from({ length: nat }, (_, index) => ({
          PublicIp: `192.0.2.${200 + nat * 10 + index}`,
          PrivateIp: `10.9.0.${nat * 10 + index}`,
          AllocationId: `eipalloc-nat-${nat}-${index}`,
          NetworkInterfaceId: `eni-nat-${nat}`,
          IsPrimary: index === 0,
          Status: "succeeded",
        })),
      })),
    },
    {
      Reservations: [reservationOf("h"), reservationOf("forwarder")],
    },
    { NetworkInterfaces: [...interfaces.map((one, net) => interfaceJson(one, net, family)), FORWARDER] },
    { SecurityGroups: [{ GroupId: "sg-open", GroupName: "open", IpPermissionsEgress: [open] }] },
    {
      NetworkAcls: [
        {
          NetworkAclId: "acl-default",
          VpcId: "vpc-lab",
          Associations: [...nets, 9].map((net) => ({ SubnetId: `subnet-${net}` })),
          Entries: [
            ...interfaces.flatMap(({ denied }, index) => deniedEntries(denied, index)),
            { RuleNumber: 100, Egress: true, RuleAction: "allow", Protocol: "-1", CidrBlock: "0.0.0.0/0" },
            { RuleNumber: 101, Egress: true, RuleAction: "allow", Protocol: "-1", Ipv6CidrBlock: "::/0" },
          ],
        },
      ],
    },
  ];
}

const reservationOf = (name: string) => ({
  ReservationId: `r-${name}`,
  OwnerId: OWNER,
  Instances: [
    {
      InstanceId: `i-${name}`,
      State: { Code: 16, Name: "running" },
      Placement: { AvailabilityZone: "eu-west-1a" },
      NetworkInterfaces: [],
      Tags: [{ Key: "Name", Value: name }],
    },
  ],
});

/** An access list has no state and one list for all subnets here: whatever one interface is denied, all are. */
const deniedEntries = (denied: DraftInterface["denied"], index: number): readonly unknown[] =>
  denied === null
    ? []
    : ["6", "17"].map((Protocol, nth) => ({
        RuleNumber: 10 + 2 * index + nth,
        Egress: true,
        RuleAction: "deny",
        Protocol,
        PortRange: { From: denied.port, To: denied.port },
        ...(denied.prefix.includes(":") ? { Ipv6CidrBlock: denied.prefix } : { CidrBlock: denied.prefix }),
      }));

const tableOf = (name: string, routes: readonly unknown[]) => ({
  RouteTableId: `rtb-${name}`,
  VpcId: "vpc-lab",
  PropagatingVgws: [],
  Routes: routes,
  Associations: [
    {
      RouteTableAssociationId: `rtbassoc-${name}`,
      SubnetId: `subnet-${name}`,
      Main: false,
      AssociationState: { State: "associated" },
    },
  ],
});

const routeTo = (prefix: string, target: object) => ({
  ...(prefix.includes(":") ? { DestinationIpv6CidrBlock: prefix } : { DestinationCidrBlock: prefix }),
  Origin: "CreateRoute",
  State: "active",
  ...target,
});

const TARGETS = {
  internet: { GatewayId: "igw-lab" },
  "nat-1": { NatGatewayId: "nat-1" },
  "nat-2": { NatGatewayId: "nat-2" },
  peering: { VpcPeeringConnectionId: "pcx-1" },
  appliance: { InstanceId: "i-forwarder", NetworkInterfaceId: "eni-forwarder" },
  dead: { NatGatewayId: "nat-gone", State: "blackhole" },
} as const;

const cloudRoute = ({ prefix, target }: CloudRoute) => routeTo(prefix, TARGETS[target]);

function interfaceJson({ addresses, publics, checksSource }: DraftInterface, net: number, family: Family) {
  const own = family === 4 ? addresses : [`10.${net}.0.10`];
  return {
    NetworkInterfaceId: `eni-${net}`,
    SubnetId: `subnet-${net}`,
    VpcId: "vpc-lab",
    AvailabilityZone: "eu-west-1a",
    InterfaceType: "interface",
    SourceDestCheck: checksSource,
    Status: "in-use",
    OwnerId: OWNER,
    Attachment: { InstanceId: "i-h", DeviceIndex: net, NetworkCardIndex: 0, Status: "attached" },
    PrivateIpAddresses: own.map((PrivateIpAddress, index) => {
      const PublicIp = publics[index] ?? null;
      const association = { PublicIp, AllocationId: `eipalloc-${net}-${index}`, IpOwnerId: OWNER };
      return {
        PrivateIpAddress,
        Primary: index === 0,
        ...(PublicIp !== null && family === 4 && { Association: association }),
      };
    }),
    Ipv6Addresses: family === 6 ? addresses.map((Ipv6Address) => ({ Ipv6Address })) : [],
    Groups: [{ GroupId: "sg-open" }],
  };
}

/** A NAT instance: it may forward what is not its own. */
const FORWARDER = {
  NetworkInterfaceId: "eni-forwarder",
  SubnetId: "subnet-9",
  VpcId: "vpc-lab",
  AvailabilityZone: "eu-west-1a",
  InterfaceType: "interface",
  SourceDestCheck: false,
  Status: "in-use",
  OwnerId: OWNER,
  Attachment: { InstanceId: "i-forwarder", DeviceIndex: 0, NetworkCardIndex: 0, Status: "attached" },
  PrivateIpAddresses: [
    {
      PrivateIpAddress: "10.9.0.90",
      Primary: true,
      Association: { PublicIp: "192.0.2.190", AllocationId: "eipalloc-forwarder", IpOwnerId: OWNER },
    },
  ],
  Ipv6Addresses: [],
  Groups: [{ GroupId: "sg-open" }],
};
