import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { linesOf } from "../lines.ts";
import type { VantageHint } from "../observation.ts";
import { readEvidence } from "../read.ts";
import { isPacketLine, parseCapture } from "./capture.ts";

const fixture = (name: string): string => readFileSync(new URL(`../testdata/${name}`, import.meta.url), "utf8");
const read = (text: string, vantage: VantageHint | null = null) => readEvidence(text, "capture.txt", { vantage });
const seen = (text: string, vantage: VantageHint | null = null) =>
  read(text, vantage).observations.map((one) => [one.seen.source?.text, one.strength, one.vantage]);

const handshake = (source: string, destination: string, delays: readonly [number, number], sides = ["", ""]) => {
  const at = (micros: number) => `01:40:26.${String(100_000 + micros)}`;
  const [answer, done] = [delays[0], delays[0] + delays[1]];
  return [
    `${at(0)} ${sides[0]}IP ${source}.40000 > ${destination}.25: Flags [S], seq 1000, win 64240, length 0`,
    `${at(answer)} ${sides[1]}IP ${destination}.25 > ${source}.40000: Flags [S.], seq 2000, ack 1001, win 65160, length 0`,
    `${at(done)} ${sides[0]}IP ${source}.40000 > ${destination}.25: Flags [.], ack 1, win 63, length 0`,
  ].join("\n");
};

const [PUBLIC, PRIVATE, SERVER] = ["203.0.113.11", "10.72.2.222", "198.51.100.25"];
const ANY = ["eth0  In  ", "eth0  Out "];

describe("where it was taken", () => {
  test("nothing tells: both readings stay open, and the text says how to settle it", () => {
    const [observation] = read(handshake(PUBLIC, SERVER, [21, 60])).observations;
    expect(observation).toMatchObject({ strength: "none", vantage: "unknown", seen: { at: null } });
    expect(observation?.proves.en).toContain("--vantage FILE=destination");
    expect(observation?.proves.zh).toContain("--vantage FILE=destination");
    expect(observation?.says.en).toContain("01:40:26.100000");
  });

  test("the user's word", () => {
    const text = handshake(PUBLIC, SERVER, [21, 60]);
    expect(seen(text, "destination")).toEqual([[PUBLIC, "destination-observed", "destination"]]);
    expect(seen(text, "client")).toEqual([[PUBLIC, "none", "client"]]);
    expect(seen(text, "translator")).toEqual([[PUBLIC, "none", "translator"]]);
  });

  test("the destination's own connections are not what the user meant", () => {
    const dns = `01:40:27.000000 IP ${SERVER}.50000 > 192.0.2.53.53: 4242+ PTR? 11.113.0.203.in-addr.arpa. (43)`;
    expect(seen(`${handshake(PUBLIC, SERVER, [21, 60])}\n${dns}`, "destination")).toEqual([
      [PUBLIC, "destination-observed", "destination"],
      [SERVER, "none", "client"],
    ]);
  });

  test.for([
    ["[bing@CentOS7-Web1 ~]$ sudo tcpdump port 25", "CentOS7-Web1", "destination-observed", "destination"],
    ["root@web1:~# tcpdump -i eth0", "web1.cloud.example", "destination-observed", "destination"],
    ["[bing@CentOS7- ~]$ sudo tcpdump", "CentOS7-Web1", "destination-observed", "destination"],
    ["root@web:~# tcpdump", "web1", "none", "unknown"],
    ["root@web1:~# ssh other", "web1", "none", "unknown"],
  ] as const)("a prompt that names the host: %s and %s", ([prompt, host, strength, vantage]) => {
    expect(seen(`${prompt}\n${handshake(PUBLIC, host, [21, 60])}`)).toEqual([[PUBLIC, strength, vantage]]);
  });

  test("a prompt that names the sender", () => {
    const text = `root@l3-proxy:~# tcpdump port 25\n${handshake("l3-proxy", SERVER, [900, 20])}`;
    expect(seen(text)).toEqual([["l3-proxy", "none", "client"]]);
  });

  test("-i any: received and answered here, sent from here, or answered so late that it may be a translator", () => {
    expect(seen(handshake(PUBLIC, SERVER, [25, 60], ANY))).toEqual([[PUBLIC, "destination-observed", "destination"]]);
    expect(seen(handshake(PUBLIC, SERVER, [380, 420], ANY))).toEqual([[PUBLIC, "none", "unknown"]]);
    expect(seen(handshake(PUBLIC, SERVER, [60, 70], ANY))).toEqual([[PUBLIC, "none", "unknown"]]);
    expect(seen(handshake(PRIVATE, SERVER, [25, 60], [...ANY].reverse()))).toEqual([[PRIVATE, "none", "client"]]);
    expect(seen(handshake(PRIVATE, SERVER, [9000, 60], ANY))).toEqual([[PRIVATE, "none", "unknown"]]);
  });

  test("what this host sent itself is not destination-observed, whatever the user says", () => {
    expect(seen(handshake(PUBLIC, SERVER, [25, 60], [...ANY].reverse()), "destination")).toEqual([
      [PUBLIC, "none", "client"],
    ]);
  });

  test("delays tell the near side, for a public source alone", () => {
    expect(seen(handshake(PUBLIC, SERVER, [56, 2647]))).toEqual([[PUBLIC, "destination-observed", "destination"]]);
    expect(seen(handshake("42.159.xx.xxx", SERVER, [56, 2647]))).toEqual([
      ["42.159.xx.xxx", "destination-observed", "destination"],
    ]);
    expect(seen(handshake(PRIVATE, SERVER, [56, 2647]))).toEqual([[PRIVATE, "none", "unknown"]]);
    expect(seen(handshake("10.72.xx.xxx", SERVER, [56, 2647]))).toEqual([["10.72.xx.xxx", "none", "unknown"]]);
    expect(seen(handshake(PUBLIC, SERVER, [2647, 56]))).toEqual([[PUBLIC, "none", "unknown"]]);
    expect(seen(handshake(PUBLIC, SERVER, [300, 9000]))).toEqual([[PUBLIC, "none", "unknown"]]);
    expect(seen(handshake(PUBLIC, SERVER, [150, 1400]))).toEqual([[PUBLIC, "none", "unknown"]]);
  });

  // evidence.md 7.7: on a translator, or before one, the private source is not the one the destination sees.
  test.for([
    [380, 420],
    [60, 20_000],
    [25, 60],
  ] as const)("a translator's capture filtered by the inside address: %i, then %i microseconds", ([here, there]) => {
    expect(seen(handshake(PRIVATE, SERVER, [here, there], ANY))).toEqual([[PRIVATE, "none", "unknown"]]);
    expect(seen(handshake(PRIVATE, SERVER, [here, there], ANY), "destination")).toEqual([
      [PRIVATE, "destination-observed", "destination"],
    ]);
  });

  // RFC 9293 3.10.7: the kernel answers SYN and SYN-ACK; a FIN of its own, or data, a program sends when it likes.
  test("a program that closes late is no far host", () => {
    const [syn, answer, done] = handshake(PUBLIC, SERVER, [100, 150]).split("\n");
    const closing = [
      `01:40:27.000400 IP ${SERVER}.25 > ${PUBLIC}.40000: Flags [F.], seq 100, ack 80, win 502, length 0`,
      `01:40:27.004400 IP ${PUBLIC}.40000 > ${SERVER}.25: Flags [F.], seq 80, ack 101, win 502, length 0`,
    ];
    expect(seen([syn, answer, ...closing].join("\n"))).toEqual([[PUBLIC, "none", "unknown"]]);
    expect(seen([syn, answer, done, ...closing].join("\n"))).toEqual([[PUBLIC, "none", "unknown"]]);
    expect(seen(closing.join("\n"))).toEqual([[PUBLIC, "none", "unknown"]]);
  });
});

describe("both sides of a translator", () => {
  const text = fixture("translator-both-sides.txt");

  test("equal sequence numbers pair the sources; what passes unchanged claims nothing", () => {
    const { observations } = read(text);
    expect(observations).toMatchObject([
      {
        strength: "translator-logged",
        before: { text: PRIVATE },
        seen: { source: { text: PUBLIC }, destinationPort: 25 },
      },
      { strength: "none", vantage: "path", seen: { source: { text: "2001:db8:72::222" } } },
    ]);
  });

  test("a user who calls it the destination is contradicted", () => {
    const evidence = read(text, "destination");
    expect(evidence.observations.map(({ strength }) => strength)).toEqual(["translator-logged", "none"]);
    expect(evidence.problems.map(({ code }) => code)).toEqual(["tcpdump/vantage-contradicts"]);
  });

  const syn = (head: string, source: string) =>
    `${head}IP ${source}.43920 > ${SERVER}.25: Flags [S], seq 1234567, win 64240, length 0`;

  // evidence.md 1: only the last translation is what the destination sees.
  test("two translators in a row are one translation, from the first source to the last", () => {
    const lines = [
      syn("11:01:02.000100 eth0  In  ", PRIVATE),
      syn("11:01:02.000150 veth1 Out ", "172.16.0.9"),
      syn("11:01:02.000160 veth2 In  ", "172.16.0.9"),
      syn("11:01:02.000180 eth1  Out ", PUBLIC),
    ];
    expect(read(lines.join("\n")).observations).toMatchObject([
      { strength: "translator-logged", before: { text: PRIVATE }, seen: { source: { text: PUBLIC } } },
    ]);
    const untimed = lines.map((line) => line.replace(/^\S+ /, ""));
    expect(seen(untimed.join("\n"))).toEqual([[PUBLIC, "translator-logged", "translator"]]);
  });

  // tcpdump(1) -t leaves the time out, and only -i any prints directions: https://www.tcpdump.org/manpages/tcpdump.1.html
  test.for([null, "destination", "client"] as const)(
    "without time and direction neither side is chosen: %s",
    (hint) => {
      for (const sources of [
        [PUBLIC, PRIVATE],
        [PRIVATE, PUBLIC],
      ])
        expect(seen(sources.map((source) => syn("", source)).join("\n"), hint)).toEqual(
          sources.map((source) => [source, "none", "unknown"]),
        );
    },
  );

  test("nor where one source comes back, or times run backwards", () => {
    const at = (micros: number) => `11:01:02.${String(100_000 + micros)} `;
    const back = [syn(at(1), PRIVATE), syn(at(9), PUBLIC), syn(at(17), PRIVATE).replace("43920", "1024")];
    for (const text of [back.join("\n"), [syn(at(9), PRIVATE), syn(at(1), PUBLIC)].join("\n")])
      expect(read(text, "destination").observations.map(({ strength }) => strength)).toEqual(["none", "none"]);
  });

  test("a device that changes the destination as well is no source translator", () => {
    const outside =
      "01:40:26.100000 eth0  In  IP 203.0.113.11.40000 > 198.51.100.25.25: Flags [S], seq 7, win 1, length 0";
    const inside = "01:40:26.100009 cni0  Out IP 10.244.0.1.40000 > 10.244.0.9.25: Flags [S], seq 7, win 1, length 0";
    expect(seen(`${outside}\n${inside}`)).toEqual([
      [PUBLIC, "none", "unknown"],
      ["10.244.0.1", "none", "client"],
    ]);
  });
});

test("a router's quotation of the translated source", () => {
  const { observations } = read(fixture("icmp-quoted-translated-source.txt"));
  expect(observations).toMatchObject([
    {
      line: 12,
      strength: "third-party-observed",
      vantage: "third-party",
      before: { text: PRIVATE },
      seen: { source: { text: "203.0.113.12" } },
    },
  ]);
});

describe("forms", () => {
  test.for([
    ["old flags", "01:00:00.5 IP 203.0.113.11.40000 > 198.51.100.25.smtp: S 1:1(0) win 5840", PUBLIC, 25],
    ["-q", "01:00:00.5 IP 203.0.113.11.40000 > 198.51.100.25.25: tcp 0", PUBLIC, 25],
    ["-t", "IP 203.0.113.11.40000 > 198.51.100.25.25: Flags [S], seq 1, length 0", PUBLIC, 25],
    ["udp", "01:00:00.5 IP 203.0.113.11.40000 > 198.51.100.25.53: 1+ A? mail.example. (30)", PUBLIC, 53],
    ["IPv6", "01:00:00.5 IP6 2001:db8::5.40000 > 2001:db8::25.25: Flags [S], seq 1, length 0", "2001:db8::5", 25],
    [
      "VLAN",
      "01:00:00.5 12:2e:c7:01:97:fc > 5e:c0:2a:48:b2:df, ethertype 802.1Q (0x8100), length 78: vlan 10, p 0, ethertype IPv4 (0x0800), length 74: 203.0.113.11.40000 > 198.51.100.25.25: Flags [S], seq 1, length 0",
      PUBLIC,
      25,
    ],
    ["-#", "    1  01:00:00.5 IP 203.0.113.11.40000 > 198.51.100.25.25: Flags [S], seq 1, length 0", PUBLIC, 25],
  ] as const)("%s", ([, text, source, port]) => {
    expect(read(text, "destination").observations).toMatchObject([
      { strength: "destination-observed", seen: { source: { text: source }, destinationPort: port } },
    ]);
  });

  test("a reverse name that starts like an address is a name", () => {
    const text = handshake("34.100.200.35.bc.googleusercontent.com", SERVER, [21, 60]);
    const [observation] = read(text, "destination").observations;
    expect(observation).toMatchObject({ strength: "none", seen: { source: { ip: null, masked: false } } });
  });

  test("neither end has a known port and no opening packet: who began is not known, and nothing is claimed", () => {
    const text = "01:00:00.5 IP 203.0.113.11.40000 > 198.51.100.25.40001: Flags [.], ack 1, length 0";
    expect(seen(text, "destination")).toEqual([[PUBLIC, "none", "unknown"]]);
  });

  test.for([
    ["1795311626.892037 IP", "2026-11-22T01:40:26.892037Z"],
    ["2026-11-22 01:40:26.892037 IP", "2026-11-22T01:40:26.892037Z"],
    ["01:40:26.892037 IP", null],
    [" 00:00:00.000000 IP", null],
    ["IP", null],
  ] as const)("the time of %s", ([head, at]) => {
    const { observations } = read(`${head} 203.0.113.11.40000 > 198.51.100.25.25: Flags [S], seq 1, length 0`);
    expect(observations[0]?.seen.at).toBe(at);
  });

  test("a date without a zone is said to be read as UTC", () => {
    const { observations } = read(
      "2026-11-22 01:40:26.892037 IP 203.0.113.11.40000 > 198.51.100.25.25: Flags [S], seq 1, length 0",
    );
    expect(observations[0]?.says).toMatchObject({
      en: expect.stringContaining("UTC"),
      zh: expect.stringContaining("UTC"),
    });
  });

  test("payload is no packet", () => {
    expect(parseCapture(linesOf(fixture("verbose-v.txt"))).packets).toHaveLength(44);
    for (const text of [
      "\t0x0000:  4500 003c 286f 4000",
      "\t250-mail.example Hello a [203.0.113.11]",
      "E..<(o@.:.....q.",
    ])
      expect(isPacketLine(text)).toBe(false);
  });
});
