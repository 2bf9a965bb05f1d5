import type { ConfigDocument } from "../document.ts";

/** What sends that is not a plain VM, and what decides how it does. */
export type WorkloadKind =
  | "cluster"
  | "node"
  | "pod"
  | "masquerade-config"
  | "masquerade-agent"
  | "egress-nat-policy"
  | "run"
  | "function"
  | "app-engine"
  | "connector"
  | "sql"
  | "web-proxy";

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const memberOf = (value: unknown, member: string): unknown => (isFields(value) ? value[member] : undefined);

/** By content alone; undefined for everything else, resources of the network included. */
export function workloadKindOf(value: Fields): WorkloadKind | undefined {
  const { kind, apiVersion, name, selfLink } = value;
  if (typeof kind === "string" && kind.startsWith("compute#")) return undefined;
  if (typeof apiVersion === "string") return byApiVersion(apiVersion, textOf(kind), value);
  if (kind === "sql#instance") return "sql";
  if (typeof name !== "string") return byNested(value);
  return bySelfLink(textOf(selfLink)) ?? byName(name, value) ?? byShape(value);
}

/** Of Kubernetes only what names Google's own: other clouds have Pods too. */
function byApiVersion(apiVersion: string, kind: string, value: Fields): WorkloadKind | undefined {
  if (apiVersion === "serving.knative.dev/v1") return kind === "Service" ? "run" : undefined;
  if (apiVersion.startsWith("run.googleapis.com/")) return RUN_KINDS.has(kind) ? "run" : undefined;
  if (kind === "EgressNATPolicy") return apiVersion.startsWith("networking.gke.io/") ? "egress-nat-policy" : undefined;
  const name = memberOf(value["metadata"], "name");
  if (kind === "ConfigMap") return name === AGENT ? "masquerade-config" : undefined;
  if (kind === "DaemonSet") return name === AGENT ? "masquerade-agent" : undefined;
  if (kind === "Node") return textOf(memberOf(value["spec"], "providerID")).startsWith("gce://") ? "node" : undefined;
  if (kind !== "Pod") return undefined;
  return /^g(?:ke|k3)-/.test(textOf(memberOf(value["spec"], "nodeName"))) ? "pod" : undefined;
}

const AGENT = "ip-masq-agent";
const RUN_KINDS: ReadonlySet<string> = new Set(["Service", "Job", "WorkerPool"]);

function bySelfLink(link: string): WorkloadKind | undefined {
  if (!link.includes("googleapis.com/")) return undefined;
  if (/\/clusters\/[^/]+$/.test(link) && link.includes("container.googleapis.com/")) return "cluster";
  return link.includes("sqladmin.googleapis.com/") && /\/instances\/[^/]+$/.test(link) ? "sql" : undefined;
}

function byName(name: string, value: Fields): WorkloadKind | undefined {
  if (name.startsWith("apps/")) return /\/versions\/[^/]+$/.test(name) ? "app-engine" : undefined;
  const collection = /^projects\/[^/]+\/locations\/[^/]+\/(\w+)\/[^/]+$/.exec(name)?.[1];
  if (collection === "connectors") return "connector";
  if (collection === "functions") return "function";
  if (collection === "gateways") return value["type"] === "SECURE_WEB_GATEWAY" ? "web-proxy" : undefined;
  const runs = collection === "services" || collection === "jobs" || collection === "workerPools";
  return runs && isFields(value["template"]) ? "run" : undefined;
}

function byShape(value: Fields): WorkloadKind | undefined {
  const has = (member: string): boolean => value[member] !== undefined;
  if (has("nodePools") && (has("networkConfig") || has("ipAllocationPolicy") || has("clusterIpv4Cidr")))
    return "cluster";
  return has("connectionName") && has("databaseVersion") ? "sql" : undefined;
}

/** `gcloud app versions list` wraps what the API gives. */
function byNested(value: Fields): WorkloadKind | undefined {
  const { version } = value;
  return isFields(version) && textOf(version["name"]).startsWith("apps/") ? "app-engine" : undefined;
}

const ENVELOPES = [
  "items",
  "clusters",
  "services",
  "jobs",
  "workerPools",
  "functions",
  "connectors",
  "gateways",
  "versions",
] as const;

/** What a list of one of the APIs, or of kubectl, holds; empty for everything else. */
export function workloadsIn(value: Fields): readonly unknown[] {
  for (const member of ENVELOPES) {
    const list = value[member];
    if (Array.isArray(list)) return list;
  }
  return [];
}

/** `container.googleapis.com/Cluster` and the like, as the asset inventory names them. */
export const WORKLOAD_ASSETS: Readonly<Record<string, WorkloadKind>> = {
  "container.googleapis.com/Cluster": "cluster",
  "run.googleapis.com/Service": "run",
  "run.googleapis.com/Job": "run",
  "cloudfunctions.googleapis.com/CloudFunction": "function",
  "cloudfunctions.googleapis.com/Function": "function",
  "appengine.googleapis.com/Version": "app-engine",
  "vpcaccess.googleapis.com/Connector": "connector",
  "sqladmin.googleapis.com/Instance": "sql",
  "networkservices.googleapis.com/Gateway": "web-proxy",
};

/** A list of one kind shows it in its first elements; one of several kinds is kubectl's. */
const LOOKED_AT = 50;

/** Whether the readers of workloads, and of what forwarding rules show, are needed at all. */
export const holdsWorkloads = (documents: readonly ConfigDocument[]): boolean =>
  documents.some(({ value }) => isWorkload(value) || isForwarding(value));

/** A forwarding rule, or a list of them, alone or by region. */
function isForwarding(value: unknown): boolean {
  if (Array.isArray(value)) return value.slice(0, LOOKED_AT).some(isForwarding);
  if (!isFields(value)) return false;
  const { kind, assetType, items } = value;
  const named = textOf(kind) || textOf(assetType);
  if (named !== "") return /forwardingrule/i.test(named);
  if (value["IPAddress"] !== undefined || value["forwardingRules"] !== undefined) return true;
  return Array.isArray(items) ? isForwarding(items) : isFields(items) && Object.values(items).some(isForwarding);
}

function isWorkload(value: unknown): boolean {
  if (Array.isArray(value)) return value.slice(0, LOOKED_AT).some(isWorkload);
  if (!isFields(value)) return false;
  const { assetType, kind } = value;
  if (typeof kind === "string" && kind.startsWith("compute#")) return false;
  if (typeof assetType === "string") return WORKLOAD_ASSETS[assetType] !== undefined;
  return workloadKindOf(value) !== undefined || workloadsIn(value).slice(0, LOOKED_AT).some(isWorkload);
}
