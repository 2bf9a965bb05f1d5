import type { Protocol } from "../../../model/flow.ts";
import type { Line } from "../../lines.ts";
import { sighting } from "../observe.ts";
import { addressIn, csvFields, portIn } from "../words.ts";
import { type Filtered, sideOf } from "./record.ts";

/**
 * TRAFFIC records as syslog writes them: fields 8 and 9 are the addresses, 10 and 11 the same after translation, 17 the
 * zone it came from, 25 to 28 the ports, 30 the protocol, 31 the action. The stamp is the firewall's own, without zone.
 *
 * @see https://docs.paloaltonetworks.com/pan-os/11-0/pan-os-admin/monitoring/use-syslog-for-monitoring/syslog-field-descriptions/traffic-log-fields
 */
export function panLine(line: Line): Filtered | null {
  const all = csvFields(line.text);
  const type = all.indexOf("TRAFFIC");
  // A syslog head may stand before the first field; TRAFFIC is always the fourth.
  const field = (number: number): string => all[type + number - 4] ?? "";
  const source = addressIn(field(8));
  const destination = addressIn(field(9));
  if (type < 3 || source === null || destination === null) return null;
  const after = nonZero(field(10));
  const isTranslated = after !== null && after.text !== source.text;
  // A flow that goes on with its own source came to the address before any translation; one that leaves, to that behind it.
  const changed = isTranslated ? nonZero(field(11)) : null;
  const seen = {
    source: isTranslated ? after : source,
    sourcePort: portIn(field(isTranslated ? 27 : 25)),
    destination: changed ?? destination,
    destinationPort: (changed === null ? null : portIn(field(28))) ?? portIn(field(26)),
    protocol: protocolOf(field(30)),
  };
  return {
    sighting: sighting(line, seen, { before: isTranslated ? source : null }),
    product: "PAN-OS",
    denied: field(31) !== "allow",
    side: sideOf(source, field(17)),
  };
}

/** No translation is 0.0.0.0, or an empty field. */
function nonZero(text: string) {
  const address = addressIn(text);
  return address === null || address.ip === "0.0.0.0" || address.ip === "::" ? null : address;
}

const protocolOf = (name: string): Protocol | null =>
  name === "tcp" || name === "udp" || name === "icmp" ? name : null;
