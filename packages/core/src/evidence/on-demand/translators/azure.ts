import { readJsonDocuments } from "../../../documents/json.ts";
import type { Text } from "../../../problem.ts";
import { type LogEntry, member, portAt, protocolAt, quoteOfEntry, textAt } from "../../logs/entry.ts";
import type { Evidence } from "../../observation.ts";
import { rfc3339 } from "../../time.ts";
import {
  endOf,
  evidenceOf,
  flowKey,
  fold,
  type Judgement,
  observe,
  quoted,
  type Sighting,
  timesOf,
} from "../observe.ts";
import { addressIn } from "../words.ts";

/** The first of these members that is a text: the resource log and the table of Log Analytics differ in letters. */
const any = (value: unknown, ...names: readonly string[]): string | null => {
  for (const name of names) {
    const found = textAt(value, name) ?? textAt(value, "properties", name);
    if (found !== null && found !== "") return found;
  }
  return null;
};

const anyPort = (value: unknown, ...names: readonly string[]): number | null =>
  names.map((name) => portAt(value, name) ?? portAt(value, "properties", name)).find((port) => port !== null) ?? null;

/** Records stand alone, or in a list named `records`. */
export const recordsOf = (entries: readonly LogEntry[]): readonly LogEntry[] =>
  entries.flatMap(({ value, origin }) => {
    const records = member(value, "records");
    return Array.isArray(records) ? records.map((record: unknown) => ({ origin, value: record })) : [{ origin, value }];
  });

/**
 * Flow logs of a StandardV2 NAT gateway: private source, the gateway's address and the destination, without ports.
 *
 * @see https://learn.microsoft.com/azure/nat-gateway/nat-gateway-flow-logs
 */
export function readAzureNat(text: string, file: string): Evidence {
  const { value, problems } = readJsonDocuments(text, file);
  const entries = recordsOf(value).flatMap((entry) => natEntry(entry) ?? []);
  const observations = fold(entries, flowKey).map(({ last, all }) =>
    observe(file, "azure-nat-log", last, saysNat(last, all.length), NAT),
  );
  return evidenceOf(file, "azure-nat-log", observations, { problems });
}

function natEntry({ value, origin }: LogEntry): Sighting | null {
  const source = addressIn(any(value, "NatGatewayIp", "NatGatewayIP", "natGatewayIp"));
  const before = addressIn(any(value, "SourceIp", "SourceIP", "sourceIp"));
  const destination = addressIn(any(value, "DestinationIp", "DestinationIP", "destinationIp"));
  if (source === null || before === null) return null;
  const at = rfc3339(any(value, "TimeGenerated", "time", "timeGenerated") ?? "");
  const quote = quoteOfEntry({ SourceIp: before.text, NatGatewayIp: source.text, DestinationIp: destination?.text });
  return quoted(origin.line ?? 1, quote, { source, destination, at }, { before });
}

function saysNat({ seen, before }: Sighting, count: number): Text {
  const many = timesOf(count);
  return {
    en: `The NAT gateway took packets of ${before?.text} to ${endOf(seen.destination, null)} with the source ${seen.source?.text}${many.en}.`,
    zh: `NAT 网关以源地址 ${seen.source?.text} 转发了 ${before?.text} 去往 ${endOf(seen.destination, null)} 的数据包${many.zh}。`,
  };
}

export const PROVES_NAT: Text = {
  en: "The NAT gateway wrote this source, and nothing of Azure's translates after it. The record names no ports, and the gateway may use another of its addresses for the next connection.",
  zh: "NAT 网关写入了此源地址，其后 Azure 不再转换。记录不含端口；下一条连接可能使用网关的其他地址。",
};

const NAT: Judgement = { strength: "translator-logged", vantage: "translator", proves: PROVES_NAT };

/**
 * Azure Firewall's structured logs (AZFWNetworkRule, AZFWNatRule, AZFWApplicationRule, …) and the older ones, whose
 * message is a sentence. What they name is the source before the firewall's own translation.
 *
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/azfwnetworkrule
 */
export function readAzureFirewall(text: string, file: string): Evidence {
  const { value, problems } = readJsonDocuments(text, file);
  const entries = recordsOf(value).flatMap((entry) => firewallEntry(entry) ?? []);
  const observations = fold(entries, flowKey).map(({ last, all }) =>
    observe(file, "azure-firewall-log", last, saysFirewall(last, all.length), FIREWALL),
  );
  return evidenceOf(file, "azure-firewall-log", observations, { problems });
}

/** `TCP request from 10.0.0.4:51234 to 198.51.100.25:443. Action: Allow` */
const SENTENCE =
  /(TCP|UDP|ICMP|HTTPS?) (?:Type=\d{1,3} )?request from ([0-9A-Fa-f.]{7,45}):?(\d{0,5}) to ([^\s:]{1,255}):?(\d{0,5})/;

function firewallEntry({ value, origin }: LogEntry): Sighting | null {
  const said = SENTENCE.exec(any(value, "msg", "msg_s") ?? "");
  const source = addressIn(any(value, "SourceIp", "SourceIP")) ?? addressIn(said?.[2]);
  if (source === null) return null;
  const written = any(value, "DestinationIp", "DestinationIP") ?? said?.[4] ?? null;
  const destination = addressIn(written);
  const port = (text: string | undefined): number | null => portAt(text === "" ? null : text);
  const seen = {
    source,
    sourcePort: anyPort(value, "SourcePort") ?? port(said?.[3]),
    destination,
    destinationName: any(value, "Fqdn") ?? (destination === null ? written : null),
    destinationPort: anyPort(value, "DestinationPort") ?? port(said?.[5]),
    protocol: protocolAt(any(value, "Protocol") ?? said?.[1]?.replace(/^HTTPS?$/, "TCP")),
    at: rfc3339(any(value, "TimeGenerated", "time") ?? ""),
  };
  const quote = quoteOfEntry({ SourceIp: source.text, Destination: written, Action: any(value, "Action") });
  return quoted(origin.line ?? 1, quote, seen);
}

function saysFirewall({ seen }: Sighting, count: number): Text {
  const to = endOf(seen.destination ?? seen.destinationName, seen.destinationPort);
  const many = timesOf(count);
  return {
    en: `Azure Firewall had a packet from ${seen.source?.text} to ${to}${many.en}.`,
    zh: `Azure 防火墙收到从 ${seen.source?.text} 到 ${to} 的数据包${many.zh}。`,
  };
}

const FIREWALL: Judgement = {
  strength: "none",
  vantage: "translator",
  proves: {
    en: "It shows that this flow goes through Azure Firewall, with the source it had before. The log does not name the public address the firewall chose: the destination sees one of its public addresses, or the private source where SNAT is off for that range.",
    zh: "说明该流量经过 Azure 防火墙，以及它此前的源地址。日志不含防火墙选用的公网地址：目的端看到的是其公网地址之一；若该网段未启用 SNAT，则是私有源地址。",
  },
};
