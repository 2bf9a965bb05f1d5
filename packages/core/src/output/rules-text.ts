import type { Rule, RuleMark } from "../model/rule.ts";
import type { Text } from "../problem.ts";
import type { Language } from "./json.ts";
import { Page, type TextOptions } from "./text.ts";

/** Every rule on two lines: its id and label, and what it says. */
export function rulesText(rules: readonly Rule[], options: TextOptions): string {
  const page = new Page(options);
  for (const rule of rules) {
    const about = [rule.ref, page.say(RULE_MARKS[rule.mark]), page.say(casesCount(rule))].join(" · ");
    page.line(`${page.paint.bold(rule.id)}  ${page.paint.dim(about)}`);
    page.wrapped(page.say(rule.says), 4);
  }
  page.line();
  page.line(
    page.say({
      en: `${rules.length} rules; seenas rules ID shows source and tests`,
      zh: `共 ${rules.length} 条；seenas rules ID 显示来源和测试`,
    }),
  );
  return page.text();
}

/**
 * One rule with its source and the cases that hold it.
 *
 * @param titles of scenarios, by id; a case without one is a test
 */
export function ruleText(rule: Rule, titles: ReadonlyMap<string, Text>, options: TextOptions): string {
  const page = new Page(options);
  page.line(`${page.paint.bold(rule.id)}  ${page.paint.dim(rule.ref)}`);
  page.wrapped(page.say(rule.says), 2);
  const date = rule.pageDate === null ? "" : ` (${rule.pageDate})`;
  page.line(`  ${page.say({ en: "source", zh: "来源" })}: ${rule.source}${date}`);
  page.line(`  ${page.say({ en: "backed", zh: "依据" })}: ${page.say(RULE_MARKS[rule.mark])}`);
  if (rule.cases.length > 0) page.line(`  ${page.say({ en: "tests", zh: "测试" })}:`);
  for (const id of rule.cases) {
    const title = titles.get(id);
    page.item(title === undefined ? id : `${id}: ${page.say(title)}`);
  }
  if (rule.decidesNothing !== undefined) {
    page.wrapped(page.say({ en: "decides nothing: ", zh: "不影响结论：" }) + page.say(rule.decidesNothing), 2);
  }
  return page.text();
}

function casesCount({ cases }: Rule): Text {
  if (cases.length === 0) return { en: "decides nothing", zh: "不影响结论" };
  return { en: cases.length === 1 ? "1 case" : `${cases.length} cases`, zh: `${cases.length} 个用例` };
}

/** How well a rule is backed, in words. */
export const RULE_MARKS: Record<RuleMark, Text> = {
  read: { en: "the source's own words were read", zh: "已读原文" },
  partly: { en: "only part of the source was read", zh: "仅读到部分原文" },
  derived: { en: "follows from rules that were read", zh: "由已读规则推出" },
  unsourced: { en: "no public source: never decides alone", zh: "无公开来源：绝不单独定论" },
};

/** `rules --json`. */
export const rulesJson = (rules: readonly Rule[], language: Language): object => ({
  schema: "seenas/rules@1",
  rules: rules.map(({ says, decidesNothing, ...rule }) => ({
    ...rule,
    says: says[language],
    decidesNothing: decidesNothing?.[language] ?? null,
  })),
});
