import { viewOf } from "./bytes.ts";
import { LIMITS, type Limits, pairsIn } from "./flows.ts";
import { captureFormat } from "./magic.ts";
import { pcapFormat } from "./pcap.ts";
import { pcapngFormat } from "./pcapng.ts";
import type { Damage, Format } from "./steps.ts";
import { newTally, type Tally } from "./tally.ts";
import { beginWalk } from "./walk.ts";

/** What was counted of a file, and how it ended. */
export interface Counted {
  readonly tally: Tally;
  /** True: it ends in the middle of a packet. */
  readonly truncated: boolean;
  readonly damage: Damage | null;
  /** Of hosts that talked, whatever the ports: as many may have to be told. */
  readonly pairs: number;
}

/** More than any record needs to have together. */
const CARRIED = 32_768;

/** A walk is begun for what is longer: many captures are short, and to begin takes as long as to read this much. */
export const WALKED_FROM = 1 << 16;

/** Takes a capture in pieces of any size and keeps none of them. */
export class CaptureReader {
  readonly #tally: Tally;
  readonly #carry = new Uint8Array(CARRIED);
  readonly #carryView = viewOf(this.#carry);
  #carried = 0;
  #format: Format | null = null;
  #skip = 0;
  /** How much more comes before a walk is begun. */
  #beforeWalk: number;
  #isBegun = false;

  /** @param walkedFrom how many bytes are read before a walk is begun */
  constructor(limits: Limits = LIMITS, walkedFrom = Number.POSITIVE_INFINITY) {
    this.#tally = newTally(limits);
    this.#beforeWalk = walkedFrom;
  }

  push(chunk: Uint8Array): void {
    const before = chunk.subarray(0, this.#beforeWalk);
    this.#beforeWalk -= before.length;
    this.#take(before, viewOf(before), before.length);
    if (before.length < chunk.length) this.#walk(chunk.subarray(before.length));
  }

  end(): Counted {
    const truncated = this.#carried > 0 || this.#skip > 0 || this.#format === null;
    return { tally: this.#tally, truncated, damage: this.#format?.damage ?? null, pairs: pairsIn(this.#tally.flows) };
  }

  #walk(chunk: Uint8Array): void {
    if (!this.#isBegun) this.#tally.walk = beginWalk(this.#tally);
    this.#isBegun = true;
    const { walk } = this.#tally;
    if (walk === null) {
      this.#take(chunk, viewOf(chunk), chunk.length);
      return;
    }
    for (let at = 0; at < chunk.length; at += walk.room.length) {
      const part = chunk.subarray(at, at + walk.room.length);
      walk.room.set(part);
      this.#take(walk.room, walk.view, part.length);
    }
  }

  /** @param length how many of the bytes there are */
  #take(chunk: Uint8Array, view: DataView, length: number): void {
    let at = 0;
    while (at < length && this.#format?.damage == null) {
      if (this.#skip > 0) {
        const passed = Math.min(this.#skip, length - at);
        this.#skip -= passed;
        at += passed;
      } else if (this.#carried > 0 || this.#format === null) at = this.#fill(chunk, at, length);
      else at = this.#run(this.#format, chunk, view, at, length);
    }
  }

  /** Reads what lies whole in the chunk, and carries the rest of it over to the next. */
  #run(format: Format, chunk: Uint8Array, view: DataView, at: number, end: number): number {
    const next = format.step(view, at, end);
    this.#skip = format.skip;
    format.skip = 0;
    if (next < end) {
      this.#carry.set(chunk.subarray(next, end));
      this.#carried = end - next;
    }
    return end;
  }

  /** Puts bytes to those carried over until a record is whole, and reads it there. */
  #fill(chunk: Uint8Array, at: number, end: number): number {
    const needs = this.#format?.needs ?? 4;
    const taken = Math.min(needs - this.#carried, end - at);
    this.#carry.set(chunk.subarray(at, at + taken), this.#carried);
    this.#carried += taken;
    if (this.#carried < needs) return at + taken;
    if (this.#format === null) {
      const isPcapng = captureFormat(this.#carry) === "pcapng";
      this.#format = isPcapng ? pcapngFormat(this.#tally) : pcapFormat(this.#tally);
      return at + taken;
    }
    const next = this.#format.step(this.#carryView, 0, this.#carried);
    if (next > 0) this.#carried = 0;
    this.#skip = this.#format.skip;
    this.#format.skip = 0;
    return at + taken;
  }
}
