import * as v from "valibot";
import type { Origin, Problem, Read } from "../../../problem.ts";
import { type ConfigDocument, unlikeIn } from "../../document.ts";
import { groupBy } from "../../group-by.ts";
import { fullPath, nameOf, projectOf, UNKNOWN_PROJECT } from "../links.ts";
import { type GcpKind, gcpListKind, isFields } from "../recognise.ts";
import { hasCopies } from "./copies.ts";
import { type Coverage, coverageOf } from "./coverage.ts";
import { type FirewallPolicy, firewallPoliciesOf, isEvaluable, networksInEffect } from "./firewall-policies.ts";
import { fits } from "./fits.ts";
import { FormedItem, type Like } from "./formed-item.ts";
import type { Found } from "./found.ts";
import { absentMember } from "./needed.ts";
import { damagedResource, differingCopies, listOfUnknownProject, missingMember, natWithoutRouter } from "./problems.ts";
import * as raw from "./raw.ts";
import { routersLacking } from "./router-statuses.ts";
import { type Item, unwrap } from "./unwrap.ts";

/** Everything that was read, each resource once. */
export interface Export {
  readonly instances: readonly Found<raw.RawInstance>[];
  readonly networks: readonly Found<raw.RawNetwork>[];
  readonly subnetworks: readonly Found<raw.RawSubnetwork>[];
  readonly routes: readonly Found<raw.RawRoute>[];
  readonly policyRoutes: readonly Found<raw.RawPolicyRoute>[];
  readonly routers: readonly Found<raw.RawRouter>[];
  readonly routerStatuses: readonly Found<raw.RawRouterStatus>[];
  readonly natMappings: readonly Found<raw.RawNatMapping>[];
  readonly natIpInfos: readonly Found<raw.RawNatIpInfo>[];
  readonly addresses: readonly Found<raw.RawAddress>[];
  readonly forwardingRules: readonly Found<raw.RawForwardingRule>[];
  readonly serviceAttachments: readonly Found<raw.RawServiceAttachment>[];
  readonly vpnTunnels: readonly Found<raw.RawVpnTunnel>[];
  readonly firewalls: readonly Found<raw.RawFirewall>[];
  readonly peeringRoutes: readonly Found<raw.RawPeeringRoute>[];
  readonly firewallPolicies: readonly FirewallPolicy[];
  /** The networks of which it is shown what is in effect; null: an answer that names none. */
  readonly firewallsInEffect: readonly (string | null)[];
  /** Files that hold or name firewall policies that cannot be evaluated. */
  readonly policies: readonly Origin[];
  readonly coverage: Coverage;
}

/**
 * Reads what an export holds. A resource with a member of the wrong type becomes a problem and counts as damaged, so
 * that nothing takes it for absent.
 *
 * @param damagedFiles files that were cut short or not understood in part: what they list is never taken as complete
 */
export function readExport(
  documents: readonly ConfigDocument[],
  damagedFiles: ReadonlySet<string> = new Set(),
): Read<Export> {
  const problems: Problem[] = [];
  const { items, unlike, lists } = unwrap(documents);
  const byKind = groupBy(items, ({ kind }) => kind);
  const projects = projectsOf(unlike);
  const alone = projects.size === 1 ? ([...projects][0] ?? UNKNOWN_PROJECT) : UNKNOWN_PROJECT;
  const damaged: Item[] = [];
  const read = <S extends v.GenericSchema>(kind: GcpKind, schema: S): readonly Found<v.InferOutput<S>>[] => {
    const all: Found<v.InferOutput<S>>[] = [];
    const isSound = fits(schema);
    // What fits its schema and says whose it is stays the object that it is.
    const isFound = (item: Item): item is Item & Found<v.InferOutput<S>> => isPlaced(item) && isSound(item.value);
    const known: (Like | null)[] = [];
    for (const item of byKind.get(kind) ?? []) {
      if (item instanceof FormedItem) {
        const before = known[item.like.number];
        const like = before === undefined ? soundLike(item, schema) : before;
        known[item.like.number] = like;
        const one = like === null || like === item.like ? item : new FormedItem(like, item.document);
        if (like !== null && isFormedFound<v.InferOutput<S>>(one)) {
          all.push(one);
          continue;
        }
      }
      const absent = absentMember(item);
      if (absent === undefined && isFound(item)) {
        all.push(item);
        continue;
      }
      const parsed = v.safeParse(schema, item.value, { abortEarly: true });
      if (parsed.success && absent === undefined) all.push(found(item, parsed.output, alone));
      else {
        damaged.push(item);
        problems.push(parsed.success ? missingMember(item, absent ?? "") : damagedResource(item, parsed.issues[0]));
      }
    }
    return withoutCopies(all, schema, problems);
  };
  const value = {
    instances: read("instance", raw.instance),
    networks: read("network", raw.network),
    subnetworks: read("subnetwork", raw.subnetwork),
    routes: read("route", raw.route),
    policyRoutes: read("policy-route", raw.policyRoute),
    routers: read("router", raw.router),
    routerStatuses: read("router-status", raw.routerStatus),
    natMappings: read("nat-mapping", raw.natMapping),
    natIpInfos: read("nat-ip-info", raw.natIpInfo),
    addresses: read("address", raw.address),
    forwardingRules: read("forwarding-rule", raw.forwardingRule),
    serviceAttachments: read("service-attachment", raw.serviceAttachment),
    vpnTunnels: read("vpn-tunnel", raw.vpnTunnel),
    firewalls: read("firewall", raw.firewall),
    peeringRoutes: read("peering-route", raw.peeringRoute),
  };
  const firewallPolicies = firewallPoliciesOf(unlike);
  const firewallsInEffect = networksInEffect(unlike);
  // Of whom it is shown what is in effect, no policy of a folder or an organization needs to tell whom it concerns.
  const isToldWhole =
    value.networks.length > 0 &&
    value.networks.every(({ value: { selfLink } }) => firewallsInEffect.includes(fullPath(selfLink ?? "") ?? ""));
  const concerns = ({ networks, isInEffect }: FirewallPolicy): boolean =>
    networks !== null || isInEffect || !isToldWhole;
  const shown = new Set(firewallPolicies.map(({ name }) => name));
  const policies = oncePerFile([
    ...firewallPolicies.flatMap((one) => (one.mayDenyEgress && !isEvaluable(one) && concerns(one) ? [one.origin] : [])),
    ...value.networks.flatMap(({ value: { firewallPolicy }, origin }) =>
      firewallPolicy && !shown.has(nameOf(firewallPolicy)) ? [origin] : [],
    ),
  ]);
  for (const { origin } of byKind.get("nat-fragment") ?? []) problems.push(natWithoutRouter(origin));
  const unlikeDocuments = unlikeIn(documents);
  const empties = emptyLists(unlikeDocuments, projects, problems);
  const projectFor = (item: Item): string => item.project ?? alone;
  const coverage = coverageOf({
    documents: unlikeDocuments,
    items: unlike,
    lists,
    empties,
    damaged,
    lacking: routersLacking(value.routerStatuses, value.routers),
    damagedFiles,
    projectFor,
  });
  return { value: { ...value, firewallPolicies, firewallsInEffect, policies, coverage }, problems };
}

/** What resources that are alike say, as their schema gives it; null: it has to be looked at one by one. */
function soundLike(item: FormedItem, schema: v.GenericSchema): Like | null {
  const { like } = item;
  if (!isPlaced(item) || absentMember(like) !== undefined) return null;
  if (fits(schema)(like.value)) return like;
  const parsed = v.safeParse(schema, like.value, { abortEarly: true });
  return parsed.success && isFields(parsed.output) ? { ...like, value: parsed.output } : null;
}

/** It is placed, and what it is like fits. */
const isFormedFound = <T>(item: FormedItem): item is FormedItem & Found<T> => item.project !== undefined;

const oncePerFile = (origins: readonly Origin[]): readonly Origin[] => [
  ...new Map([...origins].reverse().map((origin) => [origin.file, origin])).values(),
];

const textMember = (item: Item, member: string): string => {
  const value = item.value[member];
  return typeof value === "string" ? value : "";
};

function projectsOf(items: readonly Item[]): ReadonlySet<string> {
  const projects = new Set<string>();
  const links = new Set<string>();
  for (const item of items) {
    if (item.project !== undefined) projects.add(item.project);
    addNetworkLinks(item, links);
  }
  for (const link of links) {
    const project = projectOf(fullPath(link) ?? "");
    if (project !== undefined) projects.add(project);
  }
  return projects;
}

function addNetworkLinks(item: Item, links: Set<string>): void {
  const nics: unknown = item.value["networkInterfaces"];
  if (!Array.isArray(nics)) {
    links.add(textMember(item, "network"));
    return;
  }
  for (const nic of nics as readonly unknown[]) {
    const link: unknown = typeof nic === "object" && nic !== null ? (nic as { network?: unknown }).network : undefined;
    if (typeof link === "string") links.add(link);
  }
}

const COLLECTIONS: Partial<Record<GcpKind, string>> = {
  instance: "instances",
  network: "networks",
  subnetwork: "subnetworks",
  route: "routes",
  "policy-route": "policyBasedRoutes",
  router: "routers",
  address: "addresses",
  "forwarding-rule": "forwardingRules",
  "service-attachment": "serviceAttachments",
  "vpn-tunnel": "vpnTunnels",
  firewall: "firewalls",
};

const isPlaced = ({ kind, path, name, project }: Item): boolean =>
  path !== null && name !== "" && project !== undefined && COLLECTIONS[kind] !== undefined;

function found<T>(item: Item, value: T, alone: string): Found<T> {
  const project = item.project ?? alone;
  const collection = COLLECTIONS[item.kind];
  const { name, origin, updateTime } = item;
  if (collection === undefined || name === "") return { value, path: "", project, name, origin, updateTime };
  const path =
    item.path ??
    fullPath(textMember(item, "name")) ??
    [`projects/${project}`, locationFrom(item), collection, name].join("/");
  return { value, path, project, name, origin, updateTime };
}

function locationFrom(item: Item): string {
  const last = (link: string): string => link.slice(link.lastIndexOf("/") + 1);
  const zone = textMember(item, "zone");
  const region = textMember(item, "region");
  if (zone !== "") return `zones/${last(zone)}`;
  return region === "" ? "global" : `regions/${last(region)}`;
}

/** Equal copies are one. Different ones: the asset seen later wins, else the one given last; a problem says which. */
function withoutCopies<T>(all: readonly Found<T>[], schema: v.GenericSchema, problems: Problem[]): readonly Found<T>[] {
  if (!hasCopies(all)) return all;
  const byPath = new Map<string, Found<T>>();
  const nameless: Found<T>[] = [];
  for (const one of all) {
    const before = one.path === "" ? undefined : byPath.get(one.path);
    if (one.path === "") nameless.push(one);
    else if (before === undefined) byPath.set(one.path, one);
    else if (canonical(before.value, schema) !== canonical(one.value, schema)) {
      const newer = before.updateTime !== null && one.updateTime !== null && before.updateTime !== one.updateTime;
      const winner = newer && (before.updateTime ?? "") > (one.updateTime ?? "") ? before : one;
      problems.push(differingCopies(winner, winner === one ? before : one, newer ? "newer" : "last"));
      byPath.set(one.path, winner);
    }
  }
  return byPath.size === all.length ? all : [...byPath.values(), ...nameless];
}

/**
 * Independent of members that nothing reads, of their order and of the form of links; null and an empty list are the same
 * as absent.
 */
function canonical(value: unknown, schema: v.GenericSchema): string {
  const parsed = v.safeParse(schema, value);
  return JSON.stringify(parsed.success ? parsed.output : value, (_, member: unknown) => {
    if (member === null || (Array.isArray(member) && member.length === 0)) return undefined;
    // One source names the host www.googleapis.com and another compute.googleapis.com.
    if (typeof member === "string") return fullPath(member) ?? member;
    if (typeof member !== "object" || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** An empty list says only by its file's name what there is none of, and by a folder in whose project. */
function emptyLists(
  documents: readonly ConfigDocument[],
  projects: ReadonlySet<string>,
  problems: Problem[],
): readonly { readonly kind: GcpKind; readonly project: string }[] {
  return documents.flatMap(({ value, origin }) => {
    if (!Array.isArray(value) || value.length > 0) return [];
    const kind = gcpListKind(origin.file);
    if (kind === undefined) return [];
    const project = projectByFile(origin.file, projects);
    if (project !== undefined) return [{ kind, project }];
    if (projects.size > 0) problems.push(listOfUnknownProject(origin, [...projects]));
    return [];
  });
}

function projectByFile(file: string, projects: ReadonlySet<string>): string | undefined {
  if (projects.size === 1) return [...projects][0];
  const segments = file.split(/[/\\!]/);
  const base = segments.at(-1) ?? "";
  return [...projects]
    .filter((project) => segments.includes(project) || base.startsWith(`${project}-`) || base.startsWith(`${project}.`))
    .sort((a, b) => b.length - a.length)[0];
}
