import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { readScenario, readScenarioBase, type Scenario } from "@seenas/core";

export interface ScenarioFile {
  readonly path: string;
  readonly scenario: Scenario;
  readonly base: readonly unknown[];
}

/** The scenarios of a checkout; null: this is none. The single file stands nearer to them. */
export function scenarioFolder(): string | null {
  const folders = ["../../../scenarios", "../scenarios"].map((path) => resolve(import.meta.dirname, path));
  return folders.find((folder) => existsSync(join(folder, "tables.yaml"))) ?? null;
}

/** Every scenario file in a folder, in the order of names; one file: that one. */
export function scenariosAt(path: string): readonly ScenarioFile[] {
  if (!statSync(path).isDirectory()) return scenarioIn(path);
  return readdirSync(path, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) return scenariosAt(inner);
      return entry.name.endsWith(".yaml") ? scenarioIn(inner) : [];
    });
}

function scenarioIn(path: string): readonly ScenarioFile[] {
  const scenario = readScenario(readFileSync(path, "utf8"), path);
  if (scenario === undefined) return [];
  const base = scenario.extends === undefined ? [] : baseOf(join(dirname(path), `${scenario.extends}.yaml`));
  return [{ path, scenario, base }];
}

function baseOf(path: string): readonly unknown[] {
  const base = readScenarioBase(readFileSync(path, "utf8"), path);
  const below = base.extends === undefined ? [] : baseOf(join(dirname(path), `${base.extends}.yaml`));
  return [...below, ...base.config];
}

/** Named by id, by the start of one (`gcp`, `guest/L2`), or by path. */
export function selected(all: readonly ScenarioFile[], names: readonly string[]): readonly ScenarioFile[] | string {
  if (names.length === 0) return all;
  const chosen: ScenarioFile[] = [];
  for (const name of names) {
    const exact = all.filter(({ scenario }) => scenario.id === name);
    const found = exact.length > 0 ? exact : all.filter(({ scenario }) => scenario.id.startsWith(name));
    const fromFile = found.length === 0 && existsSync(name) ? scenariosAt(name) : found;
    if (fromFile.length === 0) return name;
    chosen.push(...fromFile);
  }
  return [...new Set(chosen)];
}
