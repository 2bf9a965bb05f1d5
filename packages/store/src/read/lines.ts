/** Longer than any record of a log; what is longer is refused, so that memory has a bound. */
export const LONGEST_LINE = 16 << 20;
const NEWLINE = 10;

/** Whole lines, or a line's beginning that is longer than any may be. */
export interface Lines {
  readonly bytes: Buffer;
  /** Of the first of them, from 1 on, and of what comes behind them. */
  readonly line: number;
  readonly nextLine: number;
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

/** Pieces of a stream, cut again so that each holds whole lines; a last one without an end comes by itself. */
export async function* wholeLines(pieces: AsyncIterable<Uint8Array>, from: Place): AsyncGenerator<Lines> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let { line, bytes: endBytes } = from;
  for await (const piece of pieces) {
    const last = piece.lastIndexOf(NEWLINE);
    if (last === -1) {
      rest.push(Buffer.from(piece));
      restBytes += piece.length;
      if (restBytes > LONGEST_LINE) {
        endBytes += restBytes;
        yield { bytes: Buffer.concat(rest), line, nextLine: line, endBytes, isOpen: false, isPart: true };
        rest = [];
        restBytes = 0;
      }
      continue;
    }
    const head = view(piece.subarray(0, last + 1));
    const bytes = restBytes === 0 ? head : Buffer.concat([...rest, head]);
    const nextLine = line + countOf(bytes);
    endBytes += bytes.length;
    yield { bytes, line, nextLine, endBytes, isOpen: false, isPart: false };
    line = nextLine;
    rest = last + 1 === piece.length ? [] : [Buffer.from(piece.subarray(last + 1))];
    restBytes = piece.length - last - 1;
  }
  const bytes = Buffer.concat(rest);
  if (restBytes > 0) yield { bytes, line, nextLine: line, endBytes: endBytes + restBytes, isOpen: true, isPart: false };
}

const view = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function countOf(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
}
