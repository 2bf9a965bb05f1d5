import type { Problem, Text } from "../../problem.ts";
import { isAddress, parseObserved } from "../masked.ts";
import type { Observation, ObservedAddress } from "../observation.ts";
import { type LogEntry, member, newestOf, portAt, protocolAt, quoteOfEntry, textAt, timeAt } from "./entry.ts";

/** Labels repeat the payload's values, and have been seen to disagree with them: the payload counts. */
const NAT_IP_LABEL = "nat.googleapis.com/nat_ip";

interface NatEntry {
  readonly line: number;
  readonly status: "OK" | "DROPPED";
  readonly before: ObservedAddress;
  readonly after: ObservedAddress | null;
  readonly afterPort: number | null;
  readonly destination: ObservedAddress;
  readonly destinationPort: number | null;
  readonly protocol: Observation["seen"]["protocol"];
  readonly at: string | null;
  readonly vm: string | null;
  readonly gateway: string | null;
  readonly label: string | null;
  readonly quote: string;
}

/** https://cloud.google.com/nat/docs/monitoring#log-fields */
export function isNatEntry(value: unknown): boolean {
  const status = textAt(value, "jsonPayload", "allocation_status");
  const name = textAt(value, "logName") ?? "";
  return status === "OK" || status === "DROPPED" || name.endsWith("nat_flows");
}

/** One observation for each source, translated source, destination and outcome: the newest entry of it. */
export function readNatEntries(documents: readonly LogEntry[], file: string) {
  const problems: Problem[] = [];
  const entries: NatEntry[] = [];
  for (const document of documents) {
    const entry = natEntry(document);
    if (entry === null) problems.push(unreadable(document, file));
    else entries.push(entry);
    if (entry !== null && disagrees(entry)) problems.push(labelDisagrees(entry, file));
  }
  const key = (entry: NatEntry) =>
    [
      entry.status,
      entry.before.text,
      entry.after?.text,
      entry.destination.text,
      entry.destinationPort,
      entry.protocol,
      entry.vm,
    ].join(" ");
  const observations = newestOf(entries, key, (entry) => entry.at).map(({ item, count }) =>
    item.status === "OK" ? allocated(item, count, file) : dropped(item, count, file),
  );
  return { observations, problems };
}

function natEntry({ origin, value }: LogEntry): NatEntry | null {
  const payload = member(value, "jsonPayload");
  const connection = member(payload, "connection");
  const before = parseObserved(textAt(connection, "src_ip") ?? "");
  const destination = parseObserved(textAt(connection, "dest_ip") ?? "");
  const natIp = textAt(connection, "nat_ip");
  const after = natIp === null || natIp === "" ? null : parseObserved(natIp);
  const status = textAt(payload, "allocation_status") === "DROPPED" ? "DROPPED" : "OK";
  if (!isAddress(before) || !isAddress(destination) || (status === "OK" && (after === null || !isAddress(after))))
    return null;
  return {
    line: origin.line ?? 1,
    status,
    before,
    after,
    afterPort: portAt(connection, "nat_port"),
    destination,
    destinationPort: portAt(connection, "dest_port"),
    protocol: protocolAt(connection, "protocol"),
    at: timeAt(value, "timestamp"),
    vm: textAt(payload, "endpoint", "vm_name"),
    gateway: gatewayOf(payload),
    label: textAt(value, "labels", NAT_IP_LABEL),
    quote: quoteOfEntry({ connection, allocation_status: status }),
  };
}

/** The documented member is `router_name`; one of Google's examples has `cloud_router`. */
function gatewayOf(payload: unknown): string | null {
  const gateway = textAt(payload, "gateway_identifiers", "gateway_name");
  const router =
    textAt(payload, "gateway_identifiers", "router_name") ?? textAt(payload, "gateway_identifiers", "cloud_router");
  return gateway === null || router === null ? (gateway ?? router) : `${router}/${gateway}`;
}

const disagrees = ({ status, after, label }: NatEntry): boolean =>
  status === "OK" && after !== null && label !== null && label !== "" && parseObserved(label).text !== after.text;

const target = ({ destination, destinationPort }: NatEntry): string => {
  const host = destination.text.includes(":") ? `[${destination.text}]` : destination.text;
  return destinationPort === null ? host : `${host}:${destinationPort}`;
};

const sender = ({ before, vm }: NatEntry): string => (vm === null ? before.text : `${vm} (${before.text})`);

const times = (count: number): Text =>
  count > 1 ? { en: `, ${count} entries, the newest`, zh: `，共 ${count} 条，此为最新` } : { en: "", zh: "" };

function allocated(entry: NatEntry, count: number, file: string): Observation {
  const after = entry.after?.text ?? "";
  const by = entry.gateway ?? "Cloud NAT";
  const many = times(count);
  return {
    ...base(entry, file),
    says: {
      en: `${by} gave the connection of ${sender(entry)} to ${target(entry)} the source ${after}${many.en}.`,
      zh: `${by} 为 ${sender(entry)} 到 ${target(entry)} 的连接分配了源地址 ${after}${many.zh}。`,
    },
    proves: provesAllocated(after),
    strength: "translator-logged",
  };
}

export const provesAllocated = (after: string): Text => ({
  en: `Cloud NAT wrote ${after} into this connection, and nothing of Google's translates after it. It may choose another address of its pool for the next one, and the log does not show that the packet arrived.`,
  zh: `Cloud NAT 把该连接的源地址改写为 ${after}，其后 Google 不再转换。下一条连接可能使用地址池中的其他地址；日志也不能说明数据包已经送达。`,
});

function dropped(entry: NatEntry, count: number, file: string): Observation {
  const many = times(count);
  return {
    ...base(entry, file),
    says: {
      en: `${entry.gateway ?? "Cloud NAT"} dropped a packet of ${sender(entry)} to ${target(entry)}: no port was free${many.en}.`,
      zh: `${entry.gateway ?? "Cloud NAT"} 丢弃了 ${sender(entry)} 到 ${target(entry)} 的数据包：没有可用端口${many.zh}。`,
    },
    proves: {
      en: "The packet did not leave, so it shows no source. The ports of this VM are used up: raise the ports per VM, allow dynamic port allocation or add addresses (which then belong in the allowlist).",
      zh: "数据包没有离开，因此没有源地址。该虚拟机的端口已耗尽：请提高每虚拟机端口数、启用动态端口分配或增加地址（新地址也要加入白名单）。",
    },
    strength: "none",
  };
}

const base = (entry: NatEntry, file: string) => ({
  file,
  line: entry.line,
  kind: "cloud-nat-log" as const,
  quote: entry.quote,
  seen: {
    source: entry.status === "OK" ? entry.after : null,
    sourcePort: entry.status === "OK" ? entry.afterPort : null,
    destination: entry.destination,
    destinationName: null,
    destinationPort: entry.destinationPort,
    protocol: entry.protocol,
    at: entry.at,
  },
  before: entry.before,
  ...(entry.vm === null ? {} : { sender: entry.vm }),
  claimed: null,
  vantage: "translator" as const,
});

const unreadable = ({ origin }: LogEntry, file: string): Problem => ({
  level: "error",
  code: "cloud-nat/unreadable-entry",
  file,
  line: origin.line,
  text: {
    en: "expected jsonPayload.connection with src_ip, dest_ip and nat_ip, found none",
    zh: "应有含 src_ip、dest_ip、nat_ip 的 jsonPayload.connection，实际没有",
  },
  fix: {
    en: "export it as: gcloud logging read 'logName:\"nat_flows\"' --format=json",
    zh: "请这样导出：gcloud logging read 'logName:\"nat_flows\"' --format=json",
  },
});

const labelDisagrees = (entry: NatEntry, file: string): Problem => ({
  level: "warning",
  code: "cloud-nat/label-disagrees",
  file,
  line: entry.line,
  text: {
    en: `the label ${NAT_IP_LABEL} says ${entry.label}, the payload ${entry.after?.text}`,
    zh: `标签 ${NAT_IP_LABEL} 为 ${entry.label}，而负载为 ${entry.after?.text}`,
  },
  fix: { en: "the payload is used; nothing to do", zh: "以负载为准，无需处理" },
});
