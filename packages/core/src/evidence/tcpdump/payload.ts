import { u8, viewOf } from "../capture/bytes.ts";
import { newFrame, Outcome, Protocol } from "../capture/frame.ts";
import { proxyHeaderIn } from "../capture/proxy-protocol.ts";
import { readFrame } from "../capture/read-frame.ts";
import type { ProxyHeader } from "./connections.ts";

const HEX = /^\s{1,16}0x([0-9a-f]{4,8}):\s{1,4}((?:[0-9a-f]{2}){1,2}(?: (?:[0-9a-f]{2}){1,2}){0,7})(?:\s|$)/;
/** The text form ends its line, before which -A prints the headers of IP and TCP as letters and dots. */
const WORDS =
  /^.{20,120}?PROXY (?:UNKNOWN\b.{0,100}|TCP[46] [0-9a-fA-F.:]{2,45} [0-9a-fA-F.:]{2,45} \d{1,5} \d{1,5})\s*$/;
const [ETHERNET, RAW] = [1, 101];
/** A header of the PROXY protocol and all that stands before it are shorter. */
const MOST_BYTES = 1024;

/**
 * The PROXY protocol header that the data of one packet begins with, as -x, -X, -xx, -XX or -A print it; null: none.
 *
 * @param lines what stands behind the line of the packet
 */
export function proxyIn(lines: readonly string[]): ProxyHeader | null {
  const bytes = bytesOf(lines);
  const length = bytes.byteLength;
  if (length === 0) return proxyInWords(lines.slice(0, 4));
  const frame = newFrame();
  const version = u8(bytes, 0) >> 4;
  // An Ethernet frame begins with an address, which may begin with such a digit, too.
  for (const link of version === 4 || version === 6 ? [RAW, ETHERNET] : [ETHERNET]) {
    const isTcp = readFrame(frame, bytes, 0, length, link) === Outcome.read && frame.protocol === Protocol.tcp;
    if (isTcp && frame.at < frame.end) return proxyHeaderIn(bytes, frame.at, frame.end);
  }
  return null;
}

/** Of the lines from offset 0 on, as far as they follow each other. */
function bytesOf(lines: readonly string[]): DataView {
  const bytes: number[] = [];
  for (const line of lines) {
    const [, offset = "", groups = ""] = HEX.exec(line) ?? [];
    if (offset === "") continue;
    if (Number.parseInt(offset, 16) !== bytes.length || bytes.length >= MOST_BYTES) break;
    for (const [pair] of groups.matchAll(/[0-9a-f]{2}/g)) bytes.push(Number.parseInt(pair, 16));
  }
  return viewOf(Uint8Array.from(bytes));
}

function proxyInWords(lines: readonly string[]): ProxyHeader | null {
  const line = lines.find((one) => WORDS.test(one));
  if (line === undefined) return null;
  const words = `${line.slice(line.indexOf("PROXY ")).trimEnd()}\r\n`;
  const bytes = Uint8Array.from(words, (letter) => letter.charCodeAt(0) & 0xff);
  return proxyHeaderIn(viewOf(bytes), 0, bytes.length);
}
