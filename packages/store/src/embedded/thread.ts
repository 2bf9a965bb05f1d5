import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import type { Names, RowColumns } from "../columns.ts";
import type { Written } from "./commit.ts";
import type { Manifest } from "./manifest.ts";
import type { Done, Task } from "./thread-entry.ts";

const ENTRY = fileURLToPath(new URL("./thread-entry.js", import.meta.url));

/** A source that was not built has none. */
export const hasThread = (): boolean => existsSync(ENTRY);

/**
 * Writes batches in a thread of its own, so that the next one is read meanwhile. It knows no more than it is given: who
 * asks it holds the lock, and commits what it has written.
 */
export class WriterThread {
  readonly #worker = new Worker(ENTRY);
  /** Those that the thread knows, and how many of them. */
  #names: Names | null = null;
  #named = 0;
  #failure: Error | null = null;
  #waiting: { readonly take: (written: Written) => void; readonly fail: (error: Error) => void } | null = null;

  constructor() {
    this.#worker.unref();
    this.#worker.on("message", (done: Done) => {
      const waiting = this.#waiting;
      this.#waiting = null;
      if (done.kind === "written") waiting?.take(done.written);
      else waiting?.fail(Object.assign(done.error, done.code === undefined ? {} : { code: done.code }));
    });
    this.#worker.on("error", (error) => this.#fail(error));
    this.#worker.on("exit", () => this.#fail(new Error("the thread that writes has ended")));
  }

  /** One batch at a time. @param columns in memory that is shared @param rows are the thread's from then on */
  write(folder: string, columns: RowColumns, rows: Uint32Array<ArrayBuffer>, manifest: Manifest): Promise<Written> {
    const { capacity, length, names, before, seen, destination } = columns;
    const isAnew = names !== this.#names;
    if (isAnew) this.#named = 0;
    this.#names = names;
    const task: Task = {
      ...{ folder, manifest, capacity, length, rows, memory: columns.memory },
      six: [before.six, seen.six, destination.six],
      names: { isAnew, more: names.list.slice(this.#named) },
    };
    this.#named = names.list.length;
    return new Promise<Written>((take, fail) => {
      if (this.#failure !== null) throw this.#failure;
      this.#waiting = { take, fail };
      this.#worker.ref();
      this.#worker.postMessage(task, [rows.buffer]);
    }).finally(() => this.#worker.unref());
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#waiting?.fail(error);
    this.#waiting = null;
  }
}
