import type * as v from "valibot";
import { addressOf, type Cidr, cidrOf, EVERY_IPV4, isHost, lengthOf, parseCidr } from "../../../address/cidr.ts";
import type { PortRange, Protocol } from "../../../model/flow.ts";
import type { Stability } from "../../../model/identity.ts";
import type * as raw from "./raw.ts";
import type * as model from "./resource.ts";
import { keyOf, nameOf, parentOf, parseId } from "./resource-id.ts";

// From the vendor's shape to ours, one function a type of resource.

type Out<T> = T | null | undefined;
const orNull = <T>(value: Out<T>): T | null => value ?? null;
const idOf = (ref: Out<{ readonly id: string }>): string | null => ref?.id ?? null;
const idsOf = (refs: Out<readonly { readonly id: string }[]>): readonly string[] => (refs ?? []).map(({ id }) => id);
const keysOf = (refs: Out<readonly { readonly id: string }[]>): readonly string[] => idsOf(refs).map(keyOf);

function skuOf(sku: Out<{ readonly name?: Out<string> }>): model.Sku {
  const name = sku?.name?.toLowerCase();
  if (name === undefined) return null;
  return name === "basic" || name === "standard" || name === "standardv2" || name === "gateway" ? name : "other";
}

function stabilityOf(method: Out<string>): Stability {
  const lower = method?.toLowerCase();
  return lower === "static" ? "static" : lower === "dynamic" ? "ephemeral" : "unknown";
}

/** Of rules: `Tcp`, `Udp`, `All`, `*`. Without one the rule is taken to be for both. */
function protocolsOf(text: Out<string>): readonly Protocol[] {
  const lower = text?.toLowerCase();
  return lower === "tcp" ? ["tcp"] : lower === "udp" ? ["udp"] : ["tcp", "udp"];
}

type Raw<T extends v.GenericSchema> = v.InferOutput<T>;

export const virtualMachine = (one: Raw<typeof raw.rawVirtualMachine>) => ({
  nics: (one.networkprofile.networkinterfaces ?? []).map(({ id, primary }) => ({ id, primary: orNull(primary) })),
  availabilitySet: idOf(one.availabilityset),
  scaleSet: idOf(one.virtualmachinescaleset),
  timeCreated: orNull(one.timecreated),
});

export const scaleSet = (one: Raw<typeof raw.rawScaleSet>) => ({
  flexible:
    one.orchestrationmode === null || one.orchestrationmode === undefined ? null : /^flex/i.test(one.orchestrationmode),
  location: orNull(one.location),
  agentPool: agentPoolOf(one.tags),
  profile: (one.virtualmachineprofile?.networkprofile?.networkinterfaceconfigurations ?? []).map((nicOf) => ({
    name: nicOf.name ?? "nic",
    primary: orNull(nicOf.primary),
    securityGroup: idOf(nicOf.networksecuritygroup),
    configurations: (nicOf.ipconfigurations ?? []).map((configuration, _, all) => ({
      name: configuration.name ?? "ipconfig",
      primary: configuration.primary ?? all.length === 1,
      v6: /^ipv6$/i.test(configuration.privateipaddressversion ?? ""),
      subnet: idOf(configuration.subnet),
      ownPublicIp: configuration.publicipaddressconfiguration != null,
      pools: idsOf(configuration.loadbalancerbackendaddresspools),
    })),
  })),
});

/** AKS marks the scale set of a node pool. https://learn.microsoft.com/azure/aks/use-tags */
function agentPoolOf(tags: Out<Readonly<Record<string, unknown>>>): string | null {
  const name = tags?.["aks-managed-poolname"];
  return typeof name === "string" ? name : null;
}

export const nic = (one: Raw<typeof raw.rawNetworkInterface>, base: model.Resource) => ({
  location: orNull(one.location),
  primary: orNull(one.primary),
  mac: macOf(one.macaddress),
  ipForwarding: orNull(one.enableipforwarding),
  defaultOutbound: orNull(one.defaultoutboundconnectivityenabled),
  allowPort25Out: orNull(one.allowport25out),
  virtualMachine: idOf(one.virtualmachine),
  privateEndpoint: idOf(one.privateendpoint),
  securityGroup: idOf(one.networksecuritygroup),
  configurations: one.ipconfigurations.map((configuration) =>
    ipConfiguration(configuration, base, one.ipconfigurations.length === 1),
  ),
});

/** `00-0D-3A-…` in Azure, colons here. */
function macOf(text: Out<string>): string | null {
  const digits = text?.replace(/[^0-9a-f]/gi, "").toLowerCase() ?? "";
  return digits.length === 12 ? (digits.match(/../g) ?? []).join(":") : null;
}

const ipConfiguration = (
  one: Raw<typeof raw.rawIpConfiguration>,
  base: model.Resource,
  only: boolean,
): model.IpConfiguration => ({
  key: keyOf(one.id ?? `${base.id}/ipConfigurations/${one.name ?? ""}`),
  name: one.name ?? nameOf(one.id ?? ""),
  primary: one.primary ?? only,
  cidr: blockOf(one.privateipaddress, one.privateipaddressprefixlength),
  stability: one.privateipallocationmethod === undefined ? null : stabilityOf(one.privateipallocationmethod),
  subnet: idOf(one.subnet),
  publicIp: idOf(one.publicipaddress),
  pools: idsOf(one.loadbalancerbackendaddresspools),
  inboundNatRules: idsOf(one.loadbalancerinboundnatrules),
  gatewayLoadBalancer: idOf(one.gatewayloadbalancer),
  applicationGroups: keysOf(one.applicationsecuritygroups),
});

/** A configuration may hold a block: `10.0.1.16/28`, or the address and a length beside it. */
function blockOf(address: Cidr, length: Out<number>): Cidr {
  if (length === null || length === undefined || !isHost(address)) return address;
  const usable = Number.isInteger(length) && length >= 0 && length <= lengthOf(address);
  return usable ? cidrOf(addressOf(address), length) : address;
}

type RawSecurityRule = NonNullable<Raw<typeof raw.rawSecurityGroup>["securityrules"]>[number];

export const securityGroup = (one: Raw<typeof raw.rawSecurityGroup>) => ({
  location: orNull(one.location),
  rules: one.securityrules?.filter(({ direction }) => /^outbound$/i.test(direction)).map(securityRule) ?? null,
});

const both = (one: Out<string>, more: Out<readonly string[]>): readonly string[] => [
  ...(one ? [one] : []),
  ...(more ?? []),
];

const securityRule = (one: RawSecurityRule): model.SecurityRule => ({
  name: one.name ?? "",
  priority: one.priority,
  access: one.access === "Allow" ? "allow" : "deny",
  protocols: SECURITY_PROTOCOLS[one.protocol.toLowerCase()] ?? null,
  ports: securityPorts(both(one.destinationportrange, one.destinationportranges)),
  anySourcePort: securityPorts(both(one.sourceportrange, one.sourceportranges)) === "any",
  sources: both(one.sourceaddressprefix, one.sourceaddressprefixes),
  destinations: both(one.destinationaddressprefix, one.destinationaddressprefixes),
  sourceGroups: keysOf(one.sourceapplicationsecuritygroups),
  destinationGroups: keysOf(one.destinationapplicationsecuritygroups),
});

const ADMIN_ACCESS: Readonly<Record<string, model.AdminRule["access"]>> = {
  allow: "allow",
  alwaysallow: "always-allow",
  deny: "deny",
};

export const adminRule = (one: Raw<typeof raw.rawAdminRule>): Omit<model.AdminRule, keyof model.Resource> => {
  const prefixes = (one.destinations ?? []).map(({ addressprefix }) => parseCidr(addressprefix));
  const known = prefixes.filter((prefix) => prefix !== undefined);
  return {
    outbound: /^outbound$/i.test(one.direction),
    access: ADMIN_ACCESS[one.access.toLowerCase()] ?? "deny",
    priority: one.priority,
    protocols: SECURITY_PROTOCOLS[one.protocol.toLowerCase()] ?? "any",
    ports: securityPorts(one.destinationportranges ?? []),
    destinations: prefixes.length === 0 || known.length < prefixes.length ? "any" : known,
  };
};

const SECURITY_PROTOCOLS: Readonly<Record<string, readonly Protocol[] | "any">> = {
  "*": "any",
  tcp: ["tcp"],
  udp: ["udp"],
  icmp: ["icmp"],
  icmpv6: ["icmp"],
};

/** Every port, too, is "any": a packet without ports has to fit it. */
function securityPorts(texts: readonly string[]): readonly PortRange[] | "any" {
  const ranges = texts.map((text) => {
    const [first = "", last = first] = text.split("-");
    return text === "*" ? { first: 0, last: 65_535 } : { first: Number(first), last: Number(last) };
  });
  return ranges.length === 0 || ranges.some(({ first, last }) => first === 0 && last >= 65_535) ? "any" : ranges;
}

export const virtualNetwork = (one: Raw<typeof raw.rawVirtualNetwork>) => ({
  location: orNull(one.location),
  prefixes: one.addressspace.addressprefixes ?? [],
  defaultNatGateway: idOf(one.defaultpublicnatgateway),
  listsPeerings: Array.isArray(one.virtualnetworkpeerings),
});

export const subnet = (one: Raw<typeof raw.rawSubnet>, base: model.Resource) => ({
  network: parentOf(base.key),
  prefixes: one.addressprefixes?.length ? one.addressprefixes : one.addressprefix ? [one.addressprefix] : [],
  natGateway: idOf(one.natgateway),
  gateways: idsOf(one.ipconfigurations)
    .map((id) => id.replace(/\/ipConfigurations\/.*$/i, ""))
    .filter((id) => parseId(id)?.type === "microsoft.network/virtualnetworkgateways"),
  routeTable: idOf(one.routetable),
  securityGroup: idOf(one.networksecuritygroup),
  defaultOutboundAccess: orNull(one.defaultoutboundaccess),
  serviceEndpoints: (one.serviceendpoints ?? []).flatMap(({ service, locations }) =>
    service ? [{ service, locations: locations ?? [] }] : [],
  ),
  delegated: (one.delegations ?? []).length > 0,
  endpointsFollowRoutes: /^(routetableenabled|enabled)$/i.test(one.privateendpointnetworkpolicies ?? ""),
});

/** What is routed is `remoteAddressSpace`; the other member is what the remote network has now, synchronised or not. */
export const peering = (one: Raw<typeof raw.rawPeering>, base: model.Resource) => ({
  network: parentOf(base.key),
  remote: idOf(one.remotevirtualnetwork),
  remotePrefixes:
    one.remoteaddressspace?.addressprefixes ?? one.remotevirtualnetworkaddressspace?.addressprefixes ?? [],
  bySubnet:
    one.peercompletevnets === false
      ? {
          localSubnets: one.localsubnetnames?.map((name) => name.toLowerCase()) ?? null,
          remoteKnown: (one.remoteaddressspace?.addressprefixes ?? []).length > 0,
        }
      : null,
  connected: one.peeringstate === null || one.peeringstate === undefined || /^connected$/i.test(one.peeringstate),
  usesRemoteGateway: one.useremotegateways === true,
});

export const publicIp = (one: Raw<typeof raw.rawPublicIp>) => ({
  sku: skuOf(one.sku),
  address: orNull(one.ipaddress),
  stability: stabilityOf(one.publicipallocationmethod),
});

export const publicIpPrefix = (one: Raw<typeof raw.rawPublicIpPrefix>) => ({
  prefix: orNull(one.ipprefix),
});

export const natGateway = (one: Raw<typeof raw.rawNatGateway>) => ({
  sku: skuOf(one.sku),
  publicIps: idsOf(one.publicipaddresses),
  prefixes: idsOf(one.publicipprefixes),
  publicIpsV6: idsOf(one.publicipaddressesv6),
  prefixesV6: idsOf(one.publicipprefixesv6),
  subnets: keysOf(one.subnets),
  wholeNetwork: idOf(one.sourcevirtualnetwork),
});

export const loadBalancer = (one: Raw<typeof raw.rawLoadBalancer>) => ({
  sku: skuOf(one.sku),
  global: one.sku?.tier?.toLowerCase() === "global",
});

export const frontend = (one: Raw<typeof raw.rawFrontend>) => ({
  privateAddress: orNull(one.privateipaddress),
  subnet: idOf(one.subnet),
  publicIp: idOf(one.publicipaddress),
  prefix: idOf(one.publicipprefix),
  gatewayLoadBalancer: idOf(one.gatewayloadbalancer),
});

/** NIC-based pools list addresses too: only an entry without a NIC is by address. */
export const pool = (one: Raw<typeof raw.rawPool>) => {
  const entries = one.loadbalancerbackendaddresses ?? [];
  return {
    members: [
      ...keysOf(one.backendipconfigurations),
      ...entries.flatMap((entry) => idOf(entry.networkinterfaceipconfiguration) ?? []).map(keyOf),
    ],
    byAddress: entries.flatMap((entry) => {
      const address = orNull(entry.ipaddress);
      if (address === null || idOf(entry.networkinterfaceipconfiguration) !== null) return [];
      const inSubnet = idOf(entry.subnet);
      const network =
        idOf(entry.virtualnetwork) ??
        (inSubnet === null ? null : parentOf(keyOf(inSubnet))) ??
        idOf(one.virtualnetwork);
      return [{ address, network: network === null ? null : keyOf(network) }];
    }),
  };
};

export const loadBalancingRule = (one: Raw<typeof raw.rawLoadBalancingRule>) => ({
  frontend: idOf(one.frontendipconfiguration),
  pools: [
    ...new Set([...keysOf(one.backendaddresspools), ...keysOf(one.backendaddresspool ? [one.backendaddresspool] : [])]),
  ],
  protocols: protocolsOf(one.protocol),
  snat: one.disableoutboundsnat !== true,
});

export const outboundRule = (one: Raw<typeof raw.rawOutboundRule>) => ({
  frontends: idsOf(one.frontendipconfigurations),
  pool: one.backendaddresspool ? keyOf(one.backendaddresspool.id) : null,
  protocols: protocolsOf(one.protocol),
});

export const routeTable = (one: Raw<typeof raw.rawRouteTable>) => ({
  propagates: one.disablebgproutepropagation !== true,
});

export const route = (one: Raw<typeof raw.rawRoute>) => {
  const prefix = parseCidr(one.addressprefix);
  return {
    prefix: prefix ?? null,
    tag: prefix === undefined ? one.addressprefix : null,
    hopType: one.nexthoptype.toLowerCase(),
    hopAddresses: [one.nexthopipaddress, ...(one.nexthop?.nexthopipaddresses ?? [])].flatMap(
      (address) => address ?? [],
    ),
  };
};

const SNAT_RANGES = "network.snat.privateranges";

export const firewall = (one: Raw<typeof raw.rawFirewall>) => {
  const configurations = one.ipconfigurations ?? [];
  const hub = one.hubipaddresses;
  const own = one.additionalproperties?.[SNAT_RANGES];
  return {
    privateAddresses: [...configurations.map((entry) => entry.privateipaddress), hub?.privateipaddress].flatMap(
      (address) => address ?? [],
    ),
    subnet: configurations.map((entry) => idOf(entry.subnet)).find((id) => id !== null) ?? null,
    publicIps: configurations.flatMap((entry) => idOf(entry.publicipaddress) ?? []),
    hub: idOf(one.virtualhub),
    hubAddresses: (hub?.publicips?.addresses ?? []).flatMap(({ address }) => address ?? []),
    forced: one.managementipconfiguration !== null && one.managementipconfiguration !== undefined,
    policy: idOf(one.firewallpolicy),
    ranges: typeof own === "string" ? listOfTexts(own) : null,
    rules: isTold(one.networkrulecollections ?? one.applicationrulecollections) ? classicRules(one) : null,
  };
};

const isTold = (collections: unknown): boolean => collections !== null && collections !== undefined;

/** The vendor's page shows a list, and once a bracketed text in its place. */
const listOfTexts = (text: string): readonly string[] =>
  text
    .replace(/[[\]"']/g, "")
    .split(/[,\s]+/)
    .filter((part) => part !== "");

export const firewallPolicy = (one: Raw<typeof raw.rawFirewallPolicy>) => {
  const ranges = one.snat?.privateranges;
  return {
    base: idOf(one.basepolicy),
    ranges:
      ranges === null || ranges === undefined
        ? null
        : typeof ranges === "string"
          ? listOfTexts(ranges)
          : ranges.flatMap(listOfTexts),
    learnsRanges: one.snat?.autolearnprivateranges?.toLowerCase() === "enabled",
    groups: isTold(one.rulecollectiongroups) ? keysOf(one.rulecollectiongroups) : null,
  };
};

type RawCollection = NonNullable<raw.RawCollections>[number];

export const ruleCollectionGroup = (one: Raw<typeof raw.rawRuleCollectionGroup>) => ({
  rules: isTold(one.rulecollections) ? rulesOf(one.rulecollections ?? []) : null,
});

/** A classic firewall keeps its rules in itself, and the kind of rule in the name of the list. */
function classicRules(one: Raw<typeof raw.rawFirewall>): model.FirewallRules {
  const typed = (collections: raw.RawCollections, ruletype: string): readonly RawCollection[] =>
    (collections ?? []).map((collection) => ({
      ...collection,
      rules: (collection.rules ?? []).map((rule) => ({
        ...rule,
        ruletype,
        ipprotocols: rule.ipprotocols ?? namesOf(rule.protocols),
      })),
    }));
  return rulesOf([
    ...typed(one.networkrulecollections, "NetworkRule"),
    ...typed(one.applicationrulecollections, "ApplicationRule"),
  ]);
}

/** Network rules of a classic firewall call their protocols `protocols`. */
const namesOf = (protocols: Out<readonly (string | object)[]>): string[] =>
  (protocols ?? []).filter((protocol) => typeof protocol === "string");

function rulesOf(collections: readonly RawCollection[]): model.FirewallRules {
  const rules = collections.flatMap((collection) =>
    (collection.rules ?? []).map((rule) => ({ ...rule, allows: !/^deny$/i.test(collection.action?.type ?? "Allow") })),
  );
  return {
    network: rules.filter((rule) => !/^(?:application|nat)/i.test(rule.ruletype ?? "")).map(networkRule),
    applicationPorts: rules
      .filter((rule) => /^application/i.test(rule.ruletype ?? "") && rule.allows)
      .flatMap((rule) => {
        const ports = (rule.protocols ?? []).map((protocol) =>
          typeof protocol === "string" ? null : orNull(protocol.port),
        );
        return ports.length === 0 ? [null] : ports;
      }),
  };
}

function networkRule(rule: NonNullable<RawCollection["rules"]>[number] & { allows: boolean }): model.NetworkRule {
  const sources = literalCidrs(rule.sourceaddresses, rule.sourceipgroups);
  const destinations = literalCidrs(rule.destinationaddresses, [
    ...(rule.destinationipgroups ?? []),
    ...(rule.destinationfqdns ?? []),
  ]);
  const ports = (rule.destinationports ?? []).map(portsOf);
  const protocols = (rule.ipprotocols ?? []).flatMap(ipProtocols);
  // A rule without one of its members was cut, or is of a kind that is not known here.
  const isWhole = [sources, destinations, ports, protocols].every((list) => list !== null && list.length > 0);
  return {
    allows: rule.allows,
    literal: isWhole && /^network/i.test(rule.ruletype ?? "") && ports.every((range) => range !== null),
    protocols,
    sources: sources ?? [],
    destinations: destinations ?? [],
    ports: ports.filter((range) => range !== null),
  };
}

function literalCidrs(texts: Out<readonly string[]>, groups: Out<readonly string[]>): readonly Cidr[] | null {
  if ((groups ?? []).length > 0) return null;
  const cidrs = (texts ?? []).map((text) => (text === "*" ? EVERY_IPV4 : parseCidr(text, true)));
  return cidrs.every((cidr) => cidr !== undefined) ? cidrs : null;
}

function portsOf(text: string): { first: number; last: number } | null {
  if (text === "*") return { first: 0, last: 65535 };
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  return first === undefined ? null : { first: Number(first), last: Number(last) };
}

function ipProtocols(text: string): readonly Protocol[] {
  const lower = text.toLowerCase();
  if (lower === "any" || lower === "*") return ["tcp", "udp", "icmp"];
  return lower === "tcp" || lower === "udp" || lower === "icmp" ? [lower] : [];
}

export const gateway = (one: Raw<typeof raw.rawGateway>) => ({
  expressRoute: /^expressroute$/i.test(one.gatewaytype),
  defaultSite: idOf(one.gatewaydefaultsite),
  networks: (one.ipconfigurations ?? []).flatMap((entry) => idOf(entry.subnet) ?? []).map((id) => parentOf(keyOf(id))),
  clientPrefixes: one.vpnclientconfiguration?.vpnclientaddresspool?.addressprefixes ?? [],
});

export const gatewayNatRule = (one: Raw<typeof raw.rawGatewayNatRule>) => {
  const kind = one.typepropertiestype ?? one.type ?? "";
  return {
    egress: !/^ingresssnat$/i.test(one.mode ?? ""),
    dynamic: /^dynamic$/i.test(kind),
    internal: one.internalmappings.map(({ addressspace }): Cidr => addressspace),
    external: one.externalmappings.map(({ addressspace }): Cidr => addressspace),
    ports: [...one.internalmappings, ...one.externalmappings].some(({ portrange }) => portrange),
  };
};

export const connection = (one: Raw<typeof raw.rawConnection>) => ({
  bgp: one.enablebgp === true,
  gateway: idOf(one.virtualnetworkgateway1),
  otherGateway: idOf(one.virtualnetworkgateway2),
  localGateway: idOf(one.localnetworkgateway2),
  egressNatRules: idsOf(one.egressnatrules),
  ingressNatRules: idsOf(one.ingressnatrules),
});

export const localGateway = (one: Raw<typeof raw.rawLocalGateway>) => ({
  prefixes: one.localnetworkaddressspace?.addressprefixes ?? [],
});

/** By id, or by the alias that a provider gives away: https://learn.microsoft.com/azure/private-link/private-link-service-overview */
const isLinkService = (id: string): boolean =>
  parseId(id)?.type === "microsoft.network/privatelinkservices" || /\.azure\.privatelinkservice$/i.test(id.trim());

const connectionsOf = (one: Raw<typeof raw.rawPrivateEndpoint>) => [
  ...(one.privatelinkserviceconnections ?? []),
  ...(one.manualprivatelinkserviceconnections ?? []),
];

export const privateEndpoint = (one: Raw<typeof raw.rawPrivateEndpoint>) => ({
  subnet: idOf(one.subnet),
  linkServices: connectionsOf(one).flatMap(({ privatelinkserviceid: id }) => (id && isLinkService(id) ? [id] : [])),
  refusals: connectionsOf(one).flatMap(({ privatelinkserviceconnectionstate: state }) =>
    state?.status && state.status.toLowerCase() !== "approved" ? [state.status] : [],
  ),
  nics: keysOf(one.networkinterfaces),
  addresses: [
    ...(one.customdnsconfigs ?? []).flatMap((entry) => entry.ipaddresses ?? []),
    ...(one.ipconfigurations ?? []).flatMap((entry) => entry.privateipaddress ?? []),
  ].filter((address) => address !== null),
});

export const privateLinkService = (one: Raw<typeof raw.rawPrivateLinkService>) => ({
  natAddresses: one.ipconfigurations.map(({ privateipaddress }) => orNull(privateipaddress)),
  stability: one.ipconfigurations.every(({ privateipallocationmethod: method }) => stabilityOf(method) === "static")
    ? ("static" as const)
    : ("unknown" as const),
});

export const serviceTags = (one: Raw<typeof raw.rawServiceTags>) => ({
  tags: one.values.map((tag) => ({
    name: (tag.name ?? tag.id ?? "").toLowerCase(),
    prefixes: tag.addressprefixes ?? [],
  })),
});

export const subscription = (one: Raw<typeof raw.rawSubscription>) => ({
  quota: orNull(one.subscriptionpolicies?.quotaid),
});

export const effectiveRoute = (one: Raw<typeof raw.rawEffectiveRoute>): Omit<model.EffectiveRoute, "origin"> => ({
  name: orNull(one.name),
  prefixes: listOf(one.addressprefix),
  hopType: (one.nexthoptype ?? "").toLowerCase(),
  hopAddresses: listOf(one.nexthopipaddress),
  source: (one.source ?? "").toLowerCase(),
  active: !/^invalid$/i.test(one.state ?? ""),
});

const listOf = <T>(value: Out<T | readonly (T | null)[]>): readonly T[] =>
  (Array.isArray(value) ? value : [value]).filter((element) => element !== null && element !== undefined);
