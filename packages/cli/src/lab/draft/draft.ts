import type { Family, Protocol, Scenario } from "@seenas/core";
import type { PoolStyle } from "../pool.ts";

/** A generated network, in pieces that can be left out one by one. */
export interface Draft {
  readonly seed: number;
  readonly cloud: "aws" | "azure" | "gcp";
  readonly family: Family;
  readonly interfaces: readonly DraftInterface[];
  /** The cloud's network has a neighbour that holds some of the destinations. */
  readonly hasPeer: boolean;
  /** Of the guest: priority and the rest of the line. */
  readonly rules: readonly DraftRule[];
  readonly routes: readonly DraftRoute[];
  /** Of its own packet filter; none: it has no rules. */
  readonly filter: readonly DraftFilterRule[];
  /** How gateways with several addresses choose one. */
  readonly pool: PoolStyle;
  readonly to: string;
  readonly calls: readonly [DraftCall, ...DraftCall[]];
}

/** One connection to the draft's destination. */
export interface DraftCall {
  readonly source: string | null;
  readonly port: number;
  readonly protocol: Extract<Protocol, "tcp" | "udp">;
}

export interface DraftInterface {
  /** As the cloud knows them, the primary first. */
  readonly addresses: readonly string[];
  /** Only the guest has these. */
  readonly extra: readonly string[];
  /** One of the cloud's for each address; null: none. */
  readonly publics: readonly (string | null)[];
  readonly checksSource: boolean;
  readonly routes: readonly CloudRoute[];
  /** Of the subnet's own gateway, where the cloud ties one to a subnet: how many addresses. */
  readonly gateway: number;
  /** Destinations for which that gateway has an address apart. */
  readonly gatewayRules: readonly string[];
  /** Whether the gateway takes every address of the subnet, or the primary ones. */
  readonly gatewayTakes: "all" | "primary";
  /** Frontends of a load balancer by which it may leave. */
  readonly frontends: number;
  readonly frontendProtocol: "All" | "Tcp" | "Udp";
  /** What a filter denies, before any translation. */
  readonly denied: { readonly prefix: string; readonly port: number } | null;
}

export interface DraftRule {
  readonly priority: number;
  readonly text: string;
}

/** A rule as nft prints it, in the chain of its own that leaves with another source, or that marks. */
export interface DraftFilterRule {
  readonly chain: "called" | "leaves" | "marks" | "marks-late";
  readonly text: string;
}

export interface DraftRoute {
  readonly table: string;
  /** Equal keys cannot stand in one table. */
  readonly key: string;
  readonly text: string;
}

export interface CloudRoute {
  readonly prefix: string;
  /** Lower wins, where the cloud asks at all. */
  readonly priority: number;
  readonly target: CloudTarget;
}

/** `appliance`: a forwarding host or firewall that the export describes. */
export type CloudTarget = "internet" | "nat-1" | "nat-2" | "peering" | "appliance" | "dead";

/** Where generated networks lie, a family each. */
export const PLACES = {
  4: {
    all: "0.0.0.0/0",
    targets: ["203.0.113.10", "203.0.113.200", "198.51.100.10", "198.51.100.99"],
    prefixes: [
      "default",
      "0.0.0.0/1",
      "128.0.0.0/1",
      "203.0.113.0/24",
      "203.0.113.0/25",
      "203.0.113.10",
      "198.51.100.0/24",
      "192.0.0.0/4",
    ],
    cloudPrefixes: [
      "203.0.113.0/24",
      "203.0.113.0/25",
      "203.0.113.10/32",
      "198.51.100.0/24",
      "192.0.0.0/4",
      "203.0.113.128/25",
    ],
    own: (net: number, host: number) => `10.${net}.0.${host}`,
    gateway: (net: number) => `10.${net}.0.1`,
    subnet: (net: number) => `10.${net}.0.0/24`,
    length: 24,
  },
  6: {
    all: "::/0",
    targets: ["2001:db8:ffff::10", "2001:db8:ffff:8000::10", "2001:db8:fffe::10"],
    prefixes: [
      "default",
      "2000::/3",
      "2001:db8:ffff::/48",
      "2001:db8:ffff::/64",
      "2001:db8:ffff::10",
      "2001:db8:fffe::/47",
    ],
    cloudPrefixes: ["2001:db8:ffff::/48", "2001:db8:ffff::/64", "2001:db8:fffe::/47", "2000::/3"],
    own: (net: number, host: number) => `2001:db8:${net + 1}::${host}`,
    gateway: (net: number) => `2001:db8:${net + 1}::1`,
    subnet: (net: number) => `2001:db8:${net + 1}::/64`,
    length: 64,
  },
} as const;

/** What a configuration is made of, before it is a scenario. */
export type Config = Scenario["config"];
