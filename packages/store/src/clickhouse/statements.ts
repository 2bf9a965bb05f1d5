import type { Question, SeenQuestion, UsedQuestion, WhoQuestion } from "../questions.ts";
import { clickHouseConditions } from "../sql/clickhouse-words.ts";
import { planOf } from "../sql/plan.ts";
import { EXACT_COUNT } from "./columns.ts";

const addressText = (column: string): string => `IPv6NumToString(${column})`;

/** A word's number: between servers its type is written out with all its words, block for block. */
const code = (column: string): string => `toInt8(${column})`;

/** What the sort key begins with is looked at first, and the other columns only of what is left. */
function from(table: string, question: Question): string {
  const conditions = clickHouseConditions(planOf(question).conditions);
  const first = conditions.filter((condition) => /^seen(?:_port)? (?:=|IN) /.test(condition));
  const rest = conditions.filter((condition) => !first.includes(condition));
  const prewhere = first.length === 0 ? "" : `\nPREWHERE ${first.join("\n  AND ")}`;
  return `FROM ${table}${prewhere}\nWHERE ${rest.join("\n  AND ")}`;
}

/** One row an address. The strongest strength is the one with the least code. */
export const usedStatement = (table: string, question: UsedQuestion, limit: number): string =>
  `SELECT ${addressText("seen")}, min(at_us), max(until_us), ${EXACT_COUNT}, groupUniqArray(${code("kind")}), min(${code("strength")})
${from(table, question)}
GROUP BY seen
ORDER BY max(until_us) DESC, seen
LIMIT ${limit + 1}`;

/** @param isSorted whether the latest come first; else it is left open which rows of too many are told, and in which order */
export const whoStatement = (table: string, question: WhoQuestion, limit: number, isSorted: boolean): string =>
  `SELECT DISTINCT at_us, until_us, ${code("kind")}, ${code("strength")}, workload, reporter, ${code("protocol")}, ${addressText("before")}, before_port, ${addressText("seen")}, seen_port, ${addressText("destination")}, destination_port, ${code("event")}
${from(table, question)}${isSorted ? "\nORDER BY at_us DESC, until_us, workload, destination_port, before_port" : ""}
LIMIT ${limit + 1}${question.port === null ? "" : ONE_THREAD}`;

/** One address and port are a few granules, which are read sooner than threads are found for them. */
const ONE_THREAD = "\nSETTINGS max_threads = 1";

export const seenStatement = (table: string, question: SeenQuestion, limit: number): string =>
  `SELECT workload, ${addressText("before")}, ${addressText("destination")}, destination_port, min(at_us), max(until_us), ${EXACT_COUNT}
${from(table, question)}
GROUP BY workload, before, destination, destination_port
ORDER BY max(until_us) DESC, workload, before, destination, destination_port
LIMIT ${limit + 1}`;
