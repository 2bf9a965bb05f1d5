import { Unzip, UnzipInflate } from "fflate";
import { joined } from "../documents/bytes.ts";
import type { Part } from "./part.ts";
import { type Pieces, slicesOf } from "./pieces.ts";
import type { Tell } from "./runtime.ts";

/** Read from the front, so that one that is cut gives what it has; its directory is at the end. */
export async function* zipParts(pieces: Pieces, tell: Tell): AsyncGenerator<Part> {
  const parts: Part[] = [];
  const unzip = new Unzip((member) => {
    parts.push({ kind: "member", path: member.name });
    member.ondata = (error, bytes) => {
      if (error !== null) tell("damaged");
      else if (bytes.length > 0) parts.push({ kind: "bytes", bytes });
    };
    member.start();
  });
  unzip.register(UnzipInflate);
  let tail: Uint8Array = new Uint8Array();
  try {
    for await (const slice of slicesOf(pieces)) {
      unzip.push(new Uint8Array(slice));
      yield* parts.splice(0);
      tail = joined([tail, slice]).subarray(-LONGEST_END_BYTES);
    }
    unzip.push(new Uint8Array(), true);
    yield* parts.splice(0);
    if (!hasEnd(tail)) tell("cut");
  } catch {
    tell(hasEnd(tail) ? "damaged" : "cut");
  }
}

/** `PK`, 5, 6: the record that ends a zip. */
const END_OF_ZIP = [0x50, 0x4b, 5, 6];
/** With the longest comment. */
const LONGEST_END_BYTES = 22 + 65_535;

const hasEnd = (tail: Uint8Array): boolean =>
  tail.some((_, at) => END_OF_ZIP.every((byte, index) => tail[at + index] === byte));
