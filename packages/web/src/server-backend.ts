import type { Backend, Told } from "./backend.ts";
import { METHODS } from "./backend.ts";
import type { GivenFile, Progress } from "./protocol.ts";

/** Nobody answers any more: the server ended, or this machine lost it. */
export class ServerGone extends Error {}

const reach = (...asked: Parameters<typeof fetch>): Promise<Response> =>
  fetch(...asked).catch((error: unknown) => {
    throw new ServerGone(String(error));
  });

/** A file that the server has already, by the id that it gave. */
export interface ServerFile {
  readonly name: string;
  readonly side: GivenFile["side"];
  readonly id: string;
}

/**
 * The methods of a backend behind `seenas serve`: files are sent there once, and everything is computed there, in as much
 * memory as the machine has.
 *
 * @param base where it answers, on this page's own origin: `/api`
 */
export function serverBackend(base: string, onProgress: (progress: Progress) => void): Backend {
  const call = (method: keyof Backend, args: readonly unknown[]): Promise<unknown> =>
    answered(base, { method, args }, onProgress);
  const methods = METHODS.map((method) => [method, (...args: readonly unknown[]) => call(method, args)]);
  const backend = Object.fromEntries(methods) as unknown as Backend;
  const add = async (files: readonly GivenFile[]) => {
    const sent: ServerFile[] = [];
    for (const file of files) sent.push(await send(base, file));
    return call("add", [sent]) as ReturnType<Backend["add"]>;
  };
  return { ...backend, add };
}

async function send(base: string, { name, side, content }: GivenFile): Promise<ServerFile> {
  const response = await reach(`${base}/files?name=${encodeURIComponent(name)}`, { method: "PUT", body: content });
  const kept = (await response.json()) as { readonly id?: string; readonly error?: string };
  if (kept.id === undefined) throw new Error(`${name}: ${kept.error ?? response.status}`);
  return { name, side, id: kept.id };
}

/** The server tells how far it is, line by line, and then the value. */
async function answered(base: string, call: object, onProgress: (progress: Progress) => void): Promise<unknown> {
  const response = await reach(`${base}/call`, { method: "POST", body: JSON.stringify(call) });
  if (response.body === null || !response.ok) throw new Error(await response.text());
  for await (const told of toldIn(response.body)) {
    if (told.kind === "progress") onProgress(told.progress);
    else if (told.kind === "value") return told.value;
    else throw new Error(told.message);
  }
  throw new ServerGone("it ended before it answered");
}

/** What the server can do beside the page's own work. */
export interface ServerOffers {
  /** Its log store; null: it was started without one. */
  readonly store: string | null;
  /** Clouds whose own command line it may run. */
  readonly collect: readonly string[];
}

export const offersOf = async (base: string): Promise<ServerOffers> =>
  (await (await fetch(`${base}/session`)).json()) as ServerOffers;

/** What a command that collects tells on its way; the last has the files that it wrote. */
export interface CollectTold {
  readonly progress?: string;
  readonly status?: number | null;
  readonly files?: readonly { readonly name: string; readonly id: string }[];
}

export async function* collect(
  base: string,
  wish: { readonly provider: string; readonly scopes: readonly string[]; readonly lang: string },
): AsyncGenerator<CollectTold> {
  const response = await reach(`${base}/collect`, { method: "POST", body: JSON.stringify(wish) });
  if (response.body === null || !response.ok) throw new Error(await response.text());
  for await (const told of toldIn(response.body)) yield told as unknown as CollectTold;
}

/** Files that the server has already, as it calls them, become a part of the session. */
export const addFromServer = (
  base: string,
  files: readonly ServerFile[],
  onProgress: (progress: Progress) => void,
): Promise<unknown> => answered(base, { method: "add", args: [files] }, onProgress);

/** What `seenas logs … --json` prints. */
export interface LogAnswer {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly limits: readonly { readonly id: string; readonly text: string }[];
}

export interface LogsAsked {
  readonly answer: LogAnswer | null;
  readonly messages: string;
}

export async function askLogs(base: string, question: Readonly<Record<string, string>>): Promise<LogsAsked> {
  const response = await reach(`${base}/logs`, { method: "POST", body: JSON.stringify(question) });
  const told = (await response.json()) as {
    readonly output?: string | null;
    readonly messages?: string;
    readonly error?: string;
  };
  const { output } = told;
  return {
    answer: output === null || output === undefined || output === "" ? null : (JSON.parse(output) as LogAnswer),
    messages: told.error ?? told.messages ?? "",
  };
}

async function* toldIn(body: ReadableStream<Uint8Array>): AsyncGenerator<Told> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const lines = `${rest}${decoder.decode(value, { stream: true })}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield JSON.parse(line) as Told;
  }
}
