import type { AddressSet } from "../address/address-set.ts";
import { NO_ADDRESSES } from "../address/address-set.ts";
import type { Alternative } from "../model/egress.ts";
import type { EgressIdentity, Stability, TranslatorKind } from "../model/identity.ts";
import type { Ask, Assumption, Step } from "../model/outcome.ts";
import type { Rule } from "../model/rule.ts";
import type { Origin, Text } from "../problem.ts";

// Short makers for the values of the model, so that the functions of a cloud show what they decide.

export const say = (en: string, zh: string): Text => ({ en, zh });

/** A resource, or only its id where it was not exported. */
export interface Named {
  readonly id: string;
  readonly name?: string;
  readonly origin?: Origin;
}

export const step = (rule: Rule, resource: Named | null, en: string, zh: string): Step => ({
  rule,
  resource: resource?.id ?? null,
  text: say(en, zh),
  origin: resource?.origin ?? null,
});

type Assuming = (id: string, text: Text, ask?: Ask | null) => Assumption;

/** Assumptions of one cloud: their ids begin with its name. */
export const assumptionsOf = (cloud: string): { readonly open: Assuming; readonly byDefault: Assuming } => ({
  open: (id, text, ask = null) => ({ id: `${cloud}/${id}`, basis: "open", text, ask }),
  byDefault: (id, text, ask = null) => ({ id: `${cloud}/${id}`, basis: "default", text, ask }),
});

const NOBODY: EgressIdentity = {
  kind: "blocked",
  addresses: NO_ADDRESSES,
  complete: true,
  translator: null,
  resource: null,
  stability: "unknown",
  draining: NO_ADDRESSES,
};

export const blocked = (steps: readonly Step[], assumptions: readonly Assumption[] = []): Alternative => ({
  identity: NOBODY,
  assumptions,
  steps,
});

export const unknown = (steps: readonly Step[], assumptions: readonly Assumption[]): Alternative => ({
  identity: { ...NOBODY, kind: "unknown", complete: false },
  assumptions,
  steps,
});

export const unpredictable = (
  translator: TranslatorKind,
  resource: string | null,
  steps: readonly Step[],
  assumptions: readonly Assumption[] = [],
  addresses: AddressSet = NO_ADDRESSES,
): Alternative => ({
  identity: {
    ...NOBODY,
    kind: "unpredictable",
    addresses,
    complete: false,
    translator,
    resource,
    stability: "changing",
  },
  assumptions,
  steps,
});

export const translated = (
  seen: {
    readonly addresses: AddressSet;
    readonly draining?: AddressSet;
    readonly complete?: boolean;
    readonly stability: Stability;
  },
  translator: TranslatorKind,
  resource: string | null,
  steps: readonly Step[],
  assumptions: readonly Assumption[] = [],
): Alternative => ({
  identity: {
    ...NOBODY,
    kind: "translated",
    addresses: seen.addresses,
    draining: seen.draining ?? NO_ADDRESSES,
    complete: seen.complete ?? true,
    translator,
    resource,
    stability: seen.stability,
  },
  assumptions,
  steps,
});
