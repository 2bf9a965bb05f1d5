import { expect, test } from "vitest";
import { listOf } from "../address/address-set.ts";
import { readEstate } from "../clouds/read-estate.ts";
import { diffText } from "../output/diff-text.ts";
import { PLAIN } from "../output/text.ts";
import { address, base, docs, nat, nic, router, subnet, vm } from "../testing/gcp.ts";
import { type DiffPiece, diffOf } from "./diff.ts";
import { type EstateMap, mapEstate } from "./estate-map.ts";
import { type Partner, parsePartnerTarget } from "./partners.ts";
import { piecesOf } from "./pieces.ts";

const pool = (...ips: readonly string[]): readonly object[] => [
  router("rtr-a", {
    nats: [nat("nat-a", { natIps: ips.map((_, index) => `https://x/projects/p/regions/r1/addresses/n${index}`) })],
  }),
  ...ips.map((ip, index) => address(`n${index}`, ip)),
];

async function mapped(...values: readonly object[]): Promise<EstateMap> {
  const { value } = await readEstate(docs(...values));
  return mapEstate(value, { spoiled: false });
}

const told = ({ name, partner, change, destinations, protocol, ports, before, after }: DiffPiece) => [
  partner ?? name,
  change,
  destinations[0],
  [protocol, ports].filter((part) => part !== null).join(" "),
  before === null ? null : listOf(before.answer.addresses).join(),
  after === null ? null : listOf(after.answer.addresses).join(),
];

const partner = (name: string, ...targets: readonly string[]): Partner => ({
  name,
  targets: targets.flatMap((text) => parsePartnerTarget(text) ?? []),
});

test("the same export twice changes nothing", async () => {
  const [one, other] = [await mapped(...base, ...pool("203.0.113.10")), await mapped(...base, ...pool("203.0.113.10"))];
  expect([...diffOf(one, other)]).toEqual([]);
});

// https://docs.cloud.google.com/nat/docs/overview: any address of the pool may be used.
test("another NAT address: everything that the gateway translates, and nothing else", async () => {
  const before = await mapped(...base, ...pool("203.0.113.10"));
  const after = await mapped(...base, ...pool("203.0.113.10", "203.0.113.11"));
  const pieces = [...diffOf(before, after)];
  expect(new Set(pieces.map(({ change }) => change))).toEqual(new Set(["identity"]));
  const partners = [
    partner("web", "198.51.100.7:443"),
    partner("mail", "198.51.100.7:25"),
    partner("inside", "10.20.0.0/24"),
  ];
  expect([...diffOf(before, after, partners)].map(told)).toEqual([
    ["web", "identity", "198.51.100.7/32", "tcp 443", "203.0.113.10", "203.0.113.10,203.0.113.11"],
  ]);
});

test("an address that is no longer reserved changes its stability alone", async () => {
  const external = nic({ accessConfigs: [{ type: "ONE_TO_ONE_NAT", natIP: "203.0.113.5" }] });
  const others = base.filter((value) => value !== base[2]);
  const before = await mapped(...others, vm("vm1", [external]), address("mine", "203.0.113.5"));
  const after = await mapped(...others, vm("vm1", [external]));
  expect([...diffOf(before, after, [partner("web", "198.51.100.7:443")])].map(({ change }) => change)).toEqual([
    "stability",
  ]);
});

test("a VM that is new, and one that is gone", async () => {
  const external = (ip: string) =>
    nic({ networkIP: "10.20.0.6", accessConfigs: [{ type: "ONE_TO_ONE_NAT", natIP: ip }] });
  const before = await mapped(...base, vm("old", [external("203.0.113.5")]));
  const after = await mapped(...base, vm("fresh", [external("203.0.113.6")]));
  expect([...diffOf(before, after, [partner("web", "198.51.100.7:443")])].map(told)).toEqual([
    ["web", "new", "198.51.100.7/32", "tcp 443", null, "203.0.113.6"],
    ["web", "gone", "198.51.100.7/32", "tcp 443", "203.0.113.5", null],
  ]);
});

test("interfaces that share a map on both sides are compared by what is their own", async () => {
  const vms = (third: string) =>
    ["203.0.113.1", "203.0.113.2", third].map((natIP, index) =>
      vm(`m${index}`, [
        nic({ networkIP: `10.20.0.${index + 10}`, accessConfigs: [{ type: "ONE_TO_ONE_NAT", natIP }] }),
      ]),
    );
  const others = base.filter((value) => value !== base[2]);
  const before = await mapped(...others, ...vms("203.0.113.3"));
  const after = await mapped(...others, ...vms("203.0.113.4"));
  expect(before.computed).toBe(1);
  expect(
    [...diffOf(before, after, [partner("web", "198.51.100.7:443")])].map(({ name, after: now }) => [
      name,
      now === null ? null : listOf(now.answer.addresses),
    ]),
  ).toEqual([["m2/nic0", ["203.0.113.4"]]]);
});

// Replies to queries that Cloud DNS forwarded keep the VM's own address: https://docs.cloud.google.com/dns/docs/zones/forwarding-zones
test("told once for all who differ in an address of their own that stays; who gets another public address is told by itself", async () => {
  const others = base.filter((value) => value !== base[2]);
  const inside = ["10.20.0.21", "10.20.0.22", "10.20.0.23"].map((networkIP, index) =>
    vm(`in${index}`, [nic({ networkIP })]),
  );
  const outside = (...ips: readonly string[]) =>
    ips.map((natIP, index) =>
      vm(`out${index}`, [
        nic({ networkIP: `10.20.0.${index + 10}`, accessConfigs: [{ type: "ONE_TO_ONE_NAT", natIP }] }),
      ]),
    );
  const before = await mapped(...others, ...inside, ...outside("203.0.113.1", "203.0.113.2"), ...pool("203.0.113.10"));
  const after = await mapped(...others, ...inside, ...outside("203.0.113.3", "203.0.113.4"), ...pool("203.0.113.11"));
  const text = diffText(
    diffOf(before, after, [partner("dns", "35.199.192.7:53"), partner("web", "198.51.100.7:443")]),
    {
      language: "en",
      paint: PLAIN,
      width: 200,
      verbose: false,
    },
  );
  const lines = text.split("\n").map((line) => line.trim());
  const after3 = lines.slice(lines.findIndex((line) => line.startsWith("in0/nic0, in1/nic0, in2/nic0 → dns")));
  expect(after3[1]).toContain("each its own, as 10.20.0.21");
  expect(lines.filter((line) => line.includes("→ web"))).toHaveLength(3);
  expect(text).toContain("203.0.113.1 (");
  expect(text).toContain("203.0.113.4 (");
});

test("a map says each destination once for each kind of traffic", async () => {
  const map = await mapped(...base, ...pool("203.0.113.10"), subnet("sub-b", "10.30.0.0/24"));
  const [one] = map.interfaces;
  if (one === undefined) throw new Error("no interface");
  const pieces = [...piecesOf(one)];
  const tcp25 = pieces.filter(
    ({ protocol, ports }) => protocol === null || (protocol === "tcp" && ports === null) || ports === "25",
  );
  const all = tcp25.flatMap(({ destinations }) => destinations);
  expect(new Set(all).size).toBe(all.length);
  // 2^32 addresses of IPv4 and ::/0.
  const size = all
    .filter((cidr) => !cidr.includes(":"))
    .reduce((sum, cidr) => sum + 2 ** (32 - Number(cidr.split("/")[1])), 0);
  expect(size).toBe(2 ** 32);
  expect(all).toContain("::/0");
});
