import { evidenceText, observationsJson, type Problem, problemsJson, takeIn } from "@seenas/core";
import { loadInputs } from "../inputs.ts";
import { languageOf } from "../language.ts";
import { print, printJson, tellProblems, textOptions } from "../output.ts";
import { parse, READ_OPTIONS } from "./options.ts";
import { usageText } from "./usage.ts";
import { badUsage } from "./usage-problems.ts";
import { vantagesOf } from "./vantage.ts";

/** `seenas read FILE…`: what each file says, proves and does not prove. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  const parsed = parse(argv, READ_OPTIONS);
  const refuse = async (problems: readonly Problem[], json: boolean): Promise<number> => {
    if (json) await printJson(problemsJson(problems, language));
    else await tellProblems(problems, {}, language);
    return 2;
  };
  if (parsed.kind === "wrong") return refuse([badUsage(parsed.message, parsed.option)], false);
  const { values, words } = parsed;
  if (values.help === true || words.length === 0) {
    await print(usageText("read", language));
    return values.help === true ? 0 : 2;
  }
  const vantages = vantagesOf(values.vantage ?? []);
  if (vantages.problems.length > 0) return refuse(vantages.problems, values.json === true);
  const loaded = await loadInputs([], words, values.quiet === true, language, vantages.of);
  const unread = [...loaded.fatal, ...vantages.strays(loaded.files.map(({ name }) => name))];
  if (unread.length > 0) return refuse(unread, values.json === true);
  const taken = await takeIn(loaded.files, vantages.of);
  const problems = [...loaded.problems, ...taken.problems, ...taken.evidence.flatMap((file) => file.problems)];
  if (values.json === true) await printJson(observationsJson(taken.evidence, language));
  else {
    if (values.quiet !== true) await tellProblems(problems, values, language);
    await print(evidenceText(taken.evidence, textOptions(values, language, "stdout")));
  }
  return problems.some(({ level }) => level === "error") ? 2 : 0;
}
