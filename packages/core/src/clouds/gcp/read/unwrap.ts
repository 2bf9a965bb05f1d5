import type { Origin } from "../../../problem.ts";
import { type ConfigDocument, type Form, isFormed } from "../../document.ts";
import { fullPath, nameOf, projectOf, regionOf, sharedProjects, UNKNOWN_PROJECT } from "../links.ts";
import { type Fields, type GcpKind, isFields, kindOf, kindOfTypeName } from "../recognise.ts";
import { FormedItem, type Like } from "./formed-item.ts";

/** One resource or status, taken out of whatever list or envelope it came in. */
export interface Item {
  readonly kind: GcpKind;
  readonly value: Fields;
  readonly origin: Origin;
  /** `projects/…`, by the asset inventory's name for it or its own link; null where neither says. */
  readonly path: string | null;
  /** Without what a partial link says before it; empty where it has none. */
  readonly name: string;
  /** Whose it is; undefined where nothing of it tells. */
  readonly project: string | undefined;
  /** When the asset inventory last saw it change. */
  readonly updateTime: string | null;
  /** `alone`: a single object, so nobody says that there are no others. */
  readonly from: "list" | "assets" | "alone";
  /** Of many that are alike: what they have in common. */
  readonly like?: Like;
}

/** A list that names its project, so that an empty one says something; `whole` is false when more pages follow. */
export interface ListSeen {
  readonly kind: GcpKind;
  readonly project: string;
  /** Null: of all regions. */
  readonly region: string | null;
  readonly whole: boolean;
}

export interface Unwrapped {
  readonly items: readonly Item[];
  /** The same, but of many that are alike only the first: enough for what does not rest on what is their own. */
  readonly unlike: readonly Item[];
  readonly lists: readonly ListSeen[];
}

/** What was taken out so far. */
interface Taken {
  readonly items: Item[];
  readonly lists: ListSeen[];
  readonly projectOf: typeof projectOf;
}

/** Nested lists deeper than this are no export. */
const DEEPEST = 4;

/**
 * Lists (`{kind: "compute#routerList", items: […]}`), aggregated lists (`items: {"zones/z": {instances: […]}}`), asset
 * inventory lines, statuses in or out of `result`, and bare resources.
 */
export function unwrap(documents: readonly ConfigDocument[]): Unwrapped {
  const items: Item[] = [];
  const unlike: Item[] = [];
  const into: Taken = { items, lists: [], projectOf: sharedProjects() };
  const likes = new Map<Form, Like | null>();
  const heads = new Map<string, string>();
  for (const document of documents) {
    const known = document.form === undefined ? null : likes.get(document.form);
    const like =
      known === undefined && isFormed(document) ? likeOf(likes.size, document.form, into, heads) : (known ?? null);
    if (isFormed(document) && like !== null) {
      const item = new FormedItem(like, document);
      if (known === undefined) unlike.push(item);
      items.push(item);
    } else {
      const { origin, value, linesOf } = document;
      const before = items.length;
      unwrapValue(value, { into, origin, from: "alone", depth: 0, linesOf });
      for (let index = before; index < items.length; index += 1) {
        const item = items[index];
        if (item !== undefined) unlike.push(item);
      }
    }
    if (document.form !== undefined) likes.set(document.form, like);
  }
  return { items, unlike, lists: into.lists };
}

/** Null: they are anything else than single resources that say whose they are. */
function likeOf(number: number, form: Form, { projectOf: ofPath }: Taken, heads: Map<string, string>): Like | null {
  const into: Taken = { items: [], lists: [], projectOf: ofPath };
  unwrapValue(form.value, { into, origin: NOWHERE, from: "alone", depth: 0, linesOf: NO_LINES });
  const [item, ...others] = into.items;
  if (item === undefined || others.length + into.lists.length > 0 || item.value !== form.value) return null;
  const { kind, path, name, project, value } = item;
  if (path === null) return null;
  const written = path.slice(0, path.length - name.length);
  // One text for all: then two are known to be the same without a look at them.
  const head = heads.get(written) ?? written;
  heads.set(head, head);
  return { number, kind, project, head, value, form };
}

const NOWHERE: Origin = { file: "", line: null };

interface Place {
  readonly into: Taken;
  readonly origin: Origin;
  readonly from: Item["from"];
  readonly depth: number;
  readonly linesOf: ConfigDocument["linesOf"];
}

const NO_LINES = (): readonly number[] => [];

function unwrapValue(value: unknown, place: Place): void {
  if (place.depth > DEEPEST) return;
  if (Array.isArray(value)) unwrapList(value, "", place);
  else if (!isFields(value)) return;
  else if (isFields(value["asset"])) unwrapValue(value["asset"], deeper(place, place.origin.line));
  else if (typeof value["assetType"] === "string") unwrapAsset(value, value["assetType"], place);
  else if (isListOfItems(value)) unwrapItems(value, place);
  else if (Array.isArray(value["policyBasedRoutes"]))
    unwrapList(value["policyBasedRoutes"], "policyBasedRoutes", place);
  else unwrapSingle(value, place);
}

function isListOfItems({ items, result, kind }: Fields): boolean {
  if (items === undefined) return result === undefined && textOf(kind).endsWith("List");
  return typeof items === "object" && items !== null;
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const deeper = (place: Place, line: number | null, from: Item["from"] = place.from): Place => ({
  into: place.into,
  origin: { file: place.origin.file, line },
  from,
  depth: place.depth + 1,
  linesOf: NO_LINES,
});

function unwrapList(list: readonly unknown[], key: string, place: Place): void {
  const lines = place.linesOf(key);
  for (const [index, element] of list.entries())
    unwrapValue(element, deeper(place, lines[index] ?? place.origin.line, "list"));
}

function unwrapItems(value: Fields, place: Place): void {
  const items = value["items"];
  if (Array.isArray(items)) unwrapList(items, "items", place);
  else if (isFields(items))
    for (const scope of Object.values(items).filter(isFields))
      for (const member of Object.values(scope)) if (Array.isArray(member)) unwrapList(member, "", place);
  seeList(value, place);
}

function seeList(value: Fields, { into }: Place): void {
  const path = fullPath(textOf(value["selfLink"])) ?? fullPath(textOf(value["id"]));
  const kind = kindOfTypeName(textOf(value["kind"]));
  const project = path === undefined ? undefined : projectOf(path);
  if (project === undefined || kind === "other") return;
  // A page with a successor, or the list of one region, says nothing of the rest.
  const region = regionOf(path);
  into.lists.push({ kind, project, region, whole: textOf(value["nextPageToken"]) === "" });
}

function unwrapAsset(value: Fields, assetType: string, { into, origin }: Place): void {
  const data = assetData(value);
  const kind = kindOfTypeName(assetType);
  if (kind === "other") return;
  const path = fullPath(textOf(value["name"])) ?? null;
  const project = path === null ? UNKNOWN_PROJECT : (projectOf(path) ?? UNKNOWN_PROJECT);
  // A line without a body says that the resource exists and nothing else.
  if (data === undefined) {
    into.lists.push({ kind, project, region: null, whole: false });
    return;
  }
  const updateTime = textOf(value["updateTime"]) || null;
  const own = path === null ? ownProject(kind, data, into) : into.projectOf(path);
  into.items.push({ kind, value: data, origin, path, name: ownName(data), project: own, updateTime, from: "assets" });
}

/** `resource.data` of an export; `versionedResources[0].resource` of a search. */
function assetData(asset: Fields): Fields | undefined {
  const { resource, versionedResources } = asset;
  if (isFields(resource) && isFields(resource["data"])) return resource["data"];
  const version: unknown = Array.isArray(versionedResources) ? versionedResources.at(-1) : undefined;
  return isFields(version) && isFields(version["resource"]) ? version["resource"] : undefined;
}

function unwrapSingle(value: Fields, place: Place): void {
  const kind = kindOf(value);
  if (kind === undefined) return;
  const { result } = value;
  if (kind === "router-status" && isFields(result)) addSingle(kind, result, place);
  else if ((kind === "nat-mapping" || kind === "nat-ip-info") && Array.isArray(result))
    unwrapList(result, "result", place);
  else addSingle(kind, value, place);
  if (kind === "effective-firewalls" && Array.isArray(value["firewalls"]))
    unwrapList(value["firewalls"], "firewalls", place);
}

const ownName = (value: Fields): string => nameOf(textOf(value["name"]));

function addSingle(kind: GcpKind, value: Fields, { into, origin, from }: Place): void {
  const path = fullPath(textOf(value["selfLink"])) ?? null;
  const project = path === null ? ownProject(kind, value, into) : into.projectOf(path);
  into.items.push({ kind, value, origin, path, name: ownName(value), project, updateTime: null, from });
}

/** A link to the network does not tell: with Shared VPC that is another project. Routes and routers do live there. */
const OWN_LINKS = ["selfLink", "zone", "region", "name"] as const;
const ITS_NETWORKS_TOO = [...OWN_LINKS, "network"] as const;
const LIVES_WITH_ITS_NETWORK: ReadonlySet<GcpKind> = new Set(["route", "router", "firewall", "subnetwork"]);

function ownProject(kind: GcpKind, value: Fields, into: Taken): string | undefined {
  for (const member of LIVES_WITH_ITS_NETWORK.has(kind) ? ITS_NETWORKS_TOO : OWN_LINKS) {
    const path = fullPath(textOf(value[member]));
    if (path !== undefined) return into.projectOf(path);
  }
  return undefined;
}
