import { joined } from "../documents/bytes.ts";

/** Bytes as they arrive; whoever gave a piece may use its memory again, so whoever keeps one copies it. */
export type Pieces = AsyncIterable<Uint8Array>;

export async function* only(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** Looks at the beginning without taking it away. */
export async function withHead(
  pieces: Pieces,
  headBytes: number,
): Promise<{ readonly head: Uint8Array; readonly pieces: Pieces }> {
  const rest = pieces[Symbol.asyncIterator]();
  const taken: Uint8Array[] = [];
  let bytes = 0;
  while (bytes < headBytes) {
    const next = await rest.next();
    if (next.done === true) break;
    taken.push(new Uint8Array(next.value));
    bytes += next.value.length;
  }
  const head = joined(taken);
  async function* all(): AsyncGenerator<Uint8Array> {
    yield head;
    yield* { [Symbol.asyncIterator]: () => rest };
  }
  return { head, pieces: all() };
}

/** Small pieces, so that no more than a thousand times as much is expanded at once. */
export async function* slicesOf(pieces: Pieces): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces)
    for (let at = 0; at < piece.length; at += SLICE_BYTES) yield piece.subarray(at, at + SLICE_BYTES);
}

const SLICE_BYTES = 16_384;

/** Pieces in the lengths that a format has. */
export interface Cutter {
  /** What stands next, no longer than that; null: nothing more comes. */
  some(most: number): Promise<Uint8Array | null>;
  /** A copy; null: less than that comes. */
  exactly(length: number): Promise<Uint8Array | null>;
  /** Nothing more is wanted. */
  end(): Promise<void>;
}

export function cutterOf(pieces: Pieces): Cutter {
  const source = pieces[Symbol.asyncIterator]();
  let rest: Uint8Array = new Uint8Array();
  const some = async (most: number): Promise<Uint8Array | null> => {
    while (rest.length === 0) {
      const next = await source.next();
      if (next.done === true) return null;
      rest = next.value;
    }
    const taken = rest.subarray(0, most);
    rest = rest.subarray(taken.length);
    return taken;
  };
  const exactly = async (length: number): Promise<Uint8Array | null> => {
    const all = new Uint8Array(length);
    for (let filled = 0; filled < length; ) {
      const part = await some(length - filled);
      if (part === null) return null;
      all.set(part, filled);
      filled += part.length;
    }
    return all;
  };
  return { some, exactly, end: async () => void (await source.return?.()) };
}
