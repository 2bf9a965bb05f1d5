import { add, find, type HashTable, newHashTable } from "../capture/hash-table.ts";

/** A line of a long log as its bytes, and how many lines that tell the same it stands for, itself among them. */
export interface KeptLine {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly stands: number;
}

export interface Thinned {
  /** In order. */
  readonly lines: readonly KeptLine[];
  readonly total: number;
  /** Lines that tell something new beyond the limit. */
  readonly leftOut: number;
}

/** Of distinct kinds of lines; each takes two lines and a few numbers. */
const MOST_KINDS = 100_000;
/** What may say how the others are to be read. */
const HEAD_LINES = 50;
const LONGEST_LINE = 65_536;
const MOST_HELD = 8;
/** Longer numbers behind an address are ports of clients, which differ from one connection to the next. */
const SERVER_PORTS = 10_000;

const [LINE_END, SPACE, DOT, ZERO, COLON, EQUALS, OPEN, CLOSE, SLASH, DASH, HASH] = [
  10, 32, 46, 48, 58, 61, 91, 93, 47, 45, 35,
];

/** What a byte may begin. An address has a digit or a colon, if with letters before it. */
const [NOTHING, DIGIT, BRACKET, END] = [0, 1, 2, 3];
const MEANS = new Uint8Array(256);
for (const digit of "0123456789") MEANS[digit.charCodeAt(0)] = DIGIT;
MEANS[COLON] = DIGIT;
MEANS[OPEN] = BRACKET;
MEANS[LINE_END] = END;

/** What addresses are written with, masked ones too. */
const IN_ADDRESS = new Uint8Array(256);
for (const letter of "0123456789abcdefABCDEFxX*.:") IN_ADDRESS[letter.charCodeAt(0)] = 1;

/** What is kept of a kind: lines so far, the number of the last, and where it stands in which held piece plus one. */
const Word = { count: 0, last: 1, start: 2, end: 3, piece: 4 } as const;
const WORDS = 8;

/**
 * Of the lines of a mail, ssh or web log keeps the first and the last of those that tell the same: the same addresses and
 * server ports in the same order, behind the same words, written by the same service of the same host. What tells of
 * another source, destination or port is another kind of line, so none of those is ever left out for the sake of speed.
 */
export class Thinner {
  readonly #kinds: HashTable = newHashTable();
  readonly #firsts: Uint8Array[] = [];
  readonly #firstNumbers: number[] = [];
  readonly #lasts: (Uint8Array | undefined)[] = [];
  /** Eight words a kind, in one place since each line looks at one: see `Word`. */
  readonly #state = new Int32Array(MOST_KINDS * WORDS);
  /** Pieces that lines are still to be copied from; their memory is used again. */
  readonly #held: Uint8Array[] = [];
  #pieces = 0;
  #heldFrom = 0;
  readonly #head: KeptLine[] = [];
  #carry: Uint8Array = new Uint8Array();
  #lines = 0;
  #leftOut = 0;
  readonly #key: Key = { first: 0, second: 0, words: 0 };

  push(chunk: Uint8Array): void {
    let from = 0;
    if (this.#carry.length > 0) {
      const end = chunk.indexOf(LINE_END);
      const line = joined(this.#carry, chunk.subarray(0, end < 0 ? chunk.length : end + 1));
      if (end < 0) {
        this.#carry = line.length > LONGEST_LINE ? line.slice(0, LONGEST_LINE) : line;
        return;
      }
      this.#read(line, 0, line.length);
      from = end + 1;
    }
    const whole = chunk.lastIndexOf(LINE_END) + 1;
    if (whole > from) this.#read(chunk, from, whole);
    this.#carry = chunk.slice(Math.max(whole, from), Math.max(whole, from) + LONGEST_LINE);
  }

  end(): Thinned {
    if (this.#carry.length > 0) this.#read(joined(this.#carry, new Uint8Array([LINE_END])), 0, this.#carry.length + 1);
    this.#release();
    const lines = [...this.#head];
    for (let kind = 0; kind < this.#kinds.size; kind += 1) {
      const [first, last] = [this.#firsts[kind], this.#lasts[kind]];
      const count = this.#state[kind * WORDS + Word.count] ?? 1;
      if (first !== undefined)
        lines.push({
          number: this.#firstNumbers[kind] ?? 0,
          bytes: first,
          stands: last === undefined ? count : count - 1,
        });
      if (last !== undefined)
        lines.push({ number: (this.#state[kind * WORDS + Word.last] ?? 0) >>> 0, bytes: last, stands: 1 });
    }
    return { lines: lines.sort((a, b) => a.number - b.number), total: this.#lines, leftOut: this.#leftOut };
  }

  /** Whole lines. Each byte is looked at once; the rest is done once an address. */
  #read(bytes: Uint8Array, from: number, to: number): void {
    const key = this.#key;
    let lineStart = from;
    let bracket = -1;
    key.first = 0;
    key.second = 0;
    this.#heldFrom = from;
    for (let at = from; at < to; at += 1) {
      const byte = bytes[at] ?? 0;
      const means = MEANS[byte];
      if (means === NOTHING) continue;
      if (means === DIGIT) {
        // Letters and dots before it were passed over: `fdab::cafe:1` has its first digit last.
        const start = beginOf(bytes, lineStart, at);
        let dots = 0;
        let colons = 0;
        if (start < at) {
          for (let before = start; before < at; before += 1) {
            if (bytes[before] === DOT) dots += 1;
            else if (bytes[before] === COLON) colons += 1;
          }
        }
        for (let next = byte; IN_ADDRESS[next] === 1 && at < to; next = bytes[at] ?? 0) {
          if (next === DOT) dots += 1;
          else if (next === COLON) colons += 1;
          at += 1;
        }
        if (dots >= 3 || colons >= 2) addAddress(key, bytes, lineStart, start, at, dots, colons);
        at -= 1;
      } else if (means === BRACKET) {
        if (bracket < 0) bracket = at;
      } else {
        this.#endLine(bytes, lineStart, at, bracket);
        lineStart = at + 1;
        bracket = -1;
        key.first = 0;
        key.second = 0;
      }
    }
    this.#hold(bytes, from, to);
  }

  #endLine(bytes: Uint8Array, start: number, end: number, bracket: number): void {
    const { first, second, words } = this.#key;
    this.#lines += 1;
    if (first === 0) {
      if (this.#head.length < HEAD_LINES && (this.#lines <= HEAD_LINES || bytes[start] === HASH))
        this.#head.push({ number: this.#lines, bytes: bytes.slice(start, end), stands: 1 });
      return;
    }
    const tag = bracket < 0 ? 0 : hostAndService(bytes, start, bracket);
    const known = find(this.#kinds, first, second, words, tag);
    if (known < 0) {
      this.#addKind(bytes, start, end, tag);
      return;
    }
    const state = this.#state;
    const at = known * WORDS;
    state[at + Word.count] = (state[at + Word.count] ?? 0) + 1;
    state[at + Word.last] = this.#lines;
    state[at + Word.start] = start - this.#heldFrom;
    state[at + Word.end] = end - this.#heldFrom;
    state[at + Word.piece] = this.#pieces + 1;
  }

  #addKind(bytes: Uint8Array, start: number, end: number, tag: number): void {
    if (this.#kinds.size >= MOST_KINDS) {
      this.#leftOut += 1;
      return;
    }
    const kind = add(this.#kinds, this.#key.first, this.#key.second, this.#key.words, tag);
    this.#firsts.push(bytes.slice(start, end));
    this.#firstNumbers.push(this.#lines);
    this.#lasts.push(undefined);
    this.#state[kind * WORDS + Word.count] = 1;
  }

  /** The memory of a piece is used again, so it is copied; its lines one by one only when several pieces are held. */
  #hold(bytes: Uint8Array, from: number, to: number): void {
    let memory = this.#held[this.#pieces];
    if (memory === undefined || memory.length < to - from) memory = new Uint8Array(to - from);
    memory.set(bytes.subarray(from, to));
    this.#held[this.#pieces] = memory;
    this.#pieces += 1;
    if (this.#pieces === MOST_HELD) this.#release();
  }

  #release(): void {
    const state = this.#state;
    for (let kind = 0; kind < this.#kinds.size; kind += 1) {
      const at = kind * WORDS;
      const piece = this.#held[(state[at + Word.piece] ?? 0) - 1];
      if (piece !== undefined) this.#lasts[kind] = piece.slice(state[at + Word.start], state[at + Word.end]);
      state[at + Word.piece] = 0;
    }
    this.#pieces = 0;
  }
}

/** What a line tells, as numbers: its addresses and server ports (`first` is never 0 where there are any), and the words. */
interface Key {
  first: number;
  second: number;
  words: number;
}

function addAddress(
  key: Key,
  bytes: Uint8Array,
  lineStart: number,
  start: number,
  end: number,
  dots: number,
  colons: number,
): void {
  // `::ffff:192.0.2.1` has both dots and colons, and is one of IPv6 here.
  const isV4 = dots >= 3 && colons < 2;
  if (isV4 ? !startsV4(bytes, lineStart, start) : !isV6(bytes, start, end, colons)) return;
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

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

/** `fe80::1` begins before its first digit, and so does `::ffff:192.0.2.1`. */
function beginOf(bytes: Uint8Array, lineStart: number, start: number): number {
  let at = start;
  while (at > lineStart && IN_ADDRESS[bytes[at - 1] ?? 0] === 1) at -= 1;
  return at;
}

/** Not the number of a version (`Chrome/120.0.0.0`), nor the end of a word. */
function startsV4(bytes: Uint8Array, lineStart: number, start: number): boolean {
  const before = start > lineStart ? (bytes[start - 1] ?? 0) : SPACE;
  return before !== SLASH && before !== DASH && !isLetter(before);
}

/** Times have two colons and MAC addresses five; an address has `::` or seven. */
function isV6(bytes: Uint8Array, start: number, end: number, colons: number): boolean {
  if (colons >= 7) return true;
  for (let at = start + 1; at < end; at += 1) if (bytes[at] === COLON && bytes[at - 1] === COLON) return true;
  return false;
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
  let hash = 1;
  let at = start - 1;
  while (at >= lineStart && bytes[at] !== SPACE && bytes[at] !== EQUALS) at -= 1;
  for (let words = bytes[at] === EQUALS ? 1 : 2; words > 0 && at > lineStart; words -= 1) {
    at -= 1;
    for (; at >= lineStart && bytes[at] !== SPACE; at -= 1) {
      const byte = bytes[at] ?? 0;
      if (isLetter(byte)) hash = Math.imul(hash ^ byte, 0x01000193);
      // An id of a message, a session or a process is no word.
      else if (isDigit(byte)) return hash;
    }
  }
  return hash;
}

/** `HOST SERVICE[`: the two words before the first bracket. */
function hostAndService(bytes: Uint8Array, lineStart: number, bracket: number): number {
  let hash = 1;
  let words = 0;
  for (let at = bracket - 1; at >= lineStart && words < 2; at -= 1) {
    const byte = bytes[at] ?? 0;
    if (byte === SPACE) words += 1;
    else hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash;
}
