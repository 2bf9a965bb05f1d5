import { NO_NAME, NO_PORT, type RowColumns } from "../columns.ts";
import { distinctRows } from "../distinct.ts";
import type { Manifest } from "./manifest.ts";

/**
 * What of a batch is kept: the places of rows that differ from each other in what the store keeps.
 *
 * @param columns are changed where the store keeps less
 */
export function keptOf(columns: RowColumns, { withoutPorts }: Manifest): Uint32Array<ArrayBuffer> {
  if (withoutPorts) removePorts(columns);
  return distinctRows(columns);
}

function removePorts(columns: RowColumns): void {
  for (const { port } of [columns.before, columns.seen, columns.destination])
    for (let row = 0; row < columns.length; row += 1) if ((port[row] ?? 0) >= 0) port[row] = NO_PORT;
  columns.reporter.fill(NO_NAME, 0, columns.length);
}
