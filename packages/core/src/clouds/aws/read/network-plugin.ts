import * as v from "valibot";
import { type Cidr, parseCidr } from "../../../address/cidr.ts";
import type { Origin, Problem } from "../../../problem.ts";
import type { NetworkPlugin } from "./inventory.ts";
import { unreadableResource } from "./problems.ts";
import { rawPlugin } from "./raw.ts";

/** What the network plugin of an EKS cluster was told. @see https://github.com/aws/amazon-vpc-cni-k8s */
export function readNetworkPlugin(
  value: unknown,
  origin: Origin,
): { readonly plugin: NetworkPlugin | null; readonly problem: Problem | null } {
  const result = v.safeParse(rawPlugin, value);
  if (!result.success) {
    const [issue] = result.issues;
    const detail = { path: v.getDotPath(issue) ?? "", expected: issue.expected ?? "", found: issue.received };
    return { plugin: null, problem: unreadableResource("aws-node", origin, detail) };
  }
  const settings = result.output.spec.template.spec.containers.flatMap(({ env }) => env ?? []);
  const external = settings.find(({ name }) => name === "AWS_VPC_K8S_CNI_EXTERNALSNAT");
  const excluded = settings.find(({ name }) => name === "AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS");
  return {
    plugin: {
      externalSnat: external === undefined ? false : flagOf(external.value),
      excluded: excluded === undefined ? [] : prefixesOf(excluded.value),
      origin,
    },
    problem: null,
  };
}

/** Without a value it comes from somewhere else (`valueFrom`). */
const flagOf = (value: string | null | undefined): boolean | null =>
  value === null || value === undefined ? null : /^(1|t|true)$/i.test(value);

function prefixesOf(value: string | null | undefined): readonly Cidr[] | null {
  if (value === null || value === undefined) return null;
  const read = value
    .split(",")
    .filter((text) => text.trim() !== "")
    .map((text) => parseCidr(text.trim(), true));
  return read.every((cidr) => cidr !== undefined) ? read : null;
}
