import { type Backend, backendOf } from "../backend.ts";
import type { Progress } from "../protocol.ts";
import { serverBackend } from "../server-backend.ts";
import { serverBase } from "./server.ts";
import { startWorker } from "./start-worker.ts";

/** `seenas serve` writes into the page that it is there; else everything is computed in the page. */
export function startBackend(onProgress: (progress: Progress) => void): Backend {
  const server = serverBase();
  return server === null ? backendOf(startWorker(), onProgress) : serverBackend(server, onProgress);
}
