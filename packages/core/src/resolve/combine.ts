import { type AddressSet, unionOf } from "../address/address-set.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Assumption, Outcome } from "../model/outcome.ts";

/** Equal identities are equal keys. */
export function identityKey(identity: EgressIdentity): string {
  const { kind, addresses, complete, translator, resource, stability, draining, afterScaling } = identity;
  const set = `${kind}|${textOf(addresses)}|${complete}|${translator ?? ""}|${resource ?? ""}|${stability}`;
  return `${set}|${textOf(draining)}|${afterScaling === undefined ? "" : textOf(afterScaling)}`;
}

/** Most sets have no address or one. */
const textOf = (set: AddressSet): string => (set.length < 2 ? (set[0] ?? "") : set.join());

/** One identity for several that all may be seen; different kinds make it unpredictable (contract). */
export function unionOfIdentities(first: EgressIdentity, rest: readonly EgressIdentity[]): EgressIdentity {
  const all = [first, ...rest];
  const agreed = <K extends keyof EgressIdentity>(key: K, otherwise: EgressIdentity[K]): EgressIdentity[K] =>
    all.every((identity) => identity[key] === first[key]) ? first[key] : otherwise;
  const kind = agreed("kind", "unpredictable");
  const afterScaling = unionOf(all.map((identity) => identity.afterScaling ?? []));
  return {
    kind,
    addresses: unionOf(all.map((identity) => identity.addresses)),
    complete: all.every((identity) => identity.complete),
    translator: agreed("translator", null),
    resource: agreed("resource", null),
    stability: leastStable(all),
    draining: unionOf(all.map((identity) => identity.draining)),
    ...(afterScaling.length === 0 ? {} : { afterScaling }),
  };
}

function leastStable(identities: readonly EgressIdentity[]): EgressIdentity["stability"] {
  const present = new Set(
    identities.filter((identity) => identity.kind !== "blocked").map(({ stability }) => stability),
  );
  for (const stability of ["changing", "unknown", "ephemeral", "static"] as const)
    if (present.has(stability)) return stability;
  return "unknown";
}

const PRODUCT_LIMIT = 32;

/** Several ways share the traffic: what is seen is the union of one outcome of each. */
export function together(legs: readonly (readonly Outcome[])[]): readonly Outcome[] {
  const [first, ...rest] = legs;
  if (first === undefined) return [];
  if (rest.length === 0) return distinct(first);
  const size = legs.reduce((product, leg) => product * leg.length, 1);
  // Past this many combinations, listing each way by itself says the same and stays readable.
  if (size > PRODUCT_LIMIT) return distinct(legs.flat());
  return distinct(rest.reduce((all, leg) => all.flatMap((one) => leg.map((other) => joined(one, other))), first));
}

function joined(a: Outcome, b: Outcome): Outcome {
  if (identityKey(a.identity) === identityKey(b.identity))
    return {
      ...a,
      assumptions: uniqueById([...a.assumptions, ...b.assumptions]),
      againstDefault: a.againstDefault || b.againstDefault,
    };
  return {
    identity: unionOfIdentities(a.identity, [b.identity]),
    assumptions: uniqueById([...a.assumptions, ...b.assumptions]),
    steps: [...new Set([...a.steps, ...b.steps])],
    againstDefault: a.againstDefault || b.againstDefault,
  };
}

/** Branches of one open question. When every branch ends alike, the question does not matter and is not asked. */
export function eitherWay(
  branches: readonly { readonly assumptions: readonly Assumption[]; readonly outcomes: readonly Outcome[] }[],
): readonly Outcome[] {
  const [first, ...others] = branches;
  if (first === undefined) return [];
  if (others.length === 0) return first.outcomes;
  const keyOf = (outcomes: readonly Outcome[]): string => outcomes.map((outcome) => outcomeKey(outcome)).join("\n");
  const expected = keyOf(first.outcomes);
  if (others.every(({ outcomes }) => keyOf(outcomes) === expected)) return first.outcomes;
  return branches.flatMap(({ assumptions, outcomes }) =>
    outcomes.map((outcome) => ({ ...outcome, assumptions: uniqueById([...outcome.assumptions, ...assumptions]) })),
  );
}

const outcomeKey = ({ identity, assumptions }: Outcome): string => {
  const [first, second] = assumptions;
  const ids =
    second === undefined
      ? (first?.id ?? "")
      : assumptions
          .map(({ id }) => id)
          .sort()
          .join();
  return `${identityKey(identity)} ${ids}`;
};

export const uniqueById = (assumptions: readonly Assumption[]): readonly Assumption[] =>
  assumptions.length < 2
    ? assumptions
    : [...new Map(assumptions.map((assumption) => [assumption.id, assumption])).values()];

/**
 * Without repetitions: the same identity under the same assumptions once, and not again under more assumptions than
 * it needs.
 */
export function distinct<O extends Outcome>(outcomes: readonly O[]): readonly O[] {
  if (outcomes.length < 2) return outcomes;
  const byKey = new Map<string, O>();
  for (const outcome of outcomes) {
    const assumptions = uniqueById(outcome.assumptions);
    const cleaned = assumptions === outcome.assumptions ? outcome : { ...outcome, assumptions };
    byKey.set(outcomeKey(cleaned), cleaned);
  }
  const unique = [...byKey.values()];
  if (unique.length < 2) return unique;
  return unique.filter(
    (outcome) =>
      !unique.some(
        (other) =>
          other !== outcome &&
          identityKey(other.identity) === identityKey(outcome.identity) &&
          other.assumptions.length < outcome.assumptions.length &&
          other.assumptions.every(({ id }) => outcome.assumptions.some((assumption) => assumption.id === id)),
      ),
  );
}
