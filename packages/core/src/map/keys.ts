import type { Alternative, Appliance, Filter, Link, NextHop, Offer, Usable } from "../model/egress.ts";
import type { Match } from "../model/flow.ts";
import type { Assumption } from "../model/outcome.ts";
import { identityKey } from "../resolve/combine.ts";

/**
 * What of the model can change an answer, as text: equal keys, equal answers. Names, places and sentences are left out.
 */
export const assumptionKey = (assumption: Assumption | null | undefined): string =>
  assumption === null || assumption === undefined ? "-" : `${assumption.basis}:${assumption.id}`;

export const matchKey = ({ sources, destinations, exceptDestinations, protocols, ports }: Match): string =>
  [
    sources?.join(),
    destinations?.join(),
    exceptDestinations?.join(),
    protocols?.join(),
    ports?.map(({ first, last }) => `${first}-${last}`).join(),
  ].join("|");

export function alternativeKey({ identity, assumptions, steps }: Alternative): string {
  const seen = identity.kind === "keeps-source" ? identity.kind : identityKey(identity);
  return `${seen} ${assumptions.map(assumptionKey).join()} ${steps.map(({ rule }) => rule.id).join()}`;
}

export const alternativesKey = (alternatives: readonly Alternative[]): string =>
  alternatives.map(alternativeKey).join("\n");

/** @param match left out where the caller tells packets apart by other means */
export const offerKey = (offer: Offer, match: Match = offer.match): string =>
  [matchKey(match), offer.step.rule.id, assumptionKey(offer.fallsThrough), alternativesKey(offer.alternatives)].join(
    "\t",
  );

export const filterKey = ({ match, action, rule, unless, list, perhaps }: Filter, shown: Match = match): string =>
  [
    matchKey(shown),
    action,
    list ?? "",
    rule.id,
    ...[unless?.holds, unless?.lifted, perhaps?.applies, perhaps?.not].map(assumptionKey),
  ].join("\t");

/** Keys of objects that many routes share are made once. */
const remembered = new WeakMap<object, string>();

function once<T extends object>(thing: T, make: (thing: T) => string): string {
  const known = remembered.get(thing);
  if (known !== undefined) return known;
  const made = make(thing);
  remembered.set(thing, made);
  return made;
}

const linkKey = (link: Link): string =>
  once(link, ({ keeps, offers, beyond }) =>
    [
      "link",
      keeps.id,
      ...offers.map((offer) => offerKey(offer)),
      ...beyond.map(
        ({ destinations, harmless, otherwise }) =>
          `${destinations?.join()} ${assumptionKey(harmless)} ${alternativesKey(otherwise)}`,
      ),
    ].join("\v"),
  );

/** An appliance is known by its id: what it does is the same wherever a route leads to it. */
const applianceKey = ({ id }: Appliance): string => id;

export function hopKey(hop: NextHop): string {
  switch (hop.kind) {
    case "internet":
    case "next-stage":
      return hop.kind;
    case "local":
    case "drop":
      return `${hop.kind} ${hop.rule.id}`;
    case "link":
      return linkKey(hop.link);
    case "appliance":
      return `appliance ${hop.appliances.map(applianceKey).join()}`;
    case "alternatives":
      return `alternatives ${alternativesKey(hop.alternatives)}`;
    default:
      return hop satisfies never;
  }
}

function usableKey(usable: Usable): string {
  if (usable.kind === "yes") return "";
  if (usable.kind === "no") return usable.rule.id;
  return `${assumptionKey(usable.up)} ${assumptionKey(usable.down)}`;
}

/** Whether a route counts, and for which packets. */
export const fitKey = (usable: Usable, match: Match | undefined): string =>
  `fits ${usableKey(usable)} ${match === undefined ? "" : matchKey(match)}`;
