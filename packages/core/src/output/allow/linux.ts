import type { Service } from "../../allow/allowlist.ts";
import type { Text } from "../../problem.ts";
import { type AllowWriter, byFamily, comment, headOf, identifier, speak, wordsOf } from "./writing.ts";

/**
 * A set for each family in a table of its own, emptied and filled in one transaction: `nft -f FILE`.
 * https://wiki.nftables.org/wiki-nftables/index.php/Sets https://www.netfilter.org/projects/nftables/manpage.html
 */
export const nftables: AllowWriter = function* (list, { name, language }) {
  const say = speak(language);
  const base = identifier(name, 28);
  for (const line of headOf(list, say)) yield `# ${comment(line)}`;
  yield `# ${comment(say(setHint(base, list.services)))}`;
  yield "add table inet seenas";
  // A family that has no entries any more is emptied, too.
  for (const family of [4, 6] as const) {
    const set = `inet seenas ${base}_v${family}`;
    yield `add set ${set} { type ipv${family}_addr; flags interval; }`;
    yield `flush set ${set}`;
  }
  for (const { family, entries } of byFamily(list)) {
    yield `add element inet seenas ${base}_v${family} {`;
    for (const [index, entry] of entries.entries())
      yield `  ${entry.cidr}${index === entries.length - 1 ? "" : ","} # ${comment(wordsOf(entry, say))}`;
    yield "}";
  }
};

/**
 * A chain of its own for `iptables-restore --noflush` and `ip6tables-restore --noflush`: each skips the lines of the
 * other family.
 * https://manpages.debian.org/bookworm/iptables/iptables.8.en.html (-4, -6) https://manpages.debian.org/bookworm/iptables/iptables-restore.8.en.html
 */
export const iptables: AllowWriter = function* (list, { name, language }) {
  const say = speak(language);
  // XT_EXTENSION_MAXNAMELEN is 29 with the closing zero.
  const chain = identifier(name, 28);
  for (const line of headOf(list, say)) yield `# ${comment(line)}`;
  yield `# ${comment(say(chainHint(chain, list.services)))}`;
  yield "*filter";
  yield `:${chain} - [0:0]`;
  for (const entry of list.entries) {
    yield `# ${comment(wordsOf(entry, say))}`;
    yield `${entry.cidr.includes(":") ? "-6" : "-4"} -A ${chain} -s ${entry.cidr} -j ACCEPT`;
  }
  yield "COMMIT";
};

/**
 * A set for each family, emptied and filled: `ipset restore < FILE`.
 * https://ipset.netfilter.org/ipset.man.html (hash:net, restore)
 */
export const ipset: AllowWriter = function* (list, { name, language }) {
  const say = speak(language);
  // IPSET_MAXNAMELEN is 32 with the closing zero.
  const base = identifier(name, 28);
  for (const line of headOf(list, say)) yield `# ${comment(line)}`;
  for (const { family, entries } of byFamily(list)) {
    const set = `${base}_v${family}`;
    yield `create ${set} hash:net family inet${family === 6 ? "6" : ""} maxelem ${Math.max(65_536, entries.length)} -exist`;
    yield `flush ${set}`;
    for (const entry of entries) {
      yield `# ${comment(wordsOf(entry, say))}`;
      yield `add ${set} ${entry.cidr}`;
    }
  }
};

/** `tcp`, `443`; what the reader puts in where there is not one. */
function onlyService(services: readonly Service[] | null): readonly [string, string] {
  const [only, ...others] = services ?? [];
  return only === undefined || only.port === null || others.length > 0
    ? ["tcp", "PORT"]
    : [only.protocol, `${only.port}`];
}

function setHint(base: string, services: readonly Service[] | null): Text {
  const [protocol, port] = onlyService(services);
  const rules = [4, 6].map(
    (family) => `${protocol} dport ${port} ip${family === 6 ? "6" : ""} saddr @${base}_v${family} accept`,
  );
  return { en: `then in a chain: ${rules.join("; ")}`, zh: `然后在链中：${rules.join("; ")}` };
}

function chainHint(chain: string, services: readonly Service[] | null): Text {
  const [protocol, port] = onlyService(services);
  const jump = `iptables -A INPUT -p ${protocol} --dport ${port} -j ${chain}`;
  return {
    en: `load with iptables-restore --noflush and ip6tables-restore --noflush; then: ${jump} (and ip6tables)`,
    zh: `用 iptables-restore --noflush 和 ip6tables-restore --noflush 载入，然后：${jump}（ip6tables 同样）`,
  };
}
