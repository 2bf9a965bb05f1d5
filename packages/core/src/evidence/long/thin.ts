import { type KeptLine, Kinds } from "./kinds.ts";
import { addWord, hostAndService, type Key } from "./line-key.ts";
import { MOST_MARKED, nextMark } from "./mark-bytes.ts";
import { newPairs, Pair } from "./pairs.ts";

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
/** Even: it is read in pairs. */
const WINDOW_BYTES = 8_000_000;
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
  readonly #inPairs: Uint16Array;
  readonly #windowBytes: number;
  readonly #kinds: Kinds;
  readonly #pairs = newPairs();
  readonly #head: KeptLine[] = [];
  readonly #marked: KeptLine[] = [];
  readonly #key: Key = { first: 0, second: 0, words: 0 };
  #filled = 0;
  /** Where the first line of the window begins that was not read. */
  #unread = 0;
  /** The rest of a line that is far too long is passed over. */
  #isPassing = false;
  /** Where the next mark stands in the window; -1: nowhere. */
  #mark = -1;
  #lines = 0;
  #leftOut = 0;

  /** @param windowBytes even */
  constructor(windowBytes = WINDOW_BYTES) {
    const memory = new Uint8Array(windowBytes + STORE_BYTES);
    this.#memory = memory;
    this.#inPairs = new Uint16Array(memory.buffer, 0, windowBytes / 2);
    this.#windowBytes = windowBytes;
    this.#kinds = new Kinds(memory, windowBytes);
  }

  push(chunk: Uint8Array): void {
    for (let at = this.#passed(chunk); at < chunk.length; ) {
      const taken = Math.min(chunk.length - at, this.#windowBytes - this.#filled);
      this.#memory.set(chunk.subarray(at, at + taken), this.#filled);
      this.#filled += taken;
      at += taken;
      this.#read();
      if (this.#filled === this.#windowBytes) this.#clearWindow();
      if (this.#isPassing) at += this.#passed(chunk.subarray(at));
    }
  }

  end(): Thinned {
    if (this.#filled > this.#unread) this.#closeLine();
    this.#kinds.storeLasts();
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

  /** The lines that are whole. Two bytes are looked at in one; the rest is done once an address. */
  #read(): void {
    const [memory, inPairs, pairs, key] = [this.#memory, this.#inPairs, this.#pairs, this.#key];
    const end = memory.lastIndexOf(LINE_END, this.#filled - 1) + 1;
    let lineStart = this.#unread;
    if (end <= lineStart) return;
    this.#mark = nextMark(memory, lineStart, end);
    let at = (lineStart + 1) >> 1;
    const last = (end + 1) >> 1;
    while (at < last) {
      const means = pairs[inPairs[at] ?? 0];
      if (means === Pair.nothing) at += 1;
      else if (means === Pair.address) {
        const behind = addWord(key, memory, lineStart, at * 2);
        // The end of a line in the same pair is still to be seen; any other byte behind the word is not.
        at = memory[behind] === LINE_END ? behind >> 1 : (behind + 1) >> 1;
      } else {
        if (memory[at * 2] === LINE_END) {
          this.#endLine(lineStart, at * 2);
          lineStart = at * 2 + 1;
        }
        if (memory[at * 2 + 1] === LINE_END && at * 2 + 1 < end) {
          this.#endLine(lineStart, at * 2 + 1);
          lineStart = at * 2 + 2;
        }
        at += 1;
      }
    }
    this.#unread = end;
  }

  #endLine(start: number, end: number): void {
    const key = this.#key;
    this.#lines += 1;
    if (this.#mark >= 0 && this.#mark < end) {
      this.#mark = nextMark(this.#memory, end, this.#filled);
      this.#keepMarked(start, end);
    } else if (key.first !== 0)
      this.#kinds.count(key, hostAndService(this.#memory, start, end), this.#lines, start, end);
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

  /** What is left of the window afterwards is a line that has only begun. */
  #clearWindow(): void {
    this.#kinds.storeLasts();
    let left = this.#filled - this.#unread;
    const longest = Math.min(LONGEST_LINE, this.#windowBytes >> 1);
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
