import type { Problem } from "@seenas/core";
import { problemsJson } from "@seenas/core";
import { type Collected, collect, isScope } from "../collect/collect.ts";
import type { ProviderName } from "../collect/command.ts";
import { hostPowershell } from "../collect/host-powershell.ts";
import { hostScript } from "../collect/host-sh.ts";
import { LIMITS } from "../collect/perform.ts";
import * as problem from "../collect/problems.ts";
import { PROVIDERS, providerNamed } from "../collect/providers.ts";
import { cloudScript } from "../collect/script.ts";
import { languageOf } from "../language.ts";
import { print, printJson, tellProblems } from "../output.ts";
import { collectUsage } from "./collect-usage.ts";
import { COLLECT_OPTIONS, type Parsed, parse } from "./options.ts";
import { badUsage, wrongTarget } from "./usage-problems.ts";

type Values = Extract<Parsed<typeof COLLECT_OPTIONS>, { kind: "ok" }>["values"];
type Language = "en" | "zh";

/** `seenas collect gcp|azure|aws|host`: gathers what `--config` reads, or prints a script that does. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  const parsed = parse(withShell(argv), COLLECT_OPTIONS);
  if (parsed.kind === "wrong") return refuse([badUsage(parsed.message, parsed.option)], {}, language);
  const { values, words } = parsed;
  if (values.help === true) {
    await print(collectUsage(language));
    return 0;
  }
  const [what = null, ...rest] = words;
  if (rest.length > 0) return refuse([badUsage(`unexpected ${JSON.stringify(rest[0])}`)], values, language);
  if (what === "host") return host(values, language);
  const name = providerNamed(what ?? "");
  return name === undefined ? refuse([problem.whatToCollect(what)], values, language) : cloud(name, values, language);
}

const SHELLS = ["sh", "powershell"];

/** The shell behind `--print` may be left out. */
const withShell = (argv: readonly string[]): string[] =>
  argv.flatMap((word, index) => {
    const isShell = word === "--print" && SHELLS.includes(argv[index + 1] ?? "");
    if (word === "--print" && !isShell && (argv[index + 1] ?? "-").startsWith("-")) return ["--print=sh"];
    return [word];
  });

async function refuse(problems: readonly Problem[], values: Values, language: Language): Promise<number> {
  if (values.json === true) await printJson(problemsJson(problems, language));
  else await tellProblems(problems, values, language);
  return 2;
}

async function host(values: Values, language: Language): Promise<number> {
  const { print: shell, to } = values;
  if (shell === undefined) return refuse([problem.hostIsPrinted()], values, language);
  if (!SHELLS.includes(shell)) return refuse([problem.wrongShell(shell)], values, language);
  const target = to === undefined ? null : targetOf(to);
  if (target === undefined) return refuse([wrongTarget(to ?? "")], values, language);
  await print(shell === "sh" ? hostScript(target) : hostPowershell(target));
  return 0;
}

/** Only what names a host: it becomes part of a script. */
function targetOf(to: string): { readonly host: string; readonly port: number } | undefined {
  const found =
    /^(?:\[(?<six>[0-9A-Fa-f:.]{2,45})\]|(?<name>[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?)):(?<port>\d{1,5})$/.exec(
      to,
    );
  const port = Number(found?.groups?.["port"]);
  const name = found?.groups?.["six"] ?? found?.groups?.["name"];
  return name === undefined || port < 1 || port > 65_535 ? undefined : { host: name, port };
}

const SCOPE_FLAGS = ["project", "organization", "folder", "subscription", "management-group", "region"] as const;

async function cloud(name: ProviderName, values: Values, language: Language): Promise<number> {
  const ways = PROVIDERS[name];
  const given = SCOPE_FLAGS.filter((flag) => values[flag] !== undefined);
  const way = ways.find(({ scope }) => given.some((flag) => flag === scope.flag)) ?? ways[0];
  const scopes = [...new Set(given.flatMap((flag) => values[flag] ?? []))];
  const profiles = [...new Set(values.profile ?? [])];
  const wrong = wrongFlags(name, values, given);
  wrong.push(...scopes.filter((scope) => !isScope(scope)).map((scope) => problem.wrongScope(way.scope.flag, scope)));
  wrong.push(...profiles.filter((one) => !isScope(one)).map((one) => problem.wrongScope("profile", one)));
  if (wrong.length > 0) return refuse(wrong, values, language);
  const wanted = { provider: name, way, profiles, scopes, dropTags: values["drop-tags"] === true, language };
  if (values.print !== undefined) {
    await print(cloudScript(wanted));
    return 0;
  }
  const out = values.out ?? `seenas-export-${name}`;
  const tell = values.quiet === true ? () => {} : (line: string) => void process.stderr.write(`${line}\n`);
  const collected = await collect({ ...wanted, out }, LIMITS, tell);
  if (collected.manifest !== null && values.json === true) await printJson(collected.manifest);
  else if (collected.manifest !== null) await print(summary(collected, out, language));
  if (collected.manifest === null) return refuse(collected.problems, values, language);
  await tellProblems(collected.problems, values, language);
  return statusOf(collected.problems);
}

/** What a way of collecting never asks for is no failure of this run. */
function statusOf(problems: readonly Problem[]): number {
  if (problems.some(({ level }) => level === "error")) return 2;
  return problems.some(({ code }) => code !== "collect/left-out") ? 3 : 0;
}

function wrongFlags(name: ProviderName, values: Values, given: readonly string[]): Problem[] {
  const own = PROVIDERS[name].map(({ scope }) => scope.flag);
  const wrong = given.filter((flag) => !own.includes(flag)).map((flag) => problem.wrongFlag(flag, name, own));
  const right = given.filter((flag) => own.includes(flag));
  if (right.length > 1) wrong.push(problem.severalWays(right));
  if (values.profile !== undefined && name !== "aws") wrong.push(problem.wrongFlag("profile", name, own));
  if (values.print !== undefined && values.print !== "sh") wrong.push(problem.wrongShell(values.print));
  if (values.print !== undefined && values.profile !== undefined) wrong.push(problem.profilesAreLocal());
  return wrong;
}

function summary({ manifest }: Collected, out: string, language: Language): string {
  const entries = manifest?.entries ?? [];
  const asked = entries.filter(({ result }) => result !== "left-out");
  const written = asked.filter(({ result }) => result === "written").length;
  const words = {
    en: `${written} of ${asked.length} answers are in ${out}; manifest.json says what is not.\n`,
    zh: `${asked.length} 条命令中 ${written} 条的结果已写入 ${out}；manifest.json 说明缺少什么。\n`,
  };
  const next = {
    en: `Next:\n  seenas explain --from VM --to ADDRESS:PORT --config ${out}\n`,
    zh: `接下来：\n  seenas explain --from 虚拟机 --to 地址:端口 --config ${out}\n`,
  };
  return words[language] + (written === 0 ? "" : next[language]);
}
