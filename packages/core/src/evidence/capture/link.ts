import { u8, u16 } from "./bytes.ts";
import { Direction, type Frame, Layer, Outcome } from "./frame.ts";

/** Of a link whose frames are those of Ethernet. */
export const ETHERNET = 1;

/**
 * The header of the link, by its number in the file. Sets where the packet begins, and returns what stands there.
 *
 * @see https://www.tcpdump.org/linktypes.html
 */
export function linkLayer(frame: Frame, bytes: DataView, link: number): number {
  switch (link) {
    case ETHERNET:
      return Layer.ethernet;
    case 0:
    case 108:
      return loopback(frame, bytes);
    case 9:
    case 50:
      return Layer.ppp;
    case 51:
      return pppoe(frame, bytes);
    // 12 and 14 are what systems called 101 before it had a number of its own.
    case 12:
    case 14:
    case 101:
    case 228:
    case 229:
      return Layer.ip;
    case 113:
      return cooked(frame, bytes);
    case 276:
      return cookedV2(frame, bytes);
    default:
      return Outcome.unknownLink;
  }
}

export function ethernet(frame: Frame, bytes: DataView): number {
  const { at } = frame;
  if (frame.end - at < 14) return Outcome.cut;
  frame.at = at + 14;
  const type = u16(bytes, at + 12);
  return type === 0x0800 ? Layer.ipv4 : etherType(frame, bytes, type);
}

/** What an EtherType names; tags of VLANs (802.1Q, QinQ) are passed over. */
export function etherType(frame: Frame, bytes: DataView, first: number): number {
  let type = first;
  while (type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200) {
    if (frame.end - frame.at < 4) return Outcome.cut;
    type = u16(bytes, frame.at + 2);
    frame.at += 4;
  }
  if (type === 0x0800) return Layer.ipv4;
  if (type === 0x86dd) return Layer.ipv6;
  if (type === 0x8864) return pppoe(frame, bytes);
  return type <= 1500 ? snap(frame, bytes) : Outcome.other;
}

/** IEEE 802.2 with a SNAP header, which holds an EtherType again: https://www.rfc-editor.org/rfc/rfc1042 */
function snap(frame: Frame, bytes: DataView): number {
  const { at } = frame;
  if (frame.end - at < 8) return Outcome.other;
  if (u16(bytes, at) !== 0xaaaa || u16(bytes, at + 2) !== 0x0300 || u16(bytes, at + 4) >> 8 !== 0) return Outcome.other;
  frame.at = at + 8;
  const type = u16(bytes, at + 6);
  return type === 0x0800 ? Layer.ipv4 : type === 0x86dd ? Layer.ipv6 : Outcome.other;
}

/** BSD writes the address family in its own order, 2 for IPv4 and several for IPv6: the packet itself tells. */
function loopback(frame: Frame, bytes: DataView): number {
  const { at } = frame;
  if (frame.end - at < 4) return Outcome.cut;
  frame.at = at + 4;
  const [first, last] = [u16(bytes, at), u16(bytes, at + 2)];
  const family = first === 0 ? last : last === 0 ? ((first & 255) << 8) | (first >> 8) : 0;
  if (family === 2) return Layer.ipv4;
  return family === 10 || family === 24 || family === 28 || family === 30 ? Layer.ipv6 : Outcome.other;
}

/** https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html */
function cooked(frame: Frame, bytes: DataView): number {
  const { at } = frame;
  if (frame.end - at < 16) return Outcome.cut;
  frame.direction = directionOf(u16(bytes, at));
  frame.at = at + 16;
  return etherType(frame, bytes, u16(bytes, at + 14));
}

/** https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html */
function cookedV2(frame: Frame, bytes: DataView): number {
  const { at } = frame;
  if (frame.end - at < 20) return Outcome.cut;
  frame.direction = directionOf(u8(bytes, at + 10));
  frame.at = at + 20;
  return etherType(frame, bytes, u16(bytes, at));
}

/** 0 is sent to this host, 4 by it; the rest (broadcast, of others) says nothing of that. */
const directionOf = (type: number): number =>
  type === 0 ? Direction.in : type === 4 ? Direction.out : Direction.unknown;

/** https://www.rfc-editor.org/rfc/rfc2516 */
function pppoe(frame: Frame, bytes: DataView): number {
  const { at } = frame;
  if (frame.end - at < 8) return Outcome.cut;
  // Version and type 1, code 0: a session, not its discovery.
  if (u16(bytes, at) !== 0x1100) return Outcome.other;
  frame.at = at + 6;
  return Layer.ppp;
}

/** With or without address and control, https://www.rfc-editor.org/rfc/rfc1662 */
export function ppp(frame: Frame, bytes: DataView): number {
  if (frame.end - frame.at >= 2 && u16(bytes, frame.at) === 0xff03) frame.at += 2;
  if (frame.end - frame.at < 2) return Outcome.cut;
  const protocol = u16(bytes, frame.at);
  frame.at += 2;
  return protocol === 0x0021 ? Layer.ipv4 : protocol === 0x0057 ? Layer.ipv6 : Outcome.other;
}
