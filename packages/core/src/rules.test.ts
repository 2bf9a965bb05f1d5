import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { allRules } from "./output/all-rules.ts";

const here = dirname(fileURLToPath(import.meta.url));
const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

const scenarioFiles = filesIn(join(here, "../../../scenarios")).filter((path) => path.endsWith(".yaml"));
const scenarios = scenarioFiles.flatMap((path) => {
  const { id, rules } = parse(readFileSync(path, "utf8")) as { id?: string; rules?: readonly string[] };
  return id === undefined ? [] : [{ id, rules: rules ?? [] }];
});
const sources = filesIn(here).filter((path) => path.endsWith(".ts"));
const textsOf = (paths: readonly string[]) => paths.map((path) => readFileSync(path, "utf8"));
const testTexts = textsOf(sources.filter((path) => path.endsWith(".test.ts")));
const isRules = (path: string): boolean => /[\\/]rules([\\/]|\.ts$)/.test(path);

/** A case is a scenario, or a test that carries its id. */
const isHeld = (id: string): boolean =>
  scenarios.some((one) => one.id === id) || testTexts.some((text) => mentions(text, id));

const mentions = (text: string, id: string): boolean => {
  const short = id.slice(id.indexOf("/") + 1);
  return text.includes(`${id}:`) || text.includes(`"${id}"`) || text.includes(`"${short}"`);
};

describe("the rules", async () => {
  const rules = await allRules();

  test("each has an id of its own, a source, and both languages", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const rule of rules) {
      expect(rule.id).toMatch(/^[a-z0-9]+(\/[a-z0-9.-]+)+$/);
      expect(rule.source, rule.id).toMatch(/^https:\/\//);
      expect(rule.says.en.length, rule.id).toBeGreaterThan(10);
      expect(rule.says.zh, rule.id).toMatch(/\p{Script=Han}/u);
      if (rule.decidesNothing !== undefined) expect(rule.decidesNothing.zh, rule.id).toMatch(/\p{Script=Han}/u);
    }
  });

  test("every case that a rule names exists", () => {
    const missing = rules.flatMap(({ id, cases }) => cases.filter((one) => !isHeld(one)).map((one) => `${id}: ${one}`));
    expect(missing).toEqual([]);
  });

  test("each has a case that holds it, or says why none can", () => {
    const wrong = rules.filter(({ cases, decidesNothing }) => (cases.length === 0) !== (decidesNothing !== undefined));
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  test("no code rests on a rule that decides nothing", () => {
    const nameOf = /const (\w+)(?:: Rule)? = \{\s+id: "([^"]+)"/g;
    const declared = textsOf(sources.filter(isRules)).flatMap((text) => [...text.matchAll(nameOf)]);
    const names = new Map(declared.map(([, name = "", id = ""]) => [id, name]));
    const code = textsOf(sources.filter((path) => !path.endsWith(".test.ts") && !isRules(path)));
    const used = rules.flatMap(({ id, decidesNothing }) => {
      if (decidesNothing === undefined) return [];
      const name = new RegExp(`\\b${names.get(id) ?? expect.fail(`${id} was not found`)}\\b`);
      return code.some((text) => name.test(text) || text.includes(`"${id}"`)) ? [id] : [];
    });
    expect(used).toEqual([]);
  });

  test("every rule that a scenario names exists", () => {
    const ids = new Set(rules.map(({ id }) => id));
    const unknown = scenarios.flatMap((one) =>
      one.rules.filter((rule) => !ids.has(rule)).map((rule) => `${one.id}: ${rule}`),
    );
    expect(unknown).toEqual([]);
  });

  test("a rule and a scenario name each other, or neither does", () => {
    const links = (pairs: readonly (readonly [rule: string, scenario: string])[]) =>
      new Set(pairs.map((pair) => pair.join(" ")));
    const ids = new Set(scenarios.map(({ id }) => id));
    const byRules = links(
      rules.flatMap((rule) => rule.cases.flatMap((one) => (ids.has(one) ? [[rule.id, one] as const] : []))),
    );
    const byScenarios = links(scenarios.flatMap((one) => one.rules.map((rule) => [rule, one.id] as const)));
    expect([...byRules].filter((pair) => !byScenarios.has(pair))).toEqual([]);
    expect([...byScenarios].filter((pair) => !byRules.has(pair))).toEqual([]);
  });
});
