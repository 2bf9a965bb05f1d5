import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readJsonDocuments } from "../../documents/json.ts";
import { findSender } from "../../resolve/find-sender.ts";
import { egressMapOf } from "../../resolve/resolve.ts";
import { compile, documentOf, eni, everything, nat, RUNNING, seenFrom, table, whole } from "../../testing/aws.ts";
import { readEstate } from "../read-estate.ts";
import { aws } from "./index.ts";

const D = "203.0.113.5";

const seen = (values: readonly unknown[], name = "app", to = D) =>
  seenFrom(compile(values), name, to).map(({ identity: { kind, addresses } }) => [kind, addresses.join()]);

const without = (list: string): readonly object[] => whole.filter((one) => !(list in one));

describe("what is not in the export is unknown, never absent", () => {
  test("the whole export has one answer", () => {
    expect(seen(whole)).toEqual([["translated", "198.51.100.20/32"]]);
  });

  test.each([
    ["RouteTables", "describe-route-tables --filters Name=vpc-id,Values=vpc-1 --region eu-west-1"],
    ["NatGateways", "describe-nat-gateways --nat-gateway-ids nat-1 --region eu-west-1"],
  ])("without %s it is asked for", (list, command) => {
    const [outcome, ...others] = seenFrom(compile(without(list)), "app", D);
    expect(others).toEqual([]);
    expect(outcome?.identity.kind).toBe("unknown");
    expect(outcome?.assumptions.map(({ ask }) => ask?.command)).toContain(`aws ec2 ${command} --output json`);
  });

  test("an empty list of NAT gateways does not make the route lead nowhere", () => {
    expect(seen([...without("NatGateways"), { NatGateways: [] }])).toEqual([["unknown", ""]]);
  });

  test("a page of route tables may lack the one that the subnet is associated with", () => {
    const toInternet = table("rtb-public", [everything({ GatewayId: "igw-1" })], ["subnet-public"]);
    const main = table("rtb-main", [everything({ NatGatewayId: "nat-1" })], [], true);
    const tables = { RouteTables: [main, toInternet] };
    const paged = compile([...without("RouteTables"), { ...tables, NextToken: "more" }]);
    expect(paged.problems).toMatchObject([{ code: "aws/list-goes-on", level: "error" }]);
    expect(seenFrom(paged, "app", D).map(({ identity }) => identity.kind)).toEqual(["translated", "unknown"]);
    const all = seenFrom(compile([...without("RouteTables"), tables]), "app", D);
    expect(all.map(({ identity }) => identity.kind)).toEqual(["translated"]);
    const assumed = new Map(all[0]?.assumptions.map(({ id, basis }) => [id, basis]));
    expect([...assumed]).toEqual([
      ["aws/no-network-acl", "default"],
      ["aws/main-table:subnet-a", "default"],
    ]);
  });

  test("a file that was cut short is no whole list either", () => {
    const values = [...without("RouteTables"), { RouteTables: [table("rtb-main", [], [], true)] }];
    const cut = compile(values, new Set([`${values.length - 1}.json`]));
    expect(seenFrom(cut, "app", D).map(({ identity }) => identity.kind)).toEqual(["blocked", "unknown"]);
  });
});

/** The places of a member in an answer: `#` for an element of a list. */
function dropped(values: readonly object[], [list = "", ...path]: readonly string[]): readonly object[] {
  const drop = (value: unknown, [key = "", ...rest]: readonly string[]): unknown => {
    if (Array.isArray(value)) return value.map((one) => drop(one, [key, ...rest]));
    const members = Object.entries(value as object);
    return Object.fromEntries(
      members.flatMap(([name, inside]) =>
        name !== key ? [[name, inside]] : rest.length === 0 ? [] : [[name, drop(inside, rest)]],
      ),
    );
  };
  return values.map((one) => (list in one ? (drop(one, [list, ...path]) as object) : one));
}

describe("an answer cut down by a query", () => {
  const open = [{ CidrIp: "0.0.0.0/0" }];
  // As `describe-security-groups` prints it: the four lists stand in every permission, empty or not.
  const web = {
    ...{ IpProtocol: "tcp", FromPort: 443, ToPort: 443 },
    ...{ IpRanges: open, Ipv6Ranges: [], PrefixListIds: [], UserIdGroupPairs: [] },
  };
  const filtered = [
    ...whole,
    {
      SecurityGroups: [{ GroupId: "sg-1", IpPermissionsEgress: [web] }],
    },
    {
      NetworkAcls: [
        {
          NetworkAclId: "acl-1",
          Associations: [{ SubnetId: "subnet-a" }],
          Entries: [
            {
              RuleNumber: 100,
              Egress: true,
              RuleAction: "allow",
              Protocol: "6",
              CidrBlock: "0.0.0.0/0",
              PortRange: { From: 443, To: 443 },
            },
          ],
        },
      ],
    },
  ];

  test("whole, it is read without a problem", () => {
    expect(compile(filtered).problems).toEqual([]);
  });

  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Operations.html: what each of them always holds
  test.each([
    "RouteTables.Associations.SubnetId",
    "RouteTables.Routes.DestinationCidrBlock",
    "RouteTables.Routes.State",
    "NatGateways.State",
    "NatGateways.NatGatewayAddresses.PublicIp",
    "NetworkInterfaces.InterfaceType",
    "NetworkInterfaces.SourceDestCheck",
    "NetworkInterfaces.Groups",
    "Reservations.Instances.State",
    "SecurityGroups.IpPermissionsEgress.IpProtocol",
    "SecurityGroups.IpPermissionsEgress.IpRanges",
    "SecurityGroups.IpPermissionsEgress.Ipv6Ranges",
    "SecurityGroups.IpPermissionsEgress.PrefixListIds",
    "SecurityGroups.IpPermissionsEgress.UserIdGroupPairs",
    "SecurityGroups.IpPermissionsEgress.FromPort",
    "NetworkAcls.Associations.SubnetId",
    "NetworkAcls.Entries.Protocol",
    "NetworkAcls.Entries.CidrBlock",
    "NetworkAcls.Entries.PortRange",
  ])("without %s it is no whole answer, and says so", (path) => {
    expect(compile(dropped(filtered, path.split("."))).problems).toContainEqual(
      expect.objectContaining({ code: "aws/unreadable-resource", level: "error" }),
    );
  });
});

describe("readers", () => {
  test("an element that cannot be read is named, and what refers to it is unknown", () => {
    const spoiled = { NatGateways: [nat("nat-1", [{ PublicIp: "198.51.100.300" }])] };
    const compiled = compile([...without("NatGateways"), spoiled]);
    expect(compiled.problems).toMatchObject([{ code: "aws/unreadable-resource", level: "error", line: 10 }]);
    expect(compiled.problems[0]?.text.en).toContain("nat-1");
    expect(seenFrom(compiled, "app", D).map(({ identity }) => identity.kind)).toEqual(["unknown"]);
  });

  test("the list of interfaces counts, and a difference to the instances is told", () => {
    const own = (address: string) => ({
      PrivateIpAddresses: [{ PrivateIpAddress: "10.0.0.9", Primary: true, Association: { PublicIp: address } }],
    });
    const at = (address: string) => eni("eni-9", "subnet-public", "10.0.0.9", own(address));
    const instance = { InstanceId: "i-9", State: RUNNING, NetworkInterfaces: [at("198.51.100.8")], Tags: [] };
    const listed = { ...at("198.51.100.9"), Attachment: { InstanceId: "i-9", DeviceIndex: 0 } };
    const values = [...whole, { Reservations: [{ Instances: [instance] }] }, { NetworkInterfaces: [listed] }];
    const compiled = compile(values);
    expect(compiled.problems).toMatchObject([{ code: "aws/exports-disagree", level: "error" }]);
    expect(seenFrom(compiled, "i-9", D).map(({ identity }) => identity.addresses)).toEqual([["198.51.100.9/32"]]);
  });

  test("an address list that says something else than the interface is told", () => {
    const moved = {
      PublicIp: "198.51.100.9",
      AllocationId: "eipalloc-9",
      PrivateIpAddress: "10.0.1.10",
      NetworkInterfaceId: "eni-1",
    };
    expect(compile([...whole, { Addresses: [moved] }]).problems).toMatchObject([{ code: "aws/exports-disagree" }]);
  });

  test("the same resource twice", () => {
    const twice = { NatGateways: [nat("nat-1", [{ PublicIp: "198.51.100.21", PrivateIp: "10.0.0.220" }])] };
    const compiled = compile([...whole, twice]);
    expect(compiled.problems).toMatchObject([{ code: "aws/given-twice", level: "warning" }]);
    expect(seenFrom(compiled, "app", D).map(({ identity }) => identity.addresses)).toEqual([["198.51.100.21/32"]]);
    expect(compile([...whole, ...whole]).problems).toEqual([]);
  });

  test("entries and routes belong to what the file's name says", () => {
    const toInternet = table("rtb-public", [everything({ GatewayId: "igw-1" })], ["subnet-public"]);
    const routes = [{ DestinationPrefixListId: "pl-0a", NatGatewayId: "nat-1", State: "active" }];
    const values = [...without("RouteTables"), { RouteTables: [table("rtb-a", routes, ["subnet-a"]), toInternet] }];
    const entries = { Entries: [{ Cidr: "203.0.113.0/24" }] };
    const read = (file: string) => {
      const documents = [...values.map((value) => documentOf(value)), documentOf(entries, file)];
      const { value, problems } = aws.compile(documents);
      return { kinds: seenFrom({ estate: value, problems }, "app", D).map(({ identity }) => identity.kind), problems };
    };
    expect(read("export/pl-0a.json")).toEqual({ kinds: ["translated"], problems: [] });
    const nobody = read("entries.json");
    expect(nobody.problems).toMatchObject([{ code: "aws/part-of-nobody" }]);
    expect(nobody.kinds).toEqual(["blocked", "unknown"]);
  });

  test("elements that stand by themselves, as --query leaves them", async () => {
    const elements = whole.flatMap((one) => Object.values(one).flat() as unknown[]);
    const text = JSON.stringify(elements);
    const { value, problems } = await readEstate(readJsonDocuments(text, "all.json").value);
    expect(problems).toEqual([]);
    expect(seenFrom({ estate: value, problems }, "app", D).map(({ identity }) => identity.kind)).toEqual([
      "translated",
    ]);
  });

  test("of a file that was cut short, what came before the cut", async () => {
    const text = JSON.stringify({
      NetworkInterfaces: [eni("eni-1", "subnet-a", "10.0.1.10"), eni("eni-2", "s", "10.0.1.11")],
    });
    const cut = readJsonDocuments(text.slice(0, -40), "cut.json");
    expect(cut.problems).toMatchObject([{ code: "json/truncated" }]);
    const { value } = await readEstate(cut.value, new Set(["cut.json"]));
    expect(value.hosts.map(({ name }) => name)).toEqual(["eni-1"]);
  });

  test("empty lists and lists that no prediction needs are no strangers", async () => {
    const documents = [
      documentOf({ InternetGateways: [], ResponseMetadata: {} }),
      documentOf({ CustomerGateways: [{ CustomerGatewayId: "cgw-1" }] }),
      documentOf([], "aws-nat-gateways.json"),
      documentOf([], "ec2-instances.json"),
    ];
    expect((await readEstate(documents)).problems).toEqual([]);
  });
});

describe("groups", () => {
  const tags = [
    { Key: "Name", Value: "node" },
    { Key: "aws:autoscaling:groupName", Value: "asg" },
    { Key: "eks:cluster-name", Value: "shop" },
    { Key: "eks:nodegroup-name", Value: "general" },
  ];
  const first = eni("eni-7", "subnet-a", "10.0.1.7", { Attachment: { DeviceIndex: 0 } });
  const second = eni("eni-8", "subnet-a", "10.0.1.8", { Attachment: { DeviceIndex: 1 } });
  const lambda = eni("eni-f", "subnet-a", "10.0.1.50", {
    InterfaceType: "lambda",
    Description: "AWS Lambda VPC ENI-send-mail-0a1b2c3d-1111-2222-3333-0a1b2c3d4e5f",
  });
  const gateway = eni("eni-n", "subnet-public", "10.0.0.220", { InterfaceType: "nat_gateway" });
  const { estate } = compile([
    ...whole,
    {
      Reservations: [
        { Instances: [{ InstanceId: "i-7", State: RUNNING, NetworkInterfaces: [second, first], Tags: tags }] },
      ],
    },
    { NetworkInterfaces: [lambda, gateway] },
  ]);

  test.each([
    ["asg", "auto-scaling-group", ["eni-7"]],
    ["general", "node-pool", ["eni-7"]],
    ["shop", "cluster", ["eni-7"]],
    ["send-mail", "function", ["eni-f"]],
    ["subnet-a", "subnet", ["eni-7", "eni-8", "eni-1", "eni-f"]],
  ])("%s", (name, kind, members) => {
    const group = estate.groups.find((one) => one.name === name);
    expect(group?.kind).toBe(kind);
    expect([...(group?.members ?? [])].sort()).toEqual([...members].sort());
  });

  test("gateways are no senders, and the first interface is the one with the lowest index", () => {
    expect(estate.hosts.map(({ name }) => name).sort()).toEqual(["app", "eni-f", "node"]);
    expect(estate.hosts.find(({ name }) => name === "node")?.defaultInterface.interface).toBe("eni-7");
  });
});

describe("names", () => {
  test.each(["app", "i-1", "I-1", "eni-1", "app/eni-1", "i-1/eni-1", "10.0.1.10"])("%s", (name) => {
    const found = findSender(compile(whole).estate, name);
    expect(found.kind === "sender" ? found.sender.host.id : found).toBe("i-1");
  });
});

describe("gateways that lead in circles", () => {
  test("a NAT gateway whose own subnet leads back to it", () => {
    const tables = {
      RouteTables: [table("rtb-a", [everything({ NatGatewayId: "nat-1" })], ["subnet-a", "subnet-public"])],
    };
    expect(seen([...without("RouteTables"), tables])).toEqual([["blocked", ""]]);
  });

  test("the walk over every destination ends", () => {
    const { estate } = compile(whole);
    const host = estate.hosts.find(({ name }) => name === "app");
    if (host === undefined) throw new Error("no host");
    const asked = { sender: { host, interface: null, source: null }, guest: null, protocol: "tcp", port: 443 } as const;
    expect(egressMapOf(asked).edges).toContain("10.0.0.0/16");
  });
});

describe("hostile input gives problems, never an exception, and never an address nobody wrote", () => {
  const all = [
    ...whole,
    { PrefixLists: [{ PrefixListId: "pl-1", PrefixListName: "one", Cidrs: ["203.0.113.0/24"] }] },
    { VpcEndpoints: [{ VpcEndpointId: "vpce-1", VpcEndpointType: "Gateway", ServiceName: "s3", VpcId: "vpc-1" }] },
    { SecurityGroups: [{ GroupId: "sg-1", IpPermissionsEgress: [] }] },
    { NetworkAcls: [{ NetworkAclId: "acl-1", Associations: [{ SubnetId: "subnet-a" }], Entries: [] }] },
    { TransitGatewayAttachments: [{ TransitGatewayAttachmentId: "tgw-attach-1", TransitGatewayId: "tgw-1" }] },
    { Routes: [{ DestinationCidrBlock: "0.0.0.0/0" }], TransitGatewayRouteTableId: "tgw-rtb-1" },
    { Entries: [{ Cidr: "203.0.113.0/24" }], PrefixListId: "pl-2" },
  ];
  const written = new Set(["198.51.100.20/32", "10.0.0.220/32", "10.0.1.10/32"]);
  const ask = (values: readonly unknown[]): void => {
    for (const outcome of seenFrom(compile(values), "app", D))
      for (const address of outcome.identity.addresses)
        if (!written.has(address) && !JSON.stringify(values).includes(address.split("/")[0] ?? ""))
          throw new Error(`${address} stands nowhere`);
  };

  test("any JSON as a document", () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => ask([...whole, value])));
  });

  test("any JSON at any place", () => {
    const change = fc.tuple(
      fc.nat(all.length - 1),
      fc.array(fc.nat(12), { maxLength: 6 }),
      fc.jsonValue({ maxDepth: 3 }),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const values = structuredClone(all) as unknown[];
        for (const [index, path, value] of changes) values[index] = replaced(values[index], path, value);
        ask(values);
      }),
      { numRuns: 500 },
    );
  });

  test("a whole list left out never looks like an answer of its own", () => {
    fc.assert(
      fc.property(fc.subarray([...whole]), (values) => {
        for (const { identity } of seenFrom(compile(values), "app", D))
          expect(["translated", "unknown"]).toContain(identity.kind);
      }),
    );
  });

  test("any part left out gives no other address", () => {
    fc.assert(
      fc.property(fc.subarray(all), (values) => {
        for (const { identity } of seenFrom(compile(values), "app", D))
          expect(["198.51.100.20/32", ""]).toContain(identity.addresses.join());
      }),
    );
  });
});

/** The member at a path of positions, replaced. */
function replaced(value: unknown, [position, ...path]: readonly number[], by: unknown): unknown {
  if (position === undefined || typeof value !== "object" || value === null) return by;
  const names = Object.keys(value);
  const name = names[position % Math.max(1, names.length)];
  if (name === undefined) return by;
  const member = (value as Record<string, unknown>)[name];
  const inside = replaced(member, path, by);
  return Array.isArray(value)
    ? value.map((one, index) => (String(index) === name ? inside : one))
    : { ...value, [name]: inside };
}
