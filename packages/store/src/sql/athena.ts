import { addressOf, type Cidr, isHost } from "@seenas/core/address";
import { standardText } from "./duckdb.ts";
import type { Partition, Request, Span } from "./request.ts";
import { ROW_COLUMNS, type RowColumn, selectOf } from "./select.ts";
import { DAY_US, dayText } from "./time.ts";
import type { Words } from "./words.ts";

/** https://trino.io/docs/current/functions/ipaddress.html */
function within(column: string, cidr: Cidr): string {
  const address = `TRY(CAST(${column} AS IPADDRESS))`;
  return isHost(cidr)
    ? `${address} = CAST(${standardText(addressOf(cidr))} AS IPADDRESS)`
    : `contains(${standardText(cidr)}, ${address})`;
}

/** The log has whole seconds: what begins in the same one may be before it. */
const second = (us: number): number => Math.floor(us / 1e6);

const WORDS: Words = {
  and: "AND",
  or: "OR",
  never: "FALSE",
  beganBy: (us) => `at_second <= ${second(us)}`,
  endedFrom: (us) => `until_second >= ${second(us)}`,
  shown: "address IS NOT NULL",
  isNamed: (names) => `workload IN (${names.map(standardText).join(", ")})`,
  sourceWithin: (cidr) => within("address", cidr),
  seenWithin: (cidr) => within("address", cidr),
  seenPortFits: (port) => `(port IS NULL OR port = ${port})`,
  noDestination: "destination_address IS NULL",
  destinationWithin: (cidr) => within("destination_address", cidr),
  destinationPortFits: (port) => `(destination_port IS NULL OR destination_port = ${port})`,
  protocolFits: (protocol) => `(protocol IS NULL OR protocol = ${standardText(protocol)})`,
};

/** https://docs.aws.amazon.com/athena/latest/ug/vpc-flow-logs-create-table-statement.html and …-partition-projection.html */
const PARTITION: Readonly<Record<Partition, (day: string) => readonly [column: string, value: string]>> = {
  date: (day) => ['"date"', `DATE ${standardText(day)}`],
  day: (day) => ['"day"', standardText(day.replaceAll("-", "/"))],
  "year-month-day": (day) => [`concat("year", '-', "month", '-', "day")`, standardText(day)],
};

/** A file is of the day on which it was written, which may be the next. */
function partition(style: Partition, { fromUs, toUs }: Span): string {
  const [column, first] = PARTITION[style](dayText(fromUs - DAY_US));
  if (toUs === null) return `${column} >= ${first}`;
  const [, last] = PARTITION[style](dayText(toUs + DAY_US));
  return `${column} BETWEEN ${first} AND ${last}`;
}

/** Only what arrived at an interface: at the sender, and at the NAT gateway, it is the private address that is logged. */
const logOf = ({ table, partition: style, span }: Request): string => `WITH records AS (
  SELECT
    start AS at_second,
    "end" AS until_second,
    srcaddr AS address,
    CASE WHEN protocol IN (6, 17) THEN srcport END AS port,
    CAST(NULL AS varchar) AS workload,
    CAST(NULL AS varchar) AS before_address,
    CAST(NULL AS integer) AS before_port,
    dstaddr AS destination_address,
    CASE WHEN protocol IN (6, 17) THEN dstport END AS destination_port,
    CASE protocol WHEN 6 THEN 'tcp' WHEN 17 THEN 'udp' WHEN 1 THEN 'icmp' WHEN 58 THEN 'icmp' END AS protocol,
    interface_id AS reporter,
    'aws-flow-log' AS evidence_kind,
    'destination-observed' AS strength
  FROM ${table
    .split(".")
    .map((part) => `"${part}"`)
    .join(".")}
  WHERE ${partition(style, span)}
    AND log_status = 'OK'
    AND action = 'ACCEPT'
    AND flow_direction = 'ingress'
)`;

export const athenaSql = (request: Request): string =>
  selectOf(request.question, {
    words: WORDS,
    text: standardText,
    before: logOf(request),
    from: "records",
    columns: Object.fromEntries(ROW_COLUMNS.map((name) => [name, name])) as Record<RowColumn, string>,
    time: (expression) => `to_iso8601(from_unixtime(${expression}))`,
    at: "at_second",
    until: "until_second",
    count: "COUNT(*)",
    distinct: false,
  });
