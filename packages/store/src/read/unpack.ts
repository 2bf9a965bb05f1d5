import { Readable } from "node:stream";
import zlib from "node:zlib";

export type Packing = "gzip" | "zstd" | null;

export function packingOf(head: Uint8Array): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return "gzip";
  const isZstd = head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd;
  return isZstd ? "zstd" : null;
}

/** The archive ended, or was damaged, before its end: what came out until then is sound. */
export class CutShort extends Error {}

/** What is packed, unpacked while it arrives. @throws CutShort */
export async function* unpacked(pieces: AsyncIterable<Uint8Array>, packing: Packing): AsyncGenerator<Uint8Array> {
  if (packing === null) yield* pieces;
  else if (packing === "gzip") yield* through(pieces, zlib.createGunzip(WIDE));
  else {
    const { createZstdDecompress }: NewerZlib & Pick<typeof zlib, "createGunzip"> = zlib;
    yield* createZstdDecompress === undefined ? zstd(pieces) : through(pieces, createZstdDecompress(WIDE));
  }
}

/** Node has it from 22.15 on. */
interface NewerZlib {
  readonly createZstdDecompress?: (options: { readonly chunkSize: number }) => Unpacker;
}

type Unpacker = NodeJS.ReadWriteStream & AsyncIterable<Buffer>;

const WIDE = { chunkSize: 1 << 20 };

async function* through(pieces: AsyncIterable<Uint8Array>, stream: Unpacker): AsyncGenerator<Uint8Array> {
  // A copy: the next piece is read into the same memory while this one is still looked at.
  const copied = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of pieces) yield Buffer.from(piece);
  };
  const source = Readable.from(copied(), { objectMode: false });
  source.on("error", (error) => stream.emit("error", error));
  source.pipe(stream);
  try {
    yield* stream;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? "";
    if (/^Z_|^ZSTD_|^ERR_ZSTD/.test(code)) throw new CutShort(code);
    throw error;
  }
}

async function* zstd(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import("fzstd");
  let out: Uint8Array[] = [];
  let isDone = false;
  const stream = new Decompress((piece, isLast) => {
    out.push(piece);
    isDone = isLast === true;
  });
  try {
    for await (const piece of pieces) {
      stream.push(new Uint8Array(piece));
      yield* out;
      out = [];
    }
    stream.push(new Uint8Array(0), true);
  } catch (error) {
    yield* out;
    throw new CutShort(error instanceof Error ? error.message : String(error));
  }
  yield* out;
  if (!isDone) throw new CutShort("zstd");
}
