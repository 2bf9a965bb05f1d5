import type { Path } from "../clouds/document.ts";
import { MAX_DEPTH } from "./json-scan.ts";

/**
 * The text of one member of an element that was read before, up to the next member or past the end of the element. Where
 * the same text comes again, but for what its strings say, it is sound for the same reason.
 */
export interface Mould {
  readonly member: string;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Where the strings in it begin and end between their quotes, keys apart: two numbers each. */
  readonly strings: Int32Array;
  /** Of each string where it stands in `left`; null: it is left out. */
  readonly kept: readonly (Kept | null)[];
  /** What is left of the value; undefined: nothing. */
  readonly left: unknown;
  /** Texts in what is left that are each element's own. */
  readonly own: readonly Own[];
  /** Of each string its place in `own`; -1: it is in none. */
  readonly ownAt: readonly number[];
  readonly lines: number;
  readonly hasEscapes: boolean;
  readonly isLast: boolean;
  /** It names the element, or links to it. */
  readonly isItself: boolean;
  /** What came after a member of this name, the last to come first. */
  readonly after: Mould[];
}

/** Of an element: where it stands, and what it says. */
export interface Own {
  readonly path: Path;
  readonly text: string;
}

export interface Kept {
  readonly path: Path;
  /** The key that it stands under. */
  readonly name: string;
}

/** A member as it stands in an element. */
export interface Part {
  readonly member: string;
  readonly start: number;
  readonly end: number;
  readonly isLast: boolean;
  readonly strings: readonly { readonly start: number; readonly end: number; readonly path: Path }[];
}

export type TextBetween = (from: number, to: number) => string;

/** What is written between two quotes says. */
export function textIn(textBetween: TextBetween, from: number, to: number): string {
  const written = textBetween(from, to);
  return written.includes("\\") ? JSON.parse(`"${written}"`) : written;
}

export const hasEscapes = (bytes: Uint8Array): boolean => bytes.includes(BACKSLASH);

const [TAB, LINE_FEED, RETURN, SPACE, QUOTE, COMMA, OPEN_LIST, BACKSLASH, CLOSE_LIST, OPEN, CLOSE] = [
  9, 10, 13, 32, 34, 44, 91, 92, 93, 123, 125,
];

/** Of strings that differ in one mould: which, and where it begins and ends. */
export const CHANGE_WORDS = 3;
const MOST_CHANGES = 256;
export const newChanges = (): Int32Array => new Int32Array(MOST_CHANGES * CHANGE_WORDS);

/**
 * How many strings say something else than in the mould, told in `changes`; -1: it is another text, or ends too soon.
 * Where it ends is told behind the last of them.
 */
export function matched(mould: Mould, bytes: Uint8Array, view: DataView, start: number, changes: Int32Array): number {
  const { bytes: known, view: knownView, strings } = mould;
  const size = known.length;
  const end = bytes.length;
  let at = 0;
  let to = start;
  let string = 0;
  let count = 0;
  for (;;) {
    // As numbers, eight at a time; what is no number is compared one by one.
    while (at + 8 <= size && to + 8 <= end && knownView.getFloat64(at, true) === view.getFloat64(to, true)) {
      at += 8;
      to += 8;
    }
    while (at < size && to < end && known[at] === bytes[to]) {
      at += 1;
      to += 1;
    }
    if (at === size) break;
    while (string < strings.length && (strings[string + 1] ?? 0) < at) string += 2;
    const begin = strings[string] ?? size;
    if (begin > at || count === MOST_CHANGES - 1) return -1;
    const from = to - (at - begin);
    // What is equal so far ends in no escape.
    to = stringEnd(bytes, mould.hasEscapes ? from : to);
    if (to < 0) return -1;
    changes[count * CHANGE_WORDS] = string >> 1;
    changes[count * CHANGE_WORDS + 1] = from;
    changes[count * CHANGE_WORDS + 2] = to;
    count += 1;
    at = strings[string + 1] ?? size;
    string += 2;
  }
  changes[count * CHANGE_WORDS] = to;
  return count;
}

/** Whether what is known from one place to another stands elsewhere, too. No text holds a zero. */
export function isSame(
  known: Uint8Array,
  knownView: DataView,
  from: number,
  to: number,
  bytes: Uint8Array,
  view: DataView,
  start: number,
): boolean {
  const behind = start - from;
  if (to + behind > bytes.length) return false;
  let at = from;
  for (; at + 8 <= to; at += 8) if (knownView.getFloat64(at, true) !== view.getFloat64(at + behind, true)) break;
  for (; at < to; at += 1) if (known[at] !== bytes[at + behind]) return false;
  return true;
}

const [PLAIN, ENDS, ESCAPES, NEVER] = [0, 1, 2, 3];
const IN_STRING = new Uint8Array(256).fill(NEVER, 0, SPACE);
IN_STRING[QUOTE] = ENDS;
IN_STRING[BACKSLASH] = ESCAPES;

/** Where the closing quote stands; -1: it does not come, or what stands before it stands in no string. */
function stringEnd(bytes: Uint8Array, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    const means = IN_STRING[bytes[at] ?? 0];
    if (means === PLAIN) continue;
    if (means === ENDS) return at;
    if (means === NEVER) return -1;
    const length = escapeLength(bytes, at + 1);
    if (length < 0) return -1;
    at += length;
  }
  return -1;
}

const SIMPLE_ESCAPES: ReadonlySet<number> = new Set([...'"\\/bfnrt'].map((letter) => letter.charCodeAt(0)));
const U = 117;

/** Of what stands behind a backslash. */
function escapeLength(bytes: Uint8Array, at: number): number {
  const letter = bytes[at] ?? 0;
  if (SIMPLE_ESCAPES.has(letter)) return 1;
  if (letter !== U) return -1;
  for (let digit = at + 1; digit <= at + 4; digit += 1) if (!isHex(bytes[digit] ?? 0)) return -1;
  return 5;
}

const isHex = (byte: number): boolean => (byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 102);

/** The members of an element that is known to be sound; null: one of them could be mistaken for another. */
export function partsOf(bytes: Uint8Array, start: number, textBetween: TextBetween): readonly Part[] | null {
  const walk: Walk = { bytes, textBetween, strings: [], isOdd: false };
  const parts: Part[] = [];
  const members = new Set<string>();
  let at = pastSpace(bytes, start + 1);
  while (bytes[at] === QUOTE) {
    const from = at;
    const keyEnd = stringEnd(bytes, from + 1);
    const member = textBetween(from + 1, keyEnd);
    walk.strings = [];
    at = pastSpace(bytes, pastValue(walk, pastColon(bytes, keyEnd), [], 1));
    const isLast = bytes[at] === CLOSE;
    at = isLast ? at + 1 : pastSpace(bytes, at + 1);
    if (walk.isOdd || member.includes("\\") || members.has(member)) return null;
    members.add(member);
    parts.push({ member, start: from, end: at, isLast, strings: walk.strings });
    if (isLast) return parts;
  }
  return null;
}

interface Walk {
  readonly bytes: Uint8Array;
  readonly textBetween: TextBetween;
  strings: { readonly start: number; readonly end: number; readonly path: Path }[];
  /** It nests deeper, or has a key that could be written otherwise. */
  isOdd: boolean;
}

function pastValue(walk: Walk, start: number, path: Path, depth: number): number {
  const { bytes } = walk;
  const first = bytes[start];
  if (first === QUOTE) {
    const end = stringEnd(bytes, start + 1);
    walk.strings.push({ start: start + 1, end, path });
    return end + 1;
  }
  if (first === OPEN || first === OPEN_LIST) return pastNested(walk, start, path, depth);
  let at = start;
  while (!ENDS_SCALAR.has(bytes[at] ?? COMMA)) at += 1;
  return at;
}

const ENDS_SCALAR: ReadonlySet<number> = new Set([COMMA, CLOSE, CLOSE_LIST, SPACE, LINE_FEED, RETURN, TAB]);

function pastNested(walk: Walk, start: number, path: Path, depth: number): number {
  const { bytes } = walk;
  const closes = bytes[start] === OPEN ? CLOSE : CLOSE_LIST;
  if (depth >= MAX_DEPTH) walk.isOdd = true;
  let at = pastSpace(bytes, start + 1);
  for (let index = 0; bytes[at] !== closes && !walk.isOdd; index += 1) {
    let key: string | number = index;
    if (closes === CLOSE) {
      const keyEnd = stringEnd(bytes, at + 1);
      key = walk.textBetween(at + 1, keyEnd);
      walk.isOdd ||= key.includes("\\");
      at = pastColon(bytes, keyEnd);
    }
    at = pastSpace(bytes, pastValue(walk, at, [...path, key], depth + 1));
    if (bytes[at] === COMMA) at = pastSpace(bytes, at + 1);
  }
  return at + 1;
}

const pastColon = (bytes: Uint8Array, keyEnd: number): number => pastSpace(bytes, pastSpace(bytes, keyEnd + 1) + 1);

export function pastSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  for (let byte = bytes[at]; byte === SPACE || byte === LINE_FEED || byte === RETURN || byte === TAB; byte = bytes[at])
    at += 1;
  return at;
}

export function linesBetween(bytes: Uint8Array, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) if (bytes[at] === LINE_FEED) count += 1;
  return count;
}
