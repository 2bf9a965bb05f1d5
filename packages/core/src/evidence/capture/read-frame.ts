import { i32, u8, u16 } from "./bytes.ts";
import { Direction, type Frame, Icmp, Layer, Outcome, Protocol, Tunnel } from "./frame.ts";
import { ethernet, linkLayer, ppp } from "./link.ts";
import { ipv4, ipv6 } from "./network.ts";
import { gre, icmp, tcp, udp } from "./transport.ts";

/** Tunnels in tunnels, and the headers of each. */
const DEEPEST = 24;

/**
 * Reads one captured frame up to its ports, through VLANs and tunnels: what comes out is the innermost packet.
 *
 * @returns one of `Outcome`; unless it is `read`, the fields mean nothing
 */
export function readFrame(frame: Frame, bytes: DataView, at: number, end: number, link: number): number {
  frame.at = at;
  frame.end = end;
  frame.tunnel = Tunnel.none;
  frame.direction = Direction.unknown;
  frame.icmp = Icmp.none;
  frame.flags = 0;
  frame.sequence = 0;
  let layer = linkLayer(frame, bytes, link);
  for (let depth = 0; depth < DEEPEST; depth += 1) {
    if (layer < Layer.ethernet) return layer;
    layer = opened(frame, bytes, layer);
  }
  return layer < Layer.ethernet ? layer : Outcome.other;
}

function opened(frame: Frame, bytes: DataView, layer: number): number {
  switch (layer) {
    case Layer.ethernet:
      return ethernet(frame, bytes);
    case Layer.ipv4:
      return ipv4(frame, bytes);
    case Layer.ipv6:
      return ipv6(frame, bytes);
    case Layer.tcp:
      return tcp(frame, bytes);
    case Layer.udp:
      return udp(frame, bytes);
    case Layer.icmp:
      return icmp(frame, bytes);
    case Layer.gre:
      return gre(frame, bytes);
    case Layer.ppp:
      return ppp(frame, bytes);
    default:
      return byVersion(frame, bytes);
  }
}

const byVersion = (frame: Frame, bytes: DataView): number => {
  if (frame.end <= frame.at) return Outcome.cut;
  const version = u8(bytes, frame.at) >> 4;
  return version === 4 ? Layer.ipv4 : version === 6 ? Layer.ipv6 : Outcome.other;
};

/**
 * Reads what an ICMP error quotes: the header and eight bytes at least (RFC 792), so ports and the sequence number of
 * TCP but not its flags. What is quoted is never unpacked.
 *
 * @param error just read, and an ICMP error
 * @returns `Outcome.read` also for a protocol without ports, whose `protocol` is then 0
 */
export function readQuote(quote: Frame, error: Frame, bytes: DataView): number {
  quote.at = error.at;
  quote.end = error.end;
  quote.tunnel = Tunnel.none;
  quote.icmp = Icmp.none;
  quote.flags = 0;
  quote.protocol = 0;
  quote.direction = Direction.unknown;
  const layer = error.family === 4 ? ipv4(quote, bytes) : ipv6(quote, bytes);
  // Into a tunnel only its own header was read.
  if (layer < Layer.ethernet) return layer;
  const known = layer === Layer.tcp || layer === Layer.udp;
  if (layer === Layer.icmp) quote.protocol = Protocol.icmp;
  if (!known || quote.tunnel !== Tunnel.none) return Outcome.read;
  if (quote.end - quote.at < 8) return Outcome.cut;
  quote.protocol = layer === Layer.tcp ? Protocol.tcp : Protocol.udp;
  quote.sourcePort = u16(bytes, quote.at);
  quote.destinationPort = u16(bytes, quote.at + 2);
  quote.sequence = i32(bytes, quote.at + 4);
  return Outcome.read;
}
