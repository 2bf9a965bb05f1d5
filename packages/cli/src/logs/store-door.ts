import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Problem } from "@seenas/core";
import type * as Store from "@seenas/store";

export type StoreDoor = typeof Store;

export type Loaded =
  | { readonly kind: "loaded"; readonly door: StoreDoor }
  | { readonly kind: "missing"; readonly problem: Problem };

/** The package that keeps logs: 70 MB of a database, which comes by itself and is loaded by nobody else. */
export async function loadStore(): Promise<Loaded> {
  const { createRequire } = process.getBuiltinModule("node:module");
  // Beside the program in the package, two folders up in the sources.
  const bin = ["../bin", "../../bin"].map((path) => join(import.meta.dirname, path)).find((path) => existsSync(path));
  const { loadStore: load }: { readonly loadStore: () => Promise<StoreDoor> } = createRequire(
    join(bin ?? import.meta.dirname, "store.js"),
  )("./store.js");
  try {
    return { kind: "loaded", door: await load() };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code !== "ERR_MODULE_NOT_FOUND" && code !== "MODULE_NOT_FOUND") throw error;
    return { kind: "missing", problem: notInstalled(error instanceof Error ? error.message : "") };
  }
}

const notInstalled = (message: string): Problem => ({
  level: "error",
  code: "store/not-installed",
  file: null,
  line: null,
  text: {
    en: `the log store is a package of its own, and it is not installed (${message.split("\n")[0]})`,
    zh: `日志存储是单独的软件包，尚未安装（${message.split("\n")[0]}）`,
  },
  fix: {
    en: "install it where seenas is installed: npm install @seenas/store (npm install -g @seenas/store for a global one)",
    zh: "请安装到 seenas 所在位置：npm install @seenas/store（全局安装则为 npm install -g @seenas/store）",
  },
});
