/** The worker from its own file, as `seenas serve` hands it out. The plain file has `start-worker.plain.ts` in its place. */
export const startWorker = (): Worker =>
  new Worker(new URL("../worker/worker.ts", import.meta.url), { type: "module", name: "seenas" });
