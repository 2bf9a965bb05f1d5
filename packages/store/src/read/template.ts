import { type EndColumn, type Names, NO_END, NO_NAME, NO_PORT, type RowColumns } from "../columns.ts";
import type { LogRow } from "../row.ts";
import { EVENTS, KINDS, PROTOCOLS, STRENGTHS } from "../words.ts";
import { layoutOf } from "./layout.ts";
import { momentOf } from "./moment.ts";
import { FOUND, type Kind, Scanner } from "./scanner.ts";

/** What a value of a record is for; others are stepped over. */
type Role = "time" | "end" | "source" | "sourcePort" | "nat" | "natPort" | "to" | "toPort" | "protocol" | "workload";
type Part = Role | "router" | "gateway" | "network";

const CONNECTION = "jsonPayload.connection";

const NAT_PARTS: Readonly<Record<string, Part>> = {
  timestamp: "time",
  [`${CONNECTION}.src_ip`]: "source",
  [`${CONNECTION}.src_port`]: "sourcePort",
  [`${CONNECTION}.nat_ip`]: "nat",
  [`${CONNECTION}.nat_port`]: "natPort",
  [`${CONNECTION}.dest_ip`]: "to",
  [`${CONNECTION}.dest_port`]: "toPort",
  [`${CONNECTION}.protocol`]: "protocol",
  "jsonPayload.endpoint.vm_name": "workload",
  "jsonPayload.gateway_identifiers.router_name": "router",
  "jsonPayload.gateway_identifiers.gateway_name": "gateway",
};

const FLOW_PARTS: Readonly<Record<string, Part>> = {
  "jsonPayload.start_time": "time",
  "jsonPayload.end_time": "end",
  [`${CONNECTION}.src_ip`]: "source",
  [`${CONNECTION}.src_port`]: "sourcePort",
  [`${CONNECTION}.dest_ip`]: "to",
  [`${CONNECTION}.dest_port`]: "toPort",
  [`${CONNECTION}.protocol`]: "protocol",
  "jsonPayload.src_instance.vm_name": "workload",
  "resource.labels.subnetwork_name": "network",
};

/** What decides how a record is read at all: part of the layout, so that a record with another value has another. */
const DECIDES = new Set(["jsonPayload.allocation_status", "jsonPayload.reporter", "logName"]);
/** Read only where a member above is not there; such records are left to `JSON.parse`. */
const INSTEAD = new Set([
  "jsonPayload.gateway_identifiers.cloud_router",
  "jsonPayload.src_gateway.name",
  `${CONNECTION}.dst_ip`,
  `${CONNECTION}.dst_port`,
]);

/** Members that are read as texts alone; as what else they are, the parser says. */
const KIND_OF: Readonly<Record<Part, { readonly text: Kind | null; readonly number: Kind | null }>> = {
  time: { text: "stamp", number: null },
  end: { text: "stamp", number: null },
  source: { text: "quad", number: null },
  sourcePort: { text: "port-text", number: "port-number" },
  nat: { text: "quad", number: null },
  natPort: { text: "port-text", number: "port-number" },
  to: { text: "quad", number: null },
  toPort: { text: "port-text", number: "port-number" },
  protocol: { text: null, number: "port-number" },
  workload: { text: "word", number: null },
  router: { text: "word", number: null },
  gateway: { text: "word", number: null },
  network: { text: "word", number: null },
};

/** A value's place in what was found; -1: the record has no such member. */
const NONE = -1;

/**
 * Records of one log are laid out alike: the same members in the same sequence, and only values differ. A template
 * knows what stands between the values of one record that `JSON.parse` has read. A line in which all of that stands, to
 * the byte, and whose values are plain, is the same record with other values, and needs no parser. Any doubt, and the
 * line is left to the parser.
 */
class Template {
  readonly #scanner: Scanner;
  readonly #layout: number;
  readonly #row: LogRow;
  readonly #isNat: boolean;
  readonly #at: Readonly<Record<Part, number>>;
  /** Where the values of many lines lie. */
  readonly #cell: Readonly<Record<Part, number>>;
  /** Of the minute that stamps are compared with, at the place of each. */
  readonly #minutesUs: number[] = [];
  readonly #codes: readonly [kind: number, strength: number, event: number];

  private constructor(scanner: Scanner, layout: number, at: Readonly<Record<Part, number>>, row: LogRow) {
    this.#scanner = scanner;
    this.#layout = layout;
    this.#at = at;
    this.#cell = cellsOf(at, scanner.rowsAtOnce);
    this.#row = row;
    this.#isNat = row.kind === "cloud-nat-log";
    this.#codes = [KINDS.indexOf(row.kind), STRENGTHS.indexOf(row.strength), EVENTS.indexOf(row.event)];
  }

  /** @param row what the line was read as. @returns null: lines like it are left to the parser */
  static learn(line: Buffer, row: LogRow, scanner: Scanner): Template | null {
    const parts = row.kind === "cloud-nat-log" ? NAT_PARTS : row.kind === "gcp-flow-log" ? FLOW_PARTS : null;
    const layout = parts === null ? null : layoutOf(line, (path) => DECIDES.has(path));
    if (parts === null || layout === null || layout.paths.some((path) => INSTEAD.has(path))) return null;
    const at: Record<Part, number> = { ...NOWHERE };
    const kinds: Kind[] = [];
    for (const [index, path] of layout.paths.entries()) {
      const named = Object.hasOwn(parts, path) ? parts[path] : undefined;
      const part = row.seen === null && (named === "nat" || named === "natPort") ? undefined : named;
      const isText = layout.isText[index] === true;
      if (part !== undefined) at[part] = index * FOUND;
      const kind = part === undefined ? (isText ? "text" : "number") : KIND_OF[part][isText ? "text" : "number"];
      if (kind === null) return null;
      kinds.push(kind);
    }
    const isNat = row.kind === "cloud-nat-log";
    const needed: readonly Part[] = isNat ? ["time", "source", "to"] : ["time", "end", "source", "to"];
    const isWhole = needed.every((part) => at[part] !== NONE) && (!isNat || row.seen === null || at.nat !== NONE);
    const place = isWhole ? scanner.place(kinds, layout.between) : null;
    return place === null ? null : new Template(scanner, place, at, row);
  }

  /** It is not asked any more. */
  forget(): void {
    this.#scanner.forget(this.#layout);
  }

  /** Reads lines for which there is room. @returns where the first begins that is not of this layout */
  read(bytes: Buffer, from: number, columns: RowColumns): number {
    let at = from;
    while (at < bytes.length && !columns.isFull) {
      const room = Math.min(columns.capacity - columns.length, this.#scanner.rowsAtOnce);
      at = this.#scanner.scan(this.#layout, bytes, at, room);
      const { rows } = this.#scanner;
      if (rows > 0) this.#putAll(columns, rows);
      if (rows === room || at >= bytes.length) continue;
      const stop = this.#scanner.stopIn(bytes);
      if (stop === -1 || !this.#put(columns)) return at;
      at = stop + 1;
    }
    return at;
  }

  /** What was read of so many lines. */
  #putAll(columns: RowColumns, count: number): void {
    const { cells } = this.#scanner;
    const cell = this.#cell;
    const from = columns.length;
    const to = from + count;
    const { before, seen, destination } = this.#row;
    const [seenAddress, seenPort] = this.#isNat ? [cell.nat, cell.natPort] : [cell.source, cell.sourcePort];
    this.#putTimes(columns, count);
    putEnd(columns.before, from, to, cells, before === null ? NONE : cell.source, cell.sourcePort);
    putEnd(columns.seen, from, to, cells, seen === null ? NONE : seenAddress, seenPort);
    putEnd(columns.destination, from, to, cells, destination === null ? NONE : cell.to, cell.toPort);
    columns.kind.fill(this.#codes[0], from, to);
    columns.strength.fill(this.#codes[1], from, to);
    columns.event.fill(this.#codes[2], from, to);
    if (cell.protocol === NONE) columns.protocol.fill(0, from, to);
    else for (let at = 0; at < count; at += 1) columns.protocol[from + at] = protocolOf(cells[cell.protocol + at]);
    putWords(columns.workload, from, to, cells, cell.workload);
    if (!this.#isNat) putWords(columns.reporter, from, to, cells, cell.network);
    else
      for (let at = 0; at < count; at += 1)
        columns.reporter[from + at] = this.#gateway(
          cell.router === NONE ? NO_NAME : (cells[cell.router + at] ?? NO_NAME),
          cell.gateway === NONE ? NO_NAME : (cells[cell.gateway + at] ?? NO_NAME),
        );
    columns.length = to;
  }

  #putTimes(columns: RowColumns, count: number): void {
    const { cells } = this.#scanner;
    const { time, end } = this.#cell;
    const from = columns.length;
    const minuteUs = this.#minutesUs[this.#at.time] ?? 0;
    for (let at = 0; at < count; at += 1) columns.atUs[from + at] = minuteUs + (cells[time + at] ?? 0);
    columns.lastedUs.fill(0, from, from + count);
    if (end === NONE) return;
    const endMinuteUs = this.#minutesUs[this.#at.end] ?? 0;
    for (let at = 0; at < count; at += 1) {
      const [atUs, untilUs] = [columns.atUs[from + at] ?? 0, endMinuteUs + (cells[end + at] ?? 0)];
      columns.atUs[from + at] = Math.min(atUs, untilUs);
      columns.lastedUs[from + at] = Math.abs(untilUs - atUs);
    }
  }

  /** What was found of one line. */
  #put(columns: RowColumns): boolean {
    const row = columns.length;
    const at = this.#at;
    const atUs = this.#stamp(at.time);
    const untilUs = at.end === NONE ? atUs : this.#stamp(at.end);
    if (atUs === -1 || untilUs === -1) return false;
    const { before, seen, destination } = this.#row;
    const [seenAddress, seenPort] = this.#isNat ? [at.nat, at.natPort] : [at.source, at.sourcePort];
    if (
      !this.#fill(columns.before, row, before === null ? NONE : at.source, at.sourcePort) ||
      !this.#fill(columns.seen, row, seen === null ? NONE : seenAddress, seenPort) ||
      !this.#fill(columns.destination, row, destination === null ? NONE : at.to, at.toPort)
    )
      return false;
    columns.atUs[row] = Math.min(atUs, untilUs);
    columns.lastedUs[row] = Math.abs(untilUs - atUs);
    columns.kind[row] = this.#codes[0];
    columns.strength[row] = this.#codes[1];
    columns.event[row] = this.#codes[2];
    columns.protocol[row] = at.protocol === NONE ? 0 : protocolOf(this.#scanner.found[at.protocol + 2]);
    columns.workload[row] = this.#word(at.workload);
    columns.reporter[row] = this.#isNat
      ? this.#gateway(this.#word(at.router), this.#word(at.gateway))
      : this.#word(at.network);
    columns.length = row + 1;
    return true;
  }

  #fill(end: EndColumn, row: number, address: number, port: number): boolean {
    if (address === NONE) {
      end.v4[row] = 0;
      end.port[row] = NO_END;
      return true;
    }
    const { found } = this.#scanner;
    const value = found[address + 2] ?? 0;
    const number = port === NONE ? NO_PORT : (found[port + 2] ?? NO_END);
    // No address, or none that is written plainly, or no port.
    if (value === 0 || number < NO_PORT) return false;
    end.v4[row] = value;
    end.port[row] = number;
    return true;
  }

  /** Times as `momentOf` reads them; one in the same minute as the last is reckoned from that. */
  #stamp(value: number): number {
    const us = this.#scanner.found[value + 2] ?? -1;
    const minuteUs = this.#minutesUs[value];
    if (us !== -1 && minuteUs !== undefined) return minuteUs + us;
    const text = this.#scanner.textAt(value);
    const moment = momentOf(text);
    const minute = momentOf(`${text.slice(0, MINUTE)}:00Z`);
    if (moment === null) return -1;
    if (minute !== null) {
      this.#minutesUs[value] = minute;
      this.#scanner.setMinute(this.#layout, value / FOUND);
    }
    return moment;
  }

  /** The code of a name; that of "" where the record has no such member. */
  #word(value: number): number {
    return value === NONE ? NO_NAME : this.#scanner.codeAt(value);
  }

  #gateway(router: number, gateway: number): number {
    if (router === NO_NAME || gateway === NO_NAME) return router === NO_NAME ? gateway : router;
    return this.#scanner.codeOfPair(router, gateway);
  }
}

/** Values that are read lie one behind the other in the sequence in which they stand in a line. */
function cellsOf(at: Readonly<Record<Part, number>>, rowsAtOnce: number): Readonly<Record<Part, number>> {
  const places = Object.values(at).filter((place) => place !== NONE);
  const read = places.sort((a, b) => a - b);
  const cell: Record<Part, number> = { ...NOWHERE };
  for (const part of PARTS) if (at[part] !== NONE) cell[part] = read.indexOf(at[part]) * rowsAtOnce;
  return cell;
}

function putEnd(end: EndColumn, from: number, to: number, cells: Int32Array, address: number, port: number): void {
  if (address === NONE) {
    end.v4.fill(0, from, to);
    end.port.fill(NO_END, from, to);
    return;
  }
  for (let row = from; row < to; row += 1) end.v4[row] = cells[address + row - from] ?? 0;
  if (port === NONE) end.port.fill(NO_PORT, from, to);
  else for (let row = from; row < to; row += 1) end.port[row] = cells[port + row - from] ?? NO_END;
}

function putWords(codes: Uint32Array, from: number, to: number, cells: Int32Array, word: number): void {
  if (word === NONE) codes.fill(NO_NAME, from, to);
  else for (let row = from; row < to; row += 1) codes[row] = cells[word + row - from] ?? NO_NAME;
}

const protocolOf = (number: number | undefined): number =>
  number === 6 ? TCP : number === 17 ? UDP : number === 1 || number === 58 ? ICMP : 0;

/** `2026-11-22T09:00`: what the times of neighbours have in common. */
const MINUTE = 16;
const [TCP, UDP, ICMP] = [PROTOCOLS.indexOf("tcp"), PROTOCOLS.indexOf("udp"), PROTOCOLS.indexOf("icmp")];

const NOWHERE: Readonly<Record<Part, number>> = {
  ...{ time: NONE, end: NONE, source: NONE, sourcePort: NONE, nat: NONE, natPort: NONE, to: NONE, toPort: NONE },
  ...{ protocol: NONE, workload: NONE, router: NONE, gateway: NONE, network: NONE },
};

const PARTS = Object.keys(NOWHERE) as readonly Part[];

/** Records of a log have a few layouts; beyond these, looking for one takes longer than parsing. */
const TEMPLATES = 12;

/** What was learned of the lines read so far: the next file of a log is laid out as the last one. */
export class Templates {
  readonly scanner: Scanner;
  /** The last that fitted first. */
  readonly #list: Template[] = [];

  constructor(names: Names) {
    this.scanner = new Scanner(names);
  }

  /** Reads lines for which there is room. @returns where the first begins that must be parsed */
  read(bytes: Buffer, from: number, columns: RowColumns): number {
    const list = this.#list;
    let at = from;
    for (let index = 0; index < list.length && at < bytes.length && !columns.isFull; index += 1) {
      const template = list[index];
      const next = template?.read(bytes, at, columns) ?? at;
      if (template === undefined || next === at) continue;
      at = next;
      list.copyWithin(1, 0, index);
      list[0] = template;
      index = 0;
    }
    return at;
  }

  /** @param row what `JSON.parse` made of the line */
  learn(line: Buffer, row: LogRow): void {
    const template = Template.learn(line, row, this.scanner);
    if (template === null) return;
    this.#list.unshift(template);
    if (this.#list.length > TEMPLATES) this.#list.pop()?.forget();
  }
}
