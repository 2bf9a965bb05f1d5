import { mkdirSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { Problem } from "@seenas/core";
import { type Answer, answerOf } from "./answer.ts";
import { cleanerOf } from "./clean.ts";
import { type Client, runClient } from "./client.ts";
import type { Command, Provider, ProviderName } from "./command.ts";
import { inParallel } from "./in-parallel.ts";
import type { Entry, Manifest } from "./manifest.ts";
import * as problem from "./problems.ts";
import { PROVIDERS } from "./providers.ts";
import { countOf, elementsOf, type Task, taskOf } from "./tasks.ts";

export interface Wanted {
  readonly provider: ProviderName;
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

export interface Collected {
  /** null: nothing could be run at all. */
  readonly manifest: Manifest | null;
  readonly problems: readonly Problem[];
}

interface Run {
  readonly wanted: Wanted;
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
const ASIDE = ".part";

/** Runs every command of a provider and writes what it answered. Never throws for what a program or a disk does. */
export async function collect(wanted: Wanted, limits: Limits, tell: (line: string) => void): Promise<Collected> {
  const provider = PROVIDERS[wanted.provider];
  const { program, environment } = provider;
  const clean = cleanerOf(wanted.dropTags);
  const client = { program, environment, timeoutMs: limits.timeoutMs };
  const run: Run = { wanted, provider, client, limits, tell, clean, entries: [], fatal: [] };
  if (!isEmptyFolder(wanted.out)) return { manifest: null, problems: [problem.outNotEmpty(wanted.out)] };
  const scopes = wanted.scopes.length > 0 ? wanted.scopes : await askScope(run);
  if (scopes.length === 0 || run.fatal.length > 0) return { manifest: null, problems: run.fatal };
  const startedAt = new Date().toISOString();
  const networks = new Set<string>();
  for (const scope of scopes) for (const link of await collectScope(run, scope)) networks.add(link);
  if (run.fatal.length > 0 && run.entries.every(({ result }) => result === "not-run" || result === "login"))
    return { manifest: null, problems: run.fatal };
  const finishedAt = new Date().toISOString();
  const entries = run.entries.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  const manifest: Manifest = {
    schema: "seenas/collected@1",
    provider: wanted.provider,
    scopes,
    startedAt,
    finishedAt,
    entries,
  };
  write(run, "manifest.json", manifest);
  const others = [...networks].filter((project) => !scopes.includes(project)).map(problem.otherProject);
  return { manifest, problems: [...run.fatal, ...entries.flatMap(toldOf), ...others] };
}

const toldOf = (entry: Entry): readonly Problem[] =>
  entry.unknown === null || entry.result === "not-run" || entry.result === "login" ? [] : [problem.notCollected(entry)];

function isEmptyFolder(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
  }
}

async function askScope(run: Run): Promise<readonly string[]> {
  const ran = await runClient(run.client, run.provider.scope.ask);
  const answer = answerOf(ran);
  run.fatal.push(...endsAll(run, answer));
  const scope = ran.kind === "ended" && ran.status === 0 ? (ran.output.trim().split("\n").at(-1)?.trim() ?? "") : "";
  if (run.fatal.length === 0 && !isScope(scope)) run.fatal.push(problem.noScope(run.provider));
  return isScope(scope) ? [scope] : [];
}

/** Without its program, or a login, no other command would fare better. */
function endsAll({ provider, clean }: Run, answer: Answer): readonly Problem[] {
  if (answer.kind === "missing") return [problem.missingClient(provider.program)];
  return answer.kind === "login" ? [problem.loginNeeded(provider, clean.text(answer.reason))] : [];
}

/** Ids as providers make them; anything else could be taken for a flag, a path or a piece of a script. */
export const isScope = (text: string): boolean => /^[A-Za-z0-9](?:[\w.:-]{0,100}[A-Za-z0-9])?$/.test(text);

/** @returns projects whose networks its VMs stand in */
async function collectScope(run: Run, scope: string): Promise<readonly string[]> {
  const { commands } = run.provider;
  const answers = new Map<string, unknown>();
  const first = commands.filter(({ each }) => each === null).map((command) => taskOf(run.provider, command, scope));
  await inParallel(first, run.limits.parallel, async (task) => {
    const answer = await perform(run, task);
    if (answer.kind === "whole") {
      answers.set(task.command.id, answer.value);
      keep(run, task, answer);
    }
  });
  const merged: Command[] = [];
  const following = commands.flatMap((command) => {
    if (command.each === null || !answers.has(command.each.of)) return [];
    if (command.each.merged) merged.push(command);
    const elements = elementsOf(command.each, answers.get(command.each.of));
    return elements.map((values) => taskOf(run.provider, command, scope, values));
  });
  const lists = new Map<Command, unknown[][]>();
  await inParallel(following, run.limits.parallel, async (task) => {
    const answer = await perform(run, task);
    if (answer.kind !== "whole") return;
    if (task.command.each?.merged !== true) keep(run, task, answer);
    else if (Array.isArray(answer.value))
      lists.set(task.command, [...(lists.get(task.command) ?? []), [...answer.value]]);
  });
  for (const command of merged) keepMerged(run, command, scope, following, lists.get(command) ?? []);
  return networkProjects(answers.get("instances"));
}

/** Of lists of which one did not come, the rest would read as everything. */
function keepMerged(
  run: Run,
  command: Command,
  scope: string,
  following: readonly Task[],
  lists: readonly (readonly unknown[])[],
): void {
  const asked = following.filter((task) => task.command === command).length;
  const task = taskOf(run.provider, command, scope);
  const value = lists.flat();
  if (lists.length === asked) keep(run, task, { kind: "whole", value });
  else if (run.fatal.length === 0) write(run, `${ASIDE}/${task.file}`, run.clean.value(value));
}

/** Runs a task until it answers or is refused; notes what came of it, except of an answer that is whole. */
async function perform(run: Run, task: Task): Promise<Answer> {
  if (run.fatal.length > 0) {
    note(run, task, { kind: "failed", reason: "not run" }, 0);
    return { kind: "failed", reason: "not run" };
  }
  const { attempts, retryMs } = run.limits;
  for (let attempt = 1; ; attempt += 1) {
    const answer = answerOf(await runClient(run.client, task.argv));
    if (answer.kind === "rate-limited" && attempt < attempts) {
      await wait(retryMs * 2 ** (attempt - 1));
      continue;
    }
    if (run.fatal.length === 0) run.fatal.push(...endsAll(run, answer));
    if (answer.kind === "part") write(run, `${ASIDE}/${task.file}`, run.clean.value(answer.value));
    note(run, task, answer, attempt);
    return answer;
  }
}

const keep = (run: Run, task: Task, { value }: { readonly kind: "whole"; readonly value: unknown }): void =>
  write(run, task.file, run.clean.value(value));

function note(run: Run, task: Task, answer: Answer, attempts: number): void {
  const { command } = task;
  const isWhole = answer.kind === "whole";
  const result = isWhole ? "written" : attempts === 0 || answer.kind === "missing" ? "not-run" : answer.kind;
  const elements = answer.kind === "whole" || answer.kind === "part" ? countOf(answer.value) : null;
  const words = `${run.provider.program} ${task.argv.join(" ")}`;
  const reason = "reason" in answer ? run.clean.text(answer.reason) : null;
  run.entries.push({
    file: task.file,
    command: words,
    scope: task.scope,
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
function write(run: Run, file: string, value: unknown): void {
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

/** With Shared VPC the network is another project's. */
const networkProjects = (instances: unknown): readonly string[] => [
  ...new Set(
    [...JSON.stringify(instances ?? null).matchAll(/"network":"[^"]*\/?projects\/([^/"]+)\//g)].map(
      ([, name]) => name ?? "",
    ),
  ),
];
