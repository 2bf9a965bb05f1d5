import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { CloudRoute, Draft, DraftInterface } from "./draft/draft.ts";
import { draftOf, scenariosOf } from "./draft/generate.ts";
import { Lane } from "./lane.ts";
import { type CaseResult, runTogether, type ScenarioResult } from "./run.ts";

export interface Fuzzed {
  readonly tried: number;
  readonly skipped: number;
  /** How often each kind of answer, and who sets the source, was compared with the kernel. */
  readonly compared: Readonly<Record<string, number>>;
  readonly failed: readonly ScenarioResult[];
  /** Smallest networks that still differ. */
  readonly differing: readonly Difference[];
}

export interface Difference {
  /** Of the smallest network; what was seen at first where it did not differ again. */
  readonly result: ScenarioResult;
  readonly file: string;
  readonly isRepeatable: boolean;
}

/** Every seed is a network of its own: the n-th of a run can be had by itself. */
const seedOf = (seed: number, index: number): number => (Math.imul(seed, 1_000_003) + index) >>> 0;

/** Which networks: `count` of a seed's, from the `first` on (0: its very first). */
export interface Draw {
  readonly seed: number;
  readonly first: number;
  readonly count: number;
}

/** Generates, predicts, builds, sends, compares; what differs is made smaller and written into `folder`. */
export async function fuzz({ seed, first, count }: Draw, jobs: number, folder: string): Promise<Fuzzed> {
  let next = first;
  let skipped = 0;
  const compared: Record<string, number> = {};
  const failed: ScenarioResult[] = [];
  const differing: Difference[] = [];
  const work = async (lane: Lane): Promise<void> => {
    await lane.open();
    while (next < first + count) {
      const draft = draftOf(seedOf(seed, next));
      next += 1;
      const result = await tried(lane, draft);
      for (const kind of result.cases.flatMap(kindsIn)) compared[kind] = (compared[kind] ?? 0) + 1;
      if (result.state === "skipped") skipped += 1;
      if (result.state === "failed") failed.push(result);
      if (result.state !== "differs") continue;
      const smallest = await shrunk(lane, draft);
      const again = await tried(lane, smallest);
      const isRepeatable = again.state === "differs";
      differing.push({ result: isRepeatable ? again : result, file: written(smallest, folder), isRepeatable });
    }
    lane.close();
  };
  await Promise.all(Array.from({ length: jobs }, (_, index) => work(new Lane(index))));
  return { tried: next - first, skipped, compared, failed, differing };
}

/** Of several that will do, the first: enough to see that each kind is drawn. */
const kindsIn = ({ state, predicted: [first] }: CaseResult): readonly string[] =>
  first === undefined || state === "skipped"
    ? []
    : [first.translator === null ? first.kind : `${first.kind} ${first.translator}`];

const tried = (lane: Lane, draft: Draft): Promise<ScenarioResult> =>
  runTogether(lane, scenariosOf(draft), [], [draft.pool]);

/** Leaves out one piece after the other as long as the difference stays. */
async function shrunk(lane: Lane, draft: Draft): Promise<Draft> {
  for (const smaller of smallerThan(draft))
    if ((await tried(lane, smaller)).state === "differs") return shrunk(lane, smaller);
  return draft;
}

const without = <T>(all: readonly T[], index: number): readonly T[] => all.filter((_, at) => at !== index);

function* smallerThan(draft: Draft): Generator<Draft> {
  const { rules, routes, filter, interfaces, calls } = draft;
  const [call, ...others] = calls;
  if (others.length > 0) {
    yield { ...draft, calls: [call] };
    for (const other of others) yield { ...draft, calls: [other] };
  }
  for (const index of rules.keys()) yield { ...draft, rules: without(rules, index) };
  for (const index of routes.keys()) yield { ...draft, routes: without(routes, index) };
  for (const index of filter.keys()) yield { ...draft, filter: without(filter, index) };
  if (draft.hasPeer) yield { ...draft, hasPeer: false };
  for (const [at, one] of interfaces.entries())
    for (const change of smallerInterfaces(one))
      yield {
        ...draft,
        interfaces: interfaces.map((other, index) => (index === at ? { ...other, ...change } : other)),
      };
  if (interfaces.length > 1) yield { ...draft, interfaces: interfaces.slice(0, -1) };
}

function* smallerInterfaces(one: DraftInterface): Generator<Partial<DraftInterface>> {
  const { routes, extra, addresses, publics, checksSource, gateway, gatewayRules, frontends, denied } = one;
  for (const index of routes.keys()) yield { routes: without<CloudRoute>(routes, index) };
  if (extra.length > 0) yield { extra: [] };
  if (addresses.length > 1) yield { addresses: addresses.slice(0, 1), publics: publics.slice(0, 1) };
  if (publics.some((address) => address !== null)) yield { publics: publics.map(() => null) };
  if (checksSource) yield { checksSource: false };
  if (gateway > 0) yield { gateway: gateway - 1 };
  if (gatewayRules.length > 0) yield { gatewayRules: [] };
  if (frontends > 0) yield { frontends: frontends - 1 };
  if (denied !== null) yield { denied: null };
}

/** A YAML reader reads JSON, too. */
function written(draft: Draft, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `fuzz-${draft.seed}.yaml`);
  writeFileSync(file, `${JSON.stringify(scenariosOf(draft)[0], null, 2)}\n`);
  return file;
}
