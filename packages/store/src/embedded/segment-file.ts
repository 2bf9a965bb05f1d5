import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { type EndColumn, NO_END, type RowColumns } from "../columns.ts";
import { LARGEST, type Values } from "../parquet/column.ts";
import { GROUP_ROWS, ParquetFile } from "../parquet/file.ts";
import { WordBytes } from "../parquet/word-bytes.ts";
import { EVENTS, KINDS, PROTOCOLS, STRENGTHS } from "../words.ts";
import { COLUMNS, type Column, type Order, SEGMENTS, TEMPORARY } from "./format.ts";

const PARQUET_TYPES = { BIGINT: "INT64", UBIGINT: "UINT64", INTEGER: "INT32", WORD: "TEXT" } as const;

/** What an IPv4 address is as the lower half of sixteen bytes: ::ffff:0:0/96. */
const MAPPED = 0xffff * 2 ** 32;

/** A group of rows, column by column: what lies in memory is written over by the next column. */
const numbers = new Float64Array(GROUP_ROWS);
const codes = new Uint32Array(GROUP_ROWS);

const FIXED: Readonly<Record<string, WordBytes>> = {
  protocol: new WordBytes().follow(PROTOCOLS.map((protocol) => protocol ?? "")),
  kind: new WordBytes().follow(KINDS),
  strength: new WordBytes().follow(STRENGTHS),
  event: new WordBytes().follow(EVENTS),
};

/** Names of one ingest, batch after batch: those of the batch before are not made into bytes again. */
const bytesOfNames = new WeakMap<RowColumns["names"], WordBytes>();

function namesOf({ names }: RowColumns): WordBytes {
  const known = bytesOfNames.get(names) ?? new WordBytes();
  bytesOfNames.set(names, known);
  return known.follow(names.list);
}

/**
 * Writes rows in the sequence given as a file of a segment, durably.
 *
 * @returns how many bytes
 */
export function writeSegmentFile(
  folder: string,
  file: string,
  order: Order,
  columns: RowColumns,
  rows: Uint32Array,
): number {
  const parquet = new ParquetFile(
    COLUMNS[order].map((column) => ({
      name: column.name,
      type: PARQUET_TYPES[column.type],
      read: readerOf(column, columns),
    })),
  );
  for (let from = 0; from < rows.length; from += GROUP_ROWS) {
    const group = rows.subarray(from, from + GROUP_ROWS);
    parquet.addGroup(group.length, ({ read }) => read(group));
  }
  return writeParts(folder, file, parquet.end());
}

function writeParts(folder: string, file: string, parts: readonly Uint8Array[]): number {
  const temporary = join(folder, TEMPORARY, file);
  const bytes = Buffer.concat(parts);
  const descriptor = openSync(temporary, "w");
  try {
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, join(folder, SEGMENTS, file));
  return bytes.length;
}

type Reader = (rows: Uint32Array) => Values;

function readerOf({ name, type }: Column, columns: RowColumns): Reader {
  if (name === "at_us") return times(columns.atUs);
  if (name === "lasted_us") return lasted(columns);
  if (type === "WORD") {
    const fixed = FIXED[name];
    return words(codesOf(columns, name), fixed ?? namesOf(columns));
  }
  const [which = "", part = ""] = name.split("_");
  const end = endOf(columns, which);
  if (part === "port") return ports(end);
  // The source before translation, or, where none is shown, the one that was seen.
  return addresses(end, which === "source" ? columns.seen : end, part === "hi", columns.length);
}

const endOf = ({ before, seen, destination }: RowColumns, which: string): EndColumn =>
  which === "seen" ? seen : which === "destination" ? destination : before;

type Codes = Pick<RowColumns, "kind" | "strength" | "event" | "protocol" | "workload" | "reporter">;

const codesOf = (columns: Codes, name: string): Uint8Array | Uint32Array => columns[name as keyof Codes];

const times =
  (of: Float64Array): Reader =>
  (rows) => {
    let most = 0;
    for (let at = 0; at < rows.length; at += 1) {
      const us = of[rows[at] ?? 0] ?? 0;
      numbers[at] = us;
      if (us > most) most = us;
    }
    if (most <= LARGEST) return { kind: "numbers", values: numbers };
    return { kind: "wide", values: BigInt64Array.from(rows, (row) => BigInt(of[row] ?? 0)) };
  };

/** Records of most logs are one event each. */
function lasted({ lastedUs, length }: RowColumns): Reader {
  let at = 0;
  while (at < length && lastedUs[at] === 0) at += 1;
  return at === length ? () => ({ kind: "same", value: 0 }) : times(lastedUs);
}

const ports =
  ({ port }: EndColumn): Reader =>
  (rows) => {
    for (let at = 0; at < rows.length; at += 1) numbers[at] = port[rows[at] ?? 0] ?? 0;
    return { kind: "numbers", values: numbers };
  };

const words =
  (of: Uint8Array | Uint32Array, known: WordBytes): Reader =>
  (rows) => {
    for (let at = 0; at < rows.length; at += 1) codes[at] = of[rows[at] ?? 0] ?? 0;
    return { kind: "words", codes, words: known };
  };

function addresses(end: EndColumn, instead: EndColumn, isHigh: boolean, length: number): Reader {
  const isAlwaysShown = end.isAlwaysShown(length);
  return (rows) => {
    if (end.six.size > 0 || instead.six.size > 0) return wideAddresses(end, instead, isHigh, rows);
    if (isHigh) return { kind: "same", value: 0 };
    if (isAlwaysShown) for (let at = 0; at < rows.length; at += 1) numbers[at] = MAPPED + (end.v4[rows[at] ?? 0] ?? 0);
    else
      for (let at = 0; at < rows.length; at += 1) {
        const row = rows[at] ?? 0;
        const own = end.port[row] === NO_END ? instead : end;
        numbers[at] = own.port[row] === NO_END ? 0 : MAPPED + (own.v4[row] ?? 0);
      }
    return { kind: "numbers", values: numbers };
  };
}

function wideAddresses(end: EndColumn, instead: EndColumn, isHigh: boolean, rows: Uint32Array): Values {
  const values = BigUint64Array.from(rows, (row) => {
    const own = end.port[row] === NO_END ? instead : end;
    const six = own.six.get(row);
    if (six !== undefined) return isHigh ? six.hi : six.lo;
    return isHigh || own.port[row] === NO_END ? 0n : BigInt(MAPPED + (own.v4[row] ?? 0));
  });
  return { kind: "wide", values };
}
