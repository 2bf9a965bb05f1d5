import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Ip, ipFromNumber, parseIp } from "../address/ip.ts";
import { maskedDigits, maskedMatches, parseObserved } from "./masked.ts";

const ip = (text: string): Ip => parseIp(text) ?? ("" as Ip);

describe("parseObserved", () => {
  test.for([
    ["203.0.113.7", "203.0.113.7", false],
    ["[203.0.113.7]", "203.0.113.7", false],
    ["[IPv6:2001:db8:72:0:0:0:0:222]", "2001:db8:72::222", false],
    ["2001:DB8::1", "2001:db8::1", false],
    ["::ffff:203.0.113.7", "203.0.113.7", false],
    ["139.219.xxx.xx", null, true],
    ["121.74.XX.XX", null, true],
    ["x.x.x.x", null, true],
    ["***.***.***.***", null, true],
    ["10.1.1xx.7", null, true],
    ["2001:db8:xxxx::1", null, true],
    ["REDACTED", null, true],
    ["[secret]", null, true],
    ["egress-11.nat.cloud.example", null, false],
    ["centos75", null, false],
    ["010.0.0.1", null, false],
    ["1.2.3", null, false],
    ["x.example.com.xx", null, false],
  ] as const)("%s", ([written, address, masked]) => {
    expect(parseObserved(written)).toMatchObject({ ip: address, masked });
  });
});

describe("maskedMatches", () => {
  test.for([
    ["139.219.xxx.xx", "139.219.4.7", true, 2],
    ["139.219.xxx.xx", "139.220.4.7", false, 2],
    ["xxx.219.4.7", "139.219.4.7", true, 3],
    ["xxx.219.4.7", "139.219.4.8", false, 3],
    ["10.1.1xx.7", "10.1.9.7", true, 3],
    ["x.x.x.x", "203.0.113.7", true, 0],
    ["REDACTED", "203.0.113.7", true, 0],
    ["x.x.x.x", "2001:db8::1", false, 0],
    ["203.0.113.7", "203.0.113.7", true, 4],
    ["203.0.113.7", "203.0.113.8", false, 4],
    ["2001:db8:xxxx::1", "2001:db8:72::1", true, 14],
    ["2001:db8:xxxx::1", "2001:db8:72::2", false, 14],
    ["mail.example", "203.0.113.7", false, 0],
  ] as const)("%s and %s", ([masked, address, matches, digits]) => {
    expect(maskedMatches(masked, ip(address))).toBe(matches);
    expect(maskedDigits(masked)).toBe(digits);
  });

  test("an address matches itself whichever octets are hidden, and no other that differs in a known one", () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), fc.nat(0xffffffff), fc.nat(15), (first, second, hidden) => {
        const [own, other] = [ipFromNumber(4, BigInt(first)), ipFromNumber(4, BigInt(second))];
        const isHidden = (index: number) => ((hidden >> index) & 1) === 1;
        const masked = own.split(".").map((octet, index) => (isHidden(index) ? "xx" : octet));
        const alike = other.split(".").every((octet, index) => isHidden(index) || octet === masked[index]);
        expect(maskedMatches(masked.join("."), own)).toBe(true);
        expect(maskedMatches(masked.join("."), other)).toBe(alike);
      }),
    );
  });
});
