import { describe, expect, test } from "vitest";
import { setOf } from "../address/address-set.ts";
import { type Ip, parseIp } from "../address/ip.ts";
import { readAnyEvidence } from "../evidence/read.ts";
import { checksumTests } from "./checksum.ts";
import { NOTHING_KNOWN } from "./predict.ts";
import type { Verdict } from "./verdict.ts";

const ip = (text: string): Ip => {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

const verdict = (...addresses: readonly string[]): Verdict =>
  ({ outcomes: [{ identity: { ...NOTHING_KNOWN, addresses: setOf(...addresses.map(ip)) } }] }) as unknown as Verdict;

const probe = (ttl: number, from: string, natId: number) => ({
  flowhash: 1,
  is_last: false,
  name: from,
  nat_id: natId,
  received: { icmp: { code: 11, type: 11 }, ip: { dst: "10.72.2.222", id: 1, src: from, ttl: 60 } },
  rtt_usec: 90,
  sent: { ip: { dst: "198.51.100.25", src: "10.72.2.222", ttl }, udp: { dport: 33_434, sport: 40_000 } },
});
const trace = (natId: number) =>
  readAnyEvidence(
    JSON.stringify({ flows: { "33434": [probe(1, "10.72.2.1", 0), probe(2, "203.0.113.14", natId)] } }),
    "dublin.json",
    { vantage: null },
  );

// Measured between network namespaces (docs/nat-checksum.md): 10.72.2.222 rewritten to 203.0.113.12 came back 53529 higher.
describe("behind a translator that leaves quotations alone", () => {
  test("the address that was used fits, and so does the one before: the sign of the difference is not told", async () =>
    expect(
      checksumTests([await trace(53_529)], verdict("203.0.113.11", "203.0.113.12", "203.0.113.13")).map(
        ({ candidate, fits, ttl }) => [candidate, fits, ttl],
      ),
    ).toEqual([
      ["203.0.113.11", true, 2],
      ["203.0.113.12", true, 2],
      ["203.0.113.13", false, 2],
    ]));
  test("the path has a sign of it, at the hop behind", async () => {
    const { paths } = await trace(53_529);
    expect(paths[0]?.hints.filter(({ kind }) => kind === "nat-sign")).toMatchObject([{ ttls: [2] }]);
  });
});

describe("behind one that tracks connections", () => {
  test("nothing differs, and nothing is said", async () => {
    const read = await trace(0);
    expect(checksumTests([read], verdict("203.0.113.11"))).toEqual([]);
    expect(read.paths[0]?.hints.map(({ kind }) => kind)).not.toContain("nat-sign");
  });
});
