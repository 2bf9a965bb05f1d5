import type { Question } from "../questions.ts";
import { planOf } from "./plan.ts";
import { markOf } from "./request.ts";
import { conditionsIn, type Words } from "./words.ts";

/** A log as an engine of SQL has it, and how its columns become those of the result. */
export interface Select {
  readonly words: Words;
  readonly text: (value: string) => string;
  /** What stands before SELECT, if anything: `WITH log AS (…)`. */
  readonly before: string;
  readonly from: string;
  /** Of each column of the result, the expression over one row; null: the log has none. */
  readonly columns: Readonly<Record<RowColumn, string | null>>;
  /** The least and the greatest of a time, and a time, as the result has it. */
  readonly time: (expression: string) => string;
  readonly at: string;
  readonly until: string;
  readonly count: string;
  readonly distinct: boolean;
}

export const ROW_COLUMNS = [
  "address",
  "port",
  "workload",
  "before_address",
  "before_port",
  "destination_address",
  "destination_port",
  "protocol",
  "reporter",
  "evidence_kind",
  "strength",
] as const;
export type RowColumn = (typeof ROW_COLUMNS)[number];

/** A connection's own ports, and who wrote it down, tell connections apart, which only `who` asks for. */
const OF_CONNECTIONS: ReadonlySet<RowColumn> = new Set(["port", "before_port", "reporter"]);

/** The question in SQL. The result has the same columns for every engine and question: docs/logs-sql.md. */
export function selectOf(question: Question, select: Select): string {
  const conditions = conditionsIn(planOf(question).conditions, select.words);
  const shown = ROW_COLUMNS.filter((name) => question.question === "who" || !OF_CONNECTIONS.has(name));
  const columns = shown.flatMap((name) => {
    const expression = select.columns[name];
    return expression === null ? [] : [expression === name ? name : `${expression} AS ${name}`];
  });
  const lines = [`${select.text(markOf(question))} AS seenas`, ...columns];
  const where = `FROM ${select.from}\nWHERE ${conditions.join("\n  AND ")}`;
  const head = select.before === "" ? "" : `${select.before}\n`;
  if (question.question === "who") {
    const times = [`${select.time(select.at)} AS first_seen`, `${select.time(select.until)} AS last_seen`];
    const all = [...lines, ...times, "1 AS row_count"].join(",\n  ");
    return `${head}SELECT ${select.distinct ? "DISTINCT" : ""}\n  ${all}\n${where}\nORDER BY first_seen DESC\n`.replace(
      "SELECT \n",
      "SELECT\n",
    );
  }
  const times = [
    `${select.time(`MIN(${select.at})`)} AS first_seen`,
    `${select.time(`MAX(${select.until})`)} AS last_seen`,
    `${select.count} AS row_count`,
  ];
  const keys = shown.flatMap((name) => select.columns[name] ?? []).filter((expression) => !expression.startsWith("'"));
  return `${head}SELECT\n  ${[...lines, ...times].join(",\n  ")}\n${where}\nGROUP BY ${keys.join(", ")}\nORDER BY last_seen DESC\n`;
}
