import { closeSync, openSync, readSync } from "node:fs";
import { errnoOf, type ListedFile } from "./list.ts";

/** Larger ones fall out of the processor's cache before they are read. */
const PIECE_BYTES = 512 * 1024;
const WAIT_MS = 2;
const STDIN_DESCRIPTOR = 0;

/**
 * The bytes of a file or a pipe, one piece after the other in the same memory: whoever keeps one copies it. Read without
 * a stream, which takes turns with everything else for each 64 KB.
 *
 * @param stdin in place of standard input
 */
export async function* piecesOf(file: ListedFile, stdin?: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (file.kind === "stdin" && stdin !== undefined) {
    yield* stdin;
    return;
  }
  const descriptor = file.kind === "stdin" ? STDIN_DESCRIPTOR : openSync(file.name, "r");
  try {
    const memory = new Uint8Array(PIECE_BYTES);
    for (;;) {
      const length = readSome(descriptor, memory);
      if (length === 0) return;
      if (length === null) await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
      else yield memory.subarray(0, length);
    }
  } finally {
    if (descriptor !== STDIN_DESCRIPTOR) closeSync(descriptor);
  }
}

/** @returns null when nothing is there yet, in a pipe that somebody set not to wait */
function readSome(descriptor: number, memory: Uint8Array): number | null {
  try {
    return readSync(descriptor, memory);
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "EAGAIN") return null;
    // What Windows says at the end of a pipe.
    if (errno === "EOF") return 0;
    throw error;
  }
}
