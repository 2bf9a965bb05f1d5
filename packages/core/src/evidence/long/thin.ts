import { add, find, type HashTable, newHashTable } from "../capture/hash-table.ts";
import { addWord, hostAndService, type Key } from "./line-key.ts";
import { nextMark } from "./mark-bytes.ts";
import { newPairs, Pair } from "./pairs.ts";

/** A line of a long log as its bytes, and how many lines that tell the same it stands for, itself among them. */
export interface KeptLine {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly stands: number;
}

export interface Thinned {
  /** In order. */
  readonly lines: readonly KeptLine[];
  /** Those among them that show the mark of a hello. */
  readonly marked: readonly KeptLine[];
  readonly total: number;
  /** Lines that tell something new beyond the limit. */
  readonly leftOut: number;
}

/** Of distinct kinds of lines; each takes two lines and a few numbers. */
const MOST_KINDS = 100_000;
const MOST_MARKED = 10_000;
/** What may say how the others are to be read. */
const HEAD_LINES = 50;
/** Even: it is read in pairs. */
const WINDOW_BYTES = 8_000_000;
/** Of what is kept. The system gives memory only where something is written. */
const STORE_BYTES = 40_000_000;
const LONGEST_LINE = 65_536;
/** How much longer the last line of a kind may be than the first before it needs another place. */
const SLACK_BYTES = 32;

const [LINE_END, SPACE, HASH] = [10, 32, 35];

/** What is looked at with each line of a kind: how many there were, the number of the last, and where it stands. */
const Last = { count: 0, number: 1, start: 2, end: 3 } as const;
const LAST_WORDS = 4;

/** What is looked at seldom: the first line, and the place in the store for the last. */
const First = { number: 0, start: 1, end: 2, slot: 3, slotBytes: 4 } as const;
const FIRST_WORDS = 5;

/**
 * Of the lines of a mail, ssh or web log keeps the first and the last of those that tell the same: the same addresses and
 * server ports in the same order, behind the same words, written by the same service of the same host. What tells of
 * another source, destination or port is another kind of line, so none of those is ever left out for the sake of speed;
 * nor is one with the mark of a hello.
 */
export class Thinner {
  readonly #kinds: HashTable = newHashTable();
  /** First the window, which pieces are copied to and read in; behind it the store of what is kept. */
  readonly #memory: Uint8Array;
  readonly #inPairs: Uint16Array;
  readonly #windowBytes: number;
  readonly #pairs = newPairs();
  readonly #lasts = new Int32Array(MOST_KINDS * LAST_WORDS);
  readonly #firsts = new Int32Array(MOST_KINDS * FIRST_WORDS);
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
  #stored: number;
  #lines = 0;
  #leftOut = 0;

  /** @param windowBytes even */
  constructor(windowBytes = WINDOW_BYTES) {
    const memory = new Uint8Array(windowBytes + STORE_BYTES);
    this.#memory = memory;
    this.#inPairs = new Uint16Array(memory.buffer, 0, windowBytes / 2);
    this.#windowBytes = windowBytes;
    this.#stored = windowBytes;
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
    if (this.#filled > this.#unread) {
      this.#closeLine();
    }
    this.#storeLasts();
    const lines = [...this.#head, ...this.#marked];
    for (let kind = 0; kind < this.#kinds.size; kind += 1) lines.push(...this.#linesOf(kind));
    return {
      lines: lines.sort((a, b) => a.number - b.number),
      marked: this.#marked,
      total: this.#lines,
      leftOut: this.#leftOut,
    };
  }

  #linesOf(kind: number): readonly KeptLine[] {
    const [firsts, lasts, first, last] = [this.#firsts, this.#lasts, kind * FIRST_WORDS, kind * LAST_WORDS];
    const count = (lasts[last + Last.count] ?? 0) >>> 0;
    const kept = (number = 0, start = 0, end = 0, stands = 1): KeptLine => ({
      number: number >>> 0,
      bytes: this.#memory.subarray(start, end),
      stands,
    });
    const one = kept(firsts[first], firsts[first + First.start], firsts[first + First.end], count - 1);
    // Without an end there was no room for the last one.
    if ((lasts[last + Last.end] ?? 0) === 0) return [{ ...one, stands: count }];
    return [one, kept(lasts[last + Last.number], lasts[last + Last.start], lasts[last + Last.end])];
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
    const { first, second, words } = this.#key;
    this.#key.first = 0;
    this.#key.second = 0;
    this.#lines += 1;
    if (this.#mark >= 0 && this.#mark < end) {
      this.#mark = nextMark(this.#memory, end, this.#filled);
      this.#keepMarked(start, end);
    } else if (first !== 0) this.#count(first, second, words, start, end);
    else if (this.#head.length < HEAD_LINES && (this.#lines <= HEAD_LINES || this.#memory[start] === HASH))
      this.#head.push({ number: this.#lines, bytes: this.#memory.slice(start, end), stands: 1 });
  }

  #keepMarked(start: number, end: number): void {
    if (this.#marked.length === MOST_MARKED) this.#leftOut += 1;
    else this.#marked.push({ number: this.#lines, bytes: this.#memory.slice(start, end), stands: 1 });
  }

  #count(first: number, second: number, words: number, start: number, end: number): void {
    const tag = hostAndService(this.#memory, start, end);
    const kind = find(this.#kinds, first, second, words, tag);
    if (kind < 0) {
      this.#addKind(first, second, words, tag, start, end);
      return;
    }
    const lasts = this.#lasts;
    const at = kind * LAST_WORDS;
    lasts[at + Last.count] = (lasts[at + Last.count] ?? 0) + 1;
    lasts[at + Last.number] = this.#lines;
    lasts[at + Last.start] = start;
    lasts[at + Last.end] = end;
  }

  #addKind(first: number, second: number, words: number, tag: number, start: number, end: number): void {
    const length = end - start;
    // Room for the first line and the last, which may be a little longer.
    const slotBytes = length + SLACK_BYTES;
    if (this.#kinds.size >= MOST_KINDS || !this.#hasRoom(length + slotBytes)) {
      this.#leftOut += 1;
      return;
    }
    const kind = add(this.#kinds, first, second, words, tag);
    this.#lasts[kind * LAST_WORDS] = 1;
    const stored = this.#store(start, end);
    this.#firsts.set([this.#lines, stored, stored + length, this.#stored, slotBytes], kind * FIRST_WORDS);
    this.#stored += slotBytes;
  }

  #hasRoom(bytes: number): boolean {
    return this.#stored + bytes <= this.#memory.length;
  }

  /** @returns where it stands from now on */
  #store(start: number, end: number): number {
    const at = this.#stored;
    this.#memory.copyWithin(at, start, end);
    this.#stored += end - start;
    return at;
  }

  /** What is left of the window afterwards is a line that has only begun. */
  #clearWindow(): void {
    this.#storeLasts();
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

  #storeLasts(): void {
    const lasts = this.#lasts;
    for (let kind = 0; kind < this.#kinds.size; kind += 1) {
      const at = kind * LAST_WORDS;
      const [start, end] = [lasts[at + Last.start] ?? 0, lasts[at + Last.end] ?? 0];
      if (start >= this.#windowBytes || end === 0) continue;
      const slot = this.#slotFor(kind * FIRST_WORDS, end - start);
      if (slot > 0) this.#memory.copyWithin(slot, start, end);
      lasts[at + Last.start] = slot;
      lasts[at + Last.end] = slot === 0 ? 0 : slot + end - start;
    }
  }

  /** @returns 0: there is no room for a line that is so much longer than the first one */
  #slotFor(at: number, bytes: number): number {
    const firsts = this.#firsts;
    if (bytes <= (firsts[at + First.slotBytes] ?? 0)) return firsts[at + First.slot] ?? 0;
    if (!this.#hasRoom(bytes + SLACK_BYTES)) {
      this.#leftOut += 1;
      return 0;
    }
    firsts[at + First.slot] = this.#stored;
    firsts[at + First.slotBytes] = bytes + SLACK_BYTES;
    this.#stored += bytes + SLACK_BYTES;
    return firsts[at + First.slot] ?? 0;
  }
}
