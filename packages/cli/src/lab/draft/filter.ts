import type { Family } from "@seenas/core";
import type { Random } from "../random.ts";
import { type DraftFilterRule, PLACES } from "./draft.ts";

const WORDS = { 4: "ip", 6: "ip6" } as const;

/** Rules of a guest's own packet filter, for half of the guests. */
export function filterOf(random: Random, family: Family, own: readonly string[]): readonly DraftFilterRule[] {
  if (random.chance(0.5)) return [];
  const { targets, cloudPrefixes, own: address } = PLACES[family];
  const ip = WORDS[family];
  const source = (): string => random.of(own[0] ?? address(0, 10), ...own);
  const not = (): string => random.of("", "", "!= ");
  // nft refuses a rule of two protocols.
  const match = (protocol: string) => (): string =>
    random.of(
      () => `${ip} saddr ${not()}${source()}`,
      () => `${ip} saddr { ${[...new Set([source(), source()])].join(", ")} }`,
      () => `${ip} daddr ${not()}${random.of<string>(cloudPrefixes[0], ...cloudPrefixes)}`,
      () => `${ip} daddr ${not()}${random.of<string>(targets[0], ...targets)}`,
      () => `oifname ${not()}"eth${random.below(3)}"`,
      () => `oifname { "eth0", "eth${1 + random.below(2)}" }`,
      () => `meta l4proto ${random.of(protocol, "!= 50")}`,
      () => `${protocol} dport ${not()}${random.of("25", "443", "{ 25, 5353 }", "400-500")}`,
      () => `meta mark ${random.of("", "!= ")}0x000003e8`,
      () => `ct state ${random.of("new", "established,related", "{ new, related }")}`,
      () => `fib daddr type ${random.of("local", "!= local")}`,
      () => "meta skuid 990",
    )();
  const matches = (): string => random.several(0, 2, match(random.of("tcp", "udp"))).join(" ");
  const leaving = (): string =>
    random.of(
      () => `snat to ${source()}`,
      () => `snat to ${source()}`,
      () => `snat to ${address(0, 99)}`,
      () => random.of("masquerade", "masquerade fully-random"),
      () => random.of("accept", "return"),
      () => random.of("jump called", "goto called"),
    )();
  const marking = (): string =>
    random.of(
      "meta mark set 0x000003e8",
      "meta mark set meta mark | 0x000003e8",
      "meta mark set meta mark & 0x000000ff",
      "ct mark set meta mark",
      "meta mark set ct mark",
      "accept",
      "return",
    );
  const rule = (chain: DraftFilterRule["chain"], does: string): DraftFilterRule => ({
    chain,
    text: [matches(), random.of("", "counter packets 0 bytes 0"), does].filter((words) => words !== "").join(" "),
  });
  return [
    ...random.several(0, 2, () => rule("called", random.of(`snat to ${source()}`, "return", "accept", "masquerade"))),
    ...random.several(1, 3, () => rule("leaves", leaving())),
    ...(random.chance(0.4) ? random.several(1, 2, () => rule(random.of("marks", "marks-late"), marking())) : []),
  ];
}

const CHAINS: Readonly<Record<DraftFilterRule["chain"], string>> = {
  called: "",
  leaves: "type nat hook postrouting priority srcnat; policy accept;",
  marks: "type route hook output priority mangle; policy accept;",
  "marks-late": "type filter hook output priority filter; policy accept;",
};

/** As nft lists it. */
export function filterText(rules: readonly DraftFilterRule[], family: Family): readonly string[] {
  if (rules.length === 0) return [];
  const chains = (["called", "leaves", "marks", "marks-late"] as const).map((chain) => {
    const mine = rules.filter((rule) => rule.chain === chain).map(({ text }) => text);
    const lines = [CHAINS[chain], ...mine].filter((line) => line !== "").map((line) => `\t\t${line}`);
    return [`\tchain ${chain} {`, ...lines, "\t}"].join("\n");
  });
  return [`table ${WORDS[family]} host {`, chains.join("\n\n"), "}"];
}
