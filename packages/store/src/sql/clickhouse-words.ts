import { type Cidr, familyOfCidr, isHost, rangeOf } from "@seenas/core/address";
import type { Condition } from "./plan.ts";
import { conditionsIn, type Words } from "./words.ts";

/**
 * A text as ClickHouse reads it: every letter that could end it or begin something else is written by its number.
 *
 * @see https://clickhouse.com/docs/sql-reference/syntax#string
 */
export const clickHouseText = (value: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  `'${value.replace(/[\\'\u0000-\u001f\u007f]/g, (letter) => `\\x${letter.charCodeAt(0).toString(16).padStart(2, "0")}`)}'`;

const MAPPED = 0xffff00000000n;
const LAST_MAPPED = 0xffffffffffffn;

const bytes = (value: bigint): string => `toFixedString(unhex('${value.toString(16).padStart(32, "0")}'), 16)`;

const NONE = bytes(0n);

/** IPv4 stands inside the space of IPv6 as `::ffff:0:0/96`, where no prefix of IPv6 is meant to reach. */
function within(column: string, cidr: Cidr): string {
  const isIpv4 = familyOfCidr(cidr) === 4;
  const range = rangeOf(cidr);
  const first = range.first + (isIpv4 ? MAPPED : 0n);
  const last = range.last + (isIpv4 ? MAPPED : 0n);
  if (isHost(cidr)) return `${column} = ${bytes(first)}`;
  const inside = `${column} >= ${bytes(first)} AND ${column} <= ${bytes(last)}`;
  if (isIpv4 || first > LAST_MAPPED || last < MAPPED) return `(${inside})`;
  return `(${inside} AND ${column} != ${NONE} AND NOT (${column} >= ${bytes(MAPPED)} AND ${column} <= ${bytes(LAST_MAPPED)}))`;
}

/** The column has no sign. */
const microseconds = (us: number): string => String(Math.max(0, Math.trunc(us)));

/** Columns as the store names them, functions that 18.16 and 26 share. A port of -1 is none: it fits any. */
export const CLICKHOUSE_WORDS: Words = {
  and: "AND",
  or: "OR",
  never: "0",
  beganBy: (us) => `at_us <= ${microseconds(us)}`,
  endedFrom: (us) => `until_us >= ${microseconds(us)}`,
  shown: `seen != ${NONE} AND event != 'dropped'`,
  isNamed: (names) => `workload IN (${names.map(clickHouseText).join(", ")})`,
  sourceWithin: (cidr) => within(`if(before = ${NONE}, seen, before)`, cidr),
  seenWithin: (cidr) => within("seen", cidr),
  seenPortFits: (port) => `seen_port IN (-1, ${port})`,
  noDestination: `destination = ${NONE}`,
  destinationWithin: (cidr) => within("destination", cidr),
  destinationPortFits: (port) => `destination_port IN (-1, ${port})`,
  protocolFits: (protocol) => `protocol IN ('none', ${clickHouseText(protocol)})`,
};

export const clickHouseConditions = (conditions: readonly Condition[]): readonly string[] =>
  conditionsIn(conditions, CLICKHOUSE_WORDS);
