/** Enough to tell what a stream is. */
export const HEAD = 64;

/** The beginning of a stream, and all of it: a pipe may give its first bytes one by one. */
export async function peeked(pieces: AsyncIterable<Uint8Array>) {
  const iterator = pieces[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  while (length < HEAD) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    first.push(Uint8Array.from(value));
    length += value.length;
  }
  const all = async function* (): AsyncGenerator<Uint8Array> {
    yield* first;
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true) return;
      yield value;
    }
  };
  return { head: Buffer.concat(first).subarray(0, HEAD), pieces: all() };
}
