import { type AddressSet, NO_ADDRESSES } from "../../address/address-set.ts";
import type { Alternative } from "../../model/egress.ts";
import type { EgressIdentity, IdentityKind, TranslatorKind } from "../../model/identity.ts";
import type { Ask, Assumption, Step } from "../../model/outcome.ts";
import type { Rule } from "../../model/rule.ts";
import type { Origin, Text } from "../../problem.ts";

export const stepOf = (rule: Rule, text: Text, resource: string | null = null, origin: Origin | null = null): Step => ({
  rule,
  resource,
  text,
  origin,
});

const identityOf = (kind: IdentityKind, more: Partial<EgressIdentity>): EgressIdentity => ({
  kind,
  addresses: NO_ADDRESSES,
  complete: kind === "blocked" || kind === "translated" || kind === "preserved",
  translator: null,
  resource: null,
  stability: "unknown",
  draining: NO_ADDRESSES,
  ...more,
});

export const blocked = (step: Step, ...assumptions: readonly Assumption[]): Alternative => ({
  identity: identityOf("blocked", {}),
  assumptions,
  steps: [step],
});

/** Too little was given: always under an assumption that asks for what is missing. */
export const unknown = (step: Step, assumption: Assumption, resource: string | null = null): Alternative => ({
  identity: identityOf("unknown", { resource }),
  assumptions: [assumption],
  steps: [step],
});

export const unpredictable = (
  translator: TranslatorKind | null,
  resource: string | null,
  step: Step,
  assumption: Assumption,
): Alternative => ({
  identity: identityOf("unpredictable", { translator, resource }),
  assumptions: [assumption],
  steps: [step],
});

export const translated = (
  addresses: AddressSet,
  more: Partial<EgressIdentity>,
  steps: readonly Step[],
  ...assumptions: readonly Assumption[]
): Alternative => ({ identity: identityOf("translated", { addresses, ...more }), assumptions, steps });

export const preservedAs = (
  addresses: AddressSet,
  more: Partial<EgressIdentity>,
  steps: readonly Step[],
): Alternative => ({
  identity: identityOf("preserved", { addresses, ...more }),
  assumptions: [],
  steps,
});

export const assumed = (
  basis: Assumption["basis"],
  id: string,
  en: string,
  zh: string,
  ask: Ask | null = null,
): Assumption => ({ id: `gcp/${id}`, basis, text: { en, zh }, ask });
