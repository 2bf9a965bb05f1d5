import type { Ip } from "../address/ip.ts";
import type { Protocol } from "../model/flow.ts";
import type { Problem, Text } from "../problem.ts";

/** What the content of a file was recognised as. */
export type EvidenceKind =
  | "traceroute"
  | "smtp-transcript"
  | "tcpdump"
  | "guest-routes"
  | "mixed"
  | "unknown"
  | "tracert"
  | "mtr"
  | "tracepath"
  | "scamper"
  | "pcap"
  | "postfix-log"
  | "exim-log"
  | "sendmail-log"
  | "exchange-log"
  | "mail-log"
  | "web-log"
  | "sshd-log"
  | "server-log"
  | "cloud-nat-log"
  | "azure-nat-log"
  | "azure-firewall-log"
  | "gcp-flow-log"
  | "azure-flow-log"
  | "aws-flow-log"
  | "firewall-log"
  | "nat-table"
  | "nat-mapping"
  | "socket-table"
  | "mail-headers"
  | "database"
  | "http-echo"
  | "dns-echo"
  | "stun"
  | "witness-log"
  | "probe"
  | "otel-spans"
  | "path-analysis";

/** Who saw the packet, strongest first. */
export const STRENGTHS = [
  "destination-observed",
  "translator-logged",
  "third-party-observed",
  "provider-status",
  "config-predicted",
  "path-hint",
  "none",
] as const;
export type Strength = (typeof STRENGTHS)[number];

export type Vantage = "client" | "path" | "translator" | "destination" | "third-party" | "provider" | "unknown";

/** What the user may say about where evidence was taken. */
export type VantageHint = "client" | "translator" | "destination";

/**
 * An address as evidence shows it. `ip` is null when digits are masked (`139.219.xxx.xx`) or when only a name stands
 * there; `masked` then tells which.
 */
export interface ObservedAddress {
  readonly text: string;
  readonly ip: Ip | null;
  readonly masked: boolean;
}

/** One fact read from evidence. */
export interface Observation {
  readonly file: string;
  /** 1-based line of `quote`; null for a format without lines, whose quote then says which packet it is. */
  readonly line: number | null;
  readonly kind: EvidenceKind;
  readonly quote: string;
  /** What the line says. */
  readonly says: Text;
  /** What that proves about the source a destination sees, and why not more. */
  readonly proves: Text;
  readonly strength: Strength;
  readonly seen: Seen;
  /** The source before translation, where a translator's record names it. */
  readonly before: ObservedAddress | null;
  /** What the client said of itself (HELO): never a source. */
  readonly claimed: string | null;
  readonly vantage: Vantage;
  /** The host that a shell was opened on before (`ssh NAME`), where the transcript shows it: it ran there. */
  readonly ranOn?: string;
  /** The host that a translator's record names as the sender: another network may have the same address (`before`). */
  readonly sender?: string;
  /** True: of a TCP connection that was open before; it may still have the source of an earlier configuration. */
  readonly midway?: boolean;
  /** What a hello of `seenas probe` carried, where the record shows it. */
  readonly mark?: string;
  /**
   * The hello was one of this host: the record is this flow's, whoever else stands beside it. `bound`: its program chose
   * the source (`before`), which does not show which one others get.
   */
  readonly own?: "free" | "bound";
  /** Where the service that wrote it listens unless somebody moved it; absent: as its kind has it. */
  readonly ports?: readonly number[];
  /** Where it usually listens: it may be moved to any port but the usual one of another service. Absent: as its kind has it. */
  readonly usualPorts?: readonly number[];
}

export interface Seen {
  /** null: the line shows no source address. */
  readonly source: ObservedAddress | null;
  readonly sourcePort: number | null;
  readonly destination: ObservedAddress | null;
  /** The name the destination was called by, where the evidence shows it. */
  readonly destinationName: string | null;
  readonly destinationPort: number | null;
  readonly protocol: Protocol | null;
  /** RFC 3339; null when the evidence has no full time. */
  readonly at: string | null;
  /** Milliseconds, where the zone or the date is not printed: tells earlier from later within the file alone. */
  readonly localMs?: number;
}

/** What came back for one TTL. `lost` probes got no reply, which is no proof that no router is there. */
export interface Hop {
  readonly ttl: number;
  readonly replies: readonly HopReply[];
  readonly lost: number;
  /** `!X`, `MPLS Label=…` and the like, in printed order. */
  readonly annotations: readonly string[];
  /**
   * How far the checksum of the probe that the hop quotes back is above the one that was sent, modulo 65,536. 0: as it was
   * sent, or put right again on the way back. Absent: the tool does not tell.
   */
  readonly checksumDelta?: number;
  /** True: the hop quotes another checksum than the one before it, by how much the tool does not tell. */
  readonly checksumChanged?: boolean;
}

/** One reply. Several probes answered by the same router are several replies. */
export interface HopReply {
  /** null: only a name was printed (tracepath without -n). */
  readonly address: string | null;
  readonly name: string | null;
  readonly rttMs: number | null;
}

export interface PathTrace {
  /** null: a fragment without a header. */
  readonly destination: string | null;
  readonly destinationName: string | null;
  /** The address that the probes were sent from, before any translation, where the tool tells. */
  readonly source?: string;
  readonly hops: readonly Hop[];
  /** True only if the destination's own address answered. */
  readonly reached: boolean;
  readonly hints: readonly PathHint[];
  readonly line: number;
}

/** What a path suggests. Never more than a hint: a hop is a router's address, never the egress identity. */
export interface PathHint {
  readonly kind:
    | "private-to-public"
    | "private-after-public"
    | "silent-first-hop"
    | "cgnat-hop"
    | "mpls"
    | "multipath"
    | "nat-sign"
    | "unreachable";
  readonly ttls: readonly number[];
  readonly text: Text;
}

/** Everything one file of evidence holds. */
export interface Evidence {
  readonly file: string;
  readonly kind: EvidenceKind;
  readonly observations: readonly Observation[];
  readonly paths: readonly PathTrace[];
  /** Addresses that names were shown to have (`traceroute to mail.example (192.0.2.1)`). */
  readonly names: readonly { readonly name: string; readonly address: Ip }[];
  readonly problems: readonly Problem[];
}
