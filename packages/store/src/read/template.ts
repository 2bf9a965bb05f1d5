import { type EndColumn, NO_END, NO_PORT, type RowColumns } from "../columns.ts";
import type { LogRow } from "../row.ts";
import { EVENTS, KINDS, PROTOCOLS, STRENGTHS } from "../words.ts";
import { portIn, quadIn, StampReader, type WordTable } from "./bytes.ts";
import { type Layout, layoutOf } from "./layout.ts";

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

/**
 * Records of one log are laid out alike: the same members in the same sequence, and only values differ. A template
 * knows what stands between the values of one record that `JSON.parse` has read. A line in which all of that stands, to
 * the byte, and whose values are plain, is the same record with other values, and needs no parser. Any doubt, and the
 * line is left to the parser.
 */
export class Template {
  readonly #layout: Layout;
  readonly #at: Readonly<Partial<Record<Part, number>>>;
  readonly #row: LogRow;
  readonly #words: WordTable;
  readonly #time = new StampReader();
  readonly #end = new StampReader();
  readonly #codes: readonly [kind: number, strength: number, event: number];
  readonly #noName: number;

  private constructor(layout: Layout, at: Readonly<Partial<Record<Part, number>>>, row: LogRow, words: WordTable) {
    this.#layout = layout;
    this.#at = at;
    this.#row = row;
    this.#words = words;
    this.#codes = [KINDS.indexOf(row.kind), STRENGTHS.indexOf(row.strength), EVENTS.indexOf(row.event)];
    this.#noName = words.codeOfText("");
  }

  /** @param row what the line was read as. @returns null: lines like it are left to the parser */
  static learn(line: Buffer, row: LogRow, words: WordTable): Template | null {
    const parts = row.kind === "cloud-nat-log" ? NAT_PARTS : row.kind === "gcp-flow-log" ? FLOW_PARTS : null;
    const layout = parts === null ? null : layoutOf(line, (path) => DECIDES.has(path));
    if (parts === null || layout === null || layout.paths.some((path) => INSTEAD.has(path))) return null;
    const at: Partial<Record<Part, number>> = {};
    for (const [index, path] of layout.paths.entries()) {
      const part = Object.hasOwn(parts, path) ? parts[path] : undefined;
      if (part !== undefined) at[part] = index;
    }
    const needed: readonly Part[] =
      row.kind === "cloud-nat-log" ? ["time", "source", "to"] : ["time", "end", "source", "to"];
    const isWhole =
      needed.every((part) => at[part] !== undefined) &&
      (row.kind === "gcp-flow-log" || row.seen === null || at.nat !== undefined);
    return isWhole ? new Template(layout, at, row, words) : null;
  }

  /** @returns where the record ends; -1: it is not of this layout, and nothing was added */
  read(bytes: Buffer, from: number, columns: RowColumns): number {
    const stop = this.#layout.match(bytes, from);
    return stop !== -1 && this.#put(bytes, columns) ? stop : -1;
  }

  #put(bytes: Buffer, columns: RowColumns): boolean {
    const row = columns.length;
    const at = this.#stamp("time", this.#time, bytes);
    const until = this.#at.end === undefined ? at : this.#stamp("end", this.#end, bytes);
    if (at === -1 || until === -1) return false;
    const { before, seen, destination } = this.#row;
    const isNat = this.#row.kind === "cloud-nat-log";
    const workload = this.#word("workload", bytes);
    const reporter = isNat ? this.#gateway(bytes) : this.#word("network", bytes);
    if (
      workload === -1 ||
      reporter === -1 ||
      !this.#fill(columns.before, row, before === null ? null : "source", "sourcePort", bytes) ||
      !this.#fill(
        columns.seen,
        row,
        seen === null ? null : isNat ? "nat" : "source",
        isNat ? "natPort" : "sourcePort",
        bytes,
      ) ||
      !this.#fill(columns.destination, row, destination === null ? null : "to", "toPort", bytes)
    )
      return false;
    columns.atUs[row] = Math.min(at, until);
    columns.lastedUs[row] = Math.abs(until - at);
    columns.kind[row] = this.#codes[0];
    columns.strength[row] = this.#codes[1];
    columns.event[row] = this.#codes[2];
    columns.protocol[row] = this.#protocol(bytes);
    columns.workload[row] = workload;
    columns.reporter[row] = reporter;
    columns.length = row + 1;
    return true;
  }

  #fill(end: EndColumn, row: number, address: Part | null, port: Part, bytes: Buffer): boolean {
    if (address === null) {
      end.v4[row] = 0;
      end.port[row] = NO_END;
      return true;
    }
    const { starts, ends } = this.#layout;
    const index = this.#at[address] ?? -1;
    const value = quadIn(bytes, starts[index] ?? 0, ends[index] ?? 0);
    const portIndex = this.#at[port];
    const number = portIndex === undefined ? NO_PORT : portIn(bytes, starts[portIndex] ?? 0, ends[portIndex] ?? 0);
    if (value === -1 || number < NO_PORT) return false;
    end.v4[row] = value;
    end.port[row] = number;
    return true;
  }

  #stamp(part: Part, reader: StampReader, bytes: Buffer): number {
    const index = this.#at[part] ?? -1;
    return reader.read(bytes, this.#layout.starts[index] ?? 0, this.#layout.ends[index] ?? 0);
  }

  /** The code of a name; that of "" where the record has no such member; -1: what is there is no plain name. */
  #word(part: Part, bytes: Buffer): number {
    const index = this.#at[part];
    if (index === undefined) return this.#noName;
    return this.#words.codeOf(bytes, this.#layout.starts[index] ?? 0, this.#layout.ends[index] ?? 0);
  }

  #gateway(bytes: Buffer): number {
    const [router, gateway] = [this.#word("router", bytes), this.#word("gateway", bytes)];
    if (router === -1 || gateway === -1) return -1;
    if (router === this.#noName || gateway === this.#noName) return router === this.#noName ? gateway : router;
    return this.#words.codeOfPair(router, gateway);
  }

  #protocol(bytes: Buffer): number {
    const index = this.#at.protocol;
    if (index === undefined) return 0;
    const number = portIn(bytes, this.#layout.starts[index] ?? 0, this.#layout.ends[index] ?? 0);
    return number === 6 ? TCP : number === 17 ? UDP : number === 1 || number === 58 ? ICMP : 0;
  }
}

const [TCP, UDP, ICMP] = [PROTOCOLS.indexOf("tcp"), PROTOCOLS.indexOf("udp"), PROTOCOLS.indexOf("icmp")];
