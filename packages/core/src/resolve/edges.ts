import type { Cidr } from "../address/cidr.ts";
import type { Appliance, Egress, NextHop } from "../model/egress.ts";
import type { Match } from "../model/flow.ts";

/** Every prefix at whose edge the outcome of this egress may change. */
export function edgesOf(egress: Egress): readonly Cidr[] {
  const edges = new Set<Cidr>();
  const seen = new Set<Egress>();
  const addMatch = ({ destinations, exceptDestinations }: Match): void => {
    for (const cidr of destinations ?? []) edges.add(cidr);
    for (const cidr of exceptDestinations ?? []) edges.add(cidr);
  };
  const addAll = (cidrs: readonly Cidr[] | undefined): void => {
    for (const cidr of cidrs ?? []) edges.add(cidr);
  };
  const addAppliance = (appliance: Appliance): void => {
    for (const behaviour of appliance.behaviours) addMatch(behaviour.match);
    if (appliance.egress !== null) addEgress(appliance.egress);
  };
  const addHop = (hop: NextHop): void => {
    if (hop.kind === "appliance") for (const appliance of hop.appliances) addAppliance(appliance);
    if (hop.kind !== "link") return;
    for (const offer of hop.link.offers) addMatch(offer.match);
    for (const gap of hop.link.beyond) addAll(gap.destinations);
  };
  const addEgress = (one: Egress): void => {
    if (seen.has(one)) return;
    seen.add(one);
    for (const filter of [...one.filters, ...one.internet.filters]) addMatch(filter.match);
    for (const offer of one.internet.offers) addMatch(offer.match);
    for (const stage of one.routes.stages) {
      for (const gap of stage.gaps) addAll(gap.destinations);
      for (const route of stage.routes) {
        edges.add(route.prefix);
        if (route.match !== undefined) addMatch(route.match);
        addHop(route.hop);
      }
    }
  };
  addEgress(egress);
  return [...edges];
}
