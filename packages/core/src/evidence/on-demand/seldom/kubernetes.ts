import type { LogEntry } from "../../logs/entry.ts";
import { member, quoteOfEntry, textAt, timeAt } from "../../logs/entry.ts";
import { atServer, quoted } from "../observe.ts";
import { addressIn } from "../words.ts";
import { type Seldom, text } from "./format.ts";

const PORTS = [443, 6443, 8443, 16_443];

const PROVES = text(
  "The last of the source addresses is the peer of the API server's connection; those before it stood in headers of the request. A balancer in front of the API server that ends connections shows itself.",
  "源地址列表中的最后一项是 API 服务器连接的对端；之前各项来自请求头。若 API 服务器前面有终结连接的负载均衡，则显示为它。",
);

/** Audit events of an API server. https://kubernetes.io/docs/reference/config-api/apiserver-audit.v1/ (sourceIPs) */
export function auditEvents({ value, origin }: LogEntry): readonly Seldom[] {
  const items = member(value, "items");
  const events: readonly unknown[] = Array.isArray(items) ? items : [value];
  return events.flatMap((event): readonly Seldom[] => {
    const list = member(event, "sourceIPs");
    const addresses: readonly unknown[] = Array.isArray(list) ? list : [];
    const last = addresses.at(-1);
    const source = addressIn(typeof last === "string" ? last : null);
    if (source === null || !(textAt(event, "apiVersion") ?? "").startsWith("audit.k8s.io/")) return [];
    const claimed = addresses.slice(0, -1).filter((one) => typeof one === "string");
    const seen = { source, protocol: "tcp" as const, at: timeAt(event, "requestReceivedTimestamp") };
    const quote = quoteOfEntry({ sourceIPs: addresses, verb: textAt(event, "verb"), uri: textAt(event, "requestURI") });
    return [
      {
        as: "service",
        record: {
          kind: "server-log",
          sighting: quoted(origin.line ?? 1, quote, seen, {
            claimed: claimed.length === 0 ? null : claimed.join(", "),
          }),
          service: "Kubernetes",
          clock: null,
          ports: PORTS,
          judge: (peer, hint) => atServer(peer, hint, PROVES),
        },
      },
    ];
  });
}
