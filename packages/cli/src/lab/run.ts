import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type EgressIdentity, listOf, openScenario, type Scenario } from "@seenas/core";
import { type Case, casesOf, compare, networkOf, type Seen } from "./cases.ts";
import { Lane } from "./lane.ts";
import type { MailServer } from "./mail.ts";
import type { Plan, Probe } from "./plan.ts";
import { POOL_STYLES, type PoolStyle } from "./pool.ts";
import { record, recordQuestion } from "./record.ts";
import type { ScenarioFile } from "./scenarios.ts";

export interface Predicted {
  readonly kind: string;
  readonly addresses: readonly string[];
  readonly translator: string | null;
}

/** What one outcome of a scenario came to. */
export interface CaseResult {
  readonly answers: boolean;
  readonly sender: string;
  /** Open assumptions it was built on. */
  readonly assuming: readonly string[];
  readonly predicted: readonly Predicted[];
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
/** A block of ports comes with one address for each client: these two stand for all. */
const TRIED_POOLS: readonly PoolStyle[] = ["in-turn", "port-blocks"];
/** Where some ways may end and others arrive: that all of these end by chance will not happen. */
const MANY_CONNECTIONS = 16;

/** Scenarios side by side, each result as soon as it is there. */
export async function* runAll(
  files: readonly ScenarioFile[],
  jobs: number,
  keep: string | null = null,
  mail: MailServer | null = null,
): AsyncGenerator<ScenarioResult> {
  const waiting = [...files];
  const done: ScenarioResult[] = [];
  let wake = (): void => undefined;
  let open = jobs;
  const lanes = Array.from({ length: jobs }, (_, index) => new Lane(index, mail));
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

export function runOne(
  lane: Lane,
  { scenario, base }: ScenarioFile,
  keep: string | null = null,
): Promise<ScenarioResult> {
  const sent = lane.mail === null ? scenario : asMail(scenario);
  return runTogether(lane, [sent], base, keep === null ? TRIED_POOLS : [POOL_STYLES[0]], keep);
}

/** Mail is sent to a port of mail: what a mail server logs says nothing of another service. */
function asMail(scenario: Scenario): Scenario {
  const { flow } = scenario;
  const port = flow.port !== undefined && MAIL_PORTS.includes(flow.port) ? flow.port : SUBMISSION;
  return { ...scenario, flow: { ...flow, protocol: "tcp", port } };
}

const SUBMISSION = 587;
const MAIL_PORTS: readonly number[] = [25, 465, SUBMISSION];

/** Scenarios that differ in what is sent, never in where it goes: what is built once is used by all of them. */
export async function runTogether(
  lane: Lane,
  scenarios: readonly [Scenario, ...Scenario[]],
  base: readonly unknown[],
  pools: readonly PoolStyle[],
  keep: string | null = null,
): Promise<ScenarioResult> {
  const [first] = scenarios;
  const opened = await openScenario(first, base);
  const cases = scenarios.flatMap((scenario) => casesOf(scenario, opened, pools));
  const named = keep === null ? null : join(keep, first.id.replaceAll("/", "-"));
  const trials = cases.flatMap((one, index) => trialsOf(one, index, named));
  for (const { folder } of trials) if (folder !== null) recordQuestion(first, base, folder);
  const observed: Observed[] = [];
  const failed = new Map<number, string>();
  for (const group of groupsOf(trials)) await runGroup(lane, group, observed, failed);
  const results = cases.map((one, index) =>
    resultOf(
      one,
      observed.filter((seen) => seen.index === index),
      failed.get(index) ?? null,
    ),
  );
  return { id: first.id, title: first.title, state: stateOf(results), cases: results };
}

/** Packets of one case through one of its networks. */
interface Trial {
  /** Of the case. */
  readonly index: number;
  readonly plan: Plan;
  readonly probes: readonly Probe[];
  readonly folder: string | null;
}

function connectionsFor({ kind, addresses }: EgressIdentity): number {
  if (kind === "unpredictable") return MANY_CONNECTIONS;
  return kind === "blocked" || listOf(addresses).length === 1 ? 1 : CONNECTIONS;
}

interface Observed extends Seen {
  readonly index: number;
}

function trialsOf({ plans, expected }: Case, index: number, named: string | null): readonly Trial[] {
  if ("kind" in plans) return [];
  const count = Math.max(...expected.map(({ identity }) => connectionsFor(identity)));
  const folder = named === null ? null : `${named}-${index + 1}`;
  return plans.map((plan) => ({ index, plan, probes: Array.from({ length: count }, () => plan.probe), folder }));
}

/** Those of one network are sent side by side, unless what tools show is kept of each. */
function groupsOf(trials: readonly Trial[]): readonly (readonly [Trial, ...Trial[]])[] {
  const groups = new Map<string, [Trial, ...Trial[]]>();
  for (const trial of trials) {
    const key = trial.folder ?? networkOf(trial.plan);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [trial]);
    else known.push(trial);
  }
  return [...groups.values()];
}

async function runGroup(
  lane: Lane,
  group: readonly [Trial, ...Trial[]],
  observed: Observed[],
  failed: Map<number, string>,
): Promise<void> {
  const [{ plan, folder }] = group;
  try {
    const look = folder === null ? undefined : (): Promise<void> => record(lane, plan, folder);
    const sightings = await lane.realise(
      plan,
      group.flatMap(({ probes }) => probes),
      look,
    );
    if (folder !== null) writeFileSync(join(folder, "seen.json"), `${JSON.stringify(sightings, null, 2)}\n`);
    const of = group.flatMap(({ index, probes }) => probes.map(() => index));
    for (const [nth, sighting] of sightings.entries())
      observed.push({ index: of[nth] ?? group[0].index, arrivals: plan.arrivals, sighting });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    for (const { index } of group) failed.set(index, why);
  }
}

function resultOf(one: Case, observed: readonly Observed[], failed: string | null): CaseResult {
  const { answers, sender, assumptions: assuming, plans } = one;
  const predicted = one.expected.map(({ identity: { kind, addresses, translator } }) => ({
    kind,
    addresses: listOf(addresses),
    translator,
  }));
  const about = { answers, sender, assuming, predicted };
  if ("kind" in plans) return { ...about, state: "skipped", observed: [], why: plans.why };
  if (failed !== null) return { ...about, state: "failed", observed: [], why: failed };
  const { agrees, seen } = compare(one, observed);
  return { ...about, state: agrees ? "agrees" : "differs", observed: seen, why: null };
}

function stateOf(cases: readonly CaseResult[]): CaseResult["state"] {
  if (cases.some(({ state }) => state === "differs")) return "differs";
  if (cases.some(({ state }) => state === "failed")) return "failed";
  return cases.some(({ state, answers }) => answers && state === "agrees") ? "agrees" : "skipped";
}
