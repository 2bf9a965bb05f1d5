import type { EvidenceKind } from "@seenas/core";
import type { Coverage } from "../questions.ts";
import type { LogRow } from "../row.ts";
import { clickHouseText } from "../sql/clickhouse-words.ts";
import { kindOf, number } from "./answers.ts";
import { EXACT_COUNT } from "./columns.ts";
import type { Connection } from "./connection.ts";
import type { Tables } from "./schema.ts";

/** `begun` is written before the first row is sent, `kept` after the last; a `count` is made anew after forgetting. */
const STATES = { begun: 0, kept: 1, count: 2 } as const;

/** What is known of a block without its rows. */
export interface Extent {
  readonly firstUs: number;
  /** The latest beginning, by which equal rows are found; `untilUs` is the latest end. */
  readonly lastUs: number;
  readonly untilUs: number;
  readonly kinds: readonly EvidenceKind[];
}

export function extentOf(rows: readonly LogRow[]): Extent {
  let firstUs = Number.POSITIVE_INFINITY;
  let lastUs = 0;
  let untilUs = 0;
  const kinds = new Set<EvidenceKind>();
  for (const row of rows) {
    firstUs = Math.min(firstUs, row.atUs);
    lastUs = Math.max(lastUs, row.atUs);
    untilUs = Math.max(untilUs, row.untilUs);
    kinds.add(row.kind);
  }
  return { firstUs, lastUs, untilUs, kinds: [...kinds].sort() };
}

/** Whether a block was kept before, and the time in which other blocks may hold the same rows; null: none may. */
export interface Earlier {
  readonly isKept: boolean;
  readonly shared: { readonly firstUs: number; readonly lastUs: number } | null;
}

export async function earlierOf(connection: Connection, tables: Tables, id: string, extent: Extent): Promise<Earlier> {
  const { firstUs, lastUs } = extent;
  const [row = []] = await connection.query(
    `SELECT countIf(id = ${clickHouseText(id)} AND state = ${STATES.kept}), countIf(touches), minIf(greatest(first_us, ${firstUs}), touches), maxIf(least(last_us, ${lastUs}), touches)
FROM (SELECT id, state, first_us, last_us, state != ${STATES.count} AND first_us <= ${lastUs} AND last_us >= ${firstUs} AS touches FROM ${tables.blocks})`,
  );
  const [kept, touching, first, last] = row;
  const shared = number(touching) === 0 ? null : { firstUs: number(first), lastUs: number(last) };
  return { isKept: number(kept) > 0, shared };
}

export const writeBegun = (connection: Connection, tables: Tables, id: string, extent: Extent): Promise<void> =>
  write(connection, tables, id, "begun", extent, 0);

export const writeKept = (
  connection: Connection,
  tables: Tables,
  id: string,
  extent: Extent,
  added: number,
): Promise<void> => write(connection, tables, id, "kept", extent, added);

async function write(
  connection: Connection,
  { blocks }: Tables,
  id: string,
  state: keyof typeof STATES,
  { firstUs, lastUs, untilUs, kinds }: Extent,
  rows: number,
): Promise<void> {
  const list = `[${kinds.map(clickHouseText).join(", ")}]`;
  await connection.command(
    `INSERT INTO ${blocks} VALUES (${clickHouseText(id)}, ${STATES[state]}, ${Date.now() * 1000}, ${firstUs}, ${lastUs}, ${untilUs}, ${list}, ${rows})`,
  );
}

/** The last count of everything, and the blocks kept since. */
export async function coverageOf(connection: Connection, { blocks }: Tables): Promise<Coverage | null> {
  const since = `(SELECT max(written_us) FROM ${blocks} WHERE state = ${STATES.count})`;
  const [row = []] = await connection.query(
    `SELECT sum(most), min(first), max(until), arraySort(groupUniqArrayArray(all_kinds)) FROM (
SELECT max(rows) AS most, min(first_us) AS first, max(until_us) AS until, groupUniqArrayArray(kinds) AS all_kinds FROM ${blocks}
WHERE state != ${STATES.begun} AND rows > 0 AND written_us >= ${since} GROUP BY state, id)`,
  );
  const [rows, first, until, kinds] = row;
  if (number(rows) === 0) return null;
  return {
    sinceUs: number(first),
    untilUs: number(until),
    kinds: Array.isArray(kinds) ? kinds.map(kindOf) : [],
    rows: number(rows),
  };
}

/** Counts everything that is there; what is kept while it counts may be counted again until the next time. */
export async function countAnew(connection: Connection, tables: Tables): Promise<void> {
  const [row = []] = await connection.query(
    `SELECT ${EXACT_COUNT}, min(at_us), max(at_us), max(until_us), arraySort(groupUniqArray(toString(kind))) FROM ${tables.rows}`,
  );
  const [rows, firstUs, lastUs, untilUs, kinds] = row;
  const extent: Extent = {
    firstUs: number(firstUs),
    lastUs: number(lastUs),
    untilUs: number(untilUs),
    kinds: Array.isArray(kinds) ? kinds.map(kindOf) : [],
  };
  await write(connection, tables, `count-${Date.now()}`, "count", extent, number(rows));
}

/** How many different rows begin in a time: what a block adds there is the difference before and after it. */
export async function rowsWithin(
  connection: Connection,
  { rows }: Tables,
  shared: { readonly firstUs: number; readonly lastUs: number },
): Promise<number> {
  const [row = []] = await connection.query(
    `SELECT ${EXACT_COUNT} FROM ${rows} WHERE at_us >= ${shared.firstUs} AND at_us <= ${shared.lastUs}`,
  );
  return number(row[0]);
}
