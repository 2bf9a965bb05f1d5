/** What a frame turned out to be. */
export const Outcome = {
  /** Not TCP, UDP or ICMP over IP, a later fragment, or damaged: it shows no flow. */
  other: 0,
  read: 1,
  /** The capture keeps too few bytes of it. */
  cut: 2,
  /** Of a link whose frames are not known here. */
  unknownLink: 3,
} as const;

/** What stands at `Frame.at`, to be read next. */
export const Layer = {
  ethernet: 10,
  ipv4: 11,
  ipv6: 12,
  tcp: 13,
  udp: 14,
  icmp: 15,
  gre: 16,
  ppp: 17,
  /** IPv4 or IPv6, as its first four bits say. */
  ip: 18,
} as const;

export const Icmp = { none: 0, echoRequest: 1, echoReply: 2, error: 3 } as const;
export const Direction = { unknown: 0, in: 1, out: 2 } as const;

/** The tunnel a packet came in; 0 for none. */
export const TUNNELS = ["", "GRE", "ERSPAN", "VXLAN", "GENEVE", "IP-in-IP"] as const;
export const Tunnel = { none: 0, gre: 1, erspan: 2, vxlan: 3, geneve: 4, ipInIp: 5 } as const;

export const Protocol = { icmp: 1, tcp: 6, udp: 17 } as const;

/**
 * One packet, read in place. There is one of it: an object for each of millions of packets would take most of the time.
 * Addresses are offsets into the bytes, valid until the next packet; 32-bit numbers are signed.
 */
export interface Frame {
  /** Where reading is, and behind the last byte that may be read. */
  at: number;
  end: number;
  family: 4 | 6;
  /** Of the source address; the destination follows it. */
  addressesAt: number;
  protocol: number;
  sourcePort: number;
  destinationPort: number;
  /** Of TCP. */
  flags: number;
  sequence: number;
  ttl: number;
  direction: number;
  icmp: number;
  /** Of the innermost tunnel. */
  tunnel: number;
  tunnelFamily: 4 | 6;
  tunnelAddressesAt: number;
  /** How many headers were opened: nothing real nests deeper than a few. */
  depth: number;
}

export const newFrame = (): Frame => ({
  at: 0,
  end: 0,
  family: 4,
  addressesAt: 0,
  protocol: 0,
  sourcePort: 0,
  destinationPort: 0,
  flags: 0,
  sequence: 0,
  ttl: 0,
  direction: 0,
  icmp: 0,
  tunnel: 0,
  tunnelFamily: 4,
  tunnelAddressesAt: 0,
  depth: 0,
});
