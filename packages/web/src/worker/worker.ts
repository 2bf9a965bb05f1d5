import type { Backend, Call, Told } from "../backend.ts";
import { inPageWords } from "./page-words.ts";
import { Session } from "./session.ts";

const tell = (told: Told): void => self.postMessage(told);
let current = 0;
const session: Backend = new Session((progress) => tell({ kind: "progress", id: current, progress }));

/** One after the other: a question is about the files that were given before it. */
let before: Promise<void> = Promise.resolve();

self.addEventListener("message", ({ data }: MessageEvent<Call>) => {
  before = before.then(() => answer(data));
});

async function answer({ id, method, args }: Call): Promise<void> {
  current = id;
  try {
    const run = session[method] as (...given: unknown[]) => Promise<unknown>;
    tell({ kind: "value", id, value: inPageWords(await run.apply(session, [...args])) });
  } catch (error) {
    tell({
      kind: "failed",
      id,
      message: error instanceof Error ? `${error.message}\n${error.stack ?? ""}` : String(error),
    });
  }
}
