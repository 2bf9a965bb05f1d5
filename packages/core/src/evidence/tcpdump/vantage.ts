import { isPrivate } from "../../address/cidr.ts";
import { parseIp } from "../../address/ip.ts";
import type { ObservedAddress, VantageHint } from "../observation.ts";
import { type Connection, isSameSide, isSyn, isSynAck } from "./connections.ts";
import type { Packet } from "./packet.ts";

/** Where a connection was captured, and how that is known. */
export interface Place {
  readonly role: "destination" | "client" | "translator" | "path" | "unknown";
  readonly ground: "option" | "prompt" | "interfaces" | "timing" | "same-host" | null;
}

const UNKNOWN: Place = { role: "unknown", ground: null };

/** A kernel answers a SYN at once. Slower, and the host that answers may be another than the one that captures. */
const ANSWERED_HERE_MICROSECONDS = 200;
/** Who is that many times slower to answer, and at least a millisecond away, is the far side. */
const FARTHER = 10;
const FAR_MICROSECONDS = 1000;

/**
 * @param promptHost the host in the shell prompt that a text capture was started from
 * @param hint what the user says; it overrides what the text suggests, except which way packets crossed an interface
 */
export function placesOf(
  connections: readonly Connection[],
  promptHost: string | null,
  hint: VantageHint | null,
): readonly Place[] {
  const destinations = new Set(connections.map(({ destination }) => destination.host.text));
  const own = connections.map((connection) => placeOf(connection, destinations, promptHost, hint));
  const captured = new Set(
    connections.flatMap((connection, index) =>
      own[index]?.role === "destination" ? [connection.destination.host.text] : [],
    ),
  );
  return own.map((place, index) => {
    const host = connections[index]?.destination.host.text ?? "";
    const opened = connections[index]?.openerKnown === true;
    return place.role === "unknown" && opened && captured.has(host)
      ? { role: "destination", ground: "same-host" }
      : place;
  });
}

/** Where one connection was captured, by itself. */
export function placeOf(
  connection: Connection,
  destinations: ReadonlySet<string>,
  promptHost: string | null,
  hint: VantageHint | null,
): Place {
  const byInterface = byInterfaces(connection);
  if (byInterface.role === "client") return byInterface;
  if (!connection.openerKnown) return UNKNOWN;
  if (byInterface.role === "path" && hint !== "destination") return byInterface;
  if (hint !== null) return byHint(connection, destinations, hint);
  const byName = byPrompt(connection, promptHost);
  if (byName.role !== "unknown") return byName;
  return byInterface.role !== "unknown" ? byInterface : byTiming(connection);
}

/** The destination's capture also holds what the destination itself opens (DNS, for one): there it is the client. */
function byHint({ source }: Connection, destinations: ReadonlySet<string>, hint: VantageHint): Place {
  const opensItself = hint === "destination" && destinations.has(source.host.text);
  return { role: opensItself ? "client" : hint, ground: "option" };
}

function byPrompt(connection: Connection, prompt: string | null): Place {
  if (prompt === null) return UNKNOWN;
  const isDestination = isSameHost(prompt, connection.destination.host);
  if (isDestination === isSameHost(prompt, connection.source.host)) return UNKNOWN;
  return { role: isDestination ? "destination" : "client", ground: "prompt" };
}

/** A host name cannot end in a hyphen (RFC 952): such a prompt was cut short. */
function isSameHost(prompt: string, host: ObservedAddress): boolean {
  if (host.ip !== null || host.masked) return false;
  const here = prompt.toLowerCase().split(".")[0] ?? "";
  const there = host.text.toLowerCase().split(".")[0] ?? "";
  return here === there || (here.length > 4 && here.endsWith("-") && there.startsWith(here));
}

/**
 * With -i any: this host received the opening packet and answered it at once, or it sent the opening packet. A
 * translator whose capture is filtered by the inside address looks like the first, and one that stands beside the
 * destination answers as fast: a private source stays open, whatever the delays.
 */
function byInterfaces(connection: Connection): Place {
  const received = connection.opening.some(({ direction }) => direction === "In");
  const sent = connection.opening.some(({ direction }) => direction === "Out");
  if (received && sent) return { role: "path", ground: "interfaces" };
  if (sent) return { role: "client", ground: "interfaces" };
  if (!received) return UNKNOWN;
  const delays = delaysOf(connection);
  if (delays === null || delays.answer.direction !== "Out" || !looksPublic(connection.source.host)) return UNKNOWN;
  const answeredHere = delays.here <= ANSWERED_HERE_MICROSECONDS && delays.there >= delays.here * 2;
  return answeredHere ? { role: "destination", ground: "interfaces" } : UNKNOWN;
}

/**
 * Without the interfaces, a public source is the one the destination sees when it answers from here; a private one
 * might still be translated by whatever answers here.
 */
function byTiming(connection: Connection): Place {
  const delays = delaysOf(connection);
  if (delays === null || !isNear(delays.here, delays.there) || !looksPublic(connection.source.host)) return UNKNOWN;
  return { role: "destination", ground: "timing" };
}

/** True when who answers is here and who asks is away, by the microseconds each of them took. */
export const isNear = (here: number, there: number): boolean =>
  here <= ANSWERED_HERE_MICROSECONDS && there >= FAR_MICROSECONDS && there >= here * FARTHER;

/** How long the destination took to answer the opener, and the opener to answer the destination. */
interface Delays {
  readonly here: number;
  readonly there: number;
  readonly answer: Packet;
}

/**
 * Kernels answer a SYN, a SYN-ACK and a FIN at once (RFC 9293, 3.10.7); programs send data and their own FIN when they
 * like. So a FIN counts only where no opening is in the capture, and as far as a bare ACK answers it.
 */
function delaysOf(connection: Connection): Delays | null {
  const { packets, source } = connection;
  const isOpening: IsOpening = (packet) => isSameSide(packet.source, source);
  if (!packets.some((packet) => isSyn(packet) || isSynAck(packet))) return closingDelays(packets, isOpening);
  const syn = packets.findLastIndex((packet) => isSyn(packet) && isOpening(packet));
  const [answer, done] = [packets[syn + 1], packets[syn + 2]];
  if (syn === -1 || answer === undefined || done === undefined) return null;
  if (!isSynAck(answer) || isOpening(answer) || !isOpening(done) || done.flags !== ".") return null;
  return delays(delayBetween(packets[syn], answer), delayBetween(answer, done), answer);
}

/** Of the side that opened the connection. */
type IsOpening = (packet: Packet) => boolean;

function closingDelays(packets: readonly Packet[], isOpening: IsOpening): Delays | null {
  const fin = packets.findIndex((packet) => isFin(packet) && isOpening(packet));
  const [answer, done] = [packets[fin + 1], packets[fin + 2]];
  if (fin === -1 || answer === undefined || done === undefined) return null;
  if (!isFin(answer) || isOpening(answer) || !isOpening(done) || done.flags !== ".") return null;
  return delays(delayBetween(packets[fin], answer), delayBetween(answer, done), answer);
}

const isFin = (packet: Packet): boolean => packet.flags?.includes("F") === true;

const delays = (here: number | null, there: number | null, answer: Packet): Delays | null =>
  here === null || there === null ? null : { here, there, answer };

function delayBetween(asked: Packet | undefined, answer: Packet | undefined): number | null {
  const from = asked?.stamp.microseconds ?? null;
  const to = answer?.stamp.microseconds ?? null;
  return from === null || to === null || to < from ? null : to - from;
}

const PUBLIC = new WeakMap<ObservedAddress, boolean>();

/** Asked of each connection of a capture, whose hosts are few. */
function looksPublic(host: ObservedAddress): boolean {
  const known = PUBLIC.get(host);
  if (known !== undefined) return known;
  const isPublic = isPublicHost(host);
  PUBLIC.set(host, isPublic);
  return isPublic;
}

/** Of a masked address, the first two octets tell when they are there. */
function isPublicHost(host: ObservedAddress): boolean {
  if (host.ip !== null) return !isPrivate(host.ip);
  const [first = "", second = ""] = host.text.split(".");
  const lowest = host.masked ? parseIp(`${first}.${second}.0.0`) : undefined;
  return lowest !== undefined && !isPrivate(lowest);
}
