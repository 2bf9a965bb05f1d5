import { loadAllProviders } from "../clouds/recognise.ts";
import type { Rule } from "../model/rule.ts";
import { modelRules } from "../resolve/rules.ts";

/** Every rule that a prediction may rest on, sorted by id. */
export async function allRules(): Promise<readonly Rule[]> {
  const [providers, { guestRules }] = await Promise.all([loadAllProviders(), import("../guests/rules/index.ts")]);
  const rules = [...providers.flatMap((provider) => provider.rules), ...guestRules, ...modelRules];
  return [...rules].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}
