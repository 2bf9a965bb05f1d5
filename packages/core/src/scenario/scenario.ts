import { type Ip, parseIp } from "../address/ip.ts";
import type { ConfigDocument } from "../clouds/document.ts";
import { readEstate } from "../clouds/read-estate.ts";
import { readYamlDocuments } from "../documents/yaml.ts";
import type { VantageHint } from "../evidence/observation.ts";
import { readAnyEvidence } from "../evidence/read.ts";
import type { Guest } from "../guests/guest.ts";
import { guestsOf, readGuest } from "../guests/index.ts";
import type { Estate } from "../model/estate.ts";
import type { Protocol } from "../model/flow.ts";
import type { Problem } from "../problem.ts";
import { type Found, findSender } from "../resolve/find-sender.ts";
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
  /**
   * Routers between the cloud and the destination, for the lab: traceroute sees them, and they change nothing. A list:
   * equal-cost branches; `*`: one that never answers.
   */
  readonly path?: readonly (string | readonly string[])[];
  readonly expect: Readonly<Record<string, unknown>>;
}

/** Joins a scenario with the one it extends: resources of the same name or id are merged member by member. */
export function joinConfig(base: readonly unknown[], scenario: Scenario): readonly unknown[] {
  const merged = new Map<unknown, unknown>();
  for (const resource of [...base, ...scenario.config]) {
    const list = listIn(resource);
    if (list !== undefined) {
      merged.set(list.name, joinLists(merged.get(list.name), list));
      continue;
    }
    const key = keyOf(resource) ?? resource;
    const known = merged.get(key);
    merged.set(key, isRecord(known) && isRecord(resource) ? { ...known, ...resource } : resource);
  }
  const dropped = scenario.without ?? [];
  return [...merged].flatMap(([key, resource]) =>
    typeof key === "string" && dropped.some((name) => key.endsWith(`/${name}`) || key.endsWith(` ${name}`))
      ? []
      : [withoutElements(resource, dropped)],
  );
}

interface NamedList {
  readonly name: string;
  readonly elements: readonly unknown[];
}

/** An answer that is one list whose elements have ids of their own: `{ "Subnets": [ { "SubnetId": … } ] }`. */
function listIn(resource: unknown): NamedList | undefined {
  if (!isRecord(resource)) return undefined;
  const [member, ...others] = Object.entries(resource);
  if (member === undefined || others.length > 0) return undefined;
  const [name, elements] = member;
  return Array.isArray(elements) && elements.every((element) => idOf(element) !== undefined)
    ? { name, elements }
    : undefined;
}

/** Elements given again replace those of the same id. */
function joinLists(before: unknown, { name, elements }: NamedList): unknown {
  const known = listIn(before)?.elements ?? [];
  const all = [...known, ...elements].map((element): readonly [unknown, unknown] => [idOf(element), element]);
  return { [name]: [...new Map(all).values()] };
}

function withoutElements(resource: unknown, dropped: readonly string[]): unknown {
  const list = listIn(resource);
  if (list === undefined || dropped.length === 0) return resource;
  return { [list.name]: list.elements.filter((element) => !dropped.includes(idOf(element) ?? "")) };
}

function idOf(element: unknown): string | undefined {
  if (!isRecord(element)) return undefined;
  const id = Object.entries(element).find(([name]) => /Id$/.test(name))?.[1];
  return typeof id === "string" ? id : undefined;
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

/** A scenario's estate and guests as they were read, and who sends. */
export interface OpenedScenario {
  readonly estate: Estate;
  readonly guests: readonly Guest[];
  readonly found: Found;
  readonly destination: Ip | null;
  readonly problems: readonly Problem[];
}

/** Reads a scenario as far as the question: evidence has no say in what the network does. */
export async function openScenario(scenario: Scenario, base: readonly unknown[]): Promise<OpenedScenario> {
  const documents = joinConfig(base, scenario).map(
    (value, index): ConfigDocument => ({
      origin: { file: `${scenario.id}.yaml`, line: index + 1 },
      value,
      linesOf: () => [],
    }),
  );
  const estate = await readEstate(documents);
  const guests = (scenario.guest ?? []).map((text, index) => readGuest(text, `guest-${index + 1}.txt`));
  return {
    estate: estate.value,
    guests: guestsOf(guests.map(({ value }) => value)),
    found: findSender(estate.value, scenario.flow.from),
    destination: parseIp(scenario.flow.to) ?? null,
    problems: [...estate.problems, ...guests.flatMap(({ problems }) => problems)],
  };
}

export async function runScenario(scenario: Scenario, base: readonly unknown[]): Promise<Explained> {
  const { estate, guests, destination, problems } = await openScenario(scenario, base);
  const evidence = await Promise.all(
    (scenario.evidence ?? []).map(({ file, text, vantage }) =>
      readAnyEvidence(text, file, { vantage: vantage ?? null }),
    ),
  );
  const { flow } = scenario;
  return explain({
    estate,
    guests,
    evidence,
    from: flow.from,
    source: flow.source === undefined ? null : (parseIp(flow.source) ?? null),
    to: { address: destination, name: null, port: flow.port ?? null, protocol: flow.protocol ?? "tcp" },
    at: null,
    resolved: [],
    problems,
  });
}

/** A scenario file as values; undefined: the text is none (a base that others extend has no `expect`). */
export function readScenario(text: string, file: string): Scenario | undefined {
  const [document] = readYamlDocuments(text, file).value;
  const value = document?.value;
  return isRecord(value) && isScenario(value) ? value : undefined;
}

/** The resources of a base file, and the name of the one below it. */
export function readScenarioBase(text: string, file: string): Pick<Scenario, "extends" | "config"> {
  const [document] = readYamlDocuments(text, file).value;
  const value = document?.value;
  if (!isRecord(value)) return { config: [] };
  const { extends: below, config } = value;
  return { ...(typeof below === "string" && { extends: below }), config: Array.isArray(config) ? config : [] };
}

const isScenario = (value: object): value is Scenario =>
  "id" in value && "flow" in value && "expect" in value && "config" in value && Array.isArray(value.config);
