import type { Connection } from "../tcpdump/connections.ts";
import { connectionKey, translationKey } from "../tcpdump/observations.ts";
import { type Pairs, pairsOf, type Translation } from "../tcpdump/pairs.ts";
import { placeOf } from "../tcpdump/vantage.ts";
import { openingSequence } from "./events.ts";
import type { Flows } from "./flows.ts";
import { Hosts } from "./hosts.ts";
import { connectionAt } from "./packets.ts";

/** The connections of a capture, those that tell the same put together. */
export interface Folded {
  readonly connections: readonly Connection[];
  readonly pairs: Pairs;
}

interface Folding {
  readonly connections: Map<string, Counting<Connection>>;
  readonly translations: Map<string, Counting<Translation>>;
  readonly unordered: Map<string, Counting<Connection>>;
}

interface Counting<T> {
  readonly first: T;
  count: number;
}

/** A packet passes a handful of translators; the same number from more sources is a flood, whose sources are made up. */
const MOST_SOURCES = 32;

/**
 * Makes an object for each connection, but keeps only the first of those that differ in nothing an observation tells: a
 * capture of a day has millions.
 */
export function folded(flows: Flows): Folded {
  const into: Folding = { connections: new Map(), translations: new Map(), unordered: new Map() };
  const hosts = new Hosts(flows.addresses);
  const alike = sameOpenings(flows);
  const grouped = new Set([...alike].flat());
  for (let row = 0; row < flows.table.size; row += 1) {
    if (!grouped.has(row)) count(into.connections, connectionAt(flows, row, hosts), signature);
  }
  for (const rows of alike) foldGroup(flows, hosts, rows, into);
  const translations = [...into.translations.values()].map(({ first, count }) => ({ ...first, count }));
  const unordered = counted(into.unordered);
  const paired = translations.flatMap(({ before, between, after }) => [before, ...between, after]);
  return {
    connections: [...counted(into.connections), ...unordered, ...paired].sort(byPacket),
    pairs: { translations, unordered },
  };
}

/** Rows whose opening packets have the same sequence number and port: they may be both sides of a translator. */
function sameOpenings({ events, table }: Flows): readonly (readonly number[])[] {
  const first = new Map<number, number>();
  const groups = new Map<number, number[]>();
  for (let row = 0; row < table.size; row += 1) {
    const sequence = openingSequence(events, row);
    if (sequence === null) continue;
    const other = first.get(sequence);
    if (other === undefined) first.set(sequence, row);
    else {
      const group = groups.get(sequence);
      if (group === undefined) groups.set(sequence, [other, row]);
      else group.push(row);
    }
  }
  return [...groups.values()];
}

function foldGroup(flows: Flows, hosts: Hosts, rows: readonly number[], into: Folding): void {
  if (rows.length > MOST_SOURCES) {
    for (const row of rows) count(into.unordered, connectionAt(flows, row, hosts), connectionKey);
    return;
  }
  const connections = rows.flatMap((row) => connectionAt(flows, row, hosts) ?? []);
  const { translations, unordered } = pairsOf(connections);
  for (const translation of translations) count(into.translations, translation, translationKey);
  for (const connection of unordered) count(into.unordered, connection, connectionKey);
  const told = new Set([
    ...unordered,
    ...translations.flatMap(({ before, between, after }) => [before, ...between, after]),
  ]);
  for (const connection of connections) if (!told.has(connection)) count(into.connections, connection, signature);
}

function count<T>(groups: Map<string, Counting<T>>, item: T | null, keyOf: (item: T) => string): void {
  if (item === null) return;
  const key = keyOf(item);
  const group = groups.get(key);
  if (group === undefined) groups.set(key, { first: item, count: 1 });
  else group.count += 1;
}

/** Whatever the user says of the vantage, connections with equal signatures get the same place. */
function signature(connection: Connection): string {
  const { role, ground } = placeOf(connection, NO_DESTINATIONS, null, null);
  const { openerKnown, proxied } = connection;
  return `${connectionKey(connection)} ${openerKnown} ${role} ${ground} ${proxied?.source}`;
}

const NO_DESTINATIONS: ReadonlySet<string> = new Set();

const counted = (groups: Map<string, Counting<Connection>>): readonly Connection[] =>
  [...groups.values()].map(({ first, count }) => ({ ...first, count }));

const byPacket = (a: Connection, b: Connection): number => numberOf(a) - numberOf(b);
const numberOf = ({ packets }: Connection): number => packets[0]?.line.number ?? 0;
