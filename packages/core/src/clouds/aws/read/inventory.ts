import * as v from "valibot";
import type { Cidr } from "../../../address/cidr.ts";
import type { Origin, Problem } from "../../../problem.ts";
import type { ConfigDocument } from "../../document.ts";
import { elementOf, isInstance, isNetworkPlugin, type ListName, listOf } from "../recognise.ts";
import { emptyTables, KINDS, type Tables } from "./kinds.ts";
import { readNetworkPlugin } from "./network-plugin.ts";
import { listGoesOn, ofNobody, unreadableResource } from "./problems.ts";
import { type RawTransitRoute, rawPrefixListEntries, rawTransitRoutes } from "./raw.ts";

/** A resource as it was exported. `name` is its Name tag, or its id. */
export interface Found<T> {
  readonly id: string;
  readonly name: string;
  readonly value: T;
  readonly origin: Origin;
}

export interface Inventory extends Tables {
  /** What a prefix list holds, by its id. */
  readonly entries: ReadonlyMap<string, readonly Cidr[]>;
  /** By the id of the transit gateway's route table. */
  readonly transitRoutes: ReadonlyMap<string, TransitRoutes>;
  readonly plugins: readonly NetworkPlugin[];
  /** Lists of which something is missing: a further page, an element that could not be read. */
  readonly incomplete: ReadonlySet<ListName>;
}

export interface TransitRoutes {
  readonly routes: readonly RawTransitRoute[];
  readonly complete: boolean;
  readonly origin: Origin;
}

/** What the network plugin of an EKS cluster was told; null: an expression that the export does not resolve. */
export interface NetworkPlugin {
  readonly externalSnat: boolean | null;
  readonly excluded: readonly Cidr[] | null;
  readonly origin: Origin;
}

interface Reading {
  readonly tables: Tables;
  readonly entries: Map<string, readonly Cidr[]>;
  readonly transitRoutes: Map<string, TransitRoutes>;
  readonly unplaced: { readonly routes: TransitRoutes }[];
  readonly unplacedEntries: { readonly cidrs: readonly Cidr[]; readonly origin: Origin }[];
  readonly plugins: NetworkPlugin[];
  readonly incomplete: Set<ListName>;
  readonly damagedFiles: ReadonlySet<string>;
  readonly problems: Problem[];
}

type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads the answers of the command line, whole or element by element. Never throws. */
export function readInventory(
  documents: readonly ConfigDocument[],
  damagedFiles: ReadonlySet<string>,
): { readonly inventory: Inventory; readonly problems: readonly Problem[] } {
  const reading: Reading = {
    tables: emptyTables(),
    entries: new Map(),
    transitRoutes: new Map(),
    unplaced: [],
    unplacedEntries: [],
    plugins: [],
    incomplete: new Set(),
    damagedFiles,
    problems: [],
  };
  for (const document of documents) readDocument(reading, document);
  placeEntries(reading);
  placeTransitRoutes(reading);
  const { tables, entries, transitRoutes, plugins, incomplete, problems } = reading;
  return { inventory: { ...tables, entries, transitRoutes, plugins, incomplete }, problems };
}

function readDocument(reading: Reading, { value, origin, linesOf }: ConfigDocument): void {
  if (!isMembers(value)) return;
  const list = listOf(value);
  if (isNetworkPlugin(value)) readPlugin(reading, value, origin);
  else if (list === undefined) readElement(reading, elementOf(value), value, origin);
  else if (list === "Entries") readEntries(reading, value, origin);
  else if (list === "Routes") readTransitRoutes(reading, value, origin);
  else readList(reading, list, value, origin, linesOf(list));
}

function readList(
  reading: Reading,
  list: ListName,
  value: Members,
  origin: Origin,
  lines: readonly (number | null)[],
): void {
  noteRest(reading, list, value, origin);
  const elements = value[list];
  for (const [index, element] of (Array.isArray(elements) ? elements : []).entries())
    readElement(reading, list, element, { ...origin, line: lines[index] ?? origin.line });
}

/** A page token, or a file with an error: what is not there may be in the rest. */
function noteRest(reading: Reading, list: ListName, value: Members, origin: Origin): void {
  if (reading.damagedFiles.has(origin.file)) reading.incomplete.add(list);
  const { NextToken } = value;
  if (NextToken === undefined || NextToken === null || NextToken === "") return;
  reading.incomplete.add(list);
  reading.problems.push(listGoesOn(list, origin));
}

function readElement(reading: Reading, list: ListName | undefined, element: unknown, origin: Origin): void {
  if (list !== undefined && reading.damagedFiles.has(origin.file)) reading.incomplete.add(list);
  if (list === "Reservations") {
    const instances = isMembers(element) ? element.Instances : undefined;
    if (Array.isArray(instances)) for (const one of instances) readResource(reading, "Reservations", one, origin);
    else refuse(reading, "Reservations", list, origin, "Instances");
    return;
  }
  const kind = list ?? (isMembers(element) && isInstance(element) ? "Reservations" : undefined);
  if (kind !== undefined) readResource(reading, kind, element, origin);
}

function readResource(reading: Reading, list: ListName, element: unknown, origin: Origin): void {
  const kind = KINDS[list];
  if (kind === undefined) return;
  const added = kind(reading.tables, element, origin);
  if (added.problem === null) return;
  reading.problems.push(added.problem);
  if (added.problem.level === "error") reading.incomplete.add(list);
}

const refuse = (reading: Reading, list: ListName, id: string, origin: Origin, path: string): void => {
  reading.incomplete.add(list);
  reading.problems.push(unreadableResource(id, origin, { path, expected: "a list", found: "something else" }));
};

function readPlugin(reading: Reading, value: Members, origin: Origin): void {
  const { plugin, problem } = readNetworkPlugin(value, origin);
  if (plugin !== null) reading.plugins.push(plugin);
  if (problem !== null) reading.problems.push(problem);
}

function readEntries(reading: Reading, value: Members, origin: Origin): void {
  const result = v.safeParse(rawPrefixListEntries, value);
  noteRest(reading, "Entries", value, origin);
  const id = typeof value.PrefixListId === "string" ? value.PrefixListId : idIn(origin.file, /pl-[0-9a-z]+/);
  if (!result.success) {
    const [issue] = result.issues;
    const detail = { path: v.getDotPath(issue) ?? "", expected: issue.expected ?? "", found: issue.received };
    reading.problems.push(unreadableResource(id ?? "Entries", origin, detail));
    return;
  }
  // Of a list that goes on, what is there says nothing of the rest: it counts as not exported.
  if (reading.incomplete.has("Entries")) return;
  const cidrs = result.output.Entries.map(({ Cidr }) => Cidr);
  if (id === undefined) reading.unplacedEntries.push({ cidrs, origin });
  else reading.entries.set(id, [...(reading.entries.get(id) ?? []), ...cidrs]);
}

/** Only one list is without entries, so they are its own; else they are nobody's. */
function placeEntries({ tables, entries, unplacedEntries, problems }: Reading): void {
  for (const { id, value } of tables.prefixLists.values())
    if (value.Cidrs !== null && value.Cidrs !== undefined && !entries.has(id)) entries.set(id, value.Cidrs);
  const open = [...tables.prefixLists.keys()].filter((id) => !entries.has(id));
  const [only, ...others] = open;
  const [first, ...more] = unplacedEntries;
  if (first !== undefined && more.length === 0 && only !== undefined && others.length === 0)
    entries.set(only, first.cidrs);
  else
    for (const { origin } of unplacedEntries)
      problems.push(ofNobody({ en: "entries of a prefix list", zh: "前缀列表的条目" }, only ?? "pl-…", origin));
}

function readTransitRoutes(reading: Reading, value: Members, origin: Origin): void {
  const result = v.safeParse(rawTransitRoutes, value);
  const told = value.TransitGatewayRouteTableId;
  const id = typeof told === "string" ? told : idIn(origin.file, /tgw-rtb-[0-9a-z]+/);
  if (!result.success) {
    const [issue] = result.issues;
    const detail = { path: v.getDotPath(issue) ?? "", expected: issue.expected ?? "", found: issue.received };
    reading.problems.push(unreadableResource(id ?? "Routes", origin, detail));
    return;
  }
  const more = result.output.AdditionalRoutesAvailable === true || hasToken(value);
  if (more) reading.problems.push(listGoesOn("Routes", origin));
  const complete = !more && !reading.damagedFiles.has(origin.file);
  const routes: TransitRoutes = { routes: result.output.Routes, complete, origin };
  if (id === undefined) reading.unplaced.push({ routes });
  else addTransitRoutes(reading, id, routes);
}

const hasToken = ({ NextToken }: Members): boolean => NextToken !== undefined && NextToken !== null && NextToken !== "";

function addTransitRoutes({ transitRoutes }: Reading, id: string, more: TransitRoutes): void {
  const known = transitRoutes.get(id);
  transitRoutes.set(
    id,
    known === undefined
      ? more
      : { ...more, routes: [...known.routes, ...more.routes], complete: known.complete && more.complete },
  );
}

/** Only one table is associated with anything, so the routes are its own; else they are nobody's. */
function placeTransitRoutes(reading: Reading): void {
  const { tables, unplaced, transitRoutes, problems } = reading;
  const associated = new Set(
    [...tables.attachments.values()].flatMap(({ value }) => value.Association?.TransitGatewayRouteTableId ?? []),
  );
  const [only, ...others] = [...associated].filter((id) => !transitRoutes.has(id));
  const [first, ...more] = unplaced;
  if (first !== undefined && more.length === 0 && only !== undefined && others.length === 0)
    addTransitRoutes(reading, only, first.routes);
  else
    for (const { routes } of unplaced)
      problems.push(
        ofNobody({ en: "routes of a transit gateway", zh: "中转网关的路由" }, only ?? "tgw-rtb-…", routes.origin),
      );
}

const idIn = (file: string, pattern: RegExp): string | undefined =>
  pattern.exec(file.split(/[\\/!]/).at(-1) ?? "")?.[0];
