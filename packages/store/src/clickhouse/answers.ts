import type { EvidenceKind, Protocol, Strength } from "@seenas/core";
import { type Ip, parseIp } from "@seenas/core/address";
import type { SeenRow, UsedRow, WhoRow } from "../questions.ts";
import type { Endpoint } from "../row.ts";
import { KIND_CODES, NO_PORT, PROTOCOL_CODES, STRENGTH_CODES } from "./columns.ts";
import type { Cell } from "./connection.ts";

/** A row of a result, in the order of the columns of statements.ts. What cannot be there is our own bug and throws. */
type Cells = readonly Cell[];

export const usedRow = ([address, first, last, count, kinds, strength]: Cells): UsedRow => ({
  address: someAddress(address),
  firstUs: number(first),
  lastUs: number(last),
  count: number(count),
  kinds: kindsOf(kinds),
  strength: strengthOf(strength),
});

export function whoRow(cells: Cells): WhoRow {
  const [at, until, kind, strength, workload, reporter, protocol, ...ends] = cells;
  const [before, beforePort, seen, seenPort, destination, destinationPort] = ends;
  return {
    atUs: number(at),
    untilUs: number(until),
    kind: kindOf(kind),
    strength: strengthOf(strength),
    workload: String(workload),
    reporter: String(reporter),
    protocol: protocolOf(protocol),
    before: endpoint(before, beforePort),
    seen: { address: someAddress(seen), port: portOf(seenPort) },
    destination: endpoint(destination, destinationPort),
  };
}

/** The order of `whoStatement`, where a text is compared by its bytes. */
export const latestFirst = (a: WhoRow, b: WhoRow): number =>
  b.atUs - a.atUs ||
  a.untilUs - b.untilUs ||
  Buffer.compare(Buffer.from(a.workload), Buffer.from(b.workload)) ||
  portCode(a.destination) - portCode(b.destination) ||
  portCode(a.before) - portCode(b.before);

const portCode = (end: Endpoint | null): number => end?.port ?? NO_PORT;

export const seenRow = ([workload, before, destination, port, first, last, count]: Cells): SeenRow => ({
  workload: String(workload),
  before: addressOf(before),
  destination: addressOf(destination),
  destinationPort: portOf(port),
  firstUs: number(first),
  lastUs: number(last),
  count: number(count),
});

export const kindsOf = (cell: Cell | undefined): readonly EvidenceKind[] =>
  (Array.isArray(cell) ? cell.map(kindOf) : []).sort();

const kindOf = (cell: Cell | undefined): EvidenceKind => named(KIND_CODES, cell);

const strengthOf = (cell: Cell | undefined): Strength => named(STRENGTH_CODES, cell);

function protocolOf(cell: Cell | undefined): Protocol | null {
  const protocol = named(PROTOCOL_CODES, cell);
  return protocol === "none" ? null : protocol;
}

export function number(cell: Cell | undefined): number {
  const value = typeof cell === "string" || typeof cell === "number" ? Number(cell) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw new TypeError(`not a whole number: ${JSON.stringify(cell)}`);
  return value;
}

/** `::` is none; `::ffff:192.0.2.1` is IPv4. */
const addressOf = (cell: Cell | undefined): Ip | null => (cell === "::" ? null : someAddress(cell));

function someAddress(cell: Cell | undefined): Ip {
  const address = typeof cell === "string" ? parseIp(cell) : undefined;
  if (address === undefined) throw new TypeError(`not an address: ${JSON.stringify(cell)}`);
  return address;
}

function portOf(cell: Cell | undefined): number | null {
  const port = number(cell);
  return port === NO_PORT ? null : port;
}

function endpoint(address: Cell | undefined, port: Cell | undefined): Endpoint | null {
  const known = addressOf(address);
  return known === null ? null : { address: known, port: portOf(port) };
}

/** The word of a number, or the word itself. */
function named<Name extends string>(codes: Readonly<Record<Name, number>>, cell: Cell | undefined): Name {
  const isName = (text: string): text is Name => Object.hasOwn(codes, text);
  for (const name of Object.keys(codes))
    if (isName(name) && (name === cell || String(codes[name]) === String(cell))) return name;
  throw new TypeError(`not one of ${Object.keys(codes).join(", ")}: ${JSON.stringify(cell)}`);
}
