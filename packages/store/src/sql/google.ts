import { addressOf, type Cidr, familyOfCidr, isHost } from "@seenas/core/address";
import { lastOf } from "./prefix.ts";
import type { LogName, Request, Span } from "./request.ts";
import { ROW_COLUMNS, type RowColumn, selectOf } from "./select.ts";
import { DAY_US, dayText, timeText } from "./time.ts";
import type { Words } from "./words.ts";

/**
 * A text of GoogleSQL: every letter that could end it or begin something else is written by its number.
 *
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical#escape_sequences
 */
export const googleText = (value: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  `'${value.replace(/[\\'"`\u0000-\u001f\u007f]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`)}'`;

const timestamp = (us: number): string => `TIMESTAMP ${googleText(timeText(us))}`;

/** Bytes of either family compare as numbers when they are as many. https://cloud.google.com/bigquery/docs/reference/standard-sql/net_functions */
function within(column: string, cidr: Cidr): string {
  const bytes = `NET.SAFE_IP_FROM_STRING(${column})`;
  const first = `NET.IP_FROM_STRING(${googleText(addressOf(cidr))})`;
  if (isHost(cidr)) return `${bytes} = ${first}`;
  const length = familyOfCidr(cidr) === 4 ? 4 : 16;
  return `(BYTE_LENGTH(${bytes}) = ${length} AND ${bytes} BETWEEN ${first} AND NET.IP_FROM_STRING(${googleText(lastOf(cidr))}))`;
}

const WORDS: Words = {
  and: "AND",
  or: "OR",
  never: "FALSE",
  beganBy: (us) => `at_time <= ${timestamp(us)}`,
  endedFrom: (us) => `until_time >= ${timestamp(us)}`,
  shown: "address IS NOT NULL",
  isNamed: (names) => `workload IN (${names.map(googleText).join(", ")})`,
  sourceWithin: (cidr) => within("COALESCE(before_address, address)", cidr),
  seenWithin: (cidr) => within("address", cidr),
  seenPortFits: (port) => `(port IS NULL OR port = ${port})`,
  noDestination: "destination_address IS NULL",
  destinationWithin: (cidr) => within("destination_address", cidr),
  destinationPortFits: (port) => `(destination_port IS NULL OR destination_port = ${port})`,
  protocolFits: (protocol) => `(protocol IS NULL OR protocol = ${googleText(protocol)})`,
};

/** How a member of the log's payload is written: as a column of structures, or out of JSON. */
interface Payload {
  readonly text: (path: string) => string;
  readonly whole: (path: string) => string;
}

/** Tables of a sink: https://cloud.google.com/logging/docs/export/bigquery */
const STRUCTURES: Payload = {
  text: (path) => `NULLIF(jsonPayload.${path}, '')`,
  whole: (path) => `CAST(jsonPayload.${path} AS INT64)`,
};

/** The view of a log bucket: https://cloud.google.com/logging/docs/analyze/query-linked-dataset */
const JSON_VIEW: Payload = {
  text: (path) => `NULLIF(JSON_VALUE(json_payload.${path}), '')`,
  whole: (path) => `SAFE_CAST(JSON_VALUE(json_payload.${path}) AS INT64)`,
};

/** https://www.iana.org/assignments/protocol-numbers */
const protocolName = (number: string): string =>
  `CASE ${number} WHEN 6 THEN 'tcp' WHEN 17 THEN 'udp' WHEN 1 THEN 'icmp' WHEN 58 THEN 'icmp' END`;

/** https://cloud.google.com/nat/docs/monitoring#log-fields, https://cloud.google.com/vpc/docs/about-flow-logs-records */
function columnsOf(
  log: LogName,
  { text, whole }: Payload,
): Readonly<Record<RowColumn | "at_time" | "until_time", string>> {
  const ends = {
    destination_address: text("connection.dest_ip"),
    destination_port: whole("connection.dest_port"),
    protocol: protocolName(whole("connection.protocol")),
  };
  if (log === "flow")
    return {
      at_time: `TIMESTAMP(${text("start_time")})`,
      until_time: `TIMESTAMP(${text("end_time")})`,
      address: text("connection.src_ip"),
      port: whole("connection.src_port"),
      workload: text("src_instance.vm_name"),
      before_address: "CAST(NULL AS STRING)",
      before_port: "CAST(NULL AS INT64)",
      ...ends,
      reporter: "CAST(NULL AS STRING)",
      evidence_kind: "'gcp-flow-log'",
      strength: "'destination-observed'",
    };
  return {
    at_time: "timestamp",
    until_time: "timestamp",
    address: text("connection.nat_ip"),
    port: whole("connection.nat_port"),
    workload: text("endpoint.vm_name"),
    before_address: text("connection.src_ip"),
    before_port: whole("connection.src_port"),
    ...ends,
    reporter: `CONCAT(${text("gateway_identifiers.router_name")}, '/', ${text("gateway_identifiers.gateway_name")})`,
    evidence_kind: "'cloud-nat-log'",
    strength: "'translator-logged'",
  };
}

/** Only what left, and only what the receiving side saw: at the sender a flow log shows the address before translation. */
const condition = (log: LogName, { text }: Payload): string =>
  log === "nat" ? `${text("allocation_status")} = 'OK'` : `${text("reporter")} = 'DEST'`;

/** A table name of BigQuery and of Log Analytics, in its quotes; a project's name may hold a hyphen. */
const quotedName = (table: string): string => `\`${table}\``;

/** A record is written after what it tells ended, and hours later at the worst: a day is enough. */
function partition({ fromUs, toUs }: Span): string {
  const end = toUs === null ? "" : `\n    AND timestamp < ${timestamp(toUs + DAY_US)}`;
  return `timestamp >= ${timestamp(fromUs)}${end}`;
}

/** Of tables cut by day in their names, the only thing that keeps the others from being read and billed. */
function suffix(table: string, { fromUs, toUs }: Span): string {
  if (!table.endsWith("*")) return "";
  const day = (us: number): string => googleText(dayText(us).replaceAll("-", ""));
  const end = toUs === null ? "" : `\n    AND _TABLE_SUFFIX <= ${day(toUs + DAY_US)}`;
  return `\n    AND _TABLE_SUFFIX >= ${day(fromUs - DAY_US)}${end}`;
}

const LOG_IDS = { nat: "compute.googleapis.com/nat_flows", flow: "compute.googleapis.com/vpc_flows" } as const;

function logOf({ log, table, span }: Request, payload: Payload): string {
  const lines = Object.entries(columnsOf(log, payload)).map(([name, expression]) => `    ${expression} AS ${name}`);
  const isOfLog = payload === JSON_VIEW ? `\n    AND log_id = ${googleText(LOG_IDS[log])}` : "";
  return `WITH records AS (
  SELECT
${lines.join(",\n")}
  FROM ${quotedName(table)}
  WHERE ${partition(span)}${suffix(table, span)}${isOfLog}
    AND ${condition(log, payload)}
)`;
}

function googleSql(request: Request, payload: Payload): string {
  return selectOf(request.question, {
    words: WORDS,
    text: googleText,
    before: logOf(request, payload),
    from: "records",
    columns: Object.fromEntries(ROW_COLUMNS.map((name) => [name, name])) as Record<RowColumn, string>,
    time: (expression) => `FORMAT_TIMESTAMP('%Y-%m-%dT%H:%M:%E6SZ', ${expression})`,
    at: "at_time",
    until: "until_time",
    count: "COUNT(*)",
    distinct: false,
  });
}

/** A linked dataset has the view of the bucket; a sink's table has a column for each member. */
export const bigQuerySql = (request: Request): string =>
  googleSql(request, request.table.endsWith("_AllLogs") ? JSON_VIEW : STRUCTURES);

export const logAnalyticsSql = (request: Request): string => googleSql(request, JSON_VIEW);
