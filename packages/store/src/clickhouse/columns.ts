import type { EvidenceKind, Protocol, Strength } from "@seenas/core";
import type { LogRow } from "../row.ts";

/** What stands on disk is the number: append, never renumber, and add a migration that widens the column. */
export const KIND_CODES = {
  unknown: 0,
  "cloud-nat-log": 1,
  "gcp-flow-log": 2,
  "azure-flow-log": 3,
  "azure-nat-log": 4,
  "azure-firewall-log": 5,
  "aws-flow-log": 6,
  "firewall-log": 7,
  "nat-table": 8,
  "nat-mapping": 9,
  "socket-table": 10,
  "postfix-log": 11,
  "exim-log": 12,
  "sendmail-log": 13,
  "exchange-log": 14,
  "web-log": 15,
  "sshd-log": 16,
  "mail-headers": 17,
  database: 18,
  "http-echo": 19,
  "dns-echo": 20,
  stun: 21,
  "witness-log": 22,
  "otel-spans": 23,
  pcap: 24,
  tcpdump: 25,
  traceroute: 26,
  tracert: 27,
  mtr: 28,
  tracepath: 29,
  scamper: 30,
  "smtp-transcript": 31,
  "guest-routes": 32,
  "path-analysis": 33,
  mixed: 34,
  "mail-log": 35,
  probe: 36,
  "server-log": 37,
} as const satisfies Record<EvidenceKind, number>;

/** In order of strength, so that the least number is the strongest. */
export const STRENGTH_CODES = {
  "destination-observed": 1,
  "translator-logged": 2,
  "third-party-observed": 3,
  "provider-status": 4,
  "config-predicted": 5,
  "path-hint": 6,
  none: 7,
} as const satisfies Record<Strength, number>;

export const EVENT_CODES = { flow: 1, allocated: 2, dropped: 3 } as const satisfies Record<LogRow["event"], number>;

export const PROTOCOL_CODES = { none: 0, tcp: 1, udp: 2, icmp: 3 } as const satisfies Record<Protocol | "none", number>;

const enumOf = (codes: Readonly<Record<string, number>>): string =>
  `Enum8(${Object.entries(codes)
    .map(([name, code]) => `'${name}' = ${code}`)
    .join(", ")})`;

/** A port that a record does not have. */
export const NO_PORT = -1;

/**
 * The columns of a row, in the order of the sort key: all of them, so that two rows are one row exactly when they are
 * equal. Addresses are 16 bytes, IPv4 as `::ffff:a.b.c.d`; `::` is none, which is what it means (RFC 4291, 2.5.2).
 * Types that ClickHouse 18.16 and 26 share.
 */
export const COLUMNS = [
  ["seen", "FixedString(16)"],
  ["seen_port", "Int32"],
  ["at_us", "UInt64"],
  ["until_us", "UInt64"],
  ["before", "FixedString(16)"],
  ["before_port", "Int32"],
  ["destination", "FixedString(16)"],
  ["destination_port", "Int32"],
  ["workload", "String"],
  ["reporter", "String"],
  ["protocol", enumOf(PROTOCOL_CODES)],
  ["kind", enumOf(KIND_CODES)],
  ["strength", enumOf(STRENGTH_CODES)],
  ["event", enumOf(EVENT_CODES)],
] as const;

export type Column = (typeof COLUMNS)[number][0];

export const ALL_COLUMNS: string = COLUMNS.map(([name]) => name).join(", ");

/** Each row once, however often it was sent: what is not merged yet is not counted twice. */
export const EXACT_COUNT = `uniqExact(${ALL_COLUMNS})`;
