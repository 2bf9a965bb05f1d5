import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { readScenario, readScenarioBase, type Scenario } from "@seenas/core";
import { joinConfig } from "../../../core/src/scenario/scenario.ts";

const folder = fileURLToPath(new URL("../../../../scenarios/", import.meta.url));

export type Resource = Readonly<Record<string, unknown>>;

/** A scenario and all its resources, with those of the one it extends. */
export function scenarioOf(id: string): { readonly scenario: Scenario; readonly resources: readonly Resource[] } {
  const path = join(folder, `${id}.yaml`);
  const scenario = readScenario(readFileSync(path, "utf8"), path);
  if (scenario === undefined) throw new Error(`no scenario ${id}`);
  const base = scenario.extends === undefined ? [] : baseOf(join(dirname(path), `${scenario.extends}.yaml`));
  return { scenario, resources: joinConfig(base, scenario) as readonly Resource[] };
}

function baseOf(path: string): readonly unknown[] {
  const base = readScenarioBase(readFileSync(path, "utf8"), path);
  return [...(base.extends === undefined ? [] : baseOf(join(dirname(path), `${base.extends}.yaml`))), ...base.config];
}
