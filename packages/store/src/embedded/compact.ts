import type { DuckDBConnection } from "@duckdb/node-api";
import { filesOf, sizesOf, writeTable } from "./commit.ts";
import { numberRows } from "./database.ts";
import { hourName, type Order } from "./format.ts";
import type { Manifest, Segment } from "./manifest.ts";

/** Of one hour: from so many on, reading them one by one takes longer than it takes to put them together. */
const PILED_UP = 4;

const SORTED: Readonly<Record<Order, string>> = {
  seen: "seen_hi, seen_lo, seen_port, at_us",
  used: "source_hi, source_lo, destination_hi, destination_lo, destination_port, at_us",
};

/** @returns null: no hour has so many segments */
export async function compacted(
  folder: string,
  connection: DuckDBConnection,
  manifest: Manifest,
): Promise<readonly Segment[] | null> {
  const hours = byHour(manifest.segments);
  let segments = manifest.segments;
  for (const [hour, piled] of hours) {
    if (piled.length < PILED_UP) continue;
    const merged = await merge(folder, connection, piled, `${hourName(hour)}-${manifest.generation + 1}`, "true");
    segments = [...segments.filter((segment) => segment.hour !== hour), ...(merged === null ? [] : [merged])];
  }
  return segments === manifest.segments ? null : segments;
}

function byHour(segments: readonly Segment[]): ReadonlyMap<number, readonly Segment[]> {
  const hours = new Map<number, Segment[]>();
  for (const segment of segments) {
    const of = hours.get(segment.hour);
    if (of === undefined) hours.set(segment.hour, [segment]);
    else of.push(segment);
  }
  return hours;
}

/** Segments without the rows that end before a time. */
export async function forgotten(
  folder: string,
  connection: DuckDBConnection,
  manifest: Manifest,
  beforeUs: number,
): Promise<{ readonly segments: readonly Segment[]; readonly removed: number }> {
  const segments: Segment[] = [];
  let removed = 0;
  for (const [index, segment] of manifest.segments.entries()) {
    if (segment.untilUs < beforeUs) removed += segment.rows;
    else if (segment.sinceUs >= beforeUs) segments.push(segment);
    else {
      const name = `${hourName(segment.hour)}-${manifest.generation + 1}-${index}`;
      const kept = await merge(folder, connection, [segment], name, `at_us + lasted_us >= ${beforeUs}`);
      removed += segment.rows - (kept?.rows ?? 0);
      if (kept !== null) segments.push(kept);
    }
  }
  return { segments, removed };
}

/** Rows of several segments of an hour as one; null: none fits. */
async function merge(
  folder: string,
  connection: DuckDBConnection,
  from: readonly Segment[],
  name: string,
  where: string,
): Promise<Segment | null> {
  const [first] = from;
  const [summary = []] = await numberRows(
    connection,
    `SELECT count(*), min(at_us), max(at_us), max(at_us + lasted_us), string_agg(DISTINCT kind)
     FROM ${filesOf(folder, from, "seen")} WHERE ${where}`,
  );
  const [rows, sinceUs, lastAtUs, untilUs, kinds] = summary;
  if (first === undefined || Number(rows) === 0) return null;
  const sorted = (order: Order): string =>
    `(FROM ${filesOf(folder, from, order)} WHERE ${where} ORDER BY ${SORTED[order]})`;
  const seen = await writeTable(folder, connection, sorted("seen"), "seen", name);
  const showing = from.some(({ used }) => used !== null);
  const used = showing ? await writeTable(folder, connection, sorted("used"), "used", name) : null;
  return {
    hour: first.hour,
    rows: Number(rows),
    sinceUs: Number(sinceUs),
    lastAtUs: Number(lastAtUs),
    untilUs: Number(untilUs),
    kinds: String(kinds).split(",").sort() as Segment["kinds"][number][],
    ...sizesOf(folder, seen, used),
  };
}
