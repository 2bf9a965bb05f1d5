import type { Origin } from "../../../problem.ts";
import type { ConfigDocument } from "../../document.ts";
import { fullPath, projectOf, regionOf, UNKNOWN_PROJECT } from "../links.ts";
import { type Fields, type GcpKind, isFields, kindOf, kindOfTypeName } from "../recognise.ts";

/** One resource or status, taken out of whatever list or envelope it came in. */
export interface Item {
  readonly kind: GcpKind;
  readonly value: Fields;
  readonly origin: Origin;
  /** The asset inventory's name for it, as `projects/…`; null elsewhere. */
  readonly path: string | null;
  /** Whose it is; undefined where nothing of it tells. */
  readonly project: string | undefined;
  /** When the asset inventory last saw it change. */
  readonly updateTime: string | null;
  /** `alone`: a single object, so nobody says that there are no others. */
  readonly from: "list" | "assets" | "alone";
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
  readonly lists: readonly ListSeen[];
}

const NOTHING: Unwrapped = { items: [], lists: [] };

/** Nested lists deeper than this are no export. */
const DEEPEST = 4;

/**
 * Lists (`{kind: "compute#routerList", items: […]}`), aggregated lists (`items: {"zones/z": {instances: […]}}`), asset
 * inventory lines, statuses in or out of `result`, and bare resources.
 */
export function unwrap(document: ConfigDocument): Unwrapped {
  return unwrapValue(document.value, { origin: document.origin, from: "alone", depth: 0, linesOf: document.linesOf });
}

interface Place {
  readonly origin: Origin;
  readonly from: Item["from"];
  readonly depth: number;
  readonly linesOf: ConfigDocument["linesOf"];
}

const NO_LINES = (): readonly number[] => [];

function unwrapValue(value: unknown, place: Place): Unwrapped {
  if (place.depth > DEEPEST) return NOTHING;
  if (Array.isArray(value)) return unwrapList(value, "", place);
  if (!isFields(value)) return NOTHING;
  if (isFields(value["asset"])) return unwrapValue(value["asset"], deeper(place, place.origin.line));
  if (typeof value["assetType"] === "string") return unwrapAsset(value, value["assetType"], place);
  if (value["items"] !== undefined || (value["result"] === undefined && /List$/.test(textOf(value["kind"])))) {
    const listed = unwrapItems(value, place);
    if (listed !== undefined) return listed;
  }
  if (Array.isArray(value["policyBasedRoutes"]))
    return unwrapList(value["policyBasedRoutes"], "policyBasedRoutes", place);
  return unwrapSingle(value, place);
}

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

const deeper = (place: Place, line: number | null, from: Item["from"] = place.from): Place => ({
  origin: { file: place.origin.file, line },
  from,
  depth: place.depth + 1,
  linesOf: NO_LINES,
});

const join = (parts: readonly Unwrapped[]): Unwrapped => ({
  items: parts.flatMap((part) => part.items),
  lists: parts.flatMap((part) => part.lists),
});

function unwrapList(list: readonly unknown[], key: string, place: Place): Unwrapped {
  const lines = place.linesOf(key);
  return join(
    list.map((element, index) => unwrapValue(element, deeper(place, lines[index] ?? place.origin.line, "list"))),
  );
}

function unwrapItems(value: Fields, place: Place): Unwrapped | undefined {
  const items = value["items"];
  const seen = listSeen(value);
  if (Array.isArray(items)) return join([unwrapList(items, "items", place), seen]);
  if (!isFields(items)) return items === undefined ? seen : undefined;
  const scopes = Object.values(items).filter(isFields);
  const lists = scopes.flatMap((scope) => Object.values(scope).filter((member) => Array.isArray(member)));
  return join([...lists.map((list) => unwrapList(list, "", place)), seen]);
}

function listSeen(value: Fields): Unwrapped {
  const path = fullPath(textOf(value["selfLink"])) ?? fullPath(textOf(value["id"]));
  const kind = kindOfTypeName(textOf(value["kind"]));
  const project = path === undefined ? undefined : projectOf(path);
  if (project === undefined || kind === "other") return NOTHING;
  // A page with a successor, or the list of one region, says nothing of the rest.
  const region = regionOf(path);
  return { items: [], lists: [{ kind, project, region, whole: textOf(value["nextPageToken"]) === "" }] };
}

function unwrapAsset(value: Fields, assetType: string, place: Place): Unwrapped {
  const data = assetData(value);
  const kind = kindOfTypeName(assetType);
  if (kind === "other") return NOTHING;
  const path = fullPath(textOf(value["name"])) ?? null;
  const project = path === null ? UNKNOWN_PROJECT : (projectOf(path) ?? UNKNOWN_PROJECT);
  // A line without a body says that the resource exists and nothing else.
  if (data === undefined) return { items: [], lists: [{ kind, project, region: null, whole: false }] };
  const updateTime = textOf(value["updateTime"]) || null;
  const own = path === null ? ownProject(kind, data) : projectOf(path);
  return {
    items: [{ kind, value: data, origin: place.origin, path, project: own, updateTime, from: "assets" }],
    lists: [],
  };
}

/** `resource.data` of an export; `versionedResources[0].resource` of a search. */
function assetData(asset: Fields): Fields | undefined {
  const { resource, versionedResources } = asset;
  if (isFields(resource) && isFields(resource["data"])) return resource["data"];
  const version: unknown = Array.isArray(versionedResources) ? versionedResources.at(-1) : undefined;
  return isFields(version) && isFields(version["resource"]) ? version["resource"] : undefined;
}

function unwrapSingle(value: Fields, place: Place): Unwrapped {
  const kind = kindOf(value);
  if (kind === undefined) return NOTHING;
  const { result } = value;
  if (kind === "router-status" && isFields(result)) return single(kind, result, place);
  if ((kind === "nat-mapping" || kind === "nat-ip-info") && Array.isArray(result))
    return unwrapList(result, "result", place);
  if (kind === "effective-firewalls" && Array.isArray(value["firewalls"]))
    return join([single(kind, value, place), unwrapList(value["firewalls"], "firewalls", place)]);
  return single(kind, value, place);
}

const single = (kind: GcpKind, value: Fields, { origin, from }: Place): Unwrapped => ({
  items: [{ kind, value, origin, path: null, project: ownProject(kind, value), updateTime: null, from }],
  lists: NO_LISTS,
});

const NO_LISTS: readonly ListSeen[] = [];

/** A link to the network does not tell: with Shared VPC that is another project. Routes and routers do live there. */
const OWN_LINKS = ["selfLink", "zone", "region", "name"] as const;
const ITS_NETWORKS_TOO = [...OWN_LINKS, "network"] as const;
const LIVES_WITH_ITS_NETWORK: ReadonlySet<GcpKind> = new Set(["route", "router", "firewall", "subnetwork"]);

function ownProject(kind: GcpKind, value: Fields): string | undefined {
  for (const member of LIVES_WITH_ITS_NETWORK.has(kind) ? ITS_NETWORKS_TOO : OWN_LINKS) {
    const path = fullPath(textOf(value[member]));
    if (path !== undefined) return projectOf(path);
  }
  return undefined;
}
