import { type Cidr, cidrContains, hostCidr, parseCidr } from "../../address/cidr.ts";
import { familyOf, parseIp } from "../../address/ip.ts";
import type { Problem, Text } from "../../problem.ts";
import type { GuestDevice, GuestFacts, GuestRoute } from "../guest.ts";
import { type Line, problemAt, SHARED_DEVICE } from "./part.ts";

/** What a rule of the host's own packet filter may do to packets of the host itself; to masquerade is to take the device's address. */
type Does = "source" | "masquerade" | "destination" | "mark";

interface Found {
  readonly does: Does;
  readonly line: Line;
  /** Only packets with these sources; null: any. */
  readonly from: Cidr | null;
}

/** Where a list stands: `*nat` of iptables-save, `chain … { type nat hook postrouting …` of nft. */
interface Place {
  table: string | null;
  hook: string | null;
  type: string | null;
}

/** More of them say the same. */
const MOST = 5;
const LONGEST_LINE = 2000;
const LONGEST_QUOTE = 160;

/**
 * Rules that translate or mark what the host itself sends, which are not evaluated: an answer with one of them is possible
 * at most. Those of container engines, which are for other sources or devices, are none of them; nor is it a masquerade where
 * the device has only the address that was chosen (reference, N2).
 *
 * @see https://ipset.netfilter.org/iptables-extensions.man.html (SNAT, MASQUERADE, NETMAP, DNAT, REDIRECT, MARK, CONNMARK)
 * @see https://wiki.nftables.org/wiki-nftables/index.php/Performing_Network_Address_Translation_(NAT)
 */
export function ownTranslations(lines: readonly Line[], host: GuestFacts): readonly Problem[] {
  if (host.os !== "linux") return [];
  const place: Place = { table: null, hook: null, type: null };
  const concerns = concernsOf(host);
  return lines
    .flatMap((line) => ruleAt(line, place) ?? [])
    .filter(concerns)
    .slice(0, MOST)
    .map(problemOf);
}

function concernsOf(host: GuestFacts): (found: Found) => boolean {
  const devices = host.devices.filter(({ name }) => !SHARED_DEVICE.test(name));
  const own = devices.flatMap(({ addresses }) => addresses.map(({ ip }) => ip));
  const looksAtMarks = host.rules.length === 0 || host.rules.some(({ mark }) => mark !== null);
  const isKnown = host.have.addresses !== "none";
  const maySwap = !isKnown || devices.some(hasSeveral) || host.routes.some((route) => isElsewhere(route, host));
  return ({ does, from }) =>
    (does !== "mark" || looksAtMarks) &&
    (does !== "masquerade" || maySwap) &&
    (from === null || !isKnown || own.some((ip) => cidrContains(from, ip)));
}

/** Of one family: then the one a device masquerades with need not be the one that was chosen. */
const hasSeveral = ({ addresses }: GuestDevice): boolean =>
  ([4, 6] as const).some(
    (family) => addresses.filter(({ ip, scope }) => familyOf(ip) === family && scope !== "link").length > 1,
  );

/** Its source is an address of another device. */
const isElsewhere = ({ source, hops }: GuestRoute, { devices }: GuestFacts): boolean =>
  source !== null &&
  hops.some(
    ({ device }) =>
      !devices.some(({ name, addresses }) => name === device && addresses.some(({ ip }) => ip === source)),
  );

function ruleAt(line: Line, place: Place): Found | null {
  const { text } = line;
  if (text.length > LONGEST_LINE) return null;
  const table = /^\*(\w{1,20})\s*$/.exec(text)?.[1];
  if (table !== undefined) Object.assign(place, { table, hook: null, type: null });
  const added = /^(?:\[\d{1,20}:\d{1,20}\] )?-A (\S{1,40}) (.*)$/.exec(text);
  if (added !== null) return iptablesRule(line, added[1] ?? "", added[2] ?? "", place.table);
  if (/^\s*chain \S{1,64} \{/.test(text)) Object.assign(place, { hook: null, type: null });
  const [, type, hook] = /\btype (\w{1,20}) hook (\w{1,20})\b/.exec(text) ?? [];
  if (hook !== undefined) Object.assign(place, { hook, type });
  return /^\s+\S/.test(text) ? nftRule(line, place) : null;
}

/** What the host itself sends passes these; chains with other names may be called from them. */
const FOREIGN = ["PREROUTING", "INPUT", "FORWARD"];

function iptablesRule(line: Line, chain: string, words: string, table: string | null): Found | null {
  const target = /(?:^| )-j (\w{1,30})/.exec(words)?.[1];
  const out = /(?:^|[^!] )-o (\S{1,20})/.exec(words)?.[1];
  if (target === undefined || FOREIGN.includes(chain) || (out !== undefined && SHARED_DEVICE.test(out))) return null;
  const from = prefixOf(/(?:^|[^!] )-s (\S{1,50})/.exec(words)?.[1]);
  if (target === "MASQUERADE") return { does: "masquerade", line, from };
  if (chain !== "OUTPUT" && ["SNAT", "NETMAP", "SAME"].includes(target)) return { does: "source", line, from };
  if (chain === "OUTPUT" && ["DNAT", "REDIRECT"].includes(target)) return { does: "destination", line, from };
  const marks = target === "MARK" || (target === "CONNMARK" && words.includes("--restore-mark"));
  return marks && chain !== "POSTROUTING" && table !== "nat" ? { does: "mark", line, from } : null;
}

function nftRule(line: Line, { hook, type }: Place): Found | null {
  const { text } = line;
  const out = /\boifname "?([\w.*-]{1,20})/.exec(text)?.[1];
  if (out !== undefined && SHARED_DEVICE.test(out)) return null;
  const from = prefixOf(/\bip6? saddr (?!!=)(\S{1,50})/.exec(text)?.[1]);
  if (hook === null || hook === "postrouting") {
    if (/\bsnat\b/.test(text)) return { does: "source", line, from };
    if (/\bmasquerade\b/.test(text)) return { does: "masquerade", line, from };
  }
  if (/\b(?:dnat|redirect)\b/.test(text) && hook === "output") return { does: "destination", line, from };
  // A chain of type filter marks too late to change the route.
  const isInTime = hook === null || (hook === "output" && type !== "filter");
  return /\bmeta mark set\b/.test(text) && isInTime ? { does: "mark", line, from } : null;
}

function prefixOf(text = ""): Cidr | null {
  const ip = parseIp(text);
  return ip === undefined ? (parseCidr(text) ?? null) : hostCidr(ip);
}

const MAY: Readonly<Record<Does, Text>> = {
  source: { en: "may change the source of what this host itself sends", zh: "可能改变本机自身流量的源地址" },
  masquerade: {
    en: "may give what this host itself sends another of its addresses",
    zh: "可能让本机自身的流量使用本机的另一个地址",
  },
  destination: { en: "may send what this host itself sends somewhere else", zh: "可能把本机自身的流量转到别处" },
  mark: {
    en: "may mark what this host itself sends, and policy rules look at marks",
    zh: "可能给本机自身的流量打标记，而策略规则会匹配标记",
  },
};

function problemOf({ does, line }: Found): Problem {
  const quote = JSON.stringify(line.text.trim().slice(0, LONGEST_QUOTE));
  const text = {
    en: `${quote} ${MAY[does].en}; rules of the packet filter are not evaluated`,
    zh: `${quote} ${MAY[does].zh}；包过滤规则不会被求值`,
  };
  return problemAt("error", "guest/own-translation", line.origin, text, {
    en: "see what leaves: give as evidence what conntrack -L prints, or a capture on the interface it leaves by while you connect",
    zh: "请查看实际发出的流量：以 conntrack -L 的输出，或连接时在出接口上的抓包作为证据提供",
  });
}
