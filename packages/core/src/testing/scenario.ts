import { parseIp } from "../address/ip.ts";
import type { ConfigDocument } from "../clouds/document.ts";
import { readEstate } from "../clouds/read-estate.ts";
import type { VantageHint } from "../evidence/observation.ts";
import { readEvidence } from "../evidence/read.ts";
import { guestsOf, readGuest } from "../guests/index.ts";
import type { Protocol } from "../model/flow.ts";
import { type Explained, explain } from "../verdict/explain.ts";

/** A scenario file: one estate, one flow, the expected identity. See scenarios/README.md. */
export interface Scenario {
  readonly id: string;
  readonly title: { readonly en: string; readonly zh: string };
  readonly source: string;
  readonly rules: readonly string[];
  readonly extends?: string;
  readonly without?: readonly string[];
  readonly config: readonly unknown[];
  readonly guest?: readonly string[];
  readonly evidence?: readonly { readonly file: string; readonly text: string; readonly vantage?: VantageHint }[];
  readonly flow: {
    readonly from: string;
    readonly source?: string;
    readonly to: string;
    readonly port?: number;
    readonly protocol?: Protocol;
  };
  readonly expect: Readonly<Record<string, unknown>>;
}

/** Joins a scenario with the one it extends: resources of the same name or id are merged member by member. */
export function joinConfig(base: readonly unknown[], scenario: Scenario): readonly unknown[] {
  const merged = new Map<unknown, unknown>();
  for (const resource of [...base, ...scenario.config]) {
    const key = keyOf(resource) ?? resource;
    const known = merged.get(key);
    merged.set(key, isRecord(known) && isRecord(resource) ? { ...known, ...resource } : resource);
  }
  const dropped = scenario.without ?? [];
  return [...merged].flatMap(([key, resource]) =>
    typeof key === "string" && dropped.some((name) => key.endsWith(`/${name}`) || key.endsWith(` ${name}`))
      ? []
      : [resource],
  );
}

/** Undefined for what has no name of its own (a status, a list): never merged. */
function keyOf(resource: unknown): string | undefined {
  if (!isRecord(resource)) return undefined;
  const { kind, name, id, selfLink, type } = resource;
  const label = selfLink ?? (typeof id === "string" && id.startsWith("/") ? id : name);
  return label === undefined ? undefined : `${kind ?? type ?? ""} ${label}`;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export async function runScenario(scenario: Scenario, base: readonly unknown[]): Promise<Explained> {
  const documents = joinConfig(base, scenario).map(
    (value, index): ConfigDocument => ({
      origin: { file: `${scenario.id}.yaml`, line: index + 1 },
      value,
      linesOf: () => [],
    }),
  );
  const estate = await readEstate(documents);
  const guests = (scenario.guest ?? []).map((text, index) => readGuest(text, `guest-${index + 1}.txt`));
  const evidence = (scenario.evidence ?? []).map(({ file, text, vantage }) =>
    readEvidence(text, file, { vantage: vantage ?? null }),
  );
  const { flow } = scenario;
  return explain({
    estate: estate.value,
    guests: guestsOf(guests.map(({ value }) => value)),
    evidence,
    from: flow.from,
    source: flow.source === undefined ? null : (parseIp(flow.source) ?? null),
    to: { address: parseIp(flow.to) ?? null, name: null, port: flow.port ?? null, protocol: flow.protocol ?? "tcp" },
    at: null,
    resolved: [],
    problems: [...estate.problems, ...guests.flatMap(({ problems }) => problems)],
  });
}
