import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { NO_END, type RowColumns } from "../columns.ts";
import { addressKeys, type Key, portKey, sortRows } from "../sort-rows.ts";
import { EVENTS, KINDS } from "../words.ts";
import { syncFolder } from "./files.ts";
import { fileName, type Order, SEGMENTS, SPAN_US } from "./format.ts";
import { withoutKnown } from "./known.ts";
import type { Manifest, Segment } from "./manifest.ts";
import { writeSegmentFile } from "./segment-file.ts";

export interface Written {
  readonly seen: readonly Segment[];
  readonly used: readonly Segment[];
  readonly added: number;
}

/**
 * Writes rows as segments in both orders, durably; nobody sees them before a manifest names them. Rows that a segment
 * has already are left out.
 *
 * @param rows places of rows that differ from each other
 * @param connect is asked only where segments are there that may have some of the rows
 */
export async function writeRows(
  folder: string,
  connect: () => Promise<DuckDBConnection>,
  columns: RowColumns,
  rows: Uint32Array,
  manifest: Manifest,
): Promise<Written> {
  const times = timesOf(columns);
  const fresh: Uint32Array[] = [];
  const seen: Segment[] = [];
  const write = (order: Order, of: Uint32Array, summary: Summary): Segment => {
    const span = Math.floor(summary.sinceUs / SPAN_US[order]);
    const file = fileName(order, span, `${manifest.generation + 1}`);
    return { span, file, bytes: writeSegmentFile(folder, file, order, columns, of), ...summary };
  };
  for (const ofHour of runsOf(sortRows(rows, [times.hour, ...seenKeys(columns, times)]), times.hour)) {
    const summary = summaryOf(columns, ofHour);
    const { sinceUs, lastAtUs } = summary;
    const others = manifest.seen.filter((one) => one.sinceUs <= lastAtUs && sinceUs <= one.lastAtUs);
    const own = others.length === 0 ? ofHour : await withoutKnown(folder, await connect(), columns, ofHour, others);
    if (own.length === 0) continue;
    seen.push(write("seen", own, own === ofHour ? summary : summaryOf(columns, own)));
    fresh.push(own);
  }
  const shown = showing(columns, concatenated(fresh));
  const sorted = sortRows(shown, [times.day, ...usedKeys(columns, times)]);
  const used = [...runsOf(sorted, times.day)].map((ofDay) => write("used", ofDay, summaryOf(columns, ofDay)));
  syncFolder(join(folder, SEGMENTS));
  return { seen, used, added: fresh.reduce((sum, { length }) => sum + length, 0) };
}

interface Times {
  /** Hours and days since the first of the batch. */
  readonly hour: Key;
  readonly day: Key;
  /** Since the first of the batch, as finely as 16 bits allow: one pass of sorting, and times hardly need more. */
  readonly rough: Key;
}

/** From microseconds to numbers that fit keys. */
function timesOf({ atUs, length }: RowColumns): Times {
  const [hour, day, rough] = [new Uint32Array(length), new Uint32Array(length), new Uint32Array(length)];
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < length; row += 1) {
    const us = atUs[row] ?? 0;
    if (us < first) first = us;
    if (us > last) last = us;
  }
  const [firstHour, firstDay] = [Math.floor(first / SPAN_US.seen), Math.floor(first / SPAN_US.used)];
  const scale = 65_535 / Math.max(1, last - first);
  for (let row = 0; row < length; row += 1) {
    const us = atUs[row] ?? 0;
    hour[row] = Math.floor(us / SPAN_US.seen) - firstHour;
    day[row] = Math.floor(us / SPAN_US.used) - firstDay;
    rough[row] = (us - first) * scale;
  }
  return { hour, day, rough };
}

const seenKeys = ({ seen, length }: RowColumns, { rough }: Times): readonly Key[] => [
  ...addressKeys(seen, length),
  portKey(seen, length),
  rough,
];

/** Where no source before translation is shown, the one that was seen comes first in the sort, as if it were it. */
function usedKeys(columns: RowColumns, { rough }: Times): readonly Key[] {
  const { destination, length } = columns;
  const [family, value] = addressKeys(columns.before, length);
  const [otherFamily, otherValue] = addressKeys(columns.seen, length);
  for (let row = 0; row < length; row += 1)
    if (columns.before.port[row] === NO_END) {
      family[row] = otherFamily[row] ?? 0;
      value[row] = otherValue[row] ?? 0;
    }
  return [family, value, ...addressKeys(destination, length), portKey(destination, length), rough];
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

function concatenated(parts: readonly Uint32Array[]): Uint32Array {
  const all = new Uint32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const DROPPED = EVENTS.indexOf("dropped");

/** Those of which it is known with what source they left. */
function showing({ seen, event }: RowColumns, rows: Uint32Array): Uint32Array {
  const shown = new Uint32Array(rows.length);
  let count = 0;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    if (seen.port[row] === NO_END || event[row] === DROPPED) continue;
    shown[count] = row;
    count += 1;
  }
  return shown.subarray(0, count);
}

type Summary = Pick<Segment, "rows" | "sinceUs" | "lastAtUs" | "untilUs" | "kinds">;

function summaryOf({ atUs, lastedUs, kind }: RowColumns, rows: Uint32Array): Summary {
  let sinceUs = Number.POSITIVE_INFINITY;
  let lastAtUs = Number.NEGATIVE_INFINITY;
  let untilUs = Number.NEGATIVE_INFINITY;
  const counts = new Uint32Array(KINDS.length);
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? 0;
    const at = atUs[row] ?? 0;
    const until = at + (lastedUs[row] ?? 0);
    if (at < sinceUs) sinceUs = at;
    if (at > lastAtUs) lastAtUs = at;
    if (until > untilUs) untilUs = until;
    const code = kind[row] ?? 0;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  const kinds = KINDS.filter((_, code) => counts[code] !== 0).sort();
  return { rows: rows.length, sinceUs, lastAtUs, untilUs, kinds };
}

/** Files that no manifest names: of a writer that was killed before its commit. */
export function strays(folder: string, { seen, used, retired }: Manifest): readonly string[] {
  const named = new Set([...seen, ...used, ...retired].map(({ file }) => file));
  return readdirSync(join(folder, SEGMENTS)).filter((file) => !named.has(file));
}
