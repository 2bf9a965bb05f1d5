import { EVERY_IPV4, EVERY_IPV6 } from "../../../address/cidr.ts";
import type { Filter } from "../../../model/egress.ts";
import type { Match } from "../../../model/flow.ts";
import { common, coveredBy } from "./ranges.ts";

/**
 * A rule in doubt that changes nothing is left out: whether it means a packet or not, what follows does the same to all
 * that it may mean. Otherwise two outcomes would stand where there is one.
 */
export function withoutIdle(filters: readonly Filter[]): readonly Filter[] {
  return filters.filter((filter, index) => {
    if (filter.perhaps === undefined) return true;
    for (const later of filters.slice(index + 1)) {
      if (!meet(filter.match, later.match)) continue;
      if (later.action !== filter.action) return true;
      if (later.perhaps === undefined && covers(later.match, filter.match)) return false;
    }
    return true;
  });
}

const everywhere = [EVERY_IPV4, EVERY_IPV6];

const meet = (a: Match, b: Match): boolean =>
  common(a.destinations ?? everywhere, b.destinations ?? everywhere).length > 0 &&
  shareProtocol(a, b) &&
  sharePort(a, b);

const shareProtocol = (a: Match, b: Match): boolean =>
  a.protocols === undefined || b.protocols === undefined || a.protocols.some((one) => b.protocols?.includes(one));

const sharePort = (a: Match, b: Match): boolean =>
  a.ports === undefined ||
  b.ports === undefined ||
  a.ports.some((one) => b.ports?.some((other) => one.first <= other.last && other.first <= one.last));

const covers = (outer: Match, inner: Match): boolean =>
  (outer.sources === undefined || outer.sources === inner.sources) &&
  (inner.destinations ?? everywhere).every((cidr) => coveredBy(outer.destinations ?? everywhere, cidr)) &&
  (outer.protocols === undefined || (inner.protocols?.every((one) => outer.protocols?.includes(one)) ?? false)) &&
  (outer.ports === undefined ||
    (inner.ports?.every((one) => outer.ports?.some(({ first, last }) => first <= one.first && one.last <= last)) ??
      false));
