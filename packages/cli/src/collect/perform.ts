import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Problem } from "@seenas/core";
import { type Answer, answerOf } from "./answer.ts";
import type { cleanerOf } from "./clean.ts";
import { type Client, runClient } from "./client.ts";
import { filled, type Pages, type Provider, type ProviderName, typed } from "./command.ts";
import type { Entry } from "./manifest.ts";
import * as problem from "./problems.ts";
import { countOf, listIn, type Task, tokenIn } from "./tasks.ts";

export interface Wanted {
  readonly provider: ProviderName;
  readonly way: Provider;
  /** Logins of AWS by name, each asked for every scope; none: the one that is set. */
  readonly profiles: readonly string[];
  /** None: the one that the provider's program is set to. */
  readonly scopes: readonly string[];
  readonly out: string;
  readonly dropTags: boolean;
  readonly language: "en" | "zh";
}

export interface Limits {
  readonly parallel: number;
  readonly attempts: number;
  /** Before the second attempt; doubled for each further one. */
  readonly retryMs: number;
  readonly timeoutMs: number;
}

export const LIMITS: Limits = { parallel: 4, attempts: 5, retryMs: 1000, timeoutMs: 300_000 };

export interface Run {
  readonly wanted: Wanted;
  readonly profile: string | null;
  readonly provider: Provider;
  readonly client: Client;
  readonly limits: Limits;
  readonly tell: (line: string) => void;
  readonly clean: ReturnType<typeof cleanerOf>;
  readonly entries: Entry[];
  /** What ends everything: no login, no program, no room. */
  readonly fatal: Problem[];
}

/** Where what is not everything is kept: folders with a dot before their names are not read. */
export const ASIDE = ".part";

/** Without its program, or a login, no other command would fare better. */
export function endsAll({ provider, clean }: Run, answer: Answer): readonly Problem[] {
  if (answer.kind === "missing") return [problem.missingClient(provider.program)];
  return answer.kind === "login" ? [problem.loginNeeded(provider, clean.text(answer.reason))] : [];
}

/** Runs a task until it answers or is refused, page by page; notes what came of it. */
export async function perform(run: Run, task: Task): Promise<Answer> {
  if (run.fatal.length > 0) {
    note(run, task, { kind: "failed", reason: "not run" }, 0);
    return { kind: "failed", reason: "not run" };
  }
  const first = await attempted(run, task.argv);
  const { pages } = task.command;
  const answer = pages === null ? first.answer : await following(run, task.argv, pages, first.answer);
  if (run.fatal.length === 0) run.fatal.push(...endsAll(run, answer));
  if (answer.kind === "part") write(run, `${ASIDE}/${task.file}`, run.clean.value(answer.value));
  note(run, task, answer, first.attempts);
  return answer;
}

interface Attempted {
  readonly answer: Answer;
  readonly attempts: number;
}

/** Until it is no longer told to slow down. */
async function attempted(run: Run, argv: readonly string[]): Promise<Attempted> {
  const { attempts, retryMs } = run.limits;
  for (let attempt = 1; ; attempt += 1) {
    const answer = answerOf(await runClient(run.client, argv));
    if (answer.kind !== "rate-limited" || attempt >= attempts) return { answer, attempts: attempt };
    await wait(retryMs * 2 ** (attempt - 1));
  }
}

/** A list of which one page did not come is a part of it. */
async function following(run: Run, argv: readonly string[], pages: Pages, first: Answer): Promise<Answer> {
  const tokens = new Set<string>();
  const list: unknown[] = [];
  let answer = first;
  while (answer.kind === "whole") {
    list.push(...listIn(answer.value, pages.list));
    const token = tokenIn(answer.value, pages.token);
    if (token === "") return { kind: "whole", value: { [pages.list]: list } };
    if (tokens.has(token)) return partOf(list, pages, "it named the same page twice");
    tokens.add(token);
    answer = (await attempted(run, [...argv, filled(pages.argv, { token })])).answer;
  }
  return list.length === 0 ? answer : partOf(list, pages, "reason" in answer ? answer.reason : "it ended half-way");
}

const partOf = (list: readonly unknown[], pages: Pages, reason: string): Answer => ({
  kind: "part",
  value: { [pages.list]: list },
  reason,
});

export const keep = (run: Run, task: Task, { value }: { readonly kind: "whole"; readonly value: unknown }): void =>
  write(run, task.file, run.clean.value(value));

function note(run: Run, task: Task, answer: Answer, attempts: number): void {
  const { command } = task;
  const isWhole = answer.kind === "whole";
  const result = isWhole ? "written" : attempts === 0 || answer.kind === "missing" ? "not-run" : answer.kind;
  const elements = answer.kind === "whole" || answer.kind === "part" ? countOf(answer.value) : null;
  const words = typed([run.provider.program, ...task.argv]);
  const reason = "reason" in answer ? run.clean.text(answer.reason) : null;
  run.entries.push({
    file: task.file,
    command: words,
    scope: task.place.folder,
    at: new Date().toISOString(),
    result,
    elements,
    attempts,
    reason,
    unknown: isWhole ? null : command.unknown[run.wanted.language],
    rights: isWhole ? [] : command.rights,
  });
  if (attempts > 0) run.tell(`${isWhole ? "ok" : result} ${words}${elements === null ? "" : ` (${elements})`}`);
}

/** Written beside and renamed, so that a file that is there is whole. */
export function write(run: Run, file: string, value: unknown): void {
  const path = join(run.wanted.out, file);
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const beside = join(dirname(path), `.${basename(path)}`);
    writeFileSync(beside, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(beside, path);
  } catch (error) {
    run.fatal.push(problem.cannotWrite(path, error instanceof Error ? error.message : String(error)));
  }
}
