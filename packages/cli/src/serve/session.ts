import { Worker } from "node:worker_threads";
import type { Call } from "./calls.ts";

/** A file on this machine, and what the page calls it. */
export interface LocalFile {
  readonly name: string;
  readonly side: "now" | "after";
  readonly path: string;
}

/** What a session tells of a call: how far it is, and then the value or why there is none. */
export interface Told {
  readonly kind: "progress" | "value" | "failed";
  readonly id: number;
}

/** Everything that one browser was given and asked, in a thread of its own. */
export interface Session {
  readonly call: (call: Call, onTold: (told: Told) => void) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** An estate of a million interfaces fits; more than a small machine has is not asked for at once. */
const HEAP_MB = 8192;

/**
 * @param thread the file that runs there
 * @param given what the server was started with
 */
export function openSession(thread: string, given: readonly LocalFile[]): Session {
  const worker = new Worker(thread, { workerData: given, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } });
  const waiting = new Map<number, { readonly tell: (told: Told) => void; readonly done: () => void }>();
  let last = 0;
  let failure: string | null = null;
  const fail = (id: number, message: string): Told & { readonly message: string } => ({ kind: "failed", id, message });
  worker.on("message", (told: Told) => {
    const one = waiting.get(told.id);
    one?.tell(told);
    if (told.kind === "progress") return;
    waiting.delete(told.id);
    one?.done();
  });
  const endAll = (message: string): void => {
    failure ??= message;
    for (const [id, { tell, done }] of waiting) {
      tell(fail(id, message));
      done();
    }
    waiting.clear();
  };
  worker.on("error", ({ message }) => endAll(message));
  worker.on("exit", () => endAll("the session ended"));
  return {
    call: (call, onTold) =>
      new Promise((done) => {
        last += 1;
        if (failure !== null) {
          onTold(fail(last, failure));
          done();
          return;
        }
        waiting.set(last, { tell: onTold, done });
        worker.postMessage({ id: last, ...call });
      }),
    end: async () => {
      await worker.terminate();
    },
  };
}

/** Browsers at a time that have a session; whoever asked least recently loses it. */
const SESSIONS = 4;

/** The sessions of a server, by what a browser is known by. */
export interface Sessions {
  readonly of: (browser: string) => Session;
  readonly endAll: () => Promise<void>;
}

export function sessionsOf(open: () => Session): Sessions {
  const byBrowser = new Map<string, Session>();
  return {
    of: (browser) => {
      const session = byBrowser.get(browser) ?? open();
      byBrowser.delete(browser);
      byBrowser.set(browser, session);
      const [oldest] = byBrowser;
      if (byBrowser.size > SESSIONS && oldest !== undefined) {
        byBrowser.delete(oldest[0]);
        void oldest[1].end();
      }
      return session;
    },
    endAll: async () => {
      await Promise.all([...byBrowser.values()].map((session) => session.end()));
    },
  };
}
