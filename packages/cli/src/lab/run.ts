import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { listOf, openScenario } from "@seenas/core";
import { type Case, casesOf, compare } from "./cases.ts";
import { Lane } from "./lane.ts";
import { record } from "./record.ts";
import type { ScenarioFile } from "./scenarios.ts";

/** What one outcome of a scenario came to. */
export interface CaseResult {
  readonly answers: boolean;
  readonly sender: string;
  /** Open assumptions it was built on. */
  readonly assuming: readonly string[];
  readonly predicted: readonly { readonly kind: string; readonly addresses: readonly string[] }[];
  /** `failed`: the network was not built as planned, which is no answer. */
  readonly state: "agrees" | "differs" | "skipped" | "failed";
  readonly observed: readonly string[];
  readonly why: string | null;
}

export interface ScenarioResult {
  readonly id: string;
  readonly title: { readonly en: string; readonly zh: string };
  /** The worst of its cases; `skipped`: no part of the answer could be built. */
  readonly state: CaseResult["state"];
  readonly cases: readonly CaseResult[];
}

/** Connections for one outcome: enough to see more than one address of a pool. */
const CONNECTIONS = 4;

/** Scenarios side by side, each result as soon as it is there. */
export async function* runAll(
  files: readonly ScenarioFile[],
  jobs: number,
  keep: string | null = null,
): AsyncGenerator<ScenarioResult> {
  const waiting = [...files];
  const done: ScenarioResult[] = [];
  let wake = (): void => undefined;
  let open = jobs;
  const lanes = Array.from({ length: jobs }, (_, index) => new Lane(index));
  const drained = Promise.all(
    lanes.map(async (lane) => {
      await lane.open();
      for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
        done.push(await runOne(lane, file, keep));
        wake();
      }
      lane.close();
      open -= 1;
      wake();
    }),
  );
  while (open > 0 || done.length > 0) {
    const next = done.shift();
    if (next !== undefined) yield next;
    else
      await Promise.race([
        drained,
        new Promise<void>((resolve) => {
          wake = resolve;
        }),
      ]);
  }
  await drained;
}

export async function runOne(
  lane: Lane,
  { scenario, base }: ScenarioFile,
  keep: string | null = null,
): Promise<ScenarioResult> {
  const { id, title } = scenario;
  const opened = await openScenario(scenario, base);
  const cases: CaseResult[] = [];
  for (const one of casesOf(scenario, opened)) {
    const folder = keep === null ? null : join(keep, `${id.replaceAll("/", "-")}-${cases.length + 1}`);
    cases.push(await runCase(lane, one, folder));
  }
  return { id, title, state: stateOf(cases), cases };
}

function stateOf(cases: readonly CaseResult[]): CaseResult["state"] {
  if (cases.some(({ state }) => state === "differs")) return "differs";
  if (cases.some(({ state }) => state === "failed")) return "failed";
  return cases.some(({ state, answers }) => answers && state === "agrees") ? "agrees" : "skipped";
}

async function runCase(lane: Lane, one: Case, folder: string | null): Promise<CaseResult> {
  const { answers, sender, assumptions: assuming, plan } = one;
  const predicted = one.expected.map(({ identity: { kind, addresses } }) => ({ kind, addresses: listOf(addresses) }));
  const about = { answers, sender, assuming, predicted };
  if ("kind" in plan) return { ...about, state: "skipped", observed: [], why: plan.why };
  const isSingle = one.expected.every(
    ({ identity }) => identity.kind === "blocked" || listOf(identity.addresses).length === 1,
  );
  const probes = Array.from({ length: isSingle ? 1 : CONNECTIONS }, () => plan.probe);
  try {
    const look = folder === null ? undefined : (): Promise<void> => record(lane, plan, folder);
    const sightings = await lane.realise(plan, probes, look);
    const { agrees, seen } = compare(one, plan, sightings);
    if (folder !== null) writeFileSync(join(folder, "seen.json"), `${JSON.stringify(sightings, null, 2)}\n`);
    return { ...about, state: agrees ? "agrees" : "differs", observed: seen, why: null };
  } catch (error) {
    return { ...about, state: "failed", observed: [], why: error instanceof Error ? error.message : String(error) };
  }
}
