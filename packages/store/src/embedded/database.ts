import { mkdirSync } from "node:fs";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";

/** In one process, with all its threads. Sorting is not left to it, so it needs little. */
const MEMORY = "160MB";

/**
 * A database in memory that reads and writes the segments. It loads nothing and talks to nobody: what it can do is
 * compiled in.
 *
 * @param temporary null: it never writes
 */
export async function openDatabase(temporary: string | null): Promise<DuckDBInstance> {
  if (temporary !== null) mkdirSync(temporary, { recursive: true });
  return DuckDBInstance.create(":memory:", {
    threads: "2",
    memory_limit: MEMORY,
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
    ...(temporary === null ? {} : { temp_directory: temporary }),
  });
}

export async function numberRows(connection: DuckDBConnection, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await connection.runAndReadAll(sql)).getRows();
}

/** A text inside a statement. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
