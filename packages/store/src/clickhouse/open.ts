import { StoreFailure } from "../failure.ts";
import type { Opened } from "../open.ts";
import type { Answered, Coverage } from "../questions.ts";
import type { Endpoint, LogRow } from "../row.ts";
import type { Block, Ingested, LogStore } from "../store.ts";
import { latestFirst, number, seenRow, usedRow, whoRow } from "./answers.ts";
import { countAnew, coverageOf, earlierOf, extentOf, rowsWithin, writeBegun, writeKept } from "./blocks.ts";
import { EXACT_COUNT } from "./columns.ts";
import { type Cell, type Connection, connect } from "./connection.ts";
import { countDistinct } from "./count-distinct.ts";
import { placeOf } from "./place.ts";
import { prepare, type Tables } from "./schema.ts";
import { seenStatement, usedStatement, whoStatement } from "./statements.ts";

export interface ClickHouseOptions {
  /** Of a new store: never keep a port. A store that has some is refused. */
  readonly withoutPorts?: boolean;
}

/**
 * A log store in ClickHouse 18.16 or later: one server, or with `?cluster=name` a cluster of that name in the server's
 * configuration. What is not there is created; the user needs the rights for it.
 *
 * @param url `clickhouse://user:password@host:8123/database?cluster=name&secure=1`
 * @throws StoreFailure here and from every member: a server or a shard that does not answer, a newer store. What was
 * being sent then can be sent again: nothing is counted twice.
 */
export async function openClickHouse(url: string, options: ClickHouseOptions = {}): Promise<LogStore> {
  const place = placeOf(url);
  const connection = await connect(place);
  try {
    const { tables, hasPorts } = await prepare(connection, place, options.withoutPorts === true);
    return storeOf(connection, tables, hasPorts);
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** The same, with a reason in place of an exception where it cannot be opened. */
export async function openClickHouseStore(url: string, options: ClickHouseOptions = {}): Promise<Opened> {
  try {
    return { kind: "open", store: await openClickHouse(url, options) };
  } catch (error) {
    if (error instanceof StoreFailure) return { kind: "refused", problem: error.problem };
    throw error;
  }
}

/** Of a store that has none, a row keeps its ends and loses their ports, before it is compared with any other. */
const withoutPorts = (row: LogRow): LogRow => ({
  ...row,
  before: withoutPort(row.before),
  seen: withoutPort(row.seen),
  destination: withoutPort(row.destination),
});

const withoutPort = (end: Endpoint | null): Endpoint | null => (end === null ? null : { ...end, port: null });

function storeOf(connection: Connection, tables: Tables, hasPorts: boolean): LogStore {
  const coverage = remembered(() => coverageOf(connection, tables, hasPorts));
  const ask = async <Row>(
    statement: string,
    read: (cells: readonly Cell[]) => Row,
    limit: number,
  ): Promise<Answered<Row>> => {
    const [found, covered] = await Promise.all([connection.query(statement), coverage.recent()]);
    // A cluster answers whole or fails: nothing is ever missing from what it says.
    return { rows: found.slice(0, limit).map(read), truncated: found.length > limit, missing: [], coverage: covered };
  };
  return {
    ingest: ({ id, rows }) =>
      ingest(connection, tables, { id, rows: hasPorts ? rows : rows.map((row) => withoutPorts(row)) }).finally(
        coverage.forget,
      ),
    used: (question, limit) => ask(usedStatement(tables.rows, question, limit), usedRow, limit),
    who: async (question, limit) => {
      // A few rows are sorted faster here than between servers; of too many the latest have to be found there.
      const found = await ask(whoStatement(tables.rows, question, limit, false), whoRow, limit);
      if (!found.truncated) return { ...found, rows: found.rows.toSorted(latestFirst) };
      return ask(whoStatement(tables.rows, question, limit, true), whoRow, limit);
    },
    seen: (question, limit) => ask(seenStatement(tables.rows, question, limit), seenRow, limit),
    coverage: (): Promise<Coverage | null> => coverageOf(connection, tables, hasPorts),
    forget: (beforeUs) => forget(connection, tables, beforeUs).finally(coverage.forget),
    close: () => connection.close(),
  };
}

/** Beside an answer it may be a second old, so that a thousand questions do not ask for it a thousand times. */
const RECENT_MS = 1000;

function remembered<T>(ask: () => Promise<T>) {
  let last: { readonly atMs: number; readonly value: Promise<T> } | null = null;
  const forgetIt = (): void => {
    last = null;
  };
  return {
    recent(): Promise<T> {
      if (last !== null && Date.now() - last.atMs < RECENT_MS) return last.value;
      const value = ask();
      value.catch(forgetIt);
      last = { atMs: Date.now(), value };
      return value;
    },
    forget: forgetIt,
  };
}

/**
 * A block may be sent again after any failure: it counts as kept only when all its rows are, and rows that an earlier try
 * left are the same rows by their content, whichever shard has them.
 */
async function ingest(connection: Connection, tables: Tables, { id, rows }: Block): Promise<Ingested> {
  if (rows.length === 0) return { added: 0, duplicates: 0 };
  const extent = extentOf(rows);
  const { isKept, shared, isLeft } = await earlierOf(connection, tables, id, extent);
  if (isKept) return { added: 0, duplicates: rows.length };
  await writeBegun(connection, tables, id, extent);
  const before = shared === null ? 0 : await rowsWithin(connection, tables, shared);
  const counts = { all: 0, shared: 0 };
  await send(connection, tables, rows, () => {
    counts.all = countDistinct(rows, null);
    counts.shared = shared === null ? 0 : countDistinct(rows, shared);
  });
  const after = shared === null ? 0 : await rowsWithin(connection, tables, shared);
  // Others may be adding in the same time: never more than this block has.
  const added = counts.all - counts.shared + Math.min(after - before, counts.shared);
  await writeKept(connection, tables, id, extent, added);
  // Rows of a try that failed are there, and were added by no block.
  if (isLeft) await countAnew(connection, tables);
  return { added, duplicates: rows.length - added };
}

/** Rows of one statement: enough for large parts, few enough to build the next while the server takes this one. */
const SLICE = 131_072;

/** @param meanwhile is done while the server has the last of them */
async function send(
  connection: Connection,
  { rows: table }: Tables,
  rows: readonly LogRow[],
  meanwhile: () => void,
): Promise<void> {
  const sending = new Set<Promise<void>>();
  try {
    for (let start = 0; start < rows.length; start += SLICE) {
      if (sending.size > 1) await Promise.race(sending);
      const sent: Promise<void> = connection
        .insert(table, rows.slice(start, start + SLICE))
        .finally(() => sending.delete(sent));
      sending.add(sent);
      // What is built reaches the server before the next is built.
      await Promise.race([sent, nextTurn()]);
    }
    meanwhile();
    await Promise.all(sending);
  } finally {
    // After a failure nothing of this block is still under way when its next try begins.
    await Promise.allSettled(sending);
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Deleting is a mutation that every server does by itself; it is done when nobody has such a row any more. */
async function forget(connection: Connection, tables: Tables, beforeUs: number): Promise<number> {
  const condition = `until_us < ${Math.max(0, Math.trunc(beforeUs))}`;
  const [count = []] = await connection.query(`SELECT ${EXACT_COUNT} FROM ${tables.rows} WHERE ${condition}`);
  const forgotten = number(count[0]);
  if (forgotten === 0) return 0;
  await connection.command(`ALTER TABLE ${tables.localRows}${tables.everywhere} DELETE WHERE ${condition}`);
  await untilGone(connection, tables, condition);
  await countAnew(connection, tables);
  return forgotten;
}

async function untilGone(connection: Connection, { rows }: Tables, condition: string): Promise<void> {
  let waitedMs = 0;
  for (let waitMs = 5; waitedMs < PATIENCE_MS; waitMs = Math.min(waitMs * 2, 1000)) {
    const [left = []] = await connection.query(`SELECT count() FROM ${rows} WHERE ${condition}`);
    if (number(left[0]) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    waitedMs += waitMs;
  }
  throw notGone();
}

/** Rewriting the parts of a large store takes minutes. */
const PATIENCE_MS = 1_800_000;

const notGone = (): StoreFailure =>
  new StoreFailure(
    "store/not-forgotten",
    { en: "the server has not deleted all of it after half an hour", zh: "半小时后服务器仍未全部删除" },
    {
      en: "look at system.mutations of every server for the reason, and ask again",
      zh: "请在各服务器的 system.mutations 中查看原因，然后重试",
    },
  );
