import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { answerJson } from "./output/json.ts";
import { runScenario, type Scenario } from "./scenario/scenario.ts";
import type { Verdict } from "./verdict/verdict.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../../../scenarios");

function scenariosIn(folder: string): readonly { readonly scenario: Scenario; readonly base: readonly unknown[] }[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return scenariosIn(path);
    if (!entry.name.endsWith(".yaml")) return [];
    const scenario = parse(readFileSync(path, "utf8")) as Scenario;
    if (scenario.expect === undefined) return [];
    const base = scenario.extends === undefined ? [] : baseOf(join(folder, `${scenario.extends}.yaml`));
    return [{ scenario, base }];
  });
}

function baseOf(path: string): readonly unknown[] {
  const base = parse(readFileSync(path, "utf8")) as Pick<Scenario, "extends" | "config">;
  const below = base.extends === undefined ? [] : baseOf(join(dirname(path), `${base.extends}.yaml`));
  return [...below, ...base.config];
}

const all = existsSync(root) ? scenariosIn(root) : [];

const facts = (verdict: Verdict) => ({ ...answerJson(verdict.answer), certainty: verdict.certainty });

describe.each(all)("$scenario.id: $scenario.title.en", ({ scenario, base }) => {
  test("the destination sees", async () => {
    const explained = await runScenario(scenario, base);
    if (explained.kind === "refused") throw new Error(JSON.stringify(explained));
    const { unless, ...expected } = scenario.expect;
    const { verdict } = explained;
    expect(facts(verdict)).toMatchObject(expected);
    const others = verdict.outcomes.map(({ identity }) => answerJson(identity));
    for (const other of (unless ?? []) as object[]) expect(others).toContainEqual(expect.objectContaining(other));
  });
});

test("scenario ids are unique, and each names its source and rules", () => {
  const ids = all.map(({ scenario }) => scenario.id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { scenario } of all) {
    expect(scenario.source).toMatch(/^https:\/\//);
    expect(scenario.rules.length, scenario.id).toBeGreaterThan(0);
  }
});
