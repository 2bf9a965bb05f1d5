import { Heads } from "./heads.ts";
import { type KeptLine, Kinds } from "./kinds.ts";
import { type LineBytes, lineBytesOf } from "./line-bytes.ts";
import { addWord, type Key } from "./line-key.ts";
import { MOST_MARKED, nextMark } from "./mark-bytes.ts";
import { newPairs, nextPair, Pair } from "./pairs.ts";

export interface Thinned {
  /** In order. */
  readonly lines: readonly KeptLine[];
  /** Those among them that show the mark of a hello. */
  readonly marked: readonly KeptLine[];
  readonly total: number;
  /** Lines that tell something new beyond the limit. */
  readonly leftOut: number;
}

/** What may say how the others are to be read. */
const HEAD_LINES = 50;
const WINDOW_BYTES = 16_000_000;
/** Of what is kept. The system gives memory only where something is written. */
const STORE_BYTES = 40_000_000;
const LONGEST_LINE = 65_536;

const [LINE_END, SPACE, HASH] = [10, 32, 35];

/**
 * Of the lines of a mail, ssh or web log keeps the first and the last of those that tell the same: the same addresses and
 * server ports in the same order, behind the same words, written by the same service of the same host. What tells of
 * another source, destination or port is another kind of line, so none of those is ever left out for the sake of speed;
 * nor is one with the mark of a hello.
 */
export class Thinner {
  /** First the window, which pieces are copied to and read in; behind it the store of what is kept. */
  readonly #memory: Uint8Array;
  readonly #bytes: LineBytes;
  readonly #windowBytes: number;
  readonly #kinds: Kinds;
  readonly #heads: Heads;
  readonly #pairs = newPairs();
  readonly #head: KeptLine[] = [];
  readonly #marked: KeptLine[] = [];
  readonly #key: Key = { first: 0, second: 0, words: 0, from: 0 };
  #filled = 0;
  /** How far the window may be filled now: its first half, or the whole. */
  #room: number;
  /** Where the first line of the window begins that was not read. */
  #unread = 0;
  /** The rest of a line that is far too long is passed over. */
  #isPassing = false;
  /** Where the next mark stands in the window; -1: nowhere. */
  #mark = -1;
  #lines = 0;
  #leftOut = 0;

  constructor(windowBytes = WINDOW_BYTES) {
    const memory = new Uint8Array(windowBytes + STORE_BYTES);
    this.#memory = memory;
    this.#bytes = lineBytesOf(memory);
    this.#heads = new Heads(this.#bytes);
    this.#windowBytes = windowBytes;
    this.#room = windowBytes >> 1;
    this.#kinds = new Kinds(memory, windowBytes);
  }

  push(chunk: Uint8Array): void {
    for (let at = this.#passed(chunk); at < chunk.length; ) {
      const taken = Math.min(chunk.length - at, this.#room - this.#filled);
      this.#memory.set(chunk.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      this.#read();
      if (this.#filled === this.#room) this.#makeRoom();
      if (this.#isPassing) at += this.#passed(chunk.subarray(at));
    }
  }

  end(): Thinned {
    if (this.#filled > this.#unread) this.#closeLine();
    this.#kinds.storeLasts(0, this.#windowBytes);
    const lines = [...this.#head, ...this.#marked, ...this.#kinds.lines()];
    return {
      lines: lines.sort((a, b) => a.number - b.number),
      marked: this.#marked,
      total: this.#lines,
      leftOut: this.#leftOut + this.#kinds.leftOut,
    };
  }

  /** @returns how many bytes belong to a line whose beginning was read already */
  #passed(chunk: Uint8Array): number {
    if (!this.#isPassing) return 0;
    const end = chunk.indexOf(LINE_END);
    this.#isPassing = end < 0;
    return end < 0 ? chunk.length : end + 1;
  }

  /** The lines that are whole. Four bytes are looked at in one; the rest is done once an address. */
  #read(): void {
    const memory = this.#memory;
    const end = memory.lastIndexOf(LINE_END, this.#filled - 1) + 1;
    let lineStart = this.#unread;
    if (end <= lineStart) return;
    this.#mark = nextMark(this.#bytes, lineStart, end);
    while (lineStart < end) {
      const lineEnd = this.#addressesUntilEnd(lineStart, this.#heads.skip(lineStart));
      this.#endLine(lineStart, lineEnd);
      lineStart = lineEnd + 1;
    }
    this.#unread = end;
  }

  /** @returns where the line ends */
  #addressesUntilEnd(lineStart: number, from: number): number {
    const [line, pairs, key] = [this.#bytes, this.#pairs, this.#key];
    for (let at = from; ; ) {
      at = nextPair(pairs, line.view, at);
      // A pair with a line end in it has that meaning, whatever its other byte is.
      if (pairs[line.view.getUint16(at, true)] === Pair.address) at = addWord(key, line, lineStart, at);
      else return line.bytes[at] === LINE_END ? at : at + 1;
    }
  }

  #endLine(start: number, end: number): void {
    const key = this.#key;
    this.#lines += 1;
    if (this.#mark >= 0 && this.#mark < end) {
      this.#mark = nextMark(this.#bytes, end, this.#filled);
      this.#keepMarked(start, end);
    } else if (key.first !== 0)
      this.#kinds.count(key, this.#heads.hostAndService(start, end, key.from), this.#lines, start, end);
    else if (this.#head.length < HEAD_LINES && (this.#lines <= HEAD_LINES || this.#memory[start] === HASH))
      this.#head.push(this.#kept(start, end));
    key.first = 0;
    key.second = 0;
  }

  #keepMarked(start: number, end: number): void {
    if (this.#marked.length === MOST_MARKED) this.#leftOut += 1;
    else this.#marked.push(this.#kept(start, end));
  }

  #kept(start: number, end: number): KeptLine {
    return { number: this.#lines, bytes: this.#memory.slice(start, end), stands: 1 };
  }

  /** Of most kinds another line has come by the time that one half of the window is needed again. */
  #makeRoom(): void {
    const [half, whole] = [this.#windowBytes >> 1, this.#windowBytes];
    const isHalf = this.#room === half;
    this.#kinds.storeLasts(isHalf ? half : 0, isHalf ? whole : half);
    this.#room = isHalf ? whole : half;
    if (!isHalf) this.#startAgain();
  }

  /** What is left of the window afterwards is a line that has only begun. */
  #startAgain(): void {
    let left = this.#filled - this.#unread;
    const longest = Math.min(LONGEST_LINE, this.#windowBytes >> 2);
    if (left > longest) {
      // An address that is cut would be another one.
      const cut = this.#memory.lastIndexOf(SPACE, this.#unread + longest);
      left = Math.max(cut - this.#unread, 0);
      this.#isPassing = true;
    }
    this.#memory.copyWithin(0, this.#unread, this.#unread + left);
    this.#filled = left;
    this.#unread = 0;
    if (this.#isPassing) this.#closeLine();
  }

  /** Ends the line that the window ends in. */
  #closeLine(): void {
    this.#memory[this.#filled] = LINE_END;
    this.#filled += 1;
    this.#read();
  }
}
