import { BIGINT, DuckDBConnection, DuckDBDataChunk, type DuckDBType, ENUM, INTEGER, UBIGINT } from "@duckdb/node-api";
import binding from "@duckdb/node-bindings";
import { type EndColumn, NO_END, type RowColumns } from "../columns.ts";
import { EVENTS, KINDS, PROTOCOLS, STRENGTHS } from "../words.ts";
import { type Connection, quoted } from "./database.ts";
import { COLUMNS, type Column } from "./format.ts";

/** As many rows as DuckDB takes at a time. */
const CHUNK = 2048;
const MAPPED = 0xffff;

/** Numbers of one column as they lie in memory there, row after row. */
type Lane = Uint8Array | Uint16Array | Uint32Array | Int32Array | BigInt64Array;

type Fill = (lane: Lane, rows: Uint32Array) => void;

let tables = 0;

/** @returns the name of a table that holds these rows in the shape of a segment, in this sequence */
export async function stageRows(raw: Connection, columns: RowColumns, rows: Uint32Array): Promise<string> {
  const connection = new DuckDBConnection(raw);
  tables += 1;
  const table = `staged_${tables}`;
  const workload = namesIn(columns.names.list, columns.workload, rows);
  const reporter = namesIn(columns.names.list, columns.reporter, rows);
  const wordsOf: Words = { ...FIXED, workload: workload.words, reporter: reporter.words };
  for (const [name, words] of Object.entries(wordsOf))
    await connection.run(`CREATE OR REPLACE TEMP TYPE ${name}_words AS ENUM (${words.map(quoted).join(", ")})`);
  const described = COLUMNS.seen.map((column) => `"${column.name}" ${typeOf(column)}`);
  await connection.run(`CREATE TEMP TABLE ${table} (${described.join(", ")})`);
  const lanes = COLUMNS.seen.map((column) =>
    laneFor(column, { ...columns, workload: workload.places, reporter: reporter.places }, wordsOf),
  );
  const chunk = DuckDBDataChunk.create(COLUMNS.seen.map((column) => duckdbType(column, wordsOf)));
  const appender = await connection.createAppender(table, "main", "temp");
  for (let from = 0; from < rows.length; from += CHUNK) {
    const part = rows.subarray(from, from + CHUNK);
    chunk.rowCount = part.length;
    for (const [index, { lane, fill }] of lanes.entries()) {
      fill(lane, part);
      const width = lane.byteLength / CHUNK;
      const vector = binding.data_chunk_get_vector(chunk.chunk, index);
      binding.copy_data_to_vector(vector, 0, lane.buffer as ArrayBuffer, 0, part.length * width);
    }
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
  return table;
}

type Words = Readonly<Record<string, readonly string[]>>;

/** The names that these rows have, and the place of each row's among them. */
function namesIn(names: readonly string[], codes: Uint32Array, rows: Uint32Array) {
  const words: string[] = [];
  const placeOf = new Map<number, number>();
  const places = new Uint32Array(codes.length);
  for (const row of rows) {
    const code = codes[row] ?? 0;
    const place = placeOf.get(code) ?? words.push(names[code] ?? "") - 1;
    placeOf.set(code, place);
    places[row] = place;
  }
  return { words, places };
}

function duckdbType({ name, type }: Column, wordsOf: Words): DuckDBType {
  if (type === "BIGINT") return BIGINT;
  if (type === "UBIGINT") return UBIGINT;
  if (type === "INTEGER") return INTEGER;
  return ENUM([...(wordsOf[name] ?? [])]);
}

/** What of `RowColumns` a table is made of. */
type Staged = Codes & Pick<RowColumns, "atUs" | "lastedUs" | "before" | "seen" | "destination">;

function laneFor(
  { name, type }: Column,
  columns: Staged,
  wordsOf: Words,
): { readonly lane: Lane; readonly fill: Fill } {
  if (name === "at_us") return times(columns.atUs);
  if (name === "lasted_us") return times(columns.lastedUs);
  if (type === "WORD") return words(codesOf(columns, name), (wordsOf[name] ?? []).length);
  const [which = "", part = ""] = name.split("_");
  const end = endOf(columns, which);
  return part === "port" ? ports(end) : addresses(end, part);
}

const FIXED = {
  protocol: PROTOCOLS.map((protocol) => protocol ?? ""),
  kind: KINDS,
  strength: STRENGTHS,
  event: EVENTS,
} as const;

const typeOf = ({ name, type }: Column): string => (type === "WORD" ? `${name}_words` : type);

function endOf({ before, seen, destination }: Staged, which: string): EndColumn {
  return which === "before" ? before : which === "seen" ? seen : destination;
}

type Codes = Pick<RowColumns, "kind" | "strength" | "event" | "protocol" | "workload" | "reporter">;

const codesOf = (codes: Codes, name: string): Uint8Array | Uint32Array => codes[name as keyof Codes];

const times = (of: Float64Array) => ({
  lane: new BigInt64Array(CHUNK),
  fill: (lane: Lane, rows: Uint32Array): void => {
    const halves = new Int32Array(lane.buffer);
    for (let at = 0; at < rows.length; at += 1) {
      const us = of[rows[at] ?? 0] ?? 0;
      const high = Math.floor(us / 4_294_967_296);
      halves[2 * at] = us - high * 4_294_967_296;
      halves[2 * at + 1] = high;
    }
  },
});

const ports = ({ port }: EndColumn) => ({
  lane: new Int32Array(CHUNK),
  fill: (lane: Lane, rows: Uint32Array): void => {
    for (let at = 0; at < rows.length; at += 1) lane[at] = port[rows[at] ?? 0] ?? 0;
  },
});

/** The narrowest number that DuckDB gives a type of so many words. */
function words(codes: Uint8Array | Uint32Array, count: number) {
  const lane = count <= 255 ? new Uint8Array(CHUNK) : count <= 65_535 ? new Uint16Array(CHUNK) : new Uint32Array(CHUNK);
  return {
    lane,
    fill: (_: Lane, rows: Uint32Array): void => {
      for (let at = 0; at < rows.length; at += 1) lane[at] = codes[rows[at] ?? 0] ?? 0;
    },
  };
}

function addresses(end: EndColumn, part: string) {
  // Upper halves of IPv4 addresses are zero, as the lane is.
  const isZero = part === "hi" && end.six.size === 0;
  return {
    lane: new BigInt64Array(CHUNK),
    fill: (lane: Lane, rows: Uint32Array): void => {
      if (isZero) return;
      const halves = new Uint32Array(lane.buffer);
      for (let at = 0; at < rows.length; at += 1) {
        const row = rows[at] ?? 0;
        const six = end.six.size > 0 ? end.six.get(row) : undefined;
        if (six !== undefined) (lane as BigInt64Array)[at] = BigInt.asIntN(64, part === "hi" ? six.hi : six.lo);
        else {
          const shown = part === "lo" && end.port[row] !== NO_END;
          halves[2 * at] = shown ? (end.v4[row] ?? 0) : 0;
          halves[2 * at + 1] = shown ? MAPPED : 0;
        }
      }
    },
  };
}
