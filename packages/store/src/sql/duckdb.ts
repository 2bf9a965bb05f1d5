import { type Cidr, familyOfCidr, isHost, rangeOf } from "@seenas/core/address";
import type { Request } from "./request.ts";
import { selectOf } from "./select.ts";
import type { Words } from "./words.ts";

/** A text of standard SQL: nothing but a quote ends it. */
export const standardText = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** In place of a port: the record has none, or does not show this end at all. */
const NO_PORT = -1;
const NO_END = -2;

const LOW = (1n << 64n) - 1n;

function within(end: string, cidr: Cidr): string {
  const isIpv4 = familyOfCidr(cidr) === 4;
  const { first, last } = rangeOf(cidr);
  const [from, to] = isIpv4 ? [first | (0xffffn << 32n), last | (0xffffn << 32n)] : [first, last];
  const [hi, lo] = [`${end}_hi`, `${end}_lo`];
  const shown = `${end}_port <> ${NO_END}`;
  if (isHost(cidr)) return `(${hi} = ${from >> 64n} AND ${lo} = ${from & LOW} AND ${shown})`;
  const range =
    from >> 64n === to >> 64n
      ? `${hi} = ${from >> 64n} AND ${lo} BETWEEN ${from & LOW} AND ${to & LOW}`
      : `${hi} BETWEEN ${from >> 64n} AND ${to >> 64n}`;
  // IPv4 stands inside the space of IPv6 as ::ffff:0:0/96.
  return `(${range} AND ${shown}${isIpv4 ? "" : ` AND NOT ${isMapped(end)}`})`;
}

const isMapped = (end: string): string => `(${end}_hi = 0 AND ${end}_lo >> 32 = 65535)`;

const WORDS: Words = {
  and: "AND",
  or: "OR",
  never: "false",
  beganBy: (us) => `at_us <= ${us}`,
  endedFrom: (us) => `at_us + lasted_us >= ${us}`,
  shown: `seen_port <> ${NO_END} AND event <> 'dropped'`,
  isNamed: (names) => `workload IN (${names.map(standardText).join(", ")})`,
  sourceWithin: (cidr) => `(${within("before", cidr)} OR (before_port = ${NO_END} AND ${within("seen", cidr)}))`,
  seenWithin: (cidr) => within("seen", cidr),
  seenPortFits: (port) => `seen_port IN (${NO_PORT}, ${port})`,
  noDestination: `destination_port = ${NO_END}`,
  destinationWithin: (cidr) => within("destination", cidr),
  destinationPortFits: (port) => `destination_port IN (${NO_PORT}, ${port})`,
  protocolFits: (protocol) => `protocol IN ('', ${standardText(protocol)})`,
};

/** IPv6 in full, which every reader takes. */
function addressText(end: string): string {
  const [hi, lo] = [`${end}_hi`, `${end}_lo`];
  const octets = [24, 16, 8, 0].map((shift) => `(${lo} >> ${shift}) & 255`).join(", ");
  const groups = [hi, lo].flatMap((half) => [48, 32, 16, 0].map((shift) => `(${half} >> ${shift}) & 65535`)).join(", ");
  return `CASE WHEN ${end}_port = ${NO_END} THEN NULL WHEN ${isMapped(end)} THEN printf('%d.%d.%d.%d', ${octets}) ELSE printf('%x:%x:%x:%x:%x:%x:%x:%x', ${groups}) END`;
}

const portText = (end: string): string => `CASE WHEN ${end}_port >= 0 THEN ${end}_port END`;

/** Segments of a store that is a folder, in the order by address: `read_parquet('store/segments/…')`, or a table of them. */
export const duckDbSql = ({ question, table }: Request): string =>
  selectOf(question, {
    words: WORDS,
    text: standardText,
    before: "",
    from: /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)?$/.test(table) ? table : `read_parquet(${standardText(table)})`,
    columns: {
      address: addressText("seen"),
      port: portText("seen"),
      workload: "workload",
      before_address: addressText("before"),
      before_port: portText("before"),
      destination_address: addressText("destination"),
      destination_port: portText("destination"),
      protocol: "protocol",
      reporter: "reporter",
      evidence_kind: "kind",
      strength: "strength",
    },
    time: (expression) => expression,
    at: "at_us",
    until: "at_us + lasted_us",
    count: "COUNT(*)",
    distinct: false,
  });
