import { inAny, LOOPBACK } from "../../address/cidr.ts";
import type { Text } from "../../problem.ts";
import { type Line, quoteOf } from "../lines.ts";
import { isAddress, maskedDigits } from "../masked.ts";
import type {
  Evidence,
  EvidenceKind,
  Observation,
  ObservedAddress,
  PathTrace,
  Seen,
  Strength,
  Vantage,
  VantageHint,
} from "../observation.ts";

/** One record as its reader took it apart, before anybody judges what it proves. */
export interface Sighting {
  readonly line: number;
  readonly quote: string;
  readonly seen: Seen;
  readonly before: ObservedAddress | null;
  readonly claimed: string | null;
  /** How many lines of a long log it stands for; absent: its own. */
  readonly stands?: number;
}

export interface Judgement {
  readonly strength: Strength;
  readonly vantage: Vantage;
  readonly proves: Text;
}

const NOTHING_SEEN: Seen = {
  source: null,
  sourcePort: null,
  destination: null,
  destinationName: null,
  destinationPort: null,
  protocol: null,
  at: null,
};

/** A record on a line of text. Members that are left out are not shown by it. */
export const sighting = (
  line: Line,
  seen: Partial<Seen>,
  more: { readonly before?: ObservedAddress | null; readonly claimed?: string | null } = {},
): Sighting => ({
  ...quoted(line.number, quoteOf(line), seen, more),
  ...(line.stands === undefined ? {} : { stands: line.stands }),
});

/** A record of an export, with the part of it that a report quotes. */
export const quoted = (
  line: number,
  quote: string,
  seen: Partial<Seen>,
  more: { readonly before?: ObservedAddress | null; readonly claimed?: string | null } = {},
): Sighting => ({
  line,
  quote,
  seen: { ...NOTHING_SEEN, ...seen },
  before: more.before ?? null,
  claimed: more.claimed ?? null,
});

export const observe = (
  file: string,
  kind: EvidenceKind,
  { line, quote, seen, before, claimed }: Sighting,
  says: Text,
  judgement: Judgement,
): Observation => ({ file, line, kind, quote, says, ...judgement, seen, before, claimed });

export const evidenceOf = (
  file: string,
  kind: EvidenceKind,
  observations: readonly Observation[],
  more: Partial<Pick<Evidence, "paths" | "names" | "problems">> = {},
): Evidence => ({
  file,
  kind,
  observations,
  paths: more.paths ?? ([] as readonly PathTrace[]),
  names: more.names ?? [],
  problems: more.problems ?? [],
});

/** Records that say the same, told once: the last of them, and how many there were. */
export interface Folded<T> {
  readonly last: T;
  readonly all: readonly T[];
}

/** In order of first appearance. Logs are long, and one line of each client says what a thousand do. */
export function fold<T>(records: readonly T[], key: (record: T) => string): readonly Folded<T>[] {
  const groups = new Map<string, { last: T; readonly all: T[] }>();
  for (const record of records) {
    const of = key(record);
    const group = groups.get(of);
    if (group === undefined) groups.set(of, { last: record, all: [record] });
    else {
      group.all.push(record);
      group.last = record;
    }
  }
  return [...groups.values()];
}

/** How many records these are, those that were left out of a long log among them. */
export const countOf = (all: readonly Sighting[]): number => all.reduce((sum, { stands }) => sum + (stands ?? 1), 0);

/** Same sender, same target: ports of clients change from one connection to the next. */
export const flowKey = ({ seen, before }: Sighting): string =>
  [before?.text, seen.source?.text, seen.destination?.text, seen.destinationPort, seen.protocol].join(" ");

/**
 * What a server's own record of its peer is worth: the source the destination sees, unless the user says that the log
 * is another's, or the server spoke to itself, or no digit of the address is shown.
 */
export function atServer(source: ObservedAddress | null, hint: VantageHint | null, proves: Text): Judgement {
  const own = hint === "client" || hint === "translator";
  if (own) return { strength: "none", vantage: hint, proves: NOT_DESTINATION };
  if (source === null || !isAddress(source)) return { strength: "none", vantage: "destination", proves: ONLY_A_NAME };
  const local = source.ip !== null && inAny(LOOPBACK, source.ip);
  if (local) return { strength: "none", vantage: "destination", proves: FROM_ITSELF };
  const hidden = source.masked && maskedDigits(source.text) === 0;
  return { strength: hidden ? "none" : "destination-observed", vantage: "destination", proves };
}

export const NOT_DESTINATION: Text = {
  en: "This record is not the destination's, so the address is the one of a stage before it.",
  zh: "这不是目的端的记录，因此该地址属于之前的某一段。",
};

const FROM_ITSELF: Text = {
  en: "The server talks to itself: nothing about any client.",
  zh: "服务器在与自身通信：与客户端无关。",
};

const ONLY_A_NAME: Text = {
  en: "Only a name is shown: reverse DNS, which the owner of the address writes as he likes. Resolve it forward and ask for a log with addresses.",
  zh: "只显示了名称：它来自反向解析，由地址所有者任意填写。请正向解析核对，并索取带地址的日志。",
};

/** `, in 12 records` */
export const timesOf = (count: number): Text =>
  count > 1 ? { en: `, in ${count} records`, zh: `，共 ${count} 条记录` } : { en: "", zh: "" };

/** When, as far as the record says it. `clock` is what it prints where year or zone are missing. */
export function whenOf(at: string | null, clock: string | null): Text {
  if (at !== null) return { en: ` at ${at}`, zh: `，时间 ${at}` };
  if (clock === null) return { en: ", at a time it does not tell", zh: "，未注明时间" };
  return { en: ` at ${clock} (year or time zone not told)`, zh: `，时间 ${clock}（未注明年份或时区）` };
}

/** `198.51.100.25:25`, `[2001:db8::25]:25`, or what of it is known. */
export function endOf(address: ObservedAddress | string | null, port: number | null): string {
  const text = address === null ? "?" : typeof address === "string" ? address : address.text;
  if (port === null) return text;
  return text.includes(":") ? `[${text}]:${port}` : `${text}:${port}`;
}
