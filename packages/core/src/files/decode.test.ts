import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decode } from "./decode.ts";
import type { Texts } from "./runtime.ts";

const texts: Texts = {
  strictly: (encoding, bytes) => {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      return null;
    }
  },
  loosely: (encoding, bytes) => new TextDecoder(encoding).decode(bytes),
};

const read = (bytes: Uint8Array | readonly number[]) => {
  const decoded = decode(Uint8Array.from(bytes), "f", texts);
  const code = decoded.problem?.code ?? null;
  return decoded.kind === "text" ? { text: decoded.text, code } : { text: null, code };
};

const bigEndian = (text: string): Buffer => Buffer.from(text, "utf16le").swap16();

const TABLE = "IPv4 地址: 10.0.0.4\r\n";
// "网" is CD F8 and "络" is C2 E7 in GB 18030.
const GB18030 = [0xcd, 0xf8, 0xc2, 0xe7, 0x20, 0x31];

describe("text", () => {
  test.each([
    ["UTF-8", Buffer.from(TABLE)],
    ["UTF-8 with a mark", Buffer.from(`\uFEFF${TABLE}`)],
    ["UTF-16, little end first, with a mark", Buffer.from(`\uFEFF${TABLE}`, "utf16le")],
    ["UTF-16, little end first", Buffer.from(TABLE, "utf16le")],
    ["UTF-16, big end first, with a mark", bigEndian(`\uFEFF${TABLE}`)],
    ["UTF-16, big end first", bigEndian(TABLE)],
  ])("%s", (_, bytes) => expect(read(bytes)).toEqual({ text: TABLE, code: null }));

  test("empty", () => expect(read([])).toEqual({ text: "", code: null }));
  test("GB 18030", () => expect(read(GB18030)).toEqual({ text: "网络 1", code: "files/encoding" }));
  test("bytes of no encoding", () =>
    expect(read([0x41, 0xff, 0x42, 0x43, 0x44, 0x45])).toEqual({ text: "A\ufffdBCDE", code: "files/encoding" }));
  test("cut inside a character", () =>
    expect(read(Buffer.from("a 网").subarray(0, -1))).toEqual({ text: "a ", code: "files/cut-character" }));
});

describe("refused", () => {
  test.each([
    ["gzip", [0x1f, 0x8b, 8, 0], "files/packed"],
    ["zip", [0x50, 0x4b, 3, 4, 20], "files/packed"],
    ["zstd", [0x28, 0xb5, 0x2f, 0xfd], "files/packed"],
    ["a picture", [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0], "files/not-text"],
    ["a PDF", [0x25, 0x50, 0x44, 0x46, 0x2d, 0x31], "files/not-text"],
    ["an executable", [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], "files/binary"],
    ["zeros", new Array<number>(4096).fill(0), "files/binary"],
  ])("%s", (_, bytes, code) => expect(read(bytes)).toEqual({ text: null, code }));
});

test("nothing throws", () =>
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      decode(bytes, "f", texts);
    }),
  ));

test("any text is read back from UTF-8", () =>
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      fc.pre(!/[\0\uFEFF]/.test(text) && !text.startsWith("BZh") && !text.startsWith("PK"));
      expect(read(Buffer.from(text))).toEqual({ text, code: null });
    }),
  ));
