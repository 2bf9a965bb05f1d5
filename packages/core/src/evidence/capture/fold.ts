import { type Connection, isOpened } from "../tcpdump/connections.ts";
import { connectionKey, translationKey } from "../tcpdump/observations.ts";
import { type Pairs, pairsOf, type Translation } from "../tcpdump/pairs.ts";
import { isNear, placeOf } from "../tcpdump/vantage.ts";
import { findOpening, type Handshake, isHandshake, type Opening } from "./events.ts";
import { type Flows, isWanted, Kind, type Limits } from "./flows.ts";
import { add, find, findOrAdd, type HashTable, newHashTable, OWN, ROW } from "./hash-table.ts";
import { Hosts } from "./hosts.ts";
import { connectionAt } from "./packets.ts";

/** The connections of a capture, those that tell the same put together. */
export interface Folded {
  readonly connections: readonly Connection[];
  readonly pairs: Pairs;
  /** Conversations beyond the limit of what is told. */
  readonly untold: number;
}

interface Folding {
  readonly connections: Map<string, Counting<Connection>>;
  readonly translations: Map<string, Counting<Translation>>;
  readonly unordered: Map<string, Counting<Connection>>;
  /** How many more may be told. */
  left: number;
  untold: number;
}

interface Counting<T> {
  readonly first: T;
  count: number;
}

/** A packet passes a handful of translators; the same number from more sources is a flood, whose sources are made up. */
const MOST_SOURCES = 32;

/** Keeps only the first of those that differ in nothing an observation tells: a capture of a day has millions. */
export function folded(flows: Flows, limits: Limits): Folded {
  const into: Folding = {
    connections: new Map(),
    translations: new Map(),
    unordered: new Map(),
    left: limits.told,
    untold: 0,
  };
  const hosts = new Hosts(flows.addresses);
  const alike = sameOpenings(flows);
  const told = new Uint8Array(flows.table.size);
  for (const rows of alike) for (const row of rows) told[row] = 1;
  // What is asked for first: a limit that others reach must not cut it off.
  if (limits.wanted !== undefined) {
    const others = unwanted(flows, limits);
    foldSingles(
      flows,
      hosts,
      others.map((isOther, row) => isOther | (told[row] ?? 0)),
      into,
    );
    for (const [row, isOther] of others.entries()) told[row] = (told[row] ?? 0) | (1 - isOther);
  }
  for (const rows of alike) foldGroup(flows, hosts, rows, into);
  foldSingles(flows, hosts, told, into);
  const translations = [...into.translations.values()].map(({ first, count }) => ({ ...first, count }));
  const unordered = counted(into.unordered);
  const paired = translations.flatMap(({ before, between, after }) => [before, ...between, after]);
  return {
    connections: [...counted(into.connections), ...unordered, ...paired].sort(byPacket),
    pairs: { translations, unordered },
    untold: into.untold,
  };
}

/** 1 for each row that is not of what is asked for. */
const unwanted = (flows: Flows, limits: Limits): Uint8Array =>
  new Uint8Array(flows.table.size).map((_, row) => {
    const [a = 0, b = 0, ports = 0, kind = 0] = flows.table.words.subarray(row * ROW, row * ROW + OWN);
    return isWanted(flows, a, b, ports, kind, limits) ? 0 : 1;
  });

/** Rows whose opening packets have the same sequence number and destination: they may be both sides of a translator. */
function sameOpenings(flows: Flows): readonly (readonly number[])[] {
  const { events, table } = flows;
  const openings = newHashTable(table.size);
  const firstRows = new Int32Array(table.size);
  const groups = new Map<number, number[]>();
  const opening: Opening = { sequence: 0, fromHigher: false };
  for (let row = 0; row < table.size; row += 1) {
    const kind = table.words[row * ROW + 3] ?? 0;
    if ((kind & FOLDED) !== 0 || !findOpening(events, row, opening)) continue;
    const { sequence, fromHigher } = opening;
    const service = serviceOf(table, row, fromHigher);
    const port = portOf(table, row, fromHigher) | (kind << 16);
    const before = openings.size;
    const known = findOrAdd(openings, sequence, service, port, 0);
    if (known === before) firstRows[known] = row;
    else {
      const group = groups.get(known);
      if (group === undefined) groups.set(known, [firstRows[known] ?? row, row]);
      else group.push(row);
    }
  }
  return [...groups.values()].filter((rows) => hasSeveralCallers(flows, rows, opening));
}
const FOLDED = Kind.anyLowerPort | Kind.anyHigherPort;

/** One source alone with the same number again and again is a scanner, or a packet sent twice. */
function hasSeveralCallers({ events, table }: Flows, rows: readonly number[], opening: Opening): boolean {
  const callers = rows.map((row) => {
    findOpening(events, row, opening);
    return serviceOf(table, row, !opening.fromHigher);
  });
  return callers.some((caller) => caller !== callers[0]);
}

/** The address, and the port, of the side that was called. */
const serviceOf = ({ words }: HashTable, row: number, callerIsHigher: boolean): number =>
  words[row * ROW + (callerIsHigher ? 0 : 1)] ?? 0;
const portOf = ({ words }: HashTable, row: number, callerIsHigher: boolean): number => {
  const ports = words[row * ROW + 2] ?? 0;
  return callerIsHigher ? ports >>> 16 : ports & 0xffff;
};

/**
 * An object is made only for the first of the handshakes to a service that took alike, and for whatever is no plain one.
 *
 * @param leftOut 1 for each row that is told elsewhere
 */
function foldSingles(flows: Flows, hosts: Hosts, leftOut: Uint8Array, into: Folding): void {
  const { events, table, tunnels, proxies, marks } = flows;
  const said = new Uint8Array(table.size);
  for (const rows of [tunnels, proxies, marks]) for (const row of rows.keys()) said[row] = 1;
  const known = newHashTable();
  const firsts: Counting<Connection>[] = [];
  const took: Handshake = { here: 0, there: 0, fromHigher: false };
  for (let row = 0; row < table.size; row += 1) {
    if (leftOut[row] === 1) continue;
    const kind = table.words[row * ROW + 3] ?? 0;
    if ((kind & FOLDED) !== 0 || said[row] === 1 || !isHandshake(events, row, took)) {
      count(into, into.connections, connectionAt(flows, row, hosts), signature);
      continue;
    }
    const caller = serviceOf(table, row, !took.fromHigher);
    const service = serviceOf(table, row, took.fromHigher);
    const last = portOf(table, row, took.fromHigher) | (isNear(took.here, took.there) ? NEAR : 0);
    const found = find(known, caller, service, last, kind);
    const first = found < 0 ? count(into, into.connections, connectionAt(flows, row, hosts), signature) : firsts[found];
    if (first == null) continue;
    if (found < 0) firsts[add(known, caller, service, last, kind)] = first;
    else first.count += 1;
  }
}
const NEAR = 0x1_0000;

function foldGroup(flows: Flows, hosts: Hosts, rows: readonly number[], into: Folding): void {
  if (rows.length > MOST_SOURCES) {
    for (const row of rows) count(into, into.unordered, connectionAt(flows, row, hosts), connectionKey);
    return;
  }
  const connections = rows.flatMap((row) => connectionAt(flows, row, hosts) ?? []);
  const { translations, unordered } = pairsOf(connections);
  for (const translation of translations) count(into, into.translations, translation, translationKey);
  for (const connection of unordered) count(into, into.unordered, connection, connectionKey);
  const told = new Set([
    ...unordered,
    ...translations.flatMap(({ before, between, after }) => [before, ...between, after]),
  ]);
  for (const connection of connections) if (!told.has(connection)) count(into, into.connections, connection, signature);
}

/** @returns null for one too many, which is then untold */
function count<T>(
  into: Folding,
  groups: Map<string, Counting<T>>,
  item: T | null,
  keyOf: (item: T) => string,
): Counting<T> | null {
  if (item === null) return null;
  const key = keyOf(item);
  const known = groups.get(key);
  if (known !== undefined) {
    known.count += 1;
    return known;
  }
  if (into.left === 0) {
    into.untold += 1;
    return null;
  }
  into.left -= 1;
  const group = { first: item, count: 1 };
  groups.set(key, group);
  return group;
}

/** Whatever the user says of the vantage, connections with equal signatures get the same place. */
function signature(connection: Connection): string {
  const { role, ground } = placeOf(connection, NO_DESTINATIONS, null, null);
  const { openerKnown, proxied, mark } = connection;
  return `${connectionKey(connection)} ${openerKnown} ${isOpened(connection)} ${role} ${ground} ${proxied?.source} ${mark}`;
}

const NO_DESTINATIONS: ReadonlySet<string> = new Set();

const counted = (groups: Map<string, Counting<Connection>>): readonly Connection[] =>
  [...groups.values()].map(({ first, count }) => ({ ...first, count }));

const byPacket = (a: Connection, b: Connection): number => numberOf(a) - numberOf(b);
const numberOf = ({ packets }: Connection): number => packets[0]?.line.number ?? 0;
