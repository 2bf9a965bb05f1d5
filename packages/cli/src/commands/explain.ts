import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import {
  type ChecksumTest,
  checksumTests,
  type Explained,
  exitStatusOf,
  groupJson,
  groupText,
  type Language,
  type Problem,
  problemsJson,
  saysChecksum,
  type Text,
  verdictJson,
  verdictText,
} from "@seenas/core";
import { languageOf } from "../language.ts";
import { print, printJson, tellProblems, textOptions } from "../output.ts";
import { EXPLAIN_OPTIONS, parse } from "./options.ts";
import { ask, type Flags } from "./question.ts";
import { badUsage, noExample } from "./usage-problems.ts";

/** `seenas explain`: the verdict for one flow. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  const parsed = parse(argv, EXPLAIN_OPTIONS);
  if (parsed.kind === "wrong") return refuse([badUsage(parsed.message, parsed.option)], {}, language);
  const { values, words } = parsed;
  if (values.help === true) return usage(language, 0);
  if (words.length > 0) return refuse([badUsage(`unexpected ${JSON.stringify(words[0])}`)], values, language);
  const example = values.example === true ? exampleFlags() : {};
  if (example === null) return refuse([noExample()], values, language);
  const flags: Flags = { ...example, ...values };
  if (flags.to === undefined && flags.config === undefined && flags.evidence === undefined) return usage(language, 2);
  return answer(flags, language, values.example === true);
}

async function answer(flags: Flags, language: Language, isExample: boolean): Promise<number> {
  const asked = await ask(flags, language);
  if (asked.kind === "refused") return refuse(asked.problems, flags, language);
  return show(asked.explained, asked, flags, language, isExample);
}

async function show(
  explained: Explained,
  { problems, evidence }: Pick<Asked, "problems" | "evidence">,
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
      const tests = flags.experimental === true ? checksumTests(evidence, verdict) : [];
      if (flags.json === true) await printJson({ ...verdictJson(verdict, language), ...experimentsJson(tests) });
      else {
        if (flags.quiet !== true) await tellProblems(verdict.problems, flags, language);
        await print(verdictText(verdict, textOptions(flags, language, "stdout")));
        if (flags.experimental === true) await print(experimentsText(tests, language));
        if (isExample) await print(afterExample(language));
      }
      return exitStatusOf(verdict);
    }
    default:
      return explained satisfies never;
  }
}

type Asked = Extract<Awaited<ReturnType<typeof ask>>, { readonly kind: "explained" }>;

/** Absent unless asked for: what is tried may change. */
const experimentsJson = (tests: readonly ChecksumTest[]): object =>
  tests.length === 0 ? {} : { experimental: { checksum: tests } };

const NOTHING_TO_TEST: Text = {
  en: "no trace here quotes a checksum that was changed: give the JSON of dublin-traceroute (UDP)",
  zh: "没有路径跟踪显示校验和被改变：请提供 dublin-traceroute（UDP）的 JSON",
};

const experimentsText = (tests: readonly ChecksumTest[], language: Language): string =>
  [
    "",
    language === "zh" ? "试验性（不影响结论）" : "Experimental (decides nothing)",
    ...(tests.length === 0 ? [`  • ${NOTHING_TO_TEST[language]}`] : []),
    ...tests.map((one) => `  • ${saysChecksum(one)[language]}`),
    "",
  ].join("\n");

async function refuse(problems: readonly Problem[], flags: Flags, language: Language): Promise<number> {
  if (flags.json === true) await printJson(problemsJson(problems, language));
  else await tellProblems(problems, flags, language);
  return 2;
}

/** A chunk of its own: most who ask a question do not ask how. */
async function usage(language: Language, status: 0 | 2): Promise<number> {
  const { usageText } = await import("./usage.ts");
  await print(usageText("explain", language));
  return status;
}

/** The bundled shared-VPC mail example stands beside the code, in the checkout and in the package alike; null: it does not. */
function exampleFlags(): Flags | null {
  const here = join(import.meta.dirname, "..");
  const folder = [join(here, "example"), join(here, "../example")].find((path) => existsSync(path));
  if (folder === undefined) return null;
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
