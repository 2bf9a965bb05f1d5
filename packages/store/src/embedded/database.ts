import { mkdirSync } from "node:fs";
import type { Connection, Database, DataChunk, Result, Vector } from "@duckdb/node-bindings";
import duckdb from "@duckdb/node-bindings";

// The bindings themselves: what makes them comfortable, @duckdb/node-api, takes longer to load than a question to answer.

export type { Connection } from "@duckdb/node-bindings";

/** In one process, with all its threads. Sorting is not left to it, so it needs little. */
export const MEMORY = "160MB";
export const THREADS = 2;

export interface Opened {
  connect(): Promise<Connection>;
  close(): void;
}

/**
 * A database in memory that reads and writes the segments. It loads nothing and talks to nobody: what it can do is
 * compiled in.
 *
 * @param temporary null: it never writes
 */
export async function openDatabase(temporary: string | null): Promise<Opened> {
  if (temporary !== null) mkdirSync(temporary, { recursive: true });
  return open(":memory:", {
    threads: `${THREADS}`,
    memory_limit: MEMORY,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    ...(temporary === null ? {} : { temp_directory: temporary }),
  });
}

/** @throws what DuckDB says of a file that another process holds open */
export async function open(path: string, options: Readonly<Record<string, string>>): Promise<Opened> {
  const config = duckdb.create_config();
  for (const [name, value] of Object.entries(options)) duckdb.set_config(config, name, value);
  const database: Database = await duckdb.open(path, config);
  return { connect: () => duckdb.connect(database), close: () => duckdb.close_sync(database) };
}

export const disconnect = (connection: Connection): void => duckdb.disconnect_sync(connection);

/** A statement whose result nobody needs. */
export async function run(connection: Connection, sql: string): Promise<void> {
  await duckdb.query(connection, sql);
}

type Value = bigint | number | string | boolean | null;

/** Rows of a result that holds numbers, texts and truths. */
export async function rowsOf(connection: Connection, sql: string): Promise<readonly (readonly Value[])[]> {
  const result = await duckdb.query(connection, sql);
  const types = Array.from({ length: duckdb.column_count(result) }, (_, column) => typeOf(result, column));
  const rows: Value[][] = [];
  for (let chunk = await duckdb.fetch_chunk(result); chunk !== null; chunk = await duckdb.fetch_chunk(result)) {
    const size = duckdb.data_chunk_get_size(chunk);
    if (size === 0) break;
    const columns = types.map((type, column) => valuesIn(chunk, column, type, size));
    for (let row = 0; row < size; row += 1) rows.push(columns.map((values) => values[row] ?? null));
  }
  return rows;
}

interface Type {
  readonly bytes: number;
  readonly at: (data: DataView, offset: number) => Value;
}

const TYPES: ReadonlyMap<number, Type> = new Map([
  [duckdb.Type.BOOLEAN, { bytes: 1, at: (data, offset) => data.getUint8(offset) !== 0 }],
  [duckdb.Type.INTEGER, { bytes: 4, at: (data, offset) => data.getInt32(offset, true) }],
  [duckdb.Type.BIGINT, { bytes: 8, at: (data, offset) => data.getBigInt64(offset, true) }],
  [duckdb.Type.UBIGINT, { bytes: 8, at: (data, offset) => data.getBigUint64(offset, true) }],
  [duckdb.Type.VARCHAR, { bytes: 16, at: textAt }],
] satisfies readonly (readonly [number, Type])[]);

function typeOf(result: Result, column: number): Type {
  const type = TYPES.get(duckdb.column_type(result, column));
  if (type === undefined) throw new Error(`no value of type ${duckdb.column_type(result, column)} is read`);
  return type;
}

function valuesIn(chunk: DataChunk, column: number, { bytes, at }: Type, size: number): readonly Value[] {
  const vector = duckdb.data_chunk_get_vector(chunk, column);
  const data = duckdb.vector_get_data(vector, size * bytes);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const isThere = validityOf(vector, size);
  return Array.from({ length: size }, (_, row) => (isThere(row) ? at(view, row * bytes) : null));
}

/** A bit for each row, or nothing where every row has a value. */
function validityOf(vector: Vector, size: number): (row: number) => boolean {
  const bits: Uint8Array | null = duckdb.vector_get_validity(vector, Math.ceil(size / 64) * 8);
  return (row) => bits === null || (((bits[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
}

/** Up to so many bytes stand in the place of a longer text's address. */
const SHORT = 12;

function textAt(data: DataView, offset: number): string {
  const length = data.getUint32(offset, true);
  const bytes =
    length <= SHORT
      ? new Uint8Array(data.buffer, data.byteOffset + offset + 4, length)
      : duckdb.get_data_from_pointer(data.buffer as ArrayBuffer, data.byteOffset + offset + 8, length);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
}

/** A text inside a statement. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
