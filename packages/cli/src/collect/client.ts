import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";

/** How one run of a provider's program ended. */
export type Ran =
  | { readonly kind: "ended"; readonly status: number; readonly output: string; readonly errors: string }
  | { readonly kind: "missing" }
  | { readonly kind: "stopped"; readonly why: "time" | "size" };

export interface Client {
  readonly program: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** No string of V8 can be longer than 2²⁹ characters. */
const MAX_OUTPUT_BYTES = 512_000_000;
const MAX_ERRORS_BYTES = 64_000;

/**
 * Runs it without a shell, an input or a terminal, so that a question ends it instead of waiting for ever; at the time limit it
 * is ended with all that it started. Never throws.
 */
export function runClient({ program, environment, timeoutMs }: Client, argv: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, argv, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
      // A session of its own has no terminal to ask on.
      detached: process.platform !== "win32",
    });
    watch(child);
    const output = collected(child.stdout, MAX_OUTPUT_BYTES, () => stop("size"));
    const errors = collected(child.stderr, MAX_ERRORS_BYTES, () => {});
    const stop = (why: "time" | "size"): void => {
      end(child);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({ kind: "stopped", why });
    };
    const timer = setTimeout(() => stop("time"), timeoutMs);
    child.on("error", () => {
      clearTimeout(timer);
      resolve({ kind: "missing" });
    });
    child.on("close", (status) => {
      clearTimeout(timer);
      resolve({ kind: "ended", status: status ?? 1, output: output(), errors: errors() });
    });
  });
}

const running = new Set<ChildProcess>();

/** Of a session of its own nobody else tells it that the user pressed Ctrl-C. */
function watch(child: ChildProcess): void {
  if (running.size === 0) for (const signal of SIGNALS) process.on(signal, endAll);
  running.add(child);
  const forget = (): void => {
    running.delete(child);
    if (running.size === 0) for (const signal of SIGNALS) process.off(signal, endAll);
  };
  child.once("close", forget).once("error", forget);
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function endAll(signal: NodeJS.Signals): void {
  for (const child of running) end(child);
  process.exit(128 + constants.signals[signal]);
}

function end(child: ChildProcess): void {
  try {
    if (process.platform === "win32" || child.pid === undefined) child.kill("SIGKILL");
    else process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended by itself.
  }
}

function collected(stream: NodeJS.ReadableStream, maxBytes: number, onFull: () => void): () => string {
  const kept: Buffer[] = [];
  let bytes = 0;
  stream.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes <= maxBytes) kept.push(piece);
    else onFull();
  });
  return () => Buffer.concat(kept).toString("utf8");
}
