import {
  bitsOf,
  dottedQuad,
  type Family,
  familyOf,
  type Ip,
  ipFromNumber,
  ipToNumber,
  ipv4FromNumber,
  ipv4ToNumber,
  parseIp,
} from "./ip.ts";

declare const cidrBrand: unique symbol;

/** A prefix as canonical text, host bits zero: `10.0.0.0/8`. Made only by `parseCidr`, `cidrOf` and `hostCidr`. */
export type Cidr = string & { readonly [cidrBrand]: true };

/** The first and last address of a prefix or range, both inside. */
export interface Range {
  readonly family: Family;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Reads `address/length`; a bare address is a prefix of one. Host bits must be zero unless `loose`, which clears them
 * (route tables of guests print `10.0.0.5/24`).
 */
export function parseCidr(text: string, loose = false): Cidr | undefined {
  const slash = text.indexOf("/");
  if (isUsual(text, slash)) return text as Cidr;
  const ip = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (ip === undefined) return undefined;
  if (slash < 0) return hostCidr(ip);
  const lengthText = text.slice(slash + 1);
  if (!/^(0|[1-9]\d{0,2})$/.test(lengthText)) return undefined;
  const length = Number(lengthText);
  if (length > bitsOf(familyOf(ip))) return undefined;
  const cidr = cidrOf(ip, length);
  return loose || addressOf(cidr) === ip ? cidr : undefined;
}

/** As nearly all of them are written: IPv4, host bits zero. */
function isUsual(text: string, slash: number): boolean {
  const digits = text.length - slash - 1;
  const value = slash < 0 || digits < 1 || digits > 2 ? -1 : dottedQuad(text, slash);
  if (value < 0) return false;
  const first = text.charCodeAt(slash + 1) - 48;
  const second = digits === 1 ? 0 : text.charCodeAt(slash + 2) - 48;
  if (first < 0 || first > 9 || second < 0 || second > 9 || (first === 0 && digits === 2)) return false;
  const length = digits === 1 ? first : first * 10 + second;
  return length === 32 || (length < 32 && value << length === 0);
}

/** The prefix of that length that holds the address. */
export function cidrOf(ip: Ip, length: number): Cidr {
  const family = familyOf(ip);
  const shift = BigInt(bitsOf(family) - length);
  return `${ipFromNumber(family, (ipToNumber(ip) >> shift) << shift)}/${length}` as Cidr;
}

export const hostCidr = (ip: Ip): Cidr => `${ip}/${bitsOf(familyOf(ip))}` as Cidr;

export const addressOf = (cidr: Cidr): Ip => cidr.slice(0, cidr.indexOf("/")) as Ip;

/** The text is canonical: at most three digits behind its slash. */
export function lengthOf(cidr: Cidr): number {
  let length = 0;
  for (let at = cidr.lastIndexOf("/") + 1; at < cidr.length; at += 1) length = length * 10 + cidr.charCodeAt(at) - 48;
  return length;
}

export const familyOfCidr = (cidr: Cidr): Family => (cidr.includes(":") ? 6 : 4);

export const isHost = (cidr: Cidr): boolean => cidr.endsWith(familyOfCidr(cidr) === 4 ? "/32" : "/128");

export function rangeOf(cidr: Cidr): Range {
  const family = familyOfCidr(cidr);
  const first = ipToNumber(addressOf(cidr));
  return { family, first, last: first + (1n << BigInt(bitsOf(family) - lengthOf(cidr))) - 1n };
}

export const cidrContains = (cidr: Cidr, ip: Ip): boolean =>
  familyOf(ip) === 4 ? holds4(cidr, ipv4ToNumber(ip)) : holds6(cidr, ipToNumber(ip));

/** Read where it is asked: nearly all prefixes are asked for an address once or twice. False for a prefix of IPv6. */
function holds4(cidr: Cidr, address: number): boolean {
  let value = 0;
  let part = 0;
  for (let at = 0; at < cidr.length; at += 1) {
    const code = cidr.charCodeAt(at);
    if (code >= 48 && code <= 57) part = part * 10 + code - 48;
    else if (code === 46 || code === 47) {
      value = (value << 8) | part;
      part = 0;
    } else return false;
  }
  return part === 0 || (value ^ address) >>> (32 - part) === 0;
}

function holds6(cidr: Cidr, address: bigint): boolean {
  if (familyOfCidr(cidr) === 4) return false;
  const shift = BigInt(128 - lengthOf(cidr));
  return address >> shift === ipToNumber(addressOf(cidr)) >> shift;
}

/** True when every address of `inner` is in `outer`. */
export const cidrCovers = (outer: Cidr, inner: Cidr): boolean =>
  lengthOf(outer) <= lengthOf(inner) && cidrContains(outer, addressOf(inner));

/** The n-th address of a prefix, 0 being the network address; undefined past its end. */
export function nthAddress(cidr: Cidr, n: number): Ip | undefined {
  const { family, first, last } = rangeOf(cidr);
  const value = first + BigInt(n);
  return value > last ? undefined : ipFromNumber(family, value);
}

/** The fewest prefixes that hold exactly this range, ascending. */
export function cidrsOfRange(range: Range): readonly Cidr[] {
  const cidrs: Cidr[] = [];
  if (range.family === 4) {
    pushCidrs4(cidrs, Number(range.first), Number(range.last));
    return cidrs;
  }
  let first = range.first;
  while (first <= range.last) {
    let length = 128;
    while (length > 0) {
      const size = 1n << BigInt(128 - length + 1);
      if (first % size !== 0n || first + size - 1n > range.last) break;
      length -= 1;
    }
    cidrs.push(`${ipFromNumber(6, first)}/${length}` as Cidr);
    first += 1n << BigInt(128 - length);
  }
  return cidrs;
}

/** The same for IPv4 by numbers, of which there may be millions, behind what is in the list. */
export function pushCidrs4(cidrs: Cidr[], from: number, last: number): void {
  for (let first = from; first <= last; ) {
    let size = 1;
    let length = 32;
    while (length > 0 && first % (size * 2) === 0 && first + size * 2 - 1 <= last) {
      size *= 2;
      length -= 1;
    }
    cidrs.push(`${ipv4FromNumber(first)}/${length}` as Cidr);
    first += size;
  }
}

/**
 * Prefixes written in our own source. They stand in canonical form, which a test checks for all of them: parsing what
 * never changes is not worth a start-up's time.
 */
export const cidrs = (...texts: readonly `${string}/${number}`[]): readonly Cidr[] =>
  texts as readonly string[] as readonly Cidr[];

export const EVERY_IPV4 = "0.0.0.0/0" as Cidr;
export const EVERY_IPV6 = "::/0" as Cidr;

/** https://www.rfc-editor.org/rfc/rfc1918 */
export const RFC1918 = cidrs("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16");
/** Shared address space, https://www.rfc-editor.org/rfc/rfc6598 */
export const RFC6598 = cidrs("100.64.0.0/10");
/** Unique local addresses, https://www.rfc-editor.org/rfc/rfc4193 */
export const UNIQUE_LOCAL = cidrs("fc00::/7");
/** https://www.rfc-editor.org/rfc/rfc3927 and https://www.rfc-editor.org/rfc/rfc4291 */
export const LINK_LOCAL = cidrs("169.254.0.0/16", "fe80::/10");
export const LOOPBACK = cidrs("127.0.0.0/8", "::1/128");

export function inAny(list: readonly Cidr[], ip: Ip): boolean {
  if (familyOf(ip) === 6) {
    const address = ipToNumber(ip);
    return list.some((candidate) => holds6(candidate, address));
  }
  const address = ipv4ToNumber(ip);
  for (const candidate of list) if (holds4(candidate, address)) return true;
  return false;
}

/** RFC 1918, RFC 6598 or unique local: never a source on the public internet. Documentation ranges count as public. */
export const isPrivate = (ip: Ip): boolean => inAny(RFC1918, ip) || inAny(RFC6598, ip) || inAny(UNIQUE_LOCAL, ip);
