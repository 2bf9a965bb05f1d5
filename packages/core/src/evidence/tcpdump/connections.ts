import type { Protocol } from "../../model/flow.ts";
import type { Endpoint, Packet } from "./packet.ts";
import { serverRank } from "./services.ts";

/** The packets of one connection, seen from the side that opened it. */
export interface Connection {
  readonly source: Endpoint;
  readonly destination: Endpoint;
  readonly protocol: Protocol;
  /** False: which side opened it is not shown; `source` is then only who was seen first. */
  readonly openerKnown: boolean;
  readonly synSeen: boolean;
  /** The sequence number of the opening packet, by which the two sides of a translator are paired. */
  readonly synSequence: string | null;
  /** The first packet from the opener, else the first one. */
  readonly quoted: Packet;
  /** Of a binary capture, those that tell something: the first of each side, openings and what follows them. */
  readonly packets: readonly Packet[];
  readonly opening: readonly Packet[];
  /** How many connections it stands for: more than one when others tell the same. */
  readonly count: number;
  /** The tunnel it was delivered in, as mirroring does: `VXLAN 10.0.0.1 > 10.0.0.2`. */
  readonly tunnel: string | null;
  /** What a load balancer says of the client at the beginning of the data. */
  readonly proxied: ProxyHeader | null;
  /** Of the hello of `seenas probe` that it begins with; absent for any other. */
  readonly mark?: string;
}

/** The PROXY protocol: who the client is, by the word of whoever connects. */
export interface ProxyHeader {
  /** null when it speaks for itself (a health check), or the header is cut. */
  readonly source: string | null;
}

/** Groups packets by addresses, ports and protocol. Packets without ports count only as ICMP echo. */
export function connectionsOf(packets: readonly Packet[]): readonly Connection[] {
  const groups = new Map<string, Packet[]>();
  for (const packet of packets) {
    const key = keyOf(packet);
    if (key === null) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [packet]);
    else group.push(packet);
  }
  return [...groups.values()].flatMap((group) => connectionOf(group) ?? []);
}

function keyOf(packet: Packet): string | null {
  const { protocol } = packet;
  if (protocol === null || (protocol === "icmp" && packet.icmp !== "echo-request" && packet.icmp !== "echo-reply"))
    return null;
  return [protocol, ...[sideKey(packet.source), sideKey(packet.destination)].sort()].join(" ");
}

const sideKey = (side: Endpoint): string => `${side.host.ip ?? side.host.text}|${side.portText ?? ""}`;

export const isSameSide = (one: Endpoint, other: Endpoint): boolean =>
  one === other ||
  (one.portText === other.portText && (one.host.ip ?? one.host.text) === (other.host.ip ?? other.host.text));

/** @param packets of one connection, in their order */
export function connectionOf(packets: readonly Packet[]): Connection | null {
  const [first] = packets;
  if (first === undefined || first.protocol === null) return null;
  const opener = openerOf(packets, first);
  const source = opener?.side ?? first.source;
  const fromOpener = packets.filter((packet) => isSameSide(packet.source, source));
  const syn = fromOpener.find(isSyn);
  const quoted = syn ?? fromOpener[0] ?? first;
  return {
    source,
    destination: isSameSide(first.source, source) ? first.destination : first.source,
    protocol: first.protocol,
    openerKnown: opener !== null,
    synSeen: syn !== undefined,
    synSequence: syn?.sequence ?? null,
    quoted,
    packets,
    opening: fromOpener,
    count: 1,
    tunnel: null,
    proxied: packets.find(({ proxied }) => proxied !== undefined)?.proxied ?? null,
  };
}

/** SYN without ACK; `SEW` offers ECN (RFC 3168). */
export const isSyn = (packet: Packet): boolean => packet.flags?.startsWith("S") === true && !packet.flags.includes(".");
export const isSynAck = (packet: Packet): boolean =>
  packet.flags?.startsWith("S") === true && packet.flags.includes(".");

/** False: it was open before the capture began, or its beginning was not kept. */
export const isOpened = ({ packets }: Connection): boolean =>
  packets.some((packet) => isSyn(packet) || isSynAck(packet));

/** Who sent the SYN or the echo request; else who talks to a port that servers listen on. */
function openerOf(packets: readonly Packet[], first: Packet): { readonly side: Endpoint } | null {
  const question = packets.find((packet) => isSyn(packet) || packet.icmp === "echo-request");
  if (question !== undefined) return { side: question.source };
  const answer = packets.find((packet) => isSynAck(packet) || packet.icmp === "echo-reply");
  if (answer !== undefined) return { side: answer.destination };
  const difference = serverRank(first.destination.port) - serverRank(first.source.port);
  if (difference === 0) return null;
  return { side: difference > 0 ? first.source : first.destination };
}
