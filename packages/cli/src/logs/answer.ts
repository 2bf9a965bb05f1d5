import { type EvidenceKind, type LogResultRow, type Problem, readLogResult, type Strength } from "@seenas/core";
import type { Endpoint } from "@seenas/store";
import { loadFiles } from "../files/load.ts";
import { type Members, seenMembers, usedMembers, whoMembers } from "./answers.ts";
import { microsOf } from "./moment.ts";
import { mixedResult, noResult } from "./problems.ts";

export interface Answer {
  readonly question: LogResultRow["question"];
  readonly rows: readonly Members[];
}

/** `logs answer --from-result FILE`: what an engine answered, as the log store would. Null: nothing could be read. */
export async function answerFromResult(
  path: string,
): Promise<{ readonly answer: Answer | null; readonly problems: readonly Problem[] }> {
  const { value: files, problems: unread } = await loadFiles([path]);
  const problems: Problem[] = [...unread];
  const rows: LogResultRow[] = [];
  for (const file of files) {
    if (!("text" in file)) problems.push(noResult(file.name));
    else {
      const read = await readLogResult(file.text, file.name);
      rows.push(...read.value);
      problems.push(...read.problems);
    }
  }
  const questions = [...new Set(rows.map(({ question }) => question))];
  const [question] = questions;
  if (questions.length > 1) return { answer: null, problems: [...problems, mixedResult(path)] };
  if (question === undefined) return { answer: null, problems };
  return { answer: { question, rows: MEMBERS[question](rows) }, problems };
}

const MEMBERS: Readonly<Record<LogResultRow["question"], (rows: readonly LogResultRow[]) => readonly Members[]>> = {
  used: (rows) => grouped(rows, ({ address }) => address).map(used),
  who: (rows) => [...rows].sort((a, b) => microsOf(b.first) - microsOf(a.first)).map(who),
  seen: (rows) => grouped(rows, seenKey).map(seen),
};

const seenKey = (row: LogResultRow): string =>
  JSON.stringify([row.workload, row.before, row.destination, row.destinationPort]);

type Group = readonly [LogResultRow, ...LogResultRow[]];

/** The last used first. */
function grouped(rows: readonly LogResultRow[], key: (row: LogResultRow) => string): readonly Group[] {
  const groups = new Map<string, [LogResultRow, ...LogResultRow[]]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return [...groups.values()].sort((a, b) => timesOf(b).lastUs - timesOf(a).lastUs);
}

const timesOf = (rows: Group) => ({
  firstUs: Math.min(...rows.map(({ first }) => microsOf(first))),
  lastUs: Math.max(...rows.map(({ last }) => microsOf(last))),
  count: rows.reduce((sum, { count }) => sum + count, 0),
});

function used(rows: Group): Members {
  const kinds: readonly EvidenceKind[] = [...new Set(rows.map(({ kind }) => kind))].sort();
  const strengths = new Set(rows.map(({ strength }) => strength));
  const strength = STRONGEST_FIRST.find((one) => strengths.has(one)) ?? "none";
  return usedMembers({ address: rows[0].address, ...timesOf(rows), kinds, strength });
}

const STRONGEST_FIRST = [
  "destination-observed",
  "translator-logged",
  "third-party-observed",
  "provider-status",
  "config-predicted",
  "path-hint",
  "none",
] as const satisfies readonly Strength[];

const end = (address: LogResultRow["before"], port: number | null): Endpoint | null =>
  address === null ? null : { address, port };

const who = (row: LogResultRow): Members =>
  whoMembers({
    atUs: microsOf(row.first),
    untilUs: microsOf(row.last),
    kind: row.kind,
    strength: row.strength,
    workload: row.workload ?? "",
    reporter: row.reporter ?? "",
    protocol: row.protocol,
    before: end(row.before, row.beforePort),
    seen: { address: row.address, port: row.port },
    destination: end(row.destination, row.destinationPort),
  });

function seen(rows: Group): Members {
  const { workload, before, destination, destinationPort } = rows[0];
  return seenMembers({ workload: workload ?? "", before, destination, destinationPort, ...timesOf(rows) });
}
