import { existsSync } from "node:fs";
import { type Language, type Problem, problemsJson } from "@seenas/core";
import type { Answered, LogStore, Question } from "@seenas/store";
import { languageOf } from "../language.ts";
import {
  answerCsv,
  answerJson,
  answerTable,
  type Members,
  seenMembers,
  usedMembers,
  whoMembers,
} from "../logs/answers.ts";
import { type Asked, askSeen, askUsed, askWho } from "../logs/ask.ts";
import { ingest, ingestedText } from "../logs/ingest.ts";
import { limitsOf } from "../logs/limits.ts";
import { durationOf, timeText } from "../logs/moment.ts";
import { expected, failureOf, missing, noStore, noSuchStore } from "../logs/problems.ts";
import { loadStore, type StoreDoor } from "../logs/store-door.ts";
import { print, printJson, printLines, tellProblems } from "../output.ts";
import { logsUsage } from "./logs-usage.ts";
import { LOGS_OPTIONS, type Parsed, parse } from "./options.ts";
import { badNumber, badUsage, wrongFormat } from "./usage-problems.ts";

type Values = Extract<Parsed<typeof LOGS_OPTIONS>, { kind: "ok" }>["values"];

const FORMATS = ["table", "json", "csv"] as const;
type Format = (typeof FORMATS)[number];

const USUAL_LIMIT = 1000;

/** `seenas logs ingest|used|who|seen`: logs kept, and what they say. */
export async function run(argv: readonly string[]): Promise<number> {
  const language = languageOf(argv);
  const parsed = parse(argv, LOGS_OPTIONS);
  if (parsed.kind === "wrong") return refuse([badUsage(parsed.message, parsed.option)], {}, language);
  const { values, words } = parsed;
  const [what, ...rest] = words;
  if (values.help === true || what === undefined) {
    await print(logsUsage(language));
    return values.help === true ? 0 : 2;
  }
  try {
    return await runOne(what, rest, values, language);
  } catch (error) {
    // A server or a part of a cluster that stops answering: no number is better than a smaller one.
    const failure = failureOf(error);
    if (failure === null) throw error;
    return refuse([failure], values, language, 3);
  }
}

async function runOne(what: string, rest: readonly string[], values: Values, language: Language): Promise<number> {
  if (what === "ingest") return ingestLogs(rest, values, language);
  if (what === "answer") return answerResult(rest, values, language);
  if (what === "sql") return writeSql(rest, values, language);
  const asked = await askedIn(what, rest, values);
  if (asked === null) return refuse([badUsage(`unexpected ${JSON.stringify(what)}`)], values, language);
  if (asked.kind === "refused") return refuse(asked.problems, values, language);
  return answer(asked.question, values, language);
}

async function askedIn(what: string, rest: readonly string[], values: Values): Promise<Asked | null> {
  const most = what === "used" ? 0 : 1;
  if (rest.length > most) return { kind: "refused", problems: [badUsage(`unexpected ${JSON.stringify(rest[most])}`)] };
  if (what === "used") return askUsed(values);
  if (what === "who") return askWho(rest[0], values);
  return what === "seen" ? askSeen(rest[0], values) : null;
}

/** `logs sql used|who|seen …`: the question for the engine that has the log. */
async function writeSql([what = "", ...rest]: readonly string[], values: Values, language: Language): Promise<number> {
  const asked = await askedIn(what, rest, values);
  if (asked === null) return refuse([badUsage("expected used, who or seen after sql")], values, language);
  if (asked.kind === "refused") return refuse(asked.problems, values, language);
  const { printSql, sqlOf } = await import("../logs/sql.ts");
  const written = sqlOf(asked.question, values);
  if (written.kind === "refused") return refuse(written.problems, values, language);
  await printSql(written, values, language);
  return 0;
}

/** `logs answer --from-result FILE`: what an engine answered to such a query. */
async function answerResult(rest: readonly string[], values: Values, language: Language): Promise<number> {
  const file = values["from-result"];
  const format = formatOf(values);
  if (file === undefined) return refuse([missing("--from-result", "--from-result result.csv")], values, language);
  if (rest.length > 0) return refuse([badUsage(`unexpected ${JSON.stringify(rest[0])}`)], values, language);
  if (format === undefined) return refuse([wrongFormat(values.format ?? "", FORMATS)], values, language);
  const { answerFromResult } = await import("../logs/answer.ts");
  const { answer: answered, problems } = await answerFromResult(file);
  const isHalf = problems.some(({ level }) => level === "error");
  if (answered === null) return refuse(problems, values, language, isHalf ? 2 : 3);
  const { question, rows } = answered;
  if (format === "json") {
    const about = { schema: "seenas/log-answer@1", question, rows, truncated: false, missing: [], coverage: null };
    await printJson({ ...about, limits: [], ...problemsJson(problems, language) });
    return isHalf ? 3 : 0;
  }
  await tellProblems(problems, values, language);
  if (format === "csv") await printLines(answerCsv(question, rows));
  else await print(answerTable(question, rows, language));
  return isHalf ? 3 : 0;
}

async function refuse(
  problems: readonly Problem[],
  values: Partial<Values>,
  language: Language,
  status = 2,
): Promise<number> {
  if (values.json === true) await printJson(problemsJson(problems, language));
  else await tellProblems(problems, values, language);
  return status;
}

interface Opened {
  readonly door: StoreDoor;
  readonly store: LogStore;
}

async function opened(where: string, options: object): Promise<Opened | Problem> {
  const loaded = await loadStore();
  if (loaded.kind === "missing") return loaded.problem;
  const store = await loaded.door.openStore(where, options);
  return store.kind === "refused" ? store.problem : { door: loaded.door, store: store.store };
}

const isFolder = (where: string): boolean => !where.includes("://");

async function answer(question: Question, values: Values, language: Language): Promise<number> {
  const format = formatOf(values);
  const where = values.store;
  const limit = Number(values.limit ?? USUAL_LIMIT);
  if (format === undefined) return refuse([wrongFormat(values.format ?? "", FORMATS)], values, language);
  if (!/^[1-9]\d{0,8}$/.test(values.limit ?? "1"))
    return refuse([badNumber("limit", values.limit ?? "")], values, language);
  if (where === undefined) return refuse([noStore()], values, language);
  if (isFolder(where) && !existsSync(where)) return refuse([noSuchStore(where)], values, language);
  const open = await opened(where, {});
  if (!("store" in open)) return refuse([open], values, language);
  const { answered, rows } = await put(open.store, question, limit);
  await open.store.close();
  const limits = limitsOf(question, answered);
  if (format === "json") await printJson(answerJson(question, rows, answered, limits, language));
  else if (format === "csv") await printLines(answerCsv(question.question, rows));
  else await print(answerTable(question.question, rows, language));
  const notes = limits.map(({ text }) => `${text[language]}\n`).join("");
  if (format === "table" && values.quiet !== true) await print(`${rows.length === 0 ? "" : "\n"}${notes}`);
  if (format === "csv" && values.quiet !== true) process.stderr.write(notes);
  return rows.length === 0 || answered.missing.length > 0 ? 3 : 0;
}

const formatOf = ({ json, csv, format }: Values): Format | undefined =>
  FORMATS.find((one) => one === (json === true ? "json" : csv === true ? "csv" : (format ?? "table")));

interface Put {
  readonly answered: Answered<object>;
  readonly rows: readonly Members[];
}

async function put(store: LogStore, question: Question, limit: number): Promise<Put> {
  switch (question.question) {
    case "used": {
      const answered = await store.used(question, limit);
      return { answered, rows: answered.rows.map(usedMembers) };
    }
    case "who": {
      const answered = await store.who(question, limit);
      return { answered, rows: answered.rows.map(whoMembers) };
    }
    case "seen": {
      const answered = await store.seen(question, limit);
      return { answered, rows: answered.rows.map(seenMembers) };
    }
    default:
      return question satisfies never;
  }
}

async function ingestLogs(paths: readonly string[], values: Values, language: Language): Promise<number> {
  const where = values.store;
  const keepUs = values.keep === undefined ? null : durationOf(values.keep);
  if (where === undefined) return refuse([noStore()], values, language);
  if (values.keep !== undefined && keepUs === null)
    return refuse([expected("--keep", { en: "a duration", zh: "时长" }, values.keep, "--keep 30d")], values, language);
  if (paths.length === 0 && keepUs === null) {
    await print(logsUsage(language));
    return 2;
  }
  const waiting = { en: "another ingest writes to this store; waiting for it", zh: "另一导入正在写入该存储，等待中" };
  const onWait = (): void => {
    if (values.quiet !== true) process.stderr.write(`${waiting[language]}\n`);
  };
  const open = await opened(where, { withoutPorts: values["without-ports"] === true, onWait });
  if (!("store" in open)) return refuse([open], values, language);
  const { tally, problems, status } = await ingest(open.door, open.store, where, paths, values, language);
  if (tally === null) return refuse(problems, values, language, status);
  const forgotten = keepUs === null ? null : await open.store.forget(Date.now() * 1000 - keepUs);
  const coverage = await open.store.coverage();
  await open.store.close();
  if (values.json === true)
    await printJson({
      schema: "seenas/log-ingest@1",
      ...tally,
      reasons: Object.fromEntries(tally.reasons),
      forgotten,
      coverage:
        coverage === null
          ? null
          : {
              ...coverage,
              sinceUs: undefined,
              untilUs: undefined,
              since: timeText(coverage.sinceUs),
              until: timeText(coverage.untilUs),
            },
    });
  else {
    await tellProblems(problems, values, language);
    await print(ingestedText(tally, where, coverage, language) + forgottenText(forgotten, language));
  }
  return tally.rejected > 0 ? 3 : 0;
}

const forgottenText = (count: number | null, language: Language): string =>
  count === null
    ? ""
    : language === "zh"
      ? `已删除 ${count.toLocaleString("en-US")} 条过期记录。\n`
      : `${count.toLocaleString("en-US")} rows were older than what is kept, and are gone.\n`;
