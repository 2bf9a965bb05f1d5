type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Which of Terraform's JSON documents a value is. `state-file`: `terraform.tfstate` itself. `log`: a line of
 * `terraform plan -json`, which is no plan. OpenTofu writes the same.
 *
 * @see https://developer.hashicorp.com/terraform/internals/json-format
 */
export type TerraformKind = "state" | "plan" | "state-file" | "log";

export function terraformKind(value: unknown): TerraformKind | undefined {
  if (!isMembers(value)) return undefined;
  if (typeof value["format_version"] === "string") return kindOfShown(value);
  const isStateFile = typeof value["version"] === "number" && typeof value["lineage"] === "string";
  if (isStateFile && "terraform_version" in value) return "state-file";
  return typeof value["@level"] === "string" && typeof value["@module"] === "string" ? "log" : undefined;
}

/** An empty state is `{"format_version":"1.0"}` and nothing else. */
function kindOfShown(value: Members): TerraformKind | undefined {
  if (PLAN_MEMBERS.some((member) => member in value)) return "plan";
  if ("values" in value) return "state";
  return Object.keys(value).every((name) => STATE_MEMBERS.includes(name)) ? "state" : undefined;
}

const PLAN_MEMBERS = ["planned_values", "resource_changes", "prior_state"];
const STATE_MEMBERS = ["format_version", "terraform_version", "values", "checks"];
