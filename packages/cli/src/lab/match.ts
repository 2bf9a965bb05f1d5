import { type Cidr, type Family, familyOfCidr, type Match, setOfCidrs } from "@seenas/core";

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
