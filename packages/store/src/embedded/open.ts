import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Problem, Text } from "@seenas/core";
import type { Opened } from "../open.ts";
import { FORMAT, MANIFEST } from "./format.ts";
import { readManifest } from "./manifest.ts";
import { type EmbeddedOptions, EmbeddedStore } from "./store.ts";

/** A folder that holds a store, or may become one: it is empty, or not there yet. Nothing is written before the first row. */
export function openEmbedded(folder: string, options: EmbeddedOptions): Opened {
  // DuckDB would take such a path for a pattern.
  if (/[*?[]/.test(folder)) return refused(folder, "odd-path", ODD_PATH, NAME_ANOTHER);
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory()) return refused(folder, "not-a-folder", NOT_A_FOLDER, NAME_ANOTHER);
    const read = readManifest(folder);
    if (read.kind === "newer") return refused(folder, "newer", newer(read.format), UPDATE);
    if (read.kind === "damaged") return refused(join(folder, MANIFEST), "damaged", DAMAGED, RESTORE);
    const hasPorts = read.kind === "manifest" && !read.manifest.withoutPorts;
    if (hasPorts && options.withoutPorts === true) return refused(folder, "has-ports", HAS_PORTS, NEW_STORE);
    if (read.kind === "none" && !isOurs(folder)) return refused(folder, "not-a-store", NOT_A_STORE, NAME_ANOTHER);
  }
  return { kind: "open", store: new EmbeddedStore(folder, options) };
}

/** Left by a first run that was killed before its first commit. */
const OWN = new Set(["segments", "rejects", "tmp", "writer.lock", "writer.lock.wal", "manifest.json.tmp"]);

const isOurs = (folder: string): boolean => readdirSync(folder).every((name) => OWN.has(name));

const refused = (file: string, code: string, text: Text, fix: Text): Opened => {
  const problem: Problem = { level: "error", code: `store/${code}`, file, line: null, text, fix };
  return { kind: "refused", problem };
};

const newer = (format: number): Text => ({
  en: `the store has format ${format}; this seenas reads up to ${FORMAT}`,
  zh: `该存储的格式为 ${format}；此版本的 seenas 最高支持 ${FORMAT}`,
});

const UPDATE: Text = {
  en: "it was written by a newer seenas: update this one; the store was not touched",
  zh: "它由更新版本的 seenas 写入：请升级；该存储未被改动",
};

const DAMAGED: Text = {
  en: "expected the manifest of a store, found something else",
  zh: "应为存储的清单文件，实为其他内容",
};

const RESTORE: Text = {
  en: "restore the folder from a backup, or ingest the logs into a new one; nothing was changed",
  zh: "请从备份恢复该文件夹，或将日志导入新的文件夹；未作任何改动",
};

const ODD_PATH: Text = {
  en: "expected a path without *, ? and [",
  zh: "路径中不能含有 *、? 和 [",
};

const HAS_PORTS: Text = { en: "the store holds ports already", zh: "该存储中已有端口" };

const NEW_STORE: Text = {
  en: "--without-ports is for a new store: name another folder, and ingest into it",
  zh: "--without-ports 仅用于新存储：请指定另一文件夹并重新导入",
};

const NOT_A_FOLDER: Text = { en: "expected a folder, found a file", zh: "应为文件夹，实为文件" };

const NOT_A_STORE: Text = {
  en: "the folder holds other files and is no log store",
  zh: "该文件夹含有其他文件，不是日志存储",
};

const NAME_ANOTHER: Text = {
  en: "name an empty folder, or one that is not there yet: --store ./logs",
  zh: "请指定空文件夹或尚不存在的文件夹：--store ./logs",
};
