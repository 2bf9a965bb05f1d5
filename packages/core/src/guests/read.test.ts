import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cidrOf } from "../address/cidr.ts";
import { piecesOf } from "../address/destination-map.ts";
import { ipFromNumber, parseIp } from "../address/ip.ts";
import { guestDecision } from "./decide.ts";
import { type GuestFacts, PLAIN_QUERY } from "./guest.ts";
import { mergeGuests, readGuest, recogniseGuest } from "./read.ts";

const textOf = (name: string): string => readFileSync(new URL(`./testdata/${name}`, import.meta.url), "utf8");
const read = (text: string): GuestFacts => readGuest(text, "guest.txt").value;
const codes = (text: string): readonly string[] =>
  readGuest(text, "guest.txt").problems.map(({ code, line }) => `${code}:${line}`);
const short = ({ routes }: GuestFacts): readonly string[] =>
  routes.map(({ type, prefix, hops, metric, source }) =>
    [type, prefix, ...hops.map(({ gateway, device }) => `${gateway}@${device}`), metric, source].join(" "),
  );

// All were printed by one host: iproute2 6.1, net-tools 2.10.
describe("one host in many formats", () => {
  const routes = [
    "unicast 0.0.0.0/0 10.0.0.1@eth0 100 ",
    "unicast 0.0.0.0/0 10.1.0.1@eth1 200 ",
    "unicast 10.0.0.0/24 null@eth0  10.0.0.10",
    "unicast 10.1.0.0/24 null@eth1  10.1.0.10",
    "unicast 10.2.0.0/24 null@eth2  10.2.0.10",
    "blackhole 192.0.2.0/24  ",
    "unreachable 192.0.3.0/24  ",
    "unicast 198.51.100.64/26 10.1.0.1@eth1  ",
  ];
  test("ip route", () => expect(short(read(textOf("format-ip-route.txt")))).toEqual(routes));
  test("ip -p -j route", () => expect(short(read(textOf("format-ip--p--j-route.txt")))).toEqual(routes));
  test("route -n has no sources", () => {
    const facts = read(textOf("format-route--n.txt"));
    expect(short(facts)[0]).toBe("unicast 0.0.0.0/0 10.0.0.1@eth0 100 ");
    expect(short(facts)[5]).toBe("blackhole 192.0.2.0/24 0 ");
    expect(short(facts)[6]).toBe("unreachable 192.0.3.0/24 0 ");
  });
  test("netstat -rn has no metrics", () => {
    const facts = read(textOf("format-netstat--rn.txt"));
    expect(short(facts)[0]).toBe("unicast 0.0.0.0/0 10.0.0.1@eth0  ");
    expect(facts.routes[0]?.detail).toBe("no-metric");
  });
  test("route -6 -n", () => {
    const facts = read(textOf("format-route--6--n.txt"));
    expect(short(facts)).toContain("unicast ::/0 2001:db8::1@eth0 1024 ");
    expect(facts.routes.some(({ type }) => type !== "unicast")).toBe(false);
  });
  test("ip -o addr, ip -br addr, ip -br link", () => {
    const one = read(textOf("format-ip--o-addr.txt")).devices.find(({ name }) => name === "eth0");
    const brief = read(textOf("format-ip--br-addr.txt")).devices.find(({ name }) => name === "eth0");
    expect(one?.addresses.map(({ ip, secondary }) => [ip, secondary])).toEqual(
      brief?.addresses.map(({ ip, secondary }) => [ip, secondary]),
    );
    expect(one?.addresses[1]).toMatchObject({ ip: "10.0.0.20", secondary: true });
    expect(read(textOf("format-ip--br-link.txt")).devices[1]).toMatchObject({ name: "eth0", mac: "02:00:00:00:00:10" });
  });
  test.each([
    ["format-ip-route-get-203.0.113.10.txt", "10.0.0.10", "eth0"],
    ["format-ip--j-route-get-203.0.113.10.txt", "10.0.0.10", "eth0"],
    ["format-ip-route-get-203.0.113.10-from-10.1.0.10.txt", "10.1.0.10", "eth1"],
    ["format-ip--6-route-get-2001_db8_ffff__10.txt", "2001:db8::10", "eth0"],
  ])("%s", (name, source, device) => {
    const facts = read(textOf(name));
    expect(facts.routes).toEqual([]);
    expect(facts.routeGets).toMatchObject([{ source, device }]);
  });
  test("an answer about an own address", () => {
    expect(read(textOf("format-ip-route-get-10.1.0.10.txt")).routeGets).toMatchObject([{ type: "local" }]);
  });
});

describe("several commands in one text", () => {
  const pasted = [
    "admin@vm1:~$ ip route",
    "default via 10.0.0.1 dev eth0 proto dhcp src 10.0.0.10 metric 100 ",
    "10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.10 metric 100 ",
    "admin@vm1:~$ ip route show table 100",
    "default via 10.1.0.1 dev eth1 ",
    "admin@vm1:~$ ip rule",
    "0:\tfrom all lookup local",
    "32765:\tfrom 10.1.0.10 lookup 100",
    "32766:\tfrom all lookup main",
    "32767:\tfrom all lookup default",
    "admin@vm1:~$ ip -6 rule",
    "0:\tfrom all lookup local",
    "32766:\tfrom all lookup main",
    "admin@vm1:~$ ip -br addr",
    "eth0             UP             10.0.0.10/24 ",
    "eth1             UP             10.1.0.10/24 ",
  ];
  test.each([["\n"], ["\r\n"], [" \r\n"]])("are told apart (%j)", (end) => {
    const { value, problems } = readGuest(pasted.join(end), "guest.txt");
    expect(problems).toEqual([]);
    expect(value.hostName).toBe("vm1");
    expect(value.routes.map(({ table }) => table)).toEqual(["main", "main", "100"]);
    expect(value.rules.map(({ family }) => family)).toEqual([4, 4, 4, 4, 6, 6]);
    expect(value.have).toMatchObject({
      tables4: ["main", "100"],
      tables6: [],
      rules4: true,
      rules6: true,
      addresses: "bare",
    });
  });
  test("devices of one MAC are two on Linux (accelerated networking)", () => {
    const link = "eth0  UP  00:0d:3a:01:02:03 <UP>\nenP1s1  UP  00:0d:3a:01:02:03 <UP>\n";
    expect(read(link).devices.map(({ name }) => name)).toEqual(["eth0", "enP1s1"]);
  });
  test("route print and ipconfig name one interface", () => {
    const text = [
      " 12...00 0d 3a 01 02 03 ......Microsoft Hyper-V Network Adapter",
      "Ethernet adapter Ethernet:",
      "   Physical Address. . . . . . . . . : 00-0D-3A-01-02-03",
      "   IPv4 Address. . . . . . . . . . . : 10.0.0.4(Preferred)",
      "   Subnet Mask . . . . . . . . . . . : 255.255.255.0",
      "   Default Gateway . . . . . . . . . : 10.0.0.1",
    ].join("\r\n");
    expect(read(text).devices).toMatchObject([
      { index: 12, mac: "00:0d:3a:01:02:03", addresses: [{ ip: "10.0.0.4" }] },
    ]);
  });
  test("the same table twice is one", () => {
    const text = textOf("L06.txt");
    expect(read(text + text).routes).toEqual(read(text).routes);
    expect(read(text + text).rules).toEqual(read(text).rules);
  });
  test("a selection is not the whole table", () => {
    expect(read("$ ip route show default\ndefault via 10.0.0.1 dev eth0").have.tables4).toEqual([]);
    expect(read("$ ip route | grep default\ndefault via 10.0.0.1 dev eth0").have.tables4).toEqual([]);
    expect(read("$ ip route\ndefault via 10.0.0.1 dev eth0").have.tables4).toEqual(["main"]);
  });
  test("other commands' output between them is passed over", () => {
    const text =
      "$ ip route\ndefault via 10.0.0.1 dev eth0\n$ cat /etc/resolv.conf\nnameserver 10.0.0.2\n$ ip rule\n0:\tfrom all lookup local\n32766:\tfrom all lookup main";
    expect(codes(text)).toEqual([]);
    expect(codes("$ ip route\ndefault via 10.0.0.1 dev eth0\nnameserver 10.0.0.2")).toEqual([
      "guest/unreadable-line:3",
    ]);
  });
  test("table all without -4 or -6 shows both families", () => {
    expect(read("$ ip route show table all\ndefault via 10.0.0.1 dev eth0").have).toMatchObject({
      tables4: "all",
      tables6: "all",
    });
  });
  test("files of two hosts stay apart, those of one are joined", () => {
    const one = read("default via 10.0.0.1 dev eth0 src 10.0.0.10");
    const two = read("default via 10.9.0.1 dev eth0 src 10.9.0.10");
    const addresses = read("eth0  UP  10.0.0.10/24");
    expect(mergeGuests([one, two, addresses])).toHaveLength(2);
    expect(mergeGuests([one, addresses])).toMatchObject([{ have: { addresses: "bare", tables4: ["main"] } }]);
  });
});

describe("what cannot be read is told, with its line", () => {
  test.each([
    ["masked gateway", "default via 10.0.xxx.1 dev eth0", ["guest/unreadable-line:1"]],
    ["masked destination", "10.0.0.0/24 dev eth0\n10.1.xxx.0/24 via 10.0.0.1 dev eth0", ["guest/unreadable-line:2"]],
    ["masked rule", "0:\tfrom all lookup local\n100:\tfrom 10.x.0.1 lookup 5", ["guest/unreadable-line:2"]],
    ["masked address", "eth0  UP  10.0.*.1/24", ["guest/unreadable-line:1"]],
    ["cut route print row", "  0.0.0.0  0.0.0.0  192.0.2.1  192.0.", ["guest/unreadable-line:1"]],
    ["masked route print row", "  0.0.0.0  0.0.0.0  192.0.2.xxx  192.0.2.10  25", ["guest/unreadable-line:1"]],
    ["cut JSON", '[{"dst":"default","gateway":"10.0.0.1","dev":"eth0","flags":[]},{"dst":"10.', ["json/truncated:1"]],
    ["something else", "hello", ["guest/nothing-read:null"]],
    ["nothing", "", ["guest/nothing-read:null"]],
  ])("%s", (_, text, expected) => {
    expect(
      codes(text).filter((code) => expected.length > 1 || !code.startsWith("guest/nothing") || expected[0] === code),
    ).toEqual(expected);
  });
  test("truncated JSON gives what came before", () => {
    expect(short(read('[{"dst":"default","gateway":"10.0.0.1","dev":"eth0","flags":[]},{"dst":"10.'))).toEqual([
      "unicast 0.0.0.0/0 10.0.0.1@eth0  ",
    ]);
  });
  test("wrong types are problems", () => {
    expect(codes('[{"dst":5,"dev":"eth0"}]')).toContain("guest/unreadable-line:1");
    expect(codes('[{"priority":"x","table":"main"}]')).toContain("guest/unreadable-line:1");
  });
});

describe("assumptions about what was not given", () => {
  const assumed = (text: string, to = "198.51.100.25"): readonly string[] => {
    const destination = parseIp(to);
    const decision = destination && guestDecision(read(text), PLAIN_QUERY).at(destination);
    if (decision?.kind !== "sends") throw new Error(decision?.kind);
    return decision.sends.flatMap(({ assumptions }) => assumptions.map(({ id, basis }) => `${id} ${basis}`));
  };
  const main = "default via 10.0.0.1 dev eth0\n10.0.0.0/24 dev eth0 proto kernel scope link src 10.0.0.10\n";
  const rules =
    "0:\tfrom all lookup local\n100:\tfrom all lookup 100\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default\n";
  // Nor were the rules of its packet filter.
  const filter = "linux/filter-default-ipv4 default";
  test("only ip route", () =>
    expect(assumed(main)).toEqual([
      "linux/rules-default-ipv4 default",
      filter,
      "linux/addresses-not-shown:eth0 default",
    ]));
  test("route with src needs no addresses", () =>
    expect(assumed("default via 10.0.0.1 dev eth0 src 10.0.0.10")).toEqual([
      "linux/rules-default-ipv4 default",
      filter,
    ]));
  test("a rule leads to a table that was not given", () =>
    expect(assumed(main + rules)).toEqual([
      filter,
      "linux/table-without-route:100 open",
      "linux/addresses-not-shown:eth0 default",
      filter,
      "linux/table-with-route:100 open",
    ]));
  test("no IPv6 at all", () => expect(assumed(main, "2001:db8::1")).toEqual(["linux/routes-not-given-ipv6 open"]));
  test("a rule that looks at what is not known here", () =>
    expect(
      assumed(
        `${main}0:\tfrom all lookup local\n9:\tfrom all tun_id 5 prohibit\n32766:\tfrom all lookup main\n32767:\tfrom all lookup default`,
      ),
    ).toEqual([filter, "linux/rule-skipped:9 open", "linux/addresses-not-shown:eth0 default"]));
  test.each([
    "$ iptables-save\n$ nft list ruleset\n",
    "$ iptables-save\n$ nft list ruleset\ntable ip t {\n}\n",
    "*nat\n:POSTROUTING ACCEPT [0:0]\nCOMMIT\n",
  ])("everything given: nothing assumed (%j)", (filters) =>
    expect(assumed(`${textOf("L01.txt")}\n${filters}`)).toEqual([]),
  );
  test.each([
    "$ iptables-save\n$ nft list ruleset\n# it ended with status 1",
    "$ nft list ruleset\n",
    "$ iptables-save\niptables-save v1.8.9 (nf_tables): Could not fetch rule set: Permission denied (you must be root)",
    "$ ip6tables-save\n",
    "$ iptables-save -t mangle\n",
    "*filter\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n",
    "$ nft list table inet filter\ntable inet filter {\n}\n",
  ])("a filter that could not be seen: %j", (text) =>
    expect(assumed(`${textOf("L01.txt")}\n${text}`)).toEqual([filter]),
  );
  test("a mark would change the way", () =>
    expect(assumed(textOf("L22.txt"))).toEqual([filter, "linux/mark-0 default"]));
  test("only ip route get", () =>
    expect(assumed("198.51.100.25 via 10.0.0.1 dev eth0 src 10.0.0.10 uid 0 \n    cache ")).toEqual([
      "linux/route-get-same-call default",
      filter,
    ]));
});

describe("properties", () => {
  const corpus = [
    "L16.txt",
    "L25d.txt",
    "L31b.txt",
    "L44c.txt",
    "L25.json.txt",
    "L22.json.txt",
    "format-route--n.txt",
    "L39.txt",
    "L41.txt",
    "L41b.txt",
    "L42f.nft.txt",
    "L29nft.txt",
  ].map(textOf);
  test("no text throws", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.string({ unit: "binary" })), (text) => {
        readGuest(text, "x");
        recogniseGuest(text);
      }),
    );
  });
  test("no cut or changed sample throws, nor does deciding by it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...corpus),
        fc.nat(5000),
        fc.nat(5000),
        fc.string({ maxLength: 4 }),
        (text, at, length, put) => {
          const facts = read(text.slice(0, at) + put + text.slice(at + (length % 7)));
          const map = guestDecision(facts, PLAIN_QUERY);
          for (const to of ["203.0.113.10", "2001:db8::9"]) {
            const destination = parseIp(to);
            if (destination !== undefined) map.at(destination);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
  test("no JSON throws", () => {
    fc.assert(
      fc.property(
        fc.json(),
        fc.constantFrom("dst", "priority", "ifname", "DestinationPrefix", "IPAddress"),
        (json, key) => {
          readGuest(`[{"${key}":${json},"dev":${json}}]`, "x");
        },
      ),
    );
  });
  test("printed routes are read back", () => {
    const ip = fc.nat(0xffffffff).map((number) => ipFromNumber(4, BigInt(number)));
    const route = fc.record({
      prefix: fc.tuple(ip, fc.integer({ min: 1, max: 32 })).map(([address, length]) => cidrOf(address, length)),
      gateway: fc.option(ip),
      metric: fc.option(fc.nat(9999)),
      source: fc.option(ip),
      table: fc.option(fc.constantFrom("100", "isp2")),
      flags: fc.subarray(["onlink", "linkdown"]),
    });
    fc.assert(
      fc.property(route, ({ prefix, gateway, metric, source, table, flags }) => {
        const words = [
          prefix.endsWith("/32") ? prefix.slice(0, -3) : prefix,
          ...(gateway === null ? [] : ["via", gateway]),
          "dev eth0",
          ...(table === null ? [] : ["table", table]),
          "proto static",
          ...(source === null ? [] : ["src", source]),
          ...(metric === null ? [] : ["metric", metric]),
          ...flags,
        ];
        const { value, problems } = readGuest(`${words.join(" ")} \n`, "x");
        expect(problems).toEqual([]);
        expect(value.routes).toMatchObject([
          { prefix, metric, source, table: table ?? "main", hops: [{ gateway, device: "eth0", flags }] },
        ]);
      }),
    );
  });
  test("the decision changes only at the edges of its map", () => {
    const names = ["L03.txt", "L35b.txt", "L35d.txt", "L47.txt", "L19.txt"];
    const seen = (value: unknown): string =>
      JSON.stringify(value, (key, inner) => (key === "steps" ? undefined : inner));
    for (const name of names) {
      const map = guestDecision(read(textOf(name)), PLAIN_QUERY);
      const family = name.startsWith("L35") ? 6 : 4;
      const pieces = piecesOf(map, family, (a, b) => seen(a) === seen(b));
      const random =
        family === 4
          ? fc.bigInt(0n, 0xffffffffn)
          : fc.bigInt(0n, 0xffffffn).map((n) => (0x20010db8n << 96n) + (n << 72n));
      fc.assert(
        fc.property(random, (number) => {
          const piece = pieces.find(({ range }) => range.first <= number && number <= range.last);
          expect(seen(piece?.value)).toBe(seen(map.at(ipFromNumber(family, number))));
        }),
      );
    }
  });
  test("a line of a megabyte does not hang", () => {
    for (const character of ["1", ".", " ", ":", "[", "=", "a b ", "0.0.0.0 "]) {
      readGuest(character.repeat(1_000_000 / character.length), "x");
      recogniseGuest(character.repeat(1_000_000 / character.length));
    }
  }, 10_000);
});
