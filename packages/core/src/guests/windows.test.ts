import { describe, expect, test } from "vitest";
import { parseIp } from "../address/ip.ts";
import { guestDecision } from "./decide.ts";
import { type GuestDecision, PLAIN_QUERY } from "./guest.ts";
import { readGuest } from "./read.ts";

// Expected values: the Windows rules of Get-NetRoute, KB 969029 and route_ws2008; addresses from RFC 5737.
const FIRST = "          0.0.0.0          0.0.0.0        192.0.2.1       192.0.2.10     25";
const SECOND = "          0.0.0.0          0.0.0.0     198.51.100.1    198.51.100.10    281";
const OWN = "    198.51.100.10  255.255.255.255         On-link     198.51.100.10    281";
const LINE = "===========================================================================";

const print = (...rows: readonly string[]): string =>
  ["IPv4 Route Table", LINE, "Active Routes:", ...rows, LINE].join("\r\n");

const ONE_NIC = `Windows IP Configuration

Ethernet adapter Ethernet:

   IPv4 Address. . . . . . . . . . . : 192.0.2.14(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.255.0
   IPv4 Address. . . . . . . . . . . : 192.0.2.68(Preferred)
   Subnet Mask . . . . . . . . . . . : 255.255.255.0
   Default Gateway . . . . . . . . . : 192.0.2.127
`;
const VIA_127 = print("          0.0.0.0          0.0.0.0      192.0.2.127       192.0.2.14     25");

const SKIP = JSON.stringify([
  { IPAddress: "192.0.2.14", PrefixLength: 24, ifIndex: 3, InterfaceAlias: "Ethernet", SkipAsSource: false },
  { IPAddress: "192.0.2.68", PrefixLength: 24, ifIndex: 3, InterfaceAlias: "Ethernet", SkipAsSource: true },
]);
const SKIP_ROUTE = JSON.stringify({
  DestinationPrefix: "0.0.0.0/0",
  NextHop: "192.0.2.127",
  RouteMetric: 0,
  InterfaceMetric: 25,
  ifIndex: 3,
  InterfaceAlias: "Ethernet",
});

const PARTS = JSON.stringify([
  {
    DestinationPrefix: "0.0.0.0/0",
    NextHop: "192.0.2.1",
    RouteMetric: 0,
    ifIndex: 3,
    InterfaceAlias: "A",
    AddressFamily: 2,
  },
  {
    DestinationPrefix: "0.0.0.0/0",
    NextHop: "198.51.100.1",
    RouteMetric: 30,
    ifIndex: 7,
    InterfaceAlias: "B",
    AddressFamily: 2,
  },
]);
const METRICS = JSON.stringify([
  { ifIndex: 3, InterfaceAlias: "A", AddressFamily: 2, InterfaceMetric: 50 },
  { ifIndex: 7, InterfaceAlias: "B", AddressFamily: 2, InterfaceMetric: 10 },
]);

function decide(text: string, bind: string | null = null, to = "203.0.113.10"): GuestDecision {
  const { value, problems } = readGuest(text, "guest.txt");
  expect(problems).toEqual([]);
  const destination = parseIp(to);
  if (destination === undefined) throw new Error(to);
  return guestDecision(value, { ...PLAIN_QUERY, boundSource: parseIp(bind ?? "") ?? null }).at(destination);
}

const ways = (decision: GuestDecision): readonly string[] =>
  decision.kind === "sends"
    ? decision.sends.map(({ source, nextHop }) => `${source} via ${nextHop ?? "on-link"}`)
    : [decision.kind];

test.each([
  { id: "WC1", when: "lowest sum", text: print(FIRST, SECOND), leaves: ["192.0.2.10 via 192.0.2.1"] },
  {
    id: "WC2",
    when: "route and interface metric added",
    text: `${PARTS}\n${METRICS}`,
    leaves: ["null via 198.51.100.1"],
  },
  {
    id: "WC3",
    when: "strong host",
    text: print(FIRST, SECOND),
    bind: "198.51.100.10",
    leaves: ["198.51.100.10 via 198.51.100.1"],
  },
  { id: "WC4", when: "strong host without route", text: print(FIRST, OWN), bind: "198.51.100.10", leaves: ["refuses"] },
  {
    id: "WC5",
    when: "most common bits with the gateway",
    text: `${VIA_127}\n${ONE_NIC}`,
    leaves: ["192.0.2.68 via 192.0.2.127"],
  },
  { id: "WC6", when: "SkipAsSource", text: `${SKIP}\n${SKIP_ROUTE}`, leaves: ["192.0.2.14 via 192.0.2.127"] },
  {
    id: "WC7",
    when: "persistent only",
    text: [
      print(FIRST),
      "Persistent Routes:",
      "      203.0.113.0    255.255.255.0      192.0.2.254       1",
      LINE,
    ].join("\n"),
    leaves: ["192.0.2.10 via 192.0.2.1"],
  },
  {
    id: "WC8",
    when: "German on-link",
    text: print("      203.0.113.0    255.255.255.0   Auf Verbindung     192.0.2.10    281"),
    leaves: ["192.0.2.10 via on-link"],
  },
  {
    id: "WC8",
    when: "Chinese on-link",
    text: print("      203.0.113.0    255.255.255.0            在链路上      192.0.2.10    281"),
    leaves: ["192.0.2.10 via on-link"],
  },
  { id: "WC1", when: "own address", text: print(FIRST, OWN), to: "198.51.100.10", leaves: ["stays"] },
  { id: "WC4", when: "bound to no own address", text: print(FIRST), bind: "192.0.2.99", leaves: ["refuses"] },
])("guest/$id $when", ({ text, bind, to, leaves }) => {
  expect(ways(decide(text, bind ?? null, to))).toEqual(leaves);
});

describe("what is not shown is assumed aloud", () => {
  test("equal sums: both, open", () => {
    const decision = decide(print(FIRST, SECOND.replace("281", " 25")));
    if (decision.kind !== "sends") throw new Error(decision.kind);
    expect(decision.together).toBe(false);
    expect(decision.sends.map(({ assumptions }) => assumptions.map(({ basis }) => basis))).toEqual([
      ["open", "default"],
      ["open", "default"],
    ]);
  });
  test("no ipconfig: the interface column is one address of maybe several", () => {
    const decision = decide(print(FIRST));
    if (decision.kind !== "sends") throw new Error(decision.kind);
    expect(decision.sends[0].certain).toBe(false);
    expect(decision.sends[0].assumptions[0]?.ask?.command).toBe("ipconfig /all");
  });
  test("interface metrics missing", () => {
    const decision = decide(PARTS);
    if (decision.kind !== "sends") throw new Error(decision.kind);
    expect(decision.sends[0].assumptions.some(({ id }) => id === "windows/interface-metrics-equal")).toBe(true);
  });
  test("no IPv6 routes given: not known", () => {
    const decision = decide(print(FIRST), null, "2001:db8::1");
    if (decision.kind !== "sends") throw new Error(decision.kind);
    expect(decision.sends[0]).toMatchObject({ device: null, source: null });
  });
});

test("guest/find-net-route: the answer of Find-NetRoute stands for the destination it was asked for", () => {
  const text = `PS C:\\> Find-NetRoute -RemoteIPAddress 203.0.113.10 | ConvertTo-Json
${JSON.stringify([
  { IPAddress: "198.51.100.10", PrefixLength: 24, ifIndex: 7, InterfaceAlias: "Ethernet 2" },
  { DestinationPrefix: "0.0.0.0/0", NextHop: "198.51.100.1", RouteMetric: 0, ifIndex: 7, InterfaceAlias: "Ethernet 2" },
])}`;
  expect(ways(decide(text))).toEqual(["198.51.100.10 via 198.51.100.1"]);
  expect(ways(decide(text, null, "203.0.113.11"))).toEqual(["null via on-link"]);
});

test("guest/windows-temporary: over IPv6 a temporary address goes before the others", () => {
  const address = (IPAddress: string, PrefixLength: number, SuffixOrigin: number) => ({
    IPAddress,
    PrefixLength,
    SuffixOrigin,
    ifIndex: 3,
    InterfaceAlias: "Ethernet",
    SkipAsSource: false,
    AddressState: 4,
  });
  const addresses = [address("2001:db8::10", 64, 4), address("2001:db8::7d1e:93c2", 128, 5)];
  const route = { ...JSON.parse(SKIP_ROUTE), DestinationPrefix: "::/0", NextHop: "fe80::1" };
  const text = `${JSON.stringify(addresses)}\n${JSON.stringify(route)}`;
  expect(ways(decide(text, null, "2001:db8:ffff::10"))).toEqual(["2001:db8::7d1e:93c2 via fe80::1"]);
});
