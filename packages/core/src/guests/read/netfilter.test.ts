import { describe, expect, test } from "vitest";
import { readGuest } from "../read.ts";

const ETH0 = ["2: eth0: <UP,LOWER_UP> mtu 1500 state UP", "    inet 10.0.0.10/24 brd 10.0.0.255 scope global eth0"];
const DOCKER0 = [
  "3: docker0: <UP> mtu 1500 state UP",
  "    inet 172.17.0.1/16 brd 172.17.255.255 scope global docker0",
];
const SECOND = "    inet 10.0.0.20/24 scope global secondary eth0";
const RULES = ["0:\tfrom all lookup local", "32766:\tfrom all lookup main", "32767:\tfrom all lookup default"];
const MARKED = [RULES[0] ?? "", "100:\tfrom all fwmark 0x10 lookup 100", ...RULES.slice(1)];
const ROUTE = "default via 10.0.0.1 dev eth0";

const lines = (host: readonly string[], filter: readonly string[]): readonly string[] =>
  readGuest([...host, "# filter", ...filter].join("\n"), "guest.txt").problems.flatMap(({ code, level, text }) =>
    code === "guest/own-translation" ? [`${level} ${text.en}`] : [],
  );
const host = [...RULES, ...ETH0, ...DOCKER0, ROUTE];
const nat = (...rules: string[]): readonly string[] => ["*nat", ":POSTROUTING ACCEPT [0:0]", ...rules, "COMMIT"];
const mangle = (...rules: string[]): readonly string[] => ["*mangle", ...rules, "COMMIT"];
const nft = (type: string, hook: string, rule: string): readonly string[] => [
  "table ip t {",
  "\tchain c {",
  `\t\ttype ${type} hook ${hook} priority 100; policy accept;`,
  `\t\t${rule}`,
  "\t}",
  "}",
];

// https://ipset.netfilter.org/iptables-extensions.man.html and the reference's N1 to N8.
describe("a rule that may change what the host itself sends is said, and no answer rests on it", () => {
  test.each([
    ["SNAT", host, nat("-A POSTROUTING -o eth0 -j SNAT --to-source 10.0.0.99")],
    ["SNAT with counters", host, nat("[5:300] -A POSTROUTING -d 192.0.2.0/24 -j SNAT --to-source 10.0.0.99")],
    ["SNAT in a chain that is called", host, nat("-A corp-nat -s 10.0.0.0/8 -j SNAT --to-source 10.0.0.99")],
    ["NETMAP", host, nat("-A POSTROUTING ! -s 10.9.0.0/16 -j NETMAP --to 10.7.0.0/24")],
    ["MASQUERADE, two addresses", [...RULES, ...ETH0, SECOND, ROUTE], nat("-A POSTROUTING -o eth0 -j MASQUERADE")],
    [
      "MASQUERADE, a source of its own",
      [...host, `${ROUTE} src 172.17.0.1 metric 5`],
      nat("-A POSTROUTING -j MASQUERADE"),
    ],
    ["MASQUERADE, addresses not given", [...RULES, ROUTE], nat("-A POSTROUTING -j MASQUERADE")],
    ["DNAT of its own", host, nat("-A OUTPUT -p tcp --dport 80 -j DNAT --to-destination 10.0.0.7:3128")],
    [
      "MARK with a rule for marks",
      [...MARKED, ...ETH0, ROUTE],
      mangle("-A OUTPUT -j MARK --set-xmark 0x10/0xffffffff"),
    ],
    ["nft snat", host, nft("nat", "postrouting", 'oifname "eth0" snat to 10.0.0.99')],
    ["nft snat of a family", host, nft("nat", "postrouting", "ip saddr 10.0.0.10 snat ip to 10.0.0.99")],
    ["nft dnat", host, nft("nat", "output", "tcp dport 80 dnat to 10.0.0.7:3128")],
    ["nft mark", [...MARKED, ...ETH0, ROUTE], nft("route", "output", "ip daddr 203.0.113.0/24 meta mark set 0x10")],
  ])("%s", (_, given, filter) => {
    const said = lines(given, filter);
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(/^error ".*" may /);
  });
});

describe("what does not concern it is not said", () => {
  test.each([
    ["Docker's", host, nat("-A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE")],
    [
      "Docker's published port",
      host,
      nat("-A DOCKER ! -i docker0 -p tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80"),
    ],
    ["to the bridge", host, nat("-A POSTROUTING -o docker0 -j SNAT --to-source 172.17.0.1")],
    [
      "what comes in",
      host,
      nat("-A INPUT -j SNAT --to-source 10.0.0.99", "-A PREROUTING -j DNAT --to-destination 10.0.0.7"),
    ],
    ["MASQUERADE with the only address", host, nat("-A POSTROUTING -o eth0 -j MASQUERADE")],
    ["a mark that nobody looks at", host, mangle("-A OUTPUT -j MARK --set-xmark 0x10/0xffffffff")],
    [
      "a mark of what is forwarded",
      [...MARKED, ...ETH0, ROUTE],
      mangle("-A PREROUTING -j MARK --set-xmark 0x10/0xffffffff"),
    ],
    [
      "nft: a mark too late to route by (L29b)",
      [...MARKED, ...ETH0, ROUTE],
      nft("filter", "output", "meta mark set 0x10"),
    ],
    [
      "nft: Docker's",
      host,
      nft("nat", "postrouting", 'oifname != "docker0" ip saddr 172.17.0.0/16 counter masquerade'),
    ],
    ["nft: what comes in", host, nft("nat", "prerouting", "tcp dport 80 dnat to 10.0.0.7")],
    ["rules that filter", host, ["*filter", "-A OUTPUT -d 192.0.2.7/32 -j DROP", "COMMIT"]],
  ])("%s", (_, given, filter) => {
    expect(lines(given, filter)).toEqual([]);
  });
});
