import { type Context, Hono } from "hono";
import * as v from "valibot";
import { type Ask, argumentsOf, COLLECT, type Given, readAsk } from "./asks.ts";
import type { Gate } from "./gate.ts";
import { type Guarded, headers, ownNameOnly, sessionOnly } from "./guard.ts";
import type { Page } from "./page.ts";
import type { Run, Runs } from "./runs.ts";
import { eventsOf, resultOf, textOf } from "./streams.ts";
import type { Uploads } from "./uploads.ts";

export interface AppOptions {
  readonly names: ReadonlySet<string>;
  readonly port: number;
  readonly page: Page;
  readonly given: Given;
  readonly mayCollect: boolean;
  readonly door: Gate;
  readonly uploads: Uploads;
  readonly runs: Runs;
  readonly newLink: () => string | null;
  readonly onNewLink: (link: string) => void;
}

/** A question is a few words; anything longer is none. */
const QUESTION_BYTES = 1 << 20;
/** A new link is told this often at most, whoever knocks. */
const NEW_LINK_EVERY_MS = 10_000;

export function appOf(options: AppOptions): Hono {
  const { page, names, port, door, given, mayCollect, uploads } = options;
  const tellNewLink = atMostEvery(NEW_LINK_EVERY_MS, () => {
    const link = options.newLink();
    if (link !== null) options.onNewLink(link);
    return link !== null;
  });
  const guarded: Guarded = { names, port, door, policy: page.policy, onUsedLink: tellNewLink };
  const app = new Hono();
  app.use(headers(guarded), ownNameOnly(guarded), sessionOnly(guarded));
  app.get("/", (context) => context.html(page.html));
  app.get("/api/session", (context) =>
    context.json({
      schema: "seenas/session@1",
      config: given.config.map((name, index) => ({ id: `config:${index}`, name })),
      evidence: given.evidence.map((name, index) => ({ id: `evidence:${index}`, name })),
      store: given.store,
      collect: mayCollect ? ["gcp", "azure", "aws"] : [],
    }),
  );
  app.post("/api/ask", (context) => answer(context, options));
  app.put("/api/files", (context) => keep(context, uploads));
  app.delete("/api/files/:id", async (context) =>
    (await uploads.drop(context.req.param("id")))
      ? context.body(null, 204)
      : context.json({ error: "no such file" }, 404),
  );
  app.post("/api/collect", (context) => collect(context, options));
  app.notFound((context) => context.text("There is nothing here.\n", 404));
  return app;
}

async function keep(context: Context, uploads: Uploads): Promise<Response> {
  const name = context.req.query("name") ?? "";
  const kept = await uploads.keep(name, context.req.raw.body);
  switch (kept.kind) {
    case "kept":
      return context.json({ id: kept.id, name: kept.name, bytes: kept.bytes });
    case "too-large":
      return context.json({ error: `all files together may have ${kept.limit} bytes: see --upload-limit` }, 413);
    case "no-space":
      return context.json({ error: "the disk of the server is full" }, 507);
    case "cut":
      return context.json({ error: "the file ended before its end" }, 400);
    default:
      return kept satisfies never;
  }
}

async function answer(context: Context, { given, uploads, runs }: AppOptions): Promise<Response> {
  const body = await jsonOf(context);
  if (body === undefined) return context.json({ error: "expected JSON of at most 1 MiB" }, 400);
  const read = readAsk(body);
  if (read.kind === "wrong") return context.json({ error: `${read.where}: ${read.why}` }, 400);
  const words = argumentsOf(read.ask, given, uploads);
  if (words.kind === "no-file") return context.json({ error: `no such file: ${words.id}` }, 404);
  const run = await runs.start(words.argv, uploads.folder);
  if (run === null) return context.json({ error: "busy: too many questions wait" }, 503);
  stopWhenGone(context, run);
  return isStreamed(read.ask) ? eventsOf(run) : context.json(await resultOf(run));
}

/** Answers of an estate are lines, and may be millions. */
const isStreamed = ({ command }: Ask): boolean => command === "map" || command === "diff";

async function collect(context: Context, { mayCollect, uploads, runs }: AppOptions): Promise<Response> {
  if (!mayCollect) return context.json({ error: "this server was not started for that" }, 403);
  const read = v.safeParse(COLLECT, await jsonOf(context));
  if (!read.success) return context.json({ error: read.issues[0].message }, 400);
  const { provider, scopes, lang } = read.output;
  const flag = { gcp: "project", azure: "subscription", aws: "region" }[provider];
  const folder = await uploads.newFolder(`seenas-export-${provider}`);
  const argv = [
    "collect",
    provider,
    `--lang=${lang}`,
    `--out=${folder.path}`,
    ...scopes.map((one) => `--${flag}=${one}`),
  ];
  const run = await runs.start(argv, uploads.folder);
  if (run === null) return context.json({ error: "busy: too many questions wait" }, 503);
  stopWhenGone(context, run);
  return textOf(run, folder.id);
}

const stopWhenGone = (context: Context, run: Run): void =>
  context.req.raw.signal.addEventListener("abort", run.stop, { once: true });

/** @returns undefined: no JSON, or too much of it. */
async function jsonOf(context: Context): Promise<unknown> {
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
