import { type Cidr, EVERY_IPV4, EVERY_IPV6, familyOfCidr, parseCidr } from "../../address/cidr.ts";
import type { Match, PortRange, Protocol } from "../../model/flow.ts";
import type { RawLayer4 } from "./read/raw.ts";

/** Protocols that a flow here can have; others (ESP, SCTP, …) never match one. */
const PROTOCOLS: Readonly<Record<string, { readonly protocol: Protocol; readonly family?: 4 | 6 }>> = {
  tcp: { protocol: "tcp" },
  "6": { protocol: "tcp" },
  udp: { protocol: "udp" },
  "17": { protocol: "udp" },
  icmp: { protocol: "icmp", family: 4 },
  "1": { protocol: "icmp", family: 4 },
  ipv6icmp: { protocol: "icmp", family: 6 },
  icmpv6: { protocol: "icmp", family: 6 },
  "58": { protocol: "icmp", family: 6 },
};

interface Ranges {
  readonly destinationRanges?: readonly string[] | null | undefined;
  readonly sourceRanges?: readonly string[] | null | undefined;
}

/** Which packets one protocol of a rule means. */
export function matchesOf(rule: Ranges, layer4: RawLayer4, denies: boolean): readonly Match[] {
  const name = (layer4.IPProtocol ?? layer4.ipProtocol ?? "all").toLowerCase();
  const unreadable = denies ? [EVERY_IPV4, EVERY_IPV6] : [];
  const ranges = rangesOf(rule.destinationRanges, [EVERY_IPV4], unreadable);
  const sources =
    (rule.sourceRanges ?? []).length === 0 ? {} : { sources: rangesOf(rule.sourceRanges, [], unreadable) };
  if (name === "all") return [{ destinations: ranges, ...sources }];
  const known = PROTOCOLS[name];
  if (known === undefined) return [];
  const destinations = ranges.filter((cidr) => known.family === undefined || familyOfCidr(cidr) === known.family);
  const ports = (layer4.ports ?? []).flatMap(portRange);
  return [{ destinations, ...sources, protocols: [known.protocol], ...(ports.length === 0 ? {} : { ports }) }];
}

/** Without destination ranges a rule means every IPv4 address, and no IPv6 one. */
function rangesOf(
  texts: readonly string[] | null | undefined,
  otherwise: readonly Cidr[],
  unreadable: readonly Cidr[],
): readonly Cidr[] {
  if (texts === null || texts === undefined || texts.length === 0) return otherwise;
  // A range that cannot be read denies everything and allows nothing: the error shows, and nothing leaves by mistake.
  return texts.flatMap((text) => parseCidr(text, true) ?? unreadable);
}

function portRange(text: string): readonly PortRange[] {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim());
  if (match === null) return [];
  return [{ first: Number(match[1]), last: Number(match[2] ?? match[1]) }];
}
