import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listOf, setOf } from "../address/address-set.ts";
import { type Cidr, parseCidr } from "../address/cidr.ts";
import { piecesOf } from "../address/destination-map.ts";
import { type Ip, ipFromNumber, parseIp } from "../address/ip.ts";
import type { Egress, Filter, NextHop, Route, RouteStage } from "../model/egress.ts";
import type { Host, Interface } from "../model/estate.ts";
import type { Assumption } from "../model/outcome.ts";
import type { Rule } from "../model/rule.ts";
import { same } from "../problem.ts";
import type { Asked } from "./asked.ts";
import { BLOCKED } from "./packet.ts";
import { egressMapOf, outcomesAt } from "./resolve.ts";

const ip = (text: string): Ip => parseIp(text) ?? raise(text);
const cidr = (text: string): Cidr => parseCidr(text) ?? raise(text);
const raise = (text: string): never => {
  throw new Error(text);
};

const rule = (id: string, mark: Rule["mark"] = "read"): Rule => ({
  id,
  ref: id,
  says: same(id),
  source: "https://example.org/",
  pageDate: null,
  mark,
  cases: [],
});
const step = (id: string) => ({ rule: rule(id), resource: null, text: same(id), origin: null });

const INTERNET: NextHop = { kind: "internet", text: same("internet") };
const LOCAL: NextHop = { kind: "local", text: same("local"), rule: rule("local"), resource: null };
const route = (prefix: string, hop: NextHop, preference: readonly number[] = [], more: Partial<Route> = {}): Route => ({
  prefix: cidr(prefix),
  hop,
  preference,
  usable: { kind: "yes" },
  name: `${prefix}#${preference.join(".")}`,
  resource: null,
  rule: rule("route"),
  origin: null,
  ...more,
});
const stage = (routes: readonly Route[], more: Partial<RouteStage> = {}): RouteStage => ({
  kind: "longest-prefix",
  routes,
  orders: [[{ position: 0, rule: rule("priority") }]],
  ties: { kind: "together", rule: rule("ecmp") },
  gaps: [],
  ...more,
});
const nat = (address: string) => ({
  translator: "nat-gateway" as const,
  resource: address,
  match: {},
  step: step("nat"),
  alternatives: [
    {
      identity: {
        ...BLOCKED,
        kind: "translated" as const,
        addresses: setOf(ip(address)),
        translator: "nat-gateway" as const,
        resource: address,
        stability: "static" as const,
      },
      assumptions: [],
      steps: [],
    },
  ],
});
const egress = (stages: readonly RouteStage[], more: Partial<Egress["internet"]> = {}): Egress => ({
  filters: [],
  routes: { id: "t", stages, none: step("no-route") },
  internet: {
    filters: [],
    offers: [nat("203.0.113.10")],
    none: [{ identity: BLOCKED, assumptions: [], steps: [] }],
    ...more,
  },
});
const nic = (name: string, address: string, out: Egress, connected: readonly Cidr[] = []): Interface => ({
  id: name,
  name,
  resource: name,
  network: "net",
  mac: null,
  addresses: [{ cidr: cidr(`${address}/32`), role: "primary" }],
  connected,
  foreignSources: { allowed: false, rule: rule("spoof") },
  egress: out,
  origin: null,
});
const asking = (interfaces: readonly [Interface, ...Interface[]], more: Partial<Asked["sender"]> = {}): Asked => {
  const host: Host = {
    id: "vm",
    name: "vm",
    interfaces,
    defaultInterface: { interface: interfaces[0].id, rule: rule("default") },
    origin: null,
  };
  return { sender: { host, interface: null, source: null, ...more }, protocol: "tcp", port: 443, guest: null };
};
const seen = (asked: Asked, destination: string) =>
  outcomesAt(asked, ip(destination)).map(({ identity, assumptions }) => ({
    kind: identity.kind,
    addresses: listOf(identity.addresses),
    open: assumptions.filter(({ basis }) => basis === "open").length,
  }));

describe("filters", () => {
  const D = "198.51.100.25";
  const filter = (action: Filter["action"], more: Partial<Filter> = {}): Filter => ({
    match: {},
    action,
    rule: rule("filter"),
    resource: null,
    text: same(action),
    origin: null,
    ...more,
  });
  const assume = (id: string): Assumption => ({ id, basis: "open", text: same(id), ask: null });
  const perhaps = { applies: assume("applies"), not: assume("not") };
  const kinds = (...filters: readonly Filter[]): readonly string[] =>
    seen(asking([nic("nic0", "10.0.0.5", { ...egress([stage([route("0.0.0.0/0", INTERNET)])]), filters })]), D).map(
      ({ kind, open }) => `${kind} ${open}`,
    );
  const mail = { match: { ports: [{ first: 25, last: 25 }] } };

  test.each([
    ["the first match decides", [filter("allow"), filter("deny")], ["translated 0"]],
    [
      "what one list allows the next may deny",
      [filter("allow", { list: 0 }), filter("deny", { list: 1 })],
      ["blocked 0"],
    ],
    [
      "an allowance skips the rest of its own list alone",
      [filter("allow", { list: 0 }), filter("deny", { list: 0 }), filter("allow", { list: 1 })],
      ["translated 0"],
    ],
    ["a list in which nothing matches lets pass", [filter("deny", { ...mail, list: 0 })], ["translated 0"]],
    ["a match in doubt is both", [filter("deny", { perhaps })], ["translated 1", "blocked 1"]],
    [
      "an allowance in doubt before a denial",
      [filter("allow", { perhaps }), filter("deny")],
      ["blocked 1", "translated 1"],
    ],
  ])("%s", (_, filters, sees) => {
    expect(kinds(...filters)).toEqual(sees);
  });
});

describe("routes compete", () => {
  const D = "198.51.100.25";
  // https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Route_Tables.html: of two prefix lists one is picked. Routes of AWS
  // have no names of their own, so both have the table's.
  test("of equal routes that share a name, each outcome says where its own leads", () => {
    const undecided = { ties: { kind: "undecided" as const, rule: rule("overlap") } };
    const routes = [route("0.0.0.0/0", INTERNET, [], { name: "rtb" }), route("0.0.0.0/0", LOCAL, [], { name: "rtb" })];
    const outcomes = outcomesAt(asking([nic("nic0", "10.0.0.5", egress([stage(routes, undecided)]))]), ip(D));
    expect(
      outcomes.map(({ identity, assumptions }) => [
        ...listOf(identity.addresses),
        ...assumptions.flatMap(({ id }) => (id.startsWith("route-tie:") ? [id] : [])),
      ]),
    ).toEqual([
      ["203.0.113.10", "route-tie:rtb to internet"],
      ["10.0.0.5", "route-tie:rtb to local"],
    ]);
  });

  test.each([
    {
      when: "the longest prefix wins",
      routes: [route("0.0.0.0/0", INTERNET, [1]), route("198.51.100.0/24", LOCAL, [9])],
      sees: ["10.0.0.5"],
    },
    {
      when: "the lowest preference wins",
      routes: [route("0.0.0.0/0", INTERNET, [900]), route("0.0.0.0/0", LOCAL, [1000])],
      sees: ["203.0.113.10"],
    },
    {
      when: "a dead specific route leaves a hole",
      routes: [
        route("0.0.0.0/0", INTERNET),
        route("198.51.100.0/24", LOCAL, [], { usable: { kind: "no", rule: rule("dead"), text: same("dead") } }),
      ],
      sees: [],
    },
    { when: "no route", routes: [route("192.0.2.0/24", INTERNET)], sees: [] },
  ])("$when", ({ routes, sees }) => {
    expect(seen(asking([nic("nic0", "10.0.0.5", egress([stage(routes)]))]), D).flatMap((one) => one.addresses)).toEqual(
      sees,
    );
  });

  test("equal routes share: one outcome with both", () => {
    const both = stage([route("0.0.0.0/0", INTERNET), route("0.0.0.0/0", LOCAL)]);
    expect(seen(asking([nic("nic0", "10.0.0.5", egress([both]))]), D)).toEqual([
      { kind: "unpredictable", addresses: ["10.0.0.5", "203.0.113.10"], open: 0 },
    ]);
  });

  test("a rule without a source does not decide alone", () => {
    const contested = stage([route("0.0.0.0/0", INTERNET, [1]), route("0.0.0.0/0", LOCAL, [2])], {
      orders: [[{ position: 0, rule: rule("guess", "unsourced") }]],
    });
    const outcomes = seen(asking([nic("nic0", "10.0.0.5", egress([contested]))]), D);
    expect(outcomes.map(({ addresses, open }) => [...addresses, open])).toEqual([
      ["203.0.113.10", 1],
      ["10.0.0.5", 1],
    ]);
  });

  test("orders that disagree on the winner both stand; where they agree nothing is asked", () => {
    const orders = [
      [
        { position: 0, rule: rule("a") },
        { position: 1, rule: rule("b") },
      ],
      [
        { position: 1, rule: rule("b") },
        { position: 0, rule: rule("a") },
      ],
    ];
    const split = stage([route("0.0.0.0/0", INTERNET, [1, 2]), route("0.0.0.0/0", LOCAL, [2, 1])], { orders });
    const agreed = stage([route("0.0.0.0/0", INTERNET, [1, 1]), route("0.0.0.0/0", LOCAL, [2, 2])], { orders });
    expect(seen(asking([nic("nic0", "10.0.0.5", egress([split]))]), D).map(({ open }) => open)).toEqual([1, 1]);
    expect(seen(asking([nic("nic0", "10.0.0.5", egress([agreed]))]), D)).toEqual([
      { kind: "translated", addresses: ["203.0.113.10"], open: 0 },
    ]);
  });

  test("an open question that changes nothing is not asked", () => {
    const unsure = route("0.0.0.0/0", INTERNET, [1], {
      usable: {
        kind: "unknown",
        rule: rule("vpn"),
        up: { id: "up", basis: "open", text: same("up"), ask: null },
        down: { id: "down", basis: "open", text: same("down"), ask: null },
      },
    });
    const twice = stage([unsure, route("0.0.0.0/0", INTERNET, [2])]);
    expect(seen(asking([nic("nic0", "10.0.0.5", egress([twice]))]), D)).toEqual([
      { kind: "translated", addresses: ["203.0.113.10"], open: 0 },
    ]);
  });
});

describe("senders", () => {
  const out = egress([stage([route("0.0.0.0/0", INTERNET)])]);
  const private_ = egress([stage([route("0.0.0.0/0", LOCAL)])]);

  test("several interfaces: the default one, and the others as what else it may be", () => {
    const asked = asking([nic("nic0", "10.0.0.5", out), nic("nic1", "10.1.0.5", private_)]);
    expect(seen(asked, "198.51.100.25")).toEqual([
      { kind: "translated", addresses: ["203.0.113.10"], open: 0 },
      { kind: "preserved", addresses: ["10.1.0.5"], open: 1 },
    ]);
  });
  describe("model/connected: a destination in the subnet of an interface", () => {
    const near = nic("nic0", "10.0.0.5", out, [cidr("10.0.0.0/24")]);
    const wide = nic("nic0", "10.0.0.5", out, [cidr("10.0.0.0/8")]);
    const far = nic("nic1", "10.1.0.5", private_, [cidr("10.1.0.0/24")]);
    const twin = nic("nic1", "10.0.0.6", private_, [cidr("10.0.0.0/24")]);
    const third = nic("nic2", "10.1.0.6", private_, [cidr("10.1.0.0/24")]);
    const byDefault = (asked: Asked, destination: string) =>
      outcomesAt(asked, ip(destination))
        .filter(({ againstDefault }) => !againstDefault)
        .map(({ source, assumptions, steps }) => [source, assumptions[0]?.id, steps[0]?.rule.id]);

    test.each([
      { when: "of another one", nics: [near, far], to: "10.1.0.9", by: ["10.1.0.5", "guest-route-connected:nic1"] },
      { when: "of the default one", nics: [near, far], to: "10.0.0.9", by: ["10.0.0.5", "guest-route-default"] },
      { when: "of none", nics: [near, far], to: "198.51.100.25", by: ["10.0.0.5", "guest-route-default"] },
      {
        when: "of both, one nested",
        nics: [wide, far],
        to: "10.1.0.9",
        by: ["10.1.0.5", "guest-route-connected:nic1"],
      },
    ] as const)("$when", ({ nics, to, by }) => {
      expect(byDefault(asking(nics), to).map((one) => one.slice(0, 2))).toEqual([by]);
    });
    test("the default interface stays as what else it may be", () => {
      expect(seen(asking([near, far]), "10.1.0.9")).toEqual([
        { kind: "preserved", addresses: ["10.1.0.5"], open: 0 },
        { kind: "translated", addresses: ["203.0.113.10"], open: 1 },
      ]);
      expect(byDefault(asking([near, far]), "10.1.0.9")[0]?.[2]).toBe("ip/connected-route");
    });
    test.each([
      { nics: [near, twin], to: "10.0.0.9", sources: ["10.0.0.5", "10.0.0.6"] },
      { nics: [near, far, third], to: "10.1.0.9", sources: ["10.1.0.5", "10.1.0.6"] },
    ] as const)("model/connected-equal: two interfaces in one subnet are undecided ($to)", ({ nics, to, sources }) => {
      const outcomes = byDefault(asking(nics), to);
      expect(outcomes.map(([source]) => source)).toEqual(sources);
      expect(outcomes.map((one) => one[2])).toEqual(sources.map(() => "ip/connected-routes-equal"));
      expect(seen(asking(nics), to).every(({ open }) => open === 1)).toBe(true);
    });
    test("an interface or a source that was named is kept", () => {
      const named = asking([near, far], { interface: near });
      expect(seen(named, "10.1.0.9")).toEqual([{ kind: "translated", addresses: ["203.0.113.10"], open: 0 }]);
      const bound = asking([near, far], { source: ip("10.0.0.5") });
      expect(seen(bound, "10.1.0.9")).toEqual([{ kind: "translated", addresses: ["203.0.113.10"], open: 0 }]);
    });
    test("an interface without an address of the family is not connected in it", () => {
      const six = nic("nic1", "10.1.0.5", private_, [cidr("2001:db8:1::/64")]);
      const both: Interface = {
        ...near,
        addresses: [...near.addresses, { cidr: cidr("2001:db8::5/128"), role: "primary" }],
      };
      expect(byDefault(asking([both, six]), "2001:db8:1::9").map(([source]) => source)).toEqual(["2001:db8::5"]);
    });
  });
  test("a foreign source is dropped by the platform", () => {
    expect(seen(asking([nic("nic0", "10.0.0.5", out)], { source: ip("10.9.9.9") }), "198.51.100.25")).toEqual([
      { kind: "blocked", addresses: [], open: 0 },
    ]);
  });
  test("model/no-address-of-family: no IPv6 address, no IPv6 egress", () => {
    expect(seen(asking([nic("nic0", "10.0.0.5", out)]), "2001:db8::1")).toEqual([
      { kind: "blocked", addresses: [], open: 0 },
    ]);
  });
  test("model/own-address: what goes to an address of the host itself never leaves", () => {
    const [outcome] = outcomesAt(asking([nic("nic0", "10.0.0.5", out)]), ip("10.0.0.5"));
    expect([outcome?.identity.kind, outcome?.steps.at(-1)?.rule.id]).toEqual(["blocked", "ip/own-address"]);
  });
  test("model/loopback: what goes to a loopback address never leaves, whatever the interfaces", () => {
    const asked = asking([nic("nic0", "10.0.0.5", out), nic("nic1", "10.1.0.5", private_)]);
    for (const to of ["127.0.0.1", "127.9.9.9", "::1"]) {
      const outcomes = outcomesAt(asked, ip(to));
      expect(outcomes.map(({ identity, source }) => [identity.kind, source])).toEqual([["blocked", null]]);
      expect(outcomes[0]?.steps.map((one) => one.rule.id)).toEqual(["ip/loopback"]);
    }
  });
  test("model/loop: a packet that comes back to the same appliance never arrives", () => {
    const appliance = { id: "fw", name: "fw", resource: null, behaviours: [] as never[], egress: null };
    const looping: Egress = egress([
      stage([
        route("0.0.0.0/0", {
          kind: "appliance",
          appliances: [
            {
              ...appliance,
              behaviours: [{ match: {}, step: step("fw"), does: [{ kind: "forwards", assumptions: [], steps: [] }] }],
              get egress() {
                return looping;
              },
            },
          ],
        }),
      ]),
    ]);
    const [outcome] = outcomesAt(asking([nic("nic0", "10.0.0.5", looping)]), ip("198.51.100.25"));
    expect(outcome?.identity.kind).toBe("blocked");
    expect(outcome?.steps.at(-1)?.rule.id).toBe("ip/forwarding-loop");
  });
});

describe("the egress map", () => {
  const arbitraryRoute = fc
    .tuple(
      fc.integer({ min: 0, max: 0xffffffff }),
      fc.integer({ min: 0, max: 32 }),
      fc.integer({ min: 0, max: 2 }),
      fc.boolean(),
    )
    .map(([value, length, preference, internet]) => {
      const prefix = parseCidr(`${ipFromNumber(4, BigInt(value))}/${length}`, true) ?? raise("prefix");
      return route(prefix, internet ? INTERNET : LOCAL, [preference]);
    });

  test("a piece of the walk says what the single look-up says, everywhere in it", () => {
    fc.assert(
      fc.property(
        fc.array(arbitraryRoute, { maxLength: 30 }),
        fc.array(arbitraryRoute, { maxLength: 3 }),
        fc.array(arbitraryRoute, { maxLength: 3 }),
        fc.array(fc.integer({ min: 0, max: 0xffffffff }), { maxLength: 40 }),
        (routes, near, far, probes) => {
          const out = egress([stage(routes)]);
          const ranges = (all: readonly Route[]) => all.map(({ prefix }) => prefix);
          const asked = asking([nic("nic0", "10.0.0.5", out, ranges(near)), nic("nic1", "10.1.0.5", out, ranges(far))]);
          const keyOf = (outcomes: ReturnType<typeof outcomesAt>): string =>
            JSON.stringify(
              outcomes.map(({ identity, source, againstDefault }) => [
                identity.kind,
                identity.addresses,
                source,
                againstDefault,
              ]),
            );
          const pieces = piecesOf(egressMapOf(asked), 4, (a, b) => keyOf(a) === keyOf(b));
          expect(pieces[0]?.range.first).toBe(0n);
          expect(pieces.at(-1)?.range.last).toBe(0xffffffffn);
          for (const probe of probes) {
            const at = BigInt(probe);
            const piece = pieces.find(({ range }) => range.first <= at && at <= range.last);
            expect(keyOf(piece?.value ?? [])).toBe(keyOf(outcomesAt(asked, ipFromNumber(4, at))));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("no piece names an address that nobody offered", () => {
    fc.assert(
      fc.property(fc.array(arbitraryRoute, { maxLength: 20 }), (routes) => {
        const asked = asking([nic("nic0", "10.0.0.5", egress([stage(routes)]))]);
        const pieces = piecesOf(egressMapOf(asked), 4, () => false);
        const named = new Set(
          pieces.flatMap(({ value }) => value.flatMap(({ identity }) => listOf(identity.addresses))),
        );
        for (const address of named) expect(["10.0.0.5", "203.0.113.10"]).toContain(address);
      }),
      { numRuns: 40 },
    );
  });
});
