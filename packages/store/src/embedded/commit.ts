import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { NO_END, type RowColumns } from "../columns.ts";
import { addressKeys, type Key, portKey, sortRows } from "../sort-rows.ts";
import { EVENTS, KINDS } from "../words.ts";
import { numberRows, quoted } from "./database.ts";
import { moveDurably, syncFolder } from "./files.ts";
import { COLUMNS, HOUR_US, hourName, type Order, SEGMENTS, TEMPORARY } from "./format.ts";
import type { Manifest, Segment } from "./manifest.ts";
import { Stage } from "./stage.ts";

/** How a segment is compressed and cut. Small groups of rows make a look-up cheap; smaller ones repeat too many words. */
const PARQUET = "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, ROW_GROUP_SIZE 61440";

export interface Written {
  readonly segments: readonly Segment[];
  readonly added: number;
  readonly duplicates: number;
}

/**
 * Writes rows as segments, an hour and an order at a time, durably; nobody sees them before a manifest names them.
 *
 * @param rows places of rows that differ from each other
 */
export async function writeRows(
  folder: string,
  connection: DuckDBConnection,
  columns: RowColumns,
  rows: Uint32Array,
  manifest: Manifest,
): Promise<Written> {
  const hours = hourKey(columns);
  const bySeen = sortRows(rows, [hours, ...seenKeys(columns)]);
  const stage = await Stage.open(connection, columns);
  const segments: Segment[] = [];
  let duplicates = 0;
  const keysOfUsed = usedKeys(columns);
  for (const ofHour of runsOf(bySeen, hours)) {
    const { fresh, table } = await withoutKnown(folder, connection, stage, columns, ofHour, manifest);
    duplicates += ofHour.length - fresh.length;
    if (fresh.length === 0) continue;
    const hour = Math.floor((columns.atUs[fresh[0] ?? 0] ?? 0) / HOUR_US);
    const name = `${hourName(hour)}-${manifest.generation + 1}`;
    const seen = await writeTable(folder, connection, table, "seen", name);
    await stage.drop(table);
    const shown = fresh.filter((row) => showsSource(columns, row));
    const used = shown.length === 0 ? null : await writeUsed(folder, connection, stage, shown, keysOfUsed, name);
    segments.push({ hour, ...summaryOf(columns, fresh), ...sizesOf(folder, seen, used) });
  }
  syncFolder(join(folder, SEGMENTS));
  return { segments, added: rows.length - duplicates, duplicates };
}

async function writeUsed(
  folder: string,
  connection: DuckDBConnection,
  stage: Stage,
  rows: Uint32Array,
  keys: readonly Key[],
  name: string,
): Promise<string> {
  const table = await stage.put("used", sortRows(rows, keys));
  const written = await writeTable(folder, connection, table, "used", name);
  await stage.drop(table);
  return written;
}

/** From microseconds to a number that fits a key: hours since the first row of the batch, and what is left of the hour. */
function hourKey({ atUs, length }: RowColumns): Key {
  const hours = new Float64Array(length);
  for (let row = 0; row < length; row += 1) hours[row] = Math.floor((atUs[row] ?? 0) / HOUR_US);
  const first = hours.reduce((least, hour) => Math.min(least, hour), Number.POSITIVE_INFINITY);
  return Uint32Array.from(hours, (hour) => hour - first);
}

function timeKey({ atUs, length }: RowColumns): Key {
  const key = new Uint32Array(length);
  for (let row = 0; row < length; row += 1) {
    const us = atUs[row] ?? 0;
    key[row] = us - Math.floor(us / HOUR_US) * HOUR_US;
  }
  return key;
}

const seenKeys = (columns: RowColumns): readonly Key[] => [
  ...addressKeys(columns.seen, columns.length),
  portKey(columns.seen, columns.length),
  timeKey(columns),
];

/** Where no source before translation is shown, the one that was seen comes first in the sort, as if it were it. */
function usedKeys(columns: RowColumns): readonly Key[] {
  const [family, value] = addressKeys(columns.before, columns.length);
  const [otherFamily, otherValue] = addressKeys(columns.seen, columns.length);
  for (let row = 0; row < columns.length; row += 1)
    if (columns.before.port[row] === NO_END) {
      family[row] = otherFamily[row] ?? 0;
      value[row] = otherValue[row] ?? 0;
    }
  const { destination, length } = columns;
  return [family, value, ...addressKeys(destination, length), portKey(destination, length), timeKey(columns)];
}

function* runsOf(sorted: Uint32Array, key: Key): Generator<Uint32Array> {
  for (let from = 0; from < sorted.length; ) {
    const of = key[sorted[from] ?? 0];
    let to = from + 1;
    while (to < sorted.length && key[sorted[to] ?? 0] === of) to += 1;
    yield sorted.subarray(from, to);
    from = to;
  }
}

const DROPPED = EVENTS.indexOf("dropped");

const showsSource = ({ seen, event }: RowColumns, row: number): boolean =>
  seen.port[row] !== NO_END && event[row] !== DROPPED;

/** Staged in the order `seen`, without the rows that a segment has already. */
async function withoutKnown(
  folder: string,
  connection: DuckDBConnection,
  stage: Stage,
  columns: RowColumns,
  rows: Uint32Array,
  manifest: Manifest,
): Promise<{ readonly fresh: Uint32Array; readonly table: string }> {
  const table = await stage.put("seen", rows);
  const { sinceUs, lastAtUs } = summaryOf(columns, rows);
  const others = manifest.segments.filter((one) => one.sinceUs <= lastAtUs && sinceUs <= one.lastAtUs);
  if (others.length === 0) return { fresh: rows, table };
  const equal = COLUMNS.seen.map(({ name, type }) => {
    const staged = type === "WORD" ? `staged."${name}"::VARCHAR` : `staged."${name}"`;
    return `known."${name}" = ${staged}`;
  });
  const found = await numberRows(
    connection,
    `SELECT staged.rowid FROM ${table} staged SEMI JOIN (
       SELECT * FROM ${filesOf(folder, others, "seen")} WHERE at_us BETWEEN ${sinceUs} AND ${lastAtUs}
     ) known ON ${equal.join(" AND ")}`,
  );
  if (found.length === 0) return { fresh: rows, table };
  const known = new Set(found.map(([place]) => Number(place)));
  const fresh = rows.filter((_, place) => !known.has(place));
  await stage.drop(table);
  return { fresh, table: fresh.length === 0 ? "" : await stage.put("seen", fresh) };
}

/** What DuckDB reads these segments as. */
export function filesOf(folder: string, segments: readonly Segment[], order: Order): string {
  const names = segments.flatMap((segment) => segment[order] ?? []);
  return `read_parquet([${names.map((name) => quoted(join(folder, SEGMENTS, name))).join(", ")}])`;
}

/** @returns the file's name in the folder of segments, under which it is durable */
export async function writeTable(
  folder: string,
  connection: DuckDBConnection,
  from: string,
  order: Order,
  name: string,
): Promise<string> {
  const file = `${name}.${order}.parquet`;
  const temporary = join(folder, TEMPORARY, file);
  await connection.run(`COPY (FROM ${from}) TO ${quoted(temporary)} (${PARQUET})`);
  moveDurably(temporary, join(folder, SEGMENTS, file));
  return file;
}

export const sizesOf = (folder: string, seen: string, used: string | null) => ({
  seen,
  used,
  bytes: [seen, used].reduce((sum, file) => sum + (file === null ? 0 : statSync(join(folder, SEGMENTS, file)).size), 0),
});

function summaryOf({ atUs, lastedUs, kind }: RowColumns, rows: Uint32Array) {
  let sinceUs = Number.POSITIVE_INFINITY;
  let lastAtUs = Number.NEGATIVE_INFINITY;
  let untilUs = Number.NEGATIVE_INFINITY;
  const kinds = new Set<number>();
  for (const row of rows) {
    const at = atUs[row] ?? 0;
    const until = at + (lastedUs[row] ?? 0);
    if (at < sinceUs) sinceUs = at;
    if (at > lastAtUs) lastAtUs = at;
    if (until > untilUs) untilUs = until;
    kinds.add(kind[row] ?? 0);
  }
  const names = [...kinds].map((code) => KINDS[code] ?? "unknown").sort();
  return { rows: rows.length, sinceUs, lastAtUs, untilUs, kinds: names };
}

/** Files that no manifest names: of a writer that was killed before its commit. */
export function strays(folder: string, { segments, retired }: Manifest): readonly string[] {
  const named = new Set([...segments.flatMap(({ seen, used }) => [seen, used]), ...retired.map(({ file }) => file)]);
  return readdirSync(join(folder, SEGMENTS)).filter((file) => !named.has(file));
}
