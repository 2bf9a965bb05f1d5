import { inAny, LINK_LOCAL, LOOPBACK, RFC1918, RFC6598, UNIQUE_LOCAL } from "../../address/cidr.ts";
import { type Ip, parseIp } from "../../address/ip.ts";
import type { Text } from "../../problem.ts";
import type { Hop, PathHint } from "../observation.ts";

type Side = "private" | "cgnat" | "public" | "other";

interface SortedHop {
  readonly ttl: number;
  readonly sides: ReadonlySet<Side>;
}

/** What the hops suggest. A hop is a router's own address, so none of this names the source a destination sees. */
export function hintsOf(hops: readonly Hop[]): readonly PathHint[] {
  const sorted = hops.map((hop) => ({ ttl: hop.ttl, sides: new Set(addressesOf(hop).map(sideOf)) }));
  return [
    ...hint("silent-first-hop", silentFirstHop(hops)),
    ...hint("private-to-public", privateToPublic(sorted)),
    ...hint("private-after-public", privateAfterPublic(sorted)),
    ...hint(
      "cgnat-hop",
      ttlsWhere(sorted, (hop) => hop.sides.has("cgnat")),
    ),
    ...hint(
      "mpls",
      ttlsWhere(hops, (hop) => hop.annotations.some((note) => note.includes("MPLS"))),
    ),
    ...hint(
      "multipath",
      ttlsWhere(hops, (hop) => addressesOf(hop).length > 1),
    ),
    ...hint("nat-sign", natSign(hops)),
    ...hint(
      "unreachable",
      ttlsWhere(hops, (hop) => hop.annotations.some((note) => note.startsWith("!"))),
    ),
  ];
}

/** Distinct responders in order of first appearance. */
export const addressesOf = (hop: Hop): readonly string[] => [
  ...new Set(hop.replies.flatMap(({ address }) => address ?? [])),
];

function sideOf(address: string): Side {
  const ip = parseIp(address);
  return ip === undefined ? "other" : sideOfIp(ip);
}

function sideOfIp(ip: Ip): Side {
  if (inAny(RFC1918, ip) || inAny(UNIQUE_LOCAL, ip)) return "private";
  if (inAny(RFC6598, ip)) return "cgnat";
  return inAny(LINK_LOCAL, ip) || inAny(LOOPBACK, ip) ? "other" : "public";
}

const ttlsWhere = <T extends { readonly ttl: number }>(
  hops: readonly T[],
  is: (hop: T) => boolean,
): readonly number[] => hops.filter(is).map((hop) => hop.ttl);

const silentFirstHop = (hops: readonly Hop[]): readonly number[] => {
  const [first] = hops;
  return first !== undefined && first.ttl === 1 && first.replies.length === 0 && first.lost > 0 ? [1] : [];
};

/** The last private responder before the first public one, and that one. */
function privateToPublic(hops: readonly SortedHop[]): readonly number[] {
  const border = hops.findIndex((hop) => hop.sides.has("public"));
  const before = hops.slice(0, border).findLast((hop) => hop.sides.has("private"));
  const first = hops[border];
  return border < 0 || before === undefined || first === undefined ? [] : [before.ttl, first.ttl];
}

/** Private responders at, or after, the TTL of a public one. */
function privateAfterPublic(hops: readonly SortedHop[]): readonly number[] {
  const border = hops.findIndex((hop) => hop.sides.has("public"));
  return border < 0 ? [] : ttlsWhere(hops.slice(border), (hop) => hop.sides.has("private"));
}

/** The hops whose quotation is changed otherwise than that of the hop before: behind a translator, then. */
const natSign = (hops: readonly Hop[]): readonly number[] => {
  const told = hops.filter(({ checksumDelta }) => checksumDelta !== undefined);
  const changed = told.filter((hop, at) => hop.checksumDelta !== (told[at - 1]?.checksumDelta ?? 0));
  return hops.filter((hop) => hop.checksumChanged === true || changed.includes(hop)).map(({ ttl }) => ttl);
};

const hint = (kind: PathHint["kind"], ttls: readonly number[]): readonly PathHint[] =>
  ttls.length === 0 ? [] : [{ kind, ttls, text: SAYS[kind](ttls.join(", ")) }];

/** What each suggests and what it does not. MPLS in ICMP: https://www.rfc-editor.org/rfc/rfc4950 */
const SAYS: Record<PathHint["kind"], (ttls: string) => Text> = {
  "private-to-public": (ttls) => ({
    en: `Between hops ${ttls} the path goes from private to public addresses. A translation, if there is one, happens there or before; the hops do not say to which address.`,
    zh: `在第 ${ttls} 跳之间，路径从私有地址进入公网地址。若有地址转换，就发生在此处或之前；但跳点并不说明转换成哪个地址。`,
  }),
  "private-after-public": (ttls) => ({
    en: `Private addresses answer behind public ones (hop ${ttls}): a private backbone, interconnect or VPN is on the way, perhaps no internet at all. It does not say whose it is, nor that nothing is translated.`,
    zh: `公网地址之后又出现私有地址（第 ${ttls} 跳）：途中有私有骨干、专线或 VPN，也许根本没有经过互联网。但这既不说明它属于谁，也不说明没有地址转换。`,
  }),
  "silent-first-hop": () => ({
    en: "The first hop does not answer, as is usual for the virtual gateway of a cloud. Nothing follows from that.",
    zh: "第一跳没有应答，云上的虚拟网关通常如此，不能由此得出任何结论。",
  }),
  "cgnat-hop": (ttls) => ({
    en: `Hop ${ttls} is in 100.64.0.0/10, the range of carrier-grade NAT (RFC 6598): a provider's translator may be behind it.`,
    zh: `第 ${ttls} 跳属于 100.64.0.0/10，即运营商级 NAT 的地址段（RFC 6598）：其后可能有运营商的地址转换设备。`,
  }),
  mpls: (ttls) => ({
    en: `Hop ${ttls} carries MPLS labels: a label-switched backbone.`,
    zh: `第 ${ttls} 跳带有 MPLS 标签：属于标签交换骨干网。`,
  }),
  multipath: (ttls) => ({
    en: `Several routers answer for one TTL (hop ${ttls}): equal-cost paths. Routers of neighbouring hops need not be connected.`,
    zh: `同一 TTL 有多台路由器应答（第 ${ttls} 跳）：存在等价多路径。相邻跳的路由器未必直接相连。`,
  }),
  // https://dublin-traceroute.net/ names it nat_id; a translator that tracks connections puts the quotation right again.
  "nat-sign": (ttls) => ({
    en: `From hop ${ttls} on the probe comes back quoted with another checksum than it was sent with: something before that hop rewrote it. It does not say to which address; and where nothing differs, a translator may have put it right.`,
    zh: `从第 ${ttls} 跳起，退回的探测包引用的校验和与发出时不同：此跳之前有设备改写了它。但这并不说明改写成哪个地址；没有差异也不代表没有转换，转换设备可能已将其复原。`,
  }),
  unreachable: (ttls) => ({
    en: `A device at hop ${ttls} refused the probes. What it does with the real traffic may differ.`,
    zh: `第 ${ttls} 跳的设备拒绝了探测包；它对真实流量的处理可能不同。`,
  }),
};
