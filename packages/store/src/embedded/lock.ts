import { type Opened, open } from "./database.ts";

const WAIT_MS = 25;

/** Within one process the system's lock says nothing: whoever comes second waits here. */
const queues = new Map<string, Promise<unknown>>();

/**
 * One writer at a time, over all processes. The lock is the system's own on an empty database that DuckDB holds open:
 * it ends with its process, however that ends, so that no kill leaves a store locked.
 *
 * @param onWait is called once when another process writes just now
 */
export function withLock<T>(path: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  const turn = (queues.get(path) ?? Promise.resolve()).then(() => locked(path, work, onWait));
  queues.set(
    path,
    turn.catch(() => undefined),
  );
  return turn;
}

async function locked<T>(path: string, work: () => Promise<T>, onWait: (() => void) | undefined): Promise<T> {
  let waits = false;
  for (;;) {
    const held = await hold(path);
    if (held !== null) {
      try {
        return await work();
      } finally {
        held.close();
      }
    }
    if (!waits) onWait?.();
    waits = true;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
}

/** @returns null: another process has it */
async function hold(path: string): Promise<Opened | null> {
  try {
    return await open(path, { threads: "1" });
  } catch (error) {
    if (error instanceof Error && /lock/i.test(error.message)) return null;
    throw error;
  }
}
