import type { Origin } from "../../../problem.ts";
import { fullPath, nameOf, projectOf, UNKNOWN_PROJECT } from "../links.ts";
import type { Seen, WorkloadExport } from "./read/export.ts";
import type { RawAnnotations, RawFunction, RawKnative, RawNetworkInterface, RawRun, RawVpcAccess } from "./read/raw.ts";

/** A service, job, function or version, as far as it decides from where it is seen. */
export interface Serverless {
  readonly path: string;
  readonly name: string;
  readonly project: string;
  readonly region: string | null;
  readonly platform: "run" | "function" | "app-engine" | "app-engine-flexible";
  readonly access: Access;
  /** Other revisions than the one described here serve traffic. */
  readonly otherRevisions: boolean;
  readonly origin: Origin;
}

/** How it enters a network of the user, and what does. `unreadable`: its setting names nothing that is known here. */
export type Access =
  | { readonly kind: "none" }
  | { readonly kind: "unreadable"; readonly found: string }
  | { readonly kind: "connector"; readonly connector: string; readonly egress: "all" | "private" }
  | {
      readonly kind: "direct";
      readonly network: string | null;
      readonly subnetwork: string | null;
      readonly tags: readonly string[];
      readonly egress: "all" | "private";
    };

/** A function of the second generation is a Cloud Run service; where both are shown they are one. */
export interface ServerlessFound {
  readonly workloads: readonly Serverless[];
  readonly sameAs: readonly { readonly path: string; readonly name: string; readonly service: string }[];
}

export function serverlessOf(read: WorkloadExport, alone: string): ServerlessFound {
  const runs = [...read.runs.map(ofRun), ...read.knatives.map((seen) => ofKnative(seen, alone))];
  const paths = new Set(runs.map(({ path }) => path));
  const functions = read.functions.map((seen) => ({
    service: seen.value.serviceConfig?.service ?? "",
    one: ofFunction(seen),
  }));
  const shown = functions.filter(({ service }) => paths.has(service));
  const workloads = [
    ...runs,
    ...functions.flatMap(({ service, one }) => (paths.has(service) ? [] : [one])),
    ...read.appEngineVersions.map(ofAppEngine),
  ];
  return {
    workloads: [...new Map(workloads.map((one) => [one.path, one])).values()],
    sameAs: shown.map(({ service, one: { path, name } }) => ({ path, name, service })),
  };
}

const regionIn = (path: string): string | null => /\/locations\/([^/]+)/.exec(path)?.[1] ?? null;

const NAMES: Readonly<Record<string, "all" | "private">> = {
  ALL_TRAFFIC: "all",
  VPC_EGRESS_ALL_TRAFFIC: "all",
  "all-traffic": "all",
  all: "all",
  PRIVATE_RANGES_ONLY: "private",
  PRIVATE_IP_RANGES: "private",
  VPC_EGRESS_PRIVATE_RANGES_ONLY: "private",
  "private-ranges-only": "private",
  "private-ranges": "private",
};

const isUnset = (egress: string | null | undefined): boolean => !egress || egress.endsWith("_UNSPECIFIED");

/** Every product defaults to private ranges: https://github.com/googleapis/googleapis/blob/master/google/cloud/run/v2/vendor_settings.proto */
function accessOf(
  connector: string | null | undefined,
  nics: readonly RawNetworkInterface[] | null | undefined,
  setting: string | null | undefined,
): Access {
  const [nic] = nics ?? [];
  if (!connector && nic === undefined) return { kind: "none" };
  const egress = isUnset(setting) ? "private" : NAMES[setting ?? ""];
  if (egress === undefined) return { kind: "unreadable", found: setting ?? "" };
  if (connector) return { kind: "connector", connector, egress };
  return {
    kind: "direct",
    network: nic?.network ?? null,
    subnetwork: nic?.subnetwork ?? null,
    tags: nic?.tags ?? [],
    egress,
  };
}

const fromVpcAccess = (vpc: RawVpcAccess | null | undefined): Access =>
  accessOf(vpc?.connector, vpc?.networkInterfaces, vpc?.egress);

function ofRun({ value, origin }: Seen<RawRun>): Serverless {
  const path = fullPath(value.name) ?? value.name;
  const latest = nameOf(value.latestCreatedRevision ?? "");
  return {
    path,
    name: nameOf(path),
    project: projectOf(path) ?? UNKNOWN_PROJECT,
    region: regionIn(path),
    platform: "run",
    access: fromVpcAccess(value.template.vpcAccess ?? value.template.template?.vpcAccess),
    otherRevisions:
      isNotReady(latest, nameOf(value.latestReadyRevision ?? "")) ||
      (value.traffic ?? []).some(({ revision }) => revision && nameOf(revision) !== latest),
    origin,
  };
}

/** The template is that of the last created revision; the last that became ready serves: https://github.com/googleapis/googleapis/blob/master/google/cloud/run/v2/service.proto */
const isNotReady = (created: string | null | undefined, ready: string | null | undefined): boolean =>
  Boolean(created) && Boolean(ready) && created !== ready;

/** gcloud prints the project's number as namespace, while networks are named by the project's id. */
function ofKnative({ value, origin }: Seen<RawKnative>, alone: string): Serverless {
  const { metadata, spec, status } = value;
  const region = metadata.labels?.["cloud.googleapis.com/location"] ?? null;
  const namespace = metadata.namespace ?? "";
  const project = alone !== UNKNOWN_PROJECT || namespace === "" ? alone : namespace;
  const collection = metadata.selfLink?.includes("/jobs/") ? "jobs" : "services";
  const latest = status?.latestCreatedRevisionName;
  return {
    path: `projects/${project}/locations/${region ?? "-"}/${collection}/${metadata.name}`,
    name: metadata.name,
    project,
    region,
    platform: "run",
    access: fromAnnotations(spec.template?.metadata?.annotations),
    otherRevisions:
      isNotReady(latest, status?.latestReadyRevisionName) ||
      (spec.traffic ?? []).some(({ revisionName }) => revisionName && revisionName !== latest),
    origin,
  };
}

function fromAnnotations(annotations: RawAnnotations): Access {
  const setting = annotations?.["run.googleapis.com/vpc-access-egress"];
  const written = annotations?.["run.googleapis.com/network-interfaces"];
  const nics = written ? interfacesIn(written) : [];
  if (nics === undefined) return { kind: "unreadable", found: written ?? "" };
  return accessOf(annotations?.["run.googleapis.com/vpc-access-connector"], nics, setting);
}

/** `[{"network":"…","subnetwork":"…","tags":["…"]}]`; tags also come as one text with commas. */
function interfacesIn(written: string): readonly RawNetworkInterface[] | undefined {
  const list = parsedOf(written);
  if (!Array.isArray(list)) return undefined;
  const nics: RawNetworkInterface[] = [];
  for (const one of list as readonly unknown[]) {
    if (typeof one !== "object" || one === null) return undefined;
    const { network, subnetwork, tags } = one as Readonly<Record<string, unknown>>;
    nics.push({ network: textOf(network), subnetwork: textOf(subnetwork), tags: tagsOf(tags) });
  }
  return nics;
}

function parsedOf(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string | null => (typeof value === "string" ? value : null);

function tagsOf(tags: unknown): string[] {
  if (typeof tags === "string") return tags.split(",").map((tag) => tag.trim());
  return Array.isArray(tags) ? tags.filter((tag) => typeof tag === "string") : [];
}

function ofFunction({ value, origin }: Seen<RawFunction>): Serverless {
  const path = fullPath(value.name) ?? value.name;
  const { serviceConfig: config } = value;
  const connector = config?.vpcConnector || value.vpcConnector;
  const setting = connector
    ? config?.vpcConnectorEgressSettings || value.vpcConnectorEgressSettings
    : config?.directVpcEgress;
  return {
    path,
    name: nameOf(path),
    project: projectOf(path) ?? UNKNOWN_PROJECT,
    region: regionIn(path),
    platform: "function",
    access: accessOf(connector, config?.directVpcNetworkInterface, setting),
    otherRevisions: false,
    origin,
  };
}

function ofAppEngine({ value, origin }: WorkloadExport["appEngineVersions"][number]): Serverless {
  const [, project = UNKNOWN_PROJECT, service = ""] = /^apps\/([^/]+)\/services\/([^/]+)\//.exec(value.name) ?? [];
  const { vpcAccessConnector: vpc } = value;
  return {
    path: value.name,
    name: `${service}/${nameOf(value.name)}`,
    project,
    region: null,
    platform:
      value.vm === true || value.env === "flexible" || value.env === "flex" ? "app-engine-flexible" : "app-engine",
    access: accessOf(vpc?.name, [], vpc?.egressSetting),
    otherRevisions: false,
    origin,
  };
}
