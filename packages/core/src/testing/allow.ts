import { type Cidr, cidrs } from "../address/cidr.ts";
import { type AllowSource, allowlistFrom, type Basis, type Destination } from "../allow/allowlist.ts";
import type { EgressIdentity } from "../model/identity.ts";

export const identity = (addresses: readonly Cidr[], more: Partial<EgressIdentity> = {}): EgressIdentity => ({
  kind: "translated",
  addresses,
  complete: true,
  translator: "nat-gateway",
  resource: null,
  stability: "static",
  draining: [],
  ...more,
});

export const source = (
  sender: string | null,
  answer: EgressIdentity,
  more: Partial<AllowSource> = {},
): AllowSource => ({
  sender,
  answer,
  certainty: "predicted",
  rules: ["gcp/nat/manual-pool"],
  open: [],
  next: [],
  ...more,
});

export const blocked = (sender: string): AllowSource =>
  source(sender, identity([], { kind: "blocked", translator: null, stability: "unknown" }));

/** Everything that could end a comment, a string or a line somewhere. */
export const HOSTILE = "x\"; flush ruleset # */ ' $(reboot) `id` <b>|; 中文 ?\u2028\r\n-A INPUT -j ACCEPT \\";

export const AT = "2026-11-20T08:00:00Z";

export const BASIS: Basis = { asOf: AT, isHalfRead: false };

export const BANK: Destination = {
  towards: ["Bank (198.51.100.7:443)"],
  services: [{ protocol: "tcp", port: 443 }],
};

/** A pool that one address is leaving, a name that breaks out, a fixed range that scaling will join, a private source. */
export const SOURCES: readonly AllowSource[] = [
  source(
    "web-1/nic0",
    identity(cidrs("203.0.113.7/32", "203.0.113.8/31"), {
      resource: "projects/p/nats/nat-1",
      draining: cidrs("203.0.113.20/32"),
    }),
  ),
  source("web-2/nic0", identity(cidrs("203.0.113.8/32"), { resource: "projects/p/nats/nat-1" })),
  source("evil/nic0", identity(cidrs("198.51.100.4/32"), { resource: `projects/p/addresses/${HOSTILE}` }), {
    rules: [HOSTILE],
  }),
  source("six/nic0", identity(cidrs("2001:db8:7::/64"), { afterScaling: cidrs("2001:db8:8::/64") })),
  source("db/nic0", identity(cidrs("10.20.0.5/32"), { kind: "preserved", translator: null }), {
    certainty: "logged",
    rules: [],
  }),
  blocked("idle/nic0"),
];

export const LIST = allowlistFrom(SOURCES, BANK, BASIS);

/** The ranges of `LIST`, and addresses beside each that must not be inside. */
export const RANGES = [
  "10.20.0.5/32",
  "198.51.100.4/32",
  "203.0.113.7/32",
  "203.0.113.8/31",
  "203.0.113.20/32",
  "2001:db8:7::/64",
  "2001:db8:8::/64",
];
export const INSIDE = [
  "10.20.0.5",
  "198.51.100.4",
  "203.0.113.7",
  "203.0.113.9",
  "203.0.113.20",
  "2001:db8:7::1",
  "2001:db8:8:0:ffff::",
];
export const OUTSIDE = [
  "10.20.0.4",
  "198.51.100.5",
  "203.0.113.6",
  "203.0.113.10",
  "203.0.113.21",
  "2001:db8:6:ffff::1",
  "2001:db8:9::",
];
