import * as v from "valibot";

/**
 * Members as the API names them. Everything is optional and may be null, unknown members and enum values are fine, and
 * 64-bit numbers come as text; only a wrong type makes a resource unusable.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/cloud/compute/v1/compute.proto
 */
const text = v.nullish(v.string());
const flag = v.nullish(v.boolean());
const texts = v.nullish(v.array(v.string()));
const count = v.nullish(
  v.union([
    v.pipe(v.number(), v.finite()),
    v.pipe(
      v.string(),
      v.regex(/^-?\d{1,15}$/),
      v.transform((digits) => Number(digits)),
    ),
  ]),
);

const identity = { name: text, selfLink: text };

const accessConfig = v.object({ type: text, natIP: text, name: text });
const ipv6AccessConfig = v.object({ type: text, externalIpv6: text, externalIpv6PrefixLength: count });
const aliasIpRange = v.object({ ipCidrRange: text, subnetworkRangeName: text });

const networkInterface = v.object({
  name: text,
  network: text,
  subnetwork: text,
  networkIP: text,
  ipv6Address: text,
  internalIpv6PrefixLength: count,
  aliasIpRanges: v.nullish(v.array(aliasIpRange)),
  accessConfigs: v.nullish(v.array(accessConfig)),
  ipv6AccessConfigs: v.nullish(v.array(ipv6AccessConfig)),
  stackType: text,
  networkAttachment: text,
});
export type RawInterface = v.InferOutput<typeof networkInterface>;
export type RawAlias = v.InferOutput<typeof aliasIpRange>;

/** Of the metadata only who made the VM is kept: the rest may hold secrets. */
const metadata = v.pipe(
  v.looseObject({}),
  v.transform(({ items }) => createdBy(items)),
);

/** The metadata with nothing in it that is not read, which mostly is nothing: a long export has it for every VM. */
export const readMetadata = (value: object): { readonly items: readonly unknown[] } | null => {
  const created = createdBy((value as { readonly items?: unknown }).items);
  return created === null ? null : { items: [{ key: CREATED_BY, value: created }] };
};

const CREATED_BY = "created-by";

function createdBy(items: unknown): string | null {
  if (!Array.isArray(items)) return null;
  for (const item of items as readonly unknown[]) {
    if (typeof item !== "object" || item === null) continue;
    const { key, value } = item as { readonly key?: unknown; readonly value?: unknown };
    if (key === CREATED_BY && typeof value === "string") return value;
  }
  return null;
}

export const instance = v.object({
  ...identity,
  zone: text,
  status: text,
  creationTimestamp: text,
  canIpForward: flag,
  tags: v.nullish(v.object({ items: texts })),
  serviceAccounts: v.nullish(v.array(v.object({ email: text }))),
  networkInterfaces: v.nullish(v.array(networkInterface)),
  metadata: v.nullish(metadata),
  labels: v.nullish(
    v.object({
      "goog-gke-node": text,
      "goog-k8s-cluster-name": text,
      "goog-k8s-cluster-location": text,
      "goog-k8s-node-pool-name": text,
    }),
  ),
});
export type RawInstance = v.InferOutput<typeof instance>;

const peering = v.object({
  name: text,
  network: text,
  state: text,
  exportCustomRoutes: flag,
  importCustomRoutes: flag,
  exportSubnetRoutesWithPublicIp: flag,
  importSubnetRoutesWithPublicIp: flag,
  stackType: text,
});
export type RawPeering = v.InferOutput<typeof peering>;

export const network = v.object({
  ...identity,
  autoCreateSubnetworks: flag,
  routingConfig: v.nullish(v.object({ routingMode: text })),
  networkFirewallPolicyEnforcementOrder: text,
  firewallPolicy: text,
  peerings: v.nullish(v.array(peering)),
});
export type RawNetwork = v.InferOutput<typeof network>;

const secondaryRange = v.object({ rangeName: text, ipCidrRange: text });

export const subnetwork = v.object({
  ...identity,
  network: text,
  region: text,
  ipCidrRange: text,
  secondaryIpRanges: v.nullish(v.array(secondaryRange)),
  purpose: text,
  stackType: text,
  allowSubnetCidrRoutesOverlap: flag,
  privateIpGoogleAccess: flag,
  ipv6CidrRange: text,
  internalIpv6Prefix: text,
  externalIpv6Prefix: text,
});
export type RawSubnetwork = v.InferOutput<typeof subnetwork>;

export const route = v.object({
  ...identity,
  network: text,
  destRange: text,
  priority: count,
  tags: texts,
  nextHopGateway: text,
  nextHopInstance: text,
  nextHopIp: text,
  nextHopIlb: text,
  nextHopVpnTunnel: text,
  nextHopInterconnectAttachment: text,
  nextHopPeering: text,
  nextHopHub: text,
  nextHopNetwork: text,
  routeType: text,
  routeStatus: text,
});
export type RawRoute = v.InferOutput<typeof route>;

/** @see https://github.com/googleapis/googleapis/blob/master/google/cloud/networkconnectivity/v1/policy_based_routing.proto */
export const policyRoute = v.object({
  ...identity,
  network: text,
  priority: count,
  filter: v.nullish(v.object({ protocolVersion: text, ipProtocol: text, srcRange: text, destRange: text })),
  virtualMachine: v.nullish(v.object({ tags: texts })),
  interconnectAttachment: v.nullish(v.object({ region: text })),
  nextHopIlbIp: text,
  nextHopOtherRoutes: text,
});
export type RawPolicyRoute = v.InferOutput<typeof policyRoute>;

const natRule = v.object({
  ruleNumber: count,
  match: text,
  action: v.nullish(
    v.object({
      sourceNatActiveIps: texts,
      sourceNatDrainIps: texts,
      sourceNatActiveRanges: texts,
      sourceNatDrainRanges: texts,
    }),
  ),
});
export type RawNatRule = v.InferOutput<typeof natRule>;

const natSubnetwork = v.object({ name: text, sourceIpRangesToNat: texts, secondaryIpRangeNames: texts });
export type RawNatSubnetwork = v.InferOutput<typeof natSubnetwork>;

const nat = v.object({
  name: text,
  type: text,
  natIpAllocateOption: text,
  natIps: texts,
  drainNatIps: texts,
  sourceSubnetworkIpRangesToNat: text,
  subnetworks: v.nullish(v.array(natSubnetwork)),
  sourceSubnetworkIpRangesToNat64: text,
  nat64Subnetworks: v.nullish(v.array(v.object({ name: text }))),
  rules: v.nullish(v.array(natRule)),
  endpointTypes: texts,
  enableDynamicPortAllocation: flag,
});
export type RawNat = v.InferOutput<typeof nat>;

const learnedRange = v.object({ range: text });
const bgpPeer = v.object({
  name: text,
  interfaceName: text,
  peerIpAddress: text,
  customLearnedIpRanges: v.nullish(v.array(learnedRange)),
  customLearnedRoutePriority: count,
});
export type RawBgpPeer = v.InferOutput<typeof bgpPeer>;

const routerInterface = v.object({ name: text, linkedVpnTunnel: text, linkedInterconnectAttachment: text });

export const router = v.object({
  ...identity,
  network: text,
  region: text,
  nats: v.nullish(v.array(nat)),
  bgpPeers: v.nullish(v.array(bgpPeer)),
  interfaces: v.nullish(v.array(routerInterface)),
});
export type RawRouter = v.InferOutput<typeof router>;

const ruleStatus = v.object({ ruleNumber: count, activeNatIps: texts, drainNatIps: texts });

const natStatus = v.object({
  name: text,
  userAllocatedNatIps: texts,
  autoAllocatedNatIps: texts,
  drainUserAllocatedNatIps: texts,
  drainAutoAllocatedNatIps: texts,
  minExtraNatIpsNeeded: count,
  ruleStatus: v.nullish(v.array(ruleStatus)),
});
export type RawNatStatus = v.InferOutput<typeof natStatus>;

export const routerStatus = v.object({
  network: text,
  bestRoutes: v.nullish(v.array(route)),
  bgpPeerStatus: v.nullish(v.array(v.object({ name: text, status: text }))),
  natStatus: v.nullish(v.array(natStatus)),
});
export type RawRouterStatus = v.InferOutput<typeof routerStatus>;

const ruleMapping = v.object({ ruleNumber: count, natIpPortRanges: texts, drainNatIpPortRanges: texts });

const interfaceMapping = v.object({
  sourceVirtualIp: text,
  sourceAliasIpRange: text,
  natIpPortRanges: texts,
  drainNatIpPortRanges: texts,
  ruleMappings: v.nullish(v.array(ruleMapping)),
});
export type RawInterfaceMapping = v.InferOutput<typeof interfaceMapping>;

export const natMapping = v.object({
  instanceName: text,
  interfaceNatMappings: v.nullish(v.array(interfaceMapping)),
});
export type RawNatMapping = v.InferOutput<typeof natMapping>;

export const natIpInfo = v.object({
  natName: text,
  natIpInfoMappings: v.nullish(v.array(v.object({ natIp: text, mode: text, usage: text }))),
});
export type RawNatIpInfo = v.InferOutput<typeof natIpInfo>;

export const address = v.object({
  ...identity,
  address: text,
  addressType: text,
  purpose: text,
  status: text,
  region: text,
  prefixLength: count,
  users: texts,
});
export type RawAddress = v.InferOutput<typeof address>;

export const forwardingRule = v.object({
  ...identity,
  IPAddress: text,
  ipAddress: text,
  loadBalancingScheme: text,
  network: text,
  subnetwork: text,
  region: text,
  allowGlobalAccess: flag,
  allowPscGlobalAccess: flag,
  pscConnectionStatus: text,
  target: text,
});
export type RawForwardingRule = v.InferOutput<typeof forwardingRule>;

export const serviceAttachment = v.object({ ...identity, region: text, natSubnets: texts });
export type RawServiceAttachment = v.InferOutput<typeof serviceAttachment>;

export const vpnTunnel = v.object({
  ...identity,
  region: text,
  status: text,
  vpnGateway: text,
  targetVpnGateway: text,
  localTrafficSelector: texts,
  remoteTrafficSelector: texts,
});
export type RawVpnTunnel = v.InferOutput<typeof vpnTunnel>;

/** Asset inventory writes `ipProtocol`. */
export const layer4 = v.object({ IPProtocol: text, ipProtocol: text, ports: texts });
export type RawLayer4 = v.InferOutput<typeof layer4>;

export const firewall = v.object({
  ...identity,
  network: text,
  direction: text,
  priority: count,
  disabled: flag,
  allowed: v.nullish(v.array(layer4)),
  denied: v.nullish(v.array(layer4)),
  sourceRanges: texts,
  destinationRanges: texts,
  targetTags: texts,
  targetServiceAccounts: texts,
});
export type RawFirewall = v.InferOutput<typeof firewall>;

export const peeringRoute = v.object({
  destRange: text,
  imported: flag,
  nextHopRegion: text,
  priority: count,
  type: text,
});
export type RawPeeringRoute = v.InferOutput<typeof peeringRoute>;
