import { allRules, problemsJson, type Rule, rulesJson, rulesText, ruleText } from "@seenas/core";
import { caseTitles } from "../files/case-titles.ts";
import { languageOf } from "../language.ts";
import { print, printJson, tellProblems, textOptions } from "../output.ts";
import { parse, RULES_OPTIONS } from "./options.ts";
import { usageText } from "./usage.ts";
import { badUsage, noSuchRule } from "./usage-problems.ts";

/** `seenas rules [ID]`: what predictions rest on, with source and tests. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  const parsed = parse(argv, RULES_OPTIONS);
  if (parsed.kind === "wrong") {
    await tellProblems([badUsage(parsed.message, parsed.option)], {}, language);
    return 2;
  }
  const { values, words } = parsed;
  if (values.help === true) {
    await print(usageText("rules", language));
    return 0;
  }
  const rules = await allRules();
  const [wanted] = words;
  const chosen = wanted === undefined ? rules : rules.filter((rule) => isNamed(rule, wanted));
  if (wanted !== undefined && chosen.length === 0) {
    const problem = noSuchRule(wanted, rules);
    if (values.json === true) await printJson(problemsJson([problem], language));
    else await tellProblems([problem], values, language);
    return 2;
  }
  const options = textOptions(values, language, "stdout");
  if (values.json === true) await printJson(rulesJson(chosen, language));
  else if (wanted === undefined) await print(rulesText(chosen, options));
  else {
    const titles = caseTitles();
    await print(chosen.map((rule) => ruleText(rule, titles, options)).join("\n"));
  }
  return 0;
}

/** An id, the start of one (`gcp/nat`), or the label of the reference (`NAT-7`). */
const isNamed = (rule: Rule, wanted: string): boolean =>
  rule.id === wanted || rule.id.startsWith(`${wanted}/`) || rule.ref.toLowerCase() === wanted.toLowerCase();
