import fc from "fast-check";
import { expect, test } from "vitest";
import { setOf } from "../address/address-set.ts";
import { type Cidr, cidrOf } from "../address/cidr.ts";
import { type Ip, ipFromNumber } from "../address/ip.ts";
import { stepAt } from "../address/step-function.ts";
import {
  type Alternative,
  type Appliance,
  type Egress,
  type Filter,
  type Gap,
  KEEPS_SOURCE,
  type NextHop,
  type Offer,
  type Route,
  type RouteStage,
} from "../model/egress.ts";
import type { Host, Interface } from "../model/estate.ts";
import type { Match } from "../model/flow.ts";
import type { Assumption } from "../model/outcome.ts";
import type { Rule } from "../model/rule.ts";
import { same } from "../problem.ts";
import { identityKey } from "../resolve/combine.ts";
import { BLOCKED } from "../resolve/packet.ts";
import { sentFrom } from "../resolve/resolve.ts";
import { predictionOf } from "../verdict/predict.ts";
import { type EgressMap, Mapper } from "./egress-map.ts";
import { type MapSource, type Own, ownOf, shownFor } from "./own.ts";

// Whatever the model can say: the map must say of every address what the look-up of one flow says of it.

const rule = (id: string): Rule => ({
  id,
  ref: id,
  says: same(id),
  source: "https://example.org/",
  pageDate: null,
  mark: "read",
  cases: [],
});
const step = (id: string) => ({ rule: rule(id), resource: null, text: same(id), origin: null });
const assumption = (id: number, basis: Assumption["basis"]): Assumption => ({
  id: `a${id}`,
  basis,
  text: same(""),
  ask: null,
});

/** Few addresses, close together, so that prefixes nest and meet. */
const arbitraryIp = fc.integer({ min: 0, max: 255 }).map((low): Ip => ipFromNumber(4, 0x0a000000n + BigInt(low)));
const arbitraryCidr = fc
  .tuple(arbitraryIp, fc.constantFrom(0, 8, 24, 25, 26, 28, 30, 31, 32))
  .map(([ip, length]): Cidr => cidrOf(ip, length));
const cidrs = fc.array(arbitraryCidr, { minLength: 1, maxLength: 3 });
const SOURCE = ipFromNumber(4, 0x0a000005n);
const basis = fc.constantFrom("default" as const, "open" as const);

const arbitraryMatch: fc.Arbitrary<Match> = fc.record(
  {
    sources: fc.constantFrom([cidrOf(SOURCE, 32)], [cidrOf(SOURCE, 8)], [cidrOf(ipFromNumber(4, 1n), 32)]),
    destinations: cidrs,
    exceptDestinations: cidrs,
    protocols: fc.constantFrom(["tcp"] as const, ["udp"] as const, ["tcp", "icmp"] as const),
    ports: fc.constantFrom([{ first: 25, last: 25 }], [{ first: 20, last: 80 }], [{ first: 65_535, last: 65_535 }]),
  },
  { requiredKeys: [] },
);

const arbitraryAlternative: fc.Arbitrary<Alternative> = fc
  .tuple(fc.integer({ min: 0, max: 4 }), fc.boolean())
  .map(([n, open]) => ({
    identity:
      n === 0
        ? KEEPS_SOURCE
        : n === 1
          ? BLOCKED
          : {
              ...BLOCKED,
              kind: "translated",
              addresses: setOf(ipFromNumber(4, 0xcb007100n + BigInt(n))),
              translator: "nat-gateway",
            },
    assumptions: open ? [assumption(n, "open")] : [],
    steps: [step(`s${n}`)],
  }));
const alternatives = fc.array(arbitraryAlternative, { minLength: 1, maxLength: 2 });

const arbitraryOffer: fc.Arbitrary<Offer> = fc
  .record({ match: arbitraryMatch, alternatives, falls: fc.option(basis), id: fc.integer({ min: 0, max: 9 }) })
  .map(({ match, alternatives: given, falls, id }) => ({
    translator: "nat-gateway",
    resource: null,
    match,
    step: step(`offer${id}`),
    alternatives: given,
    ...(falls === null ? {} : { fallsThrough: assumption(100 + id, falls) }),
  }));

const arbitraryFilter: fc.Arbitrary<Filter> = fc
  .record({
    match: arbitraryMatch,
    action: fc.constantFrom("deny" as const, "allow" as const, "always-allow" as const),
    unless: fc.option(basis),
    perhaps: fc.option(basis),
    id: fc.integer({ min: 0, max: 9 }),
  })
  .map(({ match, action, unless, perhaps, id }) => ({
    match,
    action,
    rule: rule(`filter${id}`),
    resource: null,
    text: same(""),
    origin: null,
    ...(unless === null
      ? {}
      : { unless: { holds: assumption(200 + id, unless), lifted: assumption(210 + id, "open") } }),
    ...(perhaps === null
      ? {}
      : { perhaps: { applies: assumption(220 + id, "open"), not: assumption(230 + id, perhaps) } }),
  }));

/** Two lists, one after the other. */
const arbitraryFilters: fc.Arbitrary<readonly Filter[]> = fc
  .array(fc.array(arbitraryFilter, { maxLength: 2 }), { maxLength: 2 })
  .map((lists) => lists.flatMap((filters, list) => filters.map((filter) => ({ ...filter, list }))));

const arbitraryGap: fc.Arbitrary<Gap> = fc
  .record({ destinations: fc.option(cidrs), basis, otherwise: alternatives, id: fc.integer({ min: 0, max: 9 }) })
  .map(({ destinations, basis: harmless, otherwise, id }) => ({
    ...(destinations === null ? {} : { destinations }),
    harmless: assumption(300 + id, harmless),
    otherwise,
  }));

const simpleHop: fc.Arbitrary<NextHop> = fc.oneof(
  fc.constant<NextHop>({ kind: "internet", text: same("internet") }),
  fc.constant<NextHop>({ kind: "local", text: same("local"), rule: rule("local"), resource: null }),
  fc.constant<NextHop>({ kind: "drop", text: same("drop"), rule: rule("drop") }),
  fc.constant<NextHop>({ kind: "next-stage", text: same("next") }),
  alternatives.map((given): NextHop => ({ kind: "alternatives", text: same("either"), alternatives: given })),
  fc.tuple(fc.array(arbitraryOffer, { maxLength: 2 }), fc.array(arbitraryGap, { maxLength: 1 })).map(
    ([offers, beyond]): NextHop => ({
      kind: "link",
      link: { name: "link", resource: null, text: same("link"), keeps: rule("keeps"), offers, beyond },
    }),
  ),
);

const routesTo = (hop: fc.Arbitrary<NextHop>): fc.Arbitrary<Route> =>
  fc
    .record({
      prefix: arbitraryCidr,
      hop,
      preference: fc.integer({ min: 0, max: 1 }),
      match: fc.option(arbitraryMatch),
      up: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ prefix, hop: to, preference, match, up }) => ({
      prefix,
      hop: to,
      preference: [preference],
      usable:
        up > 1
          ? ({ kind: "yes" } as const)
          : up === 1
            ? ({ kind: "no", rule: rule("down"), text: same("down") } as const)
            : ({
                kind: "unknown",
                up: assumption(400, "default"),
                down: assumption(401, "open"),
                rule: rule("state"),
              } as const),
      name: `${prefix}`,
      resource: null,
      rule: rule("route"),
      origin: null,
      ...(match === null ? {} : { match }),
    }));

const stagesOf = (hop: fc.Arbitrary<NextHop>): fc.Arbitrary<RouteStage> =>
  fc
    .record({
      first: fc.boolean(),
      routes: fc.array(routesTo(hop), { maxLength: 6 }),
      together: fc.boolean(),
      gaps: fc.array(arbitraryGap, { maxLength: 1 }),
    })
    .map(({ first, routes, together, gaps }) => ({
      kind: first ? "first-match" : "longest-prefix",
      routes,
      orders: [[{ position: 0, rule: rule("priority") }]],
      ties: { kind: together ? "together" : "undecided", rule: rule("ties") },
      gaps,
    }));

const egressOf = (hop: fc.Arbitrary<NextHop>): fc.Arbitrary<Egress> =>
  fc
    .record({
      filters: arbitraryFilters,
      stages: fc.array(stagesOf(hop), { maxLength: 3 }),
      further: fc.array(arbitraryFilter, { maxLength: 2 }),
      offers: fc.array(arbitraryOffer, { maxLength: 3 }),
      none: alternatives,
    })
    .map(({ filters, stages, further, offers, none }) => ({
      filters,
      routes: { id: "t", stages, none: step("no-route") },
      internet: { filters: further, offers, none },
    }));

const appliance: fc.Arbitrary<Appliance> = fc
  .record({
    name: fc.constantFrom("fw1", "fw2"),
    egress: fc.option(egressOf(simpleHop)),
    match: arbitraryMatch,
    snat: fc.boolean(),
    given: arbitraryAlternative,
    answers: fc.boolean(),
  })
  .map(({ name, egress, match, snat, given, answers }) => ({
    // One device sends on in one way, whichever of its interfaces a route leads to.
    id: JSON.stringify(egress),
    name,
    resource: name,
    behaviours: [
      {
        match,
        step: step("behaviour"),
        does: [
          answers
            ? ({ kind: "answers", alternative: given } as const)
            : snat
              ? ({
                  kind: "sends-as",
                  sources: [ipFromNumber(4, 0x0a0000f0n)],
                  complete: true,
                  translator: "firewall",
                  assumptions: [],
                  steps: [],
                } as const)
              : ({ kind: "forwards", assumptions: [], steps: [] } as const),
        ],
      },
    ],
    egress,
  }));

const anyHop: fc.Arbitrary<NextHop> = fc.oneof(
  { weight: 5, arbitrary: simpleHop },
  { weight: 1, arbitrary: appliance.map((one): NextHop => ({ kind: "appliance", appliances: [one] })) },
);

function mapFrom(from: MapSource): { readonly map: EgressMap; readonly own: Own } {
  const mapper = new Mapper(false);
  const kind = mapper.kindOf(from);
  const own = ownOf(from, kind.more);
  return { map: mapper.mapOf(from, kind), own: { ...own, shown: own.computed } };
}

function senderWith(egress: Egress): { readonly host: Host; readonly interface: Interface } {
  const one: Interface = {
    id: "nic0",
    name: "nic0",
    resource: "nic0",
    network: "n",
    mac: null,
    addresses: [{ cidr: cidrOf(SOURCE, 32), role: "primary" }],
    connected: [],
    foreignSources: { allowed: false, rule: rule("spoof") },
    egress,
    origin: null,
  };
  const host: Host = {
    id: "vm",
    name: "vm",
    interfaces: [one],
    defaultInterface: { interface: "nic0", rule: rule("default") },
    origin: null,
  };
  return { host, interface: one };
}

const PORTS = [1, 19, 20, 25, 26, 80, 81, 65_535];

test("the map of any model is its look-up, everywhere", () => {
  fc.assert(
    fc.property(
      egressOf(anyHop),
      fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 8, maxLength: 16 }),
      (egress, probes) => {
        const { host, interface: one } = senderWith(egress);
        const from = {
          host,
          interface: one,
          family: 4,
          source: SOURCE,
          cidr: cidrOf(SOURCE, 32),
          role: "primary",
          stability: "static",
        } as const;
        const { map, own } = mapFrom({
          ...from,
          interface: { ...one, addresses: [{ cidr: from.cidr, role: "primary", stability: "static" }] },
        });
        for (const low of probes) {
          const position = 0x0a000000 + low - 20;
          const destination = ipFromNumber(4, BigInt(position));
          const profile = map.profiles[stepAt(map.steps, position)] ?? [];
          for (const protocol of ["tcp", "udp", "icmp"] as const)
            for (const port of protocol === "icmp" ? [null] : PORTS) {
              const index = map.traffic.findIndex(
                (traffic) =>
                  traffic.protocol === protocol &&
                  (port === null ||
                    (traffic.ports !== null && traffic.ports.first <= port && port <= traffic.ports.last)),
              );
              const found = map.answers[profile[index] ?? -1];
              const asked = { ...one, addresses: [{ cidr: from.cidr, role: "primary", stability: "static" } as const] };
              const { answer, certainty } = predictionOf(
                sentFrom(asked, SOURCE, { protocol, port }, destination),
                false,
              );
              expect(found && `${identityKey(shownFor(found.identity, own))} ${found.certainty}`).toBe(
                `${identityKey(answer)} ${certainty}`,
              );
            }
        }
      },
    ),
    { numRuns: 300 },
  );
}, 60_000);

const routeTo = (prefix: Cidr, hop: NextHop, match?: Match, preference: readonly number[] = []): Route => ({
  prefix,
  hop,
  preference,
  usable: { kind: "yes" },
  name: prefix,
  resource: null,
  rule: rule("route"),
  origin: null,
  ...(match === undefined ? {} : { match }),
});
const at = (low: number, length: number): Cidr => cidrOf(ipFromNumber(4, 0x0a000000n + BigInt(low)), length);
const drop: NextHop = { kind: "drop", text: same("drop"), rule: rule("drop") };
const local: NextHop = { kind: "local", text: same("local"), rule: rule("local"), resource: null };
const onlyUdp: Match = { protocols: ["udp"] };

/** What becomes of a protocol towards addresses, by routes of one stage of which those of the least preference win. */
function kindsOf(routes: readonly Route[], protocol: "tcp" | "udp", lows: readonly number[]) {
  const orders = [[{ position: 0, rule: rule("priority") }]];
  const ties = { kind: "together", rule: rule("ties") } as const;
  const stages = [{ kind: "longest-prefix", routes, orders, ties, gaps: [] } as const];
  const egress: Egress = {
    filters: [],
    routes: { id: "t", none: step("no-route"), stages },
    internet: { filters: [], offers: [], none: [] },
  };
  const { host, interface: one } = senderWith(egress);
  const { map } = mapFrom({
    host,
    interface: one,
    family: 4,
    source: SOURCE,
    cidr: cidrOf(SOURCE, 32),
    role: "primary",
    stability: "static",
  });
  const index = map.traffic.findIndex((traffic) => traffic.protocol === protocol);
  return lows.map(
    (low) => map.answers[map.profiles[stepAt(map.steps, 0x0a000000 + low)]?.[index] ?? -1]?.identity.kind,
  );
}

test("equal routes for some traffic hand the rest on to what is around each of them", () => {
  const routes = [
    routeTo(at(0, 25), drop),
    routeTo(at(128, 25), local),
    routeTo(at(16, 28), drop, onlyUdp),
    routeTo(at(144, 28), drop, onlyUdp),
  ];
  expect(kindsOf(routes, "tcp", [20, 150])).toEqual(["blocked", "preserved"]);
});

test("a route around another is none that competes with it", () => {
  const routes = [
    routeTo(at(0, 25), local, undefined, [0]),
    routeTo(at(16, 28), drop, onlyUdp, [1]),
    routeTo(at(144, 28), drop, onlyUdp, [1]),
    routeTo(at(144, 28), local, undefined, [0]),
  ];
  expect(kindsOf(routes, "udp", [20, 150])).toEqual(["blocked", "preserved"]);
});

test("a device that is entered by two interfaces does at each what it does there", () => {
  const entered = (name: string, identity: Alternative["identity"]): NextHop => {
    const does = [{ kind: "answers", alternative: { identity, assumptions: [], steps: [] } } as const];
    const behaviours = [{ match: {}, step: step("behaviour"), does }];
    return { kind: "appliance", appliances: [{ id: "fw", name, resource: name, behaviours, egress: null }] };
  };
  const routes = [routeTo(at(0, 25), entered("nic0", BLOCKED)), routeTo(at(128, 25), entered("nic1", KEEPS_SOURCE))];
  expect(kindsOf(routes, "tcp", [20, 150])).toEqual(["blocked", "preserved"]);
});
