import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseIp } from "../address/ip.ts";
import { guestDecision } from "./decide.ts";
import { type GuestQuery, PLAIN_QUERY } from "./guest.ts";
import { readGuest } from "./read.ts";

// Who competed for a packet in the guest's own tables. Who wins is what ip-rule(8), ip-route(8) and Get-NetRoute's page say.

const ipOf = (text: string) => {
  const ip = parseIp(text);
  if (ip === undefined) throw new Error(text);
  return ip;
};

/** Of each look-up: prefix, table or next hop, how it fared, by which rule. */
function runnersIn(text: string, to: string, query: Partial<GuestQuery> = {}) {
  const decision = guestDecision(readGuest(text, "f").value, { ...PLAIN_QUERY, ...query }).at(ipOf(to));
  const steps = decision.kind === "sends" ? decision.sends[0].steps : decision.steps;
  return steps.flatMap(({ runners }) =>
    runners === undefined
      ? []
      : [runners().map((one) => `${one.text.en.split(" metric")[0]} · ${one.fate} · ${one.rule?.id ?? "-"}`)],
  );
}

const LINUX = `$ ip -4 rule
0:	from all lookup local
100:	from 10.1.0.10 lookup 100
32766:	from all lookup main
32767:	from all lookup default
$ ip -4 route show table all
default via 10.1.0.1 dev eth1 table 100
default via 10.0.0.1 dev eth0 src 10.0.0.10
default via 10.1.0.1 dev eth1 src 10.1.0.10 metric 100
10.0.0.0/24 dev eth0 scope link src 10.0.0.10
10.1.0.0/24 dev eth1 scope link src 10.1.0.10
local 10.0.0.10 dev eth0 table local scope host src 10.0.0.10
local 10.1.0.10 dev eth1 table local scope host src 10.1.0.10
`;

const MAIN = "main: 0.0.0.0/0 via 10.0.0.1 dev eth0 src 10.0.0.10";
const SECOND = "main: 0.0.0.0/0 via 10.1.0.1 dev eth1 src 10.1.0.10";
const BY_SOURCE = "100: 0.0.0.0/0 via 10.1.0.1 dev eth1";

describe("Linux", () => {
  test("a table for one source, which the packet has not: its rule does not hold; the higher metric loses", () => {
    const [first, ...more] = runnersIn(LINUX, "203.0.113.10");
    expect(more).toEqual([]);
    expect(first).toEqual([
      `${MAIN} · taken · linux/route/longest-prefix`,
      `${SECOND} · less-preferred · linux/route/longest-prefix`,
      `${BY_SOURCE} (100: from 10.1.0.10 lookup 100) · rule-not-met · linux/rule/from-needs-source`,
    ]);
  });

  test("bound to that source: its table is asked first, and main is not reached", () =>
    expect(runnersIn(LINUX, "203.0.113.10", { boundSource: ipOf("10.1.0.10") })).toEqual([
      [
        `${BY_SOURCE} · taken · linux/route/longest-prefix`,
        `${MAIN} (32766: from all lookup main) · later-table · linux/rule/table-before-prefix`,
      ],
    ]));

  test("a connected route beside the default: the longer prefix", () =>
    expect(runnersIn(LINUX, "10.0.0.77")[0]?.slice(1, 2)).toEqual([
      `${MAIN} · less-specific · linux/route/longest-prefix`,
    ]));
});

const WINDOWS = readFileSync(
  new URL("../../../../examples/azure-3-two-nics/export/route-print.txt", import.meta.url),
  "utf8",
);

test("Windows: a static route beside the default", () =>
  expect(runnersIn(WINDOWS, "192.0.2.50")).toEqual([
    [
      "192.0.2.0/24 via 10.0.2.1 interface 10.0.2.4 · taken · windows/route/metric-sum",
      "0.0.0.0/0 via 10.0.1.1 interface 10.0.1.4 · less-specific · windows/route/metric-sum",
    ],
  ]));

test("Windows: bound to the other interface, its route alone fits", () =>
  expect(runnersIn(WINDOWS, "192.0.2.50", { boundSource: ipOf("10.0.1.4") })[0]).toEqual([
    "0.0.0.0/0 via 10.0.1.1 interface 10.0.1.4 · taken · windows/route/metric-sum",
    "192.0.2.0/24 via 10.0.2.1 interface 10.0.2.4 · unusable · windows/route/strong-host",
  ]));
