import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, read, readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import type { DoneSource } from "../embedded/manifest.ts";
import { type Place, START } from "./lines.ts";

const PIECE = 1 << 20;
/** What of a file's beginning, and of what was last read of it, tells it from another. */
const COMPARED = 64 << 10;

/** A file as it is now. */
export interface OpenedFile {
  readonly descriptor: number;
  readonly sizeBytes: number;
  readonly device: string;
  readonly inode: string;
  readonly modifiedNs: string;
}

export function openFile(path: string): OpenedFile {
  const descriptor = openSync(path, "r");
  const { size, dev, ino, mtimeNs } = fstatSync(descriptor, { bigint: true });
  return { descriptor, sizeBytes: Number(size), device: `${dev}`, inode: `${ino}`, modifiedNs: `${mtimeNs}` };
}

export const closeFile = ({ descriptor }: OpenedFile): void => closeSync(descriptor);

/**
 * Where to begin; null: all of it is done. A file is the one that was read before if the system says so (device and
 * inode: a name may change), it begins as that one began, and it has the same bytes before the place that was reached.
 * Anything else is read from its start: rows that are there already are known by what they say.
 */
export function resumeAt(file: OpenedFile, sources: readonly DoneSource[]): Place | null {
  const known = sources.find(({ device, inode }) => device === file.device && inode === file.inode);
  if (known === undefined || file.sizeBytes < known.doneBytes) return START;
  const { head, tail } = marksOf(file, known.doneBytes);
  if (head !== known.head || tail !== known.tail) return START;
  if (known.whole && file.sizeBytes === known.doneBytes) return null;
  // What is packed, or one JSON text, cannot be entered in its middle.
  return known.line === 0 ? START : { bytes: known.doneBytes, line: known.line };
}

/** @param place how far it was read; with line 0, it can only be read whole */
export function doneWith(file: OpenedFile, place: Place, whole: boolean): DoneSource {
  const { device, inode, modifiedNs } = file;
  return { device, inode, modifiedNs, ...marksOf(file, place.bytes), doneBytes: place.bytes, line: place.line, whole };
}

function marksOf({ descriptor }: OpenedFile, doneBytes: number): { readonly head: string; readonly tail: string } {
  const length = Math.min(COMPARED, doneBytes);
  return { head: digestOf(descriptor, 0, length), tail: digestOf(descriptor, doneBytes - length, length) };
}

function digestOf(descriptor: number, from: number, length: number): string {
  const bytes = Buffer.alloc(length);
  const found = readSync(descriptor, bytes, 0, length, from);
  return createHash("sha256").update(bytes.subarray(0, found)).digest("base64url");
}

/** How a file begins. */
export function headOf({ descriptor }: OpenedFile, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(descriptor, bytes, 0, length, 0));
}

/** The first line of a file, if it is no longer than any heading. */
export const headingOf = (file: OpenedFile): string =>
  headOf(file, LONGEST_HEADING).toString("latin1").split("\n", 1)[0] ?? "";

const LONGEST_HEADING = 4096;

/**
 * Bytes of a file as it was when it was opened, into the memory where they are looked at. The system reads ahead by
 * itself; asking for them in another thread took longer than they do. Whoever else waits gets its turn now and then.
 */
export function fillFrom({ descriptor, sizeBytes }: OpenedFile, from: number): (memory: Buffer) => Promise<number> {
  let at = from;
  let turnAt = from + PIECE;
  return async (memory) => {
    if (at >= turnAt) {
      turnAt = at + PIECE;
      await setImmediate();
    }
    const length = Math.min(memory.length, sizeBytes - at);
    const found = length <= 0 ? 0 : readSync(descriptor, memory, 0, length, at);
    at += found;
    return found;
  };
}

/** The same in pieces: what is written meanwhile comes next time. */
export async function* bytesOf({ descriptor, sizeBytes }: OpenedFile): AsyncGenerator<Uint8Array> {
  let [current, other] = [Buffer.allocUnsafeSlow(PIECE), Buffer.allocUnsafeSlow(PIECE)];
  let at = 0;
  let pending = readInto(descriptor, current, at, sizeBytes);
  for (;;) {
    const length = await pending;
    if (length === 0) return;
    at += length;
    pending = readInto(descriptor, other, at, sizeBytes);
    // Whoever stops here leaves it without anyone to take its error.
    pending.catch(() => undefined);
    yield current.subarray(0, length);
    [current, other] = [other, current];
  }
}

function readInto(descriptor: number, memory: Buffer, at: number, end: number): Promise<number> {
  const length = Math.min(memory.length, end - at);
  if (length <= 0) return Promise.resolve(0);
  return new Promise((resolve, reject) => {
    read(descriptor, memory, 0, length, at, (error, found) => (error === null ? resolve(found) : reject(error)));
  });
}
