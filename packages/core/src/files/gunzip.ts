import { Gunzip as Expander } from "fflate";
import { joined } from "../documents/bytes.ts";
import { type Pieces, slicesOf } from "./pieces.ts";
import type { Tell } from "./runtime.ts";

/** The checksum of what was packed, and its length. */
const TRAILER_BYTES = 8;
/** Of what was read, kept for the checksum before a header, which may hold a name. */
const KEPT_BYTES = 4096;
/** What fflate calls an end that comes too early. */
const UNEXPECTED_END = 0;

/**
 * gzip, and several one after the other in a file, where the runtime has nothing of its own for that (a browser's stream
 * refuses the second). Each is held to its checksum.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1952
 */
export async function* gunzip(pieces: Pieces, tell: Tell): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  const sum = crc32();
  let tail: Uint8Array = new Uint8Array();
  let readBytes = 0;
  let isDamaged = false;
  const check = (trailer: Uint8Array): void => {
    const { checksum, length } = sum.value();
    isDamaged ||=
      trailer.length < TRAILER_BYTES || numberAt(trailer, 0) !== checksum || numberAt(trailer, 4) !== length;
    sum.begin();
  };
  const expander = new Expander((bytes) => {
    sum.add(bytes);
    if (bytes.length > 0) ready.push(bytes);
  });
  // Where the next one begins, the last one's checksum stands before.
  expander.onmember = (at) => {
    if (at > 0) check(tail.subarray(0, tail.length - (readBytes - at)).subarray(-TRAILER_BYTES));
  };
  try {
    for await (const slice of slicesOf(pieces)) {
      tail = joined([tail.subarray(-KEPT_BYTES), slice]);
      readBytes += slice.length;
      expander.push(new Uint8Array(slice), false);
      if (isDamaged) {
        tell("damaged");
        return;
      }
      yield* ready.splice(0);
    }
    expander.push(new Uint8Array(), true);
    check(tail.subarray(-TRAILER_BYTES));
    if (!isDamaged) yield* ready.splice(0);
    else tell("damaged");
  } catch (error) {
    yield* ready.splice(0);
    tell(error instanceof Error && "code" in error && error.code === UNEXPECTED_END ? "cut" : "damaged");
  }
}

/** As the trailer has it: the lowest byte first. */
const numberAt = (bytes: Uint8Array, at: number): number =>
  [3, 2, 1, 0].reduce((value, index) => value * 256 + (bytes[at + index] ?? 0), 0);

const POLYNOMIAL = 0xedb88320;

function crc32() {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? POLYNOMIAL ^ (value >>> 1) : value >>> 1;
    return value >>> 0;
  });
  let state = 0xffffffff;
  let length = 0;
  return {
    begin: (): void => {
      state = 0xffffffff;
      length = 0;
    },
    add: (bytes: Uint8Array): void => {
      length += bytes.length;
      for (let at = 0; at < bytes.length; at += 1)
        state = (table[(state ^ (bytes[at] ?? 0)) & 255] ?? 0) ^ (state >>> 8);
    },
    value: () => ({ checksum: (state ^ 0xffffffff) >>> 0, length: length % 2 ** 32 }),
  };
}
