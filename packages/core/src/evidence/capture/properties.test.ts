import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import type { Evidence, VantageHint } from "../observation.ts";
import { readEvidence } from "../read.ts";
import { openCapture, readCapture } from "./index.ts";
import { isCapture } from "./magic.ts";
import { address, type Bytes, cookedV2, ethernet, icmp, ip, pcap, pcapng, tcp, udp, type Written } from "./testing.ts";

const read = (pieces: readonly Uint8Array[], vantage: VantageHint | null = null): Evidence => {
  const capture = openCapture();
  for (const piece of pieces) capture.push(piece);
  return readCapture(capture.end(), "x", vantage);
};

/** A few hosts and ports, so that packets meet in connections; some of the flags and delays that decide something. */
const packets = fc.array(
  fc
    .record({
      client: fc.constantFrom("203.0.113.11", "203.0.113.12", "10.72.2.222", "2001:db8:72::222"),
      port: fc.integer({ min: 40_000, max: 40_002 }),
      service: fc.constantFrom(25, 80, 41_000),
      reply: fc.boolean(),
      protocol: fc.constantFrom("tcp", "tcp", "tcp", "udp", "icmp"),
      flags: fc.constantFrom(0x02, 0x12, 0x10, 0x11, 0x18, 0x04, 0xc2),
      sequence: fc.integer({ min: 1, max: 2 }),
      sent: fc.boolean(),
      after: fc.constantFrom(20n, 150n, 900n, 5000n, 2_000_000n),
    })
    .map(({ client, port, service, reply, protocol, flags, sequence, sent, after }) => {
      // tcpdump puts a note on the checksum before the name of ICMPv6, which the reader of text does not know.
      const caller = protocol === "icmp" ? "203.0.113.13" : client;
      const server = caller.includes(":") ? "2001:db8:100::25" : "198.51.100.25";
      const [from, to] = reply ? [server, caller] : [caller, server];
      const [source, destination] = reply ? [service, port] : [port, service];
      const payload =
        protocol === "tcp"
          ? tcp(source, destination, flags, sequence)
          : protocol === "udp"
            ? udp(source, destination)
            : icmp(reply ? 0 : 8);
      const number = protocol === "tcp" ? 6 : protocol === "udp" ? 17 : 1;
      return { packet: ip(from, to, number, payload), sent, after };
    }),
  { maxLength: 40 },
);

type Generated = typeof packets extends fc.Arbitrary<infer T> ? T : never;

const written = (generated: Generated, frame: (sent: boolean, packet: Bytes) => Bytes): readonly Written[] => {
  let time = 1_734_663_662_000_000n;
  return generated.map(({ packet, sent, after }) => {
    time += after;
    return { frame: frame(sent, packet), time: time * 1000n };
  });
};
const onEthernet = (generated: Generated) => written(generated, (_, packet) => ethernet(packet));
const onAny = (generated: Generated) => written(generated, (sent, packet) => cookedV2(sent ? 4 : 0, packet));

const captures = fc.oneof(
  packets.map((generated) => pcap(onEthernet(generated))),
  packets.map((generated) => pcap(onAny(generated), { link: 276, little: false, nanoseconds: true })),
  packets.map((generated) => pcapng(onEthernet(generated))),
  packets.map((generated) => pcapng(onEthernet(generated), false)),
);

test("any pieces give what the whole gives", () =>
  fc.assert(
    fc.property(
      captures,
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 20 }),
      (bytes, sizes) => {
        const pieces: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; ) {
          const size = sizes[pieces.length % sizes.length] ?? 1;
          pieces.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(read(pieces)).toEqual(read([bytes]));
        const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
        expect(read(single)).toEqual(read([bytes]));
      },
    ),
    { numRuns: 60 },
  ));

describe("damage", () => {
  const sources = (evidence: Evidence) =>
    evidence.observations.flatMap(({ seen, before }) =>
      [seen.source, seen.destination, before].flatMap((host) => host?.ip ?? []),
    );

  const holds = (bytes: Uint8Array, text: string) => Buffer.from(bytes).includes(Buffer.from(address(text)));

  test("nothing throws or hangs, and no address appears that is not in the file", () =>
    fc.assert(
      fc.property(
        captures,
        fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
        fc.nat(),
        (whole, flips, cut) => {
          const bytes = whole.slice(0, whole.length - (cut % 3 === 0 ? cut % whole.length : 0));
          for (const [at, byte] of flips) bytes[4 + (at % Math.max(bytes.length - 4, 1))] = byte;
          for (const text of sources(read([bytes]))) expect(holds(bytes, text)).toBe(true);
        },
      ),
      { numRuns: 1500 },
    ));

  test("nothing but a magic number is a capture of nothing", () =>
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 400 }),
        fc.constantFrom(0xa1b2_c3d4, 0x0a0d_0d0a, 0x4d3c_b2a1),
        (rest, magic) => {
          const bytes = Uint8Array.of(magic >>> 24, magic >>> 16, magic >>> 8, magic, ...rest);
          for (const text of sources(read([bytes]))) expect(holds(bytes, text)).toBe(true);
        },
      ),
    ));

  test("a cut takes away, and adds nothing", () =>
    fc.assert(
      fc.property(captures, fc.nat(), (bytes, cut) => {
        const whole = new Set(sources(read([bytes])));
        for (const text of sources(read([bytes.subarray(0, cut % bytes.length)]))) expect(whole).toContain(text);
      }),
      { numRuns: 200 },
    ));
});

const SAMPLES = new URL("../../../../../../shared/samples/pcap/", import.meta.url);
const samples = existsSync(SAMPLES)
  ? readdirSync(SAMPLES).filter((name) => isCapture(readFileSync(new URL(name, SAMPLES))))
  : [];
const installed = spawnSync("tcpdump", ["--version"]).error === undefined;
if (!installed) console.warn("skipped: tcpdump is not installed; nothing is compared with what it prints");

describe.skipIf(!installed)("the text of tcpdump, read as text, says the same", () => {
  const folder = installed ? mkdtempSync(join(tmpdir(), "seenas-capture-")) : "";
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const printed = (path: string): string =>
    execFileSync("tcpdump", ["-nn", "-tt", "-v", "-r", path], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });

  /** How a packet is pointed at differs. */
  const told = ({ observations, problems }: Evidence) => ({
    observations: observations.map(({ line: _line, kind: _kind, quote: _quote, file: _file, ...rest }) => rest),
    problems: problems.map(({ code }) => code),
  });

  const expectSame = (bytes: Uint8Array, vantage: VantageHint | null) => {
    const path = join(folder, "capture");
    writeFileSync(path, bytes);
    const text = printed(path);
    if (text === "") return;
    expect(told(read([bytes], vantage))).toEqual(told(readEvidence(text, "x", { vantage })));
  };

  const vantages = fc.constantFrom<VantageHint | null>(null, "client", "translator", "destination");

  test("packets on Ethernet", () =>
    fc.assert(
      fc.property(packets, vantages, (generated, vantage) => expectSame(pcap(onEthernet(generated)), vantage)),
      { numRuns: 120 },
    ));

  test("packets with directions", () =>
    fc.assert(
      fc.property(packets, vantages, (generated, vantage) =>
        expectSame(pcap(onAny(generated), { link: 276 }), vantage),
      ),
      { numRuns: 120 },
    ));

  test.each(samples.filter((name) => !name.startsWith("smtp-proxy")))("the sample %s", (name) => {
    const bytes = readFileSync(fileURLToPath(new URL(name, SAMPLES)));
    for (const vantage of [null, "client", "translator", "destination"] as const) expectSame(bytes, vantage);
  });
});
