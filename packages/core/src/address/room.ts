/** Larger rooms are not kept. */
const KEPT = 2 ** 16;
const LEAST = 2 ** 10;
const free: Uint32Array[] = [];

/**
 * Numbers to work in, of any content and at least as many as asked for. A map makes thousands of lists that are cut to
 * their size at once: memory of their own for each is what would cost most.
 */
export function roomFor(length: number): Uint32Array {
  const room = free.pop();
  return room !== undefined && room.length >= length ? room : new Uint32Array(Math.max(length, LEAST));
}

/** What is given back is not used again by whoever had it. */
export function giveBack(...rooms: readonly Uint32Array[]): void {
  for (const room of rooms) if (room.length <= KEPT) free.push(room);
}

/** The first of a room, with memory of their own. */
export const signed = (room: Uint32Array, count: number): Int32Array =>
  new Int32Array(room.buffer.slice(0, count * Int32Array.BYTES_PER_ELEMENT));
