import { addressOf, type Cidr, familyOfCidr, isHost } from "@seenas/core/address";
import { planOf } from "./plan.ts";
import { type LogName, markOf, type Request, type Span } from "./request.ts";
import { ROW_COLUMNS } from "./select.ts";
import { DAY_US, timeText } from "./time.ts";
import { conditionsIn, type Words } from "./words.ts";

/**
 * A text of Kusto: every letter that could end it or begin something else is written by its number.
 *
 * @see https://learn.microsoft.com/kusto/query/scalar-data-types/string
 */
export const kustoText = (value: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  `'${value.replace(/[\\'"\u0000-\u001f\u007f]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`)}'`;

const datetime = (us: number): string => `datetime(${timeText(us)})`;

/** https://learn.microsoft.com/kusto/query/ipv4-is-in-range-function */
function within(column: string, cidr: Cidr): string {
  if (isHost(cidr) && familyOfCidr(cidr) === 4) return `${column} == ${kustoText(addressOf(cidr))}`;
  // Given an IPv4 address, the function for IPv6 reads it as a mapped one.
  const isOfFamily = familyOfCidr(cidr) === 4 ? "" : `${column} contains ':' and `;
  const name = familyOfCidr(cidr) === 4 ? "ipv4_is_in_range" : "ipv6_is_in_range";
  return `(${isOfFamily}${name}(${column}, ${kustoText(cidr)}))`;
}

const WORDS: Words = {
  and: "and",
  or: "or",
  never: "false",
  beganBy: (us) => `at_time <= ${datetime(us)}`,
  endedFrom: (us) => `until_time >= ${datetime(us)}`,
  shown: "isnotempty(address)",
  isNamed: (names) => `workload in (${names.map(kustoText).join(", ")})`,
  sourceWithin: (cidr) => within("source_address", cidr),
  seenWithin: (cidr) => within("address", cidr),
  seenPortFits: (port) => `(isnull(port) or port == ${port})`,
  noDestination: "isempty(destination_address)",
  destinationWithin: (cidr) => within("destination_address", cidr),
  destinationPortFits: (port) => `(isnull(destination_port) or destination_port == ${port})`,
  protocolFits: (protocol) => `(isempty(protocol) or protocol == ${kustoText(protocol)})`,
};

/** Records arrive within the hour; a day is enough. */
function partition({ fromUs, toUs }: Span): string {
  const end = toUs === null ? "" : ` and TimeGenerated < ${datetime(toUs + DAY_US)}`;
  return `| where TimeGenerated >= ${datetime(fromUs)}${end}`;
}

/** https://learn.microsoft.com/azure/nat-gateway/nat-gateway-flow-logs: a record a minute, without ports. */
const NAT = `| project at_time = TimeGenerated, until_time = TimeGenerated, address = NatGatewayIp, port = int(null),
    workload = '', before_address = SourceIp, before_port = int(null),
    destination_address = DestinationIp, destination_port = int(null), protocol = '',
    reporter = _ResourceId, evidence_kind = 'azure-nat-log', strength = 'translator-logged'`;

/**
 * https://learn.microsoft.com/azure/network-watcher/traffic-analytics-schema: of external flows the addresses stand in
 * one list, each with its counters behind bars. Only what arrived at an interface shows a source.
 */
const FLOW = `| where SubType == 'FlowLog' and FlowDirection == 'Inbound' and FlowStatus == 'Allowed'
| mv-expand source = iff(isnotempty(SrcIp), pack_array(SrcIp), split(SrcPublicIps, ' ')) to typeof(string)
| project at_time = FlowStartTime, until_time = FlowEndTime, address = tostring(split(source, '|')[0]), port = int(null),
    workload = SrcVm, before_address = '', before_port = int(null),
    destination_address = DestIp, destination_port = DestPort,
    protocol = case(L4Protocol == 'T', 'tcp', L4Protocol == 'U', 'udp', ''),
    reporter = TargetResourceId, evidence_kind = 'azure-flow-log', strength = 'destination-observed'`;

const RECORDS: Readonly<Record<LogName, string>> = { nat: NAT, flow: FLOW };

const KEYS = ROW_COLUMNS.filter((name) => name !== "port" && name !== "before_port" && name !== "reporter");

/** The question in Kusto's own language, with the columns that every engine's result has. */
export function kustoQuery({ question, table, log, span }: Request): string {
  const conditions = conditionsIn(planOf(question).conditions, WORDS).map((condition) => `| where ${condition}`);
  const mark = `seenas = ${kustoText(markOf(question))}`;
  const shown =
    question.question === "who"
      ? [`| project ${mark}, ${ROW_COLUMNS.join(", ")}, first_seen = at_time, last_seen = until_time, row_count = 1`]
      : [
          `| summarize first_seen = min(at_time), last_seen = max(until_time), row_count = count() by ${KEYS.join(", ")}`,
          `| project ${mark}, ${KEYS.join(", ")}, first_seen, last_seen, row_count`,
        ];
  return `${[
    table,
    partition(span),
    RECORDS[log],
    "| extend source_address = iff(isempty(before_address), address, before_address)",
    ...conditions,
    ...shown,
    "| order by last_seen desc",
  ].join("\n")}\n`;
}
