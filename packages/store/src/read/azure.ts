import type { LogRow } from "../row.ts";
import { momentOf } from "./moment.ts";
import { endOf, member, protocolOf, type Record, rejected, textAt } from "./record.ts";

const list = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = member(value, ...path);
  return Array.isArray(found) ? found : [];
};

export const isAzureFlow = (value: unknown): boolean =>
  member(value, "properties", "flows") !== undefined || member(value, "flowRecords", "flows") !== undefined;

interface Group {
  readonly mac: string;
  readonly tuples: readonly unknown[];
}

/**
 * NSG flow logs, versions 1 and 2, and VNet flow logs: each tuple is a row.
 *
 * @see https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-overview
 * @see https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview
 */
export function azureFlowRecord(value: unknown): Record {
  const reporter = textAt(value, "targetResourceID") || textAt(value, "resourceId");
  const nsg = list(value, "properties", "flows").flatMap((rule) =>
    list(rule, "flows").map((flow): Group => ({ mac: textAt(flow, "mac"), tuples: list(flow, "flowTuples") })),
  );
  const mac = textAt(value, "macAddress");
  const vnet = list(value, "flowRecords", "flows").flatMap((flow) =>
    list(flow, "flowGroups").map((group): Group => ({ mac, tuples: list(group, "flowTuples") })),
  );
  const rows: LogRow[] = [];
  for (const group of [...nsg, ...vnet])
    for (const tuple of group.tuples) {
      const row = typeof tuple === "string" ? tupleRow(tuple, group.mac, reporter) : null;
      // One that is not understood is enough to look at the record as a whole.
      if (row === null) return rejected("fields");
      rows.push(row);
    }
  return rows.length === 0 ? { kind: "nothing" } : { kind: "rows", rows };
}

/**
 * NSG: seconds, T or U, direction and decision; VNet: milliseconds, protocol number, direction and state. Inbound, the
 * source is as it arrived, also of a packet that was refused; outbound it is the interface's own, before a translation.
 */
function tupleRow(tuple: string, mac: string, reporter: string): LogRow | null {
  const [time, from, to, fromPort, toPort, protocol, direction, decision] = tuple.split(",", 9);
  const atUs = momentOf(time);
  const source = endOf(from, fromPort);
  const destination = endOf(to, toPort);
  const isInbound = direction === "I";
  if (atUs === null || source === null || destination === null || !(isInbound || direction === "O")) return null;
  return {
    atUs,
    untilUs: atUs,
    kind: "azure-flow-log",
    strength: isInbound ? "destination-observed" : "none",
    event: !isInbound && decision === "D" ? "dropped" : "flow",
    workload: isInbound ? "" : mac,
    reporter,
    protocol: protocolOf(protocol),
    before: isInbound ? null : source,
    seen: isInbound ? source : null,
    destination,
  };
}

/** The resource log and the table of Log Analytics differ in letters, and in where the members stand. */
const any = (value: unknown, ...names: readonly string[]): string => {
  for (const name of names) {
    const found = textAt(value, name) || textAt(value, "properties", name);
    if (found !== "") return found;
  }
  return "";
};

const NAT_IP = ["NatGatewayIp", "NatGatewayIP", "natGatewayIp"];

export const isAzureNat = (value: unknown): boolean => any(value, ...NAT_IP) !== "";

/**
 * Flow logs of a StandardV2 NAT gateway: private source, the gateway's address and the destination, without ports.
 *
 * @see https://learn.microsoft.com/azure/nat-gateway/nat-gateway-flow-logs
 */
export function azureNatRecord(value: unknown): Record {
  const seen = endOf(any(value, ...NAT_IP), null);
  const before = endOf(any(value, "SourceIp", "SourceIP", "sourceIp"), null);
  if (seen === null || before === null) return rejected("no-address");
  const atUs = momentOf(any(value, "TimeGenerated", "time", "timeGenerated"));
  if (atUs === null) return rejected("no-time");
  const row: LogRow = {
    atUs,
    untilUs: atUs,
    kind: "azure-nat-log",
    strength: "translator-logged",
    event: "flow",
    workload: "",
    reporter: any(value, "resourceId", "_ResourceId", "ResourceId"),
    protocol: null,
    before,
    seen,
    destination: endOf(any(value, "DestinationIp", "DestinationIP", "destinationIp"), null),
  };
  return { kind: "rows", rows: [row] };
}
