import {
  BIGINT,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  ENUM,
  INTEGER,
  UBIGINT,
} from "@duckdb/node-api";
import binding from "@duckdb/node-bindings";
import type { EndColumn, RowColumns } from "../columns.ts";
import { EVENTS, KINDS, PROTOCOLS, STRENGTHS } from "../words.ts";
import { quoted } from "./database.ts";
import { COLUMNS, type Column, type Order } from "./format.ts";

/** As many rows as DuckDB takes at a time. */
const CHUNK = 2048;
const MAPPED = 0xffff;

/** Numbers of one column as they lie in memory there, row after row. */
type Lane = Uint8Array | Uint16Array | Uint32Array | Int32Array | BigInt64Array;

type Fill = (lane: Lane, rows: Uint32Array) => void;

/** Columns of a batch on their way into tables that have the shape of a segment. */
export class Stage {
  readonly #connection: DuckDBConnection;
  readonly #columns: RowColumns;
  readonly #names: readonly string[];
  /** The place of each row's name in the type that DuckDB knows it by. */
  readonly #workload: Uint32Array;
  readonly #reporter: Uint32Array;
  /** Made once: a type of many words takes as long to make as thousands of rows to fill. */
  readonly #chunks = new Map<Order, DuckDBDataChunk>();
  #tables = 0;

  private constructor(connection: DuckDBConnection, columns: RowColumns) {
    this.#connection = connection;
    this.#columns = columns;
    this.#names = [...new Set(columns.names.list)].sort();
    const places = new Map(this.#names.map((name, place) => [name, place]));
    const placed = Uint32Array.from(columns.names.list, (name) => places.get(name) ?? 0);
    this.#workload = placesOf(columns.workload, columns.length, placed);
    this.#reporter = placesOf(columns.reporter, columns.length, placed);
  }

  static async open(connection: DuckDBConnection, columns: RowColumns): Promise<Stage> {
    const stage = new Stage(connection, columns);
    for (const [name, words] of Object.entries(stage.#wordLists()))
      await connection.run(`CREATE OR REPLACE TEMP TYPE ${name}_words AS ENUM (${words.map(quoted).join(", ")})`);
    return stage;
  }

  /** @returns the name of a table that holds these rows, in this sequence */
  async put(order: Order, rows: Uint32Array): Promise<string> {
    this.#tables += 1;
    const table = `staged_${order}_${this.#tables}`;
    const all = COLUMNS[order];
    await this.#connection.run(
      `CREATE TEMP TABLE ${table} (${all.map((column) => `"${column.name}" ${typeOf(column)}`).join(", ")})`,
    );
    const appender = await this.#connection.createAppender(table, "main", "temp");
    const chunk = this.#chunkFor(order);
    const lanes = all.map((column) => this.#laneFor(column));
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

  async drop(table: string): Promise<void> {
    await this.#connection.run(`DROP TABLE ${table}`);
  }

  #wordLists(): Readonly<Record<string, readonly string[]>> {
    return { workload: this.#names, reporter: this.#names, ...FIXED };
  }

  #duckdbType({ name, type }: Column): DuckDBType {
    if (type === "BIGINT") return BIGINT;
    if (type === "UBIGINT") return UBIGINT;
    if (type === "INTEGER") return INTEGER;
    return ENUM([...(this.#wordLists()[name] ?? [])]);
  }

  #laneFor({ name, type }: Column): { readonly lane: Lane; readonly fill: Fill } {
    const columns = this.#columns;
    if (name === "at_us") return times(columns.atUs);
    if (name === "lasted_us") return times(columns.lastedUs);
    if (type === "WORD") {
      const { kind, strength, event, protocol } = columns;
      const codes = { kind, strength, event, protocol, workload: this.#workload, reporter: this.#reporter };
      return words(codesOf(codes, name), (this.#wordLists()[name] ?? []).length);
    }
    const [which = "", part = ""] = name.split("_");
    return part === "port" ? ports(endOf(columns, which)) : addresses(columns, which, part);
  }

  #chunkFor(order: Order): DuckDBDataChunk {
    const known = this.#chunks.get(order);
    if (known !== undefined) return known;
    const chunk = DuckDBDataChunk.create(COLUMNS[order].map((column) => this.#duckdbType(column)));
    this.#chunks.set(order, chunk);
    return chunk;
  }
}

function placesOf(codes: Uint32Array, length: number, places: Uint32Array): Uint32Array {
  const placed = new Uint32Array(length);
  for (let row = 0; row < length; row += 1) placed[row] = places[codes[row] ?? 0] ?? 0;
  return placed;
}

const FIXED = {
  protocol: PROTOCOLS.map((protocol) => protocol ?? ""),
  kind: KINDS,
  strength: STRENGTHS,
  event: EVENTS,
} as const;

const typeOf = ({ name, type }: Column): string => (type === "WORD" ? `${name}_words` : type);

function endOf({ before, seen, destination }: RowColumns, which: string): EndColumn {
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

/** `source` is the source before translation, or, where none is shown, the one that was seen. */
function addresses(columns: RowColumns, which: string, part: string) {
  const isSource = which === "source";
  const end = isSource ? columns.before : endOf(columns, which);
  const instead = isSource ? columns.seen : end;
  // Upper halves of IPv4 addresses are zero, as the lane is.
  const isZero = part === "hi" && end.six.size === 0 && instead.six.size === 0;
  return {
    lane: new BigInt64Array(CHUNK),
    fill: (lane: Lane, rows: Uint32Array): void => {
      if (isZero) return;
      const halves = new Uint32Array(lane.buffer);
      for (let at = 0; at < rows.length; at += 1) {
        const row = rows[at] ?? 0;
        const own = (end.port[row] ?? 0) < -1 ? instead : end;
        const six = own.six.size > 0 ? own.six.get(row) : undefined;
        if (six !== undefined) (lane as BigInt64Array)[at] = BigInt.asIntN(64, part === "hi" ? six.hi : six.lo);
        else {
          const shown = part === "lo" && (own.port[row] ?? 0) >= -1;
          halves[2 * at] = shown ? (own.v4[row] ?? 0) : 0;
          halves[2 * at + 1] = shown ? MAPPED : 0;
        }
      }
    },
  };
}
