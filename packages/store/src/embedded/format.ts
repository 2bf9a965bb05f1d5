/** Of the folder as a whole. A store with a higher one was written by a newer seenas and is not touched. */
export const FORMAT = 2;

/**
 * The two copies of each row. `seen`: all of it, sorted by address seen and port, for who held an address. `used`: what
 * that question needs of the rows that show a source, sorted by source before translation and destination.
 */
export type Order = "seen" | "used";

export interface Column {
  readonly name: string;
  readonly type: "BIGINT" | "UBIGINT" | "INTEGER" | "WORD";
}

const end = (name: string): readonly Column[] => [
  { name: `${name}_hi`, type: "UBIGINT" },
  { name: `${name}_lo`, type: "UBIGINT" },
  { name: `${name}_port`, type: "INTEGER" },
];

const TIMES: readonly Column[] = [
  { name: "at_us", type: "BIGINT" },
  { name: "lasted_us", type: "BIGINT" },
];

const word = (name: string): Column => ({ name, type: "WORD" });

/**
 * No column is ever null. An address is its sixteen bytes as two numbers, IPv4 mapped into ::ffff:0:0/96; a port is -1
 * where the record has none, -2 where it does not show that end at all; a protocol is "" where it is not known.
 */
export const COLUMNS: Readonly<Record<Order, readonly Column[]>> = {
  seen: [
    ...end("seen"),
    ...TIMES,
    ...end("before"),
    ...end("destination"),
    ...["workload", "reporter", "protocol", "kind", "strength", "event"].map(word),
  ],
  used: [
    { name: "source_hi", type: "UBIGINT" },
    { name: "source_lo", type: "UBIGINT" },
    ...end("destination"),
    ...TIMES,
    { name: "seen_hi", type: "UBIGINT" },
    { name: "seen_lo", type: "UBIGINT" },
    ...["workload", "protocol", "kind", "strength"].map(word),
  ],
};

const HOUR_US = 3600e6;

/**
 * How much time the rows of one file begin in: `who` and `seen` ask for a moment, and open what holds it; what one sender
 * used is asked over weeks, and the fewer files, the better.
 */
export const SPAN_US: Readonly<Record<Order, number>> = { seen: HOUR_US, used: 24 * HOUR_US };

/** `2026-11-22T09` of an hour, `2026-11-22` of a day. */
export const spanName = (order: Order, span: number): string =>
  new Date((span * SPAN_US[order]) / 1000).toISOString().slice(0, order === "seen" ? 13 : 10);

export const fileName = (order: Order, span: number, name: string): string =>
  `${spanName(order, span)}-${name}.${order}.parquet`;

export const MANIFEST = "manifest.json";
export const SEGMENTS = "segments";
export const REJECTS = "rejects";
export const TEMPORARY = "tmp";
export const LOCK = "writer.lock";
