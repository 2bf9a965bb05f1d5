import { listOf } from "../address/address-set.ts";
import { type Ip, parseIp } from "../address/ip.ts";
import type { ConfigDocument } from "../clouds/document.ts";
import { compileGcp } from "../clouds/gcp/compile.ts";
import { holdsWorkloads } from "../clouds/gcp/workload-kind.ts";
import { gcpWithWorkloads } from "../clouds/gcp/workloads/index.ts";
import type { Host, Interface } from "../model/estate.ts";
import type { Protocol } from "../model/flow.ts";
import type { Problem } from "../problem.ts";
import { outcomesAt } from "../resolve/resolve.ts";

/** Builders for exports in tests: everything is in project `p`, network `net-a`, region `r1` unless said otherwise. */
export const P = "https://www.googleapis.com/compute/v1/projects/p";

export const doc = (value: unknown, file = "export.json", line: number | null = 2): ConfigDocument => ({
  origin: { file, line },
  value,
  linesOf: () => [],
});

/** The answer about what is in effect stands last: nothing above the network decides. */
export const docs = (...values: readonly unknown[]): readonly ConfigDocument[] =>
  [...values, NOTHING_ABOVE].map((value, index) => doc(value, "export.json", index + 1));

const NOTHING_ABOVE = { firewallPolicys: [], firewalls: [] };

export const network = (name = "net-a", more: object = {}) => ({
  kind: "compute#network",
  name,
  selfLink: `${P}/global/networks/${name}`,
  routingConfig: { routingMode: "REGIONAL" },
  ...more,
});

export const subnet = (name = "sub-a", range = "10.20.0.0/24", more: object = {}) => ({
  kind: "compute#subnetwork",
  name,
  selfLink: `${P}/regions/r1/subnetworks/${name}`,
  network: `${P}/global/networks/net-a`,
  region: `${P}/regions/r1`,
  ipCidrRange: range,
  ...more,
});

export const nic = (more: object = {}) => ({
  name: "nic0",
  network: `${P}/global/networks/net-a`,
  subnetwork: `${P}/regions/r1/subnetworks/sub-a`,
  networkIP: "10.20.0.5",
  ...more,
});

export const vm = (name = "vm1", nics: readonly object[] = [nic()], more: object = {}) => ({
  kind: "compute#instance",
  name,
  selfLink: `${P}/zones/r1-b/instances/${name}`,
  zone: `${P}/zones/r1-b`,
  status: "RUNNING",
  networkInterfaces: nics,
  ...more,
});

export const route = (name: string, destRange: string, hop: object, more: object = {}) => ({
  kind: "compute#route",
  name,
  selfLink: `${P}/global/routes/${name}`,
  network: `${P}/global/networks/net-a`,
  destRange,
  priority: 1000,
  ...hop,
  ...more,
});

export const INTERNET = { nextHopGateway: `${P}/global/gateways/default-internet-gateway` };
export const defaultRoute = route("default-route", "0.0.0.0/0", INTERNET);

export const egressRule = (name: string, more: object = {}) => ({
  kind: "compute#firewall",
  name,
  selfLink: `${P}/global/firewalls/${name}`,
  network: `${P}/global/networks/net-a`,
  direction: "EGRESS",
  priority: 1000,
  ...more,
});

export const router = (name: string, more: object = {}) => ({
  kind: "compute#router",
  name,
  selfLink: `${P}/regions/r1/routers/${name}`,
  network: `${P}/global/networks/net-a`,
  region: `${P}/regions/r1`,
  ...more,
});

export const nat = (name = "nat-a", more: object = {}) => ({
  name,
  natIpAllocateOption: "MANUAL_ONLY",
  natIps: [`${P}/regions/r1/addresses/nat-10`],
  sourceSubnetworkIpRangesToNat: "ALL_SUBNETWORKS_ALL_IP_RANGES",
  ...more,
});

export const address = (name: string, ip: string, more: object = {}) => ({
  kind: "compute#address",
  name,
  selfLink: `${P}/regions/r1/addresses/${name}`,
  address: ip,
  addressType: "EXTERNAL",
  ...more,
});

/** Whole lists, empty: what is not shown does not exist. */
export const lists = (project = "p"): readonly object[] => [
  { kind: "compute#routeList", id: `projects/${project}/global/routes` },
  { kind: "compute#subnetworkList", id: `projects/${project}/aggregated/subnetworks` },
  { kind: "compute#routerList", id: `projects/${project}/aggregated/routers` },
  { kind: "compute#firewallList", id: `projects/${project}/global/firewalls` },
  { kind: "compute#addressList", id: `projects/${project}/aggregated/addresses` },
  { kind: "compute#vpnTunnelList", id: `projects/${project}/aggregated/vpnTunnels` },
  { kind: "networkconnectivity#policyBasedRouteList", id: `projects/${project}/locations/global/policyBasedRoutes` },
];

/** The common base: one VM without an external address, its subnet and network, and the default route. */
export const base: readonly object[] = [network(), subnet(), vm(), defaultRoute, ...lists()];

export interface Seen {
  readonly kind: string;
  readonly addresses: readonly string[];
  readonly complete: boolean;
  readonly stability: string;
  readonly assumptions: readonly string[];
  readonly commands: readonly string[];
}

export interface Flow {
  readonly from?: string;
  readonly source?: string;
  readonly to?: string;
  readonly port?: number;
  readonly protocol?: Protocol;
}

export const ip = (text: string): Ip => {
  const parsed = parseIp(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

/** By the reader that such an export is given to. */
const compiled = (documents: readonly ConfigDocument[]) =>
  (holdsWorkloads(documents) ? gcpWithWorkloads.compile : compileGcp)(documents, new Set());

/** What a destination may see of a VM of this export, with the ids of what is assumed. */
export function seenBy(documents: readonly ConfigDocument[], flow: Flow = {}): readonly Seen[] {
  const { value } = compiled(documents);
  const host = value.hosts.find(({ name }) => name === (flow.from ?? "vm1"));
  if (host === undefined) throw new Error("no such host");
  return seenFrom(host, null, flow);
}

export function seenFrom(host: Host, by: Interface | null, flow: Flow): readonly Seen[] {
  const asked = {
    sender: { host, interface: by, source: flow.source === undefined ? null : ip(flow.source) },
    protocol: flow.protocol ?? ("tcp" as const),
    port: flow.port ?? 5432,
    guest: null,
  };
  return outcomesAt(asked, ip(flow.to ?? "198.51.100.25")).map(({ identity, assumptions }) => ({
    kind: identity.kind,
    addresses: listOf(identity.addresses),
    complete: identity.complete,
    stability: identity.stability,
    assumptions: assumptions.map(({ basis, id }) => `${basis} ${id}`),
    commands: assumptions.flatMap(({ ask }) => (ask?.command ? [ask.command] : [])),
  }));
}

export const problemsOf = (documents: readonly ConfigDocument[]): readonly Problem[] => compiled(documents).problems;
