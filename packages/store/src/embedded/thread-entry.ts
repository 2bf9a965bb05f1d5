import { join } from "node:path";
import { parentPort } from "node:worker_threads";
import type { AddressNumber } from "../address-number.ts";
import { Names, RowColumns } from "../columns.ts";
import { type Written, writeRows } from "./commit.ts";
import type { Connection } from "./database.ts";
import { TEMPORARY } from "./format.ts";
import type { Manifest } from "./manifest.ts";

/** A batch: its columns lie in memory that both threads see. */
export interface Task {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly capacity: number;
  readonly length: number;
  /** Places of rows that differ from each other. */
  readonly rows: Uint32Array;
  readonly memory: RowColumns["memory"];
  /** IPv6 addresses before translation, seen, and of destinations. */
  readonly six: readonly ReadonlyMap<number, AddressNumber>[];
  /** Those that came since the last batch; or anew, where the batch is of another ingest. */
  readonly names: { readonly isAnew: boolean; readonly more: readonly string[] };
}

export type Done =
  | { readonly kind: "written"; readonly written: Written }
  | { readonly kind: "failed"; readonly error: Error; readonly code: string | undefined };

let names = new Names();
let opened: Promise<Connection> | null = null;

/** Most batches need no database: it is loaded when one does. */
function connect(folder: string): Promise<Connection> {
  opened ??= import("./database.ts").then(async ({ openDatabase }) =>
    (await openDatabase(join(folder, TEMPORARY))).connect(),
  );
  return opened;
}

async function done(task: Task): Promise<Done> {
  try {
    if (task.names.isAnew) names = new Names();
    for (const name of task.names.more) names.codeOf(name);
    const columns = new RowColumns(task.capacity, names, task.memory);
    columns.length = task.length;
    for (const [index, end] of [columns.before, columns.seen, columns.destination].entries())
      for (const [row, address] of task.six[index] ?? []) end.six.set(row, address);
    const written = await writeRows(task.folder, () => connect(task.folder), columns, task.rows, task.manifest);
    return { kind: "written", written };
  } catch (error) {
    const own = error instanceof Error ? error : new Error(String(error));
    return { kind: "failed", error: own, code: (own as NodeJS.ErrnoException).code };
  }
}

parentPort?.on("message", async (task: Task) => parentPort?.postMessage(await done(task)));
