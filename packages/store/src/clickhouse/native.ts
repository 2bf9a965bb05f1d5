import { familyOf, hostCidr, type Ip, rangeOf } from "@seenas/core";
import type { Endpoint, LogRow } from "../row.ts";
import { COLUMNS, type Column, EVENT_CODES, KIND_CODES, NO_PORT, PROTOCOL_CODES, STRENGTH_CODES } from "./columns.ts";

/**
 * Rows as one block of ClickHouse's `Native` format: column after column, so that the server copies instead of parsing.
 *
 * @see https://clickhouse.com/docs/interfaces/formats/Native
 */
export function nativeBlock(rows: readonly LogRow[]): Uint8Array {
  const parts: Uint8Array[] = [varint(COLUMNS.length), varint(rows.length)];
  for (const [name, type] of COLUMNS) parts.push(text(name), text(type), WRITERS[name](rows));
  return Buffer.concat(parts);
}

const WRITERS: Readonly<Record<Column, (rows: readonly LogRow[]) => Uint8Array>> = {
  seen: (rows) => addresses(rows, (row) => row.seen),
  seen_port: (rows) => ports(rows, (row) => row.seen),
  at_us: (rows) => times(rows, (row) => row.atUs),
  until_us: (rows) => times(rows, (row) => row.untilUs),
  before: (rows) => addresses(rows, (row) => row.before),
  before_port: (rows) => ports(rows, (row) => row.before),
  destination: (rows) => addresses(rows, (row) => row.destination),
  destination_port: (rows) => ports(rows, (row) => row.destination),
  workload: (rows) => texts(rows, (row) => row.workload),
  reporter: (rows) => texts(rows, (row) => row.reporter),
  protocol: (rows) => codes(rows, (row) => PROTOCOL_CODES[row.protocol ?? "none"]),
  kind: (rows) => codes(rows, (row) => KIND_CODES[row.kind]),
  strength: (rows) => codes(rows, (row) => STRENGTH_CODES[row.strength]),
  event: (rows) => codes(rows, (row) => EVENT_CODES[row.event]),
};

function codes(rows: readonly LogRow[], code: (row: LogRow) => number): Uint8Array {
  const bytes = new Uint8Array(rows.length);
  let index = 0;
  for (const row of rows) bytes[index++] = code(row);
  return bytes;
}

function ports(rows: readonly LogRow[], end: (row: LogRow) => Endpoint | null): Uint8Array {
  const values = new Int32Array(rows.length);
  let index = 0;
  for (const row of rows) values[index++] = end(row)?.port ?? NO_PORT;
  return new Uint8Array(values.buffer);
}

/** Two halves of 32 bits: a number holds all microseconds until the year 2255, a BigInt for each costs more. */
function times(rows: readonly LogRow[], time: (row: LogRow) => number): Uint8Array {
  const halves = new Uint32Array(rows.length * 2);
  let index = 0;
  for (const row of rows) {
    const value = time(row);
    halves[index++] = value >>> 0;
    halves[index++] = Math.floor(value / 2 ** 32);
  }
  return new Uint8Array(halves.buffer);
}

function addresses(rows: readonly LogRow[], end: (row: LogRow) => Endpoint | null): Uint8Array {
  const bytes = new Uint8Array(rows.length * 16);
  let offset = 0;
  for (const row of rows) {
    const address = end(row)?.address;
    if (address !== undefined) writeAddress(bytes, offset, address);
    offset += 16;
  }
  return bytes;
}

/** Network order; IPv4 as `::ffff:a.b.c.d`. */
function writeAddress(bytes: Uint8Array, offset: number, address: Ip): void {
  if (familyOf(address) === 6) writeIpv6(bytes, offset, address);
  else writeIpv4(bytes, offset, address);
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

/** A name stands in many rows: each is encoded once. */
function texts(rows: readonly LogRow[], read: (row: LogRow) => string): Uint8Array {
  const known = new Map<string, Uint8Array>();
  let size = 0;
  const encoded = rows.map((row) => {
    const value = read(row);
    let bytes = known.get(value);
    if (bytes === undefined) {
      bytes = text(value);
      known.set(value, bytes);
    }
    size += bytes.length;
    return bytes;
  });
  const all = new Uint8Array(size);
  let offset = 0;
  for (const bytes of encoded) {
    all.set(bytes, offset);
    offset += bytes.length;
  }
  return all;
}

function text(value: string): Uint8Array {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([varint(bytes.length), bytes]);
}

/** LEB128. */
function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Uint8Array.from(bytes);
}
