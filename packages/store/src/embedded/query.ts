import type { EvidenceKind, Ip, Protocol, Strength } from "@seenas/core";
import { familyOfCidr, rangeOf } from "@seenas/core/address";
import { ipOf, numberOf } from "../address-number.ts";
import { NO_END, NO_PORT } from "../columns.ts";
import type { Period, SeenQuestion, SeenRow, UsedQuestion, UsedRow, WhoQuestion, WhoRow } from "../questions.ts";
import type { Endpoint } from "../row.ts";
import { STRENGTHS } from "../words.ts";
import { quoted } from "./database.ts";
import type { Segment } from "./manifest.ts";

// A question as SQL over segments, and what comes back as rows. No text of the user's stands in it unquoted.

export interface Plan<Row> {
  readonly order: "seen" | "used";
  /** Whether rows of a segment can answer at all, by its times. */
  readonly needs: (segment: Segment) => boolean;
  readonly sql: (from: string, limit: number) => string;
  readonly row: (values: readonly unknown[]) => Row;
}

const all = (...conditions: readonly (string | null)[]): string =>
  conditions.filter((condition) => condition !== null).join(" AND ") || "true";

const any = (conditions: readonly string[]): string =>
  conditions.length === 0 ? "false" : `(${conditions.join(" OR ")})`;

const isAddress = (end: string, ip: Ip): string => {
  const { hi, lo } = numberOf(ip);
  return `(${end}_lo = ${lo} AND ${end}_hi = ${hi})`;
};

const inPeriod = ({ sinceUs, untilUs }: Period): readonly (string | null)[] => [
  sinceUs === null ? null : `at_us + lasted_us >= ${sinceUs}`,
  untilUs === null ? null : `at_us < ${untilUs}`,
];

const overlaps =
  ({ sinceUs, untilUs }: Period) =>
  (segment: Segment): boolean =>
    (sinceUs === null || segment.untilUs >= sinceUs) && (untilUs === null || segment.sinceUs < untilUs);

/** What a row does not show fits any port. */
const fitsPort = (end: string, port: number | null): string | null =>
  port === null ? null : `${end}_port IN (${port}, ${NO_PORT}, ${NO_END})`;

export function planUsed(question: UsedQuestion): Plan<UsedRow> {
  const { from, to, port, protocol, period } = question;
  const isOf = any([
    ...(from.names.length === 0 ? [] : [`workload IN (${from.names.map(quoted).join(", ")})`]),
    ...from.addresses.map((ip) => isAddress("source", ip)),
  ]);
  const where = all(
    isOf,
    to.length === 0 ? null : any([`destination_port = ${NO_END}`, ...to.map((cidr) => inPrefix(cidr))]),
    fitsPort("destination", port),
    protocol === null ? null : `protocol IN ('', ${quoted(protocol)})`,
    ...inPeriod(period),
  );
  return {
    order: "used",
    needs: overlaps(period),
    sql: (source, limit) => `SELECT seen_hi, seen_lo, min(at_us), max(at_us + lasted_us), count(*),
        string_agg(DISTINCT kind), string_agg(DISTINCT strength)
      FROM ${source} WHERE ${where} GROUP BY seen_hi, seen_lo
      ORDER BY max(at_us + lasted_us) DESC, seen_hi, seen_lo LIMIT ${limit}`,
    row: ([hi, lo, first, last, count, kinds, strengths]) => ({
      address: ipOf({ hi: big(hi), lo: big(lo) }),
      firstUs: Number(first),
      lastUs: Number(last),
      count: Number(count),
      kinds: String(kinds).split(",").sort() as EvidenceKind[],
      strength: strongestOf(String(strengths).split(",")),
    }),
  };
}

const strongestOf = (found: readonly string[]): Strength =>
  STRENGTHS.find((strength) => found.includes(strength)) ?? "none";

function inPrefix(cidr: Parameters<typeof rangeOf>[0]): string {
  const { first, last } = rangeOf(cidr);
  const isV4 = familyOfCidr(cidr) === 4;
  const of = (value: bigint) =>
    isV4 ? { hi: 0n, lo: (0xffffn << 32n) | value } : { hi: value >> 64n, lo: value & LOW };
  const [from, to] = [of(first), of(last)];
  // Both families share numbers: no IPv6 prefix holds a mapped address.
  const own = isV4 ? null : `NOT (destination_hi = 0 AND destination_lo >> 32 = 65535)`;
  const shown = `destination_port <> ${NO_END}`;
  if (from.hi === to.hi)
    return `(${all(`destination_lo BETWEEN ${from.lo} AND ${to.lo}`, `destination_hi = ${from.hi}`, own, shown)})`;
  return `(${all(`destination_hi BETWEEN ${from.hi} AND ${to.hi}`, own, shown)})`;
}

const LOW = (1n << 64n) - 1n;

export function planWho({ address, port, atUs, toleranceUs, to }: WhoQuestion): Plan<WhoRow> {
  const [from, until] = [atUs - toleranceUs, atUs + toleranceUs];
  const towards =
    to === null
      ? null
      : any([
          `destination_port = ${NO_END}`,
          `(${all(isAddress("destination", to.address), fitsPort("destination", to.port))})`,
        ]);
  const where = all(
    isAddress("seen", address),
    `seen_port <> ${NO_END}`,
    fitsPort("seen", port),
    `at_us <= ${until}`,
    `at_us + lasted_us >= ${from}`,
    "event <> 'dropped'",
    towards,
  );
  return {
    order: "seen",
    needs: (segment) => segment.sinceUs <= until && segment.untilUs >= from,
    sql: (source, limit) => `SELECT at_us, lasted_us, kind, strength, workload, reporter, protocol,
        before_hi, before_lo, before_port, seen_hi, seen_lo, seen_port, destination_hi, destination_lo, destination_port
      FROM ${source} WHERE ${where} ORDER BY at_us DESC, lasted_us, workload, destination_hi, destination_lo, destination_port
      LIMIT ${limit}`,
    row: (values) => ({
      atUs: Number(values[0]),
      untilUs: Number(values[0]) + Number(values[1]),
      kind: values[2] as EvidenceKind,
      strength: values[3] as Strength,
      workload: String(values[4]),
      reporter: String(values[5]),
      protocol: values[6] === "" ? null : (values[6] as Protocol),
      before: endOf(values[7], values[8], values[9]),
      seen: endOf(values[10], values[11], values[12]) ?? { address, port: null },
      destination: endOf(values[13], values[14], values[15]),
    }),
  };
}

export function planSeen({ address, period }: SeenQuestion): Plan<SeenRow> {
  const where = all(isAddress("seen", address), `seen_port <> ${NO_END}`, "event <> 'dropped'", ...inPeriod(period));
  // Ports before translation and of the source change with each connection; whether there is an end at all does not.
  const before = `before_hi, before_lo, before_port = ${NO_END}`;
  const key = `workload, ${before}, destination_hi, destination_lo, destination_port`;
  return {
    order: "seen",
    needs: overlaps(period),
    sql: (source, limit) => `SELECT ${key}, min(at_us), max(at_us + lasted_us), count(*)
      FROM ${source} WHERE ${where} GROUP BY ALL ORDER BY 9 DESC, 1, 2, 3, 5, 6, 7 LIMIT ${limit}`,
    row: (values) => {
      const destination = endOf(values[4], values[5], values[6]);
      return {
        workload: String(values[0]),
        before: values[3] === true ? null : ipOf({ hi: big(values[1]), lo: big(values[2]) }),
        destination: destination?.address ?? null,
        destinationPort: destination?.port ?? null,
        firstUs: Number(values[7]),
        lastUs: Number(values[8]),
        count: Number(values[9]),
      };
    },
  };
}

const big = (value: unknown): bigint => (typeof value === "bigint" ? value : BigInt(Number(value)));

function endOf(hi: unknown, lo: unknown, port: unknown): Endpoint | null {
  const number = Number(port);
  if (number === NO_END) return null;
  return { address: ipOf({ hi: big(hi), lo: big(lo) }), port: number === NO_PORT ? null : number };
}
