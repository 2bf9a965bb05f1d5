import * as v from "valibot";
import type { Origin, Problem } from "../../../problem.ts";
import type { ConfigDocument } from "../../document.ts";
import { azureListKind } from "../recognise.ts";
import { CHILDREN, emptyTables, KINDS, STATIC_GATEWAY, type Tables } from "./kinds.ts";
import { isMembers, type Members, normalise, type Plain } from "./normalise.ts";
import { effectiveRoute } from "./parse.ts";
import { cutList, givenTwice, noId, partOfOther, unreadableResource, unreadableRoute } from "./problems.ts";
import { rawEffectiveRoute } from "./raw.ts";
import type { EffectiveRoute, EffectiveTable } from "./resource.ts";
import { type Key, keyOf, nameOf, parentOf, parseId } from "./resource-id.ts";

export interface Inventory extends Tables {
  readonly effective: readonly EffectiveTable[];
  /** A list of virtual network gateways was given and was empty: there are none, it is not that nobody asked. */
  readonly noGateways: boolean;
  /** A Route Server was given. It does not name its network. */
  readonly routeServer: boolean;
  /** Types of which something could not be read: what is not there may have been in it. */
  readonly damaged: ReadonlySet<string>;
}

interface Reading {
  readonly damaged: Set<string>;
  readonly tables: Tables;
  readonly effective: Map<string, { origin: Origin; routes: EffectiveRoute[]; complete: boolean }>;
  /** Ids of the resources that stood inside another one, to notice when a later copy no longer has them. */
  readonly nested: Map<Key, ReadonlyMap<Key, string>>;
  readonly problems: Problem[];
  noGateways: boolean;
  routeServer: boolean;
}

/** Reads every shape in which Azure's tools write resources. Never throws. */
export function readInventory(documents: readonly ConfigDocument[]): {
  readonly inventory: Inventory;
  readonly problems: readonly Problem[];
} {
  const reading: Reading = {
    tables: emptyTables(),
    effective: new Map(),
    nested: new Map(),
    problems: [],
    noGateways: false,
    routeServer: false,
    damaged: new Set(),
  };
  for (const document of documents) readDocument(reading, document);
  const { tables, effective, noGateways, routeServer, damaged, problems } = reading;
  return { inventory: { ...tables, effective: [...effective.values()], noGateways, routeServer, damaged }, problems };
}

function readDocument(reading: Reading, document: ConfigDocument): void {
  const value = normalise(document.value);
  const { origin } = document;
  if (Array.isArray(value)) readList(reading, value, origin, () => null);
  if (!isMembers(value)) return;
  const member = LISTS.find((name) => Array.isArray(value[name]));
  const elements = member === undefined ? undefined : value[member];
  if (member === undefined || !Array.isArray(elements)) {
    readElement(reading, value, origin, origin.file);
    return;
  }
  const lines = document.linesOf(member);
  readList(reading, elements, origin, (index) => lines[index] ?? null, value);
}

/** `value`: REST and effective routes. `data`: Resource Graph. `items`: kubectl. */
const LISTS = ["value", "data", "items"];

function readList(
  reading: Reading,
  elements: readonly Plain[],
  origin: Origin,
  lineOf: (index: number) => number | null,
  list: Members = {},
): void {
  const next = list.nextlink ?? list.skip_token ?? list.$skiptoken;
  const isCut = typeof next === "string" && next !== "";
  if (isCut) reading.problems.push(cutList(origin));
  if (!isCut && elements.length === 0 && azureListKind(origin.file) === "gateways") reading.noGateways = true;
  const table = `${origin.file}:${origin.line ?? ""}`;
  for (const [index, element] of elements.entries())
    if (isMembers(element)) readElement(reading, element, { ...origin, line: lineOf(index) ?? origin.line }, table);
}

function readElement(reading: Reading, members: Members, origin: Origin, table: string): void {
  const named = withId(members);
  if (isEffectiveRoute(members)) readEffectiveRoute(reading, members, origin, table);
  else if (named !== undefined) readResource(reading, named.members, named.id, named.type, origin);
  else if (typeof members.type === "string" && members.type.toLowerCase() in KINDS)
    reading.problems.push(noId(members.type, origin));
}

const isEffectiveRoute = (members: Members): boolean =>
  typeof members.id !== "string" &&
  ("nexthoptype" in members
    ? "addressprefix" in members || "source" in members
    : "addressprefix" in members && "source" in members);

function withId(
  members: Members,
): { readonly members: Members; readonly id: string; readonly type: string } | undefined {
  const { id } = members;
  if (isStaticGateway(members)) return { members, id: staticGatewayId(members), type: STATIC_GATEWAY };
  if (typeof id !== "string") {
    const isTags = typeof members.cloud === "string" && Array.isArray(members.values);
    return isTags ? { members, id: `servicetags/${members.cloud}`, type: "microsoft.network/servicetags" } : undefined;
  }
  if ("subscriptionpolicies" in members) return { members, id, type: "microsoft.resources/subscriptions" };
  const parsed = parseId(id);
  return parsed === undefined ? undefined : { members, id, type: parsed.type };
}

const isStaticGateway = ({ apiversion, kind }: Members): boolean =>
  typeof apiversion === "string" &&
  apiversion.startsWith("egressgateway.kubernetes.azure.com/") &&
  kind === "StaticGatewayConfiguration";

function staticGatewayId({ metadata }: Members): string {
  const { name, namespace } = isMembers(metadata) ? metadata : {};
  return `${STATIC_GATEWAY}/${typeof namespace === "string" ? namespace : "default"}/${typeof name === "string" ? name : ""}`;
}

/** False: it could not be read. */
function readResource(reading: Reading, members: Members, id: string, type: string, origin: Origin): boolean {
  if (isRouteServer(members, type)) reading.routeServer = true;
  const kind = KINDS[type];
  if (kind === undefined || isReference(members)) return true;
  const base = { id, key: keyOf(id), name: nameOf(id), origin };
  const added = kind.add(reading.tables, members, base);
  if (added.kind === "unreadable") {
    reading.problems.push(unreadableResource(base, added));
    reading.damaged.add(type);
    return false;
  }
  if (added.kind === "replaced") reading.problems.push(givenTwice(base, added.previous));
  readChildren(reading, members, id, type, origin);
  return true;
}

/** https://learn.microsoft.com/azure/templates/microsoft.network/virtualhubs */
const isRouteServer = ({ kind }: Members, type: string): boolean =>
  type === "microsoft.network/virtualhubs" && typeof kind === "string" && kind.toLowerCase() === "routeserver";

/** `{ "id": … }`, perhaps with the group, says that something exists and nothing of what it is like. */
const isReference = (members: Members): boolean =>
  Object.keys(members).every((name) => name === "id" || name === "resourcegroup");

function readChildren(reading: Reading, members: Members, id: string, type: string, origin: Origin): void {
  const children = new Map<Key, string>();
  for (const collection of CHILDREN[type] ?? []) {
    const list = members[collection.toLowerCase()];
    for (const child of Array.isArray(list) ? list : []) {
      if (!isMembers(child)) continue;
      const childId = idOfChild(child, id, collection);
      if (parentOf(keyOf(childId)) !== keyOf(id))
        reading.problems.push(partOfOther(nameOf(childId), nameOf(id), origin));
      const childType = `${type}/${collection.toLowerCase()}`;
      children.set(keyOf(childId), childType);
      const isRead = readResource(reading, child, childId, childType, origin);
      if (!isRead && !REFERRED_TO.includes(collection)) forget(reading, keyOf(id));
    }
  }
  dropLeftOver(reading, keyOf(id), children, origin);
  reading.nested.set(keyOf(id), children);
}

/** Others refer to these, so that one that could not be read is missed. The rest would be taken as not there. */
const REFERRED_TO = ["subnets", "natRules"];

function forget({ tables }: Reading, key: Key): void {
  for (const table of [tables.loadBalancers, tables.routeTables, tables.networks]) table.delete(key);
}

function idOfChild(child: Members, parent: string, collection: string): string {
  const { id, name } = child;
  if (typeof id === "string" && parseId(id) !== undefined) return id;
  return `${parent}/${collection}/${typeof name === "string" ? name : "?"}`;
}

/** A later copy of a resource no longer has some of its parts: the copy given last counts. */
function dropLeftOver(reading: Reading, key: Key, children: ReadonlyMap<Key, string>, origin: Origin): void {
  for (const [child, type] of reading.nested.get(key) ?? []) {
    if (children.has(child)) continue;
    for (const table of Object.values(reading.tables)) {
      const left = table.get(child);
      if (left === undefined || parseId(left.id)?.type !== type) continue;
      table.delete(child);
      reading.problems.push(givenTwice({ ...left, origin }, left));
    }
  }
}

function readEffectiveRoute(reading: Reading, members: Members, origin: Origin, tableName: string): void {
  const table = reading.effective.get(tableName) ?? { origin, routes: [], complete: true };
  reading.effective.set(tableName, table);
  const result = v.safeParse(rawEffectiveRoute, members);
  if (result.success) table.routes.push({ ...effectiveRoute(result.output), origin });
  else {
    table.complete = false;
    reading.problems.push(unreadableRoute(origin, v.getDotPath(result.issues[0]) ?? "", result.issues[0].received));
  }
}
