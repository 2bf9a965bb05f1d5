import type { Protocol } from "../../../model/flow.ts";
import type { Line } from "../../lines.ts";
import { type LogEntry, member, portAt, protocolAt, quoteOfEntry, textAt } from "../../logs/entry.ts";
import { epochToRfc3339, rfc3339 } from "../../time.ts";
import { quoted, sighting } from "../observe.ts";
import { addressIn, portIn } from "../words.ts";
import type { Filtered, Side } from "./record.ts";

/** Fields of the line that names them, and what stands between the values of the lines below it. */
export interface Headed {
  readonly product: "The Windows firewall" | "Zeek";
  readonly fields: readonly string[];
  readonly between: string;
}

/**
 * https://learn.microsoft.com/windows/security/operating-system-security/network-security/windows-firewall/configure-logging
 * https://docs.zeek.org/en/master/log-formats.html
 */
export function headingIn(text: string): Headed | null {
  if (/^#Fields: date time action protocol src-ip dst-ip /.test(text))
    return { product: "The Windows firewall", fields: text.slice(9).split(" "), between: " " };
  if (/^#fields\t.{0,400}id\.orig_h\t/.test(text))
    return { product: "Zeek", fields: text.slice(8).split("\t"), between: "\t" };
  return null;
}

export function headedLine(line: Line, { product, fields, between }: Headed): Filtered | null {
  const values = line.text.split(between);
  const at = (...names: readonly string[]): string | undefined =>
    names.map((name) => values[fields.indexOf(name)]).find((value) => value !== undefined);
  const source = addressIn(at("src-ip", "id.orig_h"));
  const destination = addressIn(at("dst-ip", "id.resp_h"));
  if (source === null || destination === null) return null;
  const seconds = at("ts") ?? "";
  const seen = {
    source,
    sourcePort: portIn(at("src-port", "id.orig_p")),
    destination,
    destinationPort: portIn(at("dst-port", "id.resp_p")),
    protocol: protocolIn(at("protocol", "proto")),
    // Windows writes the time of its own zone, which it does not name.
    at: /^\d{9,11}(?:\.\d{1,9})?$/.test(seconds) ? epochToRfc3339(seconds) : null,
  };
  return {
    sighting: sighting(line, seen),
    product,
    denied: at("action") === "DROP",
    side: SIDES[at("path") ?? ""] ?? "unknown",
  };
}

const SIDES: Readonly<Record<string, Side>> = { RECEIVE: "outside", SEND: "own" };

const PROTOCOLS: Readonly<Record<string, Protocol>> = { tcp: "tcp", udp: "udp", icmp: "icmp", icmpv6: "icmp" };

const protocolIn = (name: string | undefined): Protocol | null => PROTOCOLS[(name ?? "").toLowerCase()] ?? null;

/** Suricata's events, and Zeek's as JSON. https://docs.suricata.io/en/latest/output/eve/eve-json-format.html */
export function sensorEntry({ value, origin }: LogEntry): Filtered | null {
  const isSuricata = textAt(value, "event_type") !== null;
  const names = isSuricata ? SURICATA : ZEEK;
  const source = addressIn(textAt(value, names.source));
  const destination = addressIn(textAt(value, names.destination));
  if (source === null || destination === null) return null;
  const seen = {
    source,
    sourcePort: portAt(value, names.sourcePort),
    destination,
    destinationPort: portAt(value, names.destinationPort),
    protocol: protocolAt(value, "proto"),
    at: timeIn(member(value, names.time)),
  };
  const quote = quoteOfEntry(Object.fromEntries(Object.values(names).map((name) => [name, member(value, name)])));
  return {
    sighting: quoted(origin.line ?? 1, quote, seen),
    product: isSuricata ? "Suricata" : "Zeek",
    denied: textAt(value, "event_type") === "drop",
    side: "unknown",
  };
}

const SURICATA = {
  source: "src_ip",
  sourcePort: "src_port",
  destination: "dest_ip",
  destinationPort: "dest_port",
  time: "timestamp",
} as const;

const ZEEK = {
  source: "id.orig_h",
  sourcePort: "id.orig_p",
  destination: "id.resp_h",
  destinationPort: "id.resp_p",
  time: "ts",
} as const;

/** Suricata writes the zone without a colon; Zeek seconds since 1970, or a time like everybody's. */
function timeIn(time: unknown): string | null {
  if (typeof time === "number") return time > 0 && time < 1e11 ? epochToRfc3339(String(time)) : null;
  return typeof time === "string" ? rfc3339(time.replace(/([-+]\d\d)(\d\d)$/, "$1:$2")) : null;
}
