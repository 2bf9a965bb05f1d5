/** Each in its turn, no more than `width` at a time; ends when all have. */
export async function inParallel<T>(
  items: readonly T[],
  width: number,
  perform: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const work = async (): Promise<void> => {
    for (const item of queue) await perform(item);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, work));
}
