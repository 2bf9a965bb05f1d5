import { close, fdatasync, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
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
import * as problem from "./problems.ts";

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
/** Where many call at once, the disk is asked less often: for this long others may join. */
const GATHER_MS = 2;
const MANY = 4;
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
  private isBusy = false;
  private pausedUntil = 0;
  private whenIdle: (() => void) | null = null;
  private readonly file: number;
  private readonly identity: Identity;
  private readonly tell: (problem: Problem) => void;
  private readonly path: string;
  /** What is safe: everything before it. */
  private bytes: number;
  private next: number;

  private constructor(path: string, file: number, identity: Identity, tell: (problem: Problem) => void) {
    this.path = path;
    this.file = file;
    this.identity = identity;
    this.tell = tell;
    this.bytes = fstatSync(file).size;
    this.next = numberAtEnd(file, this.bytes) + 1;
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

  /** `done` is called once, later, in the order of the calls. */
  record(seen: Unnumbered, done: Recorded): void {
    if (this.queue.length >= MOST_WAITING || Date.now() < this.pausedUntil) {
      this.refused += 1;
      setImmediate(done, null);
      return;
    }
    this.queue.push({ seen, done });
    if (this.isBusy) return;
    this.isBusy = true;
    // All that this turn of the loop brings goes together.
    setImmediate(() => this.writeNext());
  }

  /** When everybody who waits has been answered. */
  async close(): Promise<void> {
    if (this.isBusy)
      await new Promise<void>((resolve) => {
        this.whenIdle = resolve;
      });
    close(this.file);
  }

  private writeNext(): void {
    const batch = this.queue.splice(0, MOST_IN_A_WRITE);
    if (batch.length === 0) {
      this.isBusy = false;
      this.whenIdle?.();
      return;
    }
    const sightings = batch.map(({ seen }, index) => numbered(this.next + index, seen));
    const bytes = Buffer.from(`${sightings.map(sightingLine).join("\n")}\n`);
    const failed = this.writeAll(bytes);
    if (failed !== null) {
      this.fail(batch, failed);
      return;
    }
    fdatasync(this.file, (unsafe) => {
      if (unsafe !== null) {
        this.fail(batch, errnoOf(unsafe));
        return;
      }
      this.bytes += bytes.length;
      this.next += batch.length;
      this.recorded += batch.length;
      this.acknowledge(batch, sightings);
      if (batch.length < MANY || this.queue.length > MOST_IN_A_WRITE) this.writeNext();
      else setTimeout(() => this.writeNext(), GATHER_MS);
    });
  }

  /** Into memory of the kernel, which takes microseconds: only the disk is waited for elsewhere. @returns why not, or null */
  private writeAll(bytes: Buffer): string | null {
    try {
      return writeSync(this.file, bytes) < bytes.length ? "ENOSPC" : null;
    } catch (error) {
      return errnoOf(error);
    }
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

  /** What half arrived is taken back, so that the log holds what was acknowledged and nothing else. */
  private fail(batch: readonly Waiting[], code: string): void {
    try {
      ftruncateSync(this.file, this.bytes);
    } catch {
      // The next line then begins behind a torn one, which readers tell apart.
    }
    this.tell(problem.notRecorded(this.path, code, batch.length));
    this.refused += batch.length;
    this.pausedUntil = Date.now() + PAUSE_MS;
    for (const { done } of batch) done(null);
    setImmediate(() => this.writeNext());
  }
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
