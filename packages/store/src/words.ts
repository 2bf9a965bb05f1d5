import type { EvidenceKind, Protocol, Strength } from "@seenas/core";
import type { LogRow } from "./row.ts";

// Members with few values, as numbers. Only inside a process: what is stored is the word.

/** Strongest first. */
export const STRENGTHS = [
  "destination-observed",
  "translator-logged",
  "third-party-observed",
  "provider-status",
  "config-predicted",
  "path-hint",
  "none",
] as const satisfies readonly Strength[];

export const EVENTS = ["flow", "allocated", "dropped"] as const satisfies readonly LogRow["event"][];

/** 0: the record has none. */
export const PROTOCOLS = [null, "tcp", "udp", "icmp"] as const satisfies readonly (Protocol | null)[];

export const KINDS = [
  "cloud-nat-log",
  "gcp-flow-log",
  "azure-nat-log",
  "azure-flow-log",
  "aws-flow-log",
  "witness-log",
  "postfix-log",
  "exim-log",
  "sendmail-log",
  "exchange-log",
  "mail-log",
  "probe",
  "sshd-log",
  "server-log",
  "web-log",
  "firewall-log",
  "azure-firewall-log",
  "nat-table",
  "nat-mapping",
  "socket-table",
  "tcpdump",
  "pcap",
  "smtp-transcript",
  "mail-headers",
  "database",
  "http-echo",
  "dns-echo",
  "stun",
  "otel-spans",
  "path-analysis",
  "guest-routes",
  "traceroute",
  "tracert",
  "mtr",
  "tracepath",
  "scamper",
  "mixed",
  "unknown",
] as const satisfies readonly EvidenceKind[];

/** A kind that is not listed would be kept as another: the compiler says which is missing. */
type Missing = Exclude<EvidenceKind, (typeof KINDS)[number]>;
export const everyKindIsListed: [Missing] extends [never] ? true : Missing = true;
