import { type Cidr, type Family, familyOfCidr, type Match, rangeOf, setOfCidrs } from "@seenas/core";

/** The match as nftables reads it; null: no packet of this family fits. */
export function matchText(match: Match, family: Family): string | null {
  const { sources, destinations, exceptDestinations, protocols, ports } = match;
  const from = addressText("saddr", sources, family);
  const to = addressText("daddr", destinations, family);
  const but = addressText("daddr !=", exceptDestinations, family);
  if (from === null || to === null || protocols?.length === 0 || ports?.length === 0) return null;
  if (but === "" && exceptDestinations !== undefined) return null;
  const kinds = protocols?.map((protocol) => (protocol === "icmp" && family === 6 ? "ipv6-icmp" : protocol));
  const kind = kinds === undefined ? "" : `meta l4proto { ${kinds.join(", ")} } `;
  return `${from}${to}${but ?? ""}${kind}${portText(ports)}`;
}

/** Empty: every address; null: none of this family. */
function addressText(word: string, cidrs: readonly Cidr[] | undefined, family: Family): string | null {
  if (cidrs === undefined) return "";
  const mine = setOfCidrs(cidrs.filter((cidr) => familyOfCidr(cidr) === family));
  if (mine.length === 0) return null;
  if (mine.some((cidr) => cidr.endsWith("/0"))) return "";
  return `${familyWord(family)} ${word} { ${mine.join(", ")} } `;
}

function portText(ports: Match["ports"]): string {
  if (ports === undefined) return "";
  const merged = mergedSpans(ports);
  if (merged.some(({ first, last }) => first <= 1 && last >= 65535)) return "meta l4proto { tcp, udp } ";
  const list = merged.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
  return `meta l4proto { tcp, udp } th dport { ${list.join(", ")} } `;
}

/** A set of overlapping spans is an error to nftables. */
function mergedSpans(spans: NonNullable<Match["ports"]>): { first: number; last: number }[] {
  const merged: { first: number; last: number }[] = [];
  for (const { first, last } of [...spans].sort((a, b) => a.first - b.first)) {
    const previous = merged.at(-1);
    if (previous !== undefined && first <= previous.last + 1) previous.last = Math.max(previous.last, last);
    else merged.push({ first, last });
  }
  return merged;
}

export const familyWord = (family: Family): "ip" | "ip6" => (family === 4 ? "ip" : "ip6");

/** `snat` to these, new connections taking one after the other; null: none of this family. */
export function snatText(cidrs: readonly Cidr[], family: Family): string | null {
  const mine = cidrs.filter((cidr) => familyOfCidr(cidr) === family);
  const members = mine.flatMap((cidr) => membersOf(cidr));
  const [first, ...others] = members;
  if (first === undefined) return null;
  const word = familyWord(family);
  if (others.length === 0) return `snat ${word} to ${first}`;
  const list = members.map((member, index) => `${index} : ${member}`).join(", ");
  return `snat ${word} to numgen inc mod ${members.length} map { ${list} }`;
}

/** Large pools are sampled: the first addresses of each prefix. */
const SAMPLE = 64n;

function membersOf(cidr: Cidr): readonly string[] {
  const { family, first, last } = rangeOf(cidr);
  const size = last - first + 1n;
  const count = Number(size > SAMPLE ? SAMPLE : size);
  return Array.from({ length: count }, (_, index) => textOf(family, first + BigInt(index)));
}

function textOf(family: Family, value: bigint): string {
  const groups = family === 4 ? [24, 16, 8, 0] : [112, 96, 80, 64, 48, 32, 16, 0];
  const mask = family === 4 ? 255n : 65535n;
  const parts = groups.map((shift) => (value >> BigInt(shift)) & mask);
  return family === 4 ? parts.join(".") : parts.map((part) => part.toString(16)).join(":");
}
