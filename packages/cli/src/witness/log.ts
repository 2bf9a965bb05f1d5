import { close, fstatSync, fsyncSync, openSync, readSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import {
  leafHash,
  mostInATree,
  type Problem,
  parseSighting,
  receiptBody,
  receiptLine,
  type Sighting,
  sightingLine,
  treeOf,
} from "@seenas/core";
import { errnoOf } from "../files/list.ts";
import { CRYPTO, type Identity } from "./crypto.ts";
import { Lull } from "./lull.ts";
import * as problem from "./problems.ts";
import { SafeFile } from "./safe-file.ts";

export type Unnumbered = Omit<Sighting, "number">;

/** @param receipt null: it could not be recorded, so nobody may be told that it was */
export type Recorded = (receipt: string | null) => void;

interface Waiting {
  readonly seen: Unnumbered;
  readonly done: Recorded;
}

/** More callers at once than this are told to come again. */
const MOST_WAITING = 50_000;
/** One write, so that those who came first need not wait for all others. */
const MOST_IN_A_WRITE = 1024;
/** Others may join for so long; where many did, for longer, or until there are enough: the disk is asked less often. */
const FIRST_MS = 2;
const GATHER_MS = 6;
const MANY = 4;
const ENOUGH = 32;
/** How long a full disk is left alone. */
const PAUSE_MS = 1000;
const TAIL_BYTES = 4096;

/**
 * Sightings, a line each. Whoever is told of one may rely on it: it was written, and the disk has said so. All that came
 * while the disk was busy is written at once, and receipts of callers that came together share a signature.
 */
export class SightingLog {
  recorded = 0;
  refused = 0;
  private queue: Waiting[] = [];
  private isWriting = false;
  private isClosed = false;
  /** Runs while others may join. */
  private gathering: NodeJS.Timeout | null = null;
  /** Many were written together, so that others are waited for in a lull and not by a timer. */
  private isLull = false;
  private readonly lull = new Lull({
    isDone: () => this.isWriting || this.isClosed,
    isEmpty: () => this.queue.length === 0,
    over: () => {
      this.isLull = false;
      if (this.queue.length > 0) this.write();
    },
  });
  private pausedUntil = 0;
  private whenIdle: (() => void) | null = null;
  private readonly file: SafeFile;
  private readonly identity: Identity;
  private readonly tell: (problem: Problem) => void;
  private readonly path: string;
  private next: number;

  private constructor(path: string, file: number, identity: Identity, tell: (problem: Problem) => void) {
    this.path = path;
    this.file = new SafeFile(file);
    this.identity = identity;
    this.tell = tell;
    this.next = numberAtEnd(file, fstatSync(file).size) + 1;
  }

  /** @param tell what happens to the log while it is written */
  static open(path: string, identity: Identity, tell: (problem: Problem) => void): SightingLog | Problem {
    try {
      const file = openSync(path, "a+", 0o600);
      if (!fstatSync(file).isFile()) return problem.notAFile(path);
      // The name of a new file is safe only when its folder is.
      const folder = openSync(dirname(path), "r");
      fsyncSync(folder);
      close(folder);
      endTornLine(file);
      return new SightingLog(path, file, identity, tell);
    } catch (error) {
      return problem.unwritable(path, errnoOf(error));
    }
  }

  /** Somebody came who will say something, most likely at once. */
  expect(): void {
    this.lull.arrived();
  }

  /** `done` is called once, later, in the order of the calls. */
  record(seen: Unnumbered, done: Recorded): void {
    if (this.isClosed || this.queue.length >= MOST_WAITING || Date.now() < this.pausedUntil) {
      if (!this.isClosed) this.refused += 1;
      setImmediate(done, null);
      return;
    }
    this.queue.push({ seen, done });
    this.lull.arrived();
    if (!this.isWriting) this.gather();
  }

  /** When everybody who waits has been answered; whoever comes then is told to come again. */
  async close(): Promise<void> {
    if (this.isWriting || this.queue.length > 0)
      await new Promise<void>((resolve) => {
        this.whenIdle = resolve;
      });
    this.isClosed = true;
    this.file.close();
  }

  /** Somebody waits: it is written soon, and where many came meanwhile, more may join. */
  private gather(): void {
    if (this.queue.length < ENOUGH) {
      if (!this.isLull) this.gathering ??= setTimeout(() => this.gatherMore(), FIRST_MS);
      return;
    }
    if (this.gathering !== null) clearTimeout(this.gathering);
    this.isWriting = true;
    // All that this turn of the loop brings goes with it.
    setImmediate(() => this.write());
  }

  private gatherMore(): void {
    if (this.queue.length < MANY) this.write();
    else this.gathering = setTimeout(() => this.write(), GATHER_MS);
  }

  private write(): void {
    this.gathering = null;
    this.isWriting = true;
    const batch = this.queue.splice(0, MOST_IN_A_WRITE);
    const sightings = batch.map(({ seen }, index) => numbered(this.next + index, seen));
    let lines = "";
    for (const seen of sightings) lines += `${sightingLine(seen)}\n`;
    this.file.append(lines, (failed) => {
      if (failed !== null) {
        this.fail(batch, failed);
        return;
      }
      this.next += batch.length;
      this.recorded += batch.length;
      this.acknowledge(batch, sightings);
      this.isLull = batch.length >= MANY;
      this.goOn();
    });
  }

  private goOn(): void {
    this.isWriting = false;
    if (this.queue.length > 0) this.gather();
    else this.whenIdle?.();
    if (this.isLull && !this.isWriting) this.lull.begin();
  }

  private acknowledge(batch: readonly Waiting[], sightings: readonly Sighting[]): void {
    const { key, sign } = this.identity;
    const most = mostInATree(sightings.map(({ listener }) => listener));
    for (let from = 0; from < batch.length; from += most) {
      const bodies = sightings.slice(from, from + most).map((one) => receiptBody(one, key));
      const { root, paths } = treeOf(
        bodies.map((body) => leafHash(body, CRYPTO)),
        CRYPTO,
      );
      const signature = sign(root);
      for (const [index, body] of bodies.entries())
        batch[from + index]?.done(receiptLine(body, paths[index] ?? "", signature));
    }
  }

  private fail(batch: readonly Waiting[], code: string): void {
    this.tell(problem.notRecorded(this.path, code, batch.length));
    this.refused += batch.length;
    this.pausedUntil = Date.now() + PAUSE_MS;
    for (const { done } of batch) done(null);
    setImmediate(() => this.goOn());
  }
}

let lastMs = 0;
let lastText = "";

/** What time it is, for a sighting: the same text for all that come within a millisecond. */
export function timeText(): string {
  const ms = Date.now();
  if (ms !== lastMs) {
    lastMs = ms;
    lastText = new Date(ms).toISOString();
  }
  return lastText;
}

/** Not by spreading: of all that is done for a caller, that would take longest. */
const numbered = (number: number, { at, listener, protocol, source, via, local, mark }: Unnumbered): Sighting => ({
  number,
  at,
  listener,
  protocol,
  source,
  via,
  local,
  mark,
});

/** A line that a crash cut short was acknowledged to nobody: it is left, and what follows begins on a line of its own. */
function endTornLine(file: number): void {
  const { size } = fstatSync(file);
  const last = Buffer.alloc(1);
  if (size === 0 || readSync(file, last, 0, 1, size - 1) === 0 || last[0] === NEW_LINE) return;
  writeSync(file, "\n");
}

const NEW_LINE = 10;

/** The number of the last whole line; 0: none yet. */
function numberAtEnd(file: number, size: number): number {
  const tail = Buffer.alloc(Math.min(size, TAIL_BYTES));
  readSync(file, tail, 0, tail.length, size - tail.length);
  const lines = tail.toString("latin1").split("\n");
  for (const line of lines.reverse()) {
    const seen = line === "" ? null : parseSighting(jsonOf(line));
    if (seen !== null) return seen.number;
  }
  return 0;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
