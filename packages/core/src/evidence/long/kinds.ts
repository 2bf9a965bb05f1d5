import { add, find, newHashTable, OWN, ROW } from "../capture/hash-table.ts";
import type { Key } from "./line-key.ts";

/** A line of a long log as its bytes, and how many lines that tell the same it stands for, itself among them. */
export interface KeptLine {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly stands: number;
}

/** Each takes two lines and a few numbers. */
const MOST_KINDS = 100_000;
/** How much longer the last line of a kind may be than the first before it needs another place. */
const SLACK_BYTES = 32;

/** What is looked at with each line of a kind, beside its key: how many there were, the last one's number and place. */
const Last = { count: OWN, number: OWN + 1, start: OWN + 2, end: OWN + 3 } as const;

/** What is looked at seldom: the first line, and the place in the store for the last. */
const First = { number: 0, start: 1, end: 2, slot: 3, slotBytes: 4 } as const;
const FIRST_WORDS = 5;

/** A line that is not looked up yet: its key, number and place. */
const Waiting = { first: 0, second: 1, words: 2, tag: 3, number: 4, start: 5, end: 6 } as const;
const WAITING_WORDS = 7;
const MOST_WAITING = 1024;

/** The kinds of lines of a log: of each the first line and the last, in the store behind the window they are read in. */
export class Kinds {
  readonly #table = newHashTable();
  readonly #firsts = new Int32Array(MOST_KINDS * FIRST_WORDS);
  /** Looked up together: the processor then fetches the next while it waits for one, as it cannot between two lines. */
  readonly #waiting = new Int32Array(MOST_WAITING * WAITING_WORDS);
  #waits = 0;
  readonly #memory: Uint8Array;
  #stored: number;
  /** Lines of kinds beyond the limit. */
  leftOut = 0;

  /** @param storeFrom where the window ends */
  constructor(memory: Uint8Array, storeFrom: number) {
    this.#memory = memory;
    this.#stored = storeFrom;
  }

  /** The line has to stand where it is until `settle`. */
  count(key: Key, tag: number, number: number, start: number, end: number): void {
    const waiting = this.#waiting;
    const at = this.#waits * WAITING_WORDS;
    waiting[at] = key.first;
    waiting[at + Waiting.second] = key.second;
    waiting[at + Waiting.words] = key.words;
    waiting[at + Waiting.tag] = tag;
    waiting[at + Waiting.number] = number;
    waiting[at + Waiting.start] = start;
    waiting[at + Waiting.end] = end;
    this.#waits += 1;
    if (this.#waits === MOST_WAITING) this.settle();
  }

  settle(): void {
    const [table, waiting, end] = [this.#table, this.#waiting, this.#waits * WAITING_WORDS];
    for (let at = 0; at < end; at += WAITING_WORDS) {
      const [first, second] = [waiting[at] ?? 0, waiting[at + Waiting.second] ?? 0];
      const [words, tag] = [waiting[at + Waiting.words] ?? 0, waiting[at + Waiting.tag] ?? 0];
      const kind = find(table, first, second, words, tag);
      if (kind < 0) {
        this.#add(at);
        continue;
      }
      const lasts = table.words;
      const row = kind * ROW;
      lasts[row + Last.count] = (lasts[row + Last.count] ?? 0) + 1;
      lasts[row + Last.number] = waiting[at + Waiting.number] ?? 0;
      lasts[row + Last.start] = waiting[at + Waiting.start] ?? 0;
      lasts[row + Last.end] = waiting[at + Waiting.end] ?? 0;
    }
    this.#waits = 0;
  }

  /** Before that part of the window is used for other lines. */
  storeLasts(from: number, to: number): void {
    this.settle();
    const lasts = this.#table.words;
    for (let kind = 0; kind < this.#table.size; kind += 1) {
      const at = kind * ROW;
      const [start, end] = [lasts[at + Last.start] ?? 0, lasts[at + Last.end] ?? 0];
      if (start < from || start >= to || end === 0) continue;
      const slot = this.#slotFor(kind * FIRST_WORDS, end - start);
      if (slot > 0) this.#memory.copyWithin(slot, start, end);
      lasts[at + Last.start] = slot;
      lasts[at + Last.end] = slot === 0 ? 0 : slot + end - start;
    }
  }

  lines(): readonly KeptLine[] {
    return Array.from({ length: this.#table.size }, (_unused, kind) => this.#linesOf(kind)).flat();
  }

  #linesOf(kind: number): readonly KeptLine[] {
    const [firsts, lasts, first, last] = [this.#firsts, this.#table.words, kind * FIRST_WORDS, kind * ROW];
    const count = (lasts[last + Last.count] ?? 0) >>> 0;
    const kept = (number = 0, start = 0, end = 0, stands = 1): KeptLine => ({
      number: number >>> 0,
      bytes: this.#memory.subarray(start, end),
      stands,
    });
    const one = kept(firsts[first], firsts[first + First.start], firsts[first + First.end], count - 1);
    // Without an end there was no other, or no room for it.
    if ((lasts[last + Last.end] ?? 0) === 0) return [{ ...one, stands: count }];
    return [one, kept(lasts[last + Last.number], lasts[last + Last.start], lasts[last + Last.end])];
  }

  /** @param at of the line that waits */
  #add(at: number): void {
    const [table, waiting, firsts] = [this.#table, this.#waiting, this.#firsts];
    const start = waiting[at + Waiting.start] ?? 0;
    const length = (waiting[at + Waiting.end] ?? 0) - start;
    const slotBytes = length + SLACK_BYTES;
    if (table.size >= MOST_KINDS || !this.#hasRoom(length + slotBytes)) {
      this.leftOut += 1;
      return;
    }
    const [first = 0, second = 0, words = 0, tag = 0] = waiting.subarray(at, at + Waiting.number);
    const kind = add(table, first, second, words, tag);
    table.words[kind * ROW + Last.count] = 1;
    const stored = this.#stored;
    this.#memory.copyWithin(stored, start, start + length);
    const row = kind * FIRST_WORDS;
    firsts[row] = waiting[at + Waiting.number] ?? 0;
    firsts[row + First.start] = stored;
    firsts[row + First.end] = stored + length;
    this.#stored += length;
    this.#newSlot(row, slotBytes);
  }

  /** @returns 0: there is no room for a line that is so much longer than the first one */
  #slotFor(row: number, bytes: number): number {
    const firsts = this.#firsts;
    if (bytes <= (firsts[row + First.slotBytes] ?? 0)) return firsts[row + First.slot] ?? 0;
    if (this.#hasRoom(bytes + SLACK_BYTES)) return this.#newSlot(row, bytes + SLACK_BYTES);
    this.leftOut += 1;
    return 0;
  }

  #newSlot(row: number, bytes: number): number {
    const slot = this.#stored;
    this.#firsts[row + First.slot] = slot;
    this.#firsts[row + First.slotBytes] = bytes;
    this.#stored += bytes;
    return slot;
  }

  #hasRoom(bytes: number): boolean {
    return this.#stored + bytes <= this.#memory.length;
  }
}
