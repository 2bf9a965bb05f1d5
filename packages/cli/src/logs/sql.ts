import type { Language, Problem, Text } from "@seenas/core";
import type { Question } from "@seenas/store";
import { DIALECTS, LOGS, PARTITIONS, renderQuestion } from "@seenas/store/sql";
import { print } from "../output.ts";
import { expected, missing } from "./problems.ts";

export interface SqlFlags {
  readonly dialect?: string | undefined;
  readonly table?: string | undefined;
  readonly log?: string | undefined;
  readonly partition?: string | undefined;
  readonly quiet?: boolean | undefined;
}

export type Written =
  | { readonly kind: "query"; readonly text: string; readonly notes: readonly Text[] }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

/** `logs sql used|who|seen … --dialect D`: the question for the engine that has the log. */
export function sqlOf(question: Question, { dialect, table, log, partition }: SqlFlags): Written {
  const chosen = DIALECTS.find((one) => one === dialect);
  const wantedLog = LOGS.find((one) => one === log);
  const wantedPartition = PARTITIONS.find((one) => one === partition);
  const problems = [
    ...(chosen === undefined ? [wrongDialect(dialect)] : []),
    ...(log !== undefined && wantedLog === undefined ? [oneOf("--log", LOGS, log)] : []),
    ...(partition !== undefined && wantedPartition === undefined ? [oneOf("--partition", PARTITIONS, partition)] : []),
  ];
  if (chosen === undefined || problems.length > 0) return { kind: "refused", problems };
  return renderQuestion(question, {
    dialect: chosen,
    table: table ?? null,
    log: wantedLog ?? null,
    partition: wantedPartition ?? null,
  });
}

/** The query alone on standard output, ready to paste; what it cannot show beside it. */
export async function printSql(
  { text, notes }: Extract<Written, { kind: "query" }>,
  flags: SqlFlags,
  language: Language,
) {
  await print(text);
  if (flags.quiet !== true) for (const note of notes) process.stderr.write(`${note[language]}\n`);
}

const oneOf = (flag: string, all: readonly string[], found: string): Problem =>
  expected(flag, { en: `one of ${all.join(", ")}`, zh: ` ${all.join("、")} 之一` }, found, `${flag} ${all[0]}`);

const wrongDialect = (found: string | undefined): Problem =>
  found === undefined ? missing("--dialect", `--dialect ${DIALECTS.join("|")}`) : oneOf("--dialect", DIALECTS, found);
