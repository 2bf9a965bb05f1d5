import type { Cidr } from "../address/cidr.ts";
import type { Ip } from "../address/ip.ts";
import type { Origin, Problem } from "../problem.ts";
import type { Egress } from "./egress.ts";
import type { Stability } from "./identity.ts";
import type { Assumption } from "./outcome.ts";
import type { Rule } from "./rule.ts";

/** Everything that was read from configuration, from any number of clouds. */
export interface Estate {
  readonly hosts: readonly Host[];
  readonly groups: readonly Group[];
  /** When the export was begun, RFC 3339: all that is in it was so then or later. Absent: it does not say. */
  readonly asOf?: string;
}

export interface Host {
  /** Unique in the estate: the vendor's resource id or self link. */
  readonly id: string;
  readonly name: string;
  readonly interfaces: readonly [Interface, ...Interface[]];
  /** What the guest does when nobody says more: which interface a program that binds to nothing sends by. */
  readonly defaultInterface: { readonly interface: string; readonly rule: Rule };
  readonly origin: Origin | null;
  /** RFC 3339: nothing was sent by it before. Absent: the export does not say. */
  readonly madeAt?: string;
}

/** The member of a host that says so; empty where the export does not. */
export const madeAt = (written: string | null | undefined): Pick<Host, "madeAt"> =>
  typeof written === "string" ? { madeAt: written } : {};

export interface Interface {
  /** Unique in the estate. */
  readonly id: string;
  /** As the vendor names it: `nic0`, `nic-web`. */
  readonly name: string;
  readonly resource: string | null;
  readonly network: string;
  /** Lower case, colons; null when the export holds none. */
  readonly mac: string | null;
  readonly addresses: readonly InterfaceAddress[];
  /**
   * Present where the platform picks the source and nobody can tell which: any address of these ranges. Empty: the ranges
   * are not known, or nothing but the platform's own translator ever sees it. `addresses` is not used to send then.
   */
  readonly sendsFromAny?: readonly Cidr[];
  /**
   * The subnet ranges that the guest has a route to by this interface, on link or from DHCP, before anybody adds others;
   * empty when the subnet was not exported.
   */
  readonly connected: readonly Cidr[];
  /** May send packets whose source is not its own (forwarding hosts). Otherwise the platform drops them. */
  readonly foreignSources: { readonly allowed: boolean; readonly rule: Rule };
  readonly egress: Egress;
  readonly origin: Origin | null;
  /**
   * Addresses that nobody has given yet, by the stand-in that its addresses and its egress hold in their place. An
   * answer never shows a stand-in (`resolve/settle.ts`). Absent: there are none.
   */
  readonly pending?: ReadonlyMap<Ip, Pending>;
  /** Taken for granted in everything that is said of it. Absent: nothing. */
  readonly premises?: readonly Assumption[];
}

/** An address that is not given yet. */
export interface Pending {
  /** What will have it, as the user knows it: `google_compute_address.nat[0]`. */
  readonly name: string;
  /** Ranges it will be taken from; empty when it may be any. */
  readonly within: readonly Cidr[];
  /** Open: says when it is known. */
  readonly assumption: Assumption;
}

/**
 * `primary`: what an unbound program uses. `secondary`: bound on purpose. `range`: a block routed to the interface
 * (alias ranges); used only by programs that bind inside it.
 */
export interface InterfaceAddress {
  readonly cidr: Cidr;
  readonly role: "primary" | "secondary" | "range";
  /** How long the interface keeps it; absent: until the interface is replaced. */
  readonly stability?: Stability;
}

/** Something that stands for several interfaces: a subnet, an instance group, a scale set. */
export interface Group {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** Ids of interfaces. */
  readonly members: readonly string[];
}

/** Which interface and which source a guest uses for a destination. Several: each under its assumptions. */
export interface SenderChoice {
  readonly interface: Interface;
  readonly source: Ip;
  readonly assumptions: readonly Assumption[];
}

export const EMPTY_ESTATE: Estate = { hosts: [], groups: [] };

export type { Problem };
