import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Draft, draftOf, scenarioOf } from "./draft.ts";
import { Lane } from "./lane.ts";
import { runOne, type ScenarioResult } from "./run.ts";

export interface Fuzzed {
  readonly tried: number;
  readonly skipped: number;
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

/** Generates, predicts, builds, sends, compares; what differs is made smaller and written into `folder`. */
export async function fuzz(seed: number, count: number, jobs: number, folder: string): Promise<Fuzzed> {
  let next = 0;
  let skipped = 0;
  const failed: ScenarioResult[] = [];
  const differing: Difference[] = [];
  const work = async (lane: Lane): Promise<void> => {
    await lane.open();
    while (next < count) {
      const draft = draftOf(seedOf(seed, next));
      next += 1;
      const result = await tried(lane, draft);
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
  return { tried: next, skipped, failed, differing };
}

const tried = (lane: Lane, draft: Draft): Promise<ScenarioResult> =>
  runOne(lane, { path: "", scenario: scenarioOf(draft), base: [] });

/** Leaves out one piece after the other as long as the difference stays. */
async function shrunk(lane: Lane, draft: Draft): Promise<Draft> {
  for (const smaller of smallerThan(draft))
    if ((await tried(lane, smaller)).state === "differs") return shrunk(lane, smaller);
  return draft;
}

const without = <T>(all: readonly T[], index: number): readonly T[] => all.filter((_, at) => at !== index);

function* smallerThan(draft: Draft): Generator<Draft> {
  const { rules, routes, interfaces } = draft;
  for (const index of rules.keys()) yield { ...draft, rules: without(rules, index) };
  for (const index of routes.keys()) yield { ...draft, routes: without(routes, index) };
  for (const [at, one] of interfaces.entries()) {
    const changed = (change: object): Draft => ({
      ...draft,
      interfaces: interfaces.map((other, index) => (index === at ? { ...other, ...change } : other)),
    });
    for (const index of one.routes.keys()) yield changed({ routes: without(one.routes, index) });
    if (one.extra.length > 0) yield changed({ extra: [] });
    if (one.addresses.length > 1) yield changed({ addresses: one.addresses.slice(0, 1) });
    if (one.checksSource) yield changed({ checksSource: false });
  }
  if (interfaces.length > 1) yield { ...draft, interfaces: interfaces.slice(0, -1) };
}

/** A YAML reader reads JSON, too. */
function written(draft: Draft, folder: string): string {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `fuzz-${draft.seed}.yaml`);
  writeFileSync(file, `${JSON.stringify(scenarioOf(draft), null, 2)}\n`);
  return file;
}
