import type { Cidr } from "../address/cidr.ts";
import type { Family, Ip } from "../address/ip.ts";
import type { Origin } from "../problem.ts";
import type { Span } from "./guest.ts";

/**
 * What a host's own packet filter does to what the host itself sends, as `iptables-save` and `nft list ruleset` print it.
 * Rules that only let pass or drop are kept where they end a chain; whether a packet is dropped is not judged.
 */
export interface FilterTable {
  readonly printedBy: "iptables" | "nft";
  /** null: of both. */
  readonly family: Family | null;
  readonly name: string;
  readonly chains: readonly FilterChain[];
}

export interface FilterChain {
  readonly name: string;
  /** null: no packet comes here unless another chain calls it. */
  readonly hook: FilterHook | null;
  readonly rules: readonly FilterRule[];
}

export interface FilterHook {
  readonly at: "output" | "postrouting";
  /** Only a chain of type `nat` translates, only one of type `route` makes the kernel route again. */
  readonly type: "nat" | "route" | "filter";
  /** Lower is asked first. */
  readonly priority: number;
}

export interface FilterRule {
  /** All of them hold, or the rule does not. */
  readonly conditions: readonly FilterCondition[];
  /** In their order; the last may end the chain. */
  readonly actions: readonly FilterAction[];
  readonly text: string;
  readonly origin: Origin;
}

export type FilterCondition = { readonly not: boolean } & (
  | { readonly kind: "source" | "destination"; readonly prefixes: readonly Cidr[] }
  /** Names, or their beginnings with `*`. */
  | { readonly kind: "out"; readonly devices: readonly string[] }
  /** Came in by some device, as no packet of the host's own does. */
  | { readonly kind: "in" }
  | { readonly kind: "family"; readonly family: Family }
  | { readonly kind: "protocol"; readonly names: readonly string[] }
  | { readonly kind: "ports"; readonly spans: readonly Span[] }
  | { readonly kind: "mark"; readonly value: number; readonly mask: number }
  | { readonly kind: "user"; readonly spans: readonly Span[] }
  /** An address of the host itself. */
  | { readonly kind: "own-source" | "own-destination" }
  /** Of the first packet of a connection, or of a later one. */
  | { readonly kind: "state"; readonly states: readonly ("new" | "established")[] }
  /** Not evaluated: it holds or not. */
  | { readonly kind: "open" }
);

export type FilterAction =
  | { readonly kind: "accept" | "return" }
  | { readonly kind: "masquerade" | "redirect" }
  /** The mark is kept with the connection, or taken from it: that of a new connection is 0 until it is kept. */
  | { readonly kind: "save-mark" | "restore-mark" }
  | { readonly kind: "jump" | "goto"; readonly chain: string }
  /** The mark, or the one that is kept with the connection, becomes `(mark & keep) ^ flip`. */
  | { readonly kind: "mark" | "kept-mark"; readonly keep: number; readonly flip: number }
  /** SNAT to one of these. */
  | { readonly kind: "source"; readonly first: Ip; readonly last: Ip }
  /** DNAT, as printed. */
  | { readonly kind: "destination"; readonly to: string }
  /** Does something that is not known here. */
  | { readonly kind: "unread" };
