import { u8, u16 } from "./bytes.ts";
import { type Frame, Layer, Outcome, Protocol, Tunnel } from "./frame.ts";

const MOST_EXTENSIONS = 16;
const IPV4_IN_IP = 4;
const IPV6_IN_IP = 41;
const GRE = 47;
const ICMPV6 = 58;

/** https://www.rfc-editor.org/rfc/rfc791#section-3.1 */
export function ipv4(frame: Frame, bytes: DataView): number {
  const { at } = frame;
  if (frame.end - at < 20) return Outcome.cut;
  const first = u8(bytes, at);
  const header = (first & 15) * 4;
  // 0: the network card cuts the segments, and fills it in.
  const total = u16(bytes, at + 2);
  if (first >> 4 !== 4 || header < 20 || (total !== 0 && total < header)) return Outcome.other;
  // Only the first fragment has the ports.
  if ((u16(bytes, at + 6) & 0x1fff) !== 0) return Outcome.other;
  if (frame.end - at < header) return Outcome.cut;
  if (total !== 0 && at + total < frame.end) frame.end = at + total;
  frame.family = 4;
  frame.addressesAt = at + 12;
  frame.ttl = u8(bytes, at + 8);
  frame.at = at + header;
  const protocol = u8(bytes, at + 9);
  return protocol === ICMPV6 ? Outcome.other : carried(frame, protocol);
}

/** https://www.rfc-editor.org/rfc/rfc8200#section-3 */
export function ipv6(frame: Frame, bytes: DataView): number {
  const { at } = frame;
  if (frame.end - at < 40) return Outcome.cut;
  if (u8(bytes, at) >> 4 !== 6) return Outcome.other;
  const length = u16(bytes, at + 4);
  if (length !== 0 && at + 40 + length < frame.end) frame.end = at + 40 + length;
  frame.family = 6;
  frame.addressesAt = at + 8;
  frame.ttl = u8(bytes, at + 7);
  frame.at = at + 40;
  return extensions(frame, bytes, u8(bytes, at + 6));
}

/** https://www.iana.org/assignments/ipv6-parameters#extension-header */
function extensions(frame: Frame, bytes: DataView, first: number): number {
  let next = first;
  for (let count = 0; count < MOST_EXTENSIONS; count += 1) {
    const units = EXTENSION_UNITS[next] ?? 0;
    if (units === 0) return next === Protocol.icmp ? Outcome.other : carried(frame, next);
    const { at } = frame;
    if (frame.end - at < 8) return Outcome.cut;
    if (next === FRAGMENT && u16(bytes, at + 2) >> 3 !== 0) return Outcome.other;
    const length = u8(bytes, at + 1);
    frame.at = at + (next === FRAGMENT ? 8 : next === AUTHENTICATION ? (length + 2) * 4 : (length + 1) * 8);
    next = u8(bytes, at);
  }
  return Outcome.other;
}

const FRAGMENT = 44;
const AUTHENTICATION = 51;
/** Which numbers of a next header are extensions: in what their length counts. */
const EXTENSION_UNITS: Readonly<Record<number, number>> = {
  0: 8,
  43: 8,
  [FRAGMENT]: 8,
  [AUTHENTICATION]: 4,
  60: 8,
  135: 8,
  139: 8,
  140: 8,
};

function carried(frame: Frame, protocol: number): number {
  switch (protocol) {
    case Protocol.tcp:
      return Layer.tcp;
    case Protocol.udp:
      return Layer.udp;
    case Protocol.icmp:
    case ICMPV6:
      return Layer.icmp;
    case GRE:
      return Layer.gre;
    case IPV4_IN_IP:
      return unpacked(frame, Tunnel.ipInIp, Layer.ipv4);
    case IPV6_IN_IP:
      return unpacked(frame, Tunnel.ipInIp, Layer.ipv6);
    default:
      return Outcome.other;
  }
}

/** What was read so far is the tunnel; the packet in it is the evidence. */
export function unpacked(frame: Frame, tunnel: number, inside: number): number {
  frame.tunnel = tunnel;
  frame.tunnelFamily = frame.family;
  frame.tunnelAddressesAt = frame.addressesAt;
  return inside;
}
