import { hostCidr, type Ip, rangeOf } from "@seenas/core/address";
import type { Endpoint, LogRow } from "../row.ts";
import { COLUMNS, type Column, EVENT_CODES, KIND_CODES, NO_PORT, PROTOCOL_CODES, STRENGTH_CODES } from "./columns.ts";
import { TextColumn, textBytes, varint } from "./text-column.ts";

/**
 * Rows as one block of ClickHouse's `Native` format, in pieces: column after column, so that the server copies instead
 * of parsing. Each row is looked at once, since there are more of them than a processor keeps at hand; and one block after
 * another is made in the same memory, since to ask for so much of it each time costs more than to fill it.
 *
 * @see https://clickhouse.com/docs/interfaces/formats/Native
 */
export class NativeBlock {
  #columns: Columns = columnsFor(0);
  #capacity = 0;

  /** @returns pieces that hold until the next call */
  bytesOf(rows: readonly LogRow[]): readonly Uint8Array[] {
    const columns = this.#emptied(rows.length);
    for (let index = 0; index < rows.length; index += 1) {
      const row = rows[index];
      if (row !== undefined) fill(columns, index, row);
    }
    const bytes = bytesOf(columns, rows.length);
    return [
      varint(COLUMNS.length),
      varint(rows.length),
      ...COLUMNS.flatMap(([name, type]) => [textBytes(name), textBytes(type), bytes[name]]),
    ];
  }

  #emptied(count: number): Columns {
    if (count > this.#capacity) {
      this.#columns = columnsFor(count);
      this.#capacity = count;
    }
    this.#columns.workload.clear();
    this.#columns.reporter.clear();
    return this.#columns;
  }
}

interface Columns {
  readonly seen: EndColumn;
  readonly before: EndColumn;
  readonly destination: EndColumn;
  readonly at: Uint32Array;
  readonly until: Uint32Array;
  readonly workload: TextColumn;
  readonly reporter: TextColumn;
  readonly protocol: CodeColumn<keyof typeof PROTOCOL_CODES>;
  readonly kind: CodeColumn<LogRow["kind"]>;
  readonly strength: CodeColumn<LogRow["strength"]>;
  readonly event: CodeColumn<LogRow["event"]>;
}

interface EndColumn {
  /** Network order, four words an address; IPv4 as `::ffff:a.b.c.d`. */
  readonly addresses: Uint32Array;
  readonly ports: Int32Array;
}

const columnsFor = (count: number): Columns => ({
  seen: endColumn(count),
  before: endColumn(count),
  destination: endColumn(count),
  at: new Uint32Array(count * 2),
  until: new Uint32Array(count * 2),
  workload: new TextColumn(count),
  reporter: new TextColumn(count),
  protocol: new CodeColumn(PROTOCOL_CODES, count),
  kind: new CodeColumn(KIND_CODES, count),
  strength: new CodeColumn(STRENGTH_CODES, count),
  event: new CodeColumn(EVENT_CODES, count),
});

const endColumn = (count: number): EndColumn => ({
  addresses: new Uint32Array(count * 4),
  ports: new Int32Array(count),
});

/** Words as their numbers. Most rows have the word of the row before, which needs no look-up. */
class CodeColumn<Word extends string> {
  readonly bytes: Uint8Array;
  readonly #codes: Readonly<Record<Word, number>>;
  #last: Word | null = null;
  #code = 0;

  constructor(codes: Readonly<Record<Word, number>>, count: number) {
    this.#codes = codes;
    this.bytes = new Uint8Array(count);
  }

  set(index: number, word: Word): void {
    if (word !== this.#last) {
      this.#last = word;
      this.#code = this.#codes[word];
    }
    this.bytes[index] = this.#code;
  }
}

function fill(columns: Columns, index: number, row: LogRow): void {
  fillEnd(columns.seen, index, row.seen);
  fillEnd(columns.before, index, row.before);
  fillEnd(columns.destination, index, row.destination);
  fillTime(columns.at, index, row.atUs);
  fillTime(columns.until, index, row.untilUs);
  columns.workload.push(row.workload);
  columns.reporter.push(row.reporter);
  columns.protocol.set(index, row.protocol ?? "none");
  columns.kind.set(index, row.kind);
  columns.strength.set(index, row.strength);
  columns.event.set(index, row.event);
}

const bytesOf = (columns: Columns, count: number): Readonly<Record<Column, Uint8Array>> => ({
  seen: bytesIn(columns.seen.addresses, count * 4),
  seen_port: bytesIn(columns.seen.ports, count),
  at_us: bytesIn(columns.at, count * 2),
  until_us: bytesIn(columns.until, count * 2),
  before: bytesIn(columns.before.addresses, count * 4),
  before_port: bytesIn(columns.before.ports, count),
  destination: bytesIn(columns.destination.addresses, count * 4),
  destination_port: bytesIn(columns.destination.ports, count),
  workload: columns.workload.bytes(),
  reporter: columns.reporter.bytes(),
  protocol: columns.protocol.bytes.subarray(0, count),
  kind: columns.kind.bytes.subarray(0, count),
  strength: columns.strength.bytes.subarray(0, count),
  event: columns.event.bytes.subarray(0, count),
});

/** Little-endian, as every machine that Node runs on. */
const bytesIn = ({ buffer, BYTES_PER_ELEMENT: width }: Int32Array | Uint32Array, length: number): Uint8Array =>
  new Uint8Array(buffer, 0, length * width);

/** Two halves of 32 bits: a number holds all microseconds until the year 2255, and a BigInt for each costs more. */
function fillTime(halves: Uint32Array, index: number, timeUs: number): void {
  halves[index * 2] = timeUs >>> 0;
  halves[index * 2 + 1] = Math.floor(timeUs / 2 ** 32);
}

/** What stood there is of another block: every word is written. */
function fillEnd({ addresses, ports }: EndColumn, index: number, end: Endpoint | null): void {
  ports[index] = end?.port ?? NO_PORT;
  const word = end === null ? 0 : wordOf(end.address);
  if (end !== null && word === null) {
    writeIpv6(new Uint8Array(addresses.buffer, index * 16, 16), end.address);
    return;
  }
  const at = index * 4;
  addresses[at] = 0;
  addresses[at + 1] = 0;
  addresses[at + 2] = end === null ? 0 : MAPPED;
  addresses[at + 3] = word ?? 0;
}

/** `00 00 ff ff`, as a word in memory. */
const MAPPED = 0xffff0000;

/** The four octets of IPv4 as a word in memory; null: it is IPv6. The text is canonical, so no check is repeated here. */
function wordOf(address: Ip): number | null {
  let word = 0;
  let octet = 0;
  let shift = 0;
  for (let index = 0; index < address.length; index += 1) {
    const code = address.charCodeAt(index);
    if (code === DOT) {
      word |= octet << shift;
      shift += 8;
      octet = 0;
    } else if (code === COLON) return null;
    else octet = octet * 10 + code - ZERO;
  }
  return (word | (octet << shift)) >>> 0;
}

const [DOT, ZERO, COLON] = [46, 48, 58];

function writeIpv6(bytes: Uint8Array, address: Ip): void {
  let value = rangeOf(hostCidr(address)).first;
  for (let index = 15; index >= 0; index -= 1) {
    bytes[index] = Number(value & 0xffn);
    value >>= 8n;
  }
}
