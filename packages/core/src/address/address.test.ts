import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { listOf, setCovers, setHas, setOf, setOfCidrs, setSize, unionOf } from "./address-set.ts";
import {
  cidrContains,
  cidrs,
  cidrsOfRange,
  EVERY_IPV4,
  EVERY_IPV6,
  isPrivate,
  nthAddress,
  parseCidr,
  rangeOf,
} from "./cidr.ts";
import { compareIps, dottedQuad, type Ip, ipFromNumber, ipToNumber, ipv4ToNumber, parseIp } from "./ip.ts";
import { prefixIndex } from "./prefix-index.ts";

const ip = (text: string): Ip => {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};
const v4 = fc.bigInt({ min: 0n, max: 0xffffffffn }).map((value) => ipFromNumber(4, value));
const v6 = fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }).map((value) => ipFromNumber(6, value));

describe("parseIp", () => {
  // RFC 5952, section 4, and its examples: https://www.rfc-editor.org/rfc/rfc5952
  test.each([
    ["2001:0db8::0001", "2001:db8::1"],
    ["2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:DB8::A", "2001:db8::a"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["192.0.2.1", "192.0.2.1"],
    ["::", "::"],
  ])("%s is %s", (text, canonical) => expect(parseIp(text)).toBe(canonical));

  test.each([
    "010.0.0.1",
    "10.0.0.256",
    "10.0.0",
    "10.0.0.1.",
    "1",
    "0x7f.1",
    "fe80::1%eth0",
    ":::",
    "1:2",
    "",
    " 10.0.0.1",
    "10.0.0.1/32",
    "mail",
  ])("%j is refused", (text) => expect(parseIp(text)).toBeUndefined());

  test("printed, then parsed, gives it back", () => {
    fc.assert(
      fc.property(fc.oneof(v4, v6), (address) => address.startsWith("::ffff:") || parseIp(address) === address),
    );
  });
  test("numbers go both ways", () => {
    fc.assert(fc.property(v4, (address) => BigInt(ipv4ToNumber(address)) === ipToNumber(address)));
    fc.assert(fc.property(v6, (address) => ipFromNumber(6, ipToNumber(address)) === address));
  });
  test("no text throws", () => {
    fc.assert(fc.property(fc.string(), (text) => parseIp(text) === undefined || parseCidr(text) !== undefined));
  });
  test("order is numeric, IPv4 first", () => {
    expect(["10.0.0.10", "2001:db8::1", "10.0.0.9"].map(ip).sort(compareIps)).toEqual([
      "10.0.0.9",
      "10.0.0.10",
      "2001:db8::1",
    ]);
  });
});

describe("prefixes", () => {
  test.each(["10.0.0.5/24", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08", "2001:db8::/129", "/24", "10.0.0.0/"])(
    "%j is refused",
    (text) => expect(parseCidr(text)).toBeUndefined(),
  );
  test("host bits are cleared only when asked", () => expect(parseCidr("10.0.0.5/24", true)).toBe("10.0.0.0/24"));
  test("the n-th address", () => {
    expect(cidrs("10.0.0.64/26").map((cidr) => nthAddress(cidr, 1))).toEqual(["10.0.0.65"]);
    expect(cidrs("10.0.0.64/32").map((cidr) => nthAddress(cidr, 1))).toEqual([undefined]);
  });
  test("membership agrees with the first and last address", () => {
    fc.assert(
      fc.property(v4, v4, fc.integer({ min: 0, max: 32 }), (base, probe, length) => {
        const cidr = parseCidr(`${base}/${length}`, true);
        if (cidr === undefined) throw new Error(base);
        const { first, last } = rangeOf(cidr);
        expect(cidrContains(cidr, probe)).toBe(first <= ipToNumber(probe) && ipToNumber(probe) <= last);
        expect(cidrContains(cidr, base)).toBe(true);
      }),
    );
  });
  test("documentation ranges are public, RFC 1918 and RFC 6598 are not", () => {
    expect(["203.0.113.1", "198.18.0.1", "2001:db8::1"].map((text) => isPrivate(ip(text)))).toEqual([
      false,
      false,
      false,
    ]);
    expect(
      ["10.1.2.3", "172.31.0.1", "192.168.1.1", "100.64.0.1", "fd00::1"].map((text) => isPrivate(ip(text))),
    ).toEqual(Array(5).fill(true));
  });
  test("what the source hands to cidrs() is canonical", () => {
    const folder = fileURLToPath(new URL("..", import.meta.url));
    const calls = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => /(?<!\.test)\.ts$/.test(file))
      .flatMap((file) => readFileSync(join(folder, file), "utf8").match(/\bcidrs\((?!\.\.\.texts)[^)]*\)/g) ?? []);
    const constants = calls.flatMap((call) => {
      const written = call.match(/"[^"]*"/g) ?? [];
      expect(call.replace(/"[^"]*"|[\s,]/g, ""), `only literals in ${call}`).toBe("cidrs()");
      return written.map((literal) => literal.slice(1, -1));
    });
    expect(constants.length).toBeGreaterThan(30);
    for (const constant of [EVERY_IPV4, EVERY_IPV6, ...constants]) expect(parseCidr(constant)).toBe(constant);
  });
  test("a range is exactly its prefixes", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 0xffffffffn }), fc.bigInt({ min: 0n, max: 5000n }), (first, size) => {
        const last = first + size > 0xffffffffn ? 0xffffffffn : first + size;
        const parts = cidrsOfRange({ family: 4, first, last }).map(rangeOf);
        expect(parts[0]?.first).toBe(first);
        expect(parts.at(-1)?.last).toBe(last);
        for (const [index, part] of parts.entries())
          if (index > 0) expect(part.first).toBe((parts[index - 1]?.last ?? 0n) + 1n);
      }),
    );
  });
});

describe("address sets", () => {
  test("are sorted and merged, and list each address by itself", () => {
    expect(listOf(setOf(ip("203.0.113.11"), ip("203.0.113.10"), ip("203.0.113.11")))).toEqual([
      "203.0.113.10",
      "203.0.113.11",
    ]);
    expect(setOfCidrs(cidrs("203.0.113.0/25", "203.0.113.128/25"))).toEqual(["203.0.113.0/24"]);
  });
  test("large ones are listed as prefixes", () =>
    expect(listOf(setOfCidrs(cidrs("2001:db8::/96")))).toEqual(["2001:db8::/96"]));
  test("hold exactly what was put in", () => {
    fc.assert(
      fc.property(fc.array(v4, { maxLength: 20 }), fc.array(v4, { maxLength: 20 }), (members, others) => {
        const set = setOf(...members);
        expect(setSize(set)).toBe(BigInt(new Set(members).size));
        for (const address of [...members, ...others]) expect(setHas(set, address)).toBe(members.includes(address));
        expect(setCovers(unionOf([set, setOf(...others)]), set)).toBe(true);
      }),
    );
  });
});

describe("longest prefix", () => {
  const prefix = fc.oneof(
    fc.tuple(v4, fc.integer({ min: 0, max: 32 })).map(([address, length]) => parseCidr(`${address}/${length}`, true)),
    // Prefixes that nest and repeat, as route tables do.
    fc
      .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 32 }))
      .map(([octet, length]) => parseCidr(`10.${octet}.0.0/${length}`, true)),
    fc.tuple(v6, fc.integer({ min: 0, max: 128 })).map(([address, length]) => parseCidr(`${address}/${length}`, true)),
  );

  test("agrees with looking at every prefix", () => {
    fc.assert(
      fc.property(
        fc.array(prefix, { maxLength: 60 }),
        fc.array(fc.oneof(v4, v6), { minLength: 1, maxLength: 10 }),
        (found, probes) => {
          const values = found.flatMap((cidr, id) => (cidr === undefined ? [] : [{ cidr, id }]));
          const index = prefixIndex(values, ({ cidr }) => cidr);
          const edges = values.flatMap(({ cidr }) => {
            const range = rangeOf(cidr);
            return [ipFromNumber(range.family, range.first), ipFromNumber(range.family, range.last)];
          });
          for (const probe of [...probes, ...edges]) {
            const holding = values.filter(({ cidr }) => cidrContains(cidr, probe));
            const longest = Math.max(-1, ...holding.map(({ cidr }) => Number(cidr.split("/")[1])));
            const expected = holding.filter(({ cidr }) => Number(cidr.split("/")[1]) === longest).map(({ id }) => id);
            expect(index.longest(probe).map(({ id }) => id)).toEqual(expected);
            expect(index.covering(probe).flat().length).toBe(holding.length);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

test("four numbers are an address where a pattern says so", () => {
  const pattern = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
  const part = fc.constantFrom(
    "0",
    "00",
    "1",
    "10",
    "199",
    "255",
    "256",
    "1000",
    ".",
    "..",
    "",
    "-1",
    "x",
    " ",
    "\n",
    "/",
    "٣",
  );
  fc.assert(
    fc.property(fc.array(part, { minLength: 3, maxLength: 9 }), fc.boolean(), (parts, dotted) => {
      const text = parts.join(dotted ? "." : "");
      expect(dottedQuad(text, text.length) >= 0).toBe(pattern.test(text));
    }),
    { numRuns: 5000 },
  );
});

test.each([
  ["10.0.0.0/8", "10.0.0.0/8"],
  ["10.0.0.0/08", undefined],
  ["10.0.0.0/33", undefined],
  ["0.0.0.0/0", "0.0.0.0/0"],
  ["10.0.0.1/31", undefined],
  ["10.0.0.1/32", "10.0.0.1/32"],
  ["10.0.0.0/", undefined],
  ["10.0.0.0/1a", undefined],
  ["10.0.0.0/ 8", undefined],
])("%s as a prefix: %s", (text, prefix) => expect(parseCidr(text)).toBe(prefix));
