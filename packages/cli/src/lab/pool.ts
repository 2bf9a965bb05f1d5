import { type Cidr, type Family, familyOfCidr, rangeOf } from "@seenas/core";

/**
 * How a translator with several addresses chooses. `in-turn`: one after the other, each new connection. `by-source`: a
 * client keeps its address. `by-destination`: it keeps one towards each destination. `port-blocks`: as `by-source`, and
 * from a block of ports of its own.
 */
export type PoolStyle = "in-turn" | "by-source" | "by-destination" | "port-blocks";

export const POOL_STYLES = ["in-turn", "by-source", "by-destination", "port-blocks"] as const;

/** As small as a block of Cloud NAT is by default: https://docs.cloud.google.com/nat/docs/ports-and-addresses */
const BLOCK = "1024-1087";

/** Statements that translate to these, the first that holds decides; empty: none is of this family. */
export function snatTexts(cidrs: readonly Cidr[], family: Family, style: PoolStyle): readonly string[] {
  const members = cidrs.filter((cidr) => familyOfCidr(cidr) === family).flatMap((cidr) => membersOf(cidr));
  const [first, ...others] = members;
  if (first === undefined) return [];
  const word = family === 4 ? "ip" : "ip6";
  const toOne = (member: string): string => `snat ${word} to ${member}`;
  if (style === "port-blocks") {
    const hash = others.length === 0 ? "" : `jhash ${word} saddr mod ${members.length} seed ${SEED}`;
    return members.flatMap((member, index) => {
      const chosen = hash === "" ? "" : `${hash} ${index} `;
      const place = family === 4 ? member : `[${member}]`;
      return [`${chosen}meta l4proto { tcp, udp } snat ${word} to ${place}:${BLOCK}`, `${chosen}${toOne(member)}`];
    });
  }
  if (others.length === 0) return [toOne(first)];
  const list = members.map((member, index) => `${index} : ${member}`).join(", ");
  return [`snat ${word} to ${CHOOSES[style](word, members.length)} map { ${list} }`];
}

const CHOOSES: Readonly<Record<Exclude<PoolStyle, "port-blocks">, (word: string, count: number) => string>> = {
  "in-turn": (_, count) => `numgen inc mod ${count}`,
  "by-source": (word, count) => `jhash ${word} saddr mod ${count} seed ${SEED}`,
  "by-destination": (word, count) => `jhash ${word} saddr . ${word} daddr mod ${count} seed ${SEED}`,
};

/** Without one every statement draws its own, and two of them never agree about a client. */
const SEED = "0x5ee0";

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
