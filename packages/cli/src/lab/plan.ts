import type { Family, Ip, Protocol } from "@seenas/core";

/** A network as the kernel is told it: namespaces, the links between them, one packet to send. */
export interface Plan {
  readonly family: Family;
  readonly nodes: readonly Node[];
  /** The same routers before addresses began to drain: a connection is made, then their rulesets change. null: none drain. */
  readonly before: readonly Node[] | null;
  readonly wires: readonly Wire[];
  readonly sender: SenderPlan;
  /** The ways in to the destination, by number: which interface of the sender leads there. */
  readonly arrivals: readonly string[];
  readonly probe: Probe;
}

/** One router: `ip` commands of the family, then a ruleset. */
export interface Node {
  readonly name: string;
  readonly commands: readonly string[];
  readonly ruleset: string;
}

/** Both ends have one MAC and no ARP: every address is on link, and nobody ever waits for a neighbour. */
export interface Wire {
  readonly from: End;
  readonly to: End;
}

export interface End {
  readonly node: string;
  readonly device: string;
}

/** What is told to the sending host, and how it is all taken back. */
export interface SenderPlan {
  readonly commands: readonly string[];
  /** Of its own packet filter, as nft reads it; empty: it has none. */
  readonly ruleset: string;
  readonly undo: readonly string[];
}

export interface Probe {
  readonly to: Ip;
  readonly port: number;
  readonly protocol: Protocol;
  readonly bind: Ip | null;
  readonly connected: boolean;
  /** Something is said to arrive: worth waiting for, where nobody answers. */
  readonly isAwaited: boolean;
}

/** Cannot be built, and why: a sentence for people. */
export interface Unrealisable {
  readonly kind: "unrealisable";
  readonly why: string;
}

export const unrealisable = (why: string): Unrealisable => ({ kind: "unrealisable", why });

/** More would only be slow: the largest scenario there is needs fewer. */
export const MOST_NODES = 30;
export const SENDER = "vm";
export const DESTINATION = "dst";
