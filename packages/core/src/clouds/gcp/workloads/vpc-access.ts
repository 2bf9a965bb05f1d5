import { type Cidr, EVERY_IPV4, parseCidr } from "../../../address/cidr.ts";
import type { Problem } from "../../../problem.ts";
import { type Facts, type Nic, networkPath } from "../facts.ts";
import { nameOf, projectOf, resourcePath, UNKNOWN_PROJECT } from "../links.ts";
import type { Seen } from "./read/export.ts";
import { notARange } from "./read/problems.ts";
import type { RawConnector } from "./read/raw.ts";
import type { Access, Serverless } from "./serverless.ts";
import { standIn } from "./stand-in.ts";

/** https://docs.cloud.google.com/vpc/docs/serverless-vpc-access */
export function connectorOf({ value, origin }: Seen<RawConnector>, facts: Facts, problems: Problem[]): Nic {
  const path = value.name;
  const project = projectOf(path) ?? UNKNOWN_PROJECT;
  const region = regionIn(path);
  const home = {
    project: value.subnet?.projectId || project,
    location: `regions/${region ?? "-"}`,
    collection: "subnetworks",
  };
  const subnet = value.subnet?.name ? resourcePath(value.subnet.name, home) : null;
  const known = subnet === null ? undefined : facts.subnetByPath.get(subnet);
  const range = value.ipCidrRange ? parseCidr(value.ipCidrRange, true) : undefined;
  if (value.ipCidrRange && range === undefined)
    problems.push(notARange(`connector ${nameOf(path)}`, value.ipCidrRange, origin));
  const name = nameOf(path);
  return standIn({
    path,
    name,
    origin,
    network: known?.network ?? networkPath(value.network, home.project),
    subnet,
    region,
    pool: known?.primary ?? (range === undefined ? [EVERY_IPV4] : [range]),
    tags: ["vpc-connector", `vpc-connector-${region ?? ""}-${name}`],
  });
}

const regionIn = (path: string): string | null => /\/locations\/([^/]+)/.exec(path)?.[1] ?? null;

/** `0.0.0.0/0` stands for ranges that are not known. */
export const rangesOf = ({ pool }: Nic): readonly Cidr[] => (pool.includes(EVERY_IPV4) ? [] : pool);

/** https://github.com/googleapis/googleapis/blob/master/google/cloud/run/v2/vendor_settings.proto: without one, a subnet named like the network. */
export function directNic(workload: Serverless, access: Access & { readonly kind: "direct" }, facts: Facts): Nic {
  const { project, region, path, name, origin } = workload;
  const home = { project, location: `regions/${region ?? "-"}`, collection: "subnetworks" };
  const named = access.subnetwork ?? access.network ?? "-";
  const subnet = access.subnetwork === null ? resourcePath(nameOf(named), home) : resourcePath(named, home);
  const known = facts.subnetByPath.get(subnet);
  return standIn({
    path,
    name,
    origin,
    network: known?.network ?? networkPath(access.network, projectOf(subnet) ?? project),
    subnet,
    region,
    pool: known === undefined ? [EVERY_IPV4] : known.primary,
    // Firewall rules take them; whether routes do is not published.
    tags: access.tags,
  });
}

export const connectorPath = (link: string, project: string, region: string | null): string =>
  link.startsWith("projects/") ? link : `projects/${project}/locations/${region ?? "-"}/connectors/${nameOf(link)}`;
