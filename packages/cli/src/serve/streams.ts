import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Run } from "./runs.ts";

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

/** Lines as they come, then one more that says how it ended: without that one the answer is not whole. */
export function eventsOf(run: Run): Response {
  const lines = async function* () {
    const messages = read(run.messages, MESSAGE_BYTES);
    for await (const chunk of run.out) yield chunk;
    yield `${JSON.stringify({ schema: "seenas/end@1", status: await run.ended, messages: (await messages).text })}\n`;
  };
  return lined(lines(), run);
}

/** What a command tells on its way, a line an object; the last has the id of the folder that it wrote. */
export function textOf(run: Run, folder: string): Response {
  const lines = async function* () {
    const output = read(run.out, ANSWER_BYTES);
    for await (const line of createInterface({ input: run.messages })) yield `${JSON.stringify({ progress: line })}\n`;
    const end = { schema: "seenas/end@1", status: await run.ended, folder, output: (await output).text };
    yield `${JSON.stringify(end)}\n`;
  };
  return lined(lines(), run);
}

function lined(lines: AsyncGenerator<string | Buffer>, run: Run): Response {
  const body = Readable.from(lines, { objectMode: false });
  // Whoever leaves before the end stops the command.
  body.once("close", run.stop);
  return new Response(Readable.toWeb(body) as ReadableStream<Uint8Array>, {
    headers: { "Content-Type": "application/x-ndjson; charset=utf-8" },
  });
}

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
