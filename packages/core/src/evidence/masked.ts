import { type Ip, parseIp } from "../address/ip.ts";
import type { ObservedAddress } from "./observation.ts";

/** `xx`, `***`, `1xx`: an octet of which digits are hidden. What is left of it (`1xx`) counts as nothing. */
const HIDDEN_OCTET = /^(?=.*[xX*#?•])[0-9xX*#?•]{1,4}$/;
const OCTET = /^(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)$/;
const HIDDEN_GROUP = /^(?=.*[xX*#?•])[0-9a-fA-FxX*#?•]{1,4}$/;
const GROUP = /^[0-9a-fA-F]{1,4}$/;
/** What people write in place of a whole address. */
const HIDDEN_WORD = /^<?(?:secret|redacted|masked|hidden|removed|guid|[xX*]{2,})>?$/i;
/** The longest IPv6 address has 45 characters. */
const LONGEST_ADDRESS = 64;

/**
 * Reads an address as evidence writes it: `203.0.113.7`, `[203.0.113.7]`, `[IPv6:2001:db8::1]`, `139.219.xxx.xx`, or a
 * name, for which `ip` is null and `masked` is false. `text` keeps what was written, without brackets and `IPv6:`.
 */
export function parseObserved(written: string): ObservedAddress {
  const text = bare(written);
  const ip = parseIp(text);
  if (ip !== undefined) return { text, ip, masked: false };
  return { text, ip: null, masked: HIDDEN_WORD.test(text) || partsOf(text)?.includes(null) === true };
}

/** True for an address, whole or masked; false for a name. */
export const isAddress = (observed: ObservedAddress): boolean => observed.ip !== null || observed.masked;

function bare(written: string): string {
  const trimmed = written.trim();
  const inside = trimmed.startsWith("[") && trimmed.endsWith("]") ? trimmed.slice(1, -1).trim() : trimmed;
  return /^ipv6:/i.test(inside) ? inside.slice(5) : inside;
}

/**
 * True unless a known digit says otherwise: octet by octet (groups of 16 bits for IPv6), hidden ones match anything.
 * `x.x.x.x` matches every address and supports none: ask `maskedDigits` before counting a match as support.
 */
export function maskedMatches(masked: string, ip: Ip): boolean {
  const observed = parseObserved(masked);
  if (observed.ip !== null) return observed.ip === ip;
  if (!observed.masked) return false;
  const parts = partsOf(observed.text);
  if (parts === undefined) return true;
  const own = partsOf(ip);
  if (own === undefined || own.length !== parts.length) return false;
  return parts.every((part, index) => part === null || part === own[index]);
}

/** True if both are addresses, whole or masked, and no digit known of both differs. A hidden word agrees with any. */
export function maskedAgree(one: string, other: string): boolean {
  const [a, b] = [parseObserved(one), parseObserved(other)];
  if (!isAddress(a) || !isAddress(b)) return false;
  const [own, others] = [partsOf(a.ip ?? a.text), partsOf(b.ip ?? b.text)];
  if (own === undefined || others === undefined) return true;
  return own.length === others.length && own.every((part, at) => part === null || (others[at] ?? part) === part);
}

/** How many octets of it are known: 4 for `203.0.113.7`, 2 for `139.219.xxx.xx`, 0 for `x.x.x.x` or a word. */
export function maskedDigits(masked: string): number {
  const parts = partsOf(bare(masked));
  if (parts === undefined) return 0;
  const octets = parts.length === 4 ? 1 : 2;
  return parts.filter((part) => part !== null).length * octets;
}

/** The known octets (4 of them) or groups (8) as numbers, null where hidden; undefined when it is no address. */
function partsOf(text: string): readonly (number | null)[] | undefined {
  if (text.length > LONGEST_ADDRESS) return undefined;
  return text.includes(":") ? groupsOf(text) : octetsOf(text);
}

function octetsOf(text: string): readonly (number | null)[] | undefined {
  const labels = text.split(".");
  if (labels.length !== 4 || !labels.every((label) => OCTET.test(label) || HIDDEN_OCTET.test(label))) return undefined;
  return labels.map((label) => (OCTET.test(label) ? Number(label) : null));
}

function groupsOf(text: string): readonly (number | null)[] | undefined {
  const halves = text.split("::");
  const [head = "", tail] = halves;
  const first = listOfGroups(head);
  const last = tail === undefined ? [] : listOfGroups(tail);
  if (halves.length > 2 || first === undefined || last === undefined) return undefined;
  const missing = 8 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...first, ...Array.from({ length: missing }, () => 0), ...last];
}

function listOfGroups(text: string): readonly (number | null)[] | undefined {
  if (text === "") return [];
  const groups = text.split(":");
  if (!groups.every((group) => GROUP.test(group) || HIDDEN_GROUP.test(group))) return undefined;
  return groups.map((group) => (GROUP.test(group) ? Number.parseInt(group, 16) : null));
}
