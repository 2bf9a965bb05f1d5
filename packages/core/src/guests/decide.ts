import { type Cidr, hostCidr } from "../address/cidr.ts";
import { type DestinationMap, destinationMap } from "../address/destination-map.ts";
import { filterEdges } from "./decide/base-chains.ts";
import { linuxDecision, sourceEdges } from "./decide/linux.ts";
import { behindProxies, bypassEdges } from "./decide/proxies.ts";
import { windowsDecision, windowsEdges } from "./decide/windows.ts";
import type { GuestDecision, GuestFacts, GuestQuery } from "./guest.ts";

/** What the host itself does with a packet, before any translator or cloud sees it, for every destination. */
export function guestDecision(facts: GuestFacts, query: GuestQuery): DestinationMap<GuestDecision> {
  const decide = facts.os === "windows" ? windowsDecision(facts, query) : linuxDecision(facts, query);
  return destinationMap(edgesOf(facts), (destination) => behindProxies(facts, query, destination, decide(destination)));
}

const edgesOf = (facts: GuestFacts): readonly Cidr[] => [
  ...new Set([
    ...facts.routes.map(({ prefix }) => prefix),
    ...facts.rules.flatMap(({ to }) => to ?? []),
    ...filterEdges(facts),
    ...bypassEdges(facts),
    ...facts.routeGets.map(({ destination }) => hostCidr(destination)),
    ...(facts.os === "windows" ? windowsEdges(facts) : sourceEdges(facts)),
  ]),
];
