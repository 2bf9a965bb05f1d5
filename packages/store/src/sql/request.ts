import type { Question } from "../questions.ts";

export const DIALECTS = ["bigquery", "log-analytics", "kusto", "athena", "clickhouse", "duckdb"] as const;
export type Dialect = (typeof DIALECTS)[number];

/** `nat`: what the translator wrote down. `flow`: what arrived, as the receiving interface's flow log has it. */
export const LOGS = ["nat", "flow"] as const;
export type LogName = (typeof LOGS)[number];

/** What is to be written, checked: see render.ts. */
export interface Request {
  readonly question: Question;
  /** As the user names it, checked to be a name and nothing else. */
  readonly table: string;
  readonly log: LogName;
  /** How the table of Athena is cut: see athena.ts. */
  readonly partition: Partition;
  /** What the rows that count may have been logged by: both ends belong to it. Never without a beginning. */
  readonly span: Span;
}

export interface Span {
  readonly fromUs: number;
  /** Null: until now. */
  readonly toUs: number | null;
}

export const PARTITIONS = ["date", "day", "year-month-day"] as const;
export type Partition = (typeof PARTITIONS)[number];

/** What the result's first column says: whoever reads it knows what it is. */
export const markOf = ({ question }: Question): string => `${question}@1`;
