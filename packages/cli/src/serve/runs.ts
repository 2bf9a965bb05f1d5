import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable } from "node:stream";

/** A command in a process of its own: what it needs in memory is gone with it, and it can be stopped at any time. */
export interface Run {
  readonly out: Readable;
  readonly messages: Readable;
  /** The exit status; null: it was stopped. */
  readonly ended: Promise<number | null>;
  readonly stop: () => void;
}

export interface Runs {
  /** Waits for its turn. Null: too many wait already. */
  readonly start: (argv: readonly string[], folder: string) => Promise<Run | null>;
  readonly stopAll: () => void;
}

export interface RunLimits {
  readonly atOnce: number;
  readonly waiting: number;
  readonly seconds: number;
}

export const RUN_LIMITS: RunLimits = { atOnce: 2, waiting: 16, seconds: 600 };

/** @param program the file that Node runs: this very command */
export function runsOf(program: string, limits: RunLimits): Runs {
  const running = new Set<ChildProcessByStdio<null, Readable, Readable>>();
  const queue: (() => void)[] = [];
  let taken = 0;
  let isClosed = false;
  const free = (): void => {
    taken -= 1;
    queue.shift()?.();
  };
  return {
    start: async (argv, folder) => {
      if (taken >= limits.atOnce) {
        if (queue.length >= limits.waiting) return null;
        await new Promise<void>((resolve) => queue.push(resolve));
      }
      if (isClosed) return null;
      taken += 1;
      const child = spawn(process.execPath, [program, ...argv], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
      running.add(child);
      const stop = (): void => void child.kill("SIGKILL");
      const timer = setTimeout(stop, limits.seconds * 1000);
      const ended = new Promise<number | null>((resolve) => {
        const done = (status: number | null): void => {
          if (!running.delete(child)) return;
          clearTimeout(timer);
          free();
          resolve(status);
        };
        child.once("close", done);
        child.once("error", () => done(1));
      });
      return { out: child.stdout, messages: child.stderr, ended, stop };
    },
    stopAll: () => {
      isClosed = true;
      for (const child of running) child.kill("SIGKILL");
      for (const next of queue.splice(0)) next();
    },
  };
}
