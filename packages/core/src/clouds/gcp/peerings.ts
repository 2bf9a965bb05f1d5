import { type Cidr, parseCidr } from "../../address/cidr.ts";
import type { Origin } from "../../problem.ts";
import { type Facts, networkPath } from "./facts.ts";
import { nameOf } from "./links.ts";
import type { RawPeering, RawPeeringRoute } from "./read/raw.ts";

/** One side of a peering; `back` is the other side's, where the peer network is in the export. */
export interface ActivePeering {
  readonly peering: RawPeering;
  readonly peer: string;
  readonly peerKnown: boolean;
  readonly back: RawPeering | undefined;
}

export function peeringsOf(facts: Facts, network: string): readonly ActivePeering[] {
  const own = facts.networks.get(network);
  return (own?.value.peerings ?? []).flatMap((peering) => {
    if (own === undefined || !peering.network || (peering.state ?? "ACTIVE") !== "ACTIVE") return [];
    const peer = networkPath(peering.network, own.project);
    const other = facts.networks.get(peer);
    const back = other?.value.peerings?.find((one) => networkPath(one.network, other.project) === network);
    return [{ peering, peer, peerKnown: other !== undefined, back }];
  });
}

export interface PeeringRoute {
  readonly prefix: Cidr;
  readonly raw: RawPeeringRoute;
  readonly origin: Origin;
}

/**
 * What `networks peerings list-routes` shows as imported. It names neither network nor peering: the file's name does,
 * unless only one network has peerings.
 */
export function importedPeeringRoutes(facts: Facts, network: string, type: string): readonly PeeringRoute[] {
  return facts.exported.peeringRoutes.flatMap(({ value, origin }) => {
    const prefix = parseCidr(value.destRange ?? "", true);
    if (prefix === undefined || value.type !== type || value.imported === false) return [];
    return networkOfFile(facts, origin.file) === network ? [{ prefix, raw: value, origin }] : [];
  });
}

export const hasImportedList = (facts: Facts, network: string): boolean =>
  facts.exported.peeringRoutes.some(({ origin }) => networkOfFile(facts, origin.file) === network);

function networkOfFile(facts: Facts, file: string): string | undefined {
  const peered = facts.exported.networks.filter(({ value }) => (value.peerings ?? []).length > 0);
  if (peered.length === 1) return peered[0]?.path;
  const base = nameOf(file);
  const named = peered.filter(
    ({ name, value }) =>
      base.includes(name) || value.peerings?.some((peering) => peering.name && base.includes(peering.name)),
  );
  return named.length === 1 ? named[0]?.path : undefined;
}
