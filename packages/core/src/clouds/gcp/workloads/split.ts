import { type Cidr, cidrCovers, EVERY_IPV4 } from "../../../address/cidr.ts";
import type { Egress, Gap } from "../../../model/egress.ts";
import type { Match } from "../../../model/flow.ts";
import { assumed, stepOf, unknown } from "../alternatives.ts";
import type { Nic } from "../facts.ts";
import { senderIsOne } from "./rules/serverless.ts";

/**
 * A sender whose address nobody can tell is treated alike only while no rule looks at part of its range. Where one does,
 * either way is open.
 */
export function splitGaps({ pool, instance: { name, path, origin } }: Nic, egress: Egress): readonly Gap[] {
  const parts = matchesIn(egress).flatMap(({ sources = [] }) => sources.filter((source) => cutsOne(pool, source)));
  if (parts.length === 0) return [];
  const ranges = [...new Set(parts)].slice(0, 5).join(", ");
  const text = {
    en: `rules for ${ranges} look at part of the addresses that ${name} may have`,
    zh: `针对 ${ranges} 的规则只涉及 ${name} 可能拥有的部分地址`,
  };
  const apart = assumed(
    "open",
    `address-in-part:${name}`,
    `the address of ${name} is one that those rules treat differently (${ranges})`,
    `${name} 的地址正是这些规则区别对待的地址（${ranges}）`,
  );
  const alike = assumed(
    "open",
    `address-not-in-part:${name}`,
    `the address of ${name} is none that those rules treat differently (${ranges})`,
    `${name} 的地址不受这些规则区别对待（${ranges}）`,
  );
  return [{ harmless: alike, otherwise: [unknown(stepOf(senderIsOne, text, path, origin), apart)] }];
}

/** Ranges of which nothing is known are cut by everything narrower than the whole. */
const cutsOne = (pool: readonly Cidr[], source: Cidr): boolean =>
  pool.some(
    (range) => range !== source && (range === EVERY_IPV4 ? !EVERY.includes(source) : cidrCovers(range, source)),
  );

const EVERY: readonly string[] = ["0.0.0.0/0", "::/0"];

const matchesIn = ({ filters, routes, internet }: Egress): readonly Match[] => [
  ...[...filters, ...internet.filters, ...internet.offers].map(({ match }) => match),
  ...routes.stages.flatMap((stage) =>
    stage.routes.flatMap(({ match, hop }) => [
      ...(match === undefined ? [] : [match]),
      ...(hop.kind === "link" ? hop.link.offers.map((offer) => offer.match) : []),
    ]),
  ),
];
