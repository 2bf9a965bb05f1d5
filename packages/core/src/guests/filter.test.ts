import { describe, expect, test } from "vitest";
import {
  type Case,
  D1,
  D2,
  decide,
  eth0,
  eth1,
  expected,
  g0,
  g1,
  summary,
  udp,
  V1,
  type Way,
} from "../testing/captured-guests.ts";

// The packet filter of the host itself: N1 to N8 of the reference, as the lab printed and captured them.

const by0 = (source: string): Way => ["eth0", source, g0];
const range = ["10.0.0.100", "10.0.0.101", "10.0.0.102", "10.0.0.103"].map(by0);

const CASES: readonly Case[] = [
  { id: "L29", when: "marked in mangle OUTPUT", to: D1, leaves: [["eth1", "10.0.0.10", g1]] },
  { id: "L29", when: "other destinations", to: D2, leaves: [eth0] },
  { id: "L29", file: "L29nft", when: "nft, type route", to: D1, leaves: [["eth1", "10.0.0.10", g1]] },
  { id: "L29", file: "L29masq", when: "masqueraded as the new device", to: D1, leaves: [["eth1", "10.1.0.10", g1]] },
  { id: "L29b", when: "nft, type filter", to: D1, leaves: [eth0] },
  { id: "L36", when: "the route's src has no say", to: D1, leaves: [eth0] },
  { id: "L36b", when: "in the subnet of the gateway", to: D1, leaves: [eth0] },
  { id: "L38", when: "IPv6 chooses anew", to: V1, leaves: [["eth0", "2001:db8::20", "2001:db8::1"]] },
  { id: "L39", when: "the port", to: D1, query: { port: 80 }, leaves: [by0("10.0.0.20")] },
  { id: "L39", when: "another port", to: D1, query: { port: 25 }, leaves: [eth0] },
  { id: "L39", when: "another protocol", to: D1, query: { ...udp, port: 80 }, leaves: [eth0] },
  {
    id: "L39",
    when: "the port is not said",
    to: D1,
    query: { port: null },
    leaves: [],
    unless: [eth0, by0("10.0.0.20")],
  },
  { id: "L39b", when: "never routed again", to: D1, leaves: [by0("10.1.0.10")] },
  { id: "L39c", when: "no address of the host", to: D1, query: { ...udp, port: 53 }, leaves: [by0("198.51.100.200")] },
  { id: "L40", when: "accepted before", to: D1, leaves: [eth0] },
  { id: "L40", when: "not accepted before", to: D2, leaves: [by0("10.0.0.77")] },
  { id: "L41", when: "the lower priority translates", to: D1, leaves: [by0("10.0.0.71")] },
  { id: "L41", when: "accepted there, the next one translates", to: D2, leaves: [by0("10.0.0.72")] },
  { id: "L41b", when: "equal priorities", to: D1, leaves: [], unless: [by0("10.0.0.71"), by0("10.0.0.72")] },
  { id: "L42", when: "for the container alone", to: D1, leaves: [eth0] },
  { id: "L42f", when: "no mark", to: D1, leaves: [eth0] },
  { id: "L42f", when: "marked", to: D1, query: { mark: 0x4000 }, leaves: [by0("10.0.0.88")] },
  { id: "L54", when: "a range", to: D1, leaves: range },
  { id: "L55", when: "DNAT", to: D1, leaves: [], unless: [["lost", "elsewhere", null]] },
  { id: "L55", when: "not its destination", to: D2, leaves: [eth1] },
  { id: "L55", file: "L55b", when: "REDIRECT", to: D1, leaves: [], unless: [["lost", "elsewhere", null]] },
  { id: "L55", file: "L55b", when: "REDIRECT of TCP alone", to: D1, query: udp, leaves: [eth0] },
];

describe.each(CASES)("guest/$id $when", (row) => {
  test("as captured", () => expect(summary(decide(row.file ?? row.id, row))).toEqual(expected(row)));
});

const LISTED = ["L29", "L36", "L39", "L39c", "L40", "L42", "L42f", "L54", "L55"];

describe.each(CASES.filter(({ id, file }) => file === undefined && LISTED.includes(id)))(
  "guest/$id $when, as nft lists it",
  (row) => {
    test("as captured", () => expect(summary(decide(`${row.id}.nft`, row))).toEqual(expected(row)));
  },
);
