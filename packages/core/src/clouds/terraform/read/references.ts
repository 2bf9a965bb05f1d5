import { type Configuration, type ConfiguredModule, referencesOf } from "./configuration.ts";
import type { Instance } from "./instance.ts";

/** Where an expression stands: in which instance of which module, and the key of the instance it is for. */
interface Scope {
  readonly steps: readonly ModuleStep[];
  readonly key: Instance["key"];
  readonly forEach: readonly string[] | null;
}

/** `module.net["a"]` is `{ name: "net", key: "a" }`. */
interface ModuleStep {
  readonly name: string;
  readonly key: Instance["key"];
}

/** What a value that is known only after apply will come from. */
export interface Targets {
  /** Addresses of instances. */
  readonly addresses: readonly string[];
  /** Part of the expression could not be followed: a local value, a data source, a variable from outside. */
  readonly open: boolean;
  /** One of several was taken because it has the same key, as in chained `for_each`. */
  readonly paired: boolean;
}

const NOWHERE: Targets = { addresses: [], open: true, paired: false };

/** Expressions that lead to each other longer than this are not followed. */
const DEEPEST = 16;

export interface References {
  /** What an expression of this instance leads to. */
  targetsOf(instance: Instance, expression: unknown): Targets;
  /** The expressions of its members; empty where no configuration tells. */
  expressionsOf(instance: Instance): Readonly<Record<string, unknown>>;
}

export function referencesIn(configuration: Configuration, instances: readonly Instance[]): References {
  const siblings = new Map<string, Instance[]>();
  for (const one of instances) {
    const place = `${one.module}|${one.type}.${one.name}`;
    const known = siblings.get(place);
    if (known === undefined) siblings.set(place, [one]);
    else known.push(one);
  }
  const following: Following = { configuration, siblings };
  return {
    targetsOf: (instance, expression) => {
      const steps = stepsOf(instance.module);
      const { forEach } = configuredOf(configuration, steps, instance) ?? { forEach: null };
      return follow(following, referencesOf(expression), { steps, key: instance.key, forEach }, 0);
    },
    expressionsOf: (instance) => configuredOf(configuration, stepsOf(instance.module), instance)?.expressions ?? {},
  };
}

interface Following {
  readonly configuration: Configuration;
  readonly siblings: ReadonlyMap<string, readonly Instance[]>;
}

const configuredOf = (configuration: Configuration, steps: readonly ModuleStep[], { type, name }: Instance) =>
  moduleAt(configuration, steps)?.resources.get(`${type}.${name}`);

function moduleAt(configuration: Configuration, steps: readonly ModuleStep[]): ConfiguredModule | undefined {
  let module: ConfiguredModule | undefined = configuration.root;
  for (const { name } of steps) module = module?.calls.get(name)?.module;
  return module;
}

const STEP = /module\.([\w-]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?(?:\.|$)/g;

function stepsOf(module: string): readonly ModuleStep[] {
  return [...module.matchAll(STEP)].map(([, name = "", key]) => ({ name, key: keyOf(key) }));
}

function keyOf(written: string | undefined): Instance["key"] {
  if (written === undefined) return null;
  if (!written.startsWith('"')) return Number(written);
  return written.slice(1, -1).replace(/\\(.)/g, "$1");
}

const addressOfModule = (steps: readonly ModuleStep[]): string =>
  steps.map(({ name, key }) => `module.${name}${key === null ? "" : `[${JSON.stringify(key)}]`}`).join(".");

function follow(following: Following, references: readonly string[], scope: Scope, depth: number): Targets {
  if (depth > DEEPEST || references.length === 0) return NOWHERE;
  const indexed = references.some((one) => /^(?:count\.index|each\.key)\b/.test(one));
  const found = references
    .filter((one) => !/^(?:count\.index|each\.key|path\.|terraform\.)/.test(one))
    .map((one) => followOne(following, one, indexed, scope, depth));
  return {
    addresses: [...new Set(found.flatMap(({ addresses }) => addresses))],
    open: found.some(({ open }) => open),
    paired: found.some(({ paired }) => paired),
  };
}

function followOne(following: Following, reference: string, indexed: boolean, scope: Scope, depth: number): Targets {
  const [, kind = "", rest = ""] = /^(\w[\w-]*)\.(.*)$/s.exec(reference) ?? [];
  switch (kind) {
    case "var":
      return variable(following, rest, scope, depth);
    case "module":
      return output(following, rest, scope, depth);
    case "each":
      return eachValue(following, scope, depth);
    case "":
    case "data":
    case "local":
    case "self":
      return NOWHERE;
    default:
      return resource(following, kind, rest, indexed, scope);
  }
}

/** What `for_each` goes over has the key of the instance: no pairing, but what it means. */
function eachValue(following: Following, scope: Scope, depth: number): Targets {
  if (scope.forEach === null) return NOWHERE;
  const over = follow(following, scope.forEach, { ...scope, forEach: null }, depth + 1);
  return { ...pairedWith(over, scope.key), paired: over.paired };
}

const INDEXED = /^([\w-]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?(?:\.([\w-]+)(?:\[("(?:[^"\\]|\\.)*"|\d+)\])?)?/;

function resource(following: Following, type: string, rest: string, indexed: boolean, scope: Scope): Targets {
  const [, name = "", index] = INDEXED.exec(rest) ?? [];
  const all = following.siblings.get(`${addressOfModule(scope.steps)}|${type}.${name}`) ?? [];
  const addresses = all.map(({ address }) => address);
  if (index !== undefined) {
    const key = keyOf(index);
    const exact = all.filter((one) => one.key === key).map(({ address }) => address);
    return { addresses: exact, open: exact.length === 0, paired: false };
  }
  const whole = { addresses, open: addresses.length === 0, paired: false };
  return indexed ? pairedWith(whole, scope.key) : whole;
}

/**
 * Chained `count` and `for_each`: the one with the same key. Terraform's JSON says which resource an expression names
 * and not which instance, so this is told as a pairing.
 *
 * @see https://developer.hashicorp.com/terraform/language/meta-arguments/for_each
 */
function pairedWith(targets: Targets, key: Instance["key"]): Targets {
  if (key === null || targets.addresses.length < 2) return targets;
  const suffix = `[${JSON.stringify(key)}]`;
  const same = targets.addresses.filter((address) => address.endsWith(suffix));
  return same.length === 1 ? { ...targets, addresses: same, paired: true } : targets;
}

function variable(following: Following, rest: string, scope: Scope, depth: number): Targets {
  const call = scope.steps.at(-1);
  const outside = scope.steps.slice(0, -1);
  const name = /^[\w-]+/.exec(rest)?.[0] ?? "";
  const caller = call === undefined ? undefined : moduleAt(following.configuration, outside)?.calls.get(call.name);
  const expression = caller?.expressions[name];
  if (call === undefined || caller === undefined || expression === undefined) return NOWHERE;
  const found = follow(
    following,
    referencesOf(expression),
    { steps: outside, key: call.key, forEach: caller.forEach },
    depth + 1,
  );
  const [, , index] = INDEXED.exec(rest) ?? [];
  return index === undefined ? found : pairedWith(found, keyOf(index));
}

function output(following: Following, rest: string, scope: Scope, depth: number): Targets {
  const [, name = "", moduleIndex, outputName = "", outputIndex] = INDEXED.exec(rest) ?? [];
  const step = { name, key: keyOf(moduleIndex) };
  const inside = moduleAt(following.configuration, [...scope.steps, step]);
  const references = inside?.outputs.get(outputName);
  if (references === undefined) return NOWHERE;
  const found = follow(following, references, { steps: [...scope.steps, step], key: null, forEach: null }, depth + 1);
  return outputIndex === undefined ? found : pairedWith(found, keyOf(outputIndex));
}
