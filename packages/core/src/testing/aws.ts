import type { Ip } from "../address/ip.ts";
import { aws } from "../clouds/aws/index.ts";
import type { ConfigDocument } from "../clouds/document.ts";
import type { Estate } from "../model/estate.ts";
import type { Problem } from "../problem.ts";
import { type FlowOutcome, outcomesAt } from "../resolve/resolve.ts";

// Small exports for tests, in the shape of `aws ec2 describe-* --output json`.

export const documentOf = (value: unknown, file = "export.json"): ConfigDocument => ({
  origin: { file, line: 1 },
  value,
  linesOf: (key) => {
    const list = (value as Record<string, unknown> | null)?.[key];
    return Array.isArray(list) ? list.map((_, index) => 10 + index) : [];
  },
});

export const eni = (id: string, subnet: string, address: string, members: object = {}) => ({
  NetworkInterfaceId: id,
  SubnetId: subnet,
  VpcId: "vpc-1",
  AvailabilityZone: "eu-west-1a",
  InterfaceType: "interface",
  SourceDestCheck: true,
  PrivateIpAddresses: [{ PrivateIpAddress: address, Primary: true }],
  Ipv6Addresses: [],
  Groups: [],
  ...members,
});

export const subnet = (id: string, prefix: string, zone = "a") => ({
  SubnetId: id,
  VpcId: "vpc-1",
  AvailabilityZone: `eu-west-1${zone}`,
  AvailabilityZoneId: `euw1-az${zone === "a" ? 1 : 2}`,
  CidrBlock: prefix,
});

export const table = (id: string, routes: readonly object[], subnets: readonly string[], main = false) => ({
  RouteTableId: id,
  VpcId: "vpc-1",
  Associations: [...subnets.map((one) => ({ SubnetId: one, Main: false })), ...(main ? [{ Main: true }] : [])],
  Routes: [{ DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local", State: "active" }, ...routes],
});

export const nat = (id: string, addresses: readonly object[], members: object = {}) => ({
  NatGatewayId: id,
  State: "available",
  SubnetId: "subnet-public",
  VpcId: "vpc-1",
  ConnectivityType: "public",
  NatGatewayAddresses: addresses,
  ...members,
});

export const everything = (target: object) => ({ DestinationCidrBlock: "0.0.0.0/0", State: "active", ...target });

export const RUNNING = { Code: 16, Name: "running" } as const;

/** A public subnet, and a private one behind a NAT gateway. */
export const whole: readonly object[] = [
  { Subnets: [subnet("subnet-public", "10.0.0.0/24"), subnet("subnet-a", "10.0.1.0/24")] },
  {
    RouteTables: [
      table("rtb-main", [], [], true),
      table("rtb-public", [everything({ GatewayId: "igw-1" })], ["subnet-public"]),
      table("rtb-a", [everything({ NatGatewayId: "nat-1" })], ["subnet-a"]),
    ],
  },
  { NatGateways: [nat("nat-1", [{ PublicIp: "198.51.100.20", PrivateIp: "10.0.0.220", Status: "succeeded" }])] },
  { NetworkInterfaces: [eni("eni-1", "subnet-a", "10.0.1.10", { Attachment: { InstanceId: "i-1", DeviceIndex: 0 } })] },
  {
    Reservations: [
      {
        ReservationId: "r-1",
        Instances: [
          { InstanceId: "i-1", State: RUNNING, NetworkInterfaces: [], Tags: [{ Key: "Name", Value: "app" }] },
        ],
      },
    ],
  },
];

export interface Compiled {
  readonly estate: Estate;
  readonly problems: readonly Problem[];
}

export function compile(values: readonly unknown[], damagedFiles: ReadonlySet<string> = new Set()): Compiled {
  const { value, problems } = aws.compile(
    values.map((value, index) => documentOf(value, `${index}.json`)),
    damagedFiles,
  );
  return { estate: value, problems };
}

export function seenFrom(
  { estate }: Compiled,
  name: string,
  to: string,
  port: number | null = 443,
): readonly FlowOutcome[] {
  const host = estate.hosts.find((one) => one.name === name);
  if (host === undefined) return [];
  const asked = { sender: { host, interface: null, source: null }, guest: null, protocol: "tcp", port } as const;
  return outcomesAt(asked, to as Ip);
}
