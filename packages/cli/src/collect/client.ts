import { spawn } from "node:child_process";

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

/** Runs it without a shell and without an input, so that a question ends it instead of waiting for ever. Never throws. */
export function runClient({ program, environment, timeoutMs }: Client, argv: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(program, argv, {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...environment },
    });
    const output = collected(child.stdout, MAX_OUTPUT_BYTES, () => stop("size"));
    const errors = collected(child.stderr, MAX_ERRORS_BYTES, () => {});
    const stop = (why: "time" | "size"): void => {
      child.kill("SIGKILL");
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
