import { createHash, generateKeyPairSync, sign, verify } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Ip } from "../address/ip.ts";
import { serverNameIn } from "./client-hello.ts";
import { bytesOfMark, type Mark, markIn, markInBytes, markName, markOf, parseMark } from "./mark.ts";
import { connectionsFor, unseenAtMost } from "./pool.ts";
import { parseProbeFile, sentByKit } from "./probe-file.ts";
import { LONGEST_PROXY_HEADER, readProxyHeader } from "./proxy-header.ts";
import {
  type Crypto,
  isGenuine,
  leafHash,
  parseReceipt,
  receiptBody,
  receiptLine,
  receiptsIn,
  type Sighting,
  signedText,
  treeOf,
} from "./receipt.ts";
import { parseSighting, sightingLine } from "./sighting-line.ts";
import { readStunAnswer, readStunRequest, stunAnswer, stunRequest } from "./stun.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replace(/\s/g, ""), "hex"));
const ascii = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
const anyBytes = fc.uint8Array({ maxLength: 300 });
const anyMark = fc.uint8Array({ minLength: 12, maxLength: 12 }).map(markOf);
const MARK = "0123456789abcdef01234567" as Mark;

describe("marks", () => {
  test("twelve bytes, there and back", () =>
    fc.assert(fc.property(anyMark, (mark) => void expect(markOf(bytesOfMark(mark))).toBe(mark))));
  test("are found in whatever a log writes", () => {
    expect(markIn(`H=(${markName(MARK).toUpperCase()}) [203.0.113.7]`)).toBe(MARK);
    expect(markIn(`"GET /seenas-${MARK} HTTP/1.1" 404`)).toBe(MARK);
    expect(markIn(`seenas-${MARK}0`)).toBeNull();
    expect(markIn("seenas-0123")).toBeNull();
    expect(parseMark("0123456789ABCDEF01234567")).toBeNull();
  });
  test("are found between any bytes", () =>
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        markInBytes(bytes);
        expect(markInBytes(Uint8Array.of(...bytes, 0, ...ascii(markName(MARK)), 255))).not.toBeNull();
      }),
    ));
});

describe("STUN", () => {
  // https://www.rfc-editor.org/rfc/rfc5769#section-2.2 and 2.3, without what needs a password
  const transaction = hex("b7e7a701bc34d686fa87dfae");
  const answer4 = hex("0101 000c 2112a442 b7e7a701bc34d686fa87dfae 0020 0008 0001 a147 e112a643");
  const answer6 = hex(
    "0101 0018 2112a442 b7e7a701bc34d686fa87dfae 0020 0014 0002 a147 0113a9faa5d3f179bc25f4b5bed2b9d9",
  );
  test("the addresses of the RFC's own answers", () => {
    expect(readStunAnswer(answer4)).toEqual({ transaction, address: "192.0.2.1", port: 32_853, software: null });
    expect(readStunAnswer(answer6)).toMatchObject({
      address: "2001:db8:1234:5678:11:2233:4455:6677",
      port: 32_853,
    });
  });
  test("a message whose checksum is wrong is none", () => {
    const sound = stunRequest(bytesOfMark(MARK), 0);
    expect(readStunRequest(sound)).not.toBeNull();
    const last = sound.length - 1;
    expect(readStunRequest(sound.map((byte, at) => (at === last ? byte ^ 1 : byte)))).toBeNull();
  });
  // https://www.rfc-editor.org/rfc/rfc5769#section-2.1: FINGERPRINT of the sample request is e57a3bcf over its first bytes
  test("the checksum is the RFC's", () => {
    const sample = hex(
      "00010058 2112a442 b7e7a701bc34d686fa87dfae 80220010 5354554e207465737420636c69656e74 00240004 6e0001ff 80290008 932ff9b151263b36 00060009 6576746a3a683676592020 20 00080014 9aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a2 80280004 e57a3bcf",
    );
    expect(readStunRequest(sample)).toEqual({ transaction, bytes: sample.length });
  });
  test("an answer is no longer than it may be, and tells the source all the same", () =>
    fc.assert(
      fc.property(anyMark, fc.integer({ min: 0, max: 600 }), fc.integer({ min: 0, max: 65_535 }), (mark, pad, port) => {
        const request = stunRequest(bytesOfMark(mark), pad);
        expect(request.length).toBeGreaterThanOrEqual(Math.min(pad, 32) === 32 ? pad : 0);
        const source = { address: "2001:db8::7" as Ip, port };
        const answer = stunAnswer(bytesOfMark(mark), source, "x".repeat(400), request.length);
        expect(answer.length).toBeLessThanOrEqual(Math.max(request.length, 52));
        expect(readStunAnswer(answer)).toMatchObject(source);
      }),
    ));
  test("any bytes", () =>
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        readStunRequest(bytes);
        const framed = Uint8Array.of(
          1,
          1,
          0,
          bytes.length & 0xfc,
          0x21,
          0x12,
          0xa4,
          0x42,
          ...new Array(12).fill(0),
          ...bytes,
        );
        readStunAnswer(framed.subarray(0, 20 + (bytes.length & 0xfc)));
      }),
    ));
});

describe("PROXY protocol", () => {
  // https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt, sections 2.1 and 2.2
  const v2 = (rest: string): Uint8Array => hex(`0d0a0d0a000d0a515549540a ${rest}`);
  test.each([
    [
      "PROXY TCP4 203.0.113.7 198.51.100.25 43210 25\r\nEHLO",
      { kind: "proxied", length: 47, address: "203.0.113.7", port: 43_210 },
    ],
    [
      "PROXY TCP6 2001:db8::7 2001:db8::25 43210 25\r\n",
      { kind: "proxied", length: 46, address: "2001:db8::7", port: 43_210 },
    ],
    ["PROXY UNKNOWN\r\n", { kind: "local", length: 15 }],
    ["PROXY UNKNOWN ff::1 ff::2 1 2\r\n", { kind: "local", length: 31 }],
    ["PROXY TCP4 203.0.113.7", { kind: "incomplete" }],
    ["PRO", { kind: "incomplete" }],
    ["EHLO x\r\n", { kind: "wrong" }],
    ["PROXY TCP4 2001:db8::7 198.51.100.25 1 2\r\n", { kind: "wrong" }],
    ["PROXY TCP4 010.0.0.1 198.51.100.25 1 2\r\n", { kind: "wrong" }],
    ["PROXY TCP4 203.0.113.7 198.51.100.25 70000 25\r\n", { kind: "wrong" }],
    [`PROXY TCP4 ${"1".repeat(200)}`, { kind: "wrong" }],
  ])("version 1: %j", (text, told) => expect(readProxyHeader(ascii(text))).toEqual(told));
  test.each([
    ["21 11 000c cb007107 c6336419 a8ca 0019", { kind: "proxied", length: 28, address: "203.0.113.7", port: 43_210 }],
    ["20 00 0000", { kind: "local", length: 16 }],
    ["21 31 0000", { kind: "local", length: 16 }],
    ["21 11 000c cb007107", { kind: "incomplete" }],
    ["21 11 0004 cb007107", { kind: "wrong" }],
    ["11 11 000c cb007107 c6336419 a8ca 0019", { kind: "wrong" }],
    ["21 11 ffff", { kind: "wrong" }],
  ])("version 2: %s", (rest, told) => expect(readProxyHeader(v2(rest))).toEqual(told));
  test("any bytes; a header never asks for more than it may", () =>
    fc.assert(
      fc.property(anyBytes, fc.boolean(), (bytes, isV2) => {
        const whole = isV2 ? Uint8Array.of(...v2(""), ...bytes) : Uint8Array.of(...ascii("PROXY "), ...bytes);
        const read = readProxyHeader(whole);
        if ("length" in read) expect(read.length).toBeLessThanOrEqual(whole.length);
        readProxyHeader(bytes);
        const long = new Uint8Array(LONGEST_PROXY_HEADER).fill(65);
        long.set(whole.subarray(0, long.length));
        expect(readProxyHeader(long).kind).not.toBe("incomplete");
      }),
    ));
});

describe("the server name of a TLS hello", () => {
  const hello = (name: string): Uint8Array => {
    const bytes = [...ascii(name)];
    const u16 = (n: number) => [n >> 8, n & 255];
    const entry = [0, ...u16(bytes.length), ...bytes];
    const extension = [0, 0, ...u16(entry.length + 2), ...u16(entry.length), ...entry];
    const body = [3, 3, ...new Array(32).fill(7), 0, 0, 2, 0x13, 1, 1, 0, ...u16(extension.length), ...extension];
    return Uint8Array.of(22, 3, 1, ...u16(body.length + 4), 1, 0, ...u16(body.length), ...body);
  };
  test("is read, and a cut one is not", () => {
    const whole = hello(markName(MARK));
    expect(serverNameIn(whole)).toBe(markName(MARK));
    for (let end = 0; end < whole.length; end += 1) expect(serverNameIn(whole.subarray(0, end))).toBeNull();
  });
  test("any bytes", () =>
    fc.assert(fc.property(anyBytes, (bytes) => void serverNameIn(Uint8Array.of(22, 3, 1, 0, 99, 1, ...bytes)))));
});

const crypto: Crypto = {
  hash: (bytes) => createHash("sha256").update(bytes).digest("base64url"),
  bytesOf: (text) => Buffer.from(text, "base64url"),
  verify: (text, signature, key) =>
    verify(
      null,
      Buffer.from(text),
      { key: { kty: "OKP", crv: "Ed25519", x: key }, format: "jwk" },
      Buffer.from(signature, "base64url"),
    ),
};
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const key = publicKey.export({ format: "jwk" }).x ?? "";

const anyIp = fc.oneof(
  fc.ipV4().map((ip) => ip as Ip),
  fc.constantFrom("2001:db8::7" as Ip, "2001:db8:1234:5678:11:2233:4455:6677" as Ip),
);
const anyEnd = fc.record({ address: anyIp, port: fc.integer({ min: 0, max: 65_535 }) });
const anySighting: fc.Arbitrary<Sighting> = fc.record({
  number: fc.integer({ min: 1, max: 1e9 }),
  at: fc.constant("2026-11-22T09:00:00.123Z"),
  listener: fc.constantFrom("tcp", "smtp", "http", "tls"),
  protocol: fc.constantFrom("tcp", "udp"),
  source: anyEnd,
  via: fc.option(anyIp),
  local: anyEnd,
  mark: fc.option(anyMark),
});

const issue = (sightings: readonly Sighting[]): readonly string[] => {
  const bodies = sightings.map((one) => receiptBody(one, key));
  const { root, paths } = treeOf(
    bodies.map((body) => leafHash(body, crypto)),
    crypto,
  );
  const signature = sign(null, Buffer.from(signedText(root)), privateKey).toString("base64url");
  return bodies.map((body, index) => receiptLine(body, paths[index] ?? "", signature));
};

describe("receipts", () => {
  test("one signature for several, each true by itself and in any text", () =>
    fc.assert(
      fc.property(fc.array(anySighting, { minLength: 1, maxLength: 64, size: "max" }), (sightings) => {
        const lines = issue(sightings);
        const found = receiptsIn(`250-x ${lines.join("\r\n< 250 ")}\r\n`);
        expect(found).toHaveLength(sightings.length);
        for (const [index, receipt] of found.entries()) {
          expect(receipt).toMatchObject(sightings[index] ?? {});
          expect(isGenuine(receipt, crypto)).toBe(true);
        }
      }),
      { numRuns: 30 },
    ));
  test("the tree is that of RFC 9162, section 2.1: a byte 0 before a leaf, a byte 1 before two hashes", () => {
    const bytesOf = (...parts: readonly (Buffer | string)[]): Buffer => {
      const hash = createHash("sha256");
      for (const part of parts) hash.update(part);
      return hash.digest();
    };
    const [a, b, c] = ["a", "b", "c"].map((leaf) => bytesOf(Buffer.of(0), leaf)) as [Buffer, Buffer, Buffer];
    const ab = bytesOf(Buffer.of(1), a, b);
    const [textOfA, textOfB, textOfC, textOfAb] = [a, b, c, ab].map((hash) => hash.toString("base64url"));
    const leaves = ["a", "b", "c"].map((leaf) => leafHash(leaf, crypto));
    expect(leaves).toEqual([textOfA, textOfB, textOfC]);
    expect(treeOf(leaves, crypto)).toEqual({
      root: bytesOf(Buffer.of(1), ab, c).toString("base64url"),
      paths: [`R${textOfB}R${textOfC}`, `L${textOfA}R${textOfC}`, `L${textOfAb}`],
    });
  });
  test("one letter changed anywhere: no receipt, or not true", () =>
    fc.assert(
      fc.property(
        anySighting,
        anySighting,
        fc.nat(),
        fc.constantFrom(..."0123456789abcdefLRx.:-"),
        (a, b, at, letter) => {
          const [line = ""] = issue([a, b]);
          const place = at % line.length;
          const changed = `${line.slice(0, place)}${letter}${line.slice(place + 1)}`;
          const receipt = parseReceipt(changed);
          if (changed !== line && receipt !== null) expect(isGenuine(receipt, crypto)).toBe(false);
        },
      ),
      { numRuns: 1000 },
    ));
  test("any text", () =>
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseReceipt(text);
        expect(receiptsIn(`seenas-receipt-1 n=1 ${text}`)).toEqual([]);
      }),
    ));
});

describe("lines of a log", () => {
  test("print, then parse", () =>
    fc.assert(
      fc.property(anySighting, (seen) => void expect(parseSighting(JSON.parse(sightingLine(seen)))).toEqual(seen)),
    ));
  test("any JSON", () =>
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseSighting(value)).toBeNull();
        expect(parseProbeFile(value)).toBeNull();
      }),
    ));
});

describe("a pool", () => {
  // One of two members by chance: ten times the same one, either of the two, 2 × (1/2)^10.
  test.each([
    [1, 10, 2 / 1024],
    [1, 1, 1],
    [2, 10, 3 * (2 / 3) ** 10],
    [0, 5, 1],
  ])("%i seen in %i connections", (seen, connections, likelihood) =>
    expect(unseenAtMost(seen, connections)).toBeCloseTo(likelihood, 12),
  );
  test("the number of connections that is enough is enough, and one less is not", () => {
    for (const seen of [1, 2, 5, 20]) {
      const enough = connectionsFor(seen, 0.01);
      expect(unseenAtMost(seen, enough)).toBeLessThanOrEqual(0.01);
      expect(unseenAtMost(seen, enough - 1)).toBeGreaterThan(0.01);
    }
  });
});

test("what a kit's file says it sent", () => {
  expect(
    sentByKit(`# seenas collect host 1\n# seenas mark ${MARK} to [2001:db8::25]:25 at 2026-11-22T09:00:00Z\n`),
  ).toEqual({
    ...{ mark: MARK, local: null, bound: false, protocol: "tcp", at: "2026-11-22T09:00:00Z" },
    to: { address: "2001:db8::25", name: null, port: 25 },
  });
  expect(sentByKit("# seenas collect host 1\n")).toBeNull();
});
