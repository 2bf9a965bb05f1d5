import { expect, test } from "vitest";
import type { Rule } from "../model/rule.ts";
import { rulesJson, rulesText, ruleText } from "./rules-text.ts";
import { PLAIN } from "./text.ts";

const held: Rule = {
  id: "net/area/held",
  ref: "A-1",
  says: { en: "It is so.", zh: "如此。" },
  source: "https://example.com/page",
  pageDate: "2026-04",
  mark: "read",
  cases: ["net/T01", "net/by-test"],
};
const { cases: _, ...rest } = held;
const idle: Rule = {
  ...rest,
  id: "net/area/idle",
  mark: "unsourced",
  cases: [],
  decidesNothing: { en: "Nobody asks.", zh: "无人询问。" },
};
const options = { language: "en", paint: PLAIN, width: 100, verbose: false } as const;
const titles = new Map([["net/T01", { en: "the first case", zh: "第一个用例" }]]);

test("a list tells how many cases hold each rule", () => {
  expect(rulesText([held, idle], options)).toBe(`net/area/held  A-1 · the source's own words were read · 2 cases
    It is so.
net/area/idle  A-1 · no public source: never decides alone · decides nothing
    It is so.

2 rules; seenas rules ID shows source and tests
`);
});

test("one rule names its cases, with the titles that are known", () => {
  expect(ruleText(held, titles, options)).toBe(`net/area/held  A-1
  It is so.
  source: https://example.com/page (2026-04)
  backed: the source's own words were read
  tests:
  • net/T01: the first case
  • net/by-test
`);
});

test("a rule without a case says why", () => {
  expect(ruleText(idle, titles, { ...options, language: "zh" })).toContain("  不影响结论：无人询问。\n");
  expect(rulesJson([held, idle], "en")).toMatchObject({
    rules: [{ decidesNothing: null }, { cases: [], decidesNothing: "Nobody asks." }],
  });
});
