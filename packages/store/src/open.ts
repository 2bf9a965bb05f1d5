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
  if (/^clickhouses?:\/\//.test(where)) return { kind: "refused", problem: notHere(where) };
  return (await import("./embedded/open.ts")).openEmbedded(where, options);
}

const notHere = (where: string): Problem => ({
  level: "error",
  code: "store/scheme",
  file: where,
  line: null,
  text: { en: "a store in ClickHouse is not in this version", zh: "此版本尚不支持 ClickHouse 存储" },
  fix: { en: "name a folder: --store ./logs", zh: "请指定文件夹：--store ./logs" },
});
