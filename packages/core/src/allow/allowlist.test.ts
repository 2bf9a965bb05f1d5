import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { setOfCidrs } from "../address/address-set.ts";
import { type Cidr, cidrContains, cidrOf, cidrs } from "../address/cidr.ts";
import { type Ip, ipFromNumber } from "../address/ip.ts";
import { mergeCidrs } from "../address/merge.ts";
import { BANK, BASIS, blocked, identity, LIST, RANGES, SOURCES, source } from "../testing/allow.ts";
import { allowlistFrom } from "./allowlist.ts";
import { refusalsOf } from "./doubts.ts";

const listOfSources = (...sources: Parameters<typeof allowlistFrom>[0]) => allowlistFrom(sources, BANK, BASIS);

describe("the list", () => {
  test("holds the union, marked", () => {
    expect(LIST.entries.map(({ cidr }) => cidr)).toEqual(RANGES);
    expect(LIST).toMatchObject({ senders: 6, blocked: 1, doubts: [], asOf: "2026-11-20T08:00:00Z" });
    const [own, , pool, , draining, , later] = LIST.entries;
    expect(own).toMatchObject({ isPrivate: true, certainty: "logged" });
    expect(pool).toMatchObject({ isPrivate: false, use: "current", senders: ["web-1/nic0"] });
    expect(draining).toMatchObject({ use: "draining" });
    expect(later).toMatchObject({ use: "after-scaling" });
  });

  test("neighbours of two resources are one range with both reasons", () => {
    const { entries } = listOfSources(
      source("a", identity(cidrs("203.0.113.6/32"), { resource: "nat-a" })),
      source("b", identity(cidrs("203.0.113.7/32"), { resource: "nat-b" })),
    );
    expect(entries).toMatchObject([{ cidr: "203.0.113.6/31", resources: ["nat-a", "nat-b"], senders: ["a", "b"] }]);
  });

  test("an address that is used is not draining, and the least stable of its reasons counts", () => {
    const { entries } = listOfSources(
      source("a", identity(cidrs("203.0.113.0/30"))),
      source("b", identity(cidrs("203.0.113.1/32"), { stability: "changing" })),
      source("c", identity(cidrs("203.0.113.9/32"), { draining: cidrs("203.0.113.2/32", "203.0.113.4/32") })),
    );
    expect(entries.map(({ cidr, use, stability }) => [cidr, use, stability])).toEqual([
      ["203.0.113.0/32", "current", "static"],
      ["203.0.113.1/32", "current", "changing"],
      ["203.0.113.2/31", "current", "static"],
      ["203.0.113.4/32", "draining", "changing"],
      ["203.0.113.9/32", "current", "static"],
    ]);
  });

  test("a sender with one way out is not blocked by another that is none", () => {
    const list = listOfSources(blocked("a"), source("a", identity(cidrs("203.0.113.1/32"))), blocked("b"));
    expect(list).toMatchObject({ senders: 2, blocked: 1 });
  });
});

describe("what is refused", () => {
  const one = cidrs("203.0.113.1/32");
  test.each([
    ["static and predicted", source("a", identity(one)), []],
    ["ephemeral", source("a", identity(one, { stability: "ephemeral" })), ["unstable"]],
    ["changing", source("a", identity(one, { stability: "changing" })), ["unstable"]],
    ["nobody knows how long", source("a", identity(one, { stability: "unknown" })), ["unstable"]],
    ["there may be others", source("a", identity(one, { complete: false })), ["incomplete"]],
    ["no address is named", source("a", identity([])), ["incomplete"]],
    ["nobody can know before", source("a", identity(one, { kind: "unpredictable" })), ["incomplete"]],
    ["possible", source("a", identity(one), { certainty: "possible" }), ["undecided"]],
    ["unknown", source("a", identity([], { kind: "unknown" }), { certainty: "unknown" }), ["undecided"]],
    ["blocked for certain", blocked("a"), []],
    ["perhaps blocked", { ...blocked("a"), certainty: "possible" as const }, ["undecided"]],
  ])("%s", (_, given, kinds) => expect(listOfSources(given).doubts.map(({ kind }) => kind)).toEqual(kinds));

  test("half of the input", () => {
    const list = allowlistFrom([source("a", identity(one))], BANK, { ...BASIS, isHalfRead: true });
    expect(refusalsOf(list.doubts)).toMatchObject([{ code: "allow/half-read" }]);
  });

  test("one reason is told once, with what would decide it", () => {
    const ask = { text: { en: "ask the far side", zh: "询问对端" }, command: "show nat", settles: { en: "", zh: "" } };
    const open = [{ en: "the far side may translate", zh: "对端可能转换" }];
    const doubtful = ["a", "b"].map((sender) =>
      source(sender, identity(one), { certainty: "possible", open, next: [ask] }),
    );
    expect(refusalsOf(listOfSources(...doubtful).doubts)).toMatchObject([
      {
        code: "allow/undecided",
        text: { en: "a, b: 203.0.113.1 is not decided: the far side may translate" },
        fix: { en: "ask the far side: show nat" },
      },
    ]);
  });
});

const anyCidr = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc.tuple(fc.constant(4 as const), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 28, max: 32 })),
    },
    fc.tuple(fc.constant(6 as const), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 124, max: 128 })),
  )
  .map(([family, offset, length]) =>
    cidrOf(ipFromNumber(family, (family === 4 ? 0xc0000200n : 0x20010db8n << 96n) + BigInt(offset)), length),
  );

const stabilities = fc.constantFrom("static", "ephemeral", "changing", "unknown");

const anySource = fc
  .record({
    addresses: fc.array(anyCidr, { maxLength: 6 }),
    draining: fc.array(anyCidr, { maxLength: 2 }),
    afterScaling: fc.array(anyCidr, { maxLength: 2 }),
    stability: stabilities,
  })
  .map((more) => source("a", identity(setOfCidrs(more.addresses), more)));

const probes = [4, 6].flatMap((family) =>
  Array.from({ length: 80 }, (_, index) =>
    family === 4 ? ipFromNumber(4, 0xc00001f8n + BigInt(index)) : ipFromNumber(6, (0x20010db8n << 96n) + BigInt(index)),
  ),
);

const holds = (list: readonly Cidr[], ip: Ip): boolean => list.some((cidr) => cidrContains(cidr, ip));

describe("properties", () => {
  test("never admits an address that is not in the answer, nor leaves one out, nor says one twice", () =>
    fc.assert(
      fc.property(fc.array(anySource, { maxLength: 5 }), (sources) => {
        const given = sources.flatMap(({ answer }) => [
          ...answer.addresses,
          ...answer.draining,
          ...(answer.afterScaling ?? []),
        ]);
        const { entries } = listOfSources(...sources);
        for (const ip of probes) {
          const times = entries.filter(({ cidr }) => cidrContains(cidr, ip)).length;
          if (times !== (holds(given, ip) ? 1 : 0)) return false;
        }
        return setOfCidrs(entries.map(({ cidr }) => cidr)).join() === setOfCidrs(given).join();
      }),
      { numRuns: 200 },
    ));

  test("many are merged as few are", () =>
    fc.assert(
      fc.property(fc.array(anyCidr, { maxLength: 60 }), (list) => {
        expect(mergeCidrs(list)).toEqual(setOfCidrs(list));
      }),
    ));

  test.each([
    [["0.0.0.0/0"]],
    [["255.255.255.255/32", "255.255.255.254/32"]],
    [["128.0.0.0/1", "0.0.0.0/1"]],
    [["::/0", "0.0.0.0/32"]],
    [[]],
  ])("the ends of the space: %j", (list) =>
    expect(mergeCidrs(list as readonly string[] as readonly Cidr[])).toEqual(
      setOfCidrs(list as readonly string[] as readonly Cidr[]),
    ),
  );

  test("the order of the sources does not matter", () =>
    expect(allowlistFrom([...SOURCES].reverse(), BANK, BASIS).entries).toEqual(LIST.entries));
});
