import { fourOf, type LineBytes } from "./line-bytes.ts";

/** What a line tells, as numbers: its addresses and server ports (`first` is never 0 where there are any), and the words. */
export interface Key {
  first: number;
  second: number;
  words: number;
  /** Where the first address begins. */
  from: number;
}

/** Longer numbers behind an address are ports of clients, which differ from one connection to the next. */
const SERVER_PORTS = 10_000;

const [SPACE, ZERO, COLON, EQUALS, CLOSE, SLASH, DASH] = [32, 48, 58, 61, 93, 47, 45];

/** What addresses are written with, masked ones too. */
export const WRITTEN_WITH = "0123456789abcdefABCDEFxX*.:";

/** Of each byte: 0, it is in no address; a bit says that it is, and one more that it is a dot or a colon. */
const IN_ADDRESS = new Uint8Array(256);
const [IS_DOT, IS_COLON] = [2, 4];
for (const letter of WRITTEN_WITH)
  IN_ADDRESS[letter.charCodeAt(0)] = 1 | (letter === "." ? IS_DOT : letter === ":" ? IS_COLON : 0);

/**
 * Adds to the key the word of such letters that stands around the byte `near` or begins behind it, if it is an address.
 *
 * @returns behind its last letter
 */
export function addWord(key: Key, line: LineBytes, lineStart: number, near: number): number {
  const [bytes, table] = [line.bytes, IN_ADDRESS];
  let start = table[bytes[near] ?? 0] === 0 ? near + 1 : near;
  while (start > lineStart && table[bytes[start - 1] ?? 0] !== 0) start -= 1;
  let [dots, colons, doubled] = [0, 0, 0];
  let end = start;
  for (let is = table[bytes[end] ?? 0] ?? 0, was = 0; is !== 0; is = table[bytes[end] ?? 0] ?? 0) {
    dots += is & IS_DOT;
    colons += is & IS_COLON;
    doubled |= is & was & IS_COLON;
    was = is;
    end += 1;
  }
  // `::ffff:192.0.2.1` has both dots and colons, and is one of IPv6 here. Times have two colons and MAC addresses five.
  if (dots >= 3 * IS_DOT && colons < 2 * IS_COLON) {
    if (startsV4(bytes, lineStart, start))
      addAddress(key, line, lineStart, start, colons === 0 ? end : colonIn(bytes, start));
  } else if (doubled !== 0 || colons >= 7 * IS_COLON) addAddress(key, line, lineStart, start, end);
  return end;
}

function addAddress(key: Key, line: LineBytes, lineStart: number, start: number, end: number): void {
  if (key.first === 0) {
    key.from = start;
    key.words = wordsBefore(line, lineStart, start);
  }
  const port = portAfter(line.bytes, end) + 1;
  let first = Math.imul(key.first ^ port, 0x01000193);
  let second = Math.imul(key.second + port, 0x85ebca6b) ^ (end - start);
  for (let at = start; at < end; at += 4) {
    const four = fourOf(line.view, at, end);
    first = Math.imul(first ^ four, 0x01000193);
    first ^= first >>> 15;
    second = Math.imul(second + four, 0x5bd1e995);
    second ^= second >>> 13;
  }
  key.second = second;
  key.first = first === 0 ? 1 : first;
}

function colonIn(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] !== COLON) at += 1;
  return at;
}

/** Not the number of a version (`Chrome/120.0.0.0`), nor the end of a word. */
function startsV4(bytes: Uint8Array, lineStart: number, start: number): boolean {
  const before = start > lineStart ? (bytes[start - 1] ?? 0) : SPACE;
  return before !== SLASH && before !== DASH && !isLetter(before);
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte < COLON;
const isLetter = (byte: number): boolean => (byte | 32) >= 97 && (byte | 32) <= 122;

/** `1.2.3.4:25` and `[1.2.3.4]:25`; 0: none, or a client's. */
function portAfter(bytes: Uint8Array, end: number): number {
  let at = bytes[end] === CLOSE ? end + 1 : end;
  if (bytes[at] !== COLON) return 0;
  let port = 0;
  for (at += 1; isDigit(bytes[at] ?? 0) && port < SERVER_PORTS; at += 1) port = port * 10 + (bytes[at] ?? 0) - ZERO;
  return port < SERVER_PORTS ? port : 0;
}

/** `connect from NAME[` → connect, from · `client=NAME[` → client: what the line says of the address. */
function wordsBefore(line: LineBytes, lineStart: number, start: number): number {
  const { bytes } = line;
  let at = nameBefore(line, lineStart, start);
  let hash = 1;
  for (let words = bytes[at] === EQUALS ? 1 : 2; words > 0 && at > lineStart; words -= 1) {
    let word = hash;
    let byte = bytes[at - 1] ?? 0;
    for (at -= 1; at >= lineStart && byte !== SPACE; byte = bytes[at] ?? 0) {
      // An id of a message, a session or a process is no word.
      if (isDigit(byte)) return hash;
      word = Math.imul(word ^ byte, 0x01000193);
      at -= 1;
    }
    hash = word;
  }
  return hash;
}

/** Where the space or the sign stands that the name before an address begins behind. */
function nameBefore({ bytes, view }: LineBytes, lineStart: number, start: number): number {
  let at = start - 1;
  while (at - 3 >= lineStart) {
    const four = view.getInt32(at - 3, true);
    if ((zeroIn(four ^ SPACES) | zeroIn(four ^ ALL_EQUALS)) !== 0) break;
    at -= 4;
  }
  while (at >= lineStart && bytes[at] !== SPACE && bytes[at] !== EQUALS) at -= 1;
  return at;
}

const [SPACES, ALL_EQUALS] = [0x20202020, 0x3d3d3d3d];

/** Not 0 where one of the four bytes is. */
const zeroIn = (four: number): number => (four - 0x01010101) & ~four & 0x80808080;
