import type { Cidr, EvidenceKind, Ip, Protocol, Strength } from "@seenas/core";
import type { Endpoint } from "./row.ts";

/** Half open, microseconds since 1970 (UTC); null: without bound. A row is inside when any moment of it is. */
export interface Period {
  readonly sinceUs: number | null;
  readonly untilUs: number | null;
}

/**
 * What all questions share. A row answers by its `seen`; one without it, or of a packet that was dropped, answers none.
 * What a row does not show (a destination, a port, a protocol) fits any question: leaving it out could hide an address.
 */

/** Which source addresses did a workload show to a destination? One row an address, the last used first. */
export interface UsedQuestion {
  readonly question: "used";
  readonly from: Workload;
  /** Prefixes of the destination; empty: any. */
  readonly to: readonly Cidr[];
  readonly port: number | null;
  readonly protocol: Protocol | null;
  readonly period: Period;
}

/**
 * A workload by the name that the log has, or by its own addresses before translation; either fits. Where the row shows
 * no source before translation, the one that was seen is compared: what nobody translates is seen as it is. No name and
 * no address: no row.
 */
export interface Workload {
  readonly names: readonly string[];
  readonly addresses: readonly Ip[];
}

/**
 * Who held an address and port at a time? Every row with `atUs - toleranceUs <= question.atUs <= untilUs + toleranceUs`,
 * the latest first: several may hold it, since one port serves several destinations and blocks are used again.
 */
export interface WhoQuestion {
  readonly question: "who";
  readonly address: Ip;
  readonly port: number | null;
  readonly atUs: number;
  /** Clocks differ: rows that end or begin this much before or after `atUs` may still be it. */
  readonly toleranceUs: number;
  readonly to: Endpoint | null;
}

/** Which workloads ever used an address, towards where? One row each of those that differ, the last seen first. */
export interface SeenQuestion {
  readonly question: "seen";
  readonly address: Ip;
  readonly period: Period;
}

export type Question = UsedQuestion | WhoQuestion | SeenQuestion;

export interface UsedRow {
  readonly address: Ip;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly count: number;
  /** Sorted. */
  readonly kinds: readonly EvidenceKind[];
  /** The strongest of the rows counted. */
  readonly strength: Strength;
}

export interface WhoRow {
  readonly atUs: number;
  readonly untilUs: number;
  readonly kind: EvidenceKind;
  readonly strength: Strength;
  readonly workload: string;
  readonly reporter: string;
  readonly protocol: Protocol | null;
  readonly before: Endpoint | null;
  readonly seen: Endpoint;
  readonly destination: Endpoint | null;
}

export interface SeenRow {
  readonly workload: string;
  readonly before: Ip | null;
  readonly destination: Ip | null;
  readonly destinationPort: number | null;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly count: number;
}

/** What a store knows, and how far that reaches. */
export interface Answered<Row> {
  readonly rows: readonly Row[];
  /** True: there are more rows than were asked for. */
  readonly truncated: boolean;
  /** The parts of the store that could not be asked; empty: the answer is whole. A count is never smaller in silence. */
  readonly missing: readonly string[];
  /** What the store holds at all, so that "none" can be told from "not logged"; null: it is empty. */
  readonly coverage: Coverage | null;
}

export interface Coverage {
  readonly sinceUs: number;
  readonly untilUs: number;
  /** Sorted. */
  readonly kinds: readonly EvidenceKind[];
  /** All of them, also those that answer no question. */
  readonly rows: number;
  /** It was made to keep no port. */
  readonly withoutPorts: boolean;
}
