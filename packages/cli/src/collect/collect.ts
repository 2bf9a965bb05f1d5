import { readdirSync } from "node:fs";
import type { Problem } from "@seenas/core";
import { answerOf } from "./answer.ts";
import { cleanerOf } from "./clean.ts";
import { runClient } from "./client.ts";
import { type Command, typed } from "./command.ts";
import { inParallel } from "./in-parallel.ts";
import type { Entry, Manifest } from "./manifest.ts";
import { ASIDE, endsAll, keep, type Limits, perform, type Run, type Wanted, write } from "./perform.ts";
import * as problem from "./problems.ts";
import { elementsOf, type Place, type Task, taskOf } from "./tasks.ts";

export interface Collected {
  /** null: nothing could be run at all. */
  readonly manifest: Manifest | null;
  readonly problems: readonly Problem[];
}

/** Runs every command of a provider and writes what it answered. Never throws for what a program or a disk does. */
export async function collect(wanted: Wanted, limits: Limits, tell: (line: string) => void): Promise<Collected> {
  const { way: provider } = wanted;
  const { program, environment } = provider;
  const clean = cleanerOf(wanted.dropTags);
  const client = { program, environment, timeoutMs: limits.timeoutMs };
  const run: Run = { wanted, profile: null, provider, client, limits, tell, clean, entries: [], fatal: [] };
  if (!isEmptyFolder(wanted.out)) return { manifest: null, problems: [problem.outNotEmpty(wanted.out)] };
  const startedAt = new Date().toISOString();
  const { scopes, networks } = await collectEverything(run);
  if (run.entries.every(({ result }) => result === "not-run" || result === "login"))
    return { manifest: null, problems: run.fatal };
  for (const scope of scopes)
    run.entries.push(...run.provider.leftOut.map((command) => leftOutEntry(run, command, scope)));
  const entries = run.entries.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  const finishedAt = new Date().toISOString();
  const manifest: Manifest = {
    schema: "seenas/collected@1",
    provider: wanted.provider,
    scopes,
    startedAt,
    finishedAt,
    entries,
  };
  write(run, "manifest.json", manifest);
  const others = networks.filter((project) => !scopes.includes(project)).map(problem.otherProject);
  return { manifest, problems: [...run.fatal, ...entries.flatMap(toldOf), ...others] };
}

/** Every scope of every login; what came of each command is in the run's entries. */
async function collectEverything(
  run: Run,
): Promise<{ readonly scopes: readonly string[]; readonly networks: readonly string[] }> {
  const { profiles, scopes: named } = run.wanted;
  const logins = profiles.length === 0 ? [run] : profiles.map((profile) => withProfile(run, profile));
  const scopes: string[] = [];
  const networks = new Set<string>();
  for (const login of logins)
    for (const scope of named.length > 0 ? named : await askScope(login)) {
      scopes.push(labelOf(login, scope));
      for (const project of await collectScope(login, scope)) networks.add(project);
    }
  return { scopes, networks: [...networks] };
}

/** A variable, not a flag: it also tells which region the login is set to. */
const withProfile = (run: Run, profile: string): Run => ({
  ...run,
  profile,
  client: { ...run.client, environment: { ...run.client.environment, AWS_PROFILE: profile } },
});

const labelOf = ({ profile }: Run, scope: string): string => (profile === null ? scope : `${profile}/${scope}`);

function toldOf(entry: Entry): readonly Problem[] {
  if (entry.unknown === null || entry.result === "not-run" || entry.result === "login") return [];
  return [entry.result === "left-out" ? problem.leftOut(entry) : problem.notCollected(entry)];
}

const leftOutEntry = (run: Run, { id, argv, unknown, rights }: Command, scope: string): Entry => ({
  file: id,
  command: typed([run.provider.program, ...argv]),
  scope,
  at: new Date().toISOString(),
  result: "left-out",
  elements: null,
  attempts: 0,
  reason: null,
  unknown: unknown[run.wanted.language],
  rights,
});

function isEmptyFolder(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT";
  }
}

async function askScope(run: Run): Promise<readonly string[]> {
  if (run.provider.scope.ask === null) return [];
  const ran = await runClient(run.client, run.provider.scope.ask);
  const answer = answerOf(ran);
  run.fatal.push(...endsAll(run, answer));
  const scope = ran.kind === "ended" && ran.status === 0 ? (ran.output.trim().split("\n").at(-1)?.trim() ?? "") : "";
  if (run.fatal.length === 0 && !isScope(scope)) run.fatal.push(problem.noScope(run.provider));
  return isScope(scope) ? [scope] : [];
}

/** Ids as providers make them; anything else could be taken for a flag, a path or a piece of a script. */
export const isScope = (text: string): boolean => /^[A-Za-z0-9](?:[\w.:-]{0,100}[A-Za-z0-9])?$/.test(text);

/** @returns projects whose networks its VMs stand in */
async function collectScope(run: Run, scope: string): Promise<readonly string[]> {
  const { commands } = run.provider;
  const answers = new Map<string, unknown>();
  const place: Place = { scope, folder: labelOf(run, scope) };
  const first = commands.filter(({ each }) => each === null).map((command) => taskOf(run.provider, command, place));
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
    return elements.map((values) => taskOf(run.provider, command, place, values));
  });
  const lists = new Map<Command, unknown[][]>();
  await inParallel(following, run.limits.parallel, async (task) => {
    const answer = await perform(run, task);
    if (answer.kind !== "whole") return;
    if (task.command.each?.merged !== true) keep(run, task, answer);
    else if (Array.isArray(answer.value))
      lists.set(task.command, [...(lists.get(task.command) ?? []), [...answer.value]]);
  });
  for (const command of merged) keepMerged(run, command, place, following, lists.get(command) ?? []);
  return networkProjects(answers.get("instances"));
}

/** Of lists of which one did not come, the rest would read as everything. */
function keepMerged(
  run: Run,
  command: Command,
  place: Place,
  following: readonly Task[],
  lists: readonly (readonly unknown[])[],
): void {
  const asked = following.filter((task) => task.command === command).length;
  const task = taskOf(run.provider, command, place);
  const value = lists.flat();
  if (lists.length === asked) keep(run, task, { kind: "whole", value });
  else if (run.fatal.length === 0) write(run, `${ASIDE}/${task.file}`, run.clean.value(value));
}

/** With Shared VPC the network is another project's. */
const networkProjects = (instances: unknown): readonly string[] => [
  ...new Set(
    [...JSON.stringify(instances ?? null).matchAll(/"network":"[^"]*\/?projects\/([^/"]+)\//g)].map(
      ([, name]) => name ?? "",
    ),
  ),
];
