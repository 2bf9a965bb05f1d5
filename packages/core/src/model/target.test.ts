import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTarget } from "./target.ts";

// The forms of the contract: ADDRESS, ADDRESS:PORT, [V6]:PORT, HOST:PORT, each with /tcp, /udp, /icmp; smtp://HOST.
describe("parseTarget", () => {
  test.each([
    ["198.51.100.25", { address: "198.51.100.25", name: null, port: null, protocol: "tcp" }],
    ["198.51.100.25:25", { address: "198.51.100.25", name: null, port: 25, protocol: "tcp" }],
    ["198.51.100.25:53/udp", { address: "198.51.100.25", name: null, port: 53, protocol: "udp" }],
    ["198.51.100.25/icmp", { address: "198.51.100.25", name: null, port: null, protocol: "icmp" }],
    ["2001:db8::25", { address: "2001:db8::25", name: null, port: null, protocol: "tcp" }],
    ["[2001:db8::25]:25", { address: "2001:db8::25", name: null, port: 25, protocol: "tcp" }],
    ["[2001:db8::25]", { address: "2001:db8::25", name: null, port: null, protocol: "tcp" }],
    ["2001:DB8:0:0::25/udp", { address: "2001:db8::25", name: null, port: null, protocol: "udp" }],
    ["mail.partner.example:25", { address: null, name: "mail.partner.example", port: 25, protocol: "tcp" }],
    ["Mail.Partner.Example.", { address: null, name: "mail.partner.example", port: null, protocol: "tcp" }],
    ["smtp://mail.partner.example", { address: null, name: "mail.partner.example", port: 25, protocol: "tcp" }],
    ["smtp://198.51.100.25:587", { address: "198.51.100.25", name: null, port: 587, protocol: "tcp" }],
    ["https://example.org/path?x=1", { address: null, name: "example.org", port: 443, protocol: "tcp" }],
    ["smtp://[2001:db8::25]", { address: "2001:db8::25", name: null, port: 25, protocol: "tcp" }],
  ])("%s", (text, target) => expect(parseTarget(text)).toEqual(target));

  test.each([
    "",
    "10.0.0.256:25",
    "010.0.0.1:25",
    "198.51.100.25:0",
    "198.51.100.25:65536",
    "198.51.100.25:x",
    "a b:25",
    "[10.0.0.1",
    "gopher://x",
    "198.51.100.25:8/icmp",
    "-x",
    "http://",
  ])("%j is refused", (text) => expect(parseTarget(text)).toBeUndefined());

  test("no text throws, and what is read has a place", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const target = parseTarget(text);
        return target === undefined || (target.address === null) !== (target.name === null);
      }),
    );
  });
});
