import { type Cidr, familyOfCidr, parseCidr } from "../../../address/cidr.ts";
import type { Origin, Problem } from "../../../problem.ts";
import { type Facts, networkPath, type Subnet } from "../facts.ts";
import { fullPath, nameOf, projectOf, regionOf, resourcePath, UNKNOWN_PROJECT } from "../links.ts";
import { type Agent, agentsOf } from "./agents.ts";
import type { Seen, WorkloadExport } from "./read/export.ts";
import { notARange } from "./read/problems.ts";
import type { RawCluster } from "./read/raw.ts";

/** A GKE cluster, as far as it decides from where its Pods are seen. */
export interface Cluster {
  readonly path: string;
  readonly name: string;
  readonly network: string;
  readonly subnet: string | null;
  readonly region: string | null;
  readonly autopilot: boolean;
  readonly defaultSnatDisabled: boolean;
  /** Nodes without external addresses by default; null: not said. */
  readonly privateNodes: boolean | null;
  readonly podRanges: readonly Cidr[];
  readonly podRangeName: string | null;
  readonly serviceRanges: readonly Cidr[];
  readonly nodeRanges: readonly Cidr[];
  readonly pools: readonly NodePool[];
  readonly agent: Agent;
  readonly origin: Origin;
}

export interface NodePool {
  readonly path: string;
  readonly name: string;
  /** Names of the instance groups that make its VMs. */
  readonly managers: readonly string[];
  readonly windows: boolean;
}

export function clustersOf(read: WorkloadExport, facts: Facts, problems: Problem[]): readonly Cluster[] {
  const named = read.clusters.map((seen) => ({ seen, ...identityOf(seen.value) }));
  const agents = agentsOf(read, named, problems);
  return named.map(({ seen, path, name }) => clusterOf(seen, path, name, facts, agents(path), problems));
}

function identityOf({ name, selfLink, location, zone }: RawCluster): { readonly path: string; readonly name: string } {
  const own = name ?? "";
  const place = location ?? zone ?? "-";
  const kind = /-[a-z]$/.test(place) ? "zones" : "locations";
  return {
    name: own,
    path: fullPath(selfLink ?? "") ?? `projects/${UNKNOWN_PROJECT}/${kind}/${place}/clusters/${own}`,
  };
}

function clusterOf(
  { value, origin }: Seen<RawCluster>,
  path: string,
  name: string,
  facts: Facts,
  agent: Agent,
  problems: Problem[],
): Cluster {
  const project = projectOf(path) ?? UNKNOWN_PROJECT;
  const region = regionOf(value.location ?? value.zone ?? /\/(?:zones|locations)\/([^/]+)/.exec(path)?.[1]);
  const policy = value.ipAllocationPolicy;
  const link = value.networkConfig?.subnetwork ?? value.subnetwork;
  const subnetHome = { project, location: `regions/${region ?? "-"}`, collection: "subnetworks" };
  const subnet = link ? resourcePath(link, subnetHome) : null;
  const known = subnet === null ? undefined : facts.subnetByPath.get(subnet);
  const ranges = (...texts: readonly (string | null | undefined)[]): readonly Cidr[] => [
    ...new Set(
      texts.flatMap((text) => {
        const cidr = text ? parseCidr(text, true) : undefined;
        if (text && cidr === undefined) problems.push(notARange(`cluster ${name}`, text, origin));
        return cidr === undefined ? [] : [cidr];
      }),
    ),
  ];
  const rangeNames = [policy?.clusterSecondaryRangeName, ...(policy?.additionalPodRangesConfig?.podRangeNames ?? [])];
  return {
    path,
    name,
    origin,
    agent,
    network: known?.network ?? networkPath(value.networkConfig?.network ?? value.network, project),
    subnet,
    region,
    autopilot: value.autopilot?.enabled === true,
    defaultSnatDisabled: value.networkConfig?.defaultSnatStatus?.disabled === true,
    privateNodes:
      value.networkConfig?.defaultEnablePrivateNodes ?? value.privateClusterConfig?.enablePrivateNodes ?? null,
    podRanges: [
      ...ranges(
        value.clusterIpv4Cidr,
        policy?.clusterIpv4CidrBlock,
        ...(value.nodePools ?? []).map(({ networkConfig }) => networkConfig?.podIpv4CidrBlock),
      ),
      ...secondaryRanges(known, rangeNames),
    ],
    podRangeName: policy?.clusterSecondaryRangeName ?? null,
    serviceRanges: ranges(value.servicesIpv4Cidr, policy?.servicesIpv4CidrBlock),
    nodeRanges: (known?.primary ?? []).filter((cidr) => familyOfCidr(cidr) === 4),
    pools: (value.nodePools ?? []).map((pool) => ({
      path: `${path}/nodePools/${pool.name ?? ""}`,
      name: pool.name ?? "",
      managers: (pool.instanceGroupUrls ?? []).map(nameOf),
      windows: /^WINDOWS/i.test(pool.config?.imageType ?? ""),
    })),
  };
}

const secondaryRanges = (subnet: Subnet | undefined, names: readonly (string | null | undefined)[]): readonly Cidr[] =>
  (subnet?.secondary ?? []).flatMap(({ name, cidr }) => (names.includes(name) ? [cidr] : []));
