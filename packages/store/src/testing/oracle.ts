import { type Cidr, cidrContains, type Ip } from "@seenas/core";
import type {
  Coverage,
  Period,
  SeenQuestion,
  SeenRow,
  UsedQuestion,
  UsedRow,
  WhoQuestion,
  WhoRow,
  Workload,
} from "../questions.ts";
import type { Endpoint, LogRow } from "../row.ts";

// Every answer by looking at every row: what any store must say.

/** Rows that agree in every member are one. */
export const keyOf = (row: LogRow): string =>
  JSON.stringify([
    ...[row.atUs, row.untilUs, row.kind, row.strength, row.event, row.workload, row.reporter, row.protocol],
    ...[row.before, row.seen, row.destination].flatMap((end) => (end === null ? [null] : [end.address, end.port])),
  ]);

export const distinct = (rows: readonly LogRow[]): readonly LogRow[] => [
  ...new Map(rows.map((row) => [keyOf(row), row])).values(),
];

type Shown = LogRow & { readonly seen: Endpoint };

const shows = (row: LogRow): row is Shown => row.seen !== null && row.event !== "dropped";

const inside = ({ atUs, untilUs }: LogRow, { sinceUs, untilUs: end }: Period): boolean =>
  (sinceUs === null || untilUs >= sinceUs) && (end === null || atUs < end);

const fits = <T>(shown: T | null, asked: T | null): boolean => shown === null || asked === null || shown === asked;

const isOf = ({ names, addresses }: Workload, row: Shown): boolean =>
  names.includes(row.workload) || addresses.includes((row.before ?? row.seen).address);

const goesTo = ({ destination }: LogRow, to: readonly Cidr[], port: number | null): boolean =>
  destination === null ||
  ((to.length === 0 || to.some((cidr) => cidrContains(cidr, destination.address))) && fits(destination.port, port));

/** Strongest first, written out: the list under test is not the one that is compared with. */
const STRONGEST_FIRST = [
  ...["destination-observed", "translator-logged", "third-party-observed", "provider-status", "config-predicted"],
  ...["path-hint", "none"],
];

export function usedOf(rows: readonly LogRow[], question: UsedQuestion): readonly UsedRow[] {
  const found = rows
    .filter(shows)
    .filter(
      (row) =>
        isOf(question.from, row) &&
        goesTo(row, question.to, question.port) &&
        fits(row.protocol, question.protocol) &&
        inside(row, question.period),
    );
  return grouped(found, ({ seen }) => seen.address).map((group) => ({
    address: group[0].seen.address,
    ...timesOf(group),
    kinds: [...new Set(group.map(({ kind }) => kind))].sort(),
    strength: group.map(({ strength }) => strength).sort(byRank)[0] ?? "none",
  }));
}

const byRank = (a: string, b: string): number => STRONGEST_FIRST.indexOf(a) - STRONGEST_FIRST.indexOf(b);

export function whoOf(rows: readonly LogRow[], question: WhoQuestion): readonly WhoRow[] {
  const { address, port, atUs, toleranceUs, to } = question;
  return rows
    .filter(shows)
    .filter(
      (row) =>
        row.seen.address === address &&
        fits(row.seen.port, port) &&
        row.atUs - toleranceUs <= atUs &&
        atUs <= row.untilUs + toleranceUs &&
        (to === null ||
          row.destination === null ||
          (row.destination.address === to.address && fits(row.destination.port, to.port))),
    )
    .map(({ event, ...row }) => row)
    .sort((a, b) => b.atUs - a.atUs);
}

export function seenOf(rows: readonly LogRow[], { address, period }: SeenQuestion): readonly SeenRow[] {
  const found = rows.filter(shows).filter((row) => row.seen.address === address && inside(row, period));
  const key = (row: Shown): string =>
    JSON.stringify([row.workload, row.before?.address, row.destination?.address, row.destination?.port]);
  return grouped(found, key).map((group) => ({
    workload: group[0].workload,
    before: group[0].before?.address ?? null,
    destination: group[0].destination?.address ?? null,
    destinationPort: group[0].destination?.port ?? null,
    ...timesOf(group),
  }));
}

export function coverageOf(rows: readonly LogRow[]): Coverage | null {
  if (rows.length === 0) return null;
  return {
    sinceUs: Math.min(...rows.map(({ atUs }) => atUs)),
    untilUs: Math.max(...rows.map(({ untilUs }) => untilUs)),
    kinds: [...new Set(rows.map(({ kind }) => kind))].sort(),
    rows: rows.length,
    withoutPorts: false,
  };
}

type Group = readonly [Shown, ...Shown[]];

function grouped(rows: readonly Shown[], key: (row: Shown) => string | Ip): readonly Group[] {
  const groups = new Map<string, [Shown, ...Shown[]]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return [...groups.values()].sort((a, b) => timesOf(b).lastUs - timesOf(a).lastUs);
}

const timesOf = (rows: Group) => ({
  firstUs: Math.min(...rows.map(({ atUs }) => atUs)),
  lastUs: Math.max(...rows.map(({ untilUs }) => untilUs)),
  count: rows.length,
});
