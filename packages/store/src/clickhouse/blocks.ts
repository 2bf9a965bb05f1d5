import type { EvidenceKind } from "@seenas/core";
import type { Coverage } from "../questions.ts";
import type { LogRow } from "../row.ts";
import { clickHouseText } from "../sql/clickhouse-words.ts";
import { kindsOf, number } from "./answers.ts";
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
  let last: EvidenceKind | null = null;
  for (const { atUs, untilUs: endUs, kind } of rows) {
    if (atUs < firstUs) firstUs = atUs;
    if (atUs > lastUs) lastUs = atUs;
    if (endUs > untilUs) untilUs = endUs;
    if (kind !== last) kinds.add(kind);
    last = kind;
  }
  return { firstUs, lastUs, untilUs, kinds: [...kinds].sort() };
}

/** What was sent before, as far as it matters to a block. */
export interface Earlier {
  readonly isKept: boolean;
  /** The time in which other blocks, or an earlier try, may have the same rows; null: none may. */
  readonly shared: Span | null;
  /** True: rows may be there that no block answers for, since it was begun and never kept. */
  readonly isLeft: boolean;
}

/** Of the beginnings of rows; both ends belong to it. */
export interface Span {
  readonly firstUs: number;
  readonly lastUs: number;
}

/** A block that was begun so long ago is not being sent any more. */
const ABANDONED_US = 3_600_000_000;

export async function earlierOf(
  connection: Connection,
  { blocks }: Tables,
  id: string,
  { firstUs, lastUs }: Extent,
): Promise<Earlier> {
  const isOwn = `id = ${clickHouseText(id)}`;
  const [row = []] = await connection.query(
    `SELECT max(${isOwn} AND is_kept), countIf(touches), minIf(greatest(first, ${firstUs}), touches), maxIf(least(last, ${lastUs}), touches), ifNull(max(touches AND NOT is_kept AND is_new AND (${isOwn} OR written < ${nowUs() - ABANDONED_US})), 0)
FROM (SELECT id, max(state = ${STATES.kept}) AS is_kept, min(first_us) AS first, max(last_us) AS last, max(written_us) AS written, written >= (${lastCount(blocks)}) AS is_new, first <= ${lastUs} AND last >= ${firstUs} AS touches
FROM ${blocks} WHERE state != ${STATES.count} GROUP BY id)`,
  );
  const [kept, touching, first, last, left] = row;
  return {
    isKept: number(kept) > 0,
    shared: number(touching) === 0 ? null : { firstUs: number(first), lastUs: number(last) },
    isLeft: number(left) > 0,
  };
}

const nowUs = (): number => Date.now() * 1000;

/** When everything was counted last; 0: never. */
const lastCount = (blocks: string): string => `SELECT max(written_us) FROM ${blocks} WHERE state = ${STATES.count}`;

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
    `INSERT INTO ${blocks} VALUES (${clickHouseText(id)}, ${STATES[state]}, ${nowUs()}, ${firstUs}, ${lastUs}, ${untilUs}, ${list}, ${rows})`,
  );
}

/** The last count of everything, and the blocks kept since. */
export async function coverageOf(
  connection: Connection,
  { blocks }: Tables,
  hasPorts: boolean,
): Promise<Coverage | null> {
  const [row = []] = await connection.query(
    `SELECT sum(most), min(first), max(until), groupUniqArrayArray(all_kinds) FROM (
SELECT max(rows) AS most, min(first_us) AS first, max(until_us) AS until, groupUniqArrayArray(kinds) AS all_kinds FROM ${blocks}
WHERE state != ${STATES.begun} AND rows > 0 AND written_us >= (${lastCount(blocks)}) GROUP BY state, id)`,
  );
  const [rows, first, until, kinds] = row;
  if (number(rows) === 0) return null;
  return {
    sinceUs: number(first),
    untilUs: number(until),
    kinds: kindsOf(kinds),
    rows: number(rows),
    withoutPorts: !hasPorts,
  };
}

/**
 * Counts everything that is there, a day after the other: the exact count of a year would not fit in memory. What is
 * kept while it counts may be counted again until the next time.
 */
export async function countAnew(connection: Connection, tables: Tables): Promise<void> {
  const days = await connection.query(
    `SELECT intDiv(at_us, ${DAY_US}) AS day, min(at_us), max(at_us), max(until_us), groupUniqArray(toString(kind)) FROM ${tables.rows} GROUP BY day`,
  );
  let rows = 0;
  const extents = days.map(([, firstUs, lastUs, untilUs, kinds]) => ({
    firstUs: number(firstUs),
    lastUs: number(lastUs),
    untilUs: number(untilUs),
    kinds: kindsOf(kinds),
  }));
  for (const day of extents) rows += await rowsWithin(connection, tables, day);
  const extent: Extent = {
    firstUs: Math.min(...extents.map(({ firstUs }) => firstUs)),
    lastUs: Math.max(...extents.map(({ lastUs }) => lastUs)),
    untilUs: Math.max(...extents.map(({ untilUs }) => untilUs)),
    kinds: [...new Set(extents.flatMap(({ kinds }) => kinds))].sort(),
  };
  const nothing: Extent = { firstUs: 0, lastUs: 0, untilUs: 0, kinds: [] };
  await write(connection, tables, `count-${nowUs()}`, "count", extents.length === 0 ? nothing : extent, rows);
}

const DAY_US = 86_400_000_000;

/** How many different rows begin in a time: what a block adds there is the difference before and after it. */
export async function rowsWithin(connection: Connection, { rows }: Tables, { firstUs, lastUs }: Span): Promise<number> {
  const [row = []] = await connection.query(
    `SELECT ${EXACT_COUNT} FROM ${rows} WHERE at_us >= ${firstUs} AND at_us <= ${lastUs}`,
  );
  return number(row[0]);
}
