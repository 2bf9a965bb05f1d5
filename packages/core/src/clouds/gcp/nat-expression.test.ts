import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNatExpression } from "./nat-expression.ts";

// https://docs.cloud.google.com/nat/docs/nat-rules-overview
describe("NAT rule expressions that are understood", () => {
  test.each([
    ["destination.ip == '198.51.100.25'", { kind: "destinations", cidrs: ["198.51.100.25/32"] }],
    ['destination.ip == "198.51.100.25"', { kind: "destinations", cidrs: ["198.51.100.25/32"] }],
    ["inIpRange(destination.ip, '198.51.100.0/24')", { kind: "destinations", cidrs: ["198.51.100.0/24"] }],
    [
      "inIpRange(destination.ip, '198.51.100.0/24') || destination.ip == '192.0.2.1'",
      { kind: "destinations", cidrs: ["198.51.100.0/24", "192.0.2.1/32"] },
    ],
    [
      "(destination.ip=='192.0.2.1')||(destination.ip=='192.0.2.2')",
      { kind: "destinations", cidrs: ["192.0.2.1/32", "192.0.2.2/32"] },
    ],
    ["inIpRange(source.ip, '192.168.1.0/24')", { kind: "sources", cidrs: ["192.168.1.0/24"] }],
    ["nexthop.is_hybrid", { kind: "next-hops", hubs: [], hybrid: true }],
    [
      "nexthop.hub == '//networkconnectivity.googleapis.com/projects/p/locations/global/hubs/h' || nexthop.is_hybrid",
      { kind: "next-hops", hubs: ["projects/p/locations/global/hubs/h"], hybrid: true },
    ],
  ])("%s", (text, condition) => expect(parseNatExpression(text)).toEqual(condition));
});

describe("NAT rule expressions that are not: never taken as no match", () => {
  test.each([
    "",
    "destination.ip",
    "destination.ip != '192.0.2.1'",
    "!(destination.ip == '192.0.2.1')",
    "destination.ip == '192.0.2.1' && destination.port == 25",
    "destination.ip == '192.0.2.1' || source.ip == '10.0.0.1'",
    "destination.ip == '192.0.2.1' ||",
    "destination.ip == '2001:db8::1'",
    "destination.ip == '192.0.2.0/24'",
    "destination.ip == '010.0.0.1'",
    "inIpRange(destination.ip, '192.0.2.1/24')",
    "inIpRange(destination.ip, '192.0.2.1')",
    "inIpRange(destination.ip '192.0.2.0/24')",
    "destination.region == 'FR'",
    "destination.ip in ['192.0.2.1']",
    "true",
    "(destination.ip == '192.0.2.1'",
    "destination.ip == '192.0.2.1')",
    "nexthop.is_hybrid || destination.ip == '192.0.2.1'",
    `${"(".repeat(50_000)}destination.ip == '192.0.2.1'`,
  ])("%.60s", (text) => expect(parseNatExpression(text)).toBeUndefined());
});

const term = fc.oneof(
  fc.ipV4().map((ip) => ({ text: `destination.ip == '${ip}'`, cidr: `${ip}/32` })),
  fc.ipV4().map((ip) => ({ text: `inIpRange(destination.ip, '${ip}/32')`, cidr: `${ip}/32` })),
);

test("what is printed is read back, whatever the spaces", () => {
  const joined = fc.tuple(fc.array(term, { minLength: 1, maxLength: 8 }), fc.constantFrom("||", " || ", "\n||\t"));
  fc.assert(
    fc.property(joined, ([terms, or]) => {
      const text = terms.map((one) => one.text).join(or);
      expect(parseNatExpression(text)).toEqual({ kind: "destinations", cidrs: terms.map(({ cidr }) => cidr) });
    }),
  );
});

test("no text throws", () => {
  const piece = fc.constantFrom(
    "destination.ip",
    "source.ip",
    "inIpRange",
    "==",
    "||",
    "(",
    ")",
    ",",
    "'192.0.2.1'",
    "'x",
    " ",
    "&&",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(piece).map((parts) => parts.join("")),
      ),
      (text) => void parseNatExpression(text),
    ),
  );
});
