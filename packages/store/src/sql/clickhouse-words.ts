import { type Cidr, familyOfCidr, hostCidr, isHost, rangeOf } from "@seenas/core";
import type { Workload } from "../questions.ts";
import type { Condition } from "./plan.ts";

/**
 * A text as ClickHouse reads it: every letter that could end it or begin something else is written by its number.
 *
 * @see https://clickhouse.com/docs/sql-reference/syntax#string
 */
export const clickHouseText = (value: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  `'${value.replace(/[\\'\u0000-\u001f\u007f]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`)}'`;

/** All of it must hold. Columns as the store names them, functions that 18.16 and 26 share. */
export const clickHouseWhere = (conditions: readonly Condition[]): string =>
  conditions.map((condition) => conditionOf(condition)).join("\n  AND ");

function conditionOf(condition: Condition): string {
  switch (condition.kind) {
    case "time":
      return timeOf(condition.fromUs, condition.toUs);
    case "shown":
      return `seen != ${NONE} AND event != 'dropped'`;
    case "seen":
      return within("seen", hostCidr(condition.address));
    case "seen-port":
      return portOf("seen_port", condition.port);
    case "workload":
      return workloadOf(condition.workload);
    case "destination":
      return destinationOf(condition.cidrs, condition.port);
    case "protocol":
      return `protocol IN ('none', '${condition.protocol}')`;
    default:
      return condition satisfies never;
  }
}

function timeOf(fromUs: number | null, toUs: number | null): string {
  const bounds: string[] = [];
  if (toUs !== null) bounds.push(`at_us <= ${microseconds(toUs)}`);
  if (fromUs !== null) bounds.push(`until_us >= ${microseconds(fromUs)}`);
  return bounds.length === 0 ? "1" : bounds.join(" AND ");
}

/** The column has no sign. */
const microseconds = (us: number): string => String(Math.max(0, Math.trunc(us)));

/** A port of -1 is none: it fits any. */
const portOf = (column: string, port: number): string => `${column} IN (-1, ${port})`;

function workloadOf({ names, addresses }: Workload): string {
  const either: string[] = [];
  if (names.length > 0) either.push(`workload IN (${names.map(clickHouseText).join(", ")})`);
  if (addresses.length > 0) {
    const list = addresses.map((address) => bytes(numberOf(hostCidr(address)))).join(", ");
    either.push(`if(before = ${NONE}, seen, before) IN (${list})`);
  }
  return anyOf(either);
}

function destinationOf(cidrs: readonly Cidr[], port: number | null): string {
  const fits: string[] = [];
  if (cidrs.length > 0) fits.push(anyOf(cidrs.map((cidr) => within("destination", cidr))));
  if (port !== null) fits.push(portOf("destination_port", port));
  return `(destination = ${NONE} OR ${fits.join(" AND ")})`;
}

/** An empty choice holds for nothing. */
const anyOf = (choices: readonly string[]): string => (choices.length === 0 ? "0" : `(${choices.join(" OR ")})`);

const MAPPED = 0xffff00000000n;
const LAST_MAPPED = 0xffffffffffffn;

const offsetOf = (cidr: Cidr): bigint => (familyOfCidr(cidr) === 4 ? MAPPED : 0n);

const numberOf = (cidr: Cidr): bigint => rangeOf(cidr).first + offsetOf(cidr);

/** IPv4 stands inside the space of IPv6 as `::ffff:0:0/96`, where no prefix of IPv6 is meant to reach. */
function within(column: string, cidr: Cidr): string {
  const first = numberOf(cidr);
  const last = rangeOf(cidr).last + offsetOf(cidr);
  if (isHost(cidr)) return `${column} = ${bytes(first)}`;
  const range = `${column} >= ${bytes(first)} AND ${column} <= ${bytes(last)}`;
  if (familyOfCidr(cidr) === 4 || first > LAST_MAPPED || last < MAPPED) return `(${range})`;
  return `(${range} AND ${column} != ${NONE} AND NOT (${column} >= ${bytes(MAPPED)} AND ${column} <= ${bytes(LAST_MAPPED)}))`;
}

const bytes = (value: bigint): string => `toFixedString(unhex('${value.toString(16).padStart(32, "0")}'), 16)`;

const NONE = bytes(0n);
