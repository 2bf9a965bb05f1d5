import type { Protocol } from "../../../model/flow.ts";
import type { Text } from "../../../problem.ts";
import type { Line } from "../../lines.ts";
import type { EvidenceKind, ObservedAddress, VantageHint } from "../../observation.ts";
import type { Filtered } from "../filters/record.ts";
import type { Judgement, Sighting } from "../observe.ts";

/** A record of what these readers read: of a service, or of a device on the way. */
export type Seldom =
  | { readonly as: "service"; readonly record: ServiceRecord }
  | { readonly as: "socket"; readonly line: Line }
  | { readonly as: "device"; readonly kind: EvidenceKind; readonly record: Filtered };

/** One line in which a service names the peer of its connection. */
export interface ServiceRecord {
  readonly kind: EvidenceKind;
  readonly sighting: Sighting;
  /** As a report names who wrote it. */
  readonly service: string;
  readonly clock: string | null;
  /** Where it listens unless somebody moved it; null: it may be any port. */
  readonly ports: readonly number[] | null;
  readonly judge: (source: ObservedAddress | null, hint: VantageHint | null) => Judgement;
}

/** What tells a line of one format, and reads it. The sign is the reading: what cannot be read is none of it. */
export interface Format {
  /** Words without one of which it cannot be. */
  readonly has: readonly string[];
  /** @param at where the line stands among all, for formats of several lines */
  readonly read: (line: Line, all: readonly Line[], at: number) => Seldom | null;
}

/** The named groups of a pattern, or null. */
export const groupsOf = (pattern: RegExp, text: string): Readonly<Record<string, string | undefined>> | null =>
  pattern.exec(text)?.groups ?? null;

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  ...{ tcp: "tcp", udp: "udp", icmp: "icmp", icmp6: "icmp", icmpv6: "icmp", "ipv6-icmp": "icmp" },
  ...{ "6": "tcp", "17": "udp", "1": "icmp", "58": "icmp" },
};

export const protocolIn = (word: string | undefined): Protocol | null => {
  const name = (word ?? "").toLowerCase();
  return Object.hasOwn(PROTOCOLS, name) ? (PROTOCOLS[name] ?? null) : null;
};

export const text = (en: string, zh: string): Text => ({ en, zh });
