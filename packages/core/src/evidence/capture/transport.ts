import { i32, u8, u16 } from "./bytes.ts";
import { type Frame, Icmp, Layer, Outcome, Protocol, Tunnel } from "./frame.ts";
import { etherType } from "./link.ts";
import { unpacked } from "./network.ts";

const VXLAN_PORT = 4789;
/** What Linux took before there was a number for it, and still takes unless told. */
const VXLAN_LINUX_PORT = 8472;
const GENEVE_PORT = 6081;
const TRANSPARENT_ETHERNET = 0x6558;

/** https://www.rfc-editor.org/rfc/rfc9293#section-3.1; up to the flags it must be there. */
export function tcp(frame: Frame, bytes: DataView): number {
  const { at } = frame;
  if (frame.end - at < 14) return Outcome.cut;
  ports(frame, bytes, Protocol.tcp);
  frame.sequence = i32(bytes, at + 4);
  frame.flags = u8(bytes, at + 13);
  frame.at = at + (u8(bytes, at + 12) >> 4) * 4;
  return Outcome.read;
}

export function udp(frame: Frame, bytes: DataView): number {
  if (frame.end - frame.at < 8) return Outcome.cut;
  ports(frame, bytes, Protocol.udp);
  frame.at += 8;
  const { at, destinationPort } = frame;
  if (destinationPort === GENEVE_PORT && frame.end - at >= 8) return geneve(frame, bytes);
  const isVxlan = destinationPort === VXLAN_PORT || destinationPort === VXLAN_LINUX_PORT;
  // https://www.rfc-editor.org/rfc/rfc7348#section-5: the flag that says that there is a network number.
  if (!isVxlan || frame.end - at < 8 || (u8(bytes, at) & 8) === 0 || u8(bytes, at + 7) !== 0) return Outcome.read;
  frame.at = at + 8;
  return unpacked(frame, Tunnel.vxlan, Layer.ethernet);
}

/** https://www.rfc-editor.org/rfc/rfc8926#section-3.4 */
function geneve(frame: Frame, bytes: DataView): number {
  const { at } = frame;
  const first = u8(bytes, at);
  const type = u16(bytes, at + 2);
  const known = type === TRANSPARENT_ETHERNET || type === 0x0800 || type === 0x86dd;
  if (first >> 6 !== 0 || !known || u8(bytes, at + 7) !== 0) return Outcome.read;
  frame.at = at + 8 + (first & 63) * 4;
  return unpacked(frame, Tunnel.geneve, type === TRANSPARENT_ETHERNET ? Layer.ethernet : etherType(frame, bytes, type));
}

function ports(frame: Frame, bytes: DataView, protocol: number): void {
  frame.protocol = protocol;
  frame.sourcePort = u16(bytes, frame.at);
  frame.destinationPort = u16(bytes, frame.at + 2);
}

/** https://www.rfc-editor.org/rfc/rfc792, https://www.rfc-editor.org/rfc/rfc4443; `at` is then the quoted packet. */
export function icmp(frame: Frame, bytes: DataView): number {
  const { at } = frame;
  if (frame.end - at < 4) return Outcome.cut;
  const type = u8(bytes, at);
  frame.protocol = Protocol.icmp;
  frame.sourcePort = 0;
  frame.destinationPort = 0;
  frame.icmp = frame.family === 4 ? icmpV4(type) : icmpV6(type);
  frame.at = at + 8;
  return Outcome.read;
}

const icmpV4 = (type: number): number => {
  if (type === 8) return Icmp.echoRequest;
  if (type === 0) return Icmp.echoReply;
  return type === 3 || type === 11 || type === 12 ? Icmp.error : Icmp.none;
};

const icmpV6 = (type: number): number => {
  if (type === 128) return Icmp.echoRequest;
  if (type === 129) return Icmp.echoReply;
  return type >= 1 && type <= 4 ? Icmp.error : Icmp.none;
};

/** https://www.rfc-editor.org/rfc/rfc2784, -2890; ERSPAN: draft-foschiano-erspan-03 */
export function gre(frame: Frame, bytes: DataView): number {
  const { at } = frame;
  if (frame.end - at < 4) return Outcome.cut;
  const flags = u16(bytes, at);
  // Routing, or another version (PPTP): nothing is mirrored so.
  if ((flags & 0x4007) !== 0) return Outcome.other;
  const sequenced = (flags & 0x1000) !== 0;
  frame.at = at + 4 + ((flags & 0x8000) === 0 ? 0 : 4) + ((flags & 0x2000) === 0 ? 0 : 4) + (sequenced ? 4 : 0);
  const type = u16(bytes, at + 2);
  if (type === 0x88be || type === 0x22eb) return erspan(frame, bytes, type, sequenced);
  if (type === TRANSPARENT_ETHERNET) return unpacked(frame, Tunnel.gre, Layer.ethernet);
  const inside = etherType(frame, bytes, type);
  return inside === Layer.ipv4 || inside === Layer.ipv6 ? unpacked(frame, Tunnel.gre, inside) : Outcome.other;
}

/** Type I has no header of its own, and no sequence number either; III has a longer one, longer still with its last bit. */
function erspan(frame: Frame, bytes: DataView, type: number, sequenced: boolean): number {
  if (type === 0x22eb) {
    if (frame.end - frame.at < 12) return Outcome.cut;
    frame.at += (u8(bytes, frame.at + 11) & 1) === 0 ? 12 : 20;
  } else if (sequenced) frame.at += 8;
  return unpacked(frame, Tunnel.erspan, Layer.ethernet);
}
