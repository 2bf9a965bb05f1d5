import { familyOf, type Ip, ipFromNumber, parseIp } from "../address/ip.ts";

/** What stands at the beginning of a connection from a proxy that was named. */
export type ProxyHeader =
  /** More bytes are needed to tell. */
  | { readonly kind: "incomplete" }
  /** `length` bytes; the proxy speaks for itself, a health check for one. */
  | { readonly kind: "local"; readonly length: number }
  | { readonly kind: "proxied"; readonly length: number; readonly address: Ip; readonly port: number }
  /** None, or none that can be read. */
  | { readonly kind: "wrong" };

const WORD = "PROXY ";
const SIGNATURE = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];
const LONGEST_LINE = 107;
/** Addresses of version 2 with every extension that is in use; the protocol allows 65,535. */
const LONGEST_BLOCK = 2048;
export const LONGEST_PROXY_HEADER = 16 + LONGEST_BLOCK;

const INCOMPLETE: ProxyHeader = { kind: "incomplete" };
const WRONG: ProxyHeader = { kind: "wrong" };

/**
 * The PROXY protocol, versions 1 and 2. Never throws. Only for connections of peers that were named in advance: anybody
 * can write such bytes.
 *
 * @see https://www.haproxy.org/download/2.9/doc/proxy-protocol.txt
 */
export function readProxyHeader(bytes: Uint8Array): ProxyHeader {
  const first = bytes[0];
  if (first === undefined) return INCOMPLETE;
  return first === SIGNATURE[0] ? readBinary(bytes) : readLine(bytes);
}

function readLine(bytes: Uint8Array): ProxyHeader {
  let text = "";
  for (const byte of bytes.subarray(0, LONGEST_LINE)) text += String.fromCharCode(byte);
  if (!text.startsWith(WORD.slice(0, text.length))) return WRONG;
  const end = text.indexOf("\r\n");
  if (end < 0) return text.length < LONGEST_LINE ? INCOMPLETE : WRONG;
  const line = text.slice(0, end);
  if (/^PROXY UNKNOWN(?: |$)/.test(line)) return { kind: "local", length: end + 2 };
  const [, family, source = "", destination = "", port] =
    /^PROXY TCP([46]) (\S{2,45}) (\S{2,45}) (\d{1,5}) \d{1,5}$/.exec(line) ?? [];
  const [address, to] = [parseIp(source), parseIp(destination)];
  const number = Number(port);
  if (address === undefined || to === undefined || number > 65_535) return WRONG;
  if (family === "4" && familyOf(address) !== 4) return WRONG;
  return { kind: "proxied", length: end + 2, address, port: number };
}

function readBinary(bytes: Uint8Array): ProxyHeader {
  if (SIGNATURE.some((byte, at) => at < bytes.length && bytes[at] !== byte)) return WRONG;
  if (bytes.length < 16) return INCOMPLETE;
  const [version = 0, family = 0, high = 0, low = 0] = bytes.subarray(12, 16);
  const length = (high << 8) | low;
  const command = version & 15;
  if (version >> 4 !== 2 || command > 1 || length > LONGEST_BLOCK) return WRONG;
  if (bytes.length < 16 + length) return INCOMPLETE;
  const size = family >> 4 === 1 ? 4 : family >> 4 === 2 ? 16 : 0;
  // Unspecified or a local socket: the receiver takes the connection's own addresses (section 2.2).
  if (command === 0 || size === 0) return { kind: "local", length: 16 + length };
  if (length < size * 2 + 4) return WRONG;
  let number = 0n;
  for (const byte of bytes.subarray(16, 16 + size)) number = (number << 8n) | BigInt(byte);
  const address = parseIp(ipFromNumber(size === 4 ? 4 : 6, number));
  const at = 16 + size * 2;
  if (address === undefined) return WRONG;
  return { kind: "proxied", length: 16 + length, address, port: ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0) };
}
