import ipaddr from "ipaddr.js";

declare const ipBrand: unique symbol;

/**
 * An IPv4 or IPv6 address as canonical text (RFC 5952 for IPv6), so that equal addresses are equal strings.
 * Made only by `parseIp` and `ipFromNumber`.
 */
export type Ip = string & { readonly [ipBrand]: true };

export type Family = 4 | 6;

const [ZERO, NINE, DOT] = [48, 57, 46];
const NO_QUAD = -1;

/** Four numbers below 256 without leading zeros, up to `end`, as one unsigned number; -1: anything else. */
export function dottedQuad(text: string, end: number): number {
  let value = 0;
  let dots = 0;
  let octet = 0;
  let digits = 0;
  for (let at = 0; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      if (digits > 0 && octet === 0) return NO_QUAD;
      octet = octet * 10 + code - ZERO;
      digits += 1;
      if (octet > 255) return NO_QUAD;
    } else if (code === DOT && digits > 0 && dots < 3) {
      value = (value << 8) | octet;
      dots += 1;
      octet = 0;
      digits = 0;
    } else return NO_QUAD;
  }
  return dots === 3 && digits > 0 ? ((value << 8) | octet) >>> 0 : NO_QUAD;
}

/**
 * Reads one address strictly: `010.0.0.1` is refused, since it is 8.0.0.1 to some resolvers, and so is a zone
 * (`fe80::1%eth0`). An IPv4-mapped IPv6 address is the IPv4 address: no packet carries it (RFC 4291, 2.5.5.2).
 */
export function parseIp(text: string): Ip | undefined {
  if (dottedQuad(text, text.length) !== NO_QUAD) return text as Ip;
  const address = IPV6_LETTERS.test(text) ? parseIpv6(text) : undefined;
  if (address === undefined) return undefined;
  const canonical = address.isIPv4MappedAddress() ? address.toIPv4Address().toString() : address.toRFC5952String();
  return canonical as Ip;
}

/** Two colons, and nothing that no IPv6 address has: most words of evidence end here, without an exception. */
const IPV6_LETTERS = /^[0-9A-Fa-f.]{0,4}:[0-9A-Fa-f.:]{0,39}:[0-9A-Fa-f:.]{0,15}$/;

function parseIpv6(text: string): ipaddr.IPv6 | undefined {
  try {
    return ipaddr.IPv6.parse(text);
  } catch {
    return undefined;
  }
}

export const familyOf = (ip: Ip): Family => (ip.includes(":") ? 6 : 4);

/** The address as a number: 32 bits for IPv4, 128 for IPv6. Two families share numbers; compare within one. */
export function ipToNumber(ip: Ip): bigint {
  if (familyOf(ip) === 4) return BigInt(ipv4ToNumber(ip));
  return ipv6ToNumber(ip);
}

/** An IPv6 address as a number; the text is canonical, in groups of hexadecimal digits, so no check is repeated here. */
function ipv6ToNumber(ip: Ip): bigint {
  const [before = "", after] = ip.split("::");
  const [head, tail] = [digitsOf(before), digitsOf(after ?? "")];
  return BigInt(`0x${head}${tail.padStart(IPV6_DIGITS - head.length, "0")}`);
}

const IPV6_DIGITS = 32;
const digitsOf = (groups: string): string =>
  groups === "" ? "" : groups.split(":").reduce((digits, group) => digits + group.padStart(4, "0"), "");

/** An IPv4 address as an unsigned 32-bit number; the text is canonical, so no check is repeated here. */
export function ipv4ToNumber(ip: Ip): number {
  let value = 0;
  let octet = 0;
  for (let index = 0; index < ip.length; index += 1) {
    const code = ip.charCodeAt(index);
    if (code === 46) {
      value = value * 256 + octet;
      octet = 0;
    } else octet = octet * 10 + code - 48;
  }
  return value * 256 + octet;
}

export const bitsOf = (family: Family): number => (family === 4 ? 32 : 128);

/** @param value within the family's width; anything else is our own bug and throws. */
export function ipFromNumber(family: Family, value: bigint): Ip {
  if (value < 0n || value >> BigInt(bitsOf(family)) !== 0n)
    throw new RangeError(`not an IPv${family} number: ${value}`);
  if (family === 4) return ipv4FromNumber(Number(value));
  const bytes: number[] = [];
  for (let shift = bitsOf(family) - 8; shift >= 0; shift -= 8) bytes.push(Number((value >> BigInt(shift)) & 0xffn));
  // An IPv4-mapped number stays IPv6 here: it is a position in the IPv6 space, not an address from a packet.
  return new ipaddr.IPv6(bytes).toRFC5952String() as Ip;
}

/** @param value an unsigned 32-bit number */
export const ipv4FromNumber = (value: number): Ip =>
  `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}` as Ip;

/** Numeric order, IPv4 before IPv6. */
export function compareIps(a: Ip, b: Ip): number {
  const byFamily = familyOf(a) - familyOf(b);
  if (byFamily !== 0) return byFamily;
  const difference = ipToNumber(a) - ipToNumber(b);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
