import type { LogRow } from "../row.ts";
import { momentOf } from "./moment.ts";
import { addressOf, endOf, member, protocolOf, type Record, rejected, textAt } from "./record.ts";

/** Entries of Cloud Logging. */
export const isGcpEntry = (value: unknown): boolean => member(value, "jsonPayload") !== undefined;

export function gcpRecord(value: unknown): Record {
  const payload = member(value, "jsonPayload");
  const name = textAt(value, "logName");
  const status = textAt(payload, "allocation_status");
  if (status === "OK" || status === "DROPPED" || name.endsWith("nat_flows")) return natRecord(value, payload, status);
  if (name.endsWith("vpc_flows") || textAt(payload, "reporter") !== "") return flowRecord(value, payload);
  return rejected("another-log");
}

/**
 * One entry for each connection that was made; a packet that was dropped has no address of the translator.
 *
 * @see https://cloud.google.com/nat/docs/monitoring#log-fields
 */
function natRecord(value: unknown, payload: unknown, status: string): Record {
  const connection = member(payload, "connection");
  const isDropped = status === "DROPPED";
  const before = endOf(member(connection, "src_ip"), member(connection, "src_port"));
  const seen = isDropped ? null : endOf(member(connection, "nat_ip"), member(connection, "nat_port"));
  const destination = endOf(member(connection, "dest_ip"), member(connection, "dest_port"));
  if (before === null || destination === null || (seen === null && !isDropped)) return rejected("no-address");
  const atUs = momentOf(member(value, "timestamp"));
  if (atUs === null) return rejected("no-time");
  const row: LogRow = {
    atUs,
    untilUs: atUs,
    kind: "cloud-nat-log",
    strength: isDropped ? "none" : "translator-logged",
    event: isDropped ? "dropped" : "allocated",
    workload: textAt(payload, "endpoint", "vm_name"),
    reporter: gatewayOf(payload),
    protocol: protocolOf(member(connection, "protocol")),
    before,
    seen,
    destination,
  };
  return { kind: "rows", rows: [row] };
}

/** The documented member is `router_name`; one of Google's examples has `cloud_router`. */
function gatewayOf(payload: unknown): string {
  const ids = member(payload, "gateway_identifiers");
  const router = textAt(ids, "router_name") || textAt(ids, "cloud_router");
  const gateway = textAt(ids, "gateway_name");
  return router === "" || gateway === "" ? router || gateway : `${router}/${gateway}`;
}

/**
 * Addresses as the packet had them where it was sampled: at the sender before any translation, at the receiver as they
 * arrived, at a gateway as they passed it.
 *
 * @see https://cloud.google.com/vpc/docs/about-flow-logs-records
 */
function flowRecord(value: unknown, payload: unknown): Record {
  const connection = member(payload, "connection");
  const source = endOf(member(connection, "src_ip"), member(connection, "src_port"));
  const to = addressOf(member(connection, "dest_ip")) === null ? "dst" : "dest";
  const destination = endOf(member(connection, `${to}_ip`), member(connection, `${to}_port`));
  if (source === null || destination === null) return rejected("no-address");
  const untilUs = momentOf(member(payload, "end_time")) ?? momentOf(member(value, "timestamp"));
  const atUs = momentOf(member(payload, "start_time")) ?? untilUs;
  if (untilUs === null || atUs === null) return rejected("no-time");
  const reporter = textAt(payload, "reporter");
  const isSeen = reporter === "DEST" || reporter.endsWith("_GATEWAY");
  const row: LogRow = {
    atUs: Math.min(atUs, untilUs),
    untilUs: Math.max(atUs, untilUs),
    kind: "gcp-flow-log",
    strength: !isSeen ? "none" : reporter === "DEST" ? "destination-observed" : "third-party-observed",
    event: "flow",
    workload: textAt(payload, "src_instance", "vm_name"),
    reporter: textAt(value, "resource", "labels", "subnetwork_name") || textAt(payload, "src_gateway", "name"),
    protocol: protocolOf(member(connection, "protocol")),
    before: isSeen ? null : source,
    seen: isSeen ? source : null,
    destination,
  };
  return { kind: "rows", rows: [row] };
}
