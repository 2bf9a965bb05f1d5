import type { DuckDBConnection } from "@duckdb/node-api";
import { NO_PORT, type RowColumns } from "../columns.ts";
import { distinctRows } from "../distinct.ts";
import { type Written, writeRows } from "./commit.ts";
import type { Manifest } from "./manifest.ts";

/**
 * Makes the rows of a batch durable that the store does not have yet; nobody sees them before a manifest names them.
 *
 * @param columns are changed where the store keeps less
 */
export async function writeBatch(
  folder: string,
  connect: () => Promise<DuckDBConnection>,
  columns: RowColumns,
  manifest: Manifest,
): Promise<Written> {
  if (manifest.withoutPorts) removePorts(columns);
  return writeRows(folder, connect, columns, distinctRows(columns), manifest);
}

function removePorts(columns: RowColumns): void {
  const none = columns.names.codeOf("");
  for (const { port } of [columns.before, columns.seen, columns.destination])
    for (let row = 0; row < columns.length; row += 1) if ((port[row] ?? 0) >= 0) port[row] = NO_PORT;
  columns.reporter.fill(none, 0, columns.length);
}
