import type { Origin, Problem } from "../../../problem.ts";
import { type Fields, type Instance, isFields, textOf } from "./instance.ts";
import { isMasked, withoutSecrets } from "./masks.ts";
import { damagedInstance } from "./problems.ts";

/** `terraform.tfstate` itself, version 4: a list of resources, each with its instances. */
export function instancesOfStateFile(state: Fields, origin: Origin, problems: Problem[]): readonly Instance[] {
  const { resources } = state;
  return (Array.isArray(resources) ? (resources as readonly unknown[]) : []).flatMap((resource) => {
    if (isFields(resource) && resource["mode"] === "data") return [];
    if (isFields(resource) && typeof resource["type"] === "string" && Array.isArray(resource["instances"]))
      return instancesOfResource(resource, resource["instances"], origin, problems);
    problems.push(damagedInstance(origin, "resources", typeof resource));
    return [];
  });
}

function instancesOfResource(
  resource: Fields,
  instances: readonly unknown[],
  origin: Origin,
  problems: Problem[],
): readonly Instance[] {
  const module = textOf(resource["module"]);
  const type = textOf(resource["type"]);
  const name = textOf(resource["name"]);
  const base = [module, type, name].filter((part) => part !== "").join(".");
  return instances.flatMap((one): readonly Instance[] => {
    // A deposed object waits to be deleted; the address stands for its successor.
    if (isFields(one) && one["deposed"] !== undefined) return [];
    const attributes = isFields(one) ? one["attributes"] : undefined;
    if (!isFields(one) || !isFields(attributes)) {
      problems.push(damagedInstance(origin, base, typeof one));
      return [];
    }
    const index = one["index_key"];
    const key = typeof index === "string" || typeof index === "number" ? index : null;
    const hidden = sensitiveMask(one["sensitive_attributes"]);
    return [
      {
        address: key === null ? base : `${base}[${JSON.stringify(key)}]`,
        module,
        type,
        name,
        key,
        provider: /provider\["([^"]+)"\]/.exec(textOf(resource["provider"]))?.[1] ?? "",
        schemaVersion: typeof one["schema_version"] === "number" ? one["schema_version"] : null,
        values: withoutSecrets(attributes, hidden),
        later: undefined,
        hidden: isMasked(hidden) ? hidden : undefined,
        origin,
      },
    ];
  });
}

/** Paths such as `[{type: "get_attr", value: "x"}, …]`; the member they begin with is left out as a whole. */
function sensitiveMask(paths: unknown): Fields {
  const names = (Array.isArray(paths) ? (paths as readonly unknown[]) : []).flatMap((path) => {
    const first: unknown = Array.isArray(path) ? path[0] : undefined;
    return isFields(first) && typeof first["value"] === "string" ? [first["value"]] : [];
  });
  return Object.fromEntries(names.map((name) => [name, true]));
}
