import { type AddressSet, NO_ADDRESSES, setOf } from "../address/address-set.ts";
import type { Ip } from "../address/ip.ts";
import type { Traffic } from "../model/flow.ts";
import type { EgressIdentity, Stability, TranslatorKind } from "../model/identity.ts";
import type { Assumption, Outcome, Step } from "../model/outcome.ts";

/** A packet on its way out, with everything that was assumed and decided so far. */
export interface Packet extends Traffic {
  readonly destination: Ip;
  readonly sourceStability: Stability;
  /** The sources that `source` stands for; null: it is the one. Empty: they are not known. */
  readonly among: AddressSet | null;
  /** Who has already replaced the source on the way; null while it is the sender's own. */
  readonly setBy: Rewritten | null;
  readonly assumptions: readonly Assumption[];
  readonly steps: readonly Step[];
  /** A documented default was set aside on the way here. */
  readonly againstDefault: boolean;
  /** Appliances passed, to notice a loop. */
  readonly passed: readonly string[];
}

export interface Rewritten {
  readonly translator: TranslatorKind;
  readonly resource: string | null;
  readonly addresses: AddressSet;
  readonly complete: boolean;
}

export const assuming = (packet: Packet, ...assumptions: readonly (Assumption | null | undefined)[]): Packet => {
  const added = assumptions.filter((assumption) => assumption !== null && assumption !== undefined);
  return added.length === 0 ? packet : { ...packet, assumptions: [...packet.assumptions, ...added] };
};

/** The branch on which a documented default does not hold. */
export const againstDefault = (packet: Packet, holds: Assumption | null | undefined): Packet =>
  holds?.basis === "default" ? { ...packet, againstDefault: true } : packet;

export const stepping = (packet: Packet, ...steps: readonly Step[]): Packet =>
  steps.length === 0 ? packet : { ...packet, steps: [...packet.steps, ...steps] };

export const ending = (packet: Packet, identity: EgressIdentity): Outcome => ({
  identity,
  assumptions: packet.assumptions,
  steps: packet.steps,
  againstDefault: packet.againstDefault,
});

export const BLOCKED: EgressIdentity = {
  kind: "blocked",
  addresses: NO_ADDRESSES,
  complete: true,
  translator: null,
  resource: null,
  stability: "unknown",
  draining: NO_ADDRESSES,
};

/** What the destination sees if nobody touches the source any more. */
export function identityOfSource(packet: Packet): EgressIdentity {
  const { setBy, among } = packet;
  if (setBy === null && among !== null)
    return { ...BLOCKED, kind: "preserved", addresses: among, complete: among.length > 0, stability: "changing" };
  if (setBy === null)
    return { ...BLOCKED, kind: "preserved", addresses: setOf(packet.source), stability: packet.sourceStability };
  const { translator, resource, addresses, complete } = setBy;
  return { ...BLOCKED, kind: "translated", addresses, complete, translator, resource };
}

/** Something left with a source that nobody can know before. */
export const unpredictable = (translator: TranslatorKind, resource: string | null): EgressIdentity => ({
  ...BLOCKED,
  kind: "unpredictable",
  complete: false,
  translator,
  resource,
});
