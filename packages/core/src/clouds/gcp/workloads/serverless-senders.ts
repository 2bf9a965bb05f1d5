import type { Egress } from "../../../model/egress.ts";
import type { Estate, Group, Host } from "../../../model/estate.ts";
import type { Problem } from "../../../problem.ts";
import type { Facts, Nic } from "../facts.ts";
import { nameOf, projectOf, UNKNOWN_PROJECT } from "../links.ts";
import type { WorkloadExport } from "./read/export.ts";
import { type Access, type Serverless, serverlessOf } from "./serverless.ts";
import { flexible, privateOnly, withoutNetwork } from "./serverless-egress.ts";
import { ipv6Gaps, otherRevisions, tagGaps } from "./serverless-gaps.ts";
import { splitGaps, withGaps } from "./split.ts";
import { senderOf } from "./stand-in.ts";
import { connectorOf, connectorPath, directNic, rangesOf } from "./vpc-access.ts";

/** Serverless workloads and the connectors they use. */
export function serverlessSenders(
  read: WorkloadExport,
  facts: Facts,
  problems: Problem[],
  egressOf: (nic: Nic) => Egress,
): Estate {
  const alone = aloneOf(facts);
  const { workloads, sameAs } = serverlessOf(read, alone);
  const connectors = new Map(
    read.connectors.map((seen) => connectorOf(seen, facts, problems)).map((nic) => [nic.instance.path, nic]),
  );
  const context: Context = { facts, connectors, egressOf };
  const hosts = workloads.map((one) => hostOf(one, context));
  return {
    hosts: [...hosts, ...[...connectors.values()].map((nic) => ofNic(nic, nic.instance, egressOf(nic)))],
    groups: [
      ...appEngineServices(workloads),
      ...sameAs.map(({ path, name, service }) => ({
        id: path,
        name,
        kind: "function",
        members: [`${service}/egress`],
      })),
    ],
  };
}

interface Context {
  readonly facts: Facts;
  readonly connectors: ReadonlyMap<string, Nic>;
  readonly egressOf: (nic: Nic) => Egress;
}

/** The only project of the export; many resources do not name theirs. */
function aloneOf({ exported, networks, subnetByPath }: Facts): string {
  const projects = new Set(
    [...networks.keys(), ...subnetByPath.keys(), ...exported.routers.map(({ path }) => path)].map((path) =>
      projectOf(path),
    ),
  );
  const [only, ...others] = projects;
  return others.length === 0 ? (only ?? UNKNOWN_PROJECT) : UNKNOWN_PROJECT;
}

/** Each version by itself, and the service as their union. */
function appEngineServices(workloads: readonly Serverless[]): readonly Group[] {
  const byService = new Map<string, string[]>();
  for (const { path, platform } of workloads) {
    if (!platform.startsWith("app-engine")) continue;
    const service = path.replace(/\/versions\/[^/]+$/, "");
    byService.set(service, [...(byService.get(service) ?? []), `${path}/egress`]);
  }
  return [...byService].map(([id, members]) => ({ id, name: nameOf(id), kind: "app-engine-service", members }));
}

const ofNic = (nic: Nic, who: Parameters<typeof senderOf>[0], egress: Egress): Host =>
  senderOf(who, {
    network: nic.network,
    egress: withGaps(egress, splitGaps(nic.instance, nic.pool, egress)),
    sendsFromAny: rangesOf(nic),
  });

function hostOf(workload: Serverless, context: Context): Host {
  const { access } = workload;
  const revisions = workload.otherRevisions ? [otherRevisions(workload)] : [];
  if (workload.platform === "app-engine-flexible")
    return senderOf(workload, { network: "", egress: flexible(workload), sendsFromAny: [] });
  const nic =
    access.kind === "direct" ? directNic(workload, access, context.facts) : connectorNic(workload, access, context);
  if (nic !== null && (access.kind === "direct" || access.kind === "connector")) {
    const inside = context.egressOf(nic);
    const gaps = [
      ...revisions,
      ...splitGaps(workload, nic.pool, inside),
      ...tagGaps(workload, access, context.facts, nic),
      ...ipv6Gaps(workload, nic, context.facts),
    ];
    if (access.egress === "all")
      return senderOf(workload, {
        network: nic.network,
        egress: withGaps(inside, gaps),
        sendsFromAny: rangesOf(nic),
      });
    const egress = privateOnly(workload, inside, gaps);
    return senderOf(workload, { network: nic.network, egress, sendsFromAny: rangesOf(nic) });
  }
  return senderOf(workload, { network: "", egress: withoutNetwork(workload, revisions), sendsFromAny: [] });
}

function connectorNic({ project, region }: Serverless, access: Access, { connectors }: Context): Nic | null {
  if (access.kind !== "connector") return null;
  return connectors.get(connectorPath(access.connector, project, region)) ?? null;
}
