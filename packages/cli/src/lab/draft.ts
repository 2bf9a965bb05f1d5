import type { Family, Scenario } from "@seenas/core";
import { Random } from "./random.ts";

/** A generated network, in pieces that can be left out one by one. */
export interface Draft {
  readonly seed: number;
  readonly family: Family;
  readonly interfaces: readonly DraftInterface[];
  /** Of the guest: priority and the rest of the line. */
  readonly rules: readonly DraftRule[];
  readonly routes: readonly DraftRoute[];
  readonly flow: {
    readonly source: string | null;
    readonly to: string;
    readonly port: number;
    readonly protocol: "tcp" | "udp";
  };
}

export interface DraftInterface {
  /** As the cloud knows them, the primary first. */
  readonly addresses: readonly string[];
  /** Only the guest has these. */
  readonly extra: readonly string[];
  /** One of the cloud's for each address; null: none. */
  readonly publics: readonly (string | null)[];
  readonly checksSource: boolean;
  readonly routes: readonly CloudRoute[];
}

export interface DraftRule {
  readonly priority: number;
  readonly text: string;
}

export interface DraftRoute {
  readonly table: string;
  /** Equal keys cannot stand in one table. */
  readonly key: string;
  readonly text: string;
}

export interface CloudRoute {
  readonly prefix: string;
  readonly target: "internet" | "nat-1" | "nat-2" | "peering" | "dead";
}

const PLACES = {
  4: {
    all: "0.0.0.0/0",
    targets: ["203.0.113.10", "203.0.113.200", "198.51.100.10", "198.51.100.99"],
    prefixes: [
      "default",
      "0.0.0.0/1",
      "128.0.0.0/1",
      "203.0.113.0/24",
      "203.0.113.0/25",
      "203.0.113.10",
      "198.51.100.0/24",
      "192.0.0.0/4",
    ],
    own: (net: number, host: number) => `10.${net}.0.${host}`,
    gateway: (net: number) => `10.${net}.0.1`,
    subnet: (net: number) => `10.${net}.0.0/24`,
    length: 24,
  },
  6: {
    all: "::/0",
    targets: ["2001:db8:ffff::10", "2001:db8:ffff:8000::10", "2001:db8:fffe::10"],
    prefixes: [
      "default",
      "2000::/3",
      "2001:db8:ffff::/48",
      "2001:db8:ffff::/64",
      "2001:db8:ffff::10",
      "2001:db8:fffe::/47",
    ],
    own: (net: number, host: number) => `2001:db8:${net + 1}::${host}`,
    gateway: (net: number) => `2001:db8:${net + 1}::1`,
    subnet: (net: number) => `2001:db8:${net + 1}::/64`,
    length: 64,
  },
} as const;

export function draftOf(seed: number): Draft {
  const random = new Random(seed);
  const family: Family = random.chance(0.25) ? 6 : 4;
  const interfaces = [0, 1, 2].slice(0, random.of(1, 2, 2, 3, 3)).map((net) => interfaceOf(random, family, net));
  const own = interfaces.flatMap(({ addresses, extra }) => [...addresses, ...extra]);
  const draft = {
    seed,
    family,
    interfaces,
    rules: rulesOf(random, family, own),
    routes: routesOf(random, family, interfaces.length, own),
  };
  const [first = "", ...others] = PLACES[family].targets;
  const protocol = random.of<"tcp" | "udp">("tcp", "tcp", "udp");
  const source = random.chance(0.35) ? random.of(own[0] ?? "", ...own) : null;
  return {
    ...draft,
    flow: { source, to: random.of<string>(first, ...others), port: random.of(25, 443, 5353), protocol },
  };
}

function interfaceOf(random: Random, family: Family, net: number): DraftInterface {
  const { own, all } = PLACES[family];
  const addresses = [own(net, 10), ...(random.chance(0.35) ? [own(net, 20)] : [])];
  const publics = addresses.map((_, index) => (random.chance(0.6) ? `192.0.2.${net * 10 + index + 1}` : null));
  const target = (): CloudRoute["target"] =>
    family === 6
      ? random.of("internet", "internet", "peering", "dead")
      : random.of("internet", "internet", "nat-1", "nat-2", "peering", "dead");
  const cloud = random.several(0, 3, () => ({ prefix: cloudPrefix(random, family), target: target() }));
  const usual = random.chance(0.9) ? [{ prefix: all, target: target() }] : [];
  const routes = [...new Map([...usual, ...cloud].map((route) => [route.prefix, route])).values()];
  return {
    addresses,
    extra: random.chance(0.25) ? [own(net, 30)] : [],
    publics,
    checksSource: random.chance(0.3),
    routes,
  };
}

const cloudPrefix = (random: Random, family: Family): string =>
  family === 4
    ? random.of(
        "203.0.113.0/24",
        "203.0.113.0/25",
        "203.0.113.10/32",
        "198.51.100.0/24",
        "192.0.0.0/4",
        "203.0.113.128/25",
      )
    : random.of("2001:db8:ffff::/48", "2001:db8:ffff::/64", "2001:db8:fffe::/47", "2000::/3");

const TABLES = ["100", "101", "102"];

function rulesOf(random: Random, family: Family, own: readonly string[]): readonly DraftRule[] {
  const { targets, prefixes } = PLACES[family];
  const to = (): string =>
    random.of<string>(targets[0], ...targets, ...prefixes.filter((prefix) => prefix !== "default"));
  const selector = (): string =>
    random.of(
      () => `from ${random.of(own[0] ?? "all", ...own)}`,
      () => `from ${random.of(own[0] ?? "all", ...own)}`,
      () => `from all to ${to()}`,
      () => `from ${random.of(own[0] ?? "all", ...own)} to ${to()}`,
      () => `not from all to ${to()}`,
      () => `not from ${random.of(own[0] ?? "all", ...own)}`,
      () => `from all ipproto ${random.of("tcp", "udp")}`,
      () => `from all ipproto ${random.of("tcp", "udp")} dport ${random.of(25, 443, 5353)}`,
      () => "from all iif lo",
      () => "from all",
    )();
  const table = (): string => random.of("100", ...TABLES);
  const action = (): string =>
    random.of(
      () => `lookup ${table()}`,
      () => `lookup ${table()}`,
      () => `lookup ${table()}`,
      () => `lookup ${table()} suppress_prefixlength ${random.of(0, 0, 8, 24)}`,
      () => `lookup main suppress_prefixlength 0`,
      () => random.of("unreachable", "prohibit", "blackhole"),
    )();
  const count = random.of(0, 1, 1, 2, 3, 4);
  return Array.from({ length: count }, (_, index) => ({
    priority: 1000 + index * 10,
    text: `${selector()} ${action()}`,
  }));
}

function routesOf(random: Random, family: Family, nets: number, own: readonly string[]): readonly DraftRoute[] {
  const { prefixes, gateway } = PLACES[family];
  const route = (table: string, prefix: string): DraftRoute => {
    const net = random.below(nets);
    const metric = random.of("", "", "100", "200", "1", "5015");
    const words = [prefix];
    if (random.chance(0.12)) words.unshift(random.of("throw", "throw", "blackhole", "unreachable", "prohibit"));
    else {
      if (random.chance(0.85)) words.push(`via ${gateway(net)}`);
      words.push(`dev eth${net}`);
    }
    if (table !== "main") words.push(`table ${table}`);
    if (random.chance(0.25) && words.includes(`dev eth${net}`)) words.push(`src ${random.of(own[0] ?? "", ...own)}`);
    if (family === 6) words.push(`metric ${metric === "" ? 1024 : metric} pref medium`);
    else if (metric !== "") words.push(`metric ${metric}`);
    return { table, key: `${table} ${prefix} ${metric}`, text: words.join(" ") };
  };
  const anyPrefix = (): string => random.of<string>("default", ...prefixes);
  const all = [
    ...(random.chance(0.85) ? [route("main", "default")] : []),
    ...random.several(0, 4, () => route("main", anyPrefix())),
    ...TABLES.flatMap((table) => (random.chance(0.6) ? random.several(1, 3, () => route(table, anyPrefix())) : [])),
  ];
  return [...new Map(all.map((one) => [one.key, one])).values()];
}

/** The draft as a scenario file has it. `expect` holds nothing: the kernel is asked. */
export function scenarioOf(draft: Draft): Scenario {
  const { seed, flow, rules } = draft;
  return {
    id: `fuzz/${seed}`,
    title: { en: `generated with seed ${seed}`, zh: `由种子 ${seed} 生成` },
    source: "https://docs.kernel.org/networking/ip-sysctl.html",
    rules: rules.length > 0 ? ["linux/rule/priority-order"] : ["linux/route/longest-prefix"],
    config: configOf(draft),
    guest: [guestText(draft)],
    flow: {
      from: "h",
      ...(flow.source !== null && { source: flow.source }),
      to: flow.to,
      port: flow.port,
      protocol: flow.protocol,
    },
    expect: {},
  };
}

function guestText({ family, interfaces, rules, routes }: Draft): string {
  const { subnet, length } = PLACES[family];
  const word = family === 4 ? "inet" : "inet6";
  const devices = interfaces.map(({ addresses, extra }, net) => {
    const lines = [...addresses, ...extra].map((address, index) => {
      const secondary = family === 4 && index > 0 ? " secondary" : "";
      return `    ${word} ${address}/${length} scope global${secondary} eth${net}\n       valid_lft forever preferred_lft forever`;
    });
    return `${net + 2}: eth${net}: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000\n${lines.join("\n")}`;
  });
  const connected = interfaces.map(({ addresses }, net) =>
    family === 4
      ? `${subnet(net)} dev eth${net} proto kernel scope link src ${addresses[0]}`
      : `${subnet(net)} dev eth${net} proto kernel metric 256 pref medium`,
  );
  const shown = rules.map(({ priority, text }) => `${priority}:\tfrom `.replace("from ", "") + text);
  const flag = family === 4 ? "-4 " : "-6 ";
  const last = family === 4 ? ["32767:\tfrom all lookup default"] : [];
  return [
    family === 4 ? "$ ip rule" : "$ ip -6 rule",
    "0:\tfrom all lookup local",
    ...shown,
    "32766:\tfrom all lookup main",
    ...last,
    `$ ip ${flag}route show table all`,
    ...routes.map(({ text }) => text),
    ...connected,
    "$ ip addr",
    "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever",
    ...devices,
    "",
  ].join("\n");
}

const OWNER = "111122223333";

function configOf({ family, interfaces }: Draft): readonly unknown[] {
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
      Reservations: [
        {
          ReservationId: "r-h",
          OwnerId: OWNER,
          Instances: [
            {
              InstanceId: "i-h",
              State: { Code: 16, Name: "running" },
              Placement: { AvailabilityZone: "eu-west-1a" },
              NetworkInterfaces: [],
              Tags: [{ Key: "Name", Value: "h" }],
            },
          ],
        },
      ],
    },
    { NetworkInterfaces: interfaces.map((one, net) => interfaceJson(one, net, family)) },
    { SecurityGroups: [{ GroupId: "sg-open", GroupName: "open", IpPermissionsEgress: [open] }] },
    {
      NetworkAcls: [
        {
          NetworkAclId: "acl-default",
          VpcId: "vpc-lab",
          Associations: [...nets, 9].map((net) => ({ SubnetId: `subnet-${net}` })),
          Entries: [
            { RuleNumber: 100, Egress: true, RuleAction: "allow", Protocol: "-1", CidrBlock: "0.0.0.0/0" },
            { RuleNumber: 101, Egress: true, RuleAction: "allow", Protocol: "-1", Ipv6CidrBlock: "::/0" },
          ],
        },
      ],
    },
  ];
}

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
