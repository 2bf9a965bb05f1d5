import { familyOf, hostCidr, type Ip, rangeOf } from "@seenas/core/address";
import type { Endpoint, LogRow } from "../row.ts";
import { COLUMNS, type Column, EVENT_CODES, KIND_CODES, NO_PORT, PROTOCOL_CODES, STRENGTH_CODES } from "./columns.ts";
import { TextColumn, textBytes, varint } from "./text-column.ts";

/**
 * Rows as one block of ClickHouse's `Native` format, in pieces: column after column, so that the server copies instead
 * of parsing. Each row is looked at once, since there are more of them than a processor keeps at hand.
 *
 * @see https://clickhouse.com/docs/interfaces/formats/Native
 */
export function nativeBlock(rows: readonly LogRow[]): readonly Uint8Array[] {
  const columns = columnsFor(rows.length);
  for (const [index, row] of rows.entries()) fill(columns, index, row);
  const bytes = bytesOf(columns);
  return [
    varint(COLUMNS.length),
    varint(rows.length),
    ...COLUMNS.flatMap(([name, type]) => [textBytes(name), textBytes(type), bytes[name]]),
  ];
}

interface Columns {
  readonly seen: EndColumn;
  readonly before: EndColumn;
  readonly destination: EndColumn;
  readonly at: Uint32Array;
  readonly until: Uint32Array;
  readonly workload: TextColumn;
  readonly reporter: TextColumn;
  readonly protocol: Uint8Array;
  readonly kind: Uint8Array;
  readonly strength: Uint8Array;
  readonly event: Uint8Array;
}

interface EndColumn {
  /** Network order; IPv4 as `::ffff:a.b.c.d`. */
  readonly addresses: Uint8Array;
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
  protocol: new Uint8Array(count),
  kind: new Uint8Array(count),
  strength: new Uint8Array(count),
  event: new Uint8Array(count),
});

const endColumn = (count: number): EndColumn => ({
  addresses: new Uint8Array(count * 16),
  ports: new Int32Array(count),
});

function fill(columns: Columns, index: number, row: LogRow): void {
  fillEnd(columns.seen, index, row.seen);
  fillEnd(columns.before, index, row.before);
  fillEnd(columns.destination, index, row.destination);
  fillTime(columns.at, index, row.atUs);
  fillTime(columns.until, index, row.untilUs);
  columns.workload.push(row.workload);
  columns.reporter.push(row.reporter);
  columns.protocol[index] = PROTOCOL_CODES[row.protocol ?? "none"];
  columns.kind[index] = KIND_CODES[row.kind];
  columns.strength[index] = STRENGTH_CODES[row.strength];
  columns.event[index] = EVENT_CODES[row.event];
}

const bytesOf = (columns: Columns): Readonly<Record<Column, Uint8Array>> => ({
  seen: columns.seen.addresses,
  seen_port: bytesIn(columns.seen.ports),
  at_us: bytesIn(columns.at),
  until_us: bytesIn(columns.until),
  before: columns.before.addresses,
  before_port: bytesIn(columns.before.ports),
  destination: columns.destination.addresses,
  destination_port: bytesIn(columns.destination.ports),
  workload: columns.workload.bytes(),
  reporter: columns.reporter.bytes(),
  protocol: columns.protocol,
  kind: columns.kind,
  strength: columns.strength,
  event: columns.event,
});

/** Little-endian, as every machine that Node runs on. */
const bytesIn = ({ buffer }: Int32Array | Uint32Array): Uint8Array => new Uint8Array(buffer);

/** Two halves of 32 bits: a number holds all microseconds until the year 2255, and a BigInt for each costs more. */
function fillTime(halves: Uint32Array, index: number, timeUs: number): void {
  halves[index * 2] = timeUs >>> 0;
  halves[index * 2 + 1] = Math.floor(timeUs / 2 ** 32);
}

function fillEnd({ addresses, ports }: EndColumn, index: number, end: Endpoint | null): void {
  ports[index] = end?.port ?? NO_PORT;
  if (end === null) return;
  if (familyOf(end.address) === 6) writeIpv6(addresses, index * 16, end.address);
  else writeIpv4(addresses, index * 16, end.address);
}

function writeIpv4(bytes: Uint8Array, offset: number, address: Ip): void {
  bytes[offset + 10] = 0xff;
  bytes[offset + 11] = 0xff;
  let at = offset + 12;
  let octet = 0;
  for (let index = 0; index < address.length; index += 1) {
    const code = address.charCodeAt(index);
    if (code === 46) {
      bytes[at++] = octet;
      octet = 0;
    } else octet = octet * 10 + code - 48;
  }
  bytes[at] = octet;
}

function writeIpv6(bytes: Uint8Array, offset: number, address: Ip): void {
  let value = rangeOf(hostCidr(address)).first;
  for (let index = 15; index >= 0; index -= 1) {
    bytes[offset + index] = Number(value & 0xffn);
    value >>= 8n;
  }
}
