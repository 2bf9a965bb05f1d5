import { type AddressSet, setHas, setOfCidrs } from "../address/address-set.ts";
import { addressOf, type Cidr, cidrContains, cidrsOfRange, hostCidr, isHost, rangeOf } from "../address/cidr.ts";
import { type Ip, parseIp } from "../address/ip.ts";
import type { Pending } from "../model/estate.ts";
import type { EgressIdentity } from "../model/identity.ts";
import type { Outcome } from "../model/outcome.ts";
import type { Text } from "../problem.ts";
import { uniqueById } from "./combine.ts";

type AllPending = ReadonlyMap<Ip, Pending>;

/** The outcome without stand-ins: what is not given yet is missing from the set, and an open assumption names it. */
export function settled(outcome: Outcome, pending: AllPending): Outcome {
  const { identity } = outcome;
  const assumptions = outcome.assumptions.map((one) => ({ ...named(one, pending), id: worded(one.id, pending) }));
  const steps = outcome.steps.map((step) => named(step, pending));
  const gone = new Map([...identity.addresses, ...identity.draining].flatMap((cidr) => pendingIn(cidr, pending)));
  if (gone.size === 0) return { ...outcome, assumptions, steps };
  const open = [...gone.values()].map(({ assumption }) => assumption);
  return {
    ...outcome,
    identity: identityWithout(identity, gone),
    assumptions: uniqueById([...assumptions, ...open]),
    steps,
  };
}

/** A stand-in has no neighbours, so that it is in a set by itself; only one of a subnet may have joined others. */
function pendingIn(cidr: Cidr, pending: AllPending): readonly (readonly [Ip, Pending])[] {
  if (!isHost(cidr)) return [...pending].filter(([standIn]) => cidrContains(cidr, standIn));
  const standIn = addressOf(cidr);
  const found = pending.get(standIn);
  return found === undefined ? [] : [[standIn, found]];
}

function identityWithout(identity: EgressIdentity, gone: AllPending): EgressIdentity {
  const addresses = without(identity.addresses, gone);
  const awaited = [...gone].filter(([standIn]) => setHas(identity.addresses, standIn));
  const bounded = awaited.every(([, { within }]) => within.length > 0);
  const settledIdentity = {
    ...identity,
    addresses,
    draining: without(identity.draining, gone),
    complete: identity.complete && bounded,
  };
  // Nothing of it can be named: that is "too little was given" (contract), not an empty set.
  return addresses.length > 0 ? settledIdentity : { ...settledIdentity, kind: "unknown", complete: false };
}

/** Each stand-in gives way to the ranges its address will be taken from, where those are known. */
function without(set: AddressSet, gone: AllPending): AddressSet {
  const left = [...gone.keys()].reduce<readonly Cidr[]>(
    (cidrs, standIn) => cidrs.flatMap((one) => cut(one, standIn)),
    set,
  );
  const ranges = [...gone].flatMap(([standIn, { within }]) => (setHas(set, standIn) ? within : []));
  return setOfCidrs([...left, ...ranges]);
}

function cut(cidr: Cidr, hole: Ip): readonly Cidr[] {
  if (!cidrContains(cidr, hole)) return [cidr];
  const { family, first, last } = rangeOf(cidr);
  const at = rangeOf(hostCidr(hole)).first;
  return [
    ...(first < at ? cidrsOfRange({ family, first, last: at - 1n }) : []),
    ...(at < last ? cidrsOfRange({ family, first: at + 1n, last }) : []),
  ];
}

/** Sentences were worded with the stand-in; the reader of the answer knows only what will have the address. */
function named<T extends { readonly text: Text }>(said: T, pending: AllPending): T {
  const { en, zh } = said.text;
  const text = { en: worded(en, pending), zh: worded(zh, pending) };
  return text.en === en && text.zh === zh ? said : { ...said, text };
}

const worded = (sentence: string, pending: AllPending): string =>
  sentence.replace(ADDRESS, (found) => nameOf(pending, found));

function nameOf(pending: AllPending, found: string): string {
  const ip = parseIp(found);
  return (ip === undefined ? undefined : pending.get(ip)?.name) ?? found;
}

/** Anything of the letters of an address; one after a colon of an id begins there. */
const ADDRESS = /\d+(?:\.\d+){3}|[0-9a-f]+:[0-9a-f:]*/gi;
