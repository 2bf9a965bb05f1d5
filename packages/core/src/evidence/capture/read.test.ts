import { describe, expect, test } from "vitest";
import type { VantageHint } from "../observation.ts";
import { statsOf } from "./flows.ts";
import { openCapture, readCapture } from "./index.ts";
import { captureFormat, isCapture } from "./magic.ts";
import {
  ACK,
  address,
  type Bytes,
  be16,
  be32,
  cooked,
  cookedV2,
  ethernet,
  icmp,
  ip,
  pcap,
  pcapng,
  pcapngSection,
  SYN,
  SYN_ACK,
  tcp,
  udp,
  vlan,
} from "./testing.ts";

const [CLIENT, SERVER] = ["203.0.113.11", "198.51.100.25"] as const;
const [CLIENT_V6, SERVER_V6] = ["2001:db8:72::222", "2001:db8:100::25"] as const;

const read = (bytes: Uint8Array, vantage: VantageHint | null = null, limits?: Parameters<typeof openCapture>[0]) => {
  const capture = openCapture(limits);
  capture.push(bytes);
  return readCapture(capture.end(), "x", vantage);
};
const codes = ({ problems }: ReturnType<typeof read>) => problems.map(({ code, level }) => `${level} ${code}`);
const seen = (evidence: ReturnType<typeof read>) =>
  evidence.observations.map(({ seen: { source, sourcePort, destination, destinationPort, protocol } }) =>
    [source?.text, sourcePort, destination?.text, destinationPort, protocol].join(" "),
  );

const syn = ip(CLIENT, SERVER, 6, tcp(43_920, 25, SYN));
const synV6 = ip(CLIENT_V6, SERVER_V6, 6, tcp(34_404, 25, SYN));
const FLOW = `${CLIENT} 43920 ${SERVER} 25 tcp`;
const FLOW_V6 = `${CLIENT_V6} 34404 ${SERVER_V6} 25 tcp`;

describe("formats", () => {
  const time = 1_734_663_662_123_456_789n;
  test.each([
    { little: true, nanoseconds: false, at: "2024-12-20T03:01:02.123456Z" },
    { little: false, nanoseconds: false, at: "2024-12-20T03:01:02.123456Z" },
    { little: true, nanoseconds: true, at: "2024-12-20T03:01:02.123456789Z" },
    { little: false, nanoseconds: true, at: "2024-12-20T03:01:02.123456789Z" },
  ])("pcap, little-endian $little, nanoseconds $nanoseconds", ({ at, ...options }) => {
    const bytes = pcap([{ frame: ethernet(syn), time }], options);
    expect(captureFormat(bytes)).toBe("pcap");
    const { kind, observations, problems } = read(bytes);
    expect(kind).toBe("pcap");
    expect(problems).toEqual([]);
    expect(observations).toMatchObject([{ line: null, kind: "pcap", seen: { at, protocol: "tcp" } }]);
    expect(observations[0]?.quote).toBe(`packet 1: ${CLIENT}.43920 > ${SERVER}.25: Flags [S], seq 1000, ttl 60`);
  });

  test.each([true, false])("pcapng, little-endian %s", (little) => {
    const evidence = read(pcapng([{ frame: ethernet(syn), time }], little));
    expect(seen(evidence)).toEqual([FLOW]);
    expect(evidence.observations[0]?.seen.at).toBe("2024-12-20T03:01:02.123456Z");
  });

  test.each([
    { resolution: 9, units: time, at: "2024-12-20T03:01:02.123456789Z" },
    { resolution: 3, units: time / 1_000_000n, at: "2024-12-20T03:01:02.123000Z" },
    { resolution: 0x80 | 10, units: (time * 1024n) / 1_000_000_000n, at: "2024-12-20T03:01:02.123046875Z" },
    { resolution: 9, offset: 3600, units: time, at: "2024-12-20T04:01:02.123456789Z" },
    { resolution: 6, offset: -3600, units: time / 1000n, at: "2024-12-20T02:01:02.123456Z" },
  ])("a resolution of $resolution, offset $offset", ({ units, at, ...options }) => {
    const section = pcapngSection(true);
    const bytes = [
      ...section.header(),
      ...section.interface(options),
      ...section.enhanced({ frame: ethernet(syn) }, units),
    ];
    expect(read(Uint8Array.from(bytes)).observations[0]?.seen.at).toBe(at);
  });

  test("sections of either order, interfaces of their own, packets of every kind, unknown blocks", () => {
    const [little, big] = [pcapngSection(true), pcapngSection(false)];
    const other = (port: number) => ip(CLIENT, SERVER, 6, tcp(50_000, port, SYN));
    const bytes = Uint8Array.from([
      ...little.header(),
      ...little.block(0x0bad, [1, 2, 3, 4, 5]),
      ...little.interface({ link: 101 }),
      ...little.interface(),
      ...little.enhanced({ frame: other(25), interface: 0 }, 1n),
      ...little.enhanced({ frame: ethernet(other(80)), interface: 1 }, 1n),
      ...little.simple({ frame: other(443) }),
      ...big.header(),
      ...big.interface({ link: 113 }),
      ...big.old({ frame: cooked(4, other(587)) }, 1n),
    ]);
    const evidence = read(bytes);
    expect(evidence.problems).toEqual([]);
    expect(evidence.observations.map(({ seen: { destinationPort, at } }) => [destinationPort, at !== null])).toEqual([
      [25, true],
      [80, true],
      [443, false],
      [587, true],
    ]);
    expect(evidence.observations[3]?.vantage).toBe("client");
  });

  test("recognised by the first four bytes alone", () => {
    expect(isCapture(Uint8Array.from([0xa1, 0xb2, 0xc3]))).toBe(false);
    expect(isCapture(new TextEncoder().encode("IP 192.0.2.1.1 > 192.0.2.2.25"))).toBe(false);
    expect(isCapture(Uint8Array.from([]))).toBe(false);
  });
});

describe("links", () => {
  const frames: readonly { readonly name: string; readonly link: number; readonly frame: (packet: Bytes) => Bytes }[] =
    [
      { name: "Ethernet", link: 1, frame: ethernet },
      { name: "802.1Q", link: 1, frame: (packet) => ethernet(vlan(42, packet), 0x8100) },
      { name: "QinQ", link: 1, frame: (packet) => ethernet(vlan(7, vlan(42, packet), 0x8100), 0x88a8) },
      { name: "SNAP", link: 1, frame: (packet) => ethernet(snap(packet), packet.length + 8) },
      { name: "PPPoE", link: 1, frame: (packet) => ethernet(pppoe(packet), 0x8864) },
      { name: "Linux cooked", link: 113, frame: (packet) => cooked(0, packet) },
      { name: "Linux cooked v2", link: 276, frame: (packet) => cookedV2(0, packet) },
      ...[12, 14, 101].map((link) => ({ name: "raw IP", link, frame: (packet: Bytes) => packet })),
      { name: "BSD null, big-endian", link: 0, frame: (packet) => [...be32(familyOf(packet)), ...packet] },
      { name: "BSD null", link: 0, frame: (packet) => [...[...be32(familyOf(packet))].reverse(), ...packet] },
      { name: "BSD loop", link: 108, frame: (packet) => [...be32(familyOf(packet)), ...packet] },
      { name: "PPP", link: 9, frame: (packet) => [0xff, 0x03, ...be16(pppOf(packet)), ...packet] },
      { name: "PPP without address", link: 9, frame: (packet) => [...be16(pppOf(packet)), ...packet] },
      { name: "PPP over Ethernet", link: 51, frame: pppoe },
    ];
  const familyOf = (packet: Bytes) => ((packet[0] ?? 0) >> 4 === 6 ? 30 : 2);
  const pppOf = (packet: Bytes) => ((packet[0] ?? 0) >> 4 === 6 ? 0x0057 : 0x0021);
  function snap(packet: Bytes): Bytes {
    return [0xaa, 0xaa, 3, 0, 0, 0, ...be16((packet[0] ?? 0) >> 4 === 6 ? 0x86dd : 0x0800), ...packet];
  }
  function pppoe(packet: Bytes): Bytes {
    return [0x11, 0, ...be16(1), ...be16(packet.length + 2), ...be16(pppOf(packet)), ...packet];
  }

  test.each(frames)("$name ($link)", ({ link, frame }) => {
    expect(seen(read(pcap([{ frame: frame(syn) }, { frame: frame(synV6) }], { link })))).toEqual([FLOW, FLOW_V6]);
  });

  test("raw IP by family", () => {
    expect(seen(read(pcap([{ frame: syn }], { link: 228 })))).toEqual([FLOW]);
    expect(seen(read(pcap([{ frame: synV6 }], { link: 229 })))).toEqual([FLOW_V6]);
  });

  test("another link type: said so, with its number", () => {
    const evidence = read(pcap([{ frame: ethernet(syn) }], { link: 147 }));
    expect(codes(evidence)).toEqual(["error capture/link-type"]);
    expect(evidence.problems[0]?.text.en).toContain("link type 147");
  });
});

describe("packets", () => {
  const one = (packet: Bytes) => seen(read(pcap([{ frame: ethernet(packet) }])));

  test("options of IPv4", () =>
    expect(one(ip(CLIENT, SERVER, 6, tcp(43_920, 25, SYN), { options: [1, 1, 1, 0] }))).toEqual([FLOW]));

  test("extension headers of IPv6", () => {
    const routing = [60, 0, 4, 0, ...be32(0)];
    const options = [44, 0, 1, 4, ...be32(0)];
    const fragment = [6, 0, 0, 1, ...be32(9)];
    const packet = ip(CLIENT_V6, SERVER_V6, 43, [...routing, ...options, ...fragment, ...tcp(34_404, 25, SYN)]);
    expect(one(packet)).toEqual([FLOW_V6]);
  });

  test("the first fragment has the ports, the others are no flow", () => {
    const first = ip(CLIENT, SERVER, 17, udp(5000, 53), { fragment: 0x2000 });
    const later = ip(CLIENT, SERVER, 17, [1, 2, 3, 4, 5, 6, 7, 8], { fragment: 0x2001 });
    const evidence = read(pcap([{ frame: ethernet(later) }, { frame: ethernet(first) }]));
    expect(seen(evidence)).toEqual([`${CLIENT} 5000 ${SERVER} 53 udp`]);
    const laterV6 = ip(CLIENT_V6, SERVER_V6, 44, [17, 0, 0, 9, ...be32(1), ...udp(5000, 53)]);
    expect(codes(read(pcap([{ frame: ethernet(laterV6) }])))).toEqual(["warning capture/nothing-found"]);
  });

  test("a total length of zero: segments that the network card cuts", () => {
    const packet = [...ip(CLIENT, SERVER, 6, tcp(43_920, 25, SYN))];
    packet.splice(2, 2, 0, 0);
    expect(one(packet)).toEqual([FLOW]);
  });

  test("a ping, of either family, and the answer alone", () => {
    expect(one(ip(CLIENT, SERVER, 1, icmp(8)))).toEqual([`${CLIENT}  ${SERVER}  icmp`]);
    expect(one(ip(SERVER, CLIENT, 1, icmp(0)))).toEqual([`${CLIENT}  ${SERVER}  icmp`]);
    expect(one(ip(CLIENT_V6, SERVER_V6, 58, icmp(128)))).toEqual([`${CLIENT_V6}  ${SERVER_V6}  icmp`]);
  });

  test("what a router quotes is what it received", () => {
    const probe = ip(CLIENT, SERVER, 17, udp(40_000, 33_434));
    const error = ip("192.0.2.1", "10.72.2.222", 1, icmp(11, probe.slice(0, 28)));
    expect(read(pcap([{ frame: ethernet(error) }])).observations).toMatchObject([
      {
        strength: "third-party-observed",
        seen: { source: { text: CLIENT }, destination: { text: SERVER }, destinationPort: 33_434, protocol: "udp" },
        before: { text: "10.72.2.222" },
      },
    ]);
    const own = ip("192.0.2.1", CLIENT, 1, icmp(11, probe.slice(0, 28)));
    expect(read(pcap([{ frame: ethernet(own) }])).observations).toEqual([]);
  });

  test.each([
    ["ARP", ethernet(new Array<number>(28).fill(0), 0x0806)],
    ["another version", ethernet([0x55, ...syn.slice(1)], 0x0800)],
    ["another protocol", ethernet(ip(CLIENT, SERVER, 132, tcp(1, 2, SYN)))],
    ["ICMP of the other family", ethernet(ip(CLIENT, SERVER, 58, icmp(128)))],
  ])("%s is no flow", (_, frame) => expect(codes(read(pcap([{ frame }])))).toEqual(["warning capture/nothing-found"]));

  test("kept too short for its ports", () => {
    const evidence = read(pcap([{ frame: ethernet(syn), kept: 36 }, { frame: ethernet(synV6) }]));
    expect(seen(evidence)).toEqual([FLOW_V6]);
    expect(codes(evidence)).toEqual(["warning capture/cut-packets"]);
  });
});

describe("tunnels, as mirroring delivers packets: what is inside is the evidence", () => {
  const [FROM, TO] = ["10.0.0.4", "10.0.0.9"] as const;
  const inside = ethernet(syn);
  const vxlan = [0x08, 0, 0, 0, 0, 0, 5, 0];
  const cases: readonly (readonly [string, string, Bytes])[] = [
    ["VXLAN", "VXLAN", ip(FROM, TO, 17, udp(50_000, 4789, [...vxlan, ...inside]))],
    [
      "GENEVE with options",
      "GENEVE",
      ip(FROM, TO, 17, udp(5, 6081, [1, 0, 0x65, 0x58, 0, 0, 1, 0, ...be32(0), ...inside])),
    ],
    ["GENEVE of a gateway load balancer", "GENEVE", ip(FROM, TO, 17, udp(5, 6081, [0, 0, 8, 0, 0, 0, 0, 0, ...syn]))],
    ["GRE", "GRE", ip(FROM, TO, 47, [0, 0, 8, 0, ...syn])],
    ["GRE with key and checksum", "GRE", ip(FROM, TO, 47, [0xa0, 0, 0x65, 0x58, ...be32(1), ...be32(2), ...inside])],
    ["ERSPAN I", "ERSPAN", ip(FROM, TO, 47, [0, 0, 0x88, 0xbe, ...inside])],
    [
      "ERSPAN II",
      "ERSPAN",
      ip(FROM, TO, 47, [0x10, 0, 0x88, 0xbe, ...be32(1), ...be32(0x1000_0000), ...be32(0), ...inside]),
    ],
    [
      "ERSPAN III",
      "ERSPAN",
      ip(FROM, TO, 47, [0x10, 0, 0x22, 0xeb, ...be32(1), ...be32(0x2000_0000), ...be32(0), ...be32(0), ...inside]),
    ],
    ["IP in IP", "IP-in-IP", ip(FROM, TO, 4, syn)],
    ["IPv4 in IPv6", "IP-in-IP", ip("2001:db8::4", "2001:db8::9", 4, syn)],
  ];
  test.each(cases)("%s", (_, tunnel, packet) => {
    const evidence = read(pcap([{ frame: ethernet(packet) }]));
    expect(seen(evidence)).toEqual([FLOW]);
    const [from, to] = (packet[0] ?? 0) >> 4 === 6 ? ["2001:db8::4", "2001:db8::9"] : [FROM, TO];
    expect(evidence.observations[0]?.says.en).toContain(`(${tunnel} ${from} > ${to})`);
    expect(evidence.observations[0]?.says.zh).toContain(`${tunnel} ${from} > ${to}`);
  });

  test("a tunnel without end is no flow", () => {
    const deep = Array.from({ length: 40 }).reduce<Bytes>((packet) => ip(FROM, TO, 4, packet), syn);
    expect(seen(read(pcap([{ frame: ethernet(deep) }])))).toEqual([]);
  });

  test("what only looks like one by its port is itself", () => {
    const packet = ip(FROM, TO, 17, udp(50_000, 4789, [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4]));
    expect(seen(read(pcap([{ frame: ethernet(packet) }])))).toEqual([`${FROM} 50000 ${TO} 4789 udp`]);
  });
});

describe("a load balancer that passes the client on", () => {
  const data = (bytes: Bytes) => ip("198.51.100.80", SERVER, 6, tcp(52_018, 25, 0x18, 1001, bytes));
  const opening = ip("198.51.100.80", SERVER, 6, tcp(52_018, 25, SYN));
  const line = "PROXY TCP4 203.0.113.11 198.51.100.80 43920 25\r\n";
  const v2 = [0x0d, 0x0a, 0x0d, 0x0a, 0, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
  test.each([
    ["in words", [...line].map((letter) => letter.charCodeAt(0)), CLIENT],
    ["cut", [...line.slice(0, 20)].map((letter) => letter.charCodeAt(0)), null],
    ["binary", [...v2, 0x21, 0x11, 0, 12, ...address(CLIENT), ...address(SERVER), ...be16(1), ...be16(2)], CLIENT],
    ["for itself", [...v2, 0x20, 0, 0, 0], null],
  ])("%s", (_, header, claimed) => {
    const bytes = pcap([{ frame: ethernet(opening) }, { frame: ethernet(data(header)) }]);
    expect(read(bytes, "destination").observations).toMatchObject([{ strength: "none", claimed }]);
    expect(read(bytes, "destination").observations[0]?.proves.en).toContain("PROXY protocol");
  });
});

describe("where it was taken", () => {
  const handshake = (from: string, frame: (kind: number, packet: Bytes) => Bytes, kinds: readonly [number, number]) => [
    { frame: frame(kinds[0], ip(from, SERVER, 6, tcp(43_920, 25, SYN, 77))), time: 1_000_000_000n },
    { frame: frame(kinds[1], ip(SERVER, from, 6, tcp(25, 43_920, SYN_ACK, 99))), time: 1_000_025_000n },
    { frame: frame(kinds[0], ip(from, SERVER, 6, tcp(43_920, 25, ACK, 78))), time: 1_003_000_000n },
  ];
  const plain = (_: number, packet: Bytes) => ethernet(packet);

  test("the user's word, and none", () => {
    const bytes = pcap(handshake("10.72.2.222", plain, [0, 0]));
    expect(read(bytes, "destination").observations).toMatchObject([{ strength: "destination-observed" }]);
    expect(read(bytes, "client").observations).toMatchObject([{ strength: "none", vantage: "client" }]);
    expect(read(bytes).observations).toMatchObject([{ strength: "none", vantage: "unknown" }]);
  });

  test("delays, and the directions of -i any", () => {
    expect(read(pcap(handshake(CLIENT, plain, [0, 0]))).observations).toMatchObject([{ vantage: "destination" }]);
    expect(read(pcap(handshake(CLIENT, cooked, [0, 4]), { link: 113 })).observations).toMatchObject([
      { vantage: "destination" },
    ]);
    const sent = pcap(handshake(CLIENT, cookedV2, [4, 0]), { link: 276 });
    expect(read(sent, "destination").observations).toMatchObject([{ vantage: "client", strength: "none" }]);
  });

  test("both sides of a translator", () => {
    const [inside, outside] = [handshake("10.72.2.222", cooked, [0, 4]), handshake(CLIENT, cooked, [4, 0])];
    const packets = inside.flatMap((packet, index) => [packet, ...outside.slice(index, index + 1)]);
    const evidence = read(pcap(packets, { link: 113 }), "destination");
    expect(evidence.observations).toMatchObject([
      { strength: "translator-logged", seen: { source: { text: CLIENT } }, before: { text: "10.72.2.222" } },
    ]);
    expect(codes(evidence)).toEqual(["warning tcpdump/vantage-contradicts"]);
  });
});

describe("damaged", () => {
  const two = [{ frame: ethernet(syn) }, { frame: ethernet(synV6) }];

  test.each([
    ["pcap", pcap(two)],
    ["pcapng", pcapng(two)],
  ])("%s cut in its last packet: the first is read", (_, bytes) => {
    const evidence = read(bytes.subarray(0, bytes.length - 5));
    expect(codes(evidence)).toEqual(["warning capture/truncated"]);
    expect(seen(evidence)[0]).toBe(FLOW);
  });

  test("an impossible length ends it, and says where", () => {
    const bytes = pcap(two);
    bytes.fill(0xff, 24 + 16 + 54 + 8, 24 + 16 + 54 + 12);
    const evidence = read(bytes);
    expect(seen(evidence)).toEqual([FLOW]);
    expect(evidence.problems).toMatchObject([{ level: "error", code: "capture/damaged" }]);
    expect(evidence.problems[0]?.text.en).toContain("after packet 1");
  });

  test("a packet of an interface that nobody described", () => {
    const section = pcapngSection(true);
    const bytes = [...section.header(), ...section.enhanced({ frame: ethernet(syn) }, 1n)];
    expect(codes(read(Uint8Array.from(bytes)))).toEqual(["error capture/damaged"]);
  });

  test("no packet, and nothing but the first bytes", () => {
    expect(codes(read(pcap([])))).toEqual(["warning capture/nothing-found"]);
    expect(codes(read(pcap([]).subarray(0, 10)))).toContain("warning capture/truncated");
  });
});

describe("more than is kept", () => {
  const connections = Array.from({ length: 40 }, (_, index) => ({
    frame: ethernet(ip(`10.0.0.${index % 20}`, SERVER, 6, tcp(40_000 + index, 25, SYN, index))),
  }));

  test("beyond the limit of connections every source is still there, and it is said that they were not counted", () => {
    const evidence = read(pcap(connections), "destination", { connections: 5, rows: 100, told: 100 });
    expect(codes(evidence)).toEqual(["warning capture/many-connections"]);
    expect(new Set(evidence.observations.map(({ seen }) => seen.source?.text)).size).toBe(20);
    expect(evidence.observations.every(({ strength }) => strength === "destination-observed")).toBe(true);
  });

  test("beyond the limit of rows it is an error", () =>
    expect(codes(read(pcap(connections), null, { connections: 5, rows: 10, told: 100 }))).toContain(
      "error capture/too-many",
    ));

  test("beyond the limit of what is told it is an error, too", () => {
    const evidence = read(pcap(connections), null, { connections: 100, rows: 100, told: 5 });
    expect(codes(evidence)).toEqual(["error capture/too-many"]);
    expect(evidence.observations).toHaveLength(5);
  });

  test("but no limit that others reach cuts off what is asked for", () => {
    const asked = "198.51.100.99";
    const last = { frame: ethernet(ip("10.0.0.77", asked, 6, tcp(50_000, 443, SYN, 77))) };
    const other = { frame: ethernet(ip("10.0.0.78", asked, 6, tcp(50_000, 8443, SYN, 78))) };
    const limits = { connections: 5, rows: 10, told: 5 };
    const bytes = pcap([...connections, last, other]);
    const sources = (wanted: { readonly address: string; readonly port: number } | undefined) =>
      read(
        bytes,
        "destination",
        wanted === undefined ? limits : { ...limits, wanted: wanted as never },
      ).observations.map((one) => one.seen.source?.text);
    expect(sources(undefined)).not.toContain("10.0.0.77");
    expect(sources({ address: asked, port: 443 })).toContain("10.0.0.77");
    expect(sources({ address: asked, port: 443 })).not.toContain("10.0.0.78");
  });

  test("one source with the same sequence number again and again is no translator", () => {
    const scan = Array.from({ length: 50 }, (_, index) => ({
      frame: ethernet(ip(CLIENT, SERVER, 6, tcp(40_000 + index, 25, SYN, 7))),
    }));
    expect(read(pcap(scan), "destination").observations).toMatchObject([{ strength: "destination-observed" }]);
  });

  test("what is counted of a conversation, and when its last packet came", () => {
    const capture = openCapture();
    capture.push(pcap([{ frame: ethernet(syn) }, { frame: ethernet(syn), time: 1_734_663_700_000_000_000n }]));
    expect(statsOf(capture.end().tally.flows, 0)).toEqual({ number: 2, seconds: 1_734_663_700, nanoseconds: 0 });
  });
});
