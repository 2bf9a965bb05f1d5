import type { Cidr } from "../address/cidr.ts";
import { inAny } from "../address/cidr.ts";
import type { Ip } from "../address/ip.ts";

export type Protocol = "tcp" | "udp" | "icmp";

/** What of a packet, apart from its destination address, can change the answer. Port null: not known or not asked. */
export interface Traffic {
  readonly source: Ip;
  readonly protocol: Protocol;
  readonly port: number | null;
}

export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Which packets something applies to. An absent member matches everything; an empty list matches nothing. */
export interface Match {
  readonly sources?: readonly Cidr[];
  readonly destinations?: readonly Cidr[];
  /** Destinations left out again. */
  readonly exceptDestinations?: readonly Cidr[];
  readonly protocols?: readonly Protocol[];
  readonly ports?: readonly PortRange[];
}

export const ANYTHING: Match = {};

export const matchesSource = ({ sources }: Match, source: Ip): boolean =>
  sources === undefined || inAny(sources, source);

export const meansDestination = ({ destinations, exceptDestinations }: Match, destination: Ip): boolean =>
  (destinations === undefined || inAny(destinations, destination)) &&
  !(exceptDestinations !== undefined && inAny(exceptDestinations, destination));

export const matches = (match: Match, traffic: Traffic, destination: Ip): boolean =>
  matchesButPorts(match, traffic, destination) && matchesPort(match, traffic);

export const matchesButPorts = (match: Match, { source, protocol }: Traffic, destination: Ip): boolean =>
  (match.protocols === undefined || match.protocols.includes(protocol)) &&
  matchesSource(match, source) &&
  meansDestination(match, destination);

/** A port that is not known matches no port range but the full one: absence is no proof. */
export const matchesPort = ({ ports }: Match, { port }: Traffic): boolean =>
  ports === undefined || (port !== null && ports.some(({ first, last }) => first <= port && port <= last));
