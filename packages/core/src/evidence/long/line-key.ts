/** What a line tells, as numbers: its addresses and server ports (`first` is never 0 where there are any), and the words. */
export interface Key {
  first: number;
  second: number;
  words: number;
}

/** Longer numbers behind an address are ports of clients, which differ from one connection to the next. */
const SERVER_PORTS = 10_000;

const [SPACE, DOT, ZERO, COLON, EQUALS, OPEN, CLOSE, SLASH, DASH] = [32, 46, 48, 58, 61, 91, 93, 47, 45];

/** What addresses are written with, masked ones too. */
export const WRITTEN_WITH = "0123456789abcdefABCDEFxX*.:";
const IN_ADDRESS = new Uint8Array(256);
for (const letter of WRITTEN_WITH) IN_ADDRESS[letter.charCodeAt(0)] = 1;

/**
 * Adds to the key the word of such letters that stands around the byte `near` or begins behind it, if it is an address.
 *
 * @returns behind its last letter
 */
export function addWord(key: Key, bytes: Uint8Array, lineStart: number, near: number): number {
  let start = IN_ADDRESS[bytes[near] ?? 0] === 1 ? near : near + 1;
  while (start > lineStart && IN_ADDRESS[bytes[start - 1] ?? 0] === 1) start -= 1;
  let dots = 0;
  let colons = 0;
  let end = start;
  for (let next = bytes[end] ?? 0; IN_ADDRESS[next] === 1; next = bytes[end] ?? 0) {
    if (next === DOT) dots += 1;
    else if (next === COLON) colons += 1;
    end += 1;
  }
  if (dots >= 3 || colons >= 2) addAddress(key, bytes, lineStart, start, end, dots >= 3 && colons < 2);
  return end;
}

/** @param isV4 `::ffff:192.0.2.1` has both dots and colons, and is one of IPv6 here */
function addAddress(key: Key, bytes: Uint8Array, lineStart: number, start: number, end: number, isV4: boolean): void {
  if (isV4 ? !startsV4(bytes, lineStart, start) : !isV6(bytes, start, end)) return;
  let a = key.first;
  let b = key.second;
  if (a === 0) key.words = wordsBefore(bytes, lineStart, start);
  let at = start;
  for (; at < end; at += 1) {
    const byte = bytes[at] ?? 0;
    if (isV4 && byte === COLON) break;
    a = Math.imul(a ^ byte, 0x01000193);
    b = Math.imul(b + byte, 0x5bd1e995) ^ (b >>> 15);
  }
  const port = portAfter(bytes, at) + 1;
  a = Math.imul(a ^ port, 0x01000193);
  key.second = Math.imul(b + port, 0x5bd1e995) ^ (b >>> 15);
  key.first = a === 0 ? 1 : a;
}

/** Not the number of a version (`Chrome/120.0.0.0`), nor the end of a word. */
function startsV4(bytes: Uint8Array, lineStart: number, start: number): boolean {
  const before = start > lineStart ? (bytes[start - 1] ?? 0) : SPACE;
  return before !== SLASH && before !== DASH && !isLetter(before);
}

/** Times have two colons and MAC addresses five; an address has `::` or seven. */
function isV6(bytes: Uint8Array, start: number, end: number): boolean {
  let colons = bytes[start] === COLON ? 1 : 0;
  for (let at = start + 1; at < end; at += 1) {
    if (bytes[at] !== COLON) continue;
    if (bytes[at - 1] === COLON) return true;
    colons += 1;
  }
  return colons >= 7;
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
function wordsBefore(bytes: Uint8Array, lineStart: number, start: number): number {
  let at = start - 1;
  while (at >= lineStart && !endsName(bytes[at] ?? 0)) at -= 1;
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

const endsName = (byte: number): boolean => byte === SPACE || byte === EQUALS;

/** `HOST SERVICE[`: the two words before the first bracket; 0 where there is none. */
export function hostAndService(bytes: Uint8Array, lineStart: number, end: number): number {
  let bracket = lineStart;
  while (bracket < end && bytes[bracket] !== OPEN) bracket += 1;
  if (bracket === end) return 0;
  let hash = 1;
  let words = 0;
  for (let at = bracket - 1; at >= lineStart && words < 2; at -= 1) {
    const byte = bytes[at] ?? 0;
    if (byte === SPACE) words += 1;
    else hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash;
}
