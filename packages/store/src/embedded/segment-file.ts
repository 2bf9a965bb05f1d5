import { closeSync, fsyncSync, openSync, renameSync, writeSync, writevSync } from "node:fs";
import { join } from "node:path";
import { type EndColumn, NO_END, type RowColumns } from "../columns.ts";
import { LARGEST, type Values } from "../parquet/column.ts";
import { GROUP_ROWS, ParquetFile } from "../parquet/file.ts";
import { WordBytes } from "../parquet/word-bytes.ts";
import { EVENTS, KINDS, PROTOCOLS, STRENGTHS } from "../words.ts";
import { COLUMNS, type Column, type Order, SEGMENTS, TEMPORARY } from "./format.ts";
import type { PlacedBatch, PlacedEnd, Summary } from "./placed-batch.ts";

const PARQUET_TYPES = { BIGINT: "INT64", UBIGINT: "UINT64", INTEGER: "INT32", WORD: "TEXT" } as const;

/** What an IPv4 address is as the lower half of sixteen bytes: ::ffff:0:0/96. */
const MAPPED = 0xffff * 2 ** 32;

const FIXED: Readonly<Record<"protocol" | "kind" | "strength" | "event", WordBytes>> = {
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
  batch: PlacedBatch,
  rows: Uint32Array,
  summary: Summary,
): number {
  const { space } = batch;
  const { mark } = space;
  const places = space.put(rows);
  const described = COLUMNS[order].map((column) => ({
    name: column.name,
    type: PARQUET_TYPES[column.type],
    read: readerOf(column, batch, summary),
  }));
  const parquet = new ParquetFile(described, space);
  for (let from = 0; from < rows.length; from += GROUP_ROWS) {
    const count = Math.min(GROUP_ROWS, rows.length - from);
    const group: Group = { rows: rows.subarray(from, from + count), places: places + from * 4, count };
    parquet.addGroup(count, ({ read }) => read(group));
  }
  const bytes = writeParts(folder, file, parquet.end());
  space.release(mark);
  return bytes;
}

/** A system takes so many parts at a time. */
const PARTS = 512;

function writeParts(folder: string, file: string, parts: readonly Uint8Array[]): number {
  const temporary = join(folder, TEMPORARY, file);
  const descriptor = openSync(temporary, "w");
  let written = 0;
  try {
    for (let from = 0; from < parts.length; from += PARTS)
      written += writeAll(descriptor, parts.slice(from, from + PARTS));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  renameSync(temporary, join(folder, SEGMENTS, file));
  return written;
}

function writeAll(descriptor: number, parts: readonly Uint8Array[]): number {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const written = writevSync(descriptor, parts);
  if (written === length) return length;
  // A disk that is nearly full, or a signal: what is left goes on from there, or says why not.
  const rest = Buffer.concat(parts).subarray(written);
  for (let done = 0; done < rest.length; ) done += writeSync(descriptor, rest, done);
  return length;
}

/** Rows that are written together: their places, also as they lie in the workspace. */
interface Group {
  readonly rows: Uint32Array;
  readonly places: number;
  readonly count: number;
}

type Reader = (group: Group) => Values;

function readerOf({ name, type }: Column, batch: PlacedBatch, summary: Summary): Reader {
  const { columns, at } = batch;
  if (name === "at_us") return times(batch, "atUs", summary.lastAtUs);
  // Records of most logs are one event each.
  if (name === "lasted_us")
    return summary.longestUs === 0 ? () => NOTHING : times(batch, "lastedUs", summary.longestUs);
  if (name === "workload" || name === "reporter") return names(batch, at[name], namesOf(columns));
  if (type === "WORD") return words(batch, name as keyof typeof FIXED);
  const [which = "", part = ""] = name.split("_");
  // The source before translation, or, where none is shown, the one that was seen.
  const end = which === "source" ? "before" : (which as End);
  if (part === "port") return ports(batch, batch[end]);
  return addresses(batch, end, which === "source" ? "seen" : end, part === "hi");
}

const NOTHING = { kind: "same", value: 0 } as const;

function times({ space, at, columns }: PlacedBatch, name: "atUs" | "lastedUs", most: number): Reader {
  if (most > LARGEST)
    return ({ rows }) => ({ kind: "wide", values: BigInt64Array.from(rows, (row) => BigInt(columns[name][row] ?? 0)) });
  return ({ places, count }) => ({
    kind: "numbers",
    putAt: (address) => space.pack.gatherTimes(at[name], places, count, address),
  });
}

const ports =
  ({ space }: PlacedBatch, { port }: PlacedEnd): Reader =>
  ({ places, count }) => ({
    kind: "numbers",
    putAt: (address) => space.pack.gatherNumbers(port, places, count, address),
  });

const names =
  ({ space }: PlacedBatch, codes: number, known: WordBytes): Reader =>
  ({ places, count }) => ({
    kind: "words",
    words: known,
    putAt: (address) => space.pack.gatherWords(codes, places, count, address),
  });

function words({ space, at, columns }: PlacedBatch, name: keyof typeof FIXED): Reader {
  const known = FIXED[name];
  const code = columns[name][0] ?? 0;
  if (space.pack.agree(at[name], columns.length) !== 0) return () => ({ kind: "same-word", code, words: known });
  return ({ places, count }) => ({
    kind: "words",
    words: known,
    putAt: (address) => space.pack.gatherBytes(at[name], places, count, address),
  });
}

type End = "before" | "seen" | "destination";

function addresses(batch: PlacedBatch, which: End, instead: End, isHigh: boolean): Reader {
  const { columns, space } = batch;
  const [end, other] = [batch[which], batch[instead]];
  if (columns[which].six.size > 0 || columns[instead].six.size > 0)
    return ({ rows }) => wideAddresses(columns[which], columns[instead], isHigh, rows);
  if (isHigh) return () => NOTHING;
  const putAt = ({ places, count }: Group, address: number): void =>
    end.isShown
      ? space.pack.gatherShown(end.v4, places, count, address)
      : space.pack.gatherAddresses(end.v4, end.port, other.v4, other.port, places, count, address);
  return (group) => ({ kind: "numbers", putAt: (address) => putAt(group, address) });
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
