/** Longer than any record of a log; what is longer is refused, so that memory has a bound. */
export const LONGEST_LINE = 16 << 20;
const NEWLINE = 10;

/** Whole lines, or a line's beginning that is longer than any may be. */
export interface Lines {
  readonly bytes: Buffer;
  /** How much of the stream there was up to their end. */
  readonly endBytes: number;
  /** The last line, without an end: of a file that is still written it may be a part. */
  readonly isOpen: boolean;
  /** A part of a line that is longer than any record: the rest of it follows. */
  readonly isPart: boolean;
}

/** Where to begin in a stream. */
export interface Place {
  readonly line: number;
  readonly bytes: number;
}

export const START: Place = { line: 1, bytes: 0 };

/**
 * Pieces of a stream, cut again so that each holds whole lines; a last one without an end comes by itself. All of them
 * lie in the same memory, one after the other: whoever keeps one copies it.
 *
 * @param room gives memory, or more of it, with what was there
 */
export async function* wholeLines(
  pieces: AsyncIterable<Uint8Array>,
  from: Place,
  room: (atLeast: number) => Buffer,
): AsyncGenerator<Lines> {
  let memory = room(USUAL_BYTES);
  let filled = 0;
  let endBytes = from.bytes;
  for await (const piece of pieces) {
    if (filled + piece.length > memory.length) memory = room(Math.max(filled + piece.length, memory.length * 2));
    memory.set(piece, filled);
    const last = piece.lastIndexOf(NEWLINE);
    const whole = last === -1 ? 0 : filled + last + 1;
    filled += piece.length;
    const isPart = whole === 0 && filled > LONGEST_LINE;
    const length = isPart ? filled : whole;
    if (length === 0) continue;
    endBytes += length;
    yield { bytes: memory.subarray(0, length), endBytes, isOpen: false, isPart };
    memory.copyWithin(0, length, filled);
    filled -= length;
  }
  if (filled > 0) yield { bytes: memory.subarray(0, filled), endBytes: endBytes + filled, isOpen: true, isPart: false };
}

const USUAL_BYTES = 2 << 20;
