import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Call } from "./calls.ts";
import type { Run } from "./runs.ts";
import type { Session } from "./session.ts";

/** More than this is no answer that a page can show at once. */
const ANSWER_BYTES = 64 << 20;
const MESSAGE_BYTES = 1 << 20;

/** `output` null: it was more than can be shown. `status` as the contract says; null: it was stopped. */
export interface Result {
  readonly status: number | null;
  readonly output: string | null;
  readonly messages: string;
}

export async function resultOf(run: Run): Promise<Result> {
  const [output, messages, status] = await Promise.all([
    read(run.out, ANSWER_BYTES),
    read(run.messages, MESSAGE_BYTES),
    run.ended,
  ]);
  return { status, output: output.isWhole ? output.text : null, messages: messages.text };
}

/** What a session tells of a call, a line each; the last is the value, or why there is none. */
export function linesOf(session: Session, call: Call): Response {
  const body = new Readable({ read: () => {} });
  void session.call(call, (told) => void body.push(`${JSON.stringify(told)}\n`)).then(() => body.push(null));
  return lined(body);
}

/**
 * What a command tells on its way, a line an object; without the last one it is not whole.
 *
 * @param adopt the files that it wrote, by the ids that they have from now on
 */
export function linesOfRun(
  run: Run,
  adopt: () => Promise<readonly { readonly name: string; readonly id: string }[]>,
): Response {
  const lines = async function* () {
    const output = read(run.out, ANSWER_BYTES);
    for await (const line of createInterface({ input: run.messages })) yield `${JSON.stringify({ progress: line })}\n`;
    const status = await run.ended;
    yield `${JSON.stringify({ status, files: await adopt(), output: (await output).text })}\n`;
  };
  const body = Readable.from(lines(), { objectMode: false });
  // Whoever leaves before the end stops the command.
  body.once("close", run.stop);
  return lined(body);
}

const lined = (body: Readable): Response =>
  new Response(Readable.toWeb(body) as ReadableStream<Uint8Array>, {
    headers: { "Content-Type": "application/x-ndjson; charset=utf-8" },
  });

async function read(stream: Readable, limit: number): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // The rest is read and let go, so that the command can end.
    if (bytes <= limit) chunks.push(chunk);
  }
  return { text: Buffer.concat(chunks).toString("utf8"), isWhole: bytes <= limit };
}
