import type { Protocol } from "../../../model/flow.ts";
import type { Line } from "../../lines.ts";
import { rfc3339 } from "../../time.ts";
import { sighting } from "../observe.ts";
import { addressIn, pairsIn, portIn } from "../words.ts";
import { type Filtered, sideOf } from "./record.ts";

const PROTOCOLS: Readonly<Record<string, Protocol>> = { 6: "tcp", 17: "udp", 1: "icmp", 58: "icmp" };

/** Traffic logs of FortiGate. https://docs.fortinet.com/document/fortigate/latest/fortios-log-message-reference */
export function keyValueLine(line: Line): Filtered | null {
  const pairs = pairsIn(line.text);
  const source = addressIn(pairs.get("srcip"));
  const destination = addressIn(pairs.get("dstip"));
  if (source === null || destination === null) return null;
  const after = /snat/.test(pairs.get("trandisp") ?? "") ? addressIn(pairs.get("transip")) : null;
  const isTranslated = after !== null && after.text !== source.text;
  const zone = pairs.get("tz") ?? "";
  const offset = /^[-+]\d{4}$/.test(zone) ? `${zone.slice(0, 3)}:${zone.slice(3)}` : "";
  const seen = {
    source: isTranslated ? after : source,
    sourcePort: portIn(pairs.get(isTranslated ? "transport" : "srcport")),
    destination,
    destinationPort: portIn(pairs.get("dstport")),
    protocol: PROTOCOLS[pairs.get("proto") ?? ""] ?? null,
    at: rfc3339(`${pairs.get("date") ?? ""}T${pairs.get("time") ?? ""}${offset}`),
  };
  const role = pairs.get("srcintfrole") ?? "";
  return {
    sighting: sighting(line, seen, { before: isTranslated ? source : null }),
    product: "FortiGate",
    denied: /^(?:deny|blocked|dropped)$/.test(pairs.get("action") ?? ""),
    side: sideOf(source, role === "wan" || role === "lan" ? role : (pairs.get("srcintf") ?? "")),
  };
}
