import { readJsonDocuments } from "../../../documents/json.ts";
import { quoteOfEntry, textAt } from "../../logs/entry.ts";
import type { Evidence } from "../../observation.ts";
import { evidenceOf, observe, quoted } from "../observe.ts";

/**
 * What Azure Network Watcher answers for the next hop of one packet: which way it goes, and no source.
 *
 * @see https://learn.microsoft.com/azure/network-watcher/network-watcher-next-hop-overview
 */
export function readAzureNextHop(text: string, file: string): Evidence {
  const { value, problems } = readJsonDocuments(text, file);
  const observations = value.flatMap(({ value: answer, origin }) => {
    const type = textAt(answer, "nextHopType");
    if (type === null) return [];
    const by = textAt(answer, "nextHopIpAddress");
    const table = textAt(answer, "routeTableId");
    const quote = quoteOfEntry({ nextHopType: type, nextHopIpAddress: by, routeTableId: table });
    const to = by === null || by === "" ? type : `${type} ${by}`;
    return [
      observe(
        file,
        "path-analysis",
        quoted(origin.line ?? 1, quote, {}),
        {
          en: `Network Watcher sends the packet it was asked about to ${to}.`,
          zh: `Network Watcher 表明所查询的数据包发往 ${to}。`,
        },
        {
          strength: "provider-status",
          vantage: "provider",
          proves: {
            en: "Which next hop the platform takes now, so which translator can come into question: an appliance or gateway before any NAT gateway. It names no source, nor the destination that was asked about.",
            zh: "说明平台当前选择的下一跳，因此限定了可能的转换设备：设备或网关先于任何 NAT 网关。它不含源地址，也不含所查询的目的地址。",
          },
        },
      ),
    ];
  });
  return evidenceOf(file, "path-analysis", observations, { problems });
}
