import { closeSync, openSync, read, readSync } from "node:fs";
import type { Pieces } from "@seenas/core";
import { errnoOf, type ListedFile } from "./list.ts";

/** Much larger ones fall out of the processor's cache before they are looked at. */
const PIECE_BYTES = 1024 * 1024;
const AHEAD = 3;
const PIPE_BYTES = 64 * 1024;
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
 * The next pieces are read while this one is looked at: several, so that no turn of the loop is waited for. Whoever stops
 * waits for them: a descriptor that is closed before may be another file's by the time it is read.
 */
async function* ofFile(descriptor: number): AsyncGenerator<Uint8Array> {
  const memories = Array.from({ length: AHEAD }, () => new Uint8Array(PIECE_BYTES));
  let under: readonly Promise<number>[] = [];
  let at = 0;
  try {
    for (let short = true; ; ) {
      // After a piece that was not full, what was asked for behind it stands elsewhere.
      if (short) {
        await Promise.allSettled(under);
        under = memories.map((memory, index) => readInto(descriptor, memory, at + index * PIECE_BYTES));
      }
      const [first, ...rest] = under;
      const [memory, ...others] = memories;
      const length = (await first) ?? 0;
      if (length === 0 || memory === undefined) return;
      yield memory.subarray(0, length);
      at += length;
      short = length < memory.length;
      if (short) continue;
      memories.splice(0, memories.length, ...others, memory);
      under = [...rest, readInto(descriptor, memory, at + (AHEAD - 1) * PIECE_BYTES)];
    }
  } finally {
    await Promise.allSettled(under);
  }
}

/** While nobody waits for it there is nobody to take its error: whoever does gets it. */
function readInto(descriptor: number, memory: Uint8Array, position: number): Promise<number> {
  const reading = new Promise<number>((resolve, reject) => {
    read(descriptor, memory, 0, memory.length, position, (error, length) =>
      error === null ? resolve(length) : reject(error),
    );
  });
  reading.catch(() => undefined);
  return reading;
}

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
