import * as v from "valibot";
import type { Origin, Problem, Read } from "../../../../problem.ts";
import { type ConfigDocument, oncePerForm } from "../../../document.ts";
import { WORKLOAD_ASSETS, type WorkloadKind, workloadKindOf, workloadsIn } from "../../workload-kind.ts";
import { unusable } from "./problems.ts";
import * as raw from "./raw.ts";

/** One resource, and where it stands. */
export interface Seen<T> {
  readonly value: T;
  readonly origin: Origin;
}

/** Everything that is not a plain VM, as it was read. */
export interface WorkloadExport {
  readonly clusters: readonly Seen<raw.RawCluster>[];
  readonly nodes: readonly Seen<raw.RawNode>[];
  readonly pods: readonly Seen<raw.RawPod>[];
  readonly masqueradeConfigs: readonly Seen<raw.RawMasqueradeConfig>[];
  readonly masqueradeAgents: readonly Seen<raw.RawMasqueradeAgent>[];
  readonly egressNatPolicies: readonly Seen<raw.RawEgressNatPolicy>[];
  readonly runs: readonly Seen<raw.RawRun>[];
  readonly knatives: readonly Seen<raw.RawKnative>[];
  readonly functions: readonly Seen<raw.RawFunction>[];
  readonly appEngineVersions: readonly Seen<raw.RawAppEngineVersion>[];
  readonly connectors: readonly Seen<raw.RawConnector>[];
  readonly sqlInstances: readonly Seen<raw.RawSqlInstance>[];
  readonly webProxies: readonly Seen<raw.RawWebProxy>[];
}

type Fields = Readonly<Record<string, unknown>>;

interface Item {
  readonly kind: WorkloadKind;
  readonly value: Fields;
  readonly origin: Origin;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Never throws; a resource with a member of the wrong type becomes a problem, and the rest is still read. */
export function readWorkloads(documents: readonly ConfigDocument[]): Read<WorkloadExport> {
  const problems: Problem[] = [];
  const itemsOf = ({ value, origin, linesOf }: ConfigDocument) => itemsIn(value, origin, linesOf, 0);
  const holdsAny = oncePerForm((document) => itemsOf(document).length > 0);
  const items = documents.flatMap((document) =>
    document.form !== undefined && !holdsAny(document) ? [] : itemsOf(document),
  );
  const read = <S extends v.GenericSchema>(
    kind: WorkloadKind,
    schema: S,
    fits: (value: Fields) => boolean = () => true,
  ): readonly Seen<v.InferOutput<S>>[] =>
    onlyOnce(
      items.flatMap(({ value, origin, ...item }) => {
        if (item.kind !== kind || !fits(value)) return [];
        const parsed = v.safeParse(schema, value, { abortEarly: true });
        if (parsed.success) return [{ value: parsed.output, origin }];
        problems.push(unusable(kind, nameOf(value), parsed.issues[0], origin));
        return [];
      }),
    );
  const isKnative = ({ apiVersion }: Fields): boolean => typeof apiVersion === "string";
  return {
    value: {
      clusters: read("cluster", raw.cluster),
      nodes: read("node", raw.node),
      pods: read("pod", raw.pod),
      masqueradeConfigs: read("masquerade-config", raw.masqueradeConfig),
      masqueradeAgents: read("masquerade-agent", raw.masqueradeAgent),
      egressNatPolicies: read("egress-nat-policy", raw.egressNatPolicy),
      runs: read("run", raw.run, (value) => !isKnative(value)),
      knatives: read("run", raw.knative, isKnative),
      functions: read("function", raw.cloudFunction),
      appEngineVersions: read("app-engine", raw.appEngineVersion),
      connectors: read("connector", raw.connector),
      sqlInstances: read("sql", raw.sqlInstance),
      webProxies: read("web-proxy", raw.webProxy),
    },
    problems,
  };
}

/** Lists within lists deeper than this are no export. */
const DEEPEST = 4;

function itemsIn(value: unknown, origin: Origin, linesOf: ConfigDocument["linesOf"], depth: number): readonly Item[] {
  if (depth > DEEPEST) return [];
  if (Array.isArray(value)) return inside(value, origin, linesOf(""), depth);
  if (!isFields(value)) return [];
  const { assetType } = value;
  if (typeof assetType === "string") return fromAsset(value, assetType, origin);
  const kind = workloadKindOf(value);
  if (kind !== undefined) return [{ kind, value: innermost(kind, value), origin }];
  return inside(workloadsIn(value), origin, linesOf("items"), depth);
}

const inside = (list: readonly unknown[], origin: Origin, lines: readonly number[], depth: number): readonly Item[] =>
  list.flatMap((element, index) =>
    itemsIn(element, { file: origin.file, line: lines[index] ?? origin.line }, () => [], depth + 1),
  );

/** `gcloud app versions list` wraps the version of the API. */
const innermost = (kind: WorkloadKind, value: Fields): Fields =>
  kind === "app-engine" && isFields(value["version"]) ? value["version"] : value;

function fromAsset(asset: Fields, assetType: string, origin: Origin): readonly Item[] {
  const kind = WORKLOAD_ASSETS[assetType];
  const { resource } = asset;
  if (kind === undefined || !isFields(resource) || !isFields(resource["data"])) return [];
  return [{ kind, value: resource["data"], origin }];
}

const nameOf = ({ name, metadata }: Fields): string => {
  const own = name ?? (isFields(metadata) ? metadata["name"] : undefined);
  return typeof own === "string" ? own : "";
};

/** A list and a `describe` of the same thing hold it twice. */
function onlyOnce<T>(all: readonly Seen<T>[]): readonly Seen<T>[] {
  return [...new Map(all.map((one) => [JSON.stringify(one.value), one])).values()];
}
