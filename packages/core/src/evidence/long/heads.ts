import { fourOf, hashOf, type LineBytes, lineBytesOf } from "./line-bytes.ts";

/** Heads that are known at a time: a server writes with a handful of services. */
const HEADS = 8;
const LONGEST = 128;

/** Of a head that is known: how far it is to its bracket and to its host, and the tag. */
const Known = { bracket: 0, host: 1, tag: 2 } as const;
const KNOWN_WORDS = 3;

const [SPACE, OPEN] = [32, 91];

/**
 * `TIME HOST SERVICE[`, which most lines of a log begin with: where a line has a head that was seen before but for digits
 * of the time, it need not be looked through once more. No address stands in one that is known.
 */
export class Heads {
  readonly #line: LineBytes;
  readonly #known = new Int32Array(HEADS * KNOWN_WORDS);
  readonly #heads = lineBytesOf(new Uint8Array(HEADS * LONGEST + 4));
  #count = 0;
  #next = 0;
  #tag = 0;

  constructor(line: LineBytes) {
    this.#line = line;
  }

  /** @returns where the line has to be looked at from: behind its head if that is known, else from its start */
  skip(lineStart: number): number {
    const [{ bytes }, known, end] = [this.#line, this.#known, this.#count * KNOWN_WORDS];
    this.#tag = 0;
    for (let at = 0, head = 0; at < end; at += KNOWN_WORDS, head += LONGEST) {
      const bracket = known[at] ?? 0;
      if (bytes[lineStart + bracket] !== OPEN || !this.#isLike(head, lineStart, known[at + Known.host] ?? 0, bracket))
        continue;
      this.#tag = known[at + Known.tag] ?? 0;
      return lineStart + bracket;
    }
    return lineStart;
  }

  /**
   * `HOST SERVICE[`: the two words before the first bracket as a number; 0 where there is none.
   *
   * @param lineStart of the line that was skipped to last
   * @param address where its first begins
   */
  hostAndService(lineStart: number, lineEnd: number, address: number): number {
    if (this.#tag !== 0) return this.#tag;
    const { bytes } = this.#line;
    let bracket = lineStart;
    while (bracket < lineEnd && bytes[bracket] !== OPEN) bracket += 1;
    if (bracket === lineEnd) return 0;
    let host = bracket;
    for (let spaces = 0; host > lineStart; host -= 1) {
      if (bytes[host - 1] === SPACE) spaces += 1;
      if (spaces === 2) break;
    }
    const tag = hashOf(this.#line, host, bracket, 1);
    // Brackets that stand alone are those of addresses.
    if (bracket < address && bracket - lineStart < LONGEST && bytes[bracket - 1] !== SPACE)
      this.#learn(lineStart, bracket, host, tag);
    return tag;
  }

  #learn(lineStart: number, bracket: number, host: number, tag: number): void {
    const [one, known] = [this.#next, this.#known];
    this.#heads.bytes.set(this.#line.bytes.subarray(lineStart, bracket), one * LONGEST);
    known[one * KNOWN_WORDS] = bracket - lineStart;
    known[one * KNOWN_WORDS + Known.host] = host - lineStart;
    known[one * KNOWN_WORDS + Known.tag] = tag;
    this.#next = (one + 1) % HEADS;
    this.#count = Math.max(this.#count, one + 1);
  }

  /** All alike, but for the digits that stand before the host. */
  #isLike(head: number, lineStart: number, host: number, bracket: number): boolean {
    const [{ view }, heads] = [this.#line, this.#heads.view];
    for (let at = 0; at < host; at += 4) {
      const one = fourOf(view, lineStart + at, lineStart + host);
      const other = fourOf(heads, head + at, head + host);
      if (one !== other && !differInDigits(one, other)) return false;
    }
    for (let at = host; at < bracket; at += 4)
      if (fourOf(view, lineStart + at, lineStart + bracket) !== fourOf(heads, head + at, head + bracket)) return false;
    return true;
  }
}

const HIGH = 0x80808080 | 0;

/** Of each byte its highest bit: it is a digit. */
const digitsOf = (four: number): number => ((four | HIGH) - 0x30303030) & ~((four | HIGH) - 0x3a3a3a3a) & ~four & HIGH;

/** Whether the bytes that differ are digits in both. */
function differInDigits(one: number, other: number): boolean {
  const differ = one ^ other;
  const differing = (((differ & ~HIGH) + 0x7f7f7f7f) | differ) & HIGH;
  return (differing & ~(digitsOf(one) & digitsOf(other))) === 0;
}
