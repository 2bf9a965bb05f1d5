import { type Cidr, parseCidr } from "../../address/cidr.ts";
import type { Origin } from "../../problem.ts";
import { groupBy } from "../group-by.ts";
import { type Facts, ipv4RangesOf, networkPath } from "./facts.ts";
import { nameOf, projectOf, UNKNOWN_PROJECT } from "./links.ts";
import { type Found, textOf } from "./read/found.ts";
import type { RawPeering, RawPeeringRoute } from "./read/raw.ts";
import type { GcpKind } from "./recognise.ts";

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

/** Whether IPv6 ranges are exchanged: null where one side's stack type is not shown, as in exports of older tools. */
export function exchangesIpv6({ peering, back }: ActivePeering): boolean | null {
  const types = [peering.stackType, back?.stackType];
  if (types.includes("IPV4_ONLY")) return false;
  return types.every((type) => type === "IPV4_IPV6") ? true : null;
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
  return listsOf(facts, network).flatMap(({ file, rows }) => {
    const wanted = rows.filter(({ value }) => value.type === type && value.imported !== false);
    if (wanted.length === 0 || directionOf(facts, network, file, rows) === "outgoing") return [];
    return wanted.flatMap(({ value, origin }) => {
      const prefix = parseCidr(value.destRange ?? "", true);
      return prefix === undefined ? [] : [{ prefix, raw: value, origin }];
    });
  });
}

/** A list counts for one peering, one region and one direction, and only where all three can be told. */
export const hasImportedList = (facts: Facts, { network, region }: Place, peering: RawPeering): boolean =>
  !isCutShort(facts, network) &&
  listsOf(facts, network).some(
    ({ file, rows }) =>
      isOfPeering(facts, network, file, peering) &&
      isOfRegion(facts, network, file, region) &&
      directionOf(facts, network, file, rows) === "incoming",
  );

interface Place {
  readonly network: string;
  readonly region: string | null;
}

type Row = Found<RawPeeringRoute>;

interface RouteList {
  readonly file: string;
  readonly rows: readonly Row[];
}

function listsOf(facts: Facts, network: string): readonly RouteList[] {
  const files = groupBy(facts.exported.peeringRoutes, ({ origin }) => origin.file);
  return [...files]
    .filter(([file]) => networkOfFile(facts, file) === network)
    .map(([file, rows]): RouteList => ({ file, rows }));
}

const isCutShort = ({ exported: { coverage } }: Facts, network: string): boolean =>
  [projectOf(network) ?? UNKNOWN_PROJECT, UNKNOWN_PROJECT].some((one) => coverage.damaged(one, "peering-route"));

function isOfPeering(facts: Facts, network: string, file: string, { name }: RawPeering): boolean {
  const names = (facts.networks.get(network)?.value.peerings ?? []).map((one) => one.name ?? "");
  // `p-a` is also a word of `p-a-b-routes.json`: the longest name is meant.
  const [longest] = names.filter((one) => saysWord(file, one)).sort((a, b) => b.length - a.length);
  return names.length === 1 || (longest !== undefined && longest === name);
}

/** `list-routes` is of one region, which only the file's name tells, unless the network has subnets in no other. */
function isOfRegion(facts: Facts, network: string, file: string, region: string | null): boolean {
  if (region === null) return false;
  const regions = new Set((facts.subnets.get(network) ?? []).map((subnet) => subnet.region));
  const said = [...regions, region].filter((one) => saysWord(file, one));
  if (said.length > 0) return said.every((one) => one === region);
  const whole = facts.exported.coverage.seen(projectOf(network) ?? UNKNOWN_PROJECT, "subnetwork") === "whole";
  return whole && [...regions].every((one) => one === region);
}

/** Rows do not say their direction, but what the network itself has is what it exports. */
function directionOf(
  facts: Facts,
  network: string,
  file: string,
  rows: readonly Row[],
): "incoming" | "outgoing" | null {
  const [said] = ["incoming", "outgoing"].filter((one) => nameOf(file).toLowerCase().includes(one));
  if (said === "incoming" || said === "outgoing") return said;
  const owned = rows.map(({ value }) => isOwn(facts, network, value));
  if (owned.includes("no")) return "incoming";
  return owned.includes("yes") ? "outgoing" : null;
}

function isOwn(facts: Facts, network: string, { destRange, type }: RawPeeringRoute): "yes" | "no" | "perhaps" {
  const prefix = parseCidr(destRange ?? "", true);
  const project = projectOf(network) ?? UNKNOWN_PROJECT;
  const whole = (kind: GcpKind): boolean => facts.exported.coverage.seen(project, kind) === "whole";
  if (prefix === undefined) return "perhaps";
  if (type === "SUBNET_PEERING_ROUTE") {
    const own = (facts.subnets.get(network) ?? []).some((one) => [...ipv4RangesOf(one), ...one.v6].includes(prefix));
    return own ? "yes" : whole("subnetwork") ? "no" : "perhaps";
  }
  if (type === "STATIC_PEERING_ROUTE") {
    const same = (facts.routes.get(network) ?? []).some(
      (found) => parseCidr(textOf(found, "destRange") ?? "", true) === prefix,
    );
    return !same && whole("route") ? "no" : "perhaps";
  }
  const learns = facts.routers.some((router) => router.network === network && router.hasPeers);
  return !learns && whole("router") ? "no" : "perhaps";
}

const saysWord = (file: string, word: string): boolean =>
  word !== "" &&
  `-${nameOf(file).replace(/[^A-Za-z0-9]+/g, "-")}-`.includes(`-${word.replace(/[^A-Za-z0-9]+/g, "-")}-`);

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
