import { mkdirSync } from "node:fs";
import { cpus } from "node:os";
import { resolve } from "node:path";
import { type Language, problemsJson } from "@seenas/core";
import { fuzz } from "../lab/fuzz.ts";
import { hasMail, MAIL_SERVERS, type MailServer } from "../lab/mail.ts";
import { resultText, summaryText } from "../lab/report.ts";
import { runAll, type ScenarioResult } from "../lab/run.ts";
import { isInside, missingHere, runInside, settleInside } from "../lab/sandbox.ts";
import { type ScenarioFile, scenarioFolder, scenariosAt, selected } from "../lab/scenarios.ts";
import { work } from "../lab/worker.ts";
import { languageOf } from "../language.ts";
import { print, printJson, tellProblems } from "../output.ts";
import { labUsage } from "./lab-usage.ts";
import { LAB_OPTIONS, parse } from "./options.ts";
import { badNumber, badUsage, labImpossible, noScenarios, noSuchMail, noSuchScenario } from "./usage-problems.ts";

interface Flags {
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly keep?: string | undefined;
  readonly mail?: string | undefined;
  readonly seed?: string | undefined;
  readonly first?: string | undefined;
  readonly count?: string | undefined;
  readonly jobs?: string | undefined;
}

/** `seenas lab run|fuzz`: predictions against real packets. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  // A process of the lab itself, inside a namespace that it made.
  if (argv[0] === "worker" && isInside()) return work(argv[1] === "sender" ? "sender" : "destination");
  const parsed = parse(argv, LAB_OPTIONS);
  if (parsed.kind === "wrong") return refuse(badUsage(parsed.message, parsed.option), {}, language);
  const { values, words } = parsed;
  const [what, ...names] = words;
  if (values.help === true || (what !== "run" && what !== "fuzz")) {
    await print(labUsage(language));
    return values.help === true ? 0 : 2;
  }
  for (const name of ["seed", "first", "count", "jobs"] as const)
    if (values[name] !== undefined && !/^\d{1,9}$/.test(values[name]))
      return refuse(badNumber(name, values[name]), values, language);
  const mail = mailOf(values);
  if (mail === undefined) return refuse(noSuchMail(values.mail ?? ""), values, language);
  const folder = scenarioFolder();
  const files = what === "fuzz" ? [] : selected(folder === null ? [] : scenariosAt(folder), names);
  if (typeof files === "string") return refuse(noSuchScenario(files), values, language);
  if (what === "run" && files.length === 0) return refuse(noScenarios, values, language);
  const count = what === "fuzz" ? countOf(values) : files.length;
  if (!isInside()) return start(argv, count, mail, values, language);
  settleInside();
  return what === "fuzz" ? runFuzz(values, language) : runScenarios(files, values, language);
}

/** Undefined: nobody has heard of it. */
const mailOf = ({ mail }: Flags): MailServer | null | undefined =>
  mail === undefined ? null : MAIL_SERVERS.find((server) => server === mail);

async function start(
  argv: readonly string[],
  count: number,
  mail: MailServer | null,
  flags: Flags,
  language: Language,
): Promise<number> {
  const missing = [...missingHere(), ...(mail === null || hasMail(mail) ? [] : [mail])];
  if (missing.length === 0) return runInside(argv);
  await refuse(labImpossible(missing, count), flags, language);
  return 3;
}

/** A mail server has its spool under one path: one network at a time. */
const jobsOf = ({ jobs, mail }: Flags): number =>
  mail === undefined ? Math.max(1, Number(jobs ?? 2 * cpus().length)) : 1;
const countOf = ({ count }: Flags): number => Number(count ?? 100);

async function runScenarios(files: readonly ScenarioFile[], flags: Flags, language: Language): Promise<number> {
  const begun = performance.now();
  const results: ScenarioResult[] = [];
  const keep = flags.keep === undefined ? null : resolve(flags.keep);
  if (keep !== null) mkdirSync(keep, { recursive: true });
  for await (const result of runAll(files, jobsOf(flags), keep, mailOf(flags))) {
    results.push(result);
    const isQuiet = flags.json === true || (flags.quiet === true && result.state === "agrees");
    if (!isQuiet) await print(`${resultText(result, language)}\n`);
  }
  if (flags.json === true) await printJson({ schema: "seenas/lab@1", results });
  else await print(`${summaryText(results, (performance.now() - begun) / 1000, language)}\n`);
  return results.some(({ state }) => state === "differs" || state === "failed") ? 1 : 0;
}

async function runFuzz(flags: Flags, language: Language): Promise<number> {
  const begun = performance.now();
  const seed = Number(flags.seed ?? 1);
  const draw = { seed, first: Number(flags.first ?? 0), count: countOf(flags) };
  const found = await fuzz(draw, jobsOf(flags), resolve(flags.keep ?? "lab-fuzz"));
  const results = [...found.differing.map(({ result }) => result), ...found.failed];
  if (flags.json === true) await printJson({ schema: "seenas/lab-fuzz@1", seed, ...found });
  else {
    for (const result of results) await print(`${resultText(result, language)}\n`);
    for (const { file } of found.differing) await print(`${file}\n`);
    await print(`${fuzzSummary(seed, found, (performance.now() - begun) / 1000, language)}\n`);
  }
  return results.length > 0 ? 1 : 0;
}

function fuzzSummary(
  seed: number,
  { tried, skipped, differing, failed }: Awaited<ReturnType<typeof fuzz>>,
  seconds: number,
  language: Language,
): string {
  const rate = Math.round((tried / seconds) * 60);
  return language === "zh"
    ? `种子 ${seed}：${tried} 个网络，${differing.length} 个不一致，${failed.length} 个失败，${skipped} 个跳过；每分钟 ${rate} 个`
    : `seed ${seed}: ${tried} networks, ${differing.length} differ, ${failed.length} failed, ${skipped} skipped; ${rate} a minute`;
}

async function refuse(
  problem: Parameters<typeof problemsJson>[0][number],
  flags: Flags,
  language: Language,
): Promise<number> {
  if (flags.json === true) await printJson(problemsJson([problem], language));
  else await tellProblems([problem], {}, language);
  return 2;
}
