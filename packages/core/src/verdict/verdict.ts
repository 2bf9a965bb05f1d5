import type { Cidr } from "../address/cidr.ts";
import type { Ip } from "../address/ip.ts";
import type { Observation } from "../evidence/observation.ts";
import type { Protocol } from "../model/flow.ts";
import type { EgressIdentity, Stability } from "../model/identity.ts";
import type { Ask, Assumption, Step } from "../model/outcome.ts";
import type { Problem, Text } from "../problem.ts";
import type { FlowOutcome } from "../resolve/resolve.ts";
import type { Moment } from "./readings.ts";

export type Certainty = "observed" | "logged" | "predicted" | "possible" | "unknown";

/** The flow a verdict is about. Members are null where unknown. */
export interface Flow {
  readonly from: {
    readonly host: string | null;
    readonly interface: string | null;
    readonly address: Ip | null;
    readonly resource: string | null;
  };
  readonly to: {
    readonly address: Ip | null;
    readonly port: number | null;
    readonly protocol: Protocol;
    readonly name: string | null;
  };
  /** RFC 3339; null: now. */
  readonly at: string | null;
}

/** What is asked, and everything known that bears on it. */
export interface Question {
  readonly flow: Flow;
  /** Every address of the sending host, to know its own when evidence shows one. */
  readonly ownAddresses: readonly Cidr[];
  /** From configuration; empty when there is none. */
  readonly outcomes: readonly FlowOutcome[];
  readonly observations: readonly Observation[];
  /** Addresses that the evidence shows names to have. */
  readonly names: readonly { readonly name: string; readonly address: Ip }[];
  readonly problems: readonly Problem[];
  /** A configuration file had an error: what is predicted may rest on half of what was meant. */
  readonly spoiled: boolean;
  /** When the configuration was exported, RFC 3339; null: it does not say. */
  readonly asOf: string | null;
  /** When the sending host was made, RFC 3339; null: nobody says. */
  readonly senderMadeAt: string | null;
}

export type Effect = "supports" | "eliminates" | "contradicts" | "none";

export interface JudgedObservation extends Observation {
  readonly effect: Effect;
  /** Why it has no effect, or what it removed; null when `proves` says it all. */
  readonly because: Text | null;
  /** Speaks of another time than the one asked for, or was so long before it that it proves nothing of it. */
  readonly moment: Moment | null;
}

export interface JudgedOutcome extends FlowOutcome {
  readonly standing: boolean;
  /** Index into the observations. */
  readonly eliminatedBy: number | null;
  /** Indexes into the observations. */
  readonly supportedBy: readonly number[];
  /** A client that calls itself as the sender does was seen with it: reason enough not to leave it out. */
  readonly suggested: boolean;
  /** Part of the answer; false for a standing outcome that is shown as "unless". */
  readonly answers: boolean;
}

/** When the flow was seen with one source. */
export interface Sightings {
  /** As the evidence writes it. */
  readonly source: string;
  /** RFC 3339; null: none of the records tells its time. */
  readonly first: string | null;
  readonly last: string | null;
  /** Indexes into the observations. */
  readonly observations: readonly number[];
  /** False: another one took its place. */
  readonly current: boolean;
}

export interface Conflict {
  readonly text: Text;
  readonly observations: readonly number[];
  readonly likely: Text;
}

/** One possible result of a step, and what stands then. */
export interface StepResult {
  readonly when: Text;
  readonly means: Text;
  /** Indexes into the outcomes. */
  readonly outcomes: readonly number[];
}

/** What to do next; `results` is empty where only one thing can come of it. */
export interface NextStep extends Ask {
  readonly results: readonly StepResult[];
}

export interface AllowlistEntry {
  readonly cidr: Cidr;
  readonly stability: Stability;
  readonly text: Text;
}

export interface Verdict {
  readonly flow: Flow;
  readonly answer: EgressIdentity;
  readonly certainty: Certainty;
  readonly outcomes: readonly JudgedOutcome[];
  readonly steps: readonly Step[];
  readonly assumptions: readonly Assumption[];
  readonly observations: readonly JudgedObservation[];
  /** The sources the flow was seen with, the earliest first; empty when it was seen with one alone. */
  readonly timeline: readonly Sightings[];
  readonly conflicts: readonly Conflict[];
  readonly next: readonly NextStep[];
  readonly allowlist: readonly AllowlistEntry[];
  readonly problems: readonly Problem[];
}

export type ExitStatus = 0 | 3 | 4;

/** 0 one verdict stands · 3 undecided · 4 evidence and configuration contradict each other. */
export function exitStatusOf(verdict: Verdict): ExitStatus {
  if (verdict.conflicts.length > 0) return 4;
  return verdict.certainty === "possible" || verdict.certainty === "unknown" ? 3 : 0;
}
