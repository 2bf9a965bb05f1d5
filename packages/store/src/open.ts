import type { Problem } from "@seenas/core";
import type { EmbeddedOptions } from "./embedded/store.ts";
import type { LogStore } from "./store.ts";

export type Opened =
  | { readonly kind: "open"; readonly store: LogStore }
  | { readonly kind: "refused"; readonly problem: Problem };

/**
 * The store that a path or an address names: `clickhouse://…` a server, all else a folder. Only what is asked for is
 * loaded.
 */
export async function openStore(where: string, options: EmbeddedOptions = {}): Promise<Opened> {
  if (where.startsWith("clickhouse:"))
    return (await import("./clickhouse/open.ts")).openClickHouseStore(where, options);
  return (await import("./embedded/open.ts")).openEmbedded(where, options);
}
