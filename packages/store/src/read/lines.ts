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

/** Puts the next bytes of a stream into memory, as many as there are or as fit. @returns how many; 0: it has ended */
export type Fill = (memory: Buffer) => Promise<number>;

/** The same of pieces that come by themselves. */
export function filling(pieces: AsyncIterable<Uint8Array>): Fill {
  const iterator = pieces[Symbol.asyncIterator]();
  let piece: Uint8Array = new Uint8Array(0);
  return async (memory) => {
    while (piece.length === 0) {
      const { done, value } = await iterator.next();
      if (done === true) return 0;
      piece = value;
    }
    const part = piece.subarray(0, memory.length);
    memory.set(part);
    piece = piece.subarray(part.length);
    return part.length;
  };
}

/**
 * A stream, cut so that each part holds whole lines; a last one without an end comes by itself. All of them lie in the
 * same memory, one after the other: whoever keeps one copies it.
 *
 * @param room gives memory, or more of it, with what was there
 */
export async function* wholeLines(fill: Fill, from: Place, room: (atLeast: number) => Buffer): AsyncGenerator<Lines> {
  let memory = room(USUAL_BYTES);
  let filled = 0;
  let endBytes = from.bytes;
  for (;;) {
    if (filled + PIECE > memory.length) memory = room(Math.max(filled + PIECE, memory.length * 2));
    const found = await fill(memory.subarray(filled, filled + PIECE));
    if (found === 0) break;
    const last = memory.subarray(filled, filled + found).lastIndexOf(NEWLINE);
    const whole = last === -1 ? 0 : filled + last + 1;
    filled += found;
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

/** So much stays in a processor's own cache, with what is written of it. */
const PIECE = 256 << 10;
const USUAL_BYTES = 1 << 20;
