import type { Problem, Text } from "../../problem.ts";
import { isAddress, parseObserved } from "../masked.ts";
import type { Observation, ObservedAddress, Strength, Vantage } from "../observation.ts";
import { serverRank } from "../tcpdump/services.ts";
import { type LogEntry, member, newestOf, portAt, protocolAt, quoteOfEntry, textAt, timeAt } from "./entry.ts";

interface FlowEntry {
  readonly line: number;
  readonly reporter: string;
  readonly source: ObservedAddress;
  readonly sourcePort: number | null;
  readonly destination: ObservedAddress;
  readonly destinationPort: number | null;
  readonly protocol: Observation["seen"]["protocol"];
  readonly at: string | null;
  readonly quote: string;
}

/** https://cloud.google.com/vpc/docs/about-flow-logs-records */
export function isFlowEntry(value: unknown): boolean {
  const name = textAt(value, "logName") ?? "";
  return name.endsWith("vpc_flows") || textAt(value, "jsonPayload", "reporter") !== null;
}

/** One observation for each reporter, source and destination: the newest record of it. */
export function readFlowEntries(documents: readonly LogEntry[], file: string) {
  const problems: Problem[] = [];
  const entries: FlowEntry[] = [];
  for (const document of documents) {
    const entry = flowEntry(document);
    if (entry === null) problems.push(unreadable(document, file));
    else entries.push(entry);
  }
  const key = (entry: FlowEntry) =>
    [entry.reporter, entry.source.text, entry.destination.text, entry.destinationPort, entry.protocol].join(" ");
  const observations = newestOf(entries, key, (entry) => entry.at).map(({ item }) => observationOf(item, file));
  return { observations, problems };
}

function flowEntry({ origin, value }: LogEntry): FlowEntry | null {
  const payload = member(value, "jsonPayload");
  const connection = member(payload, "connection");
  const source = parseObserved(textAt(connection, "src_ip") ?? "");
  // The page's own tables also write `dst_ip`.
  const destination = parseObserved(textAt(connection, "dest_ip") ?? textAt(connection, "dst_ip") ?? "");
  if (!isAddress(source) || !isAddress(destination)) return null;
  return {
    line: origin.line ?? 1,
    reporter: textAt(payload, "reporter") ?? "",
    source,
    sourcePort: portAt(connection, "src_port"),
    destination,
    destinationPort: portAt(connection, "dest_port") ?? portAt(connection, "dst_port"),
    protocol: protocolAt(connection, "protocol"),
    at: timeAt(payload, "end_time") ?? timeAt(value, "timestamp"),
    quote: quoteOfEntry({ reporter: member(payload, "reporter"), connection }),
  };
}

interface Judged {
  readonly strength: Strength;
  readonly vantage: Vantage;
  readonly proves: Text;
}

export const AT_RECEIVER: Judged = {
  strength: "destination-observed",
  vantage: "destination",
  proves: {
    en: "Recorded at the receiving VM from the packet's own header: the source as it arrived there.",
    zh: "在接收方虚拟机处按数据包头记录：即到达时的源地址。",
  },
};

/** Addresses come from packet headers, sampled at the VM before Cloud NAT: https://cloud.google.com/vpc/docs/flow-logs */
const BY_REPORTER: Readonly<Record<string, Judged>> = {
  SRC: {
    strength: "none",
    vantage: "client",
    proves: {
      en: "The source is the address of the VM's own interface, before Cloud NAT or an external address: it proves which interface sends, nothing about what the destination sees.",
      zh: "此源地址是虚拟机自身接口的地址，在 Cloud NAT 或外部地址生效之前：只证明由哪个接口发出，不说明目的端看到什么。",
    },
  },
  DEST: AT_RECEIVER,
};

export const AT_GATEWAY: Judged = {
  strength: "third-party-observed",
  vantage: "provider",
  proves: {
    en: "Recorded at the VLAN attachment or VPN tunnel: with this source the flow passes Google's edge. A device on the other side may still translate it.",
    zh: "在 VLAN 连接或 VPN 隧道处记录：该流量以此源地址通过 Google 边缘；对端设备仍可能进行转换。",
  },
};

const UNSAID: Judged = {
  strength: "none",
  vantage: "unknown",
  proves: {
    en: "The record does not say who reported it, so the source may be before or after a translation.",
    zh: "记录没有说明由哪一方上报，因此源地址可能在转换之前或之后。",
  },
};

function observationOf(entry: FlowEntry, file: string): Observation {
  const judged = BY_REPORTER[entry.reporter] ?? (entry.reporter.endsWith("_GATEWAY") ? AT_GATEWAY : UNSAID);
  const reply = serverRank(entry.sourcePort) > serverRank(entry.destinationPort);
  return {
    file,
    line: entry.line,
    kind: "gcp-flow-log",
    quote: entry.quote,
    says: saysOf(entry, reply),
    ...judged,
    seen: {
      source: entry.source,
      sourcePort: entry.sourcePort,
      destination: entry.destination,
      destinationName: null,
      destinationPort: entry.destinationPort,
      protocol: entry.protocol,
      at: entry.at,
    },
    before: null,
    claimed: null,
  };
}

function saysOf({ reporter, source, sourcePort, destination, destinationPort }: FlowEntry, reply: boolean): Text {
  const back = reply
    ? {
        en: " These look like the answers of a server, not a connection it opened.",
        zh: "看起来是服务器的应答，而不是它发起的连接。",
      }
    : { en: "", zh: "" };
  return {
    en: `Flow log, reported by ${reporter || "?"}: packets from ${source.text} port ${sourcePort ?? "?"} to ${destination.text} port ${destinationPort ?? "?"}.${back.en}`,
    zh: `流日志（由 ${reporter || "?"} 上报）：从 ${source.text} 端口 ${sourcePort ?? "?"} 到 ${destination.text} 端口 ${destinationPort ?? "?"} 的数据包。${back.zh}`,
  };
}

const unreadable = ({ origin }: LogEntry, file: string): Problem => ({
  level: "error",
  code: "gcp-flow/unreadable-entry",
  file,
  line: origin.line,
  text: {
    en: "expected jsonPayload.connection with src_ip and dest_ip, found none",
    zh: "应有含 src_ip、dest_ip 的 jsonPayload.connection，实际没有",
  },
  fix: {
    en: "export it as: gcloud logging read 'logName:\"vpc_flows\"' --format=json",
    zh: "请这样导出：gcloud logging read 'logName:\"vpc_flows\"' --format=json",
  },
});
