import type { SeenQuestion, UsedQuestion, WhoQuestion } from "../questions.ts";
import { clickHouseWhere } from "../sql/clickhouse-words.ts";
import { planOf } from "../sql/plan.ts";
import { ALL_COLUMNS, EXACT_COUNT } from "./columns.ts";

const addressText = (column: string): string => `IPv6NumToString(${column})`;

/** One row an address. The strongest strength is the one with the least code. */
export const usedStatement = (table: string, question: UsedQuestion, limit: number): string =>
  `SELECT ${addressText("seen")}, min(at_us), max(until_us), ${EXACT_COUNT}, arraySort(groupUniqArray(toString(kind))), toString(min(strength))
FROM ${table}
WHERE ${clickHouseWhere(planOf(question).conditions)}
GROUP BY seen
ORDER BY max(until_us) DESC, seen
LIMIT ${limit + 1}`;

export const whoStatement = (table: string, question: WhoQuestion, limit: number): string =>
  `SELECT at_us, until_us, kind, strength, workload, reporter, protocol, ${addressText("before")}, before_port, ${addressText("seen")}, seen_port, ${addressText("destination")}, destination_port
FROM (SELECT DISTINCT ${ALL_COLUMNS} FROM ${table}
WHERE ${clickHouseWhere(planOf(question).conditions)})
ORDER BY at_us DESC, ${ALL_COLUMNS}
LIMIT ${limit + 1}`;

export const seenStatement = (table: string, question: SeenQuestion, limit: number): string =>
  `SELECT workload, ${addressText("before")}, ${addressText("destination")}, destination_port, min(at_us), max(until_us), ${EXACT_COUNT}
FROM ${table}
WHERE ${clickHouseWhere(planOf(question).conditions)}
GROUP BY workload, before, destination, destination_port
ORDER BY max(until_us) DESC, workload, before, destination, destination_port
LIMIT ${limit + 1}`;
