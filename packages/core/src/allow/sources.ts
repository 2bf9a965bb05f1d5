import type { EstateMap } from "../map/estate-map.ts";
import type { Partner, PartnerTarget } from "../map/partners.ts";
import { type MapPiece, piecesOf } from "../map/pieces.ts";
import type { Ask } from "../model/outcome.ts";
import { identityKey } from "../resolve/combine.ts";
import { isOpen } from "../verdict/predict.ts";
import type { Verdict } from "../verdict/verdict.ts";
import type { AllowSource, Destination, Service } from "./allowlist.ts";

/** What all senders of an estate show to the partners. */
export function sourcesOfMap(map: EstateMap, partners: readonly Partner[]): readonly AllowSource[] {
  const found = new Map<string, AllowSource>();
  for (const one of map.interfaces)
    for (const piece of piecesOf(one, partners)) {
      const key = `${piece.name}|${identityKey(piece.answer)}|${piece.certainty}|${piece.rules.join()}|${piece.open.map(({ id }) => id).join()}`;
      if (!found.has(key)) found.set(key, sourceOfPiece(piece));
    }
  return [...found.values()];
}

const sourceOfPiece = ({ name, answer, certainty, rules, open }: MapPiece): AllowSource => ({
  sender: name,
  answer,
  certainty,
  rules,
  open: open.map(({ text }) => text),
  next: open.flatMap(({ ask }): readonly Ask[] => (ask === null ? [] : [ask])),
});

/** What the verdicts of one flow say: one, or one for each member of a group. */
export const sourcesOfVerdicts = (verdicts: readonly Verdict[]): readonly AllowSource[] =>
  verdicts.map(({ flow, answer, certainty, outcomes, assumptions, next }) => {
    const { host, interface: by, address } = flow.from;
    const name = [host, by].filter((part) => part !== null).join("/");
    const rules = outcomes.filter((one) => one.answers).flatMap(({ steps }) => steps.at(-1)?.rule.id ?? []);
    return {
      sender: name === "" ? address : name,
      answer,
      certainty,
      rules: [...new Set(rules)],
      open: assumptions.filter(isOpen).map(({ text }) => text),
      next,
    };
  });

export function destinationOfPartners(partners: readonly Partner[]): Destination {
  const targets = partners.flatMap((partner) => partner.targets);
  return {
    towards: partners.map(({ name, targets: own }) => {
      const places = own.map(placeOf);
      return places.includes(name) || places.length === 0 ? name : `${name} (${places.join(", ")})`;
    }),
    services: servicesOf(targets),
  };
}

export function destinationOfFlow({ to }: Verdict["flow"]): Destination {
  const { name, address, port, protocol } = to;
  const place = address ?? name ?? "?";
  const shown = `${port !== null && place.includes(":") ? `[${place}]` : place}${port === null ? "" : `:${port}`}`;
  return {
    towards: [name !== null && address !== null ? `${name} (${shown})` : shown],
    services: port === null && protocol !== "icmp" ? null : [{ protocol, port }],
  };
}

const placeOf = ({ cidr, protocol, port }: PartnerTarget): string => {
  const place = cidr.replace(cidr.includes(":") ? /\/128$/ : /\/32$/, "");
  const bracketed = port !== null && place.includes(":") ? `[${place}]` : place;
  return `${bracketed}${port === null ? "" : `:${port}`}${protocol === null || protocol === "tcp" ? "" : `/${protocol}`}`;
};

/** Null as soon as one target is meant for any port. */
function servicesOf(targets: readonly PartnerTarget[]): readonly Service[] | null {
  const services = new Map<string, Service>();
  for (const { protocol, port } of targets) {
    if (protocol === null || (port === null && protocol !== "icmp")) return null;
    services.set(`${protocol} ${port}`, { protocol, port });
  }
  return services.size === 0 ? null : [...services.values()];
}
