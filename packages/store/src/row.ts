import type { EvidenceKind, Ip, Protocol, Strength } from "@seenas/core";

/** What was logged of one connection: the same shape whichever cloud, translator or server wrote it. */
export interface LogRow {
  /** Microseconds since 1970 (UTC) of the first packet that the record covers. */
  readonly atUs: number;
  /** Of the last; equal to `atUs` where the record is one event. */
  readonly untilUs: number;
  readonly kind: EvidenceKind;
  /** What the record is worth as evidence of `seen`. */
  readonly strength: Strength;
  /** `flow`: packets passed; `allocated`: a translator took a port for it; `dropped`: it did not leave. */
  readonly event: "flow" | "allocated" | "dropped";
  /** The VM, network interface or host as the log names it; empty where it names none. */
  readonly workload: string;
  /** The translator's or log's own resource; empty where the log names none. */
  readonly reporter: string;
  readonly protocol: Protocol | null;
  /** The source before translation; null where the record does not show it. */
  readonly before: Endpoint | null;
  /** The source that the destination sees by this record; null where it does not show it. */
  readonly seen: Endpoint | null;
  readonly destination: Endpoint | null;
}

/** `port` null: the record has none (ICMP, a log without ports). */
export interface Endpoint {
  readonly address: Ip;
  readonly port: number | null;
}
