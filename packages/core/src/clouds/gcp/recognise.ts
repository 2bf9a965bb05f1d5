import { collectionOf, fullPath } from "./links.ts";
import { workloadKindOf, workloadsIn } from "./workload-kind.ts";

/** What one object of an export is. `other`: Google Cloud's, but nothing that changes a source address. */
export type GcpKind =
  | "instance"
  | "network"
  | "subnetwork"
  | "route"
  | "policy-route"
  | "router"
  | "router-status"
  | "nat-mapping"
  | "nat-ip-info"
  | "nat-fragment"
  | "address"
  | "forwarding-rule"
  | "vpn-tunnel"
  | "firewall"
  | "effective-firewalls"
  | "firewall-policy"
  | "peering-route"
  | "service-attachment"
  | "other";

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const BY_COLLECTION: Readonly<Record<string, GcpKind>> = {
  instances: "instance",
  networks: "network",
  subnetworks: "subnetwork",
  routes: "route",
  policyBasedRoutes: "policy-route",
  routers: "router",
  addresses: "address",
  forwardingRules: "forwarding-rule",
  vpnTunnels: "vpn-tunnel",
  firewalls: "firewall",
  firewallPolicies: "firewall-policy",
  serviceAttachments: "service-attachment",
};

const BY_TYPE: Readonly<Record<string, GcpKind>> = {
  instance: "instance",
  network: "network",
  subnetwork: "subnetwork",
  route: "route",
  policybasedroute: "policy-route",
  router: "router",
  address: "address",
  globaladdress: "address",
  forwardingrule: "forwarding-rule",
  globalforwardingrule: "forwarding-rule",
  vpntunnel: "vpn-tunnel",
  firewall: "firewall",
  firewallpolicy: "firewall-policy",
  exchangedpeeringroute: "peering-route",
  exchangedpeeringroutes: "peering-route",
  serviceattachment: "service-attachment",
  routerstatusresponse: "router-status",
  vmendpointnatmappings: "nat-mapping",
};

const kindsByType = new Map<string, GcpKind>();

/** `compute#router`, `compute#routerList` and `compute.googleapis.com/Router` all say `router`. */
export function kindOfTypeName(type: string): GcpKind {
  const known = kindsByType.get(type);
  if (known !== undefined) return known;
  const name = /(?:#|\/)(\w+)$/.exec(type)?.[1]?.toLowerCase() ?? "";
  const kind = BY_TYPE[name.replace(/(?:aggregated)?list$/, "")] ?? "other";
  // Names that nobody knows are not kept: a file may hold any number of them.
  if (kind !== "other") kindsByType.set(type, kind);
  return kind;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

const firstOf = (value: unknown): Fields | undefined => {
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return isFields(first) ? first : undefined;
};

/** What a single resource or status is; undefined when nothing says that it is Google Cloud's. */
export function kindOf(value: Fields): GcpKind | undefined {
  const kind = byKindMember(value);
  // Some of them look like a resource of the network: a connector has a range and a network, like a subnet.
  if (kind !== undefined || workloadKindOf(value) !== undefined) return kind;
  return bySelfLink(value) ?? byStatusShape(value) ?? byResourceShape(value);
}

function byKindMember(value: Fields): GcpKind | undefined {
  const kind = text(value["kind"]);
  return kind.startsWith("compute#") || kind.startsWith("networkconnectivity#") ? kindOfTypeName(kind) : undefined;
}

function bySelfLink(value: Fields): GcpKind | undefined {
  const link =
    text(value["selfLink"]) || (text(value["name"]).includes("/policyBasedRoutes/") ? text(value["name"]) : "");
  const path = /googleapis\.com\/|^projects\//.test(link) ? fullPath(link) : undefined;
  return path === undefined ? undefined : (BY_COLLECTION[collectionOf(path) ?? ""] ?? "other");
}

const STATUS_MEMBERS = ["bestRoutes", "bestRoutesForRouter", "natStatus", "bgpPeerStatus"] as const;

const holdsStatus = (value: unknown): boolean =>
  isFields(value) && STATUS_MEMBERS.some((member) => Array.isArray(value[member]));

function byStatusShape(value: Fields): GcpKind | undefined {
  if (holdsStatus(value) || holdsStatus(value["result"])) return "router-status";
  for (const one of [value, firstOf(value["result"])]) {
    if (Array.isArray(one?.["interfaceNatMappings"])) return "nat-mapping";
    if (Array.isArray(one?.["natIpInfoMappings"])) return "nat-ip-info";
  }
  return Array.isArray(value["firewallPolicys"]) ? "effective-firewalls" : undefined;
}

function byResourceShape(value: Fields): GcpKind | undefined {
  const has = (...members: readonly string[]): boolean => members.every((member) => value[member] !== undefined);
  const nic = firstOf(value["networkInterfaces"]);
  if (nic !== undefined && (text(nic["networkIP"]) !== "" || text(nic["network"]) !== "")) return "instance";
  if (/^(?:DYNAMIC|STATIC|SUBNET)_PEERING_ROUTE$/.test(text(value["type"]))) return "peering-route";
  if (has("destRange", "network") || (has("destRange") && /"nextHop[A-Z]/.test(JSON.stringify(Object.keys(value)))))
    return "route";
  if (has("network", "region") && (has("nats") || has("bgpPeers") || has("bgp"))) return "router";
  if (has("nextHopIlbIp") || has("nextHopOtherRoutes")) return "policy-route";
  if (has("ipCidrRange", "network")) return "subnetwork";
  if (has("autoCreateSubnetworks") || (has("routingConfig") && has("name"))) return "network";
  if (has("natIpAllocateOption") || (has("natIps") && Array.isArray(value["natIps"]))) return "nat-fragment";
  if (has("address", "addressType")) return "address";
  if (has("loadBalancingScheme") && has("IPAddress")) return "forwarding-rule";
  if (has("peerIp") && (has("vpnGateway") || has("targetVpnGateway"))) return "vpn-tunnel";
  if (has("direction", "network") && (has("allowed") || has("denied"))) return "firewall";
  return undefined;
}

/** True when the content is Google Cloud's: kinds, URLs, asset types or unmistakable shapes. Looks at few members only. */
export function isGcp(value: unknown): boolean {
  if (Array.isArray(value)) return value.slice(0, 3).some((element) => isGcp(element));
  if (!isFields(value)) return false;
  if (/^(?:compute|networkconnectivity)#/.test(text(value["kind"]))) return true;
  if (text(value["assetType"]).includes(".googleapis.com/") || isGcpAsset(value["asset"])) return true;
  if (text(value["selfLink"]).includes("googleapis.com/")) return true;
  if (kindOf(value) !== undefined || workloadKindOf(value) !== undefined) return true;
  return isGcpList(value["items"]) || isGcp(value["policyBasedRoutes"]) || isGcp(workloadsIn(value));
}

const isGcpAsset = (value: unknown): boolean =>
  isFields(value) && text(value["assetType"]).includes(".googleapis.com/");

/** `items` is a list, or for aggregated lists an object by scope: `{"zones/z": {"instances": […]}}`. */
function isGcpList(items: unknown): boolean {
  if (Array.isArray(items)) return isGcp(items);
  if (!isFields(items)) return false;
  return Object.keys(items)
    .slice(0, 3)
    .some((scope) => /^(?:global$|regions\/|zones\/)/.test(scope));
}

/** In this order: `forwarding-rules` holds no word of another, `nat-mapping` must come before `routers`. */
const BY_FILE_NAME: readonly (readonly [RegExp, GcpKind])[] = [
  [/policy-?based-?routes|(?:^|-)pbrs?(?:-|$)/, "policy-route"],
  [/peering.*routes/, "peering-route"],
  [/nat-?mapping/, "nat-mapping"],
  [/nat-?ip-?info/, "nat-ip-info"],
  [/forwarding-?rules/, "forwarding-rule"],
  [/service-?attachments/, "service-attachment"],
  [/firewall-?polic/, "firewall-policy"],
  [/firewall/, "firewall"],
  [/vpn-?tunnels/, "vpn-tunnel"],
  [/interconnect-?attachments/, "other"],
  [/subnet(?:work)?s/, "subnetwork"],
  [/addresses/, "address"],
  [/instances/, "instance"],
  [/routers/, "router"],
  [/routes/, "route"],
  [/networks/, "network"],
];

/** What a list is of, by the usual name of its file (`routers.json`, `host-example-routers-list.json`); undefined when it says nothing. */
export function gcpListKind(fileName: string): GcpKind | undefined {
  const base = fileName.split(/[\\/!]/).at(-1) ?? "";
  const words = base
    .toLowerCase()
    .replace(/\.(?:json|ya?ml|ndjson|jsonl|txt)$/, "")
    .replace(/[_. ]+/g, "-");
  if (/instance-?groups|status|describe/.test(words)) return undefined;
  return BY_FILE_NAME.find(([pattern]) => pattern.test(words))?.[1];
}
