import type { AddressSet } from "../address/address-set.ts";

/** See "kind" in the contract. */
export type IdentityKind = "translated" | "preserved" | "blocked" | "unpredictable" | "unknown";

/** Who set the source address. */
export type TranslatorKind =
  | "instance-public-ip"
  | "nat-gateway"
  | "load-balancer"
  | "default-outbound"
  | "firewall"
  | "appliance"
  | "host"
  | "proxy"
  | "vpn"
  | "provider"
  | "other";

/** static: reserved by the user · ephemeral: until the resource stops · changing: the provider may change it any time. */
export type Stability = "static" | "ephemeral" | "changing" | "unknown";

/** What the destination sees as source: a set, never the first of a set. */
export interface EgressIdentity {
  readonly kind: IdentityKind;
  /** Every source a *new* connection may show; empty for blocked and unknown. */
  readonly addresses: AddressSet;
  /** False: there may be others that cannot be named. */
  readonly complete: boolean;
  readonly translator: TranslatorKind | null;
  /** The resource that decides. */
  readonly resource: string | null;
  readonly stability: Stability;
  /** Addresses that only connections made before a change still show; keep them in an allowlist until they are gone. */
  readonly draining: AddressSet;
  /** What it may show once somebody scales it; belongs in an allowlist that is to survive that. Absent: nothing more. */
  readonly afterScaling?: AddressSet;
}
