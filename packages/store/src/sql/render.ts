import type { Problem, Text } from "@seenas/core";
import type { Question } from "../questions.ts";
import { athenaSql } from "./athena.ts";
import { clickHouseSql } from "./clickhouse.ts";
import { duckDbSql } from "./duckdb.ts";
import { bigQuerySql, logAnalyticsSql } from "./google.ts";
import { kustoQuery } from "./kusto.ts";
import { type Dialect, LOGS, type LogName, type Partition, type Request, type Span } from "./request.ts";

export interface SqlOptions {
  readonly dialect: Dialect;
  /** As the engine names it; null: what it is called where nobody chose. */
  readonly table: string | null;
  /** Null: the translator's own, where the engine has it. */
  readonly log: LogName | null;
  readonly partition: Partition | null;
}

export type Rendered =
  /** `notes`: what the result cannot show. */
  | { readonly kind: "query"; readonly text: string; readonly notes: readonly Text[] }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

interface Engine {
  readonly write: (request: Request) => string;
  /** The first is meant where none is named. */
  readonly logs: readonly LogName[];
  /** Null: everybody's is called otherwise. */
  readonly table: Readonly<Record<LogName, string | null>>;
  readonly tableExample: string;
  /** What a name may be; nothing else of it is quoted. */
  readonly tableForm: RegExp;
  /** False: the log names no sender. */
  readonly names: Readonly<Record<LogName, boolean>>;
}

const NONE = { nat: null, flow: null };
const BOTH = { nat: true, flow: true };
const DOTTED = /^[A-Za-z_][A-Za-z0-9_-]*(?:\.[A-Za-z_][A-Za-z0-9_]*){0,2}$/;

const GOOGLE = { logs: LOGS, table: NONE, names: BOTH };

const ENGINES: Readonly<Record<Dialect, Engine>> = {
  bigquery: {
    ...GOOGLE,
    write: bigQuerySql,
    tableExample: "my-project.my_dataset.compute_googleapis_com_nat_flows",
    tableForm: /^[a-z][a-z0-9:.-]*\.[A-Za-z0-9_]+\.[A-Za-z0-9_]+\*?$/,
  },
  "log-analytics": {
    ...GOOGLE,
    write: logAnalyticsSql,
    tableExample: "my-project.global._Default._AllLogs",
    tableForm: /^[a-z][a-z0-9:.-]*\.[a-z0-9-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/,
  },
  kusto: {
    write: kustoQuery,
    logs: LOGS,
    table: { nat: "NatGatewayFlowlogsV1", flow: "NTANetAnalytics" },
    tableExample: "NTANetAnalytics",
    tableForm: /^[A-Za-z_][A-Za-z0-9_]*$/,
    names: { nat: false, flow: true },
  },
  athena: {
    write: athenaSql,
    logs: ["flow"],
    table: { nat: null, flow: "vpc_flow_logs" },
    tableExample: "my_database.vpc_flow_logs",
    tableForm: DOTTED,
    names: { nat: false, flow: false },
  },
  clickhouse: {
    write: clickHouseSql,
    logs: LOGS,
    table: { nat: "seenas.log_rows", flow: "seenas.log_rows" },
    tableExample: "seenas.log_rows",
    tableForm: /^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)?$/,
    names: BOTH,
  },
  duckdb: {
    write: duckDbSql,
    logs: LOGS,
    table: NONE,
    tableExample: "logs/segments/*.seen.parquet",
    // A path is quoted as a text.
    tableForm: /^\P{Cc}+$/u,
    names: BOTH,
  },
};

/** The question as the engine is asked it, ready to paste; or why it is not written. */
export function renderQuestion(question: Question, { dialect, table, log, partition }: SqlOptions): Rendered {
  const engine = ENGINES[dialect];
  const which = log ?? engine.logs[0] ?? "nat";
  const name = table ?? engine.table[which];
  const span = spanOf(question);
  const problems = [
    ...(engine.logs.includes(which) ? [] : [noSuchLog(dialect)]),
    ...(name === null ? [noTable(engine)] : engine.tableForm.test(name) ? [] : [wrongTable(name, engine)]),
    ...(span === null ? [noPeriod()] : []),
    ...(asksByName(question) && !engine.names[which] ? [noNames(dialect)] : []),
  ];
  if (problems.length > 0 || name === null || span === null) return { kind: "refused", problems };
  const request: Request = { question, table: name, log: which, partition: partition ?? "date", span };
  return { kind: "query", text: engine.write(request), notes: notesOf(dialect, which) };
}

/** What the table is cut by is always named: a question of a whole log is billed for, and takes hours. */
function spanOf(question: Question): Span | null {
  if (question.question === "who")
    return { fromUs: question.atUs - question.toleranceUs, toUs: question.atUs + question.toleranceUs };
  const { sinceUs, untilUs } = question.period;
  return sinceUs === null ? null : { fromUs: sinceUs, toUs: untilUs };
}

const asksByName = (question: Question): boolean =>
  question.question === "used" && question.from.names.length > 0 && question.from.addresses.length === 0;

/** https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html, https://cloud.google.com/nat/docs/monitoring */
function notesOf(dialect: Dialect, log: LogName): readonly Text[] {
  if (dialect === "clickhouse" || dialect === "duckdb") return [];
  if (log === "flow") return [dialect === "athena" ? AWS : SAMPLED];
  return [dialect === "kusto" ? AZURE_NAT : CLOUD_NAT];
}

const AWS: Text = {
  en: "only what arrived at an interface of yours is asked for (the table needs flow_direction, version 5): an Elastic IP or a NAT gateway's address stands in no flow log of the sender",
  zh: "仅查询到达您网络接口的流量（表需有第 5 版字段 flow_direction）：发送方的流日志中不会出现弹性 IP 或 NAT 网关地址",
};

const SAMPLED: Text = {
  en: "only what arrived at an interface of yours is asked for; flow logs are sampled or put together by the minute, so none here is not “was not”",
  zh: "仅查询到达您网络接口的流量；流日志经过抽样或按分钟汇总，因此“没有记录”不等于“没有发生”",
};

const AZURE_NAT: Text = {
  en: "a record stands for a minute and has no ports: who shared an address in that minute cannot be told apart; ask with --tolerance 1m",
  zh: "每条记录代表一分钟且没有端口：同一分钟内共用地址者无法区分；请使用 --tolerance 1m",
};

const CLOUD_NAT: Text = {
  en: "Cloud NAT writes down when a connection is made, not how long it lasts, and not all of them: for a connection that was open at a time, ask with a larger --tolerance",
  zh: "Cloud NAT 只记录连接建立的时刻，不记录持续时间，也不保证全部记录：查询某时刻仍打开的连接请加大 --tolerance",
};

const refusal = (code: string, text: Text, fix: Text): Problem => ({
  level: "error",
  code,
  file: null,
  line: null,
  text,
  fix,
});

const noPeriod = (): Problem =>
  refusal(
    "sql/no-period",
    {
      en: "a question of a whole log is not written: it reads, and bills, all of it",
      zh: "不生成针对整个日志的查询：它会读取全部数据并计费",
    },
    { en: "say since when: --since 2026-11-22T00:00:00Z", zh: "请指定起始时间：--since 2026-11-22T00:00:00Z" },
  );

const noTable = ({ tableExample }: Engine): Problem =>
  refusal(
    "sql/no-table",
    { en: "where the log is was not said", zh: "未指定日志所在的表" },
    { en: `name it: --table ${tableExample}`, zh: `请指定：--table ${tableExample}` },
  );

const wrongTable = (found: string, { tableExample }: Engine): Problem =>
  refusal(
    "sql/wrong-table",
    {
      en: `expected the name of a table, found ${JSON.stringify(found)}`,
      zh: `应为表名，实为 ${JSON.stringify(found)}`,
    },
    { en: `name it as: --table ${tableExample}`, zh: `请这样指定：--table ${tableExample}` },
  );

const noSuchLog = (dialect: Dialect): Problem =>
  refusal(
    "sql/no-such-log",
    { en: `${dialect} has no log of a translator to ask`, zh: `${dialect} 没有可查询的转换设备日志` },
    { en: "leave --log out: flow logs are asked", zh: "请去掉 --log：将查询流日志" },
  );

const noNames = (dialect: Dialect): Problem =>
  refusal(
    "sql/no-names",
    { en: `this log of ${dialect} names no sender, only addresses`, zh: `${dialect} 的该日志不含发送方名称，只有地址` },
    { en: "ask with the sender's own address: --from 10.0.0.5", zh: "请使用发送方自身地址查询：--from 10.0.0.5" },
  );
