import { describe, expect, test } from "vitest";
import { parseIp } from "../../../address/ip.ts";
import { D1, summary } from "../../../testing/captured-guests.ts";
import { guestDecision } from "../../decide.ts";
import { type GuestQuery, PLAIN_QUERY } from "../../guest.ts";
import { readGuest } from "../../read.ts";

const ETH0 = ["2: eth0: <UP,LOWER_UP> mtu 1500 state UP", "    inet 10.0.0.10/24 brd 10.0.0.255 scope global eth0"];
const DOCKER0 = [
  "3: docker0: <UP> mtu 1500 state UP",
  "    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0",
];
const SECOND = "    inet 10.0.0.20/24 scope global secondary eth0";
const RULES = ["0:\tfrom all lookup local", "32766:\tfrom all lookup main", "32767:\tfrom all lookup default"];
const MARKED = [RULES[0] ?? "", "100:\tfrom all fwmark 0x10 lookup 100", ...RULES.slice(1)];
const ROUTE = "default via 10.0.0.1 dev eth0";
const MARKED_ROUTE = "default via 10.0.0.9 dev eth0 table 100";
const host = [...RULES, ...ETH0, ...DOCKER0, ROUTE];
const marked = [...MARKED, ...ETH0, ROUTE, MARKED_ROUTE];

const nat = (...rules: string[]): readonly string[] => [
  "*nat",
  ":OUTPUT ACCEPT [0:0]",
  ":POSTROUTING ACCEPT [0:0]",
  ...rules,
  "COMMIT",
];
const mangle = (...rules: string[]): readonly string[] => ["*mangle", ...rules, "COMMIT"];
const nft = (type: string, hook: string, ...rules: readonly string[]): readonly string[] => [
  "table ip t {",
  "\tchain c {",
  `\t\ttype ${type} hook ${hook} priority 100; policy accept;`,
  ...rules.map((rule) => `\t\t${rule}`),
  "\t}",
  "}",
];

interface Asked {
  readonly to?: string;
  readonly query?: Partial<GuestQuery>;
}

/** The sources with which packets to `D1` port 443 leave; `a | b` under open assumptions. */
function sources(given: readonly string[], filter: readonly string[], { to = D1, query = {} }: Asked = {}): string {
  const { value } = readGuest([...given, "# filter", ...filter].join("\n"), "guest.txt");
  const ip = parseIp(to);
  if (ip === undefined) throw new Error(to);
  const { leaves, unless = [] } = summary(guestDecision(value, { ...PLAIN_QUERY, port: 443, ...query }).at(ip));
  if (typeof leaves === "string") return leaves;
  const list = (ways: readonly (readonly (string | null)[])[], by: string): string =>
    ways.map(([device, source]) => (device === "lost" ? `lost: ${source}` : source)).join(by);
  return [list(leaves, " "), list(unless, " | ")].filter((text) => text !== "").join(" ");
}

// https://ipset.netfilter.org/iptables-extensions.man.html and the reference's N1 to N8.
describe("what iptables-save prints", () => {
  test.each([
    ["SNAT", "10.0.0.99", host, nat("-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.99")],
    ["with ports", "10.0.0.99", host, nat("-A POSTROUTING -p tcp -j SNAT --to-source 10.0.0.99:1024-65535 --random")],
    ["with counters", "10.0.0.99", host, nat("[5:300] -A POSTROUTING -d 203.0.113.0/24 -j SNAT --to-source 10.0.0.99")],
    ["of another device", "10.0.0.10", host, nat("-A POSTROUTING -o eth1 -j SNAT --to-source 10.0.0.99")],
    ["of devices that begin alike", "10.0.0.99", host, nat("-A POSTROUTING -o eth+ -j SNAT --to-source 10.0.0.99")],
    ["of all devices but one", "10.0.0.99", host, nat("-A POSTROUTING ! -o lo -j SNAT --to-source 10.0.0.99")],
    ["of another source", "10.0.0.10", host, nat("-A POSTROUTING -s 10.9.0.0/16 -j SNAT --to-source 10.0.0.99")],
    [
      "of another destination",
      "10.0.0.10",
      host,
      nat("-A POSTROUTING ! -d 203.0.113.0/24 -j SNAT --to-source 10.0.0.99"),
    ],
    ["came in by a device", "10.0.0.10", host, nat("-A POSTROUTING -i docker0 -j SNAT --to-source 10.0.0.99")],
    ["in a chain nobody calls", "10.0.0.10", host, nat(":corp - [0:0]", "-A corp -j SNAT --to-source 10.0.0.99")],
    [
      "in a chain that is called",
      "10.0.0.99",
      host,
      nat(":corp - [0:0]", "-A POSTROUTING -j corp", "-A corp -s 10.0.0.0/8 -j SNAT --to-source 10.0.0.99"),
    ],
    [
      "returned from it",
      "10.0.0.98",
      host,
      nat(
        ":corp - [0:0]",
        "-A POSTROUTING -j corp",
        "-A POSTROUTING -j SNAT --to-source 10.0.0.98",
        "-A corp -d 203.0.113.0/24 -j RETURN",
        "-A corp -j SNAT --to-source 10.0.0.99",
      ),
    ],
    [
      "gone to it for good",
      "10.0.0.10",
      host,
      nat(
        ":corp - [0:0]",
        "-A POSTROUTING -g corp",
        "-A POSTROUTING -j SNAT --to-source 10.0.0.98",
        "-A corp -d 203.0.113.0/24 -j RETURN",
      ),
    ],
    [
      "a chain that was not printed",
      "lost: not-evaluated",
      host,
      nat("-A POSTROUTING -j corp", "-A POSTROUTING -j SNAT --to-source 10.0.0.98"),
    ],
    [
      "several ports",
      "10.0.0.99",
      host,
      nat("-A POSTROUTING -p tcp -m multiport --dports 80,440:450 -j SNAT --to-source 10.0.0.99"),
    ],
    [
      "a new connection",
      "10.0.0.99",
      host,
      nat("-A POSTROUTING -m conntrack --ctstate NEW,RELATED -j SNAT --to-source 10.0.0.99"),
    ],
    [
      "not a new one",
      "10.0.0.10",
      host,
      nat("-A POSTROUTING -m state --state ESTABLISHED -j SNAT --to-source 10.0.0.99"),
    ],
    [
      "a set that is not shown",
      "10.0.0.10 | 10.0.0.99",
      host,
      nat("-A POSTROUTING -m set --match-set partners dst -j SNAT --to-source 10.0.0.99"),
    ],
    [
      "two sets, one inside the other",
      "10.0.0.10 | 10.0.0.99",
      host,
      nat(
        ":corp - [0:0]",
        "-A POSTROUTING -m set --match-set a dst -j corp",
        "-A corp -m set ! --match-set b dst -j SNAT --to-source 10.0.0.99",
      ),
    ],
    [
      "a set in front of what holds for all",
      "10.0.0.99 | 10.0.0.10",
      host,
      nat("-A POSTROUTING -m set --match-set internal dst -j RETURN", "-A POSTROUTING -j SNAT --to-source 10.0.0.99"),
    ],
    [
      "half of all, at random",
      "10.0.0.98 | 10.0.0.99",
      host,
      nat(
        "-A POSTROUTING -m statistic --mode random --probability 0.50000000000 -j SNAT --to-source 10.0.0.99",
        "-A POSTROUTING -j SNAT --to-source 10.0.0.98",
      ),
    ],
    ["NETMAP", "lost: not-evaluated", host, nat("-A POSTROUTING ! -s 10.9.0.0/16 -j NETMAP --to 10.7.0.0/24")],
    ["a huge range", "lost: not-evaluated", host, nat("-A POSTROUTING -j SNAT --to-source 10.0.0.0-10.255.255.255")],
    ["a target that is not known", "lost: not-evaluated", host, nat("-A POSTROUTING -j SOMETHING --new")],
    ["MASQUERADE", "10.0.0.10", host, nat("-A POSTROUTING -o eth0 -j MASQUERADE")],
    [
      "MASQUERADE, a source of its own",
      "10.0.0.10",
      [...RULES, ...ETH0, SECOND, ...DOCKER0, `${ROUTE} src 10.0.0.20`],
      nat("-A POSTROUTING -j MASQUERADE"),
    ],
    [
      "iptables -t nat -S",
      "10.0.0.99",
      host,
      ["-P POSTROUTING ACCEPT", "-A POSTROUTING -j SNAT --to-source 10.0.0.99"],
    ],
    ["rules that filter", "10.0.0.10", host, ["*filter", "-A OUTPUT -d 203.0.113.10/32 -j DROP", "COMMIT"]],
    [
      "what comes in",
      "10.0.0.10",
      host,
      nat("-A INPUT -j SNAT --to-source 10.0.0.99", "-A PREROUTING -j DNAT --to-destination 10.0.0.7"),
    ],
    [
      "what comes in by a published port",
      "10.0.0.10",
      host,
      nat(
        ":DOCKER - [0:0]",
        "-A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER",
        "-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE",
        "-A DOCKER ! -i docker0 -p tcp -m tcp --dport 443 -j DNAT --to-destination 172.17.0.2:80",
      ),
    ],
    [
      "DNAT of another port",
      "10.0.0.10",
      host,
      nat("-A OUTPUT -p tcp --dport 80 -j DNAT --to-destination 10.0.0.7:3128"),
    ],
    ["DNAT", "lost: elsewhere", host, nat("-A OUTPUT -p tcp --dport 443 -j DNAT --to-destination 10.0.0.7:3128")],
    ["DNAT to where it goes anyway", "10.0.0.10", host, nat("-A OUTPUT -j DNAT --to-destination 203.0.113.10:443")],
    [
      "a transparent proxy (https://github.com/darkk/redsocks)",
      "lost: elsewhere",
      host,
      nat(
        ":REDSOCKS - [0:0]",
        "-A OUTPUT -p tcp -j REDSOCKS",
        "-A REDSOCKS -d 10.0.0.0/8 -j RETURN",
        "-A REDSOCKS -p tcp -j REDIRECT --to-ports 12345",
      ),
    ],
    ["marked", "10.0.0.10", marked, mangle("-A OUTPUT -d 203.0.113.0/24 -j MARK --set-xmark 0x10/0xffffffff")],
    [
      "the mark of a new connection",
      "10.0.0.99",
      host,
      [
        ...mangle("-A OUTPUT -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff"),
        ...nat("-A POSTROUTING -m mark --mark 0x0 -j SNAT --to-source 10.0.0.99"),
      ],
    ],
    // https://github.com/aws/amazon-vpc-cni-k8s
    [
      "the chain of a container network on AWS",
      "10.0.0.99",
      host,
      nat(
        ":AWS-SNAT-CHAIN-0 - [0:0]",
        '-A POSTROUTING -m comment --comment "AWS SNAT CHAIN" -j AWS-SNAT-CHAIN-0',
        '-A AWS-SNAT-CHAIN-0 -d 10.0.0.0/16 -m comment --comment "AWS SNAT CHAIN" -j RETURN',
        '-A AWS-SNAT-CHAIN-0 ! -o vlan+ -m comment --comment "AWS, SNAT" -m addrtype ! --dst-type LOCAL -j SNAT --to-source 10.0.0.99 --random-fully',
      ),
    ],
  ] as const)("%s: %s", (_, expected, given, filter) => {
    expect(ordered(sources(given, filter))).toEqual(ordered(expected));
  });

  test("of one user: both ways, until the user is known", () => {
    const filter = nat("-A OUTPUT -p tcp -m owner ! --uid-owner 990 -j REDIRECT --to-ports 12345");
    expect(ordered(sources(host, filter))).toEqual(["10.0.0.10", "lost: elsewhere"]);
    expect(sources(host, filter, { query: { uid: 990 } })).toBe("10.0.0.10");
    expect(sources(host, filter, { query: { uid: 0 } })).toBe("lost: elsewhere");
  });

  test("of one family: of its addresses, of its command, or of both", () => {
    const six = [
      ...host,
      "    inet6 2001:db8::10/64 scope global",
      "default via 2001:db8::1 dev eth0 metric 1024 pref medium",
    ];
    const to = "2001:db8:ffff::10";
    const rule = "-A POSTROUTING -o eth0 -j NETMAP --to x";
    expect(sources(six, ["# Generated by ip6tables-save v1.8.9 on Mon", ...nat(rule)], { to })).toBe(
      "lost: not-evaluated",
    );
    expect(sources(six, ["# Generated by ip6tables-save v1.8.9 on Mon", ...nat(rule)])).toBe("10.0.0.10");
    expect(sources(six, ["# Generated by iptables-save v1.8.9 on Mon", ...nat(rule)], { to })).toBe("2001:db8::10");
    expect(sources(six, nat(rule), { to })).toBe("lost: not-evaluated");
    expect(sources(six, nat("-A POSTROUTING -s 2001:db8::/64 -j SNAT --to-source 2001:db8::99"), { to })).toBe(
      "2001:db8::99",
    );
    expect(sources(six, nat("-A POSTROUTING -s 2001:db8::/64 -j NETMAP --to x"))).toBe("10.0.0.10");
  });

  test("what iptables and nft both print of one table is one, and of two tables both", () => {
    const saved = nat("-A POSTROUTING -j SNAT --to-source 10.0.0.98");
    const listed = [
      "table ip nat {",
      "\tchain POSTROUTING {",
      "\t\ttype nat hook postrouting priority srcnat; policy accept;",
    ];
    const both = (head: string): string =>
      sources(host, [head, ...saved, ...listed, "\t\tsnat to 10.0.0.99", "\t}", "}"]);
    expect(both("# Generated by iptables-save v1.8.9 (nf_tables) on Mon")).toBe("10.0.0.98");
    expect(ordered(both("# Generated by iptables-save v1.8.9 on Mon"))).toEqual(["10.0.0.98", "10.0.0.99"]);
  });

  test("of a container, or of the host again", () => {
    const snat = nat("-A POSTROUTING -j SNAT --to-source 10.0.0.99");
    const generated = "# Generated by iptables-save v1.8.9 (nf_tables) on Mon Nov 23 00:57:00 2026";
    expect(sources(host, ["$ docker exec web iptables-save", generated, ...snat])).toBe("10.0.0.10");
    expect(
      sources(host, ["$ ip netns exec blue nft list ruleset", ...nft("nat", "postrouting", "snat to 10.0.0.99")]),
    ).toBe("10.0.0.10");
    expect(sources(host, ["$ docker exec web ip addr", "$ iptables-save", generated, ...snat])).toBe("10.0.0.99");
  });

  test("two tables as iptables -S prints them, one behind the other", () => {
    const rules = [
      "-P OUTPUT ACCEPT",
      "-A OUTPUT -j MARK --set-xmark 0x10/0xffffffff",
      "-P POSTROUTING ACCEPT",
      "-A POSTROUTING -m mark --mark 0x10 -j SNAT --to-source 10.0.0.99",
    ];
    expect(sources(host, rules)).toBe("10.0.0.99");
  });

  test("own addresses that were not given: whether it is one is open", () => {
    const filter = nat("-A POSTROUTING -m addrtype ! --dst-type LOCAL -j SNAT --to-source 10.0.0.99");
    expect(sources(host, filter)).toBe("10.0.0.99");
    expect(ordered(sources([...RULES, `${ROUTE} src 10.0.0.10`], filter))).toEqual(["10.0.0.10", "10.0.0.99"]);
  });

  test("a source that is not known may be in a prefix or not", () => {
    const filter = nat("-A POSTROUTING -s 10.0.0.0/24 -j SNAT --to-source 10.0.0.99");
    expect(ordered(sources([...RULES, ROUTE], filter))).toEqual(["10.0.0.99", "?"]);
  });
});

const ordered = (text: string): readonly string[] => text.split(" | ").sort();

// https://www.netfilter.org/projects/nftables/manpage.html, as nft 1.0.6 lists it.
describe("what nft list ruleset prints", () => {
  test.each([
    ["snat", "10.0.0.99", 'oifname "eth0" snat to 10.0.0.99'],
    ["of a family", "10.0.0.99", "ip saddr 10.0.0.10 snat ip to 10.0.0.99:1024-65535 fully-random"],
    ["not for this one", "10.0.0.10", "ip daddr != 203.0.113.0/24 counter packets 0 bytes 0 snat to 10.0.0.99"],
    [
      "one of several",
      "10.0.0.99",
      "tcp dport { 25, 440-450 } ip daddr { 192.0.2.0/24, 203.0.113.9-203.0.113.11 } snat to 10.0.0.99",
    ],
    ["none of several", "10.0.0.10", 'oifname { "eth1", "wg*" } snat to 10.0.0.99 comment "to the tunnels"'],
    ["another protocol", "10.0.0.10", "meta l4proto udp snat to 10.0.0.99"],
    ["a number of a protocol", "10.0.0.99", "meta l4proto 6 snat to 10.0.0.99"],
    ["a new connection", "10.0.0.99", "ct state { established, new } snat to 10.0.0.99"],
    ["no new connection", "10.0.0.10", "ct state established,related snat to 10.0.0.99"],
    ["not to itself", "10.0.0.99", 'fib daddr type != local log prefix "nat: " snat to 10.0.0.99'],
    ["a set that is named", "10.0.0.10 | 10.0.0.99", "ip daddr @partners snat to 10.0.0.99"],
    ["what is not known", "10.0.0.10 | 10.0.0.99", 'socket cgroupv2 level 1 "corp" snat to 10.0.0.99'],
    ["a map", "lost: not-evaluated", "snat to ip daddr map { 203.0.113.10 : 10.0.0.98 }"],
    ["a map of verdicts", "10.0.0.10 | lost: not-evaluated", "ip daddr vmap { 203.0.113.10 : accept }"],
    [
      "a target of iptables",
      "10.0.0.10 | lost: not-evaluated",
      'oifname "eth0" counter packets 0 bytes 0 xt target "SNAT"',
    ],
    ["a target for others", "10.0.0.10", 'ip saddr 172.17.0.0/16 xt target "MASQUERADE"'],
    ["the address itself", "10.0.0.10 | lost: not-evaluated", "ip saddr set 10.0.0.99"],
    ["what changes no address", "10.0.0.10", "tcp flags syn tcp option maxseg size set rt mtu"],
    ["masquerade", "10.0.0.10", "masquerade fully-random"],
    ["Docker's", "10.0.0.10", 'oifname != "docker0" ip saddr 172.17.0.0/16 counter packets 0 bytes 0 masquerade'],
    ["IPv6 alone", "10.0.0.10", "ip6 daddr != 2001:db8::/32 snat to 10.0.0.99"],
    ["of a user", "10.0.0.10", "meta skuid 990 snat to 10.0.0.99"],
    ["of a user, as iptables-nft has it", "10.0.0.10", "skuid 990 counter packets 0 bytes 0 snat to 10.0.0.99"],
    ["with a handle", "10.0.0.99", "snat to 10.0.0.99 # handle 7"],
  ])("%s: %s", (_, expected, rule) => {
    expect(ordered(sources(host, nft("nat", "postrouting", rule), { query: { uid: 0 } }))).toEqual(ordered(expected));
  });

  test("a set on several lines", () => {
    const rule = ["ip daddr { 192.0.2.0/24, 198.51.100.0/24,", "\t     203.0.113.0/24 } snat to 10.0.0.99"];
    expect(sources(host, nft("nat", "postrouting", ...rule))).toBe("10.0.0.99");
  });

  test("sets, maps and chains beside it", () => {
    const table = [
      "table inet t {",
      "\tset partners {",
      "\t\ttype ipv4_addr",
      "\t\telements = { 203.0.113.10,",
      "\t\t\t     203.0.113.11 }",
      "\t}",
      "\tchain post { # handle 3",
      "\t\ttype nat hook postrouting priority srcnat + 5; policy accept;",
      "\t\tgoto corp",
      "\t}",
      "\tchain corp {",
      "\t\tip daddr 203.0.113.0/24 snat ip to 10.0.0.99",
      "\t}",
      "}",
    ];
    expect(sources(host, table)).toBe("10.0.0.99");
    expect(sources(host, [...table.slice(0, 1), "\tflags dormant", ...table.slice(1)])).toBe("10.0.0.10");
  });

  test.each([
    ["meta mark set 0x00000010", "10.0.0.9"],
    ["meta mark set meta mark | 0x10 counter packets 1 bytes 60", "10.0.0.9"],
    ["mark set mark and 0xffffff0f or 0x10", "10.0.0.9"],
    ["meta mark set 0x10 meta mark set 0x20", "10.0.0.1"],
    ["ct mark set meta mark meta mark set 0x10", "10.0.0.9"],
    ["ct mark set 0x10 meta mark set ct mark", "10.0.0.9"],
    ["meta mark set ct mark", "10.0.0.1"],
    ["meta mark 0x0 meta mark set 0x10", "10.0.0.9"],
    ["ct state new,established meta mark set 0x10", "10.0.0.9"],
    ["meta mark & 0xff != 0x0 meta mark set 0x10", "10.0.0.1"],
  ])("%s: by %s", (rule, gateway) => {
    const { value } = readGuest([...marked, "# filter", ...nft("route", "output", rule)].join("\n"), "guest.txt");
    const { leaves } = summary(guestDecision(value, { ...PLAIN_QUERY, port: 443 }).at(parseIp(D1) ?? never()));
    expect(leaves).toEqual([["eth0", "10.0.0.10", gateway]]);
  });
});

const early = (line: string): string => line.replace("priority 100", "priority mangle");

const never = (): never => {
  throw new Error(D1);
};

describe("the packets of one connection", () => {
  const CONNMARK = "-A OUTPUT -j CONNMARK --restore-mark --nfmask 0xffffffff --ctmask 0xffffffff";
  const NEW = "-A OUTPUT -m conntrack --ctstate NEW -j MARK --set-xmark 0x10/0xffffffff";
  const SAVE = "-A OUTPUT -j CONNMARK --save-mark --nfmask 0xffffffff --ctmask 0xffffffff";
  test.each([
    ["the first alone is marked", "lost: parted", [NEW]],
    ["the mark is kept and restored", "10.0.0.10", [CONNMARK, NEW, SAVE]],
    ["kept, and never restored", "lost: parted", [NEW, SAVE]],
    ["the later ones alone are marked", "lost: parted", [NEW.replace("NEW", "ESTABLISHED")]],
  ])("%s: %s", (_, expected, rules) => {
    expect(sources(marked, mangle(...rules))).toBe(expected);
  });
  test("routed by the mark of the chain that routes, whatever a later one makes of it", () => {
    const late = nft("filter", "output", "meta mark set 0x0").map((line) =>
      line.replace("table ip t", "table ip late"),
    );
    const { value } = readGuest(
      [...marked, "# filter", ...nft("route", "output", "meta mark set 0x10").map(early), ...late].join("\n"),
      "guest.txt",
    );
    const { leaves } = summary(guestDecision(value, { ...PLAIN_QUERY, port: 443 }).at(parseIp(D1) ?? never()));
    expect(leaves).toEqual([["eth0", "10.0.0.10", "10.0.0.9"]]);
  });
  test("kept as it leaves, for the later ones", () => {
    const rules = [CONNMARK, NEW, SAVE.replace("OUTPUT", "POSTROUTING")];
    expect(sources(marked, mangle(":POSTROUTING ACCEPT [0:0]", ...rules))).toBe("10.0.0.10");
  });
});

describe("what is not whole is told", () => {
  const codes = (...filter: readonly string[]): readonly string[] =>
    readGuest([...host, "# filter", ...filter].join("\n"), "guest.txt").problems.map(
      ({ level, code }) => `${level} ${code}`,
    );

  test.each([
    ["iptables-save", nat("-A POSTROUTING -o eth0 -j MASQUERADE")],
    ["nft", nft("nat", "postrouting", "masquerade")],
  ])("%s is cut", (_, whole) => {
    expect(codes(...whole)).toEqual([]);
    for (let length = 1; length < whole.length; length += 1)
      expect(codes(...whole.slice(0, length))).toEqual(["error guest/cut-table"]);
  });

  test.each([
    ["MASQUERADE  all  --  0.0.0.0/0            0.0.0.0/0", 1],
    ["  12  720 SNAT       all  --  *      eth0    0.0.0.0/0            0.0.0.0/0            to:10.0.0.99", 1],
    ["RETURN     all  --  10.0.0.0/8           0.0.0.0/0", 0],
  ])("iptables -L: %s", (row, count) => {
    const list = ["Chain POSTROUTING (policy ACCEPT)", "target     prot opt source               destination", row, ""];
    expect(codes(...list).filter((code) => code === "error guest/filter-listing")).toHaveLength(count);
  });

  test("chains that call each other without end are given up", () => {
    const chains = Array.from({ length: 14 }, (_, at) => `:c${at} - [0:0]`);
    const calls = Array.from({ length: 13 }, (_, at) =>
      Array.from({ length: 20 }, () => `-A c${at} -j c${at + 1}`),
    ).flat();
    expect(sources(host, nat(...chains, "-A POSTROUTING -j c0", ...calls))).toBe("lost: too-many-ways");
    expect(sources(host, nat(":a - [0:0]", "-A POSTROUTING -j a", "-A a -j a"))).toBe("lost: not-evaluated");
  });

  test("what is given up on one way is given up on all", () => {
    const split = "-A POSTROUTING -m set --match-set s dst -j MARK --set-xmark 0x10/0xffffffff";
    const open = Array.from(
      { length: 90 },
      (_, at) => `-A POSTROUTING -m mark --mark 0x10 -m set --match-set s${at} dst -j SNAT --to-source 10.0.1.${at}`,
    );
    const filter = [...mangle(split), ...nat(...open, "-A POSTROUTING -j SNAT --to-source 10.0.0.99")];
    expect(sources(host, filter)).toBe("lost: too-many-ways");
  });

  test("rules that only log are told apart by nothing, however many", () => {
    const logs = Array.from({ length: 90 }, (_, at) => `-A POSTROUTING -m limit --limit ${at + 1}/min -j LOG`);
    expect(sources(host, nat(...logs, "-A POSTROUTING -j SNAT --to-source 10.0.0.99"))).toBe("10.0.0.99");
  });

  test("more open conditions than can be told apart are given up", () => {
    const open = Array.from(
      { length: 90 },
      (_, at) => `-A POSTROUTING -m set --match-set s${at} dst -j SNAT --to-source 10.0.1.${at}`,
    );
    expect(sources(host, nat(...open))).toBe("lost: too-many-ways");
  });
});
