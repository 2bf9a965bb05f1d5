import { readJsonDocuments } from "../../../documents/json.ts";
import type { Protocol } from "../../../model/flow.ts";
import { type LogEntry, member, textAt } from "../../logs/entry.ts";
import type { Evidence, Observation } from "../../observation.ts";
import { epochToRfc3339 } from "../../time.ts";
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
import { recordsOf } from "../translators/azure.ts";
import { addressIn, portIn } from "../words.ts";

interface Flow {
  readonly sighting: Sighting;
  readonly inbound: boolean;
  readonly denied: boolean;
}

const list = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = member(value, ...path);
  return Array.isArray(found) ? found : [];
};

/**
 * NSG flow logs, versions 1 and 2, and VNet flow logs: what each tuple says of its interface.
 *
 * @see https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview
 * @see https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview
 */
export function readAzureFlows(text: string, file: string): Evidence {
  const { value, problems } = readJsonDocuments(text, file);
  const flows = recordsOf(value).flatMap(flowsIn);
  const key = ({ sighting: one, inbound, denied }: Flow): string => `${flowKey(one)} ${inbound} ${denied}`;
  const observations = fold(flows, key).map(({ last, all }) => observationOf(last, all.length, file));
  return evidenceOf(file, "azure-flow-log", observations, { problems });
}

function flowsIn({ value, origin }: LogEntry): readonly Flow[] {
  const line = origin.line ?? 1;
  const nsg = list(value, "properties", "flows").flatMap((rule) => list(rule, "flows"));
  const vnet = list(value, "flowRecords", "flows").flatMap((flow) => list(flow, "flowGroups"));
  return [...nsg, ...vnet].flatMap((group) =>
    list(group, "flowTuples").flatMap((tuple) =>
      typeof tuple === "string" ? (flowOf(tuple, line, textAt(group, "rule")) ?? []) : [],
    ),
  );
}

/** NSG: seconds, T or U, then direction and decision; VNet: milliseconds, protocol number, direction and state. */
function flowOf(tuple: string, line: number, rule: string | null): Flow | null {
  const [time = "", from, to, fromPort, toPort, protocol = "", direction, decision] = tuple.split(",", 9);
  const source = addressIn(from);
  const destination = addressIn(to);
  if (source === null || destination === null) return null;
  const seconds = /^\d{13}$/.test(time) ? time.slice(0, 10) : time;
  const seen = {
    source,
    sourcePort: portIn(fromPort),
    destination,
    destinationPort: portIn(toPort),
    protocol: PROTOCOLS[protocol] ?? null,
    at: /^\d{10}$/.test(seconds) ? epochToRfc3339(seconds) : null,
  };
  const quote = rule === null ? tuple.slice(0, 400) : `${rule}: ${tuple.slice(0, 300)}`;
  return { sighting: quoted(line, quote, seen), inbound: direction === "I", denied: decision === "D" };
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = {
  T: "tcp",
  U: "udp",
  6: "tcp",
  17: "udp",
  1: "icmp",
  58: "icmp",
};

function observationOf({ sighting: one, inbound, denied }: Flow, count: number, file: string): Observation {
  const { seen } = one;
  const many = timesOf(count);
  const words = inbound ? { en: "inbound", zh: "入站" } : { en: "outbound", zh: "出站" };
  return observe(
    file,
    "azure-flow-log",
    one,
    {
      en: `Flow log, ${words.en}${denied ? ", denied" : ""}: from ${seen.source?.text} to ${endOf(seen.destination, seen.destinationPort)}${many.en}.`,
      zh: `流日志，${words.zh}${denied ? "，被拒绝" : ""}：从 ${seen.source?.text} 到 ${endOf(seen.destination, seen.destinationPort)}${many.zh}。`,
    },
    inbound ? ARRIVED : LEFT,
  );
}

const ARRIVED: Judgement = {
  strength: "destination-observed",
  vantage: "destination",
  proves: {
    en: "Recorded at the receiving interface: the source as it arrived there, also of a packet that was denied. A load balancer with a proxy in front shows the proxy.",
    zh: "在接收方网络接口处记录：即到达时的源地址，被拒绝的数据包亦然。若前面有代理，则显示代理的地址。",
  },
};

const LEFT: Judgement = {
  strength: "none",
  vantage: "client",
  proves: {
    en: "Recorded at the sending interface: its private address, before a NAT gateway, a load balancer or its own public address. It proves which interface sends, nothing about what the destination sees.",
    zh: "在发送方网络接口处记录：为其私有地址，早于 NAT 网关、负载均衡或其公网地址。只证明由哪个接口发出，不说明目的端看到什么。",
  },
};
