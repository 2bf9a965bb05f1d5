import { type Cidr, parseCidr } from "../../../address/cidr.ts";
import type { Origin, Problem } from "../../../problem.ts";
import { nonMasqueradeList } from "./agent-list.ts";
import type { Seen, WorkloadExport } from "./read/export.ts";
import { notARange, ofNoCluster, unreadableMasquerade } from "./read/problems.ts";
import type { RawEgressNatPolicy, RawMasqueradeAgent, RawMasqueradeConfig } from "./read/raw.ts";

/** What kubectl showed of the agent that masquerades a cluster's Pods. */
export interface Agent {
  /** The DaemonSet; null: not given, which says nothing. */
  readonly daemon: { readonly allReservedRanges: boolean } | null;
  /** `nonMasqueradeCIDRs`; null: no ConfigMap was given. */
  readonly custom: CustomList | null;
  /** EgressNATPolicy of Autopilot: what they leave alone; null: none was given. */
  readonly policies: CustomList | null;
}

/** `absent`: the list is not in it. `unreadable`: it may say anything. */
export type CustomList =
  | { readonly kind: "list"; readonly cidrs: readonly Cidr[]; readonly origin: Origin }
  | { readonly kind: "absent"; readonly origin: Origin }
  | { readonly kind: "unreadable"; readonly origin: Origin };

interface Named {
  readonly path: string;
  readonly name: string;
}

/** kubectl does not say which cluster it spoke to: with several, a folder or file name does. */
export function agentsOf(
  read: WorkloadExport,
  clusters: readonly Named[],
  problems: Problem[],
): (path: string) => Agent {
  const own = <T>(seen: readonly Seen<T>[], what: string): ReadonlyMap<string, readonly Seen<T>[]> => {
    const byCluster = new Map<string, Seen<T>[]>();
    for (const one of seen) {
      const cluster = clusterOfFile(one.origin.file, clusters);
      if (cluster === undefined)
        problems.push(
          ofNoCluster(
            what,
            clusters.map(({ name }) => name),
            one.origin,
          ),
        );
      else byCluster.set(cluster.path, [...(byCluster.get(cluster.path) ?? []), one]);
    }
    return byCluster;
  };
  const daemons = own(read.masqueradeAgents, "DaemonSet ip-masq-agent");
  const configs = own(read.masqueradeConfigs, "ConfigMap ip-masq-agent");
  const policies = own(read.egressNatPolicies, "EgressNATPolicy");
  return (path) => ({
    daemon: daemonOf(daemons.get(path)?.at(-1)),
    custom: customOf(configs.get(path)?.at(-1), problems),
    policies: policiesOf(policies.get(path) ?? [], problems),
  });
}

/** Undefined: several clusters fit, or none. */
export function clusterOfFile<T extends Named>(file: string, clusters: readonly T[]): T | undefined {
  if (clusters.length === 1) return clusters[0];
  const words = file.split(/[/\\!]/);
  const base = words.at(-1) ?? "";
  const [fitting, ...others] = clusters
    .filter(
      ({ name }) => name !== "" && (words.includes(name) || base.startsWith(`${name}-`) || base.startsWith(`${name}.`)),
    )
    .sort((a, b) => b.name.length - a.name.length);
  return others.some(({ name }) => name === fitting?.name) ? undefined : fitting;
}

function daemonOf(seen: Seen<RawMasqueradeAgent> | undefined): Agent["daemon"] {
  if (seen === undefined) return null;
  const words = seen.value.spec.template.spec.containers.flatMap(({ args, command }) => [
    ...(command ?? []),
    ...(args ?? []),
  ]);
  return { allReservedRanges: words.some((word) => /^--?nomasq-all-reserved-ranges(?:=true)?$/.test(word)) };
}

/** The file inside the ConfigMap is usually named `config`; its name does not matter to the agent's users. */
function customOf(seen: Seen<RawMasqueradeConfig> | undefined, problems: Problem[]): CustomList | null {
  if (seen === undefined) return null;
  const { origin } = seen;
  const texts = Object.values(seen.value.data ?? {});
  const [text, ...others] = texts;
  if (text === undefined) return { kind: "absent", origin };
  const list = others.length > 0 ? "unreadable" : nonMasqueradeList(text);
  const unreadable = { kind: "unreadable", origin } as const;
  if (list === "absent") return { kind: "absent", origin };
  if (list === "unreadable") {
    problems.push(unreadableMasquerade("ConfigMap ip-masq-agent", origin));
    return unreadable;
  }
  return rangesOf(list, "nonMasqueradeCIDRs", origin, problems) ?? unreadable;
}

function policiesOf(seen: readonly Seen<RawEgressNatPolicy>[], problems: Problem[]): CustomList | null {
  const [first] = seen;
  if (first === undefined) return null;
  const { origin } = first;
  // The only action there is; another one may do anything.
  if (seen.some(({ value }) => value.spec.action !== "NoSNAT")) return { kind: "unreadable", origin };
  const texts = seen.flatMap(({ value }) => (value.spec.destinations ?? []).map(({ cidr }) => cidr));
  return rangesOf(texts, "EgressNATPolicy", origin, problems) ?? { kind: "unreadable", origin };
}

function rangesOf(
  texts: readonly unknown[],
  what: string,
  origin: Origin,
  problems: Problem[],
): CustomList | undefined {
  const cidrs: Cidr[] = [];
  for (const text of texts) {
    const cidr = typeof text === "string" ? parseCidr(text, true) : undefined;
    if (cidr === undefined) {
      problems.push(notARange(what, String(text), origin));
      return undefined;
    }
    cidrs.push(cidr);
  }
  return { kind: "list", cidrs, origin };
}
