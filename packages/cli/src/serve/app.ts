import { type Context, Hono } from "hono";
import * as calls from "./calls.ts";
import type { Gate } from "./gate.ts";
import { type Guarded, headers, ownNameOnly, type Seen, sessionOnly } from "./guard.ts";
import type { Page } from "./page.ts";
import type { Run, Runs } from "./runs.ts";
import type { Sessions } from "./session.ts";
import { linesOf, linesOfRun, resultOf } from "./streams.ts";
import type { Uploads } from "./uploads.ts";

export interface AppOptions {
  readonly names: ReadonlySet<string>;
  readonly port: number;
  readonly page: Page;
  readonly store: string | null;
  readonly mayCollect: boolean;
  readonly door: Gate;
  readonly uploads: Uploads;
  /** null: the page computes by itself. */
  readonly sessions: Sessions | null;
  readonly runs: Runs;
  readonly newLink: () => string | null;
  readonly onNewLink: (link: string) => void;
}

type Asked = Context<Seen>;

/** A question is a few words, a list of partners some thousand lines; anything longer is neither. */
const QUESTION_BYTES = 4 << 20;
/** A new link is told this often at most, whoever knocks. */
const NEW_LINK_EVERY_MS = 10_000;

export function appOf(options: AppOptions): Hono<Seen> {
  const { page, names, port, door, store, mayCollect, uploads } = options;
  const tellNewLink = atMostEvery(NEW_LINK_EVERY_MS, () => {
    const link = options.newLink();
    if (link !== null) options.onNewLink(link);
    return link !== null;
  });
  const guarded: Guarded = { names, port, door, policy: page.policy, onUsedLink: tellNewLink };
  const app = new Hono<Seen>();
  app.use(headers(guarded), ownNameOnly(guarded), sessionOnly(guarded));
  for (const [path, { type, body }] of page.files)
    app.get(path, (context) => context.body(body, 200, { "Content-Type": type }));
  app.get("/api/session", (context) =>
    context.json({
      schema: "seenas/session@1",
      store,
      collect: mayCollect ? ["gcp", "azure", "aws"] : [],
    }),
  );
  app.post("/api/call", (context) => call(context, options));
  app.put("/api/files", (context) => keep(context, uploads));
  app.delete("/api/files/:id", async (context) =>
    (await uploads.drop(context.req.param("id"))) ? context.body(null, 204) : refuse(context, 404, "no such file"),
  );
  app.post("/api/logs", (context) => logs(context, options));
  app.post("/api/collect", (context) => collect(context, options));
  app.notFound((context) => context.text("There is nothing here.\n", 404));
  return app;
}

const refuse = (context: Asked, status: 400 | 403 | 404 | 413 | 503 | 507, error: string): Response =>
  context.json({ error }, status);

async function keep(context: Asked, uploads: Uploads): Promise<Response> {
  const name = context.req.query("name") ?? "";
  const kept = await uploads.keep(name, context.req.raw.body);
  switch (kept.kind) {
    case "kept":
      return context.json({ id: kept.id, name: kept.name, bytes: kept.bytes });
    case "too-large":
      return refuse(context, 413, `all files together may have ${kept.limit} bytes: see --upload-limit`);
    case "no-space":
      return refuse(context, 507, "the disk of the server is full");
    case "cut":
      return refuse(context, 400, "the file ended before its end");
    default:
      return kept satisfies never;
  }
}

async function call(context: Asked, { sessions, uploads }: AppOptions): Promise<Response> {
  if (sessions === null) return refuse(context, 404, "there are no sessions here");
  const read = calls.readCall(await jsonOf(context));
  if (read.kind === "wrong") return refuse(context, 400, read.why);
  const { method } = read.value;
  if (method !== "add") return linesOf(sessions.of(context.get("browser")), read.value);
  const sent = calls.readSent(read.value.args);
  if (sent.kind === "wrong") return refuse(context, 400, sent.why);
  const files = sent.value.map(({ name, side, id }) => ({ name, side, path: uploads.pathOf(id) }));
  if (files.some(({ path }) => path === null)) return refuse(context, 404, "no such file");
  return linesOf(sessions.of(context.get("browser")), { method, args: [files] });
}

/** The log store is asked by a command, which is gone with the memory that it took. */
async function logs(context: Asked, { store, runs, uploads }: AppOptions): Promise<Response> {
  if (store === null) return refuse(context, 404, "this server was started without --store");
  const read = calls.readLogsQuestion(await jsonOf(context));
  if (read.kind === "wrong") return refuse(context, 400, read.why);
  const run = await runs.start(calls.logsArguments(read.value, store), uploads.folder);
  if (run === null) return refuse(context, 503, "busy: too many questions wait");
  stopWhenGone(context, run);
  return context.json(await resultOf(run));
}

async function collect(context: Asked, { mayCollect, uploads, runs }: AppOptions): Promise<Response> {
  if (!mayCollect) return refuse(context, 403, "this server was not started for that");
  const read = calls.readCollectWish(await jsonOf(context));
  if (read.kind === "wrong") return refuse(context, 400, read.why);
  const folder = await uploads.newFolder(`seenas-export-${read.value.provider}`);
  const run = await runs.start(calls.collectArguments(read.value, folder), uploads.folder);
  if (run === null) return refuse(context, 503, "busy: too many questions wait");
  stopWhenGone(context, run);
  return linesOfRun(run, () => uploads.adopt(folder));
}

const stopWhenGone = (context: Asked, run: Run): void =>
  context.req.raw.signal.addEventListener("abort", run.stop, { once: true });

/** @returns undefined: no JSON, or too much of it. */
async function jsonOf(context: Asked): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of context.req.raw.body ?? []) {
    bytes += chunk.length;
    if (bytes > QUESTION_BYTES) return undefined;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    return undefined;
  }
}

/** @param act true: it did something */
function atMostEvery(ms: number, act: () => boolean): () => void {
  let last = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - last >= ms && act()) last = now;
  };
}
