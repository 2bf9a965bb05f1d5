import type { Frame } from "./frame.ts";

/** When a packet was captured, and which of the file it is, from 1. */
export interface Moment {
  /** Since 1970; -1: the file gives no time. */
  seconds: number;
  nanoseconds: number;
  number: number;
}

/**
 * The packets of a conversation that tell something about it, one list a row, in one growing array: the first of each
 * side, the openings and what follows them.
 */
export interface Events {
  size: number;
  /** `EVENT_WORDS` for each: the next one of the row, number, seconds, nanoseconds, sequence number, `info`. */
  words: Int32Array;
  /** First and last event of each row, plus one; 0 for none. */
  ends: Int32Array;
}

export interface Event {
  readonly number: number;
  /** Since 1970; -1: the file gives no time. */
  readonly seconds: number;
  readonly nanoseconds: number;
  readonly sequence: number;
  readonly flags: number;
  readonly ttl: number;
  /** Of `Direction`, as the capture says. */
  readonly direction: number;
  readonly icmp: number;
  /** True: sent by the higher side of the key. */
  readonly fromHigher: boolean;
}

const [SYN, ACK] = [2, 16];
const FROM_HIGHER = 1 << 20;
const DIRECTIONS = 3 << 16;
export const EVENT_WORDS = 6;
/** Of a row in `Events.ends`. */
export const ROW_ENDS = 2;
const FIRST_ROWS = 2048;

export const newEvents = (): Events => ({
  size: 0,
  words: new Int32Array(FIRST_ROWS * 4 * EVENT_WORDS),
  ends: new Int32Array(FIRST_ROWS * ROW_ENDS),
});

/** @param info of `infoOf`; @param moment when, and which packet */
export function record(events: Events, row: number, moment: Moment, sequence: number, info: number): void {
  if ((events.size + 1) * EVENT_WORDS > events.words.length) events.words = doubled(events.words);
  while ((row + 1) * 2 > events.ends.length) events.ends = doubled(events.ends);
  const { words, ends } = events;
  const at = events.size * EVENT_WORDS;
  words[at] = 0;
  words[at + 1] = moment.number;
  words[at + 2] = moment.seconds;
  words[at + 3] = moment.nanoseconds;
  words[at + 4] = sequence;
  words[at + 5] = info;
  events.size += 1;
  const last = ends[row * 2 + 1] ?? 0;
  if (last === 0) ends[row * 2] = events.size;
  else words[(last - 1) * EVENT_WORDS] = events.size;
  ends[row * 2 + 1] = events.size;
}

/** What a packet tells beside its time, in one word. */
export const infoOf = ({ flags, ttl, direction, icmp }: Frame, fromHigher: boolean): number =>
  flags | (ttl << 8) | (direction << 16) | (icmp << 18) | (fromHigher ? FROM_HIGHER : 0);

/** What `make` makes of each event of a row, in their order. */
export function eventsOf<T>({ words, ends }: Events, row: number, make: (event: Event) => T): T[] {
  const made: T[] = [];
  for (let next = ends[row * 2] ?? 0; next !== 0; next = words[(next - 1) * EVENT_WORDS] ?? 0)
    made.push(make(eventAt(words, (next - 1) * EVENT_WORDS)));
  return made;
}

/** The first opening packet of a row, SYN without ACK. */
export interface Opening {
  sequence: number;
  fromHigher: boolean;
}

/** Looked for in every row: the answer is written into `found`. @returns whether there is one */
export function findOpening({ words, ends }: Events, row: number, found: Opening): boolean {
  for (let next = ends[row * 2] ?? 0; next !== 0; next = words[(next - 1) * EVENT_WORDS] ?? 0) {
    const at = (next - 1) * EVENT_WORDS;
    const info = words[at + 5] ?? 0;
    if ((info & (SYN | ACK)) !== SYN) continue;
    found.sequence = words[at + 4] ?? 0;
    found.fromHigher = (info & FROM_HIGHER) !== 0;
    return true;
  }
  return false;
}

/** How long a handshake took on each side, in microseconds. */
export interface Handshake {
  here: number;
  there: number;
  /** True: the higher side of the key began. */
  fromHigher: boolean;
}

/**
 * True for a row whose events are SYN, SYN-ACK and ACK in turn and nothing else, without a word of the capture on
 * directions, as nearly all are: all that is to be known of it are two delays, written into `found`.
 */
export function isHandshake({ words, ends }: Events, row: number, found: Handshake): boolean {
  const syn = ((ends[row * 2] ?? 0) - 1) * EVENT_WORDS;
  if (syn < 0 || !is(words, syn, SYN, 0) || words[syn + 2] === -1) return false;
  const answer = ((words[syn] ?? 0) - 1) * EVENT_WORDS;
  if (answer < 0 || !is(words, answer, SYN | ACK, (words[syn + 5] ?? 0) ^ FROM_HIGHER)) return false;
  const done = ((words[answer] ?? 0) - 1) * EVENT_WORDS;
  if (done < 0 || words[done] !== 0 || !is(words, done, ACK, words[syn + 5] ?? 0)) return false;
  found.here = microseconds(words, answer) - microseconds(words, syn);
  found.there = microseconds(words, done) - microseconds(words, answer);
  found.fromHigher = ((words[syn + 5] ?? 0) & FROM_HIGHER) !== 0;
  return found.here >= 0 && found.there >= 0;
}

/** Exactly these flags, no direction, and from the same side as `side` (any, for the first). */
function is(words: Int32Array, at: number, flags: number, side: number): boolean {
  const info = words[at + 5] ?? 0;
  const isSide = flags === SYN || ((info ^ side) & FROM_HIGHER) === 0;
  return isSide && (info & 255) === flags && (info & DIRECTIONS) === 0;
}

const microseconds = (words: Int32Array, at: number): number =>
  ((words[at + 2] ?? 0) >>> 0) * 1e6 + Math.floor((words[at + 3] ?? 0) / 1000);

function eventAt(words: Int32Array, at: number): Event {
  const info = words[at + 5] ?? 0;
  const seconds = words[at + 2] ?? 0;
  return {
    number: (words[at + 1] ?? 0) >>> 0,
    // No packet was captured in 2106; all bits set say that there is no time.
    seconds: seconds === -1 ? -1 : seconds >>> 0,
    nanoseconds: words[at + 3] ?? 0,
    sequence: (words[at + 4] ?? 0) >>> 0,
    flags: info & 255,
    ttl: (info >> 8) & 255,
    direction: (info >> 16) & 3,
    icmp: (info >> 18) & 3,
    fromHigher: (info & FROM_HIGHER) !== 0,
  };
}

function doubled(words: Int32Array): Int32Array {
  const more = new Int32Array(words.length * 2);
  more.set(words);
  return more;
}
