import { type Cidr, cidrCovers, EVERY_IPV4, EVERY_IPV6, familyOfCidr } from "../../../address/cidr.ts";
import type { Egress, Gap, NextHop } from "../../../model/egress.ts";
import type { Match } from "../../../model/flow.ts";
import type { Origin } from "../../../problem.ts";
import { assumed, stepOf, unknown } from "../alternatives.ts";
import { senderIsOne } from "./rules/serverless.ts";

interface Who {
  readonly name: string;
  readonly path: string;
  readonly origin: Origin;
}

/**
 * A sender whose address nobody can tell is treated alike only while no rule looks at part of its ranges. Where one does,
 * either way is open.
 */
export function splitGaps({ name, path, origin }: Who, ranges: readonly Cidr[], egress: Egress): readonly Gap[] {
  const apart = matchesIn(egress, new Set()).filter(
    ({ sources }) => sources !== undefined && !isAlike(sources, ranges),
  );
  const parts = [...new Set(apart.flatMap(({ sources = [] }) => sources))];
  if (parts.length === 0) return [];
  const shown = parts.slice(0, 5).join(", ");
  const text = {
    en: `rules for ${shown} look at part of the addresses that ${name} may have`,
    zh: `针对 ${shown} 的规则只涉及 ${name} 可能拥有的部分地址`,
  };
  const inside = assumed(
    "open",
    `address-in-part:${name}`,
    `the address of ${name} is one that those rules treat differently (${shown})`,
    `${name} 的地址正是这些规则区别对待的地址（${shown}）`,
  );
  const outside = assumed(
    "open",
    `address-not-in-part:${name}`,
    `the address of ${name} is none that those rules treat differently (${shown})`,
    `${name} 的地址不受这些规则区别对待（${shown}）`,
  );
  return [{ harmless: outside, otherwise: [unknown(stepOf(senderIsOne, text, path, origin), inside)] }];
}

/** Every range of a family is meant whole, or none is. `0.0.0.0/0` stands for ranges that are not known. */
const isAlike = (sources: readonly Cidr[], ranges: readonly Cidr[]): boolean =>
  [EVERY_IPV4, EVERY_IPV6].every((every) => {
    const family = familyOfCidr(every);
    const meant = ranges.filter((range) => familyOfCidr(range) === family).map((range) => meaning(sources, range));
    return new Set(meant).size < 2 && !meant.includes("part");
  });

const meaning = (sources: readonly Cidr[], range: Cidr): "whole" | "part" | "none" => {
  if (sources.some((source) => cidrCovers(source, range))) return "whole";
  return sources.some((source) => cidrCovers(range, source)) ? "part" : "none";
};

function matchesIn({ filters, routes, internet }: Egress, seen: Set<Egress>): readonly Match[] {
  return [
    ...[...filters, ...internet.filters, ...internet.offers].map(({ match }) => match),
    ...routes.stages.flatMap((stage) =>
      stage.routes.flatMap(({ match, hop }) => [...(match === undefined ? [] : [match]), ...matchesOf(hop, seen)]),
    ),
  ];
}

function matchesOf(hop: NextHop, seen: Set<Egress>): readonly Match[] {
  if (hop.kind === "link") return hop.link.offers.map(({ match }) => match);
  if (hop.kind !== "appliance") return [];
  return hop.appliances.flatMap(({ egress }) => {
    if (egress === null || seen.has(egress)) return [];
    seen.add(egress);
    return matchesIn(egress, seen);
  });
}

/** Gaps belong to a stage; these hold for every way out, so they stand with the first. */
export function withGaps(egress: Egress, gaps: readonly Gap[]): Egress {
  const { routes } = egress;
  const [first, ...others] = routes.stages;
  if (first === undefined || gaps.length === 0) return egress;
  const stages = [{ ...first, gaps: [...first.gaps, ...gaps] }, ...others];
  return {
    ...egress,
    routes: { ...routes, id: `${routes.id}|${gaps.map(({ harmless }) => harmless.id).join()}`, stages },
  };
}
