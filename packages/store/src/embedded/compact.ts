import { statSync } from "node:fs";
import { join } from "node:path";
import { type Connection, MEMORY, quoted, rowsOf, run, THREADS } from "./database.ts";
import { moveDurably, syncFolder } from "./files.ts";
import { fileName, type Order, SEGMENTS, TEMPORARY } from "./format.ts";
import { filesOf } from "./known.ts";
import type { Manifest, Segment } from "./manifest.ts";

/**
 * From so many of an hour on, reading them one by one takes longer than it takes to put them together. Of a day that is
 * still being written there may be more: a day is put together when the next one has begun.
 */
const PILED_UP = 4;
const PILED_UP_TODAY = 32;
/** Sorting more at once takes more memory than an ingest may. */
const MOST_ROWS = 8 << 20;
/** What is so much larger than all that has piled up beside it is left as it is. */
const LARGE = 4;

const SORTED: Readonly<Record<Order, string>> = {
  seen: "seen_hi, seen_lo, seen_port, at_us",
  used: "source_hi, source_lo, destination_hi, destination_lo, destination_port, at_us",
};

/** How a segment is compressed and cut. Small groups of rows make a look-up cheap; smaller ones repeat too many words. */
const PARQUET = "FORMAT parquet, COMPRESSION zstd, PARQUET_VERSION v2, ROW_GROUP_SIZE 61440";

/** An ingest has memory of its own beside it: enough for a sort that goes by way of the disk. */
const SORTING = ["SET threads = 1", "SET memory_limit = '96MB'"];
const USUAL = [`SET threads = ${THREADS}`, `SET memory_limit = '${MEMORY}'`];

type BothOrders = Pick<Manifest, "seen" | "used">;

/** @returns null: nowhere so many segments have piled up */
export async function compacted(
  folder: string,
  connect: () => Promise<Connection>,
  manifest: Manifest,
): Promise<BothOrders | null> {
  const fewer = async (order: Order): Promise<readonly Segment[]> => {
    let segments = manifest[order];
    const last = segments.reduce((most, { span }) => Math.max(most, span), Number.NEGATIVE_INFINITY);
    for (const [span, all] of bySpan(segments)) {
      const piled = smallOf(all);
      if (piled.length < (order === "used" && span === last ? PILED_UP_TODAY : PILED_UP)) continue;
      const merged = await merge(folder, await connect(), order, piled, `${manifest.generation + 1}`, "true");
      segments = [...segments.filter((one) => !piled.includes(one)), ...(merged === null ? [] : [merged])];
    }
    return segments;
  };
  const [seen, used] = [await fewer("seen"), await fewer("used")];
  if (seen === manifest.seen && used === manifest.used) return null;
  syncFolder(join(folder, SEGMENTS));
  return { seen, used };
}

function bySpan(segments: readonly Segment[]): ReadonlyMap<number, readonly Segment[]> {
  const spans = new Map<number, Segment[]>();
  for (const segment of segments) {
    const of = spans.get(segment.span);
    if (of === undefined) spans.set(segment.span, [segment]);
    else of.push(segment);
  }
  return spans;
}

/** All but those that are much larger than the rest together: a few late rows do not write a whole day anew. */
function smallOf(segments: readonly Segment[]): readonly Segment[] {
  const small: Segment[] = [];
  let rows = 0;
  for (const segment of [...segments].sort((one, other) => one.rows - other.rows)) {
    if (small.length > 0 && (segment.rows > rows * LARGE || rows + segment.rows > MOST_ROWS)) break;
    small.push(segment);
    rows += segment.rows;
  }
  return small;
}

/** Segments without the rows that end before a time. */
export async function forgotten(
  folder: string,
  connection: Connection,
  manifest: Manifest,
  beforeUs: number,
): Promise<BothOrders & { readonly removed: number }> {
  const left = async (order: Order): Promise<readonly Segment[]> => {
    const segments: Segment[] = [];
    for (const [index, segment] of manifest[order].entries()) {
      if (segment.untilUs < beforeUs) continue;
      if (segment.sinceUs >= beforeUs) segments.push(segment);
      else {
        const name = `${manifest.generation + 1}-${index}`;
        const kept = await merge(folder, connection, order, [segment], name, `at_us + lasted_us >= ${beforeUs}`);
        if (kept !== null) segments.push(kept);
      }
    }
    return segments;
  };
  const [seen, used] = [await left("seen"), await left("used")];
  return { seen, used, removed: rowsIn(manifest.seen) - rowsIn(seen) };
}

const rowsIn = (segments: readonly Segment[]): number => segments.reduce((sum, { rows }) => sum + rows, 0);

/** Rows of several segments of an hour or a day as one; null: none fits. */
async function merge(
  folder: string,
  connection: Connection,
  order: Order,
  from: readonly Segment[],
  name: string,
  where: string,
): Promise<Segment | null> {
  const [first] = from;
  const [summary = []] = await rowsOf(
    connection,
    `SELECT count(*), min(at_us), max(at_us), max(at_us + lasted_us), string_agg(DISTINCT kind)
     FROM ${filesOf(folder, from)} WHERE ${where}`,
  );
  const [rows, sinceUs, lastAtUs, untilUs, kinds] = summary;
  if (first === undefined || Number(rows) === 0) return null;
  const file = fileName(order, first.span, name);
  const temporary = join(folder, TEMPORARY, file);
  const sorted = `(FROM ${filesOf(folder, from)} WHERE ${where} ORDER BY ${SORTED[order]})`;
  for (const setting of SORTING) await run(connection, setting);
  await run(connection, `COPY ${sorted} TO ${quoted(temporary)} (${PARQUET})`);
  for (const setting of USUAL) await run(connection, setting);
  moveDurably(temporary, join(folder, SEGMENTS, file));
  return {
    span: first.span,
    file,
    rows: Number(rows),
    bytes: statSync(join(folder, SEGMENTS, file)).size,
    sinceUs: Number(sinceUs),
    lastAtUs: Number(lastAtUs),
    untilUs: Number(untilUs),
    kinds: String(kinds).split(",").sort() as Segment["kinds"][number][],
  };
}
