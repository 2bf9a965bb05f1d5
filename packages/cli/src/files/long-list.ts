import { isAscii, isUtf8 } from "node:buffer";
import { type ConfigDocument, openList, type TextsOf } from "@seenas/core";
import { compileLate, withRoom } from "./compile-late.ts";
import type { ListedFile } from "./list.ts";
import { piecesOf } from "./pieces.ts";

const LINE_END = 10;

/** What a line may be long: a file that is one line is not read line by line. */
const LONGEST_LINE_BYTES = 64_000_000;

const HEAD_BYTES = 4096;

/** What is made of more may need the memory. */
const LARGE_BYTES = 500_000_000;

/**
 * Reads a long export of resources element by element, so that it is never in memory as a whole. Null: it is anything
 * else, or not sound from beginning to end; then the whole tells what it is.
 *
 * @param read called with the number of bytes read so far
 */
export async function loadList(
  file: ListedFile,
  read: (bytes: number) => void,
): Promise<readonly ConfigDocument[] | null> {
  compileLate();
  const reading = (): Promise<readonly ConfigDocument[] | null> => readList(file, read);
  return file.sizeBytes < LARGE_BYTES ? withRoom(reading) : reading();
}

async function readList(file: ListedFile, read: (bytes: number) => void): Promise<readonly ConfigDocument[] | null> {
  let list: Awaited<ReturnType<typeof openList>> = null;
  let readBytes = 0;
  for await (const lines of wholeLines(file)) {
    list ??= await openList(headOf(lines), file.name, textsOf);
    if (list === null || !list.push(lines)) return null;
    readBytes += lines.length;
    read(readBytes);
  }
  return list?.end() ?? null;
}

/** Pieces that end where a line does, where no letter is cut in two; the last as it is. */
async function* wholeLines(file: ListedFile): AsyncGenerator<Uint8Array> {
  let rest: Uint8Array = new Uint8Array();
  for await (const piece of piecesOf(file)) {
    const end = piece.lastIndexOf(LINE_END) + 1;
    if (end > 0) yield rest.length === 0 ? piece.subarray(0, end) : Buffer.concat([rest, piece.subarray(0, end)]);
    rest = end > 0 ? piece.slice(end) : Buffer.concat([rest, piece]);
    if (rest.length > LONGEST_LINE_BYTES) break;
  }
  yield rest;
}

const headOf = (bytes: Uint8Array): string => bufferOf(bytes).toString("utf8", 0, HEAD_BYTES);

/** One byte a letter is read fastest, and what nearly every export is. */
const textsOf: TextsOf = (bytes) => {
  const buffer = bufferOf(bytes);
  if (isAscii(bytes)) return (from, to) => buffer.toString("latin1", from, to);
  return isUtf8(bytes) ? (from, to) => buffer.toString("utf8", from, to) : null;
};

const bufferOf = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
