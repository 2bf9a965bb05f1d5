import type { Observation } from "../evidence/observation.ts";
import { instantOf } from "../evidence/time.ts";
import type { Text } from "../problem.ts";
import { mayBeAnother, type Reading, rankOf, silent } from "./readings.ts";
import type { Question } from "./verdict.ts";

/** How old a sighting of an address that nobody reserved may be to count for the time asked: rechecked each week. */
const COUNTS_DAYS = 7;
const DAY_MS = 86_400_000;

/** Zones lie between UTC-12 and UTC+14: https://data.iana.org/time-zones/tz-link.html */
const ZONE_MS = 14 * 3_600_000;

/** More clients than a capture of one service shows: a busy server's log shows everybody, and their times are theirs. */
const FEW = 3;

/** A reading whose record tells its time. */
interface Dated {
  readonly reading: Reading;
  /** Milliseconds; since 1970 unless `apart` is infinite. */
  readonly at: number;
  /** How far its time may be off that of another file. */
  readonly apart: number;
}

/**
 * What each reading says of the time that is asked for (null: now). Sightings of different sources at different times are
 * a change and no contradiction: the one nearest to that time that agrees with the configuration counts, the others say
 * what was then. Records that tell no time take no part, and where an export tells none, nobody says which is older.
 */
export function inTime(readings: readonly Reading[], question: Question, fromEvidence: boolean): readonly Reading[] {
  const asked = question.flow.at === null ? null : instantOf(question.flow.at);
  const few = new Set(readings.filter(isUntied).map((reading) => sourceOf(reading))).size <= FEW;
  const dated = readings.flatMap((reading) => (speaks(reading, few) ? datedOf(reading, asked) : []));
  if (dated.length === 0) return readings;
  const changed = new Map<Reading, Reading>();
  for (const one of dated) {
    const successor = fromEvidence ? null : successorOf(one, dated, asked);
    changed.set(one.reading, successor === null ? alone(one, question, asked) : past(one, successor, asked));
  }
  return readings.map((reading) => changed.get(reading) ?? reading);
}

const isUntied = ({ because }: Reading): boolean => because === mayBeAnother;

const speaks = (reading: Reading, few: boolean): boolean =>
  reading.contradicts || reading.supports.length > 0 || (few && isUntied(reading));

function datedOf(reading: Reading, asked: number | null): readonly Dated[] {
  const { at, localMs } = reading.observation.seen;
  const instant = at === null ? null : instantOf(at);
  if (instant !== null) return [{ reading, at: instant, apart: localMs === undefined ? 0 : ZONE_MS }];
  return localMs === undefined || asked !== null ? [] : [{ reading, at: localMs, apart: Number.POSITIVE_INFINITY }];
}

/** Nearer to the time asked: the last before it, else the first after it. Of two files only as far as their zones tell. */
function isNearer(a: Dated, b: Dated, asked: number | null): boolean {
  const doubt = a.reading.observation.file === b.reading.observation.file ? 0 : a.apart + b.apart;
  if (Math.abs(a.at - b.at) <= doubt) return false;
  if (asked === null) return a.at > b.at;
  if (a.at <= asked !== b.at <= asked) return a.at <= asked;
  return a.at <= asked ? a.at > b.at : a.at < b.at;
}

/** What took the place of the source of `one`; null: nothing did, or it was seen again since. */
function successorOf(one: Dated, all: readonly Dated[], asked: number | null): Dated | null {
  const source = sourceOf(one.reading);
  const [first, ...rest] = all.filter(
    ({ reading }) =>
      reading.supports.length > 0 &&
      rankOf(reading) <= rankOf(one.reading) &&
      !reading.supports.some((outcome) => one.reading.supports.includes(outcome)),
  );
  if (first === undefined) return null;
  const nearest = rest.reduce((best, next) => (isNearer(next, best, asked) ? next : best), first);
  const isOver = all.every((other) => sourceOf(other.reading) !== source || isNearer(nearest, other, asked));
  return isOver ? nearest : null;
}

const sourceOf = ({ observation }: Reading): string => observation.seen.source?.text ?? "";

function past({ reading, at }: Dated, { reading: successor }: Dated, asked: number | null): Reading {
  const after = asked !== null && at > asked;
  const because = after ? cameLater(successor) : isUntied(reading) ? thenIfAtAll(successor) : wasThen(successor);
  return { ...silent(reading.observation, because), moment: "then" };
}

/** Nothing nearer to the time asked says otherwise; it may be too old all the same. */
function alone({ reading, at, apart }: Dated, question: Question, asked: number | null): Reading {
  const exported = question.asOf === null ? null : instantOf(question.asOf);
  if (reading.contradicts)
    return exported !== null && at + apart < exported
      ? { ...silent(reading.observation, beforeExport(question.asOf ?? "")), moment: "unsettled" }
      : reading;
  if (reading.supports.length === 0 || isReserved(reading, question)) return reading;
  // Who asks for now asks for no time before the export.
  const days =
    asked !== null ? (at - asked) / DAY_MS : exported === null ? 0 : Math.min(0, at + apart - exported) / DAY_MS;
  if (!(Math.abs(days) > COUNTS_DAYS)) return reading;
  return { ...reading, because: asked === null ? farBefore(days, question.asOf ?? "") : farFrom(days), moment: "old" };
}

const isReserved = ({ supports }: Reading, { outcomes }: Question): boolean =>
  supports.every((index) => outcomes[index]?.identity.stability === "static");

const wasThen = (successor: Reading): Text => {
  const { en, zh } = seenLater(successor);
  return { en: `it was so then: ${en}`, zh: `当时如此：${zh}` };
};

const thenIfAtAll = (successor: Reading): Text => {
  const { en, zh } = seenLater(successor);
  return { en: `if it is this flow's, it was so then: ${en}`, zh: `即使属于本流量，也只是当时如此：${zh}` };
};

const seenLater = ({ observation }: Reading): Text => ({
  en: `later${atOf(observation).en} the flow was seen with ${observation.seen.source?.text}, which the configuration has`,
  zh: `之后${atOf(observation).zh}观察到该流量使用 ${observation.seen.source?.text}，与配置相符`,
});

const cameLater = ({ observation }: Reading): Text => ({
  en: `it came after the time asked; nearer to it${atOf(observation).en} the flow was seen with ${observation.seen.source?.text}`,
  zh: `它晚于所问的时间；更接近该时间${atOf(observation).zh}观察到的是 ${observation.seen.source?.text}`,
});

const atOf = ({ seen: { at } }: Observation): Text =>
  at === null ? { en: "", zh: "" } : { en: `, at ${at},`, zh: `（${at}）` };

const beforeExport = (asOf: string): Text => ({
  en: `it was recorded before the configuration was exported (${asOf}), and what was configured then is not known: look once more`,
  zh: `它早于配置的导出时间（${asOf}），当时的配置未知：请再观察一次`,
});

const farBefore = (days: number, asOf: string): Text => ({
  en: `it was so ${Math.floor(-days)} days before the configuration was exported (${asOf}); nobody reserved the address, so it may have been another since`,
  zh: `这是配置导出（${asOf}）之前 ${Math.floor(-days)} 天的情况；该地址并未预留，此后可能已改变`,
});

/** @param days from the time asked for to the record */
function farFrom(days: number): Text {
  const many = Math.floor(Math.abs(days));
  const [en, zh] = days > 0 ? ["after", "之后"] : ["before", "之前"];
  return {
    en: `it was so ${many} days ${en} the time asked; nobody reserved the address, so it may have been another`,
    zh: `这是所问时间${zh} ${many} 天的情况；该地址并未预留，可能并不相同`,
  };
}
