import { type Cidr, type Ip, parseCidr, parseIp } from "@seenas/core";
import fc from "fast-check";
import type { Period, SeenQuestion, UsedQuestion, WhoQuestion, Workload } from "../questions.ts";
import type { Endpoint, LogRow } from "../row.ts";

export function ip(text: string): Ip {
  const read = parseIp(text);
  if (read === undefined) throw new Error(`no address: ${text}`);
  return read;
}

export function cidr(text: string): Cidr {
  const read = parseCidr(text);
  if (read === undefined) throw new Error(`no prefix: ${text}`);
  return read;
}

export const end = (address: string, port: number | null = null): Endpoint => ({ address: ip(address), port });

/** Microseconds of a time on the day of the rows below. */
export const at = (clock: string): number => Date.parse(`2026-11-22T${clock}Z`) * 1000;

/** A connection that Cloud NAT translated; members given replace its own. */
export const natRow = (more: Partial<LogRow> = {}): LogRow => ({
  atUs: at("09:00:00"),
  untilUs: more.atUs ?? at("09:00:00"),
  kind: "cloud-nat-log",
  strength: "translator-logged",
  event: "allocated",
  workload: "l3-proxy",
  reporter: "router-1/nat-1",
  protocol: "tcp",
  before: end("10.72.2.222", 48_678),
  seen: end("203.0.113.7", 1024),
  destination: end("198.51.100.25", 25),
  ...more,
});

// Few values of each, so that rows meet and questions hit; both families, both ends of the number range.
const ADDRESSES = ["203.0.113.7", "203.0.113.8", "255.255.255.255", "2001:db8::7", "fe80::1", "10.72.2.222"].map(ip);
const NAMES = ["", "l3-proxy", "l3-proxy-2", "worker \"a\", 'b' \\ %_é中"];
const PORTS = [null, 0, 25, 1024, 65_535];
const STRENGTHS = ["destination-observed", "translator-logged", "third-party-observed", "none"] as const;
const KINDS = ["cloud-nat-log", "gcp-flow-log", "azure-nat-log", "witness-log"] as const;
const EVENTS = ["flow", "allocated", "allocated", "dropped"] as const;
const PROTOCOLS = [null, "tcp", "udp", "icmp"] as const;
const DAY_US = 86_400e6;

/** Close together, an hour on, days away: segments of a store are cut by time. */
const moment = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 20 }).map((seconds) => at("09:59:50") + seconds * 1e6) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 5 }).map((days) => at("23:59:59") + days * DAY_US) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }).map((us) => at("09:00:00") + us) },
);

const address = fc.constantFrom(...ADDRESSES);
const port = fc.constantFrom(...PORTS);
const endpoint = fc.record({ address, port });

export const logRow: fc.Arbitrary<LogRow> = fc
  .record({
    atUs: moment,
    lasted: fc.constantFrom(0, 0, 0, 1, 5e6, 4000e6),
    kind: fc.constantFrom(...KINDS),
    strength: fc.constantFrom(...STRENGTHS),
    event: fc.constantFrom(...EVENTS),
    workload: fc.constantFrom(...NAMES),
    reporter: fc.constantFrom("", "router-1/nat-1"),
    protocol: fc.constantFrom(...PROTOCOLS),
    before: fc.option(endpoint),
    seen: fc.option(endpoint, { freq: 6 }),
    destination: fc.option(endpoint),
  })
  .map(({ lasted, ...row }) => ({ ...row, untilUs: row.atUs + lasted }));

const period: fc.Arbitrary<Period> = fc.record({ sinceUs: fc.option(moment), untilUs: fc.option(moment) });

const workload: fc.Arbitrary<Workload> = fc.record({
  names: fc.subarray(NAMES.slice(1)),
  addresses: fc.subarray(ADDRESSES),
});

const PREFIXES = ["203.0.113.0/24", "203.0.113.7", "0.0.0.0/0", "2001:db8::/32", "::/0", "fe80::1", "10.0.0.0/8"];

export const usedQuestion: fc.Arbitrary<UsedQuestion> = fc.record({
  question: fc.constant("used" as const),
  from: workload,
  to: fc.subarray(PREFIXES.map(cidr), { maxLength: 2 }),
  port,
  protocol: fc.constantFrom(...PROTOCOLS),
  period,
});

export const whoQuestion: fc.Arbitrary<WhoQuestion> = fc.record({
  question: fc.constant("who" as const),
  address,
  port,
  atUs: moment,
  toleranceUs: fc.constantFrom(0, 1, 2e6, DAY_US),
  to: fc.option(endpoint),
});

export const seenQuestion: fc.Arbitrary<SeenQuestion> = fc.record({
  question: fc.constant("seen" as const),
  address,
  period,
});
