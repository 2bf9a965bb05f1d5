import type { Line } from "../../lines.ts";
import type { Observation } from "../../observation.ts";
import { type Judgement, observe, sighting } from "../observe.ts";
import { addressIn } from "../words.ts";

/** `iptables -t nat -S`, `iptables-save`. https://ipset.netfilter.org/iptables-extensions.man.html (SNAT) */
const IPTABLES = /^-A \S{1,40} (.{0,400})-j (SNAT|MASQUERADE)\b(?: --to-source (\S{2,95}))?/;
/** `nft list ruleset`. https://wiki.nftables.org/wiki-nftables/index.php/Performing_Network_Address_Translation_(NAT) */
const NFT = /^\s{1,16}(\S.{0,300} )?(?:(snat) (?:ip6? )?to (\S{2,95})|(masquerade)\b)/;

/**
 * Rules of a Linux translator: what is configured, not what happened. A range, a map or MASQUERADE names no single
 * address, so none is given as seen.
 */
export const readNatRules = (lines: readonly Line[], file: string): readonly Observation[] =>
  lines.flatMap((line) => {
    const found = IPTABLES.exec(line.text) ?? NFT.exec(line.text);
    if (found === null) return [];
    const to = found[3];
    const source = addressIn(to?.replace(/:\d{1,5}(?:-\d{1,5})?$/, ""));
    const matched = (found[1] ?? "").trim();
    const all = {
      en: matched === "" ? "everything" : `“${matched}”`,
      zh: matched === "" ? "所有流量" : `“${matched}”`,
    };
    return [
      observe(
        file,
        "nat-table",
        sighting(line, { source }),
        {
          en: `A rule gives what matches ${all.en} the source ${to ?? "of the interface it leaves by"}.`,
          zh: `规则为匹配 ${all.zh} 的数据包设置源地址 ${to ?? "（取出接口的地址）"}。`,
        },
        RULE,
      ),
    ];
  });

const RULE: Judgement = {
  strength: "config-predicted",
  vantage: "translator",
  proves: {
    en: "What this host is told to do with packets that it forwards and that match, if no rule before takes them. Whether the flow comes this way, and what translates behind it, the rule does not say: conntrack -L shows what was done.",
    zh: "说明该主机对其转发且匹配的数据包应如何处理（若没有更早的规则先行匹配）。流量是否经过此处、其后是否再次转换，规则并未说明：conntrack -L 可显示实际结果。",
  },
};
