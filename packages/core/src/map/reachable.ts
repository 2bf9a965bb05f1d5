import { hostCidr } from "../address/cidr.ts";
import type {
  Alternative,
  Appliance,
  ApplianceAction,
  Egress,
  Gap,
  NextHop,
  Offer,
  Route,
  RouteTable,
} from "../model/egress.ts";
import type { Match } from "../model/flow.ts";

/** Everything that may decide about a packet once a route table has it. */
export interface Reachable {
  readonly tables: ReadonlySet<RouteTable>;
  /** Of routes, gaps, links, and of the filters and offers of appliances on the way. */
  readonly matches: readonly Match[];
  /** Those of them that ask for the source. */
  readonly bySource: readonly Match[];
  /** A route or what it leads to asks for the destination, beside its prefix. */
  readonly asksAgain: boolean;
  /** Addresses and resources that answers on the way name. */
  readonly literals: ReadonlySet<string>;
}

/** Addresses and resources that alternatives name. */
export const literalsOf = (alternatives: readonly Alternative[]): readonly string[] =>
  alternatives.flatMap(({ identity }) =>
    identity.kind === "keeps-source"
      ? []
      : [...identity.addresses, ...identity.draining, ...(identity.resource === null ? [] : [identity.resource])],
  );

export const asksForDestination = ({ destinations, exceptDestinations }: Match): boolean =>
  destinations !== undefined || exceptDestinations !== undefined;

/** Whether a next hop leads to what asks for the destination once more. */
export function asksAgain(hop: NextHop): boolean {
  if (hop.kind !== "link") return hop.kind === "appliance";
  const { offers, beyond } = hop.link;
  return offers.some(({ match }) => asksForDestination(match)) || beyond.some(({ destinations }) => destinations);
}

const known = new WeakMap<RouteTable, Reachable>();

/** The table itself, and what its next hops lead to. */
export function reachableFrom(table: RouteTable): Reachable {
  const before = known.get(table);
  if (before !== undefined) return before;
  const tables = new Set<RouteTable>();
  const matches = new Set<Match>();
  const literals = new Set<string>();
  const hops = new Set<NextHop>();
  let again = false;
  const addAlternatives = (alternatives: readonly Alternative[]): void => {
    for (const text of literalsOf(alternatives)) literals.add(text);
  };
  const addOffers = (offers: readonly Offer[]): void => {
    for (const { match, alternatives } of offers) {
      matches.add(match);
      addAlternatives(alternatives);
    }
  };
  const addAction = (action: ApplianceAction): void => {
    if (action.kind === "answers") addAlternatives([action.alternative]);
    if (action.kind === "sends-as") for (const source of action.sources) literals.add(hostCidr(source));
  };
  const addGaps = (gaps: readonly Gap[]): void => {
    for (const { destinations, otherwise } of gaps) {
      if (destinations !== undefined) matches.add({ destinations });
      addAlternatives(otherwise);
    }
  };
  const addEgress = ({ filters, internet, routes }: Egress): void => {
    for (const { match } of [...filters, ...internet.filters]) matches.add(match);
    addOffers(internet.offers);
    addAlternatives(internet.none);
    addTable(routes);
  };
  const addAppliance = ({ behaviours, egress, resource }: Appliance): void => {
    if (resource !== null) literals.add(resource);
    for (const { match, does } of behaviours) {
      matches.add(match);
      for (const action of does) addAction(action);
    }
    if (egress !== null) addEgress(egress);
  };
  const addHop = (hop: NextHop): void => {
    if (hops.has(hop)) return;
    hops.add(hop);
    again ||= asksAgain(hop);
    if (hop.kind === "appliance") for (const appliance of hop.appliances) addAppliance(appliance);
    if (hop.kind === "alternatives") addAlternatives(hop.alternatives);
    if (hop.kind !== "link") return;
    addOffers(hop.link.offers);
    addGaps(hop.link.beyond);
  };
  const addTable = (one: RouteTable): void => {
    if (tables.has(one)) return;
    tables.add(one);
    for (const stage of one.stages) {
      addGaps(stage.gaps);
      for (const match of matchesOf(stage.routes)) {
        matches.add(match);
        again ||= asksForDestination(match);
      }
      for (const hop of hopsOf(stage.routes)) addHop(hop);
    }
  };
  addTable(table);
  const all = [...matches];
  const bySource = all.filter(({ sources }) => sources !== undefined);
  const reached = { tables, matches: all, bySource, asksAgain: again, literals };
  known.set(table, reached);
  return reached;
}

function matchesOf(routes: readonly Route[]): readonly Match[] {
  const matches: Match[] = [];
  for (let index = 0; index < routes.length; index += 1) {
    const match = routes[index]?.match;
    if (match !== undefined) matches.push(match);
  }
  return matches;
}

/** Thousands of routes lead to few next hops, often to two by turns. */
function hopsOf(routes: readonly Route[]): ReadonlySet<NextHop> {
  const hops = new Set<NextHop>();
  let last: NextHop | undefined;
  let before: NextHop | undefined;
  for (let index = 0; index < routes.length; index += 1) {
    const hop = routes[index]?.hop;
    if (hop === undefined || hop === last || hop === before) continue;
    hops.add(hop);
    before = last;
    last = hop;
  }
  return hops;
}
