import { join } from "node:path";
import type { RowColumns } from "../columns.ts";
import { type Connection, quoted, rowsOf, run } from "./database.ts";
import { COLUMNS, SEGMENTS } from "./format.ts";
import type { Segment } from "./manifest.ts";

/** What DuckDB reads these segments as. */
export const filesOf = (folder: string, segments: readonly Segment[]): string =>
  `read_parquet([${segments.map(({ file }) => quoted(join(folder, SEGMENTS, file))).join(", ")}])`;

/**
 * The rows that no segment has, in the sequence given. Only those are looked up whose time a segment covers: of a log
 * that is read on, the few that came a little late.
 */
export async function withoutKnown(
  folder: string,
  connection: Connection,
  columns: RowColumns,
  rows: Uint32Array,
  segments: readonly Segment[],
): Promise<Uint32Array> {
  const doubtful = rows.filter((row) => {
    const at = columns.atUs[row] ?? 0;
    return segments.some(({ sinceUs, lastAtUs }) => sinceUs <= at && at <= lastAtUs);
  });
  if (doubtful.length === 0) return rows;
  const { stageRows } = await import("./stage.ts");
  const table = await stageRows(connection, columns, doubtful);
  const equal = COLUMNS.seen.map(({ name, type }) => {
    const staged = type === "WORD" ? `staged."${name}"::VARCHAR` : `staged."${name}"`;
    return `known."${name}" = ${staged}`;
  });
  const [least, most] = boundsOf(columns.atUs, doubtful);
  const found = await rowsOf(
    connection,
    `SELECT staged.rowid FROM ${table} staged SEMI JOIN (
       SELECT * FROM ${filesOf(folder, segments)} WHERE at_us BETWEEN ${least} AND ${most}
     ) known ON ${equal.join(" AND ")}`,
  );
  await run(connection, `DROP TABLE ${table}`);
  const known = new Set(found.map(([place]) => doubtful[Number(place)]));
  return known.size === 0 ? rows : rows.filter((row) => !known.has(row));
}

function boundsOf(atUs: Float64Array, rows: Uint32Array): readonly [number, number] {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const at = atUs[row] ?? 0;
    if (at < least) least = at;
    if (at > most) most = at;
  }
  return [least, most];
}
