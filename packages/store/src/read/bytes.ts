import type { Names } from "../columns.ts";
import { momentOf } from "./moment.ts";

const [ZERO, NINE, DOT] = [48, 57, 46];

/** A dotted quad as 32 bits, read as strictly as any address; -1: it is none. */
export function quadIn(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  let octet = -1;
  let dots = 0;
  for (let at = start; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    if (code >= ZERO && code <= NINE) {
      // 010.0.0.1 is 8.0.0.1 to some: no zero in front of another digit.
      if (octet === 0) return -1;
      octet = octet === -1 ? code - ZERO : octet * 10 + code - ZERO;
      if (octet > 255) return -1;
    } else {
      if (code !== DOT || octet === -1) return -1;
      value = value * 256 + octet;
      octet = -1;
      dots += 1;
    }
  }
  return dots === 3 && octet !== -1 ? value * 256 + octet : -1;
}

/** A port; -2: it is none. */
export function portIn(bytes: Uint8Array, start: number, end: number): number {
  if (end === start || end - start > 5) return -2;
  let value = 0;
  for (let at = start; at < end; at += 1) {
    const code = bytes[at] ?? 0;
    if (code < ZERO || code > NINE) return -2;
    value = value * 10 + code - ZERO;
  }
  return value < 65_536 ? value : -2;
}

/** `2026-11-22T09:00`: what the times of neighbours have in common. */
const MINUTE = 16;
const [COLON, LETTER_Z] = [58, 90];

/** Times as `momentOf` reads them; one in the same minute as the last is reckoned from that. */
export class StampReader {
  readonly #minute = new Uint8Array(MINUTE);
  #minuteUs = -1;

  /** @returns -1: it is no time */
  read(bytes: Buffer, start: number, end: number): number {
    if (this.#isSameMinute(bytes, start, end)) {
      const us = this.#within(bytes, start + MINUTE, end);
      if (us !== -1) return this.#minuteUs + us;
    }
    const text = bytes.toString("latin1", start, end);
    const moment = momentOf(text);
    if (moment === null) return -1;
    const minute = momentOf(`${text.slice(0, MINUTE)}:00Z`);
    this.#minuteUs = minute ?? -1;
    this.#minute.set(bytes.subarray(start, start + MINUTE));
    return moment;
  }

  #isSameMinute(bytes: Buffer, start: number, end: number): boolean {
    if (this.#minuteUs === -1 || end - start < MINUTE + 4 || bytes[end - 1] !== LETTER_Z) return false;
    for (let at = MINUTE - 1; at >= 0; at -= 1) if (bytes[start + at] !== this.#minute[at]) return false;
    return true;
  }

  /** `:44.400950463Z` in microseconds; -1: written in another way. */
  #within(bytes: Buffer, start: number, end: number): number {
    const [tens, ones] = [(bytes[start + 1] ?? 0) - ZERO, (bytes[start + 2] ?? 0) - ZERO];
    if (bytes[start] !== COLON || tens < 0 || tens > 5 || ones < 0 || ones > 9) return -1;
    let us = (tens * 10 + ones) * 1e6;
    const last = end - 1;
    if (start + 3 === last) return us;
    if (bytes[start + 3] !== DOT || last - start - 4 > 9 || last === start + 4) return -1;
    let scale = 1e5;
    for (let at = start + 4; at < last; at += 1) {
      const digit = (bytes[at] ?? 0) - ZERO;
      if (digit < 0 || digit > 9) return -1;
      if (scale >= 1) us += digit * scale;
      scale /= 10;
    }
    return us;
  }
}

/** As many words as are known by their bytes; in more than this, the same ones hardly come again. */
const SLOTS = 1 << 17;
const WORDS = SLOTS / 2;
const ALL_BYTES = 1 << 20;

/** Names by their bytes: most lines name a VM that was named before, and no text need be made of it. */
export class WordTable {
  readonly #names: Names;
  readonly #slots = new Int32Array(SLOTS).fill(-1);
  readonly #codes = new Int32Array(WORDS);
  /** All words, one behind the other, and where each ends. */
  readonly #bytes = new Uint8Array(ALL_BYTES);
  readonly #ends = new Int32Array(WORDS + 1);
  #count = 0;
  readonly #pairs = new Map<number, number>();

  constructor(names: Names) {
    this.#names = names;
  }

  codeOfText(text: string): number {
    return this.#names.codeOf(text);
  }

  codeOf(bytes: Buffer, start: number, end: number): number {
    let hash = 0x811c9dc5;
    for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
    let slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    for (let known = this.#slots[slot] ?? -1; known !== -1; known = this.#slots[slot] ?? -1) {
      if (this.#is(known, bytes, start, end)) return this.#codes[known] ?? 0;
      slot = (slot + 1) & (SLOTS - 1);
    }
    const code = this.#names.codeOf(bytes.toString("utf8", start, end));
    const from = this.#ends[this.#count] ?? 0;
    if (this.#count === WORDS || from + end - start > ALL_BYTES) return code;
    this.#bytes.set(bytes.subarray(start, end), from);
    this.#slots[slot] = this.#count;
    this.#codes[this.#count] = code;
    this.#count += 1;
    this.#ends[this.#count] = from + end - start;
    return code;
  }

  #is(word: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.#ends[word] ?? 0;
    const length = end - start;
    if ((this.#ends[word + 1] ?? 0) - from !== length) return false;
    const all = this.#bytes;
    for (let at = 0; at < length; at += 1) if (all[from + at] !== bytes[start + at]) return false;
    return true;
  }

  /** Of `first/second`. */
  codeOfPair(first: number, second: number): number {
    const key = first * 4_294_967_296 + second;
    const known = this.#pairs.get(key);
    if (known !== undefined) return known;
    const code = this.#names.codeOf(`${this.#names.list[first] ?? ""}/${this.#names.list[second] ?? ""}`);
    this.#pairs.set(key, code);
    return code;
  }
}
