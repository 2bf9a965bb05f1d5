import type { ObservedAddress } from "../observation.ts";
import type { Connection } from "../tcpdump/connections.ts";
import { connectionOf } from "../tcpdump/connections.ts";
import type { Endpoint, Packet, Stamp } from "../tcpdump/packet.ts";
import { epochToRfc3339 } from "../time.ts";
import { type Event, eventsOf } from "./events.ts";
import { type Flows, Kind } from "./flows.ts";
import { Direction, Icmp, Protocol } from "./frame.ts";
import { ROW } from "./hash-table.ts";
import type { Hosts } from "./hosts.ts";

/** A row as the connection that the readers of text make of the same packets. */
export function connectionAt(flows: Flows, row: number, hosts: Hosts): Connection | null {
  const { words } = flows.table;
  const [a, b] = [words[row * ROW] ?? 0, words[row * ROW + 1] ?? 0];
  const [ports, kind] = [words[row * ROW + 2] ?? 0, words[row * ROW + 3] ?? 0];
  const isV6 = (kind & Kind.ipv6) !== 0;
  const host = (address: number) => hosts.of(address, isV6);
  const protocol = PROTOCOLS[kind & Kind.protocol] ?? null;
  const ported = protocol !== "icmp";
  const lower = endpoint(host(a), ported && (kind & Kind.anyLowerPort) === 0 ? ports >>> 16 : null);
  const higher = endpoint(host(b), ported && (kind & Kind.anyHigherPort) === 0 ? ports & 0xffff : null);
  const isFolded = (kind & (Kind.anyLowerPort | Kind.anyHigherPort)) !== 0;
  const connection = connectionOf(
    eventsOf(flows.events, row, (event) => packetOf(event, lower, higher, protocol, isFolded)),
  );
  if (connection === null) return null;
  const [tunnel, proxied] = [flows.tunnels.get(row) ?? null, flows.proxies.get(row) ?? null];
  const mark = flows.marks.get(row);
  if (tunnel === null && proxied === null && mark === undefined) return connection;
  return { ...connection, tunnel, proxied, ...(mark !== undefined && !isFolded && { mark }) };
}

const PROTOCOLS: Readonly<Record<number, Packet["protocol"]>> = {
  [Protocol.tcp]: "tcp",
  [Protocol.udp]: "udp",
  [Protocol.icmp]: "icmp",
};

export const protocolNamed = (number: number): Packet["protocol"] => PROTOCOLS[number] ?? null;

export const endpoint = (host: ObservedAddress, port: number | null): Endpoint => ({
  host,
  port,
  portText: port === null ? null : String(port),
});

/** @param isFolded of many connections: delays and sequence numbers of different ones must not be put together */
function packetOf(
  event: Event,
  lower: Endpoint,
  higher: Endpoint,
  protocol: Packet["protocol"],
  isFolded: boolean,
): Packet {
  return {
    line: { number: event.number, text: "" },
    stamp: stampOf(event.seconds, event.nanoseconds, !isFolded),
    direction: event.direction === Direction.in ? "In" : event.direction === Direction.out ? "Out" : null,
    source: event.fromHigher ? higher : lower,
    destination: event.fromHigher ? lower : higher,
    protocol,
    flags: protocol === "tcp" ? flagsText(event.flags) : null,
    sequence: (event.flags & SYN) !== 0 && !isFolded ? String(event.sequence) : null,
    ttl: event.ttl,
    icmp: event.icmp === Icmp.echoRequest ? "echo-request" : event.icmp === Icmp.echoReply ? "echo-reply" : null,
    quoted: null,
  };
}

const SYN = 2;
/** In the order tcpdump prints them: https://www.tcpdump.org/manpages/tcpdump.1.html */
const FLAGS = ["F", "S", "R", "P", ".", "U", "E", "W"];

const flagsText = (flags: number): string => {
  const known = FLAG_TEXTS.get(flags);
  if (known !== undefined) return known;
  const text = FLAGS.filter((_, bit) => (flags & (1 << bit)) !== 0).join("");
  FLAG_TEXTS.set(flags, text === "" ? "none" : text);
  return flagsText(flags);
};
const FLAG_TEXTS = new Map<number, string>();

/** Few are ever asked for the text of it, and writing a date takes longer than reading the packet. */
class CaptureStamp implements Stamp {
  readonly microseconds: number | null;
  readonly zoneAssumed = false;
  readonly #seconds: number;
  readonly #nanoseconds: number;
  #text: string | null = null;

  constructor(seconds: number, nanoseconds: number, isComparable: boolean) {
    this.microseconds = isComparable ? seconds * 1e6 + Math.floor(nanoseconds / 1000) : null;
    this.#seconds = seconds;
    this.#nanoseconds = nanoseconds;
  }

  get at(): string {
    this.#text ??= rfc3339(this.#seconds, this.#nanoseconds);
    return this.#text;
  }

  get clock(): string {
    return this.at;
  }
}

const NO_STAMP: Stamp = { clock: null, at: null, microseconds: null, zoneAssumed: false };

/** @param isComparable false where the time must not be compared with another's */
export const stampOf = (seconds: number, nanoseconds: number, isComparable = true): Stamp =>
  seconds < 0 ? NO_STAMP : new CaptureStamp(seconds, nanoseconds, isComparable);

function rfc3339(seconds: number, nanoseconds: number): string {
  // A damaged header may hold more than a second of them.
  const whole = seconds + Math.floor(nanoseconds / 1e9);
  const fraction = String(nanoseconds % 1e9).padStart(9, "0");
  return epochToRfc3339(`${whole}.${fraction.endsWith("000") ? fraction.slice(0, 6) : fraction}`);
}
