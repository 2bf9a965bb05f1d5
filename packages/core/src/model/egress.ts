import type { Cidr } from "../address/cidr.ts";
import type { Ip } from "../address/ip.ts";
import type { Origin, Text } from "../problem.ts";
import type { Match } from "./flow.ts";
import type { EgressIdentity, TranslatorKind } from "./identity.ts";
import type { Ask, Assumption, Step } from "./outcome.ts";
import type { Rule } from "./rule.ts";

/**
 * How packets leave one interface, as data: filters, then a route table, then what its next hops do to the source.
 * Readers of each cloud produce it; `resolve` reads it and never asks which cloud it is.
 */
export interface Egress {
  /** In each list the first match wins; nothing matches: allowed. Evaluated on the address inside, before any translation. */
  readonly filters: readonly Filter[];
  readonly routes: RouteTable;
  /** What the `internet` next hop does for this interface. */
  readonly internet: Internet;
}

export interface Filter {
  readonly match: Match;
  /** `always-allow`: whatever later lists say. */
  readonly action: "allow" | "always-allow" | "deny";
  readonly rule: Rule;
  readonly resource: string | null;
  readonly text: Text;
  readonly origin: Origin | null;
  /**
   * Of several lists that a packet passes one after the other, which; they stand in that order. What one allows the next
   * may deny. Absent: there is one list.
   */
  readonly list?: number;
  /** Present when it is not known whether `match` means a packet that it seems to mean. `not`: the next filter decides. */
  readonly perhaps?: { readonly applies: Assumption; readonly not: Assumption };
  /**
   * Present when a denial may not hold here: `holds` is assumed by the blocked outcome, `lifted` by the outcome that
   * goes on as if it were not there ("unless this project is exempt", "if the rule is changed").
   */
  readonly unless?: { readonly holds: Assumption | null; readonly lifted: Assumption };
}

/** Stages are tried in order; a stage without a matching route hands on to the next. */
export interface RouteTable {
  readonly id: string;
  readonly stages: readonly RouteStage[];
  /** What it means when no stage had a route. */
  readonly none: Step;
}

export interface RouteStage {
  /** `first-match`: by preference alone, no longest prefix (policy-based routes). */
  readonly kind: "longest-prefix" | "first-match";
  readonly routes: readonly Route[];
  /**
   * How equal candidates compete: each comparison looks at one position of `Route.preference`, lower wins. More than
   * one order: the sources disagree, and where the winners differ both become outcomes. A comparison whose rule is
   * `unsourced` decides nothing alone: the losers stay as outcomes too.
   */
  readonly orders: readonly (readonly Comparison[])[];
  /** Several still left. `together`: they share the traffic, so the answer is the union. `undecided`: one of them is used, nobody says which. */
  readonly ties: { readonly kind: "together" | "undecided"; readonly rule: Rule };
  /** Routes that may exist and that the input cannot show; each may beat whatever this stage finds. */
  readonly gaps: readonly Gap[];
}

export interface Comparison {
  readonly position: number;
  readonly rule: Rule;
}

/** Something missing from the input that could change the answer. */
export interface Gap {
  /** Only these destinations are in doubt; absent: all. */
  readonly destinations?: readonly Cidr[];
  /** Assumed when the gap is taken as harmless. `basis: "default"` when that is the documented normal case. */
  readonly harmless: Assumption;
  /** What holds when it is not harmless. */
  readonly otherwise: readonly Alternative[];
}

export interface Route {
  readonly prefix: Cidr;
  /** Narrows the prefix further (policy routes: protocol, source). */
  readonly match?: Match;
  readonly hop: NextHop;
  readonly preference: readonly number[];
  readonly usable: Usable;
  /** Short, as the user knows it: `default-route-1`. */
  readonly name: string;
  readonly resource: string | null;
  /** Why it stands in this table. */
  readonly rule: Rule;
  readonly origin: Origin | null;
}

/** `no`: kept in the competition for the longest prefix, then disregarded, so it can leave a hole. */
export type Usable =
  | { readonly kind: "yes" }
  | { readonly kind: "no"; readonly rule: Rule; readonly text: Text }
  | { readonly kind: "unknown"; readonly up: Assumption; readonly down: Assumption; readonly rule: Rule };

export type NextHop =
  | { readonly kind: "internet"; readonly text: Text }
  /** Delivered inside private networks of the same provider; the source is kept. */
  | { readonly kind: "local"; readonly text: Text; readonly rule: Rule; readonly resource: string | null }
  | { readonly kind: "link"; readonly link: Link }
  /** `text`: as the user knows it, where that is no appliance of theirs (a NAT gateway, a transit gateway). */
  | { readonly kind: "appliance"; readonly appliances: readonly Appliance[]; readonly text?: Text }
  | { readonly kind: "drop"; readonly text: Text; readonly rule: Rule }
  /** Skip the rest of this stage and go on with the next one. */
  | { readonly kind: "next-stage"; readonly text: Text }
  /** The next hop decides by itself what is possible. */
  | { readonly kind: "alternatives"; readonly text: Text; readonly alternatives: readonly Alternative[] };

/** A private way out (VPN, interconnect, peering): what it carries keeps its source unless an offer here matches. */
export interface Link {
  readonly name: string;
  readonly resource: string | null;
  readonly text: Text;
  /** The rule by which the source is kept. */
  readonly keeps: Rule;
  readonly offers: readonly Offer[];
  /**
   * What may happen past the link, where this estate does not reach. Every outcome that keeps the source gets
   * `nothing` as an assumption; `otherwise` are the outcomes if it does not hold.
   */
  readonly beyond: readonly Gap[];
}

/** What the way to the internet does: filters there, then the first offer that applies. */
export interface Internet {
  readonly filters: readonly Filter[];
  readonly offers: readonly Offer[];
  /** No offer applies. */
  readonly none: readonly Alternative[];
}

/** One translator that would set the source. Offers stand in order of precedence. */
export interface Offer {
  readonly translator: TranslatorKind;
  readonly resource: string | null;
  readonly match: Match;
  /** Why it applies, or comes at this place; becomes a step. */
  readonly step: Step;
  readonly alternatives: readonly Alternative[];
  /** Present when it is not known whether the offer applies: the flow may fall through to the next one. */
  readonly fallsThrough?: Assumption;
}

/** One thing that can happen: an identity, under assumptions. */
export interface Alternative {
  readonly identity: EgressIdentity | KeepsSource;
  readonly assumptions: readonly Assumption[];
  readonly steps: readonly Step[];
}

/** The destination sees the source as it is at this point. */
export interface KeepsSource {
  readonly kind: "keeps-source";
}

export const KEEPS_SOURCE: KeepsSource = { kind: "keeps-source" };

/** A forwarding device on the way: a described firewall, an appliance VM, or one that nobody described. */
export interface Appliance {
  /** Of the device: passing it again is a loop. What has one id has one `egress`; the rest may differ by where a route enters it. */
  readonly id: string;
  readonly name: string;
  readonly resource: string | null;
  /** First match wins; none matches: an appliance that nobody described. */
  readonly behaviours: readonly ApplianceBehaviour[];
  /** How it sends on what it does not answer for itself; null when that is not known. */
  readonly egress: Egress | null;
}

export interface ApplianceBehaviour {
  readonly match: Match;
  readonly step: Step;
  /** All of them are possible, each under its assumptions. */
  readonly does: readonly ApplianceAction[];
}

export type ApplianceAction =
  /** Sends on with the source as it came. */
  | { readonly kind: "forwards"; readonly assumptions: readonly Assumption[]; readonly steps: readonly Step[] }
  /** Sends on from these addresses of its own, through its own egress. */
  | {
      readonly kind: "sends-as";
      readonly sources: readonly Ip[];
      /** The ranges it sends from, where they are blocks of which `sources` are only examples; absent: `sources` are all. */
      readonly among?: readonly Cidr[];
      /** The rest of what it may send from, when it has more than are listed. */
      readonly complete: boolean;
      readonly translator: TranslatorKind;
      readonly assumptions: readonly Assumption[];
      readonly steps: readonly Step[];
    }
  | { readonly kind: "answers"; readonly alternative: Alternative };

export type { Ask };
