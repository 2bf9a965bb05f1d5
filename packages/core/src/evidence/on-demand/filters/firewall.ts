import { readJsonDocuments } from "../../../documents/json.ts";
import type { Text } from "../../../problem.ts";
import type { Line } from "../../lines.ts";
import { type LogEntry, member, portAt, protocolAt, quoteOfEntry, textAt, timeAt } from "../../logs/entry.ts";
import type { Evidence, Observation, ObservedAddress, VantageHint } from "../../observation.ts";
import { serverRank } from "../../tcpdump/services.ts";
import {
  endOf,
  evidenceOf,
  flowKey,
  fold,
  type Judgement,
  NOT_DESTINATION,
  observe,
  quoted,
  type Sighting,
  timesOf,
} from "../observe.ts";
import { addressIn } from "../words.ts";
import { asaLine } from "./asa.ts";
import { keyValueLine } from "./fortigate.ts";
import { iptablesLine } from "./iptables.ts";
import { panLine } from "./pan-os.ts";
import type { Filtered } from "./record.ts";
import { type Headed, headedLine, headingIn, sensorEntry } from "./sensors.ts";

/**
 * iptables and nftables LOG, Cisco ASA and FTD, PAN-OS TRAFFIC, FortiGate, Windows, Zeek. One observation for each flow.
 */
export function readFirewallLog(lines: readonly Line[], file: string, hint: VantageHint | null): Evidence {
  let headed: Headed | null = null;
  const records = lines.flatMap((line) => {
    headed = headingIn(line.text) ?? headed;
    return (headed === null ? recordIn(line) : headedLine(line, headed)) ?? [];
  });
  return evidenceOf(file, "firewall-log", observationsOf(joined(records), file, hint));
}

function recordIn(line: Line): Filtered | null {
  const { text } = line;
  if (text.includes("%ASA-") || text.includes("%FTD-")) return asaLine(line);
  if (text.includes(" OUT=")) return iptablesLine(line);
  if (text.includes(",TRAFFIC,")) return panLine(line);
  return text.includes("srcip=") ? keyValueLine(line) : null;
}

/** A translation that names no destination (ASA 305011) is told by the connection that used it, where that is logged. */
function joined(records: readonly Filtered[]): readonly Filtered[] {
  const told = new Set(
    records.flatMap(({ sighting: { seen, before } }) =>
      before !== null && seen.destination !== null ? [pick(seen, before)] : [],
    ),
  );
  return records.filter(
    ({ sighting: { seen, before } }) => before === null || seen.destination !== null || !told.has(pick(seen, before)),
  );
}

const pick = (seen: Sighting["seen"], before: ObservedAddress): string =>
  `${before.text} ${seen.source?.text} ${seen.sourcePort}`;

/** One observation for each flow. */
export function observationsOf(
  records: readonly Filtered[],
  file: string,
  hint: VantageHint | null,
  kind: "firewall-log" | "nat-table" = "firewall-log",
): readonly Observation[] {
  const key = ({ sighting: one, side, denied }: Filtered): string => `${flowKey(one)} ${side} ${denied}`;
  return fold(records, key).map(({ last, all }) =>
    observe(file, kind, last.sighting, saysOf(last, all.length), judge(last, hint)),
  );
}

function saysOf({ sighting: { seen, before }, product, denied }: Filtered, count: number): Text {
  const to = endOf(seen.destination ?? seen.destinationName, seen.destinationPort);
  const many = timesOf(count);
  if (before !== null && before.text !== seen.source?.text)
    return {
      en: `${product} gave ${before.text} the source ${seen.source?.text} towards ${to}${many.en}.`,
      zh: `${product} 为 ${before.text} 去往 ${to} 的连接分配了源地址 ${seen.source?.text}${many.zh}。`,
    };
  return {
    en: `${product} ${denied ? "refused" : "logged"} a packet from ${seen.source?.text} to ${to}${many.en}.`,
    zh: `${product} ${denied ? "拒绝" : "记录"}了从 ${seen.source?.text} 到 ${to} 的数据包${many.zh}。`,
  };
}

function judge({ sighting: { seen, before }, side }: Filtered, hint: VantageHint | null): Judgement {
  if (before !== null && before.text !== seen.source?.text)
    return { strength: "translator-logged", vantage: "translator", proves: TRANSLATED };
  if (hint === "client" || hint === "translator") return { strength: "none", vantage: hint, proves: NOT_DESTINATION };
  if (isReply(seen)) return { strength: "none", vantage: "unknown", proves: REPLY };
  if (side === "own") return { strength: "none", vantage: "client", proves: OWN_SIDE };
  if (hint === "destination" || side === "outside")
    return { strength: "destination-observed", vantage: "destination", proves: AT_EDGE };
  return side === "inside"
    ? { strength: "none", vantage: "translator", proves: BEFORE_TRANSLATION }
    : { strength: "none", vantage: "unknown", proves: SIDE_UNKNOWN };
}

/** Answers of a server come from its service's port; their source is the server's address. */
const isReply = ({ sourcePort, destinationPort }: Sighting["seen"]): boolean =>
  serverRank(sourcePort) > serverRank(destinationPort);

/** Entries as JSON: rules of a VPC, Suricata, Zeek. */
export function readFirewallJson(text: string, file: string, hint: VantageHint | null): Evidence {
  const { value, problems } = readJsonDocuments(text, file);
  const records = value.flatMap((entry) => vpcEntry(entry) ?? sensorEntry(entry) ?? []);
  return evidenceOf(file, "firewall-log", observationsOf(records, file, hint), { problems });
}

/** Firewall rules logging of a VPC: https://cloud.google.com/firewall/docs/firewall-rules-logging */
function vpcEntry({ value: entry, origin }: LogEntry): Filtered | null {
  const connection = member(entry, "jsonPayload", "connection");
  const source = addressIn(textAt(connection, "src_ip"));
  if (source === null) return null;
  const direction = textAt(entry, "jsonPayload", "rule_details", "direction");
  const disposition = textAt(entry, "jsonPayload", "disposition");
  const seen = {
    source,
    sourcePort: portAt(connection, "src_port"),
    destination: addressIn(textAt(connection, "dest_ip")),
    destinationPort: portAt(connection, "dest_port"),
    protocol: protocolAt(connection, "protocol"),
    at: timeAt(entry, "timestamp"),
  };
  const side = direction === "INGRESS" ? "outside" : direction === "EGRESS" ? "own" : "unknown";
  const quote = quoteOfEntry({ connection, disposition, direction });
  return {
    sighting: quoted(origin.line ?? 1, quote, seen),
    product: "VPC firewall",
    denied: disposition === "DENIED",
    side,
  };
}

const TRANSLATED: Text = {
  en: "The firewall wrote this source into the connection. It is what the destination sees if nothing behind the firewall translates again.",
  zh: "防火墙把该连接的源地址改写为此地址。若其后没有再次转换，这就是目的端看到的源地址。",
};

const AT_EDGE: Text = {
  en: "The packet came in from outside with this source: seen at the destination's own filter, before anything behind it. A refusal is as good a witness as an accept; of a single packet without a handshake the source could be forged.",
  zh: "数据包从外侧以此源地址到达：在目的端自己的过滤点所见，早于其后的任何设备。拒绝记录与放行记录同样有效；单个没有握手的数据包，其源地址理论上可以伪造。",
};

const BEFORE_TRANSLATION: Text = {
  en: "A private source on its way through: the rule logs it before the source is translated (POSTROUTING and the like come later). If this is the destination's own filter and the sender comes in by a private link: --vantage FILE=destination.",
  zh: "转发途中的私有源地址：规则在源地址转换之前记录（POSTROUTING 等在其后）。若这是目的端自己的过滤点、且发送方经私有链路到达：--vantage FILE=destination。",
};

const OWN_SIDE: Text = {
  en: "Logged where the packet leaves its sender, before any translation.",
  zh: "在数据包离开发送方处记录，早于任何地址转换。",
};

const REPLY: Text = {
  en: "It goes from a service's port to a client's: the answer of a server, and its source is that server's.",
  zh: "该数据包从服务端口发往客户端端口：是服务器的应答，其源地址属于该服务器。",
};

const SIDE_UNKNOWN: Text = {
  en: "The record does not say from which side of the filter the packet came, so the source may be before or after a translation. If it is the destination's filter: --vantage FILE=destination.",
  zh: "记录未说明数据包来自过滤点的哪一侧，源地址可能在转换之前或之后。若它是目的端的过滤点：--vantage FILE=destination。",
};
