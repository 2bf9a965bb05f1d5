import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { RowColumns } from "../columns.ts";
import { withWorkspace } from "../pack.ts";
import type { Connection } from "./database.ts";
import { syncFolder } from "./files.ts";
import { fileName, type Order, SEGMENTS, SPAN_US } from "./format.ts";
import { withoutKnown } from "./known.ts";
import type { Manifest, Segment } from "./manifest.ts";
import { PlacedBatch, type Summary } from "./placed-batch.ts";
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
export function writeRows(
  folder: string,
  connect: () => Promise<Connection>,
  columns: RowColumns,
  rows: Uint32Array,
  manifest: Manifest,
): Promise<Written> {
  return withWorkspace(async (space) => {
    const batch = new PlacedBatch(space, columns);
    const { length } = columns;
    const write = (order: Order, of: Uint32Array, { longestUs, ...about }: Summary): Segment => {
      const span = Math.floor((columns.atUs[of[0] ?? 0] ?? 0) / SPAN_US[order]);
      const file = fileName(order, span, `${manifest.generation + 1}`);
      return { span, file, bytes: writeSegmentFile(folder, file, order, batch, of, { longestUs, ...about }), ...about };
    };
    const hours = batch.spanKey("seen");
    // Rows that agree in what they are sorted by stay as they came, which is nearly in the order of time.
    const bySeen = space.sort(rows, length, [hours, ...batch.addressKeys("seen"), batch.portKey(batch.seen)]);
    const fresh: Uint32Array[] = [];
    const seen: Segment[] = [];
    const summaries: Summary[] = [];
    for (const ofHour of batch.runsOf(bySeen, hours)) {
      const summary = batch.summaryOf(ofHour);
      const { sinceUs, lastAtUs } = summary;
      const others = manifest.seen.filter((one) => one.sinceUs <= lastAtUs && sinceUs <= one.lastAtUs);
      const own = others.length === 0 ? ofHour : await withoutKnown(folder, await connect(), columns, ofHour, others);
      if (own.length === 0) continue;
      const ofOwn = own === ofHour ? summary : batch.summaryOf(own);
      seen.push(write("seen", own, ofOwn));
      summaries.push(ofOwn);
      fresh.push(own);
    }
    const shown = batch.shownOf(concatenated(fresh));
    const days = batch.spanKey("used");
    const byUse = space.sort(shown, length, [days, ...batch.sourceKeys(), ...batch.addressKeys("destination")]);
    const used = batch.runsOf(byUse, days).map((ofDay) => {
      const day = Math.floor((columns.atUs[ofDay[0] ?? 0] ?? 0) / SPAN_US.used);
      const hoursOfDay = summaries.filter((_, index) => Math.floor((seen[index]?.span ?? 0) / HOURS) === day);
      return write("used", ofDay, { ...together(hoursOfDay), rows: ofDay.length });
    });
    syncFolder(join(folder, SEGMENTS));
    return { seen, used, added: fresh.reduce((sum, { length }) => sum + length, 0) };
  });
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
const NOTHING: Summary = {
  rows: 0,
  sinceUs: Number.POSITIVE_INFINITY,
  lastAtUs: Number.NEGATIVE_INFINITY,
  untilUs: Number.NEGATIVE_INFINITY,
  kinds: [],
  longestUs: 0,
};

/** Times of a day are those of its hours: it may hold a little less than they say. */
const together = (summaries: readonly Summary[]): Summary =>
  summaries.reduce(
    (one, other) => ({
      rows: one.rows + other.rows,
      sinceUs: Math.min(one.sinceUs, other.sinceUs),
      lastAtUs: Math.max(one.lastAtUs, other.lastAtUs),
      untilUs: Math.max(one.untilUs, other.untilUs),
      kinds: sorted([...one.kinds, ...other.kinds]),
      longestUs: Math.max(one.longestUs, other.longestUs),
    }),
    NOTHING,
  );

const sorted = (kinds: Summary["kinds"]): Summary["kinds"] => [...new Set(kinds)].sort();

/** Files that no manifest names: of a writer that was killed before its commit. */
export function strays(folder: string, { seen, used, retired }: Manifest): readonly string[] {
  const named = new Set([...seen, ...used, ...retired].map(({ file }) => file));
  return readdirSync(join(folder, SEGMENTS)).filter((file) => !named.has(file));
}
