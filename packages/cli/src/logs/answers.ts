import { clean, type Language } from "@seenas/core";
import type { Answered, Question, SeenRow, UsedRow, WhoRow } from "@seenas/store";
import type { Limit } from "./limits.ts";
import { timeText } from "./moment.ts";

type Value = string | number | boolean | null | readonly string[];

/** A row as members of an object: what JSON and CSV print. */
export type Members = Readonly<Record<string, Value>>;

export const usedMembers = ({ address, firstUs, lastUs, count, kinds, strength }: UsedRow): Members => ({
  address,
  first: timeText(firstUs),
  last: timeText(lastUs),
  count,
  kinds,
  strength,
});

export const whoMembers = (row: WhoRow): Members => ({
  workload: row.workload === "" ? null : row.workload,
  before: row.before?.address ?? null,
  beforePort: row.before?.port ?? null,
  address: row.seen.address,
  port: row.seen.port,
  destination: row.destination?.address ?? null,
  destinationPort: row.destination?.port ?? null,
  protocol: row.protocol,
  at: timeText(row.atUs),
  until: timeText(row.untilUs),
  kind: row.kind,
  strength: row.strength,
  reporter: row.reporter === "" ? null : row.reporter,
});

export const seenMembers = ({ workload, before, destination, destinationPort, ...row }: SeenRow): Members => ({
  workload: workload === "" ? null : workload,
  before,
  destination,
  destinationPort,
  first: timeText(row.firstUs),
  last: timeText(row.lastUs),
  count: row.count,
});

/** `schema: "seenas/log-answer@1"` */
export function answerJson(
  question: Question,
  rows: readonly Members[],
  { truncated, missing, coverage }: Answered<object>,
  limits: readonly Limit[],
  language: Language,
): object {
  return {
    schema: "seenas/log-answer@1",
    question: question.question,
    rows,
    truncated,
    missing,
    coverage:
      coverage === null
        ? null
        : {
            since: timeText(coverage.sinceUs),
            until: timeText(coverage.untilUs),
            kinds: coverage.kinds,
            rows: coverage.rows,
          },
    limits: limits.map(({ id, text }) => ({ id, text: text[language] })),
  };
}

const COLUMNS = {
  used: ["address", "first", "last", "count", "kinds", "strength"],
  who: [
    ...["workload", "before", "beforePort", "address", "port", "destination", "destinationPort", "protocol"],
    ...["at", "until", "kind", "strength", "reporter"],
  ],
  seen: ["workload", "before", "destination", "destinationPort", "first", "last", "count"],
} as const satisfies Record<Question["question"], readonly string[]>;

/** RFC 4180; what a spreadsheet would take for a formula is marked as text. */
export function* answerCsv(question: Question["question"], rows: readonly Members[]): Generator<string> {
  yield COLUMNS[question].join(",");
  for (const row of rows) yield COLUMNS[question].map((name) => csvField(row[name] ?? null)).join(",");
}

function csvField(value: Value): string {
  const text = value === null ? "" : Array.isArray(value) ? value.join(" ") : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

const HEADS: Readonly<Record<Language, Readonly<Record<Question["question"], readonly string[]>>>> = {
  en: {
    used: ["ADDRESS", "FIRST", "LAST", "COUNT", "BY"],
    who: ["WORKLOAD", "SOURCE BEFORE", "SEEN AS", "DESTINATION", "PROTOCOL", "AT", "UNTIL", "BY"],
    seen: ["WORKLOAD", "SOURCE BEFORE", "DESTINATION", "FIRST", "LAST", "COUNT"],
  },
  zh: {
    used: ["地址", "首次", "最近", "次数", "依据"],
    who: ["主机", "转换前", "显示为", "目的", "协议", "开始", "结束", "依据"],
    seen: ["主机", "转换前", "目的", "首次", "最近", "次数"],
  },
};

/** Rows under headings, each column as wide as it must be. */
export function answerTable(question: Question["question"], rows: readonly Members[], language: Language): string {
  if (rows.length === 0) return "";
  const cells = [HEADS[language][question], ...rows.map((row) => CELLS[question](row).map(clean))];
  const widths = cells[0]?.map((_, column) => Math.max(...cells.map((row) => widthOf(row[column] ?? "")))) ?? [];
  return cells
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell + " ".repeat((widths[column] ?? 0) - widthOf(cell)))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}

/** Chinese signs take two places. */
const widthOf = (text: string): number => [...text].reduce((sum, sign) => sum + (sign > "\u2e7f" ? 2 : 1), 0);

const text = (value: Value | undefined): string =>
  value === null || value === undefined || value === "" ? "-" : String(value);

function ended(address: Value | undefined, port: Value | undefined): string {
  if (typeof address !== "string") return "-";
  if (typeof port !== "number") return address;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

const CELLS: Readonly<Record<Question["question"], (row: Members) => readonly string[]>> = {
  used: (row) => [text(row["address"]), text(row["first"]), text(row["last"]), text(row["count"]), text(row["kinds"])],
  who: (row) => [
    text(row["workload"]),
    ended(row["before"], row["beforePort"]),
    ended(row["address"], row["port"]),
    ended(row["destination"], row["destinationPort"]),
    text(row["protocol"]),
    text(row["at"]),
    text(row["until"]),
    text(row["kind"]),
  ],
  seen: (row) => [
    text(row["workload"]),
    text(row["before"]),
    ended(row["destination"], row["destinationPort"]),
    text(row["first"]),
    text(row["last"]),
    text(row["count"]),
  ],
};
