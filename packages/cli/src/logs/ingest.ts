import type { Language, Problem } from "@seenas/core";
import type { Input, LogStore, Tally } from "@seenas/store";
import { errnoOf, type ListedFile, listFiles } from "../files/list.ts";
import { piecesOf } from "../files/pieces.ts";
import { timeText } from "./moment.ts";
import { cannotRead, diskFull, failureOf } from "./problems.ts";
import type { StoreDoor } from "./store-door.ts";

export interface IngestFlags {
  readonly quiet?: boolean | undefined;
  readonly again?: boolean | undefined;
}

export interface Ingested {
  readonly tally: Tally | null;
  readonly problems: readonly Problem[];
  /** The contract's status for what went wrong; 0: nothing did. */
  readonly status: number;
}

/** Reads files, folders and pipes into a store. What it returns of is durable. */
export async function ingest(
  door: StoreDoor,
  store: LogStore,
  where: string,
  paths: readonly string[],
  flags: IngestFlags,
  language: Language,
): Promise<Ingested> {
  const listed = listFiles(paths);
  const fatal = listed.problems.filter(({ level }) => level === "error");
  if (fatal.length > 0) return { tally: null, problems: listed.problems, status: 2 };
  const meter = flags.quiet === true ? null : progressMeter(totalOf(listed.value), language);
  try {
    const options = { again: flags.again === true, ...(meter === null ? {} : { onProgress: meter.show }) };
    const tally = await door.ingestInputs(store, listed.value.map(inputOf), options);
    return { tally, problems: listed.problems, status: 0 };
  } catch (error) {
    const known = problemOf(error, where);
    if (known === null) throw error;
    return { tally: null, problems: [...listed.problems, known.problem], status: known.status };
  } finally {
    meter?.clear();
  }
}

function inputOf(file: ListedFile): Input {
  return file.kind === "file"
    ? { kind: "file", name: file.name }
    : { kind: "pipe", name: file.name, pieces: piecesOf(file) };
}

function problemOf(error: unknown, where: string): { readonly problem: Problem; readonly status: number } | null {
  const failure = failureOf(error);
  if (failure !== null) return { problem: failure, status: 2 };
  const errno = errnoOf(error);
  if (errno === "ENOSPC" || /No space left|ENOSPC/.test(errno)) return { problem: diskFull(where), status: 1 };
  const path = error instanceof Error && "path" in error && typeof error.path === "string" ? error.path : where;
  return /^E(?:ACCES|PERM|NOENT|IO|ISDIR|ROFS)$/.test(errno) ? { problem: cannotRead(path, errno), status: 2 } : null;
}

/** Null: a pipe does not tell. */
const totalOf = (files: readonly ListedFile[]): number | null =>
  files.every(({ kind }) => kind === "file") ? files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) : null;

const BETWEEN_MS = 200;

/** A line on standard error that rewrites itself, on a terminal only. */
function progressMeter(totalBytes: number | null, language: Language) {
  const begun = Date.now();
  let next = begun + BETWEEN_MS;
  let shown = false;
  const show = (tally: Tally): void => {
    const now = Date.now();
    if (now < next || !process.stderr.isTTY) return;
    next = now + BETWEEN_MS;
    shown = true;
    process.stderr.write(`\r\u001b[K${progressText(tally, (now - begun) / 1000, totalBytes, language)}`);
  };
  return {
    show,
    clear: (): void => {
      if (shown) process.stderr.write("\r\u001b[K");
    },
  };
}

/** Rows, rate, and how long it will take. */
export function progressText(tally: Tally, seconds: number, totalBytes: number | null, language: Language): string {
  const rate = tally.rows / Math.max(seconds, 0.001);
  const left = totalBytes === null || tally.bytes === 0 ? null : (seconds * (totalBytes - tally.bytes)) / tally.bytes;
  const rows = tally.rows.toLocaleString("en-US");
  const megabytes = `${(tally.bytes / 1e6).toFixed(0)}${totalBytes === null ? "" : ` / ${(totalBytes / 1e6).toFixed(0)}`} MB`;
  const perSecond = Math.round(rate).toLocaleString("en-US");
  return language === "zh"
    ? `${rows} 条，${megabytes}，每秒 ${perSecond} 条${left === null ? "" : `，剩余 ${Math.ceil(left)} 秒`}`
    : `${rows} rows, ${megabytes}, ${perSecond} rows/s${left === null ? "" : `, ${Math.ceil(left)} s left`}`;
}

const REASONS: Readonly<Record<string, { readonly en: string; readonly zh: string }>> = {
  "not-json": { en: "not JSON", zh: "不是 JSON" },
  "no-time": { en: "no full time", zh: "没有完整时间" },
  "no-address": { en: "no address where one must be", zh: "缺少必要的地址" },
  fields: { en: "fields that are not understood", zh: "无法理解的字段" },
  "another-log": { en: "of another log", zh: "属于其他日志" },
  "cut-short": { en: "cut short", zh: "不完整" },
  "too-long": { en: "too long", zh: "过长" },
  "not-evidence": { en: "nothing that any reader knows", zh: "没有读取器能识别的内容" },
};

/** What was read, what of it is new, and what was not understood. */
export function ingestedText(
  tally: Tally,
  where: string,
  coverage: { readonly sinceUs: number; readonly untilUs: number; readonly rows: number } | null,
  language: Language,
): string {
  const number = (value: number): string => value.toLocaleString("en-US");
  const zh = language === "zh";
  const reasons = [...tally.reasons].map(
    ([reason, count]) => `${number(count)} ${REASONS[reason]?.[language] ?? reason}`,
  );
  const lines = [
    zh
      ? `读取 ${number(tally.rows)} 条：新增 ${number(tally.added)}，已有 ${number(tally.duplicates)}。`
      : `${number(tally.rows)} rows read: ${number(tally.added)} new, ${number(tally.duplicates)} known already.`,
    ...(tally.known === 0
      ? []
      : [zh ? `${number(tally.known)} 个文件此前已全部读取。` : `${number(tally.known)} files were done already.`]),
    ...(tally.empty === 0
      ? []
      : [
          zh
            ? `${number(tally.empty)} 条记录自述没有内容。`
            : `${number(tally.empty)} records say themselves that they hold nothing.`,
        ]),
    ...(tally.rejected === 0
      ? []
      : [
          zh
            ? `${number(tally.rejected)} 条未能理解（${reasons.join("、")}），连同位置记录在 ${where}/rejects。`
            : `${number(tally.rejected)} were not understood (${reasons.join(", ")}); with their places they are in ${where}/rejects.`,
        ]),
    ...(coverage === null
      ? []
      : [
          zh
            ? `存储中有 ${number(coverage.rows)} 条，自 ${timeText(coverage.sinceUs)} 至 ${timeText(coverage.untilUs)}。`
            : `The store holds ${number(coverage.rows)} rows, ${timeText(coverage.sinceUs)} – ${timeText(coverage.untilUs)}.`,
        ]),
  ];
  return `${lines.join("\n")}\n`;
}
