/** The same memory, byte by byte and four bytes wherever they begin. Behind every line there are four bytes more. */
export interface LineBytes {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

export const lineBytesOf = (bytes: Uint8Array): LineBytes => ({
  bytes,
  view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
});

/** The four bytes at a place, of which those from `to` on are zero. */
export const fourOf = (view: DataView, at: number, to: number): number =>
  to - at >= 4 ? view.getInt32(at, true) : view.getInt32(at, true) << (32 - 8 * (to - at));

/** A number for those bytes; `seed` goes before them. */
export function hashOf({ view }: LineBytes, from: number, to: number, seed: number): number {
  let hash = seed ^ (to - from);
  for (let at = from; at < to; at += 4) {
    hash = Math.imul(hash ^ fourOf(view, at, to), 0x5bd1e995);
    hash ^= hash >>> 15;
  }
  return hash;
}
