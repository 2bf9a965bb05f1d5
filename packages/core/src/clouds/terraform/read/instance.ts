import type { Origin } from "../../../problem.ts";

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * What of a value is not there: `true` for the whole, else a mask in the value's own shape. Both of Terraform's masks
 * (`after_unknown`, `sensitive_values`) have it.
 */
export type Mask = unknown;

/** One resource instance, as `terraform show -json` names it. */
export interface Instance {
  /** `module.net["a"].google_compute_address.nat[0]`. */
  readonly address: string;
  /** The instance of the module it is in: `module.net["a"]`; empty at the root. */
  readonly module: string;
  readonly type: string;
  readonly name: string;
  /** Of `count` or `for_each`; null without. */
  readonly key: string | number | null;
  /** `registry.terraform.io/hashicorp/google`. */
  readonly provider: string;
  readonly schemaVersion: number | null;
  /** Without what is sensitive or not known yet. */
  readonly values: Fields;
  /** What is known only after apply. */
  readonly later: Mask;
  /** What was left out because it is sensitive. */
  readonly hidden: Mask;
  readonly origin: Origin;
}
