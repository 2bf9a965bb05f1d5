import type { ConfigDocument } from "../../document.ts";
import { type GcpKind, gcpListKind } from "../recognise.ts";
import type { Item, ListSeen } from "./unwrap.ts";

/**
 * How much of a collection the export holds. `part`: single resources, one page, a file with an error, or a list that
 * lacks what something else speaks of; others may exist. `none`: not exported at all.
 */
export type Seen = "whole" | "part" | "none";

export interface Coverage {
  /** @param region of regional collections, where only one region's list may have been given */
  seen(project: string, kind: GcpKind, region?: string): Seen;
  /** Something of this kind could not be read, so nothing of it may be taken for absent. */
  damaged(project: string, kind: GcpKind): boolean;
  /** Every project that something was read from. */
  readonly projects: ReadonlySet<string>;
}

/** Of documents and items that are alike one each: it is not the only one of its file. */
interface Given {
  readonly documents: readonly ConfigDocument[];
  readonly items: readonly Item[];
  readonly lists: readonly ListSeen[];
  readonly empties: readonly { readonly kind: GcpKind; readonly project: string }[];
  readonly damaged: readonly Item[];
  /** Something else in the export speaks of one that is not there. */
  readonly lacking: readonly { readonly kind: GcpKind; readonly project: string }[];
  readonly damagedFiles: ReadonlySet<string>;
  readonly projectFor: (item: Item) => string;
}

/** An asset export holds every type unless it was narrowed; two network types in it show that it was not. */
const BROAD_ASSET_TYPES = 2;

export function coverageOf(given: Given): Coverage {
  const whole = new Set<string>();
  const part = new Set<string>();
  const key = (project: string, kind: GcpKind, region: string | null = null): string =>
    `${project}|${kind}|${region ?? ""}`;
  const projects = new Set<string>();
  const files = documentsPerFile(given.documents);
  let listed: Item | null = null;
  for (const item of given.items) {
    if (listed !== null && isNextOf(listed, item)) continue;
    listed = isFromList(item, files) ? item : null;
    const project = given.projectFor(item);
    projects.add(project);
    part.add(key(project, item.kind));
    if (listed !== null) for (const at of regionsNamed(item, given)) whole.add(key(project, item.kind, at));
  }
  for (const { kind, project } of given.empties) whole.add(key(project, kind));
  for (const { kind, project, region, whole: all } of given.lists) {
    projects.add(project);
    (all ? whole : part).add(key(project, kind, region));
  }
  for (const project of broadAssetProjects(given)) whole.add(`${project}|assets|`);
  const damaged = damagedKeys(given, key);
  const lacking = new Set(given.lacking.map(({ kind, project }) => key(project, kind)));
  return {
    projects,
    damaged: (project, kind) => damaged.has(key(project, kind)),
    seen: (project, kind, region) => {
      const here = key(project, kind);
      if (damaged.has(here) || lacking.has(here)) return "part";
      const all = whole.has(here) || (ASSET_KINDS.has(kind) && whole.has(`${project}|assets|`));
      if (all || (region !== undefined && whole.has(key(project, kind, region)))) return "whole";
      return part.has(here) ? "part" : "none";
    },
  };
}

/** Runtime facts are not in an asset export. */
const ASSET_KINDS: ReadonlySet<GcpKind> = new Set([
  "instance",
  "network",
  "subnetwork",
  "route",
  "policy-route",
  "router",
  "address",
  "forwarding-rule",
  "vpn-tunnel",
  "firewall",
]);

function documentsPerFile(documents: readonly ConfigDocument[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { origin } of documents) counts.set(origin.file, (counts.get(origin.file) ?? 0) + 1);
  return counts;
}

/**
 * A list is told from a single `describe` by its envelope, by more than one element in its file, by an element that
 * does not start the file (`[` does), or by the file's name.
 */
function isFromList(item: Item, files: ReadonlyMap<string, number>): boolean {
  if (item.from === "assets") return false;
  if (item.from === "list" || (item.origin.line ?? 1) > 1) return true;
  return (files.get(item.origin.file) ?? 0) > 1 || gcpListKind(item.origin.file) === item.kind;
}

/** The next element of a list says nothing that this one did not. */
const isNextOf = (one: Item, next: Item): boolean =>
  one.kind === next.kind &&
  one.project === next.project &&
  one.from === next.from &&
  one.origin.file === next.origin.file &&
  (next.origin.line ?? 1) > 1;

/** Where an item's own envelope was the list of one region, it proves no more than that region. */
function regionsNamed(item: Item, given: Given): readonly (string | null)[] {
  if (item.from !== "list") return [null];
  const project = given.projectFor(item);
  const lists = given.lists.filter((list) => list.kind === item.kind && list.project === project);
  if (lists.length === 0) return [null];
  return lists.flatMap((list) => (list.whole ? [list.region] : []));
}

function broadAssetProjects(given: Given): readonly string[] {
  const types = new Map<string, Set<GcpKind>>();
  for (const item of given.items) {
    if (item.from !== "assets") continue;
    const project = given.projectFor(item);
    const seen = types.get(project) ?? new Set();
    types.set(project, seen.add(item.kind));
  }
  return [...types].filter(([, kinds]) => kinds.size > BROAD_ASSET_TYPES).map(([project]) => project);
}

function damagedKeys(given: Given, key: (project: string, kind: GcpKind) => string): ReadonlySet<string> {
  const keys = new Set(given.damaged.map((item) => key(given.projectFor(item), item.kind)));
  if (given.damagedFiles.size === 0) return keys;
  for (const item of given.items)
    if (given.damagedFiles.has(item.origin.file)) keys.add(key(given.projectFor(item), item.kind));
  for (const file of given.damagedFiles) {
    const kind = gcpListKind(file);
    for (const item of kind === undefined ? [] : given.items) keys.add(key(given.projectFor(item), kind ?? item.kind));
  }
  return keys;
}
