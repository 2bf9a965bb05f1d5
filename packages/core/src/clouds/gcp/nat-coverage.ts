import { type Cidr, cidrCovers, hostCidr } from "../../address/cidr.ts";
import type { Facts, Nic, Subnet } from "./facts.ts";
import { resourcePath } from "./links.ts";
import type { RawNatSubnetwork } from "./read/raw.ts";
import type { Gateway } from "./routers.ts";

/** Which sources of an interface a gateway covers; `unsure` where no page says. */
export interface Covered {
  readonly sources: readonly Cidr[];
  readonly unsure: readonly Cidr[];
}

/** Part of a subnet: its primary range, one of its secondary ranges, or an alias taken from the primary range. */
type Part = { readonly kind: "primary" | "alias-of-primary" } | { readonly kind: "secondary"; readonly name: string };

type Answer = "yes" | "no" | "unsure";

/** `ENDPOINT_TYPE_VM` or nothing said; public or nothing said; same network and region. */
export function servesVms({ raw, network, region }: Gateway, nic: Nic, type: "PUBLIC" | "PRIVATE"): boolean {
  const endpoints = raw.endpointTypes ?? [];
  return (
    (raw.type ?? "PUBLIC") === type &&
    (endpoints.length === 0 || endpoints.includes("ENDPOINT_TYPE_VM")) &&
    network === nic.network &&
    region === nic.region
  );
}

/** The interface's own addresses, and for a forwarding VM every range of the region, as far as this gateway covers them. */
export function coveredOf(gateway: Gateway, nic: Nic, facts: Facts): Covered {
  const subnet = nic.subnet === null ? undefined : facts.subnetByPath.get(nic.subnet);
  const sources: Cidr[] = [];
  const unsure: Cidr[] = [];
  const add = (cidr: Cidr, answer: Answer): void => {
    if (answer === "yes") sources.push(cidr);
    else if (answer === "unsure") unsure.push(cidr);
  };
  if (nic.primary !== null) add(hostCidr(nic.primary), covers(gateway, nic.subnet, { kind: "primary" }));
  for (const cidr of nic.pool) add(cidr, covers(gateway, nic.subnet, { kind: "primary" }));
  for (const { cidr, range } of nic.aliases) add(cidr, covers(gateway, nic.subnet, partOfAlias(cidr, range, subnet)));
  if (nic.forwards)
    for (const other of facts.subnets.get(nic.network) ?? [])
      if (other.region === gateway.region)
        for (const [cidr, part] of partsOf(other)) add(cidr, covers(gateway, other.path, part));
  return { sources, unsure };
}

/** An alias without a range name comes from the primary range, unless a secondary range is seen to hold it. */
function partOfAlias(cidr: Cidr, range: string | null, subnet: Subnet | undefined): Part {
  const holder = subnet?.secondary.find((secondary) => cidrCovers(secondary.cidr, cidr));
  const name = range ?? holder?.name;
  return name === undefined ? { kind: "alias-of-primary" } : { kind: "secondary", name };
}

const partsOf = (subnet: Subnet): readonly (readonly [Cidr, Part])[] => [
  ...subnet.primary.map((cidr) => [cidr, { kind: "primary" }] as const),
  ...subnet.secondary.map(({ cidr, name }) => [cidr, { kind: "secondary", name }] as const),
];

/** https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto (SourceSubnetworkIpRangesToNat) */
export function covers(gateway: Gateway, subnet: string | null, part: Part): Answer {
  switch (gateway.raw.sourceSubnetworkIpRangesToNat) {
    case "ALL_SUBNETWORKS_ALL_IP_RANGES":
      return "yes";
    case "ALL_SUBNETWORKS_ALL_PRIMARY_IP_RANGES":
      return part.kind === "primary" ? "yes" : part.kind === "secondary" ? "no" : "unsure";
    case "LIST_OF_SUBNETWORKS":
      return subnet === null ? "unsure" : coversListed(listedSubnet(gateway, subnet), part);
    default:
      return "unsure";
  }
}

function listedSubnet(gateway: Gateway, subnet: string): RawNatSubnetwork | undefined {
  const home = { project: gateway.router.project, location: `regions/${gateway.region}`, collection: "subnetworks" };
  return gateway.raw.subnetworks?.find(({ name }) => name && resourcePath(name, home) === subnet);
}

function coversListed(listed: RawNatSubnetwork | undefined, part: Part): Answer {
  if (listed === undefined) return "no";
  const ranges = listed.sourceIpRangesToNat ?? [];
  if (ranges.length === 0 || ranges.includes("ALL_IP_RANGES")) return "yes";
  if (part.kind === "secondary") {
    const named = ranges.includes("LIST_OF_SECONDARY_IP_RANGES") && listed.secondaryIpRangeNames?.includes(part.name);
    return named === true ? "yes" : "no";
  }
  if (!ranges.includes("PRIMARY_IP_RANGE")) return "no";
  return part.kind === "primary" ? "yes" : "unsure";
}
