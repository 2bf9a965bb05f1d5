import { type Cidr, cidrsOfRange, hostCidr, parseCidr } from "../../../address/cidr.ts";
import { familyOf, ipToNumber, parseIp } from "../../../address/ip.ts";
import type { Span } from "../../guest.ts";
import type { FilterAction } from "../../packet-filter.ts";
import { readNumber } from "../part.ts";

/** `10.0.0.0/8`, `10.0.0.1`, `10.0.0.1-10.0.0.9`; undefined for anything else. */
export function prefixesOf(text: string): readonly Cidr[] | undefined {
  const ends = text.split("-").map((end) => parseIp(end));
  const [first, last] = ends;
  if (first !== undefined && ends.length === 1) return [hostCidr(first)];
  if (first !== undefined && last !== undefined && ends.length === 2 && familyOf(first) === familyOf(last)) {
    const range = { family: familyOf(first), first: ipToNumber(first), last: ipToNumber(last) };
    return range.first <= range.last ? cidrsOfRange(range) : undefined;
  }
  const prefix = parseCidr(text, true);
  return prefix === undefined ? undefined : [prefix];
}

const LARGEST_PORT = 65535;

/** `25`, `1000-2000`, `1000:2000`; undefined for anything else, names among them. */
export function spanOf(text: string, largest = LARGEST_PORT): Span | undefined {
  const [, first, last] = /^(\d{1,10})(?:[-:](\d{1,10}))?$/.exec(text) ?? [];
  if (first === undefined) return undefined;
  const span = { first: Number(first), last: Number(last ?? first) };
  return span.first <= span.last && span.last <= largest ? span : undefined;
}

/** Each of them, or undefined where one cannot be read. */
export function each<T>(texts: readonly string[], read: (text: string) => T | undefined): readonly T[] | undefined {
  const all = texts.map(read);
  return all.every((one) => one !== undefined) && all.length > 0 ? all : undefined;
}

const MASK32 = 0xffffffff;

/** `0x10/0xff`, `16`: a value and the bits that are looked at. */
export function markOf(text: string): { readonly value: number; readonly mask: number } | undefined {
  const [value, mask, ...more] = text.split("/").map((part) => readNumber(part));
  if (value === undefined || more.length > 0 || (text.includes("/") && mask === undefined)) return undefined;
  return { value, mask: mask ?? MASK32 };
}

/** `10.0.0.1`, `10.0.0.1-10.0.0.4:1024-65535`, `[2001:db8::1]:80`: the addresses without the ports. */
export function sourceAction(to: string): FilterAction {
  const bare = to.startsWith("[")
    ? to.replace(/\]:[\d-]+$/, "]").replaceAll(/[[\]]/g, "")
    : to.replace(/^([\d.-]+):[\d-]+$/, "$1");
  const [first, last, ...more] = bare.split("-").map((end) => parseIp(end));
  if (first === undefined || more.length > 0 || (bare.includes("-") && last === undefined)) return { kind: "unread" };
  return { kind: "source", first, last: last ?? first };
}

const STATES = ["new", "established", "related", "invalid", "untracked"];

/** `NEW,ESTABLISHED`; undefined where one of them is not known. Those that no packet of an own connection has are none. */
export function statesOf(states: readonly string[]): readonly ("new" | "established")[] | undefined {
  if (!states.every((state) => STATES.includes(state.toLowerCase()))) return undefined;
  return (["new", "established"] as const).filter((one) => states.some((state) => state.toLowerCase() === one));
}

/** Sets a mark's bits under `mask` to `value`. */
export const setBits = (kind: "mark" | "kept-mark", value: number, mask: number): FilterAction => ({
  kind,
  keep: ~mask >>> 0,
  flip: value >>> 0,
});
