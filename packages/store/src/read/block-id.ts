import { createHash } from "node:crypto";
import type { RowColumns } from "../columns.ts";

/** The same rows in the same order have the same id, whichever file they came from. */
export function blockId(columns: RowColumns): string {
  const hash = createHash("sha256");
  const { length } = columns;
  hash.update(JSON.stringify(columns.names.list));
  for (const column of [
    ...[columns.atUs, columns.lastedUs, columns.kind, columns.strength, columns.event, columns.protocol],
    ...[columns.workload, columns.reporter],
    ...[columns.before, columns.seen, columns.destination].flatMap(({ v4, port }) => [v4, port]),
  ])
    hash.update(new Uint8Array(column.buffer, column.byteOffset, length * column.BYTES_PER_ELEMENT));
  for (const { six } of [columns.before, columns.seen, columns.destination])
    for (const [row, { hi, lo }] of six) hash.update(`${row} ${hi} ${lo};`);
  return hash.digest("hex");
}
