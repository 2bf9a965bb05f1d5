import { isPrivate } from "../../../address/cidr.ts";
import type { Protocol } from "../../../model/flow.ts";
import type { Line } from "../../lines.ts";
import { rfc3339 } from "../../time.ts";
import { sighting } from "../observe.ts";
import { addressIn, portIn } from "../words.ts";
import type { Filtered, Side } from "./record.ts";

const FIELD = /\b(IN|OUT|SRC|DST|PROTO|SPT|DPT)=(\S{0,64})/g;
const REFUSED = /block|deny|denied|drop|reject|refus/i;

/** The LOG target of iptables and nftables. https://ipset.netfilter.org/iptables-extensions.man.html (LOG) */
export function iptablesLine(line: Line): Filtered | null {
  const fields = new Map<string, string>();
  // An ICMP error quotes the packet it is about, in brackets: only the first of each name is this packet's.
  for (const [, name = "", value = ""] of line.text.matchAll(FIELD)) if (!fields.has(name)) fields.set(name, value);
  const source = addressIn(fields.get("SRC"));
  const destination = addressIn(fields.get("DST"));
  if (source === null || destination === null) return null;
  const start = line.text.slice(0, line.text.indexOf("IN="));
  const at = rfc3339(/^\S{20,35}/.exec(start)?.[0] ?? "");
  const seen = {
    source,
    sourcePort: portIn(fields.get("SPT")),
    destination,
    destinationPort: portIn(fields.get("DPT")),
    protocol: protocolOf(fields.get("PROTO")),
    at,
  };
  return {
    sighting: sighting(line, seen),
    product: "The Linux firewall",
    denied: REFUSED.test(start),
    side: sideIn(fields),
  };
}

/** No OUT: the packet is for this host. No IN: it is this host's own. Both: it is being forwarded. */
function sideIn(fields: ReadonlyMap<string, string>): Side {
  if ((fields.get("IN") ?? "") === "") return "own";
  if ((fields.get("OUT") ?? "") === "") return "outside";
  const source = addressIn(fields.get("SRC"))?.ip ?? null;
  return source !== null && isPrivate(source) ? "inside" : "outside";
}

const PROTOCOLS: Readonly<Record<string, Protocol>> = { TCP: "tcp", UDP: "udp", ICMP: "icmp", ICMPv6: "icmp" };

const protocolOf = (name: string | undefined): Protocol | null =>
  name !== undefined && Object.hasOwn(PROTOCOLS, name) ? (PROTOCOLS[name] ?? null) : null;
