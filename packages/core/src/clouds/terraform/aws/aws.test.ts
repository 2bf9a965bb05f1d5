import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { translateTerraform } from "../index.ts";
import { isFields } from "../read/instance.ts";

// The shapes are those of https://docs.aws.amazon.com/AWSEC2/latest/APIReference/; the values follow from the
// configurations beside the fixtures.

type Api = Readonly<Record<string, unknown>>;

function listsOf(name: string): {
  readonly lists: Readonly<Record<string, readonly Api[]>>;
  readonly codes: readonly string[];
} {
  const file = fileURLToPath(new URL(`../testdata/aws/${name}`, import.meta.url));
  const document = {
    origin: { file: name, line: null },
    value: JSON.parse(readFileSync(file, "utf8")),
    linesOf: () => [],
  };
  const { value, problems } = translateTerraform([document], []);
  const lists = Object.fromEntries(
    value.documents.flatMap(({ value: one }) =>
      isFields(one) ? Object.entries(one).filter(([, list]) => Array.isArray(list)) : [],
    ),
  ) as Readonly<Record<string, readonly Api[]>>;
  return { lists, codes: problems.map(({ code }) => code) };
}

const gatewaysOf = (name: string) =>
  (listsOf(name).lists["NatGateways"] ?? []).map(
    (one) => (one["NatGatewayAddresses"] as readonly Api[])[0]?.["PublicIp"],
  );

describe("NAT gateways", () => {
  test.each([
    ["state.json", ["203.0.113.10", "203.0.113.20"]],
    ["plan-in-place.json", ["203.0.113.10", "203.0.113.20"]],
    // Replaced, and "known after apply" in the plan: the allocation is the same, so the address is.
    ["plan-same-allocation.json", ["203.0.113.10", "203.0.113.20"]],
  ])("%s", (name, addresses) => {
    expect(gatewaysOf(name)).toEqual(addresses);
  });

  test("a replaced Elastic IP has no address yet; the other gateway keeps its own", () => {
    const [a, b] = gatewaysOf("plan-new-address.json");
    expect(a).toBe("203.0.113.10");
    expect(b).toMatch(/^0\.0\.0\.\d+$/);
  });
});

test("a state: every list in its documented shape", () => {
  const { lists, codes } = listsOf("state.json");
  expect(codes).toEqual([]);
  expect(lists["Vpcs"]).toMatchObject([{ VpcId: "vpc-0a1", CidrBlock: "10.0.0.0/16" }]);
  expect(lists["InternetGateways"]).toMatchObject([
    { InternetGatewayId: "igw-0a1", Attachments: [{ VpcId: "vpc-0a1", State: "available" }] },
  ]);
  expect(lists["Subnets"]).toMatchObject([
    { SubnetId: "subnet-0a", VpcId: "vpc-0a1", CidrBlock: "10.0.1.0/24", AvailabilityZone: "eu-central-1a" },
    { SubnetId: "subnet-0b", CidrBlock: "10.0.2.0/24" },
    { SubnetId: "subnet-0pub", CidrBlock: "10.0.0.0/24" },
  ]);
  expect(lists["Addresses"]).toMatchObject([
    {
      AllocationId: "eipalloc-0a",
      PublicIp: "203.0.113.10",
      NetworkInterfaceId: "eni-0nata",
      PrivateIpAddress: "10.0.0.20",
    },
    { AllocationId: "eipalloc-0b", PublicIp: "203.0.113.20" },
  ]);
  expect(lists["Reservations"]?.[0]).toMatchObject({
    Instances: [
      {
        InstanceId: "i-0a",
        State: { Name: "running" },
        NetworkInterfaces: [
          {
            NetworkInterfaceId: "eni-0appa",
            SubnetId: "subnet-0a",
            VpcId: "vpc-0a1",
            PrivateIpAddresses: [{ PrivateIpAddress: "10.0.1.10", Primary: true, Association: null }],
          },
        ],
      },
    ],
  });
});

test("a table's own list and single routes are one; the main table is the VPC's", () => {
  const { lists } = listsOf("state.json");
  const tables = lists["RouteTables"] ?? [];
  expect(tables.map(({ RouteTableId }) => RouteTableId)).toEqual(["rtb-0a", "rtb-0b", "rtb-0pub", "rtb-0main"]);
  expect(tables[0]).toMatchObject({
    Associations: [{ Main: false, SubnetId: "subnet-0a" }],
    Routes: [
      { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local", State: "active" },
      { DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: "nat-0a", State: "active" },
    ],
  });
  expect(tables[3]).toMatchObject({ VpcId: "vpc-0a1", Associations: [{ Main: true }] });
});

test("a plan that creates everything: all is joined by Terraform's addresses", () => {
  const { lists, codes } = listsOf("plan-from-nothing.json");
  expect(codes).toEqual(["terraform/paired-by-key"]);
  const vpc = "vpc-module.net.aws_vpc.this";
  expect(new Set(lists["Subnets"]?.map(({ VpcId }) => VpcId))).toEqual(new Set([vpc]));
  const table = lists["RouteTables"]?.find(
    ({ RouteTableId }) => RouteTableId === 'rtb-module.net.aws_route_table.private["a"]',
  );
  expect(table).toMatchObject({
    VpcId: vpc,
    Associations: [{ SubnetId: 'subnet-module.net.aws_subnet.private["a"]' }],
    Routes: [
      { DestinationCidrBlock: "10.0.0.0/16", GatewayId: "local" },
      { DestinationCidrBlock: "0.0.0.0/0", NatGatewayId: 'nat-module.net.aws_nat_gateway.this["a"]' },
    ],
  });
  const open = lists["RouteTables"]?.find(
    ({ RouteTableId }) => RouteTableId === "rtb-module.net.aws_route_table.public",
  );
  expect(open).toMatchObject({
    Routes: [
      { GatewayId: "local" },
      { DestinationCidrBlock: "0.0.0.0/0", GatewayId: "igw-module.net.aws_internet_gateway.this" },
    ],
  });
  const web = lists["NetworkInterfaces"]?.find(
    ({ NetworkInterfaceId }) => NetworkInterfaceId === "eni-aws_instance.web[1]",
  );
  expect(web).toMatchObject({
    SubnetId: "subnet-module.net.aws_subnet.public",
    Attachment: { InstanceId: "i-aws_instance.web[1]", DeviceIndex: 0 },
    PrivateIpAddresses: [{ Association: { AllocationId: "eipalloc-aws_eip.web[1]" } }],
  });
  const app = lists["NetworkInterfaces"]?.find(
    ({ NetworkInterfaceId }) => NetworkInterfaceId === "eni-aws_network_interface.app",
  );
  expect(app).toMatchObject({
    SubnetId: 'subnet-module.net.aws_subnet.private["a"]',
    PrivateIpAddresses: [{ PrivateIpAddress: "10.0.1.10", Primary: true }],
  });
});
