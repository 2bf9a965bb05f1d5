import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import {
  type Explained,
  exitStatusOf,
  explain,
  groupJson,
  groupText,
  type Language,
  needsResolver,
  type Problem,
  parseIp,
  parseTarget,
  problemsJson,
  takeIn,
  verdictJson,
  verdictText,
} from "@seenas/core";
import { loadInputs } from "../inputs.ts";
import { languageOf } from "../language.ts";
import { print, printJson, tellProblems, textOptions } from "../output.ts";
import { EXPLAIN_OPTIONS, parse } from "./options.ts";
import { usageText } from "./usage.ts";
import { badUsage, wrongAt, wrongLanguage, wrongSource, wrongTarget } from "./usage-problems.ts";
import { vantagesOf } from "./vantage.ts";

interface Flags {
  readonly from?: string | undefined;
  readonly source?: string | undefined;
  readonly to?: string | undefined;
  readonly config?: readonly string[] | undefined;
  readonly evidence?: readonly string[] | undefined;
  readonly vantage?: readonly string[] | undefined;
  readonly at?: string | undefined;
  readonly lang?: string | undefined;
  readonly json?: boolean | undefined;
  readonly quiet?: boolean | undefined;
  readonly verbose?: boolean | undefined;
  readonly "no-color"?: boolean | undefined;
}

/** `seenas explain`: the verdict for one flow. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  const parsed = parse(argv, EXPLAIN_OPTIONS);
  if (parsed.kind === "wrong") return refuse([badUsage(parsed.message, parsed.option)], {}, language);
  const { values, words } = parsed;
  if (values.help === true) return shown(usageText("explain", language));
  if (words.length > 0) return refuse([badUsage(`unexpected ${JSON.stringify(words[0])}`)], values, language);
  const flags: Flags = values.example === true ? { ...exampleFlags(), ...values } : values;
  if (flags.to === undefined && flags.config === undefined && flags.evidence === undefined)
    return shown(usageText("explain", language), 2);
  return answer(flags, language, values.example === true);
}

async function answer(flags: Flags, language: Language, isExample: boolean): Promise<number> {
  const to = flags.to === undefined ? null : parseTarget(flags.to);
  const source = flags.source === undefined ? null : parseIp(flags.source);
  const vantages = vantagesOf(flags.vantage ?? []);
  const wrong: Problem[] = [...vantages.problems];
  if (to === undefined) wrong.push(wrongTarget(flags.to ?? ""));
  if (source === undefined) wrong.push(wrongSource(flags.source ?? ""));
  if (flags.at !== undefined && !isTime(flags.at)) wrong.push(wrongAt(flags.at));
  if (flags.lang !== undefined && flags.lang !== "en" && flags.lang !== "zh") wrong.push(wrongLanguage(flags.lang));
  if (wrong.length > 0 || to === undefined || source === undefined) return refuse(wrong, flags, language);

  const loaded = await loadInputs(flags.config ?? [], flags.evidence ?? [], flags.quiet === true, language);
  const unread = [...loaded.fatal, ...vantages.strays(loaded.files.map(({ name }) => name))];
  if (unread.length > 0) return refuse(unread, flags, language);
  const taken = await takeIn(loaded.files, vantages.of);
  const hasQuestion = to !== null && taken.estate !== null && needsResolver(to, taken.evidence);
  const resolved = hasQuestion && to.name !== null ? await (await import("../resolver.ts")).lookUp(to.name) : [];
  const explained = explain({
    estate: taken.estate ?? (flags.config === undefined ? null : { hosts: [], groups: [] }),
    guests: taken.guests,
    evidence: taken.evidence,
    from: flags.from ?? null,
    source,
    to,
    at: flags.at ?? null,
    resolved,
    problems: [...loaded.problems, ...taken.problems],
  });
  return show(explained, [...loaded.problems, ...taken.problems], flags, language, isExample);
}

async function show(
  explained: Explained,
  problems: readonly Problem[],
  flags: Flags,
  language: Language,
  isExample: boolean,
): Promise<number> {
  switch (explained.kind) {
    case "refused":
      return refuse([...problems, ...explained.problems], flags, language);
    case "group": {
      const { name, verdict } = explained;
      if (flags.json === true) await printJson(groupJson(name, verdict, language));
      else {
        if (flags.quiet !== true) await tellProblems(verdict.problems, flags, language);
        await print(groupText(name, verdict, textOptions(flags, language, "stdout")));
      }
      return exitStatusOf(verdict);
    }
    case "verdict": {
      const { verdict } = explained;
      if (flags.json === true) await printJson(verdictJson(verdict, language));
      else {
        if (flags.quiet !== true) await tellProblems(verdict.problems, flags, language);
        await print(verdictText(verdict, textOptions(flags, language, "stdout")));
        if (isExample) await print(afterExample(language));
      }
      return exitStatusOf(verdict);
    }
    default:
      return explained satisfies never;
  }
}

async function refuse(problems: readonly Problem[], flags: Flags, language: Language): Promise<number> {
  if (flags.json === true) await printJson(problemsJson(problems, language));
  else await tellProblems(problems, flags, language);
  return 2;
}

async function shown(text: string, status = 0): Promise<number> {
  await print(text);
  return status;
}

/** RFC 3339, with a date that exists. */
const isTime = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:\d{2})$/.test(text) &&
  !Number.isNaN(Date.parse(text.replace(" ", "T")));

/** The bundled shared-VPC mail example stands beside the code, in the checkout and in the package alike. */
function exampleFlags(): Flags {
  const here = join(import.meta.dirname, "..");
  const folder =
    [join(here, "example"), join(here, "../example")].find((path) => existsSync(path)) ?? join(here, "example");
  return {
    from: "l3-proxy",
    to: "mail.partner.example:25",
    config: [relative(process.cwd(), join(folder, "export"))],
    evidence: [relative(process.cwd(), join(folder, "evidence"))],
  };
}

const afterExample = (language: Language): string =>
  language === "zh"
    ? `
这是随附示例：共享 VPC 中的代理经专线向合作方邮件服务器发信。接下来可以：
  npx seenas explain --example --json          同一结论，机器可读
  npx seenas explain --example --verbose       每一步的来源
  npx seenas read FILE                         您手上的任何证据
  npx seenas explain --from 虚拟机 --to 地址:端口 --config ./export
`
    : `
That was the bundled example: a proxy in a Shared VPC mails a partner over the interconnect. Next:
  npx seenas explain --example --json          the same verdict for a machine
  npx seenas explain --example --verbose       the source of every step
  npx seenas read FILE                         any evidence you have
  npx seenas explain --from VM --to ADDRESS:PORT --config ./export
`;
