import { holds, isSet } from "../../needs.ts";
import { type Fields, type GcpKind, isFields } from "../recognise.ts";

/**
 * Members that the API returns of every such resource. Without them it was cut down by `--format` or a query, and what
 * is left would be misread as having none.
 * https://docs.cloud.google.com/compute/docs/reference/rest/v1/instances and its sister pages
 */
const NEEDED: Partial<Record<GcpKind, readonly string[]>> = {
  instance: ["networkInterfaces"],
  subnetwork: ["network"],
  route: ["network", "destRange"],
  router: ["network", "region"],
  firewall: ["network", "direction"],
  "forwarding-rule": ["IPAddress"],
  "policy-route": ["network", "filter"],
};

/** The first of them that is not there, as a problem names it. */
export function absentMember({ kind, value }: { readonly kind: GcpKind; readonly value: Fields }): string | undefined {
  for (const member of NEEDED[kind] ?? []) if (value[member] === undefined || value[member] === null) return member;
  return INSIDE[kind]?.(value);
}

const INSIDE: Partial<Record<GcpKind, (value: Fields) => string | undefined>> = {
  instance: ({ networkInterfaces }) => inEach(networkInterfaces, "networkInterfaces", absentOfInterface),
  subnetwork: ({ ipCidrRange, stackType, ipv6CidrRange }) =>
    holds(ipCidrRange) || holds(ipv6CidrRange) || stackType === "IPV6_ONLY" ? undefined : "ipCidrRange",
  // Of what kind does not matter here: one that was added later counts as unknown where it is followed.
  route: (value) =>
    Object.keys(value).some((member) => member.startsWith("nextHop") && holds(value[member])) ? undefined : "nextHop…",
  firewall: ({ allowed, denied }) => (holds(allowed) || holds(denied) ? undefined : "allowed or denied"),
  router: ({ nats }) => inEach(nats, "nats", absentOfNat),
};

/** An interface of an IPv6-only subnet has no IPv4 address; a network attachment gives its own. */
const absentOfInterface = ({ networkIP, stackType, ipv6Address, networkAttachment }: Fields): string | undefined =>
  holds(networkIP) || holds(ipv6Address) || holds(networkAttachment) || stackType === "IPV6_ONLY"
    ? undefined
    : "networkIP";

/** Which addresses a manual gateway has, and which subnets a gateway for some of them serves. */
function absentOfNat(nat: Fields): string | undefined {
  const { natIpAllocateOption, natIps, drainNatIps, sourceSubnetworkIpRangesToNat, subnetworks, rules } = nat;
  if (natIpAllocateOption === "MANUAL_ONLY" && !isSet(natIps) && !isSet(drainNatIps)) return "natIps";
  if (sourceSubnetworkIpRangesToNat === "LIST_OF_SUBNETWORKS") {
    if (!holds(subnetworks)) return "subnetworks";
    const absent = inEach(subnetworks, "subnetworks", absentOfNatSubnetwork);
    if (absent !== undefined) return absent;
  }
  return inEach(rules, "rules", absentOfNatRule);
}

/** Without `sourceIpRangesToNat` all of its ranges are meant. */
const absentOfNatSubnetwork = ({ name }: Fields): string | undefined => (holds(name) ? undefined : "name");

const absentOfNatRule = ({ ruleNumber, match, action }: Fields): string | undefined =>
  holds(ruleNumber) ? (holds(match) ? (holds(action) ? undefined : "action") : "match") : "ruleNumber";

/** What is no list, or holds something else than objects, is a matter of types, which are checked elsewhere. */
function inEach(list: unknown, name: string, absentOf: (element: Fields) => string | undefined): string | undefined {
  if (!Array.isArray(list)) return undefined;
  for (const element of list as readonly unknown[]) {
    const absent = isFields(element) ? absentOf(element) : undefined;
    if (absent !== undefined) return `${name}[].${absent}`;
  }
  return undefined;
}
