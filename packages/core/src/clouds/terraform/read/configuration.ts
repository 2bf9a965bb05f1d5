import { type Fields, isFields, textOf } from "./instance.ts";

/** What the configuration says of one resource: which expressions its members come from. */
export interface ConfiguredResource {
  readonly expressions: Fields;
  /** Of `for_each`; null without. */
  readonly forEach: readonly string[] | null;
}

export interface ConfiguredModule {
  readonly resources: ReadonlyMap<string, ConfiguredResource>;
  readonly outputs: ReadonlyMap<string, readonly string[]>;
  readonly calls: ReadonlyMap<string, ConfiguredCall>;
}

export interface ConfiguredCall {
  readonly expressions: Fields;
  readonly forEach: readonly string[] | null;
  readonly module: ConfiguredModule;
}

export interface Configuration {
  readonly root: ConfiguredModule;
  /** The project of the `google` provider, where the configuration names it. */
  readonly project: string | null;
}

const NO_MODULE: ConfiguredModule = { resources: new Map(), outputs: new Map(), calls: new Map() };
export const NO_CONFIGURATION: Configuration = { root: NO_MODULE, project: null };

/** Only a plan has one; of a state nobody knows what its values came from. */
export function configurationOf(document: Fields): Configuration {
  const { configuration } = document;
  if (!isFields(configuration)) return NO_CONFIGURATION;
  return { root: moduleOf(configuration["root_module"], 0), project: projectOf(configuration, document["variables"]) };
}

/** Modules nested deeper than this are no configuration. */
const DEEPEST = 64;

function moduleOf(value: unknown, depth: number): ConfiguredModule {
  if (!isFields(value) || depth > DEEPEST) return NO_MODULE;
  const { resources, outputs, module_calls } = value;
  return {
    resources: new Map(
      (Array.isArray(resources) ? (resources as readonly unknown[]) : [])
        .filter(isFields)
        .map((one) => [
          `${one["mode"] === "data" ? "data." : ""}${textOf(one["type"])}.${textOf(one["name"])}`,
          { expressions: fieldsOf(one["expressions"]), forEach: referencesOrNull(one["for_each_expression"]) },
        ]),
    ),
    outputs: new Map(
      Object.entries(fieldsOf(outputs)).map(([name, output]) => [
        name,
        referencesOf(isFields(output) ? output["expression"] : undefined),
      ]),
    ),
    calls: new Map(
      Object.entries(fieldsOf(module_calls)).flatMap(([name, call]) =>
        isFields(call)
          ? [
              [
                name,
                {
                  expressions: fieldsOf(call["expressions"]),
                  forEach: referencesOrNull(call["for_each_expression"]),
                  module: moduleOf(call["module"], depth + 1),
                },
              ] as const,
            ]
          : [],
      ),
    ),
  };
}

const fieldsOf = (value: unknown): Fields => (isFields(value) ? value : {});

const referencesOrNull = (expression: unknown): readonly string[] | null =>
  expression === undefined ? null : referencesOf(expression);

/**
 * What an expression refers to. `a.b[0].id` stands there with its shorter forms `a.b[0]` and `a.b` after it; only the
 * longest says which one is meant.
 */
export function referencesOf(expression: unknown): readonly string[] {
  const references = isFields(expression) ? expression["references"] : undefined;
  const texts = (Array.isArray(references) ? (references as readonly unknown[]) : []).filter(
    (one) => typeof one === "string",
  );
  return texts.filter((one, index) => {
    const longer = texts[index - 1] ?? "";
    return !(longer.startsWith(one) && /^[.[]/.test(longer.slice(one.length)));
  });
}

function projectOf(configuration: Fields, variables: unknown): string | null {
  const provider = fieldsOf(fieldsOf(configuration["provider_config"])["google"]);
  const project = fieldsOf(fieldsOf(provider["expressions"])["project"]);
  if (typeof project["constant_value"] === "string") return project["constant_value"];
  const [reference = ""] = referencesOf(project);
  const value = fieldsOf(fieldsOf(variables)[reference.replace(/^var\./, "")])["value"];
  return reference.startsWith("var.") && typeof value === "string" ? value : null;
}
