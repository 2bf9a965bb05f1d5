import type { Texts } from "./runtime.ts";

/** The header of one member, as its fields say. */
export interface TarHeader {
  readonly path: string;
  readonly sizeBytes: number;
  /** One letter: `0` a file, `x` what pax says of the next one. */
  readonly type: string;
}

/** What a pax header or a long name says of the member after it. */
export interface Said {
  readonly path?: string;
  readonly sizeBytes?: number;
}

const CHECKSUM = { at: 148, bytes: 8 };
const SPACE = 32;
const DIGIT_0 = 48;
const DIGIT_7 = 55;
/** The first bit of a number that is not octal. */
const BASE_256 = 0x80;

/**
 * A block of 512 bytes; null: its checksum is another, or a number is none.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html ustar Interchange Format
 */
export function readTarHeader(block: Uint8Array, texts: Texts): TarHeader | null {
  const sizeBytes = numberOf(block.subarray(124, 136));
  if (sizeBytes === null || !hasItsChecksum(block)) return null;
  const word = (at: number, length: number): string => wordOf(block.subarray(at, at + length), texts);
  const name = word(0, 100);
  // GNU has the same sign with a space behind it, and times where the prefix would be.
  const prefix = word(257, 6) === "ustar" ? word(345, 155) : "";
  return {
    path: prefix === "" ? name : `${prefix}/${name}`,
    sizeBytes,
    type: String.fromCharCode(block[156] ?? 0).replace("\0", "0"),
  };
}

export function wordOf(bytes: Uint8Array, texts: Texts): string {
  const end = bytes.indexOf(0);
  return texts.loosely("utf-8", end < 0 ? bytes : bytes.subarray(0, end));
}

/** The sum of all bytes, the checksum's own as spaces; some programs added them up as signed. */
function hasItsChecksum(block: Uint8Array): boolean {
  const written = numberOf(block.subarray(CHECKSUM.at, CHECKSUM.at + CHECKSUM.bytes));
  let unsigned = CHECKSUM.bytes * SPACE;
  let signed = unsigned;
  for (const [index, byte] of block.entries()) {
    if (index >= CHECKSUM.at && index < CHECKSUM.at + CHECKSUM.bytes) continue;
    unsigned += byte;
    signed += byte < BASE_256 ? byte : byte - 256;
  }
  return written === unsigned || written === signed;
}

/** Octal digits with spaces or a zero around them, or, of what is too large for that, bytes. Empty is 0. */
function numberOf(field: Uint8Array): number | null {
  const [first = 0] = field;
  if (first === BASE_256) {
    const value = field.subarray(1).reduce((sum, byte) => sum * 256 + byte, 0);
    return Number.isSafeInteger(value) ? value : null;
  }
  let value = 0;
  let isOver = false;
  for (const byte of field) {
    const isBlank = byte === 0 || byte === SPACE;
    if (!isBlank && (isOver || byte < DIGIT_0 || byte > DIGIT_7)) return null;
    if (isBlank) isOver ||= value > 0;
    else value = value * 8 + byte - DIGIT_0;
  }
  return value;
}

const LINE_END = 10;
const EQUALS = 61;

/** Records of `LENGTH KEY=VALUE`, their length in bytes with the end of the line; null: they are not. */
export function readPax(bytes: Uint8Array, texts: Texts): Said | null {
  let said: Said = {};
  for (let at = 0; at < bytes.length && bytes[at] !== 0; ) {
    const space = bytes.indexOf(SPACE, at);
    const length = Number(wordOf(bytes.subarray(at, space), texts));
    const equals = bytes.indexOf(EQUALS, space);
    const end = at + length - 1;
    if (space < 0 || !Number.isInteger(length) || equals < 0 || equals > end || bytes[end] !== LINE_END) return null;
    const key = wordOf(bytes.subarray(space + 1, equals), texts);
    const value = wordOf(bytes.subarray(equals + 1, end), texts);
    if (key === "path") said = { ...said, path: value };
    if (key === "size" && /^\d{1,15}$/.test(value)) said = { ...said, sizeBytes: Number(value) };
    at = end + 1;
  }
  return said;
}
