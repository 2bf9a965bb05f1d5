import { describe, expect, test } from "vitest";
import { readAnyEvidence } from "../read.ts";

const HEADER = "PROXY TCP4 203.0.113.11 198.51.100.25 43920 25\r\n";
const V2 = [
  ...[0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a, 0x21, 0x11, 0x00, 0x0c],
  ...[203, 0, 113, 11, 198, 51, 100, 25, 0xab, 0x90, 0x00, 0x19],
];
const ETHERNET = [0x42, 1, 10, 72, 2, 1, 0x42, 1, 10, 72, 2, 25, 8, 0];

/** IPv4 and TCP without options, https://www.rfc-editor.org/rfc/rfc791 and 9293. */
const packet = (data: readonly number[]): readonly number[] => [
  ...[0x45, 0, 0, 40 + data.length, 0, 1, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 50, 10, 72, 2, 25],
  ...[0x9c, 0x40, 0, 25, 0, 0, 0, 2, 0, 0, 0, 9, 0x50, 0x18, 1, 246, 0, 0, 0, 0],
  ...data,
];
const codes = (text: string): readonly number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const hex = (byte = 0): string => byte.toString(16).padStart(2, "0");
const plain = (bytes: readonly number[]): string =>
  bytes.map((byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");

/** As tcpdump prints it: sixteen bytes a line, two together. */
function dumped(bytes: readonly number[], letters: boolean): string {
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.slice(at, at + 16);
    const groups = row.flatMap((byte, index) =>
      index % 2 === 0 ? [hex(byte) + (row[index + 1] === undefined ? "" : hex(row[index + 1]))] : [],
    );
    lines.push(`\t0x${at.toString(16).padStart(4, "0")}:  ${groups.join(" ")}${letters ? `  ${plain(row)}` : ""}`);
  }
  return lines.join("\n");
}

const capture = (data: string): string =>
  [
    "09:00:01.000000 IP 192.0.2.50.40000 > 10.72.2.25.25: Flags [S], seq 1, win 64240, length 0",
    "09:00:01.000050 IP 10.72.2.25.25 > 192.0.2.50.40000: Flags [S.], seq 8, ack 2, win 65160, length 0",
    "09:00:01.009000 IP 192.0.2.50.40000 > 10.72.2.25.25: Flags [.], ack 1, win 502, length 0",
    "09:00:01.009100 IP 192.0.2.50.40000 > 10.72.2.25.25: Flags [P.], seq 1:49, ack 1, win 502, length 48: SMTP: PROXY",
    data,
    "09:00:01.009200 IP 10.72.2.25.25 > 192.0.2.50.40000: Flags [.], ack 49, win 509, length 0",
  ].join("\n");

const read = async (data: string) => {
  const { observations } = await readAnyEvidence(capture(data), "c.txt", { vantage: "destination" });
  return observations.map(({ seen, strength, claimed }) => [seen.source?.text, strength, claimed]);
};

// https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt: the address of the client is what the proxy says it is.
describe.each([
  ["-x, the text form", dumped(packet(codes(HEADER)), false)],
  ["-X, the text form", dumped(packet(codes(HEADER)), true)],
  ["-XX, the text form", dumped([...ETHERNET, ...packet(codes(HEADER))], true)],
  ["-X, the binary form", dumped(packet(V2), true)],
  ["-xx, the binary form", dumped([...ETHERNET, ...packet(V2)], false)],
  ["-A", `E..X..@.@......2.H...@......P....... ....${HEADER.trimEnd()}`],
])("%s", (_, data) => {
  test("who connects is a proxy, and the client is its word", async () =>
    expect(await read(data)).toEqual([["192.0.2.50", "none", "203.0.113.11"]]));
});

describe("no such header", () => {
  test.each([
    ["other data", dumped(packet(codes("EHLO PROXY TCP4 203.0.113.11\r\n")), true)],
    ["words behind other data", dumped(packet(codes(`x${HEADER}`)), true)],
    ["hex that is cut before it", dumped(packet(codes(HEADER)).slice(0, 44), true)],
    ["hex that does not begin at the beginning", dumped(packet(codes(HEADER)), true).replace(/^.*\n/, "")],
    ["nothing", ""],
  ])("%s: the source is the destination's", async (__, data) =>
    expect(await read(data)).toEqual([["192.0.2.50", "destination-observed", null]]),
  );
});
