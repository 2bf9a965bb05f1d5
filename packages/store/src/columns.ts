import type { Ip } from "@seenas/core";
import { familyOf, ipv4ToNumber } from "@seenas/core/address";
import { type AddressNumber, ipOf, ipOfV4, numberOf } from "./address-number.ts";
import type { Endpoint, LogRow } from "./row.ts";
import { EVENTS, KINDS, PROTOCOLS, STRENGTHS } from "./words.ts";

/** In place of a port: the record has none. */
export const NO_PORT = -1;
/** In place of a port: the record does not show this end at all. */
export const NO_END = -2;

/** The code of the empty name. */
export const NO_NAME = 0;

/** Names, each once; their numbers stand in the columns. The empty one is always there. */
export class Names {
  readonly list: string[] = [""];
  readonly #codes = new Map([["", NO_NAME]]);

  codeOf(name: string): number {
    const known = this.#codes.get(name);
    if (known !== undefined) return known;
    const plain = plainName(name);
    const code = plain === name ? this.list.push(name) - 1 : this.codeOf(plain);
    this.#codes.set(name, code);
    return code;
  }
}

/** Half a surrogate pair has no form in UTF-8, and a zero ends a text in a database: logs that are sound hold neither. */
const plainName = (name: string): string =>
  /[\0\ud800-\udfff]/.test(name) ? Buffer.from(name.replaceAll("\0", "\ufffd")).toString() : name;

type Memory = ArrayBuffer | SharedArrayBuffer;

/** The next part of a block of memory, for so many numbers of a size. */
type Cut = (count: number, bytes: number) => [memory: Memory, from: number, count: number];

const ROW_BYTES = 2 * 8 + 8 * 4 + 4;

/** Memory for so many rows that another thread can see, too. */
export const sharedMemory = (capacity: number): SharedArrayBuffer => new SharedArrayBuffer(capacity * ROW_BYTES);

/** One end of many connections. */
export class EndColumn {
  /** IPv4; where `six` has the row, nothing. */
  readonly v4: Uint32Array;
  /** A port, `NO_PORT` or `NO_END`. */
  readonly port: Int32Array;
  /** Rows with an IPv6 address: few, in most logs. */
  readonly six = new Map<number, AddressNumber>();

  constructor(capacity: number, cut: Cut) {
    this.v4 = new Uint32Array(...cut(capacity, 4));
    this.port = new Int32Array(...cut(capacity, 4));
  }

  set(row: number, end: Endpoint | null): void {
    if (end !== null) this.setAddress(row, end.address, end.port);
    else {
      this.port[row] = NO_END;
      this.v4[row] = 0;
    }
  }

  setAddress(row: number, address: Ip, port: number | null): void {
    this.port[row] = port ?? NO_PORT;
    const isV4 = familyOf(address) === 4;
    this.v4[row] = isV4 ? ipv4ToNumber(address) : 0;
    if (!isV4) this.six.set(row, numberOf(address));
  }

  at(row: number): Endpoint | null {
    const port = this.port[row] ?? NO_END;
    if (port === NO_END) return null;
    const six = this.six.size > 0 ? this.six.get(row) : undefined;
    return { address: six === undefined ? ipOfV4(this.v4[row] ?? 0) : ipOf(six), port: port === NO_PORT ? null : port };
  }

  clear(): void {
    this.six.clear();
  }
}

/**
 * Rows as columns of numbers: a tenth of the memory of as many `LogRow`, and no work for the collector of garbage.
 * Filled from 0 to `length`, read, cleared and filled again.
 */
export class RowColumns {
  length = 0;
  readonly atUs: Float64Array;
  /** `untilUs - atUs` */
  readonly lastedUs: Float64Array;
  readonly kind: Uint8Array;
  readonly strength: Uint8Array;
  readonly event: Uint8Array;
  readonly protocol: Uint8Array;
  readonly workload: Uint32Array;
  readonly reporter: Uint32Array;
  readonly before: EndColumn;
  readonly seen: EndColumn;
  readonly destination: EndColumn;

  readonly capacity: number;
  readonly names: Names;
  readonly memory: Memory;

  constructor(capacity: number, names = new Names(), memory: Memory = new ArrayBuffer(capacity * ROW_BYTES)) {
    this.capacity = capacity;
    this.names = names;
    this.memory = memory;
    let used = 0;
    const cut: Cut = (count, bytes) => {
      const from = used;
      used += count * bytes;
      return [memory, from, count];
    };
    // The widest first: a number lies where its size divides.
    this.atUs = new Float64Array(...cut(capacity, 8));
    this.lastedUs = new Float64Array(...cut(capacity, 8));
    this.workload = new Uint32Array(...cut(capacity, 4));
    this.reporter = new Uint32Array(...cut(capacity, 4));
    this.before = new EndColumn(capacity, cut);
    this.seen = new EndColumn(capacity, cut);
    this.destination = new EndColumn(capacity, cut);
    this.kind = new Uint8Array(...cut(capacity, 1));
    this.strength = new Uint8Array(...cut(capacity, 1));
    this.event = new Uint8Array(...cut(capacity, 1));
    this.protocol = new Uint8Array(...cut(capacity, 1));
  }

  get isFull(): boolean {
    return this.length === this.capacity;
  }

  push(row: LogRow): void {
    const at = this.length;
    this.atUs[at] = row.atUs;
    this.lastedUs[at] = row.untilUs - row.atUs;
    this.kind[at] = KINDS.indexOf(row.kind);
    this.strength[at] = STRENGTHS.indexOf(row.strength);
    this.event[at] = EVENTS.indexOf(row.event);
    this.protocol[at] = PROTOCOLS.indexOf(row.protocol);
    this.workload[at] = this.names.codeOf(row.workload);
    this.reporter[at] = this.names.codeOf(row.reporter);
    this.before.set(at, row.before);
    this.seen.set(at, row.seen);
    this.destination.set(at, row.destination);
    this.length = at + 1;
  }

  rowAt(at: number): LogRow {
    const atUs = this.atUs[at] ?? 0;
    return {
      atUs,
      untilUs: atUs + (this.lastedUs[at] ?? 0),
      kind: KINDS[this.kind[at] ?? 0] ?? "unknown",
      strength: STRENGTHS[this.strength[at] ?? 0] ?? "none",
      event: EVENTS[this.event[at] ?? 0] ?? "flow",
      workload: this.names.list[this.workload[at] ?? 0] ?? "",
      reporter: this.names.list[this.reporter[at] ?? 0] ?? "",
      protocol: PROTOCOLS[this.protocol[at] ?? 0] ?? null,
      before: this.before.at(at),
      seen: this.seen.at(at),
      destination: this.destination.at(at),
    };
  }

  rows(): readonly LogRow[] {
    return Array.from({ length: this.length }, (_, at) => this.rowAt(at));
  }

  clear(): void {
    this.length = 0;
    for (const end of [this.before, this.seen, this.destination]) end.clear();
  }
}

export function columnsOf(rows: readonly LogRow[]): RowColumns {
  const columns = new RowColumns(rows.length);
  for (const row of rows) columns.push(row);
  return columns;
}
