import type { Protocol } from "../../../model/flow.ts";
import type { Line } from "../../lines.ts";
import { sighting } from "../observe.ts";
import { addressIn, portIn } from "../words.ts";
import { type Filtered, sideOf } from "./record.ts";

const END = String.raw`([^\s:]{1,64}):([0-9A-Fa-f.:]{2,45})(?:\/(\d{1,5}))?`;
/** 106023, and 106100 with its slashes and arrow. https://www.cisco.com/c/en/us/td/docs/security/asa/syslog/b_syslog.html */
const DENY = new RegExp(String.raw`-106023: Deny (?:protocol )?(\S{1,12}) src ${END}(?:\([^)]{0,80}\))? dst ${END}`);
const ACCESS_LIST =
  /-106100: access-list \S{1,200} (permitted|denied|est-allowed) (\S{1,12}) ([^\s/]{1,64})\/([0-9A-Fa-f.:]{2,45})\((\d{1,5})\).{0,60}? -> [^\s/]{1,64}\/([0-9A-Fa-f.:]{2,45})\((\d{1,5})\)/;
const INBOUND =
  /-10600[16]: (?:Inbound )?(?:TCP connection denied|Deny inbound UDP) from ([0-9A-Fa-f.:]{2,45})\/(\d{1,5}) to ([0-9A-Fa-f.:]{2,45})\/(\d{1,5})/;
const TRANSLATION = new RegExp(
  String.raw`-305011: Built (?:dynamic|static) (\S{1,8}) translation from ${END}.{0,80}? to [^\s:]{1,64}:([0-9A-Fa-f.]{2,45})\/(\d{1,5})`,
);
/** `for OUTSIDE:D/d (D/d) to INSIDE:A/a (N/n)`: of an outbound connection the second pair is the client. */
const BUILT = new RegExp(
  String.raw`-30201[35]: Built (in|out)bound (TCP|UDP) connection \d{1,20} for ${END} \(([0-9A-Fa-f.:]{2,45})\/(\d{1,5})\)(?:\([^)]{0,80}\))? to ${END} \(([0-9A-Fa-f.:]{2,45})\/(\d{1,5})\)`,
);

/** Refusals, access lists, connections and translations of Cisco ASA and FTD. Its stamps have no zone. */
export function asaLine(line: Line): Filtered | null {
  return denied(line) ?? accessList(line) ?? inbound(line) ?? translation(line) ?? built(line);
}

function denied(line: Line): Filtered | null {
  const [, protocol, from = "", source, port, , destination, destinationPort] = DENY.exec(line.text) ?? [];
  return filtered(line, true, from, [source, port], [destination, destinationPort], protocol);
}

function accessList(line: Line): Filtered | null {
  const [, verdict, protocol, from = "", source, port, destination, destinationPort] =
    ACCESS_LIST.exec(line.text) ?? [];
  return filtered(line, verdict === "denied", from, [source, port], [destination, destinationPort], protocol);
}

/** These two are logged for packets from the less trusted interface. */
function inbound(line: Line): Filtered | null {
  const [, source, port, destination, destinationPort] = INBOUND.exec(line.text) ?? [];
  const protocol = line.text.includes("-106001:") ? "tcp" : "udp";
  return filtered(line, true, "outside", [source, port], [destination, destinationPort], protocol);
}

function translation(line: Line): Filtered | null {
  const [, protocol, , before, , after, afterPort] = TRANSLATION.exec(line.text) ?? [];
  return translated(line, before, [after, afterPort], [undefined, undefined], protocol);
}

function built(line: Line): Filtered | null {
  const found = BUILT.exec(line.text);
  if (found === null) return null;
  const [
    ,
    direction,
    protocol,
    farName = "",
    far,
    farPort,
    farSeen,
    farSeenPort,
    ,
    near,
    nearPort,
    nearSeen,
    nearSeenPort,
  ] = found;
  if (direction === "out" && near !== nearSeen)
    return translated(line, near, [nearSeen, nearSeenPort], [farSeen, farSeenPort], protocol);
  return direction === "out"
    ? filtered(line, false, "", [near, nearPort], [far, farPort], protocol)
    : // What the client went to is the address that the far side sees, in parentheses.
      filtered(line, false, farName, [far, farPort], [nearSeen, nearSeenPort], protocol);
}

type End = readonly [string | undefined, string | undefined];

function filtered(
  line: Line,
  denies: boolean,
  from: string,
  source: End,
  destination: End,
  protocol: string | undefined,
): Filtered | null {
  const seen = seenOf(source, destination, protocol);
  if (seen.source === null) return null;
  return { sighting: sighting(line, seen), product: "Cisco ASA", denied: denies, side: sideOf(seen.source, from) };
}

function translated(
  line: Line,
  before: string | undefined,
  source: End,
  destination: End,
  protocol: string | undefined,
): Filtered | null {
  const seen = seenOf(source, destination, protocol);
  const inside = addressIn(before);
  if (seen.source === null || inside === null) return null;
  return { sighting: sighting(line, seen, { before: inside }), product: "Cisco ASA", denied: false, side: "inside" };
}

const seenOf = ([source, port]: End, [destination, destinationPort]: End, protocol: string | undefined) => ({
  source: addressIn(source),
  sourcePort: portIn(port),
  destination: addressIn(destination),
  destinationPort: portIn(destinationPort),
  protocol: protocolOf(protocol?.toLowerCase()),
});

const protocolOf = (name: string | undefined): Protocol | null =>
  name === "tcp" || name === "udp" || name === "icmp" ? name : null;
