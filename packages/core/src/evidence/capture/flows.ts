import type { Ip } from "../../address/ip.ts";
import type { Mark } from "../../witness/mark.ts";
import type { ProxyHeader } from "../tcpdump/connections.ts";
import { serverRank } from "../tcpdump/services.ts";
import { i32 } from "./bytes.ts";
import { type Events, infoOf, type Moment, newEvents, record } from "./events.ts";
import { Direction, type Frame, Icmp, Protocol, TUNNELS } from "./frame.ts";
import { add, find, findOrAdd, type HashTable, newHashTable, OWN, ROW } from "./hash-table.ts";
import { hostAt, hostNumbered } from "./hosts.ts";
import { helloMarkIn } from "./marks.ts";
import { proxyHeaderIn } from "./proxy-protocol.ts";

/**
 * The conversations of a capture in a bounded amount of memory: their ends, counts, first and last times, and of each the
 * few packets that tell who opened it and where it was captured.
 */
export interface Flows {
  /**
   * Keys: the lower side, the higher one, the port of each, and `Kind`. Then the row's bits of `Seen`, how many packets it
   * has, and when the last one came (seconds, nanoseconds).
   */
  readonly table: HashTable;
  /** Of IPv6, so that one number stands for an address. */
  readonly addresses: HashTable;
  readonly events: Events;
  readonly proxies: Map<number, ProxyHeader>;
  readonly tunnels: Map<number, string>;
  /** Of hellos that `seenas probe` sent. */
  readonly marks: Map<number, Mark>;
  /** Packets of conversations beyond the limits. */
  notKept: number;
}

export interface Limits {
  /** Connections are told apart up to this many; then only source, destination, port and protocol are. */
  readonly connections: number;
  /** Rows in all; what comes after them is only counted. */
  readonly rows: number;
  /** Observations: more are read by nobody, and each of them takes a thousand times what a packet takes. */
  readonly told: number;
  /** What is asked for: beyond the limits there is as much room again for connections to it alone. */
  readonly wanted?: Wanted;
}

/** A destination, as far as it is known. */
export interface Wanted {
  readonly address: Ip | null;
  readonly port: number | null;
}

export const LIMITS: Limits = { connections: 1 << 16, rows: 1 << 17, told: 10_000 };

/** The last word of a key: the protocol, and these. */
export const Kind = { protocol: 0xff, ipv6: 0x100, anyLowerPort: 0x200, anyHigherPort: 0x400 } as const;

/** What was seen of a conversation; of the higher side eight bits further left. */
const Seen = { packet: 1, in: 2, out: 4, fin: 8, data: 16, request: 32, reply: 64 } as const;
const HIGHER = 8;
const SYN_SEEN = 1 << 16;
/** How many of the next packets are kept whatever they are, in two bits. */
const FOLLOWING = 1 << 17;
const FOLLOWING_MASK = 3 << 17;
/** How many were kept. */
const KEPT = 1 << 20;
const MOST_KEPT = 24;

const [FIN, SYN, ACK] = [1, 2, 16];

export const newFlows = (): Flows => ({
  table: newHashTable(),
  addresses: newHashTable(),
  events: newEvents(),
  proxies: new Map(),
  tunnels: new Map(),
  marks: new Map(),
  notKept: 0,
});

/** Counts a packet that was read, and keeps what it tells. */
export function addPacket(flows: Flows, frame: Frame, bytes: DataView, moment: Moment, limits: Limits): void {
  const isV4 = frame.family === 4;
  const source = isV4 ? i32(bytes, frame.addressesAt) : addressNumber(flows, bytes, frame.addressesAt, limits);
  const destination = isV4
    ? i32(bytes, frame.addressesAt + 4)
    : addressNumber(flows, bytes, frame.addressesAt + 16, limits);
  const { sourcePort, destinationPort } = frame;
  const fromHigher = source > destination || (source === destination && sourcePort > destinationPort);
  const a = fromHigher ? destination : source;
  const b = fromHigher ? source : destination;
  const ports = fromHigher ? (destinationPort << 16) | sourcePort : (sourcePort << 16) | destinationPort;
  const kind = isV4 ? frame.protocol : frame.protocol | Kind.ipv6;
  if (!isV4 && (source < 0 || destination < 0)) {
    flows.notKept += 1;
    return;
  }
  let row = find(flows.table, a, b, ports, kind);
  if (row < 0) row = newRow(flows, frame, fromHigher, a, b, ports, kind, limits);
  if (row < 0) {
    flows.notKept += 1;
    return;
  }
  const { words } = flows.table;
  const at = row * ROW + OWN;
  const state = words[at] ?? 0;
  if (state === 0 && frame.tunnel !== 0) flows.tunnels.set(row, tunnelOf(frame, bytes));
  words[at + 1] = (words[at + 1] ?? 0) + 1;
  words[at + 2] = moment.seconds;
  words[at + 3] = moment.nanoseconds;
  if (tellsSomething(frame, state, fromHigher)) keep(flows, row, state, frame, bytes, moment, fromHigher);
}

/** Most packets of a conversation end here. */
function tellsSomething(frame: Frame, state: number, fromHigher: boolean): boolean {
  const seen = fromHigher ? state >> HIGHER : state;
  if ((seen & Seen.packet) === 0 || (state & FOLLOWING_MASK) !== 0 || (frame.flags & SYN) !== 0) return true;
  if ((frame.flags & FIN) !== 0 && closes(state, seen)) return true;
  if (frame.direction !== Direction.unknown && (seen & directionBit(frame.direction)) === 0) return true;
  if (frame.icmp !== Icmp.none) return (seen & icmpBit(frame.icmp)) === 0;
  return frame.protocol === Protocol.tcp && (seen & Seen.data) === 0 && frame.at < frame.end;
}

/** How fast an opening was answered tells who answered; without an opening, the first closing does (tcpdump/vantage.ts). */
const closes = (state: number, seen: number): boolean => (seen & Seen.fin) === 0 && (state & SYN_SEEN) === 0;

const directionBit = (direction: number): number =>
  direction === Direction.in ? Seen.in : direction === Direction.out ? Seen.out : 0;
const icmpBit = (icmp: number): number => (icmp === Icmp.echoRequest ? Seen.request : Seen.reply);

function keep(
  flows: Flows,
  row: number,
  before: number,
  frame: Frame,
  bytes: DataView,
  moment: Moment,
  fromHigher: boolean,
): void {
  const shift = fromHigher ? HIGHER : 0;
  const seen = before >> shift;
  let state = before;
  let isKept = (seen & Seen.packet) === 0 || (frame.flags & SYN) !== 0;
  state |= Seen.packet << shift;
  const direction = directionBit(frame.direction);
  if ((seen & direction) !== direction) isKept = true;
  state |= direction << shift;
  if (frame.icmp !== Icmp.none) {
    isKept ||= (seen & icmpBit(frame.icmp)) === 0;
    state |= icmpBit(frame.icmp) << shift;
  }
  if ((state & FOLLOWING_MASK) !== 0) {
    isKept = true;
    state -= FOLLOWING;
  }
  const isClosing = (frame.flags & FIN) !== 0 && closes(state, seen);
  if (isClosing) state |= Seen.fin << shift;
  if ((frame.flags & SYN) !== 0) state |= SYN_SEEN;
  if (isClosing || (frame.flags & (SYN | ACK)) === SYN) {
    isKept = true;
    state = (state & ~FOLLOWING_MASK) | (2 * FOLLOWING);
  }
  if (frame.protocol === Protocol.tcp && frame.at < frame.end && (seen & Seen.data) === 0) {
    state |= Seen.data << shift;
    const header = proxyHeaderIn(bytes, frame.at, frame.end);
    if (header !== null) flows.proxies.set(row, header);
    else noteMark(flows, row, frame, bytes);
  } else if (frame.protocol === Protocol.udp && (seen & Seen.packet) === 0) noteMark(flows, row, frame, bytes);
  if (isKept && state >>> 20 < MOST_KEPT) {
    record(flows.events, row, moment, frame.sequence, infoOf(frame, fromHigher));
    state += KEPT;
  }
  flows.table.words[row * ROW + OWN] = state;
}

function noteMark({ marks }: Flows, row: number, { at, end }: Frame, bytes: DataView): void {
  const mark = helloMarkIn(bytes, at, end);
  if (mark !== null && !marks.has(row)) marks.set(row, mark);
}

/** Beyond the limit of connections the client's port is left out of the key. @returns -1 beyond the limit of rows */
function newRow(
  flows: Flows,
  frame: Frame,
  fromHigher: boolean,
  a: number,
  b: number,
  ports: number,
  kind: number,
  limits: Limits,
): number {
  if (flows.table.size < limits.connections) return add(flows.table, a, b, ports, kind);
  const clientIsHigher = isFromClient(frame) === fromHigher;
  const folded = frame.protocol === Protocol.icmp ? 0 : clientIsHigher ? Kind.anyHigherPort : Kind.anyLowerPort;
  const kept = folded === 0 ? ports : clientIsHigher ? ports & ~0xffff : ports & 0xffff;
  const row = find(flows.table, a, b, kept, kind | folded);
  if (row >= 0) return row;
  const room = isWanted(flows, a, b, kept, kind, limits) ? limits.rows * 2 : limits.rows;
  return flows.table.size < room ? add(flows.table, a, b, kept, kind | folded) : -1;
}

/** Whether one side of these, in words of a key, is what is asked for. */
export function isWanted(flows: Flows, a: number, b: number, ports: number, kind: number, limits: Limits): boolean {
  const { wanted } = limits;
  if (wanted === undefined) return false;
  const { address, port } = wanted;
  const isV6 = (kind & Kind.ipv6) !== 0;
  const fits = (side: number, own: number): boolean =>
    (port === null || own === port) &&
    (address === null || (isV6 ? hostOfRow(flows, side) === address : side === numberV4(address)));
  return fits(a, ports >>> 16) || fits(b, ports & 0xffff);
}

const hostOfRow = ({ addresses }: Flows, number: number): string => hostNumbered(addresses, number).text;

/** As a word of a key; null: it is IPv6. */
const numberV4 = (ip: Ip): number | null => {
  const octets = ip.includes(":") ? [] : ip.split(".").map(Number);
  return octets.length === 4 ? octets.reduce((sum, octet) => (sum << 8) | octet, 0) : null;
};

/** The opening decides, else the port that looks more like a server's, else the lower one. */
function isFromClient({ protocol, flags, sourcePort, destinationPort }: Frame): boolean {
  if (protocol === Protocol.tcp && (flags & SYN) !== 0) return (flags & ACK) === 0;
  const difference = serverRank(destinationPort) - serverRank(sourcePort);
  return difference === 0 ? destinationPort <= sourcePort : difference > 0;
}

function addressNumber({ addresses }: Flows, bytes: DataView, at: number, limits: Limits): number {
  const a = i32(bytes, at);
  const b = i32(bytes, at + 4);
  const c = i32(bytes, at + 8);
  const d = i32(bytes, at + 12);
  const found = find(addresses, a, b, c, d);
  if (found >= 0) return found;
  return addresses.size < (limits.wanted === undefined ? limits.rows : limits.rows * 2)
    ? add(addresses, a, b, c, d)
    : -1;
}

/** How many packets a row has, and when the last of them came. */
export function statsOf({ table }: Flows, row: number): Moment {
  const at = row * ROW + OWN;
  const seconds = table.words[at + 2] ?? 0;
  return {
    number: (table.words[at + 1] ?? 0) >>> 0,
    seconds: seconds === -1 ? -1 : seconds >>> 0,
    nanoseconds: table.words[at + 3] ?? 0,
  };
}

/** How many pairs of hosts there are. */
export function pairsIn({ table: { words, size } }: Flows): number {
  const pairs = newHashTable();
  for (let at = 0; at < size * ROW; at += ROW) {
    const a = words[at] ?? 0;
    const b = words[at + 1] ?? 0;
    const isV6 = (words[at + 3] ?? 0) & Kind.ipv6;
    findOrAdd(pairs, a, b, isV6, 0);
  }
  return pairs.size;
}

function tunnelOf({ tunnel, tunnelAddressesAt, tunnelFamily }: Frame, bytes: DataView): string {
  const from = hostAt(bytes, tunnelAddressesAt, tunnelFamily).text;
  const to = hostAt(bytes, tunnelAddressesAt + (tunnelFamily === 4 ? 4 : 16), tunnelFamily).text;
  return `${TUNNELS[tunnel] ?? ""} ${from} > ${to}`;
}
