import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { EVENT_WORDS, ROW_ENDS } from "./events.ts";
import { LIMITS, type Limits } from "./flows.ts";
import { type HashTable, ROW } from "./hash-table.ts";
import { openCaptureFor, readCapture } from "./index.ts";
import { CaptureReader, type Counted } from "./reader.ts";
import {
  type Bytes,
  ethernet,
  icmp,
  ip,
  pcap,
  pcapng,
  pcapngSection,
  tcp,
  udp,
  vlan,
  type Written,
} from "./testing.ts";

/** What a capture comes to, walked from some byte on or not at all. */
function counted(pieces: readonly Uint8Array[], limits: Limits, walkedFrom: number): Counted {
  const reader = new CaptureReader(limits, walkedFrom);
  for (const piece of pieces) reader.push(piece);
  return reader.end();
}

/** All that is kept, word by word. */
function kept({ tally, ...ending }: Counted) {
  const { flows, packets, cut, unknownLinks, quotes } = tally;
  const { table, addresses, events, proxies, tunnels, marks, notKept } = flows;
  const rows = ({ words, size }: HashTable) => Array.from(words.subarray(0, size * ROW));
  return {
    ...ending,
    ...{ packets, cut, unknownLinks, quotes: quotes.found, proxies, tunnels, marks, notKept },
    table: rows(table),
    addresses: rows(addresses),
    events: Array.from(events.words.subarray(0, events.size * EVENT_WORDS)),
    ends: Array.from(events.ends.subarray(0, table.size * ROW_ENDS)),
  };
}

const told = (of: Counted) => JSON.stringify(readCapture(of, "x", null));

const NEVER = Number.POSITIVE_INFINITY;
const LIMITED: readonly Limits[] = [
  LIMITS,
  { connections: 3, rows: 6, told: 10 },
  { connections: 2, rows: 4, told: 10, wanted: { address: null, port: 25 } },
];

function expectSame(pieces: readonly Uint8Array[], limits: Limits, walkedFrom: number): void {
  const [walked, plain] = [counted(pieces, limits, walkedFrom), counted(pieces, limits, NEVER)];
  expect(plain.tally.walk).toBeNull();
  if (pieces.some(({ length }) => length > 0) && walkedFrom === 0) expect(walked.tally.walk).not.toBeNull();
  expect(kept(walked)).toEqual(kept(plain));
  expect(told(walked)).toBe(told(plain));
}

/** Beginnings of data, among them those of what a proxy and a probe say, and those that only begin so. */
const data = fc.constantFrom<Bytes>(
  [],
  [0],
  [0, 1],
  [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...Buffer.from("s-0123456789")],
  [...Buffer.from("PROXY TCP4 192.0.2.1 198.51.100.25 43920 25\r\n")],
  [...Buffer.from("POST / HTTP/1.1\r\n")],
  [...Buffer.from("GET / HTTP/1.1\r\n")],
  [...Buffer.from("EHLO seenas-0123456789abcdef.example\r\n")],
  [0x0d, 0x0a],
  [0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0],
  [...Buffer.from("220 mail.example ESMTP\r\n")],
);

const layers = fc.record({
  client: fc.constantFrom("203.0.113.11", "203.0.113.12", "198.51.100.99", "2001:db8:72::222", "2001:db8:72::223"),
  port: fc.integer({ min: 40_000, max: 40_002 }),
  service: fc.constantFrom(25, 53, 443, 4789, 6081, 8472, 40_001),
  reply: fc.boolean(),
  kind: fc.constantFrom("tcp", "tcp", "tcp", "tcp", "udp", "udp", "icmp", "other"),
  flags: fc.constantFrom(0x02, 0x02, 0x12, 0x10, 0x10, 0x18, 0x11, 0x01, 0x04, 0xc2, 0),
  sequence: fc.integer({ min: 0, max: 3 }),
  data,
  ttl: fc.constantFrom(0, 60, 255),
  fragment: fc.constantFrom(0, 0, 0, 0, 0x2000, 0x4000, 1),
  options: fc.constantFrom<Bytes>([], [], [1, 1, 1, 0]),
  tags: fc.constantFrom<readonly number[]>([], [], [], [0x8100], [0x88a8, 0x8100], [0x9100]),
  padding: fc.constantFrom<Bytes>([], [], [0, 0, 0, 0, 0, 0], new Array<number>(3000).fill(7)),
});

type Layers = typeof layers extends fc.Arbitrary<infer T> ? T : never;

function frameOf(of: Layers): Bytes {
  const server = of.client.includes(":") ? "2001:db8:100::25" : "198.51.100.25";
  const [from, to] = of.reply ? [server, of.client] : [of.client, server];
  const [source, destination] = of.reply ? [of.service, of.port] : [of.port, of.service];
  const { ttl, fragment, options } = of;
  const packet =
    of.kind === "tcp"
      ? ip(from, to, 6, tcp(source, destination, of.flags, of.sequence, of.data), { ttl, fragment, options })
      : of.kind === "udp"
        ? ip(from, to, 17, udp(source, destination, of.data), { ttl, fragment, options })
        : ip(from, to, of.kind === "icmp" ? 1 : 89, icmp(of.reply ? 0 : 8, of.data), { ttl });
  const [outer, inner] = of.tags;
  if (outer === undefined) return [...ethernet(packet), ...of.padding];
  const tagged = inner === undefined ? vlan(7, packet) : vlan(8, vlan(7, packet), inner);
  return [...ethernet(tagged, outer), ...of.padding];
}

const packets: fc.Arbitrary<readonly Written[]> = fc.array(
  fc
    .record({
      layers,
      kept: fc.constantFrom(null, null, null, null, 54, 60, 40, 14, 0),
      time: fc.bigInt({ min: 0n, max: 5_000_000_000_000_000_000n }),
      interface: fc.constantFrom(0, 0, 0, 1, 2),
    })
    .map(({ layers, kept, ...rest }) => ({ frame: frameOf(layers), ...rest, ...(kept !== null && { kept }) })),
  { minLength: 1, maxLength: 50 },
);

const pcaps = fc
  .record({
    packets,
    little: fc.constantFrom(true, true, true, false),
    nanoseconds: fc.boolean(),
    link: fc.constantFrom(1, 1, 1, 101, 276),
  })
  .map(({ packets, ...options }) => pcap(packets, options));

const interfaces = fc.array(
  fc.record({
    link: fc.constantFrom(1, 1, 1, 101),
    resolution: fc.constantFrom(6, 9, 9, 3, 0x8a),
    offset: fc.constantFrom(0, 0, 0, 3600),
    snapLength: fc.constantFrom(0, 60),
  }),
  { minLength: 1, maxLength: 3 },
);

const sections = fc.array(
  fc.record({
    packets,
    little: fc.constantFrom(true, true, true, false),
    first: interfaces,
    later: interfaces,
    kinds: fc.array(
      fc.constantFrom("enhanced", "enhanced", "enhanced", "enhanced", "old", "simple", "other", "later"),
      {
        minLength: 1,
        maxLength: 9,
      },
    ),
    units: fc.constantFrom(1n, 1000n),
  }),
  { minLength: 1, maxLength: 3 },
);

const pcapngs = sections.map((all) =>
  Uint8Array.from(
    all.flatMap(({ packets, little, first, later, kinds, units }) => {
      const section = pcapngSection(little);
      const block = (packet: Written, index: number): Bytes => {
        const kind = kinds[index % kinds.length];
        if (kind === "later") return later.flatMap((one) => section.interface(one));
        if (kind === "other") return section.block(5, [1, 2, 3, 4]);
        if (kind === "simple") return section.simple(packet);
        return kind === "old"
          ? section.old(packet, (packet.time ?? 0n) / units)
          : section.enhanced(packet, (packet.time ?? 0n) / units);
      };
      return [...section.header(), ...first.flatMap((one) => section.interface(one)), ...packets.flatMap(block)];
    }),
  ),
);

const captures = fc.oneof(
  pcaps,
  pcapngs,
  packets.map((all) => pcapng(all)),
);

/** What damage does: bytes that are others, a part that stands twice or is missing, an end that is not there. */
const damages = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("byte" as const), at: fc.nat(), value: fc.integer({ min: 0, max: 255 }) }),
    fc.record({ kind: fc.constant("cut" as const), at: fc.nat() }),
    fc.record({ kind: fc.constant("repeat" as const), at: fc.nat(), length: fc.integer({ min: 1, max: 400 }) }),
    fc.record({ kind: fc.constant("drop" as const), at: fc.nat(), length: fc.integer({ min: 1, max: 40 }) }),
  ),
  { maxLength: 4 },
);

type Damage = typeof damages extends fc.Arbitrary<readonly (infer T)[]> ? T : never;

function damaged(bytes: Uint8Array, damage: Damage): Uint8Array {
  const at = 24 + (damage.at % Math.max(bytes.length - 24, 1));
  if (damage.kind === "cut") return bytes.subarray(0, at);
  if (damage.kind === "byte") {
    const others = bytes.slice();
    others[at] = damage.value;
    return others;
  }
  const part = damage.kind === "repeat" ? [...bytes.subarray(at, at + damage.length)] : [];
  const rest = bytes.subarray(damage.kind === "repeat" ? at : at + damage.length);
  return Uint8Array.of(...bytes.subarray(0, at), ...part, ...rest);
}

const inPieces = (bytes: Uint8Array, sizes: readonly number[]): readonly Uint8Array[] => {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += sizes[(pieces.length - 1) % sizes.length] ?? 1)
    pieces.push(bytes.subarray(at, at + (sizes[pieces.length % sizes.length] ?? 1)));
  return pieces;
};

describe("a capture that is walked comes to what one comes to that is not", () => {
  test("whole and damaged, in pieces of any size, from any byte on, whatever the limits", () =>
    fc.assert(
      fc.property(
        captures,
        damages,
        fc.array(fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constant(1 << 20)), { minLength: 1, maxLength: 8 }),
        fc.oneof(fc.constant(0), fc.nat({ max: 4000 })),
        fc.constantFrom(...LIMITED),
        (whole, all, sizes, walkedFrom, limits) => {
          const bytes = all.reduce(damaged, whole);
          expectSame(inPieces(bytes, sizes), limits, walkedFrom);
        },
      ),
      { numRuns: 400 },
    ));

  const syn = (client: number, port: number, flags: number): Written => ({
    frame: ethernet(ip(`203.0.113.${client}`, "198.51.100.25", 6, tcp(1024 + port, 25, flags, port))),
  });
  const many = Array.from({ length: 20_000 }, (_, index) => syn(index % 3, index >> 2, index % 2 === 0 ? 2 : 16));

  test.each([pcap, pcapng])("longer than the memory that it is put into: %o", (write) => {
    expectSame([write(many)], LIMITS, 0);
  });

  test("events that went elsewhere, since there were too many for its memory", () => {
    const bytes = pcap(many);
    const reader = new CaptureReader(LIMITS, 0);
    reader.push(bytes.subarray(0, 100_001));
    const { events } = reader.end().tally.flows;
    events.words = events.words.slice(0, (events.size + 1) * EVENT_WORDS);
    reader.push(bytes.subarray(100_001));
    expect(kept(reader.end())).toEqual(kept(counted([bytes], LIMITS, NEVER)));
  });

  test("limits beyond its memory: it is not walked", () => {
    const reader = new CaptureReader({ connections: 1 << 24, rows: 1 << 24, told: 10 }, 0);
    reader.push(pcap([]));
    expect(reader.end().tally.walk).toBeNull();
  });

  test("nor where WebAssembly may not be compiled", () => {
    const reader = openCaptureFor(null, false);
    reader.push(pcap([]));
    reader.push(new Uint8Array(1 << 17));
    expect(reader.end().tally.walk).toBeNull();
  });
});

test("the compiled module is of its source as it stands: npm run wasm", async () => {
  const script = new URL("../../../../../scripts/wasm.mjs", import.meta.url).href;
  const { moduleOf }: { readonly moduleOf: (source: string) => Promise<string> } = await import(script);
  expect(readFileSync(new URL("walk-module.ts", import.meta.url), "utf8")).toBe(await moduleOf("walk"));
});
