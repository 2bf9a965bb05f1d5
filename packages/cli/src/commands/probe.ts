import {
  type End,
  type Ip,
  type Language,
  type Problem,
  parseIp,
  parseTarget,
  problemsJson,
  type Target,
} from "@seenas/core";
import { languageOf } from "../language.ts";
import { print, printJson, tellProblems } from "../output.ts";
import { HELLOS, type Hello, helloFor, protocolOf } from "../probe/hello.ts";
import * as problem from "../probe/problems.ts";
import { poolText, probeJson, triedText } from "../probe/report.ts";
import { ownSources, type Plan, poolsOf, runPlan, tries } from "../probe/run.ts";
import { type Parsed, PROBE_OPTIONS, parse } from "./options.ts";
import { probeUsage } from "./probe-usage.ts";
import { badUsage, numberIn, wrongTarget } from "./usage-problems.ts";

type Values = Extract<Parsed<typeof PROBE_OPTIONS>, { kind: "ok" }>["values"];

/** Of all sources and addresses together. */
const MOST_TRIES = 5000;

/** `seenas probe`: one hello from each address of this host, with a mark that the destination's log will show. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  const parsed = parse(argv, PROBE_OPTIONS);
  if (parsed.kind === "wrong") return refuse([badUsage(parsed.message, parsed.option)], {}, language);
  const { values, words } = parsed;
  if (values.help === true) {
    await print(probeUsage(language));
    return 0;
  }
  if (words.length > 0) return refuse([badUsage(`unexpected ${JSON.stringify(words[0])}`)], values, language);
  const planned = await planOf(values);
  if ("problems" in planned) return refuse(planned.problems, values, language);
  const { plan, port } = planned;
  const shows = values.json !== true && values.quiet !== true;
  const all = await runPlan(plan, async (tried) => {
    if (shows) await print(triedText(tried, plan, language));
  });
  if (values.json === true) await printJson(probeJson(plan, port, all, language));
  else if (plan.repeat > 1) for (const pool of poolsOf(all)) await print(poolText(pool, language));
  return all.some(({ heardBytes, result }) => heardBytes > 0 || result === "answered") ? 0 : 3;
}

async function refuse(problems: readonly Problem[], values: Partial<Values>, language: Language): Promise<number> {
  if (values.json === true) await printJson(problemsJson(problems, language));
  else await tellProblems(problems, values, language);
  return 2;
}

type Planned = { readonly plan: Plan; readonly port: number } | { readonly problems: readonly Problem[] };

async function planOf(values: Values): Promise<Planned> {
  const wrong: Problem[] = [];
  const target = values.to === undefined ? null : parseTarget(values.to);
  if (target === null) wrong.push(problem.noTarget());
  else if (target === undefined) wrong.push(wrongTarget(values.to ?? ""));
  else if (target.protocol === "icmp") wrong.push(problem.noIcmp());
  else if (target.port === null) wrong.push(problem.noTarget());
  const repeat = numberIn(["repeat", values.repeat], [1, 1, 1000], wrong);
  const perSecond = numberIn(["rate", values.rate], [1, 2, 20], wrong);
  const timeoutMs = 1000 * numberIn(["timeout", values.timeout], [1, 10, 60], wrong);
  if (!target || target.port === null || wrong.length > 0) return { problems: wrong };
  const hello = helloOf(values.hello, target);
  if (hello === undefined) return { problems: [problem.wrongHello(values.hello ?? "", HELLOS)] };
  const { port, name } = target;
  const addresses =
    target.address === null ? await (await import("../resolver.ts")).lookUp(name ?? "") : [target.address];
  if (addresses.length === 0) return { problems: [problem.unknownName(name ?? "")] };
  const to = [...new Set(addresses)].map((address): End => ({ address, port }));
  const sources = sourcesOf(values, to);
  if ("problems" in sources) return sources;
  const plan = { hello, to, name, sources: sources.all, repeat, perSecond, timeoutMs, witness: values.witness ?? null };
  const count = tries(plan);
  return count > MOST_TRIES ? { problems: [problem.tooMany(count, MOST_TRIES)] } : { plan, port };
}

/** A scheme says more than the port. */
function helloOf(word: string | undefined, target: Target): Hello | undefined {
  if (word === undefined) return helloFor(target);
  const hello = HELLOS.find((one) => one === word);
  return hello !== undefined && protocolOf(hello) === target.protocol ? hello : undefined;
}

function sourcesOf(
  values: Values,
  to: readonly End[],
): { readonly all: readonly (Ip | null)[] } | { readonly problems: readonly Problem[] } {
  const named = [...(values.from ?? []), ...(values.source ?? [])];
  const own = ownSources(to);
  if (named.length === 0) return { all: [null, ...own] };
  const wrong: Problem[] = [];
  const all = named.flatMap((word): readonly (Ip | null)[] => {
    if (word === "system") return [null];
    const ip = parseIp(word);
    if (ip === undefined) wrong.push(problem.notHere(word, own));
    return ip === undefined ? [] : [ip];
  });
  return wrong.length > 0 ? { problems: wrong } : { all };
}
