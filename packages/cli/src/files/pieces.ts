import { closeSync, openSync, read, readSync } from "node:fs";
import type { Pieces } from "@seenas/core";
import { errnoOf, type ListedFile } from "./list.ts";

/** Much larger ones fall out of the processor's cache before they are looked at. */
const PIECE_BYTES = 1024 * 1024;
const PIPE_BYTES = 128 * 1024;
const WAIT_MS = 2;
const STDIN_DESCRIPTOR = 0;

/**
 * The bytes of a file or a pipe, one piece after the other in the same memory: whoever keeps one copies it. Not a stream,
 * which takes turns with everything else for each 64 KB.
 *
 * @param stdin in place of standard input
 */
export async function* piecesOf(file: ListedFile, stdin?: Pieces): AsyncGenerator<Uint8Array> {
  if (file.kind === "stdin" && stdin !== undefined) {
    yield* stdin;
    return;
  }
  const descriptor = file.kind === "stdin" ? STDIN_DESCRIPTOR : openSync(file.name, "r");
  try {
    yield* file.kind === "file" ? ofFile(descriptor) : ofPipe(descriptor);
  } finally {
    if (descriptor !== STDIN_DESCRIPTOR) closeSync(descriptor);
  }
}

/**
 * The next piece is read while this one is looked at. Whoever stops waits for it: a descriptor that is closed before
 * may be another file's by the time it is read.
 */
async function* ofFile(descriptor: number): AsyncGenerator<Uint8Array> {
  let [current, other] = [new Uint8Array(PIECE_BYTES), new Uint8Array(PIECE_BYTES)];
  let next = readInto(descriptor, current);
  try {
    for (let length = await next; length > 0; length = await next) {
      next = readInto(descriptor, other);
      // While nobody waits for it there is nobody to take its error.
      next.catch(() => undefined);
      yield current.subarray(0, length);
      [current, other] = [other, current];
    }
  } finally {
    await next.catch(() => undefined);
  }
}

const readInto = (descriptor: number, memory: Uint8Array): Promise<number> =>
  new Promise((resolve, reject) => {
    read(descriptor, memory, 0, memory.length, null, (error, length) =>
      error === null ? resolve(length) : reject(error),
    );
  });

/**
 * A pipe gives 64 KB at a time. Two are put together, since a turn of the loop takes a while; not more, so that whoever
 * writes fills the pipe again while these are looked at.
 */
async function* ofPipe(descriptor: number): AsyncGenerator<Uint8Array> {
  const memory = new Uint8Array(PIPE_BYTES);
  let filled = 0;
  for (;;) {
    const length = readSome(descriptor, memory, filled);
    filled += length ?? 0;
    if (filled > 0 && (length === 0 || filled === memory.length)) {
      yield memory.subarray(0, filled);
      filled = 0;
    }
    if (length === 0) return;
    if (length === null) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

/** @returns null when nothing is there yet, in a pipe that somebody set not to wait */
function readSome(descriptor: number, memory: Uint8Array, at: number): number | null {
  try {
    return readSync(descriptor, memory, at, memory.length - at, null);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "EAGAIN") return null;
    // What Windows says at the end of a pipe.
    if (errno === "EOF") return 0;
    throw error;
  }
}
