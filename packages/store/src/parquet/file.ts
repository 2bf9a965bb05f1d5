import { gzipSync } from "node:zlib";
import type { Span, Workspace } from "../pack.ts";
import { ColumnEncoder, type Encoded, type Values } from "./column.ts";
import { ThriftWriter } from "./thrift.ts";

/** Rows that are found, read and skipped together. */
export const GROUP_ROWS = 61_440;

export interface ParquetColumn {
  readonly name: string;
  readonly type: "INT32" | "INT64" | "UINT64" | "TEXT";
}

const PHYSICAL = { INT32: 1, INT64: 2, UINT64: 2, TEXT: 6 } as const;
/** What a number of it means, where its physical type does not say it: UINT_64 and UTF8. */
const CONVERTED = { INT32: null, INT64: null, UINT64: 14, TEXT: 0 } as const;
const [PLAIN, RLE, DELTAS, DICTIONARY] = [0, 3, 5, 8];
const [NO_CODEC, GZIP] = [0, 2];
const [DICTIONARY_PAGE, DATA_PAGE_V2] = [2, 3];
const MAGIC = Buffer.from("PAR1");

/** Bytes of a dictionary: less is not worth what it takes to unpack it. */
const PACKED_FROM = 4096;

interface Chunk {
  readonly column: ParquetColumn;
  readonly codec: number;
  readonly encodings: readonly number[];
  readonly rows: number;
  readonly at: number;
  readonly dataAt: number;
  readonly plainBytes: number;
  readonly bytes: number;
  readonly least: Uint8Array | null;
  readonly most: Uint8Array | null;
}

interface Group {
  readonly rows: number;
  readonly chunks: readonly Chunk[];
}

/**
 * One Parquet file in a workspace, a group of rows after the other. No value is ever null. Long dictionaries are compressed by
 * gzip, which every Node has.
 *
 * @see https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift
 */
export class ParquetFile<Column extends ParquetColumn> {
  readonly #columns: readonly Column[];
  readonly #space: Workspace;
  readonly #parts: (Uint8Array | Span)[] = [MAGIC];
  readonly #groups: Group[] = [];
  readonly #encoder: ColumnEncoder;
  #length = MAGIC.length;

  /** @param space is its own until it is written */
  constructor(columns: readonly Column[], space: Workspace) {
    this.#columns = columns;
    this.#space = space;
    this.#encoder = new ColumnEncoder(space, GROUP_ROWS);
  }

  /** @param valuesOf of each column, as many as `rows`, of which there are no more than `GROUP_ROWS` */
  addGroup(rows: number, valuesOf: (column: Column) => Values): void {
    const chunks = this.#columns.map((column) => {
      const encoded = this.#encoder.encode(valuesOf(column), rows, column.type === "INT32" ? 4 : 8);
      return this.#addChunk(column, rows, encoded);
    });
    this.#groups.push({ rows, chunks });
  }

  /** All of it, in parts, which may lie in the workspace. */
  end(): readonly Uint8Array[] {
    const footer = this.#footer();
    const size = Buffer.alloc(4);
    size.writeUInt32LE(footer.length);
    return [...this.#parts, footer, size, MAGIC].map((part) => this.#bytesOf(part));
  }

  #addChunk(column: ParquetColumn, rows: number, { data, dictionary, least, most }: Encoded): Chunk {
    const at = this.#length;
    const isPacked = dictionary !== null && dictionary.bytes.length > PACKED_FROM;
    const ofDictionary = dictionary === null ? 0 : this.#addDictionary(dictionary.bytes, dictionary.count, isPacked);
    const dataAt = this.#length;
    const ofData = this.#addData(data, rows, dictionary === null ? DELTAS : DICTIONARY);
    return {
      column,
      codec: isPacked ? GZIP : NO_CODEC,
      encodings: dictionary === null ? [DELTAS, RLE] : [PLAIN, RLE, DICTIONARY],
      ...{ rows, at, dataAt, plainBytes: ofDictionary + ofData, bytes: this.#length - at, least, most },
    };
  }

  /** @returns how long it is unpacked */
  #addDictionary(bytes: Uint8Array | Span, count: number, isPacked: boolean): number {
    const content = isPacked ? gzipSync(this.#bytesOf(bytes), { level: 1 }) : bytes;
    const head = this.#addPage(DICTIONARY_PAGE, bytes.length, content, 7, (header) => {
      header.i32At(1, count);
      header.i32At(2, PLAIN);
    });
    return head + bytes.length;
  }

  /** What is packed into bits is not compressed once more. */
  #addData(bytes: Span, rows: number, encoding: number): number {
    const head = this.#addPage(DATA_PAGE_V2, bytes.length, bytes, 8, (header) => {
      header.i32At(1, rows);
      header.i32At(2, 0);
      header.i32At(3, rows);
      header.i32At(4, encoding);
      header.i32At(5, 0);
      header.i32At(6, 0);
      header.falseAt(7);
    });
    return head + bytes.length;
  }

  /** @returns how long its head is */
  #addPage(
    kind: number,
    plainBytes: number,
    content: Uint8Array | Span,
    field: number,
    more: (out: ThriftWriter) => void,
  ) {
    const header = new ThriftWriter();
    header.struct(() => {
      header.i32At(1, kind);
      header.i32At(2, plainBytes);
      header.i32At(3, content.length);
      header.structAt(field, () => more(header));
    });
    const head = header.written();
    this.#parts.push(head, content);
    this.#length += head.length + content.length;
    return head.length;
  }

  #bytesOf(part: Uint8Array | Span): Uint8Array {
    return part instanceof Uint8Array ? part : this.#space.bytes(part.at, part.length);
  }

  #footer(): Buffer {
    const out = new ThriftWriter();
    out.struct(() => {
      out.i32At(1, 2);
      out.structsAt(2, [null, ...this.#columns], (column) => {
        if (column === null) {
          out.binaryAt(4, "rows");
          out.i32At(5, this.#columns.length);
        } else describe(out, column);
      });
      out.i64At(
        3,
        this.#groups.reduce((sum, { rows }) => sum + rows, 0),
      );
      out.structsAt(4, this.#groups, (group) => describeGroup(out, group));
      out.binaryAt(6, "seenas");
      // Least and most compare as their types say.
      out.structsAt(7, this.#columns, () => out.structAt(1, () => undefined));
    });
    return out.written();
  }
}

function describe(out: ThriftWriter, { name, type }: ParquetColumn): void {
  out.i32At(1, PHYSICAL[type]);
  out.i32At(3, 0);
  out.binaryAt(4, name);
  const converted = CONVERTED[type];
  if (converted !== null) out.i32At(6, converted);
}

function describeGroup(out: ThriftWriter, { rows, chunks }: Group): void {
  out.structsAt(1, chunks, (chunk) => {
    out.i64At(2, chunk.at);
    out.structAt(3, () => describeChunk(out, chunk));
  });
  out.i64At(
    2,
    chunks.reduce((sum, { plainBytes }) => sum + plainBytes, 0),
  );
  out.i64At(3, rows);
}

function describeChunk(out: ThriftWriter, chunk: Chunk): void {
  out.i32At(1, PHYSICAL[chunk.column.type]);
  out.i32sAt(2, chunk.encodings);
  out.textsAt(3, [chunk.column.name]);
  out.i32At(4, chunk.codec);
  out.i64At(5, chunk.rows);
  out.i64At(6, chunk.plainBytes);
  out.i64At(7, chunk.bytes);
  out.i64At(9, chunk.dataAt);
  if (chunk.dataAt !== chunk.at) out.i64At(11, chunk.at);
  const { least, most } = chunk;
  if (least === null || most === null) return;
  out.structAt(12, () => {
    out.i64At(3, 0);
    out.binaryAt(5, most);
    out.binaryAt(6, least);
  });
}
