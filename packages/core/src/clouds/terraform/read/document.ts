import type { Origin, Problem, Read } from "../../../problem.ts";
import type { ConfigDocument } from "../../document.ts";
import { type TerraformKind, terraformKind } from "../recognise.ts";
import { type Configuration, configurationOf, NO_CONFIGURATION } from "./configuration.ts";
import { type Fields, type Instance, isFields, textOf } from "./instance.ts";
import { maskAt, withoutSecrets } from "./masks.ts";
import { plannedInstance } from "./plan.ts";
import { damagedInstance, isLog, planFailed, planPartial, unknownFormat } from "./problems.ts";
import { instancesOfStateFile } from "./state-file.ts";

/** What one file of Terraform holds: the instances it manages, after the plan if it is one. */
export interface TerraformFile {
  readonly kind: TerraformKind;
  readonly instances: readonly Instance[];
  readonly configuration: Configuration;
  readonly origin: Origin;
}

/** Reads a state or a plan. Never throws: a resource that is none is named and left out. */
export function readTerraform({ value, origin }: ConfigDocument): Read<TerraformFile> {
  const kind = terraformKind(value);
  const nothing = { kind: kind ?? "state", instances: [], configuration: NO_CONFIGURATION, origin };
  if (kind === undefined || !isFields(value)) return { value: nothing, problems: [] };
  if (kind === "log") return { value: nothing, problems: [isLog(origin)] };
  const version = kind === "state-file" ? `version ${String(value["version"])}` : textOf(value["format_version"]);
  if (!isKnownFormat(kind, value)) return { value: nothing, problems: [unknownFormat(origin, version)] };
  const problems: Problem[] = [];
  const file = { ...nothing, configuration: configurationOf(value) };
  if (kind === "state-file")
    return { value: { ...file, instances: instancesOfStateFile(value, origin, problems) }, problems };
  if (kind === "state") {
    const root = isFields(value["values"]) ? value["values"]["root_module"] : undefined;
    return { value: { ...file, instances: instancesOf(root, origin, problems) }, problems };
  }
  if (value["errored"] === true) problems.push(planFailed(origin));
  else if (value["complete"] === false) problems.push(planPartial(origin));
  return { value: { ...file, instances: plannedInstances(value, origin, problems) }, problems };
}

/** Minor versions add members and take none away: https://developer.hashicorp.com/terraform/internals/json-format */
const isKnownFormat = (kind: TerraformKind, value: Fields): boolean =>
  kind === "state-file" ? value["version"] === 4 : /^(?:0\.[12]|1\.\d+)$/.test(textOf(value["format_version"]));

function plannedInstances(value: Fields, origin: Origin, problems: Problem[]): readonly Instance[] {
  const planned = isFields(value["planned_values"]) ? value["planned_values"]["root_module"] : undefined;
  const changes = changesByAddress(value["resource_changes"]);
  const after = instancesOf(planned, origin, problems).map((one) => plannedInstance(one, changes.get(one.address)));
  const forgotten = [...changes.values()].flatMap((change) => forgottenBy(change));
  if (forgotten.length === 0) return after;
  const prior = isFields(value["prior_state"]) ? value["prior_state"]["values"] : undefined;
  const before = instancesOf(isFields(prior) ? prior["root_module"] : undefined, origin, []);
  return [...after, ...before.filter(({ address }) => forgotten.includes(address))];
}

function changesByAddress(list: unknown): ReadonlyMap<string, Fields> {
  const changes = new Map<string, Fields>();
  // A deposed object is about to be deleted and is not what the address stands for.
  for (const change of Array.isArray(list) ? (list as readonly unknown[]) : [])
    if (isFields(change) && change["deposed"] === undefined) changes.set(textOf(change["address"]), change);
  return changes;
}

/** Terraform lets go of it and leaves it as it is: https://developer.hashicorp.com/terraform/language/resources/syntax#removing-resources */
function forgottenBy(change: Fields): readonly string[] {
  const actions = isFields(change["change"]) ? change["change"]["actions"] : undefined;
  return Array.isArray(actions) && actions.length === 1 && actions[0] === "forget" ? [textOf(change["address"])] : [];
}

/** Modules nest; each names its instances in full. */
function instancesOf(root: unknown, origin: Origin, problems: Problem[]): readonly Instance[] {
  const found: Instance[] = [];
  const waiting: unknown[] = [root];
  for (let module = waiting.pop(); module !== undefined; module = waiting.pop()) {
    if (!isFields(module)) continue;
    const { resources, child_modules } = module;
    const place = textOf(module["address"]);
    for (const one of Array.isArray(resources) ? (resources as readonly unknown[]) : []) {
      const read = instanceOf(one, place, origin);
      if (read === undefined)
        problems.push(damagedInstance(origin, place === "" ? "the root module" : place, typeof one));
      else if (read !== "data") found.push(read);
    }
    if (Array.isArray(child_modules)) waiting.push(...(child_modules as readonly unknown[]));
  }
  return found;
}

/** Data sources are somebody else's resources: what refers to them keeps their ids. */
function instanceOf(one: unknown, module: string, origin: Origin): Instance | "data" | undefined {
  if (!isFields(one)) return undefined;
  if (one["mode"] === "data") return "data";
  const { address, type, values, index } = one;
  if (typeof address !== "string" || typeof type !== "string" || !isFields(values)) return undefined;
  const sensitive = one["sensitive_values"];
  return {
    address,
    module,
    type,
    name: textOf(one["name"]),
    key: typeof index === "string" || typeof index === "number" ? index : null,
    provider: textOf(one["provider_name"]),
    schemaVersion: typeof one["schema_version"] === "number" ? one["schema_version"] : null,
    values: withoutSecrets(values, sensitive),
    later: undefined,
    hidden: maskAt({ all: sensitive }, "all"),
    origin,
  };
}
