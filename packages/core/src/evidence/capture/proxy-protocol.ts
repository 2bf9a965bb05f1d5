import { parseIp } from "../../address/ip.ts";
import type { ProxyHeader } from "../tcpdump/connections.ts";
import { partOf, u8, u16 } from "./bytes.ts";
import { hostAt } from "./hosts.ts";

const WORD = [0x50, 0x52, 0x4f, 0x58, 0x59, 0x20];
const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
const LONGEST_LINE = 107;

/**
 * The PROXY protocol, versions 1 (text) and 2 (binary), at the beginning of a connection's data; null for anything else.
 *
 * @see https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt
 */
export function proxyHeaderIn(bytes: DataView, at: number, end: number): ProxyHeader | null {
  // Asked of every connection: most need no second look.
  if (u8(bytes, at) !== WORD[0] && u8(bytes, at) !== SIGNATURE[0]) return null;
  if (startsWith(bytes, at, end, WORD))
    return { source: sourceInLine(partOf(bytes, at, Math.min(end, at + LONGEST_LINE))) };
  if (!startsWith(bytes, at, end, SIGNATURE) || end - at < 16) return null;
  const isProxied = u8(bytes, at + 12) === 0x21;
  const family = u8(bytes, at + 13) >> 4;
  const size = family === 1 ? 4 : family === 2 ? 16 : 0;
  const isThere = isProxied && size > 0 && u16(bytes, at + 14) >= size * 2 + 4 && end - at >= 16 + size;
  return { source: isThere ? hostAt(bytes, at + 16, size === 4 ? 4 : 6).text : null };
}

const startsWith = (bytes: DataView, at: number, end: number, start: readonly number[]): boolean =>
  end - at >= start.length && start.every((byte, index) => u8(bytes, at + index) === byte);

/** `PROXY TCP4 203.0.113.11 198.51.100.25 43920 25` and CR LF. */
function sourceInLine(line: Uint8Array): string | null {
  const text = String.fromCharCode(...line);
  const source = /^PROXY TCP[46] ([0-9a-fA-F.:]{2,45}) [0-9a-fA-F.:]{2,45} \d{1,5} \d{1,5}\r\n/.exec(text)?.[1];
  return source === undefined ? null : (parseIp(source) ?? null);
}
