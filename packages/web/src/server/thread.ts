import { openAsBlob } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import type { Backend, Call, Told } from "../backend.ts";
import type { GivenFile } from "../protocol.ts";
import { inPageWords } from "../worker/page-words.ts";
import { Session } from "../worker/session.ts";

/** A file on this machine. */
export interface LocalFile {
  readonly name: string;
  readonly side: GivenFile["side"];
  readonly path: string;
}

// The same session as in the page, in a thread of `seenas serve`. Files are read where they are, piece by piece.

const tell = (told: Told): void => parentPort?.postMessage(told);
let current = 0;
const session: Backend = new Session((progress) => tell({ kind: "progress", id: current, progress }));

const opened = (files: readonly LocalFile[]): Promise<readonly GivenFile[]> =>
  Promise.all(files.map(async ({ name, side, path }) => ({ name, side, content: await openAsBlob(path) })));

let before: Promise<unknown> = opened(workerData as readonly LocalFile[]).then((files) => session.add(files));

parentPort?.on("message", (call: Call) => {
  before = before.then(() => answer(call));
});

async function answer({ id, method, args }: Call): Promise<void> {
  current = id;
  try {
    const given = method === "add" ? [await opened(args[0] as readonly LocalFile[])] : args;
    const run = session[method] as (...words: readonly unknown[]) => Promise<unknown>;
    tell({ kind: "value", id, value: inPageWords(await run.apply(session, [...given])) });
  } catch (error) {
    tell({ kind: "failed", id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
