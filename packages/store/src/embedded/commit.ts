import { readdirSync } from "node:fs";
import { join } from "node:path";
import { NO_END, type RowColumns } from "../columns.ts";
import { type Key, sortRows } from "../pack.ts";
import { addressKeys, portKey } from "../row-keys.ts";
import { EVENTS, KINDS } from "../words.ts";
import type { Connection } from "./database.ts";
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
  connect: () => Promise<Connection>,
  columns: RowColumns,
  rows: Uint32Array,
  manifest: Manifest,
): Promise<Written> {
  const write = (order: Order, of: Uint32Array, summary: Summary): Segment => {
    const span = Math.floor((columns.atUs[of[0] ?? 0] ?? 0) / SPAN_US[order]);
    const file = fileName(order, span, `${manifest.generation + 1}`);
    return { span, file, bytes: writeSegmentFile(folder, file, order, columns, of), ...summary };
  };
  const { length } = columns;
  const hours = spanKey(columns, "seen");
  // Rows that agree in what they are sorted by stay as they came, which is nearly in the order of time.
  const bySeen = sortRows(rows, [hours, ...addressKeys(columns.seen, length), portKey(columns.seen, length)]);
  const fresh: Uint32Array[] = [];
  const seen: Segment[] = [];
  const summaries = summariesOf(columns, rows, hours);
  for (const ofHour of runsOf(bySeen, hours)) {
    const summary = summaries.get(hours[ofHour[0] ?? 0] ?? 0) ?? NOTHING;
    const { sinceUs, lastAtUs } = summary;
    const others = manifest.seen.filter((one) => one.sinceUs <= lastAtUs && sinceUs <= one.lastAtUs);
    const own = others.length === 0 ? ofHour : await withoutKnown(folder, await connect(), columns, ofHour, others);
    if (own.length === 0) continue;
    seen.push(write("seen", own, own === ofHour ? summary : summaryOf(columns, own, hours)));
    fresh.push(own);
  }
  const days = spanKey(columns, "used");
  const shown = showing(columns, concatenated(fresh));
  const byUse = sortRows(shown, [days, ...sourceKeys(columns), ...addressKeys(columns.destination, length)]);
  const used = [...runsOf(byUse, days)].map((ofDay) => {
    const day = Math.floor((columns.atUs[ofDay[0] ?? 0] ?? 0) / SPAN_US.used);
    const hoursOfDay = seen.filter(({ span }) => Math.floor(span / HOURS) === day);
    return write("used", ofDay, { ...together(hoursOfDay), rows: ofDay.length });
  });
  syncFolder(join(folder, SEGMENTS));
  return { seen, used, added: fresh.reduce((sum, { length }) => sum + length, 0) };
}

/** Hours or days since the first of the batch: of each row, in the sequence of the batch. */
function spanKey({ atUs, length }: RowColumns, order: Order): Key {
  const key = new Uint32Array(length);
  let first = Number.POSITIVE_INFINITY;
  for (let row = 0; row < length; row += 1) first = Math.min(first, atUs[row] ?? 0);
  const from = Math.floor(first / SPAN_US[order]);
  for (let row = 0; row < length; row += 1) key[row] = Math.floor((atUs[row] ?? 0) / SPAN_US[order]) - from;
  return key;
}

/** Where no source before translation is shown, the one that was seen comes first in the sort, as if it were it. */
function sourceKeys({ before, seen, length }: RowColumns): readonly Key[] {
  const [family, value] = addressKeys(before, length);
  if (before.isAlwaysShown(length)) return [family, value];
  const [otherFamily, otherValue] = addressKeys(seen, length);
  for (let row = 0; row < length; row += 1)
    if (before.port[row] === NO_END) {
      family[row] = otherFamily[row] ?? 0;
      value[row] = otherValue[row] ?? 0;
    }
  return [family, value];
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

/** In a day. */
const HOURS = SPAN_US.used / SPAN_US.seen;
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

const NOTHING: Summary = {
  rows: 0,
  sinceUs: Number.POSITIVE_INFINITY,
  lastAtUs: Number.NEGATIVE_INFINITY,
  untilUs: Number.NEGATIVE_INFINITY,
  kinds: [],
};

/** What the rows of each span have in common. */
function summariesOf(
  { atUs, lastedUs, kind }: RowColumns,
  rows: Uint32Array,
  spans: Key,
): ReadonlyMap<number, Summary> {
  const all = new Map<number, { -readonly [Name in keyof Summary]: Summary[Name] }>();
  let current = { ...NOTHING };
  let currentSpan = -1;
  let lastKind = -1;
  for (let index = 0; index < rows.length; index += 1) {
    const row = rows[index] ?? 0;
    const span = spans[row] ?? 0;
    if (span !== currentSpan) {
      current = all.get(span) ?? { ...NOTHING };
      all.set(span, current);
      currentSpan = span;
      lastKind = -1;
    }
    const at = atUs[row] ?? 0;
    const until = at + (lastedUs[row] ?? 0);
    current.rows += 1;
    if (at < current.sinceUs) current.sinceUs = at;
    if (at > current.lastAtUs) current.lastAtUs = at;
    if (until > current.untilUs) current.untilUs = until;
    const code = kind[row] ?? 0;
    if (code === lastKind) continue;
    lastKind = code;
    current.kinds = sorted([...current.kinds, KINDS[code] ?? "unknown"]);
  }
  return all;
}

/** The same of rows of one span. */
const summaryOf = (columns: RowColumns, rows: Uint32Array, spans: Key): Summary =>
  [...summariesOf(columns, rows, spans).values()][0] ?? NOTHING;

/** Times of a day are those of its hours: it may hold a little less than they say. */
const together = (summaries: readonly Summary[]): Summary =>
  summaries.reduce(
    (one, other) => ({
      rows: one.rows + other.rows,
      sinceUs: Math.min(one.sinceUs, other.sinceUs),
      lastAtUs: Math.max(one.lastAtUs, other.lastAtUs),
      untilUs: Math.max(one.untilUs, other.untilUs),
      kinds: sorted([...one.kinds, ...other.kinds]),
    }),
    NOTHING,
  );

const sorted = (kinds: Summary["kinds"]): Summary["kinds"] => [...new Set(kinds)].sort();

/** Files that no manifest names: of a writer that was killed before its commit. */
export function strays(folder: string, { seen, used, retired }: Manifest): readonly string[] {
  const named = new Set([...seen, ...used, ...retired].map(({ file }) => file));
  return readdirSync(join(folder, SEGMENTS)).filter((file) => !named.has(file));
}
